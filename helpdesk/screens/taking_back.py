"""Taking back, on whichever screen the agent is: what is held, else what told nobody."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from helpdesk.domain.errors import HelpdeskError, TryAgain
from helpdesk.screens.held import is_writing

if TYPE_CHECKING:
    from helpdesk.desk.undoing import Quiet
    from helpdesk.domain.ticket import Ticket
    from helpdesk.screens.base import DeskScreen
    from helpdesk.screens.held import HeldSends

KEPT = 50
"""So many deeds can be taken back, one after the other."""

NOTHING = "nothing to take back"


class TakingBack:
    """What the agent did last and can take back."""

    def __init__(self, held: HeldSends) -> None:
        self._held = held
        self._quiet: list[Quiet] = []

    def done(self, before: Ticket, after: Ticket, words: str) -> None:
        """The agent did something; it is remembered if it told nobody."""
        from helpdesk.desk.undoing import quiet

        deed = quiet(before, after, words)
        if deed is not None:
            self._quiet = [*self._quiet, deed][-KEPT:]

    def take_back(self, screen: DeskScreen[Any]) -> None:
        """Take back what was done last; or say on the screen why nothing can be."""
        if is_writing(screen):
            screen.tell(f"{NOTHING} here: send what you write, or leave it with esc first")
            return
        if self._held.held:
            self._held.take_back()
            return
        if not self._quiet:
            self._held.show()
            gone = self._held.gone
            why = f"{gone}; what was told stays told" if gone else "nothing was decided here yet"
            screen.tell(f"{NOTHING}: {why}")
            return
        from helpdesk.desk import undoing

        deed = self._quiet.pop()
        screen.work(
            lambda: undoing.take_back(screen.desk, deed),
            partial(self._taken_back, screen, deed),
            failed=partial(_not_taken_back, screen, deed),
            keys_wait=True,
        )

    def _taken_back(self, screen: DeskScreen[Any], deed: Quiet, now: Ticket) -> None:
        """The ticket is as it was: what was done to it before can be taken back too."""
        self._quiet = [
            replace(each, after=now)
            if (each.after.id, each.after.rev) == (deed.before.id, deed.before.rev)
            else each
            for each in self._quiet
        ]
        screen.tell(f"taken back: {deed.words}")
        screen.refresh_rows()


def _not_taken_back(screen: DeskScreen[Any], deed: Quiet, error: HelpdeskError) -> None:
    if not isinstance(error, TryAgain):
        screen.complain(error)
        return
    screen.tell(f"{NOTHING}: {error.message}")
