"""What the screens in which an agent writes share: nothing written is lost by one key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ScreenResultType
from textual.widgets import Static

from helpdesk.domain.errors import HelpdeskError
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.dialog import DeskDialog
from helpdesk.terminal.actions import Action, bindings
from helpdesk.text import clean_line
from helpdesk.widgets.status_line import StatusLine

T = TypeVar("T")

_DESK = "The desk"
_THROW_AWAY = (
    Action("yes", ("y",), "throw it away", "Throw away what is written", _DESK),
    Action("back", ("escape", "n"), "go on writing", "Go on writing", _DESK),
)


class ThrowAwayScreen(DeskDialog[bool]):
    """Asks whether what is written is to be thrown away; gives True if so."""

    ACTIONS = _THROW_AWAY
    BINDINGS = bindings(ACTIONS)
    PLACE = " not saved yet "

    DEFAULT_CSS = "ThrowAwayScreen > #dialog { width: 52; }"

    def __init__(self, why: str = "What you wrote is not saved yet.") -> None:
        super().__init__()
        self._why = clean_line(why)

    def body(self) -> ComposeResult:
        """The question."""
        yield Static(Content(f"{self._why} Throw it away?"))

    def action_yes(self) -> None:
        """Throw it away."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Keep it."""
        self.dismiss(False)

    def action_quit(self) -> None:
        """Not by one key either."""
        self.dismiss(False)


class Trouble(Static):
    """Says what is wrong or what to know, in as many lines as it takes; hidden when empty."""

    DEFAULT_CSS = """
    Trouble { height: auto; max-height: 4; padding: 0 1; display: none; }
    Trouble.-said { display: block; }
    """

    def say(self, text: str, *, error: bool = False) -> None:
        """Say it, loudly if it is an error; nothing takes it away."""
        line = clean_line(text)
        self.set_class(bool(line), "-said")
        glyph, style = ("✗ ", "$error bold") if error else ("· ", "$warning")
        self.update(Content.styled(f"{glyph}{line}" if line else "", style))


class WritingScreen(DeskScreen[ScreenResultType]):
    """A screen in which an agent writes. A subclass yields a Trouble among its widgets."""

    def __init__(self) -> None:
        super().__init__()
        self._sending = False
        self.said = ""
        """What was said last, as long as it stands there."""

    @property
    def is_sending(self) -> bool:
        """Whether it is being sent, or was sent."""
        return self._sending

    def is_written(self) -> bool:
        """Whether something would be lost by leaving."""
        return False

    def action_back(self) -> None:
        """Leave; if something is written, ask first."""
        if not self.is_written():
            self.dismiss()
            return
        self.app.push_screen(ThrowAwayScreen(), self._thrown_away)

    def _thrown_away(self, sure: bool | None) -> None:
        if sure:
            self.dismiss()

    def action_quit(self) -> None:
        """Never with one key while something is written."""
        self.action_back()

    def tell(self, text: str) -> None:
        """Say something where it stays until the next key that does something."""
        self._say(text, error=False)

    def complain(self, error: HelpdeskError | str) -> None:
        """Say what went wrong and what to do, where it stays."""
        self._say(error if isinstance(error, str) else error.message, error=True)

    def _say(self, text: str, *, error: bool) -> None:
        self.said = text
        troubles = self.query(Trouble)
        self.set_class(bool(text), "-troubled")
        if troubles:
            troubles.first().say(text, error=error)
            return
        for line in self.query(StatusLine):
            line.say(text, error=error)

    def send(
        self,
        job: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[HelpdeskError], object] | None = None,
    ) -> None:
        """Do ``job`` in a thread, once: keys pressed twice send once.

        What was written stays if it fails, and can be sent again.
        """

        def once() -> T:
            try:
                return job()
            except BaseException:
                self._sending = False
                raise

        if not self._sending:
            self._sending = True
            self.work(once, then, failed=failed, keys_wait=True)
