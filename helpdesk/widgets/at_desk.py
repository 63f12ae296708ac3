"""The desk that a widget stands on."""

from typing import TYPE_CHECKING, Any, cast

from textual.widget import Widget

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk


def desk_of(widget: Widget) -> "Desk":
    """The open desk of the widget's app."""
    return cast("Desk", cast(Any, widget.app).desk)
