"""The last guard before the terminal: what should never be written there is taken out.

Text from outside is cleaned where it enters; this holds when one entrance was forgotten.
"""

import re

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from helpdesk.text import HARMFUL_IN_A_LINE

_HARMFUL = re.compile(HARMFUL_IN_A_LINE)
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[!-~]+", re.IGNORECASE)


class OutputGuard(LineFilter):
    """Deletes control, bidi and invisible characters from every line a Textual app draws, and
    links that are not plain ``http``, ``https`` or ``mailto`` addresses.

    The app returns it from ``get_line_filters``, after Textual's own filters.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments without what is harmful; the same list where nothing is.

        Control segments are the program's own and pass unchanged. ``background`` is not used.
        """
        if not any(map(_is_harmful, segments)):
            return segments
        return [_guarded(segment) if _is_harmful(segment) else segment for segment in segments]


class InOneGo(LineFilter):
    """Several filters, one after the other: Textual keeps a copy of every line for each filter
    that it knows of."""

    def __init__(self, *filters: LineFilter) -> None:
        super().__init__()
        self.filters = filters

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments as all of the filters leave them."""
        for each in self.filters:
            segments = each.apply(segments, background)
        return segments


def _is_harmful(segment: Segment) -> bool:
    text, style, control = segment
    if control:
        return False
    return _HARMFUL.search(text) is not None or _has_unsafe_link(style)


def _has_unsafe_link(style: Style | None) -> bool:
    if style is None or not style.link:
        return False
    return _SAFE_LINK.fullmatch(style.link) is None


def _guarded(segment: Segment) -> Segment:
    text, style, _ = segment
    if style is not None and _has_unsafe_link(style):
        style = style.update_link(None)
    return Segment(_HARMFUL.sub(_replacement, text), style)


def _replacement(harmful: re.Match[str]) -> str:
    """Nothing, but for a surrogate: Textual has counted one cell for it."""
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= harmful[0] <= "\udfff" else ""
