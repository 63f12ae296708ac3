"""The queue: what waits, ordered by what was promised."""

from textual.app import ComposeResult

from helpdesk.screens.base import DeskScreen
from helpdesk.terminal.actions import bindings, pick


class QueueScreen(DeskScreen[None]):
    """The first screen."""

    ACTIONS = pick("help quit")
    BINDINGS = bindings(ACTIONS)
    PLACE = "queue"

    def body(self) -> ComposeResult:
        yield from ()
