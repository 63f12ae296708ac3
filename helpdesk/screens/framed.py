"""The frame of a screen: its title line, its line of keys, and what is said in that."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from textual.screen import ScreenResultType

from helpdesk.domain.errors import HelpdeskError
from helpdesk.terminal.keyed_screen import KeyedScreen
from helpdesk.widgets.status_line import StatusLine
from helpdesk.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.widget import Widget

W = TypeVar("W", bound="Widget")


class FramedScreen(KeyedScreen[ScreenResultType]):
    """A screen that may have a title line and a line of keys, and says in the latter what there is
    to say."""

    @property
    def frame(self) -> DOMNode:
        """What holds the title line and the line of keys, right below it."""
        return self

    @property
    def key_lines(self) -> list[StatusLine]:
        """The line of keys, if it has one."""
        return self.frame_lines(StatusLine)

    def frame_lines(self, kind: type[W]) -> list[W]:
        """Those of that kind; looked for at every key, for which a query takes too long."""
        return [line for line in self.frame.children if isinstance(line, kind)]

    @property
    def has_title_in_sight(self) -> bool:
        """Whether there is a title line to say what is amiss."""
        return any(title.display for title in self.frame_lines(TitleLine))

    def tell(self, text: str) -> None:
        """Say something in the last line; nothing takes back what it says."""
        for line in self.key_lines:
            line.say(text)

    def sum_up(self, text: str) -> None:
        """Say what was done, to its end, in as many lines as it takes."""
        for line in self.key_lines:
            line.say(text, whole=True)

    def complain(self, error: HelpdeskError | str) -> None:
        """Say loudly in the last line what went wrong and what to do."""
        for line in self.key_lines:
            line.say(error if isinstance(error, str) else error.message, error=True)
