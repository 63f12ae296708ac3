"""Taking back, on whichever screen the agent is: what is held, else what told nobody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from helpdesk.screens.held import goes_out, is_writing

if TYPE_CHECKING:
    from helpdesk.desk.batch import CarryingOut
    from helpdesk.desk.desk import Desk
    from helpdesk.desk.holding import Held
    from helpdesk.desk.undoing import Back, Change, Quiet
    from helpdesk.domain.ticket import Ticket
    from helpdesk.screens.base import DeskScreen
    from helpdesk.screens.held import HeldSends

KEPT = 50
"""So many deeds can be taken back, one after the other."""

NOTHING = "nothing to take back"


@dataclass(frozen=True, slots=True)
class Final:
    """A deed that stays done; ``words`` say so. What was done before it is not taken back in its
    place."""

    words: str


class TakingBack:
    """What the agent did last and can take back."""

    def __init__(self, held: HeldSends) -> None:
        self._held = held
        self._deeds: list[Quiet | Final] = []
        held.learners.append(self._carried_out)

    # What was done. These may be called in any thread.

    def done(self, before: Ticket, after: Ticket, words: str) -> None:
        """The agent did something to a ticket; if it told nobody, it can be taken back."""
        from helpdesk.desk.undoing import change

        self._learn(words, change(before, after))

    def stays(self, words: str) -> None:
        """The agent did something that cannot be taken back."""
        self._add(Final(words))

    def _learn(self, words: str, made: Change | None) -> None:
        from helpdesk.desk.undoing import Quiet

        if made is None:
            self._add(Final(words))
        elif made.after:
            self._add(Quiet(words, (made,)))

    def _carried_out(self, held: Held, came_of_it: Change | CarryingOut | None) -> None:
        """What was held is done."""
        from helpdesk.desk.batch import CarryingOut

        if isinstance(came_of_it, CarryingOut):
            if any(result.done for result in came_of_it.results):
                self._add(came_of_it.quiet or Final(came_of_it.summary))
        elif goes_out(held):
            self._add(Final(f"the {held.words} has gone out; what was told stays told"))
        else:
            self._learn(held.words, came_of_it)

    def _add(self, deed: Quiet | Final) -> None:
        self._deeds.append(deed)
        del self._deeds[:-KEPT]

    # Taking it back

    def take_back(self, screen: DeskScreen[Any]) -> None:
        """Take back what was done last; or say on the screen why nothing can be."""
        if is_writing(screen):
            screen.tell(f"{NOTHING} here: send what you write, or leave it with esc first")
        elif self._held.held:
            self._held.take_back()
        else:
            self._held.show()
            back = partial(self._take_back_last, screen.desk)
            screen.work(back, partial(self._say, screen), keys_wait=True)

    def _take_back_last(self, desk: Desk) -> tuple[Quiet, Back] | Final:
        """In a thread: take back the last deed; gives it, and what came of that."""
        from helpdesk.desk import undoing

        self._held.wait()  # what is being carried out is the last deed
        if not self._deeds:
            return Final("nothing was decided here yet")
        deed = self._deeds.pop()
        if not isinstance(deed, Final):
            try:
                back = undoing.take_back(desk, deed)
            except Exception:
                self._deeds.append(deed)
                raise
            if back.done:
                return deed, back
            deed = Final(back.refused[0])
        if not self._deeds:
            self._deeds.append(deed)
        return deed

    def _say(self, screen: DeskScreen[Any], taken: tuple[Quiet, Back] | Final) -> None:
        if isinstance(taken, Final):
            screen.tell(f"{NOTHING}: {taken.words}")
            return
        deed, back = taken
        for watcher in list(self._held.watchers):
            watcher.was_set_back(back.done)
        left = f"; {len(back.refused)} not: {back.refused[0]}" if back.refused else ""
        screen.tell(f"taken back: {deed.words}{left}")
        screen.refresh_rows()
