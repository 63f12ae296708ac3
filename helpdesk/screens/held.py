"""What was sent or decided and can still be taken back, whichever screen the agent is on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property, partial
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol

from helpdesk.domain.errors import HelpdeskError
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.dialog import DeskDialog
from helpdesk.terminal.actions import pick, shown_key

if TYPE_CHECKING:
    from helpdesk.desk.batch import CarryingOut
    from helpdesk.desk.desk import Desk
    from helpdesk.desk.holding import Held, Holding
    from helpdesk.desk.undoing import Change
    from helpdesk.domain.draft import Draft
    from helpdesk.domain.ticket import Ticket
    from helpdesk.screens.no_answer import NoAnswer
    from helpdesk.terminal.actions import OwnKeys

_TAKE_BACK = pick("take_back")[0]

ROOMY = 60
"""On a narrower screen fewer words are made, so that the key is in sight."""

END_SECONDS = 1.0
"""How long the end of the program waits for what is held to be carried out."""


class Watcher(Protocol):
    """A screen that goes by what was decided on it; called on the screen, not in a thread."""

    def was_set_back(self, tickets: tuple[int, ...]) -> None:
        """The agent has taken back what was carried out already, and had told nobody."""

    def was_taken_back(self, held: Held) -> bool:
        """The agent has taken it back; whether the screen itself lets him go on with it."""

    def was_not_done(self, held: Held) -> None:
        """It could not be carried out; the agent is told why."""


Learner = Callable[["Held", "Change | CarryingOut | None"], None]
"""Learns what was carried out, and what it set on the ticket if it told nobody."""


class HeldSends:
    """Holds what was sent or decided for the agent's seconds; says so on the screens in sight.

    ``on_top`` gives the one on top, ``in_sight`` those below it too; ``mishap`` notes an
    unexpected error and gives the line to show.
    """

    def __init__(
        self,
        desk: Desk,
        seconds: int,
        *,
        on_top: Callable[[], DeskScreen[Any] | None],
        in_sight: Callable[[], Sequence[DeskScreen[Any]]],
        mishap: Callable[[Exception], str],
    ) -> None:
        self.seconds = seconds
        self.watchers: list[Watcher] = []
        self._desk = desk
        self._on_top = on_top
        self._in_sight = in_sight
        self._mishap = mishap
        self._news: deque[tuple[Held, str, bool]] = deque()
        self._key = _TAKE_BACK.keys[0]
        self.learners: list[Learner] = []
        """Told in the thread that carried it out."""
        self.reasons: dict[int, str] = {}
        """Why no answer was said to be needed, by ticket: to go on with if it is taken back."""
        self._batch: CarryingOut | None = None
        """What was done last to many tickets."""
        self._ending: Thread | None = None

    @cached_property
    def _holding(self) -> Holding:
        from helpdesk.desk.holding import Holding  # the first paint does not need it

        return Holding(self._desk, self.seconds, failed=self._failed, done=self._done)

    @property
    def held(self) -> tuple[Held, ...]:
        """What is held now, oldest first."""
        return self._holding.held if "_holding" in self.__dict__ else ()

    @property
    def given_up(self) -> frozenset[str]:
        """The drafts that could not be carried out and say on a full disk that they are held."""
        return frozenset(self._holding.given_up) if "_holding" in self.__dict__ else frozenset()

    # Holding. These may be called in any thread.

    def hold(
        self,
        words: str,
        deed: Callable[[int], object],
        ticket: Ticket,
        draft: Draft | None = None,
        *,
        settles: bool = True,
    ) -> None:
        """Hold what was decided on the ticket, as the agent saw it; ``words`` call it in a line.

        ``deed`` does it, given the ``rev`` that the ticket has if nobody else changed it; ``draft``
        is what was written; ``settles`` says whether it does anything to the promise.
        """
        promise = ticket.promise
        self._holding.hold(
            words,
            partial(_carry_out, self._desk, deed, ticket),
            now=self._desk.now(),
            ticket=ticket.id,
            draft=draft,
            promise_due=promise.due if promise is not None and settles else None,
        )

    def hold_no_answer(self, decided: NoAnswer) -> None:
        """Hold that no answer is needed; the reason is at hand if it is taken back."""
        self.reasons[decided.ticket.id] = decided.reason
        self.hold(decided.words, decided.deed(self._desk), decided.ticket)

    def hold_batch(self, batch: CarryingOut, draft: Draft, promise_due: datetime | None) -> None:
        """Hold what was decided on many tickets, as one; ``promise_due`` is when the first of
        their promises falls due."""
        self._batch = batch
        self._holding.hold(
            batch.words,
            batch,
            now=self._desk.now(),
            tickets=batch.tickets,
            draft=draft,
            promise_due=promise_due,
        )

    def carry_out_for(self, ticket: int) -> None:
        """Carry out what is held on the ticket, as something else is about to be done there."""
        if "_holding" in self.__dict__:
            self._holding.carry_out_for(ticket)

    def wait(self) -> None:
        """Wait for what is being carried out by another thread."""
        if "_holding" in self.__dict__:
            self._holding.wait()

    def carry_out_all(self) -> None:
        """Carry out everything, as nobody looks at the clock for a while."""
        if self.held:
            self._holding.carry_out_all()

    def carry_out_at_the_end(self) -> None:
        """Carry out everything as the program ends; may be called by a signal handler.

        It is done in a thread, since the handler may have come in the midst of a write. What is
        not carried out in time is a draft.
        """
        if self.held:
            thread = Thread(target=self._holding.carry_out_all, name="the end", daemon=True)
            self._ending = thread
            thread.start()
            thread.join(END_SECONDS)

    def is_ending(self) -> bool:
        """Whether at the end of the program something is still being carried out."""
        return self._ending is not None and self._ending.is_alive()

    def wait_for_the_end(self) -> None:
        """Wait until all is carried out, where no signal ends the program."""
        if self._ending is not None:
            self._ending.join()

    def failures(self) -> list[str]:
        """What could not be carried out and was not told yet, a line each."""
        lines = [words for _, words, is_error in self._news if is_error]
        self._news.clear()
        return lines

    def _done(self, held: Held, came_of_it: Any) -> None:
        batch = _batch_of(held)
        if batch is not None:
            self._news.append((held, batch.summary, bool(batch.not_done)))
        elif goes_out(held):
            self._news.append((held, f"the {held.words} has gone out", False))
        if held.ticket is not None:
            self.reasons.pop(held.ticket, None)
        for learner in self.learners:
            learner(held, came_of_it)

    def _failed(self, held: Held, error: Exception) -> None:
        why = error.message if isinstance(error, HelpdeskError) else self._mishap(error)
        if held.draft is None:
            words = f"not done, {held.words}: {why}"
        else:
            words = f"the {held.words} was not sent, and is a draft again: {why}"
        self._news.append((held, words, True))

    # On the screen

    def say_below(self, words: str) -> None:
        """Say something on the screen that is on top by now."""
        screen = self._on_top()
        if screen is not None:
            screen.tell(words)

    def tick(self, now: datetime) -> None:
        """Carry out, in a thread, what was held long enough; say what is held, and what became
        of it."""
        screen = self._on_top()
        if screen is None:
            return
        if any(held.is_due(now) for held in self.held):
            screen.work(partial(self._holding.carry_out_due, now), lambda _: self.show())
        self.show()

    def show(self) -> None:
        """Say on the screens in sight what is held, on the one on top what became of the rest."""
        screen = self._on_top()
        if screen is None or not screen.is_there:
            return
        can_take_back = self.can_take_back(screen)
        for seen in self._in_sight():
            words = self._words(seen, can_take_back)
            for line in seen.key_lines:
                line.held = words
        while self._news:
            held, words, is_error = self._news.popleft()
            if is_error:
                for watcher in list(self.watchers):
                    watcher.was_not_done(held)
                screen.complain(words)
            elif screen.TELLS_SENT:
                screen.tell(words)

    def _words(self, screen: DeskScreen[Any], can_take_back: bool) -> str:
        held, batch = self.held, self._batch
        if is_writing(screen):
            return ""
        if batch is not None and batch.is_running:
            return batch.progress
        if not held:
            return ""
        others = f" · {len(held) - 1} more" if len(held) > 1 else ""
        seconds = held[-1].seconds_left(self._desk.now())
        key = f" · {shown_key(self._key)} takes it back" if can_take_back else ""
        roomy, many = screen.size.width >= ROOMY, _batch_of(held[-1])
        goes = "goes out in" if goes_out(held[-1]) and roomy else "in"
        words = held[-1].words if roomy or many is None else many.brief
        return f"{words} {goes} {seconds} s{key}{others}"

    def listed(self) -> str:
        """All that is held, in a line; "" if nothing is."""
        held = self.held
        if not held:
            return ""
        seconds = held[-1].seconds_left(self._desk.now())
        what = ", ".join(each.words for each in held)
        return f"held for {seconds} s more: {what}; {shown_key(self._key)} takes back the last one"

    # Taking back

    def can_take_back(self, screen: DeskScreen[Any]) -> bool:
        """Whether the key takes back what is held, instead of being typed or answering a box."""
        if not self.held or isinstance(screen, DeskDialog) or is_writing(screen):
            return False
        from textual.widgets import Input, TextArea  # slow to load, and not before the first rows

        return not isinstance(screen.focused, Input | TextArea)

    def take_back(self) -> None:
        """Do not send what was sent last; go on writing it."""
        screen = self._on_top()
        if screen is not None:
            screen.work(self._holding.take_back, partial(self._taken_back, screen), keys_wait=True)

    def _taken_back(self, screen: DeskScreen[Any], held: Held | None) -> None:
        self.show()
        if held is None:
            screen.tell("it has gone out already")
            return
        if any(watcher.was_taken_back(held) for watcher in self.watchers):
            return
        if held.draft is None:
            screen.tell(f"taken back: {held.words}")
        else:
            from helpdesk.screens.offered import screen_of

            screen.app.push_screen(screen_of(held.draft))

    def take_own_keys(self, own: OwnKeys) -> None:
        """Name the agent's own key where it is told that something can be taken back."""
        self._key = own.get(_TAKE_BACK.name, _TAKE_BACK.keys)[0]


def goes_out(held: Held) -> bool:
    """Whether the customer is told something by it."""
    from helpdesk.domain.draft import DraftKind

    batch = _batch_of(held)
    if batch is not None:
        return batch.tells
    return held.draft is not None and held.draft.kind is not DraftKind.NOTE


def is_writing(screen: DeskScreen[Any]) -> bool:
    """Whether something is written on the screen."""
    from helpdesk.screens.writing import WritingScreen

    return isinstance(screen, WritingScreen)


def _carry_out(desk: Desk, deed: Callable[[int], object], seen: Ticket) -> Change | None:
    """Do it, if nobody else has done anything on the ticket since the agent saw it; gives what it
    set there, if it told nobody."""
    from helpdesk.desk.own_changes import ticket_to_act_on
    from helpdesk.desk.undoing import change

    before = ticket_to_act_on(desk, seen)
    return change(before, deed(before.rev))


def _batch_of(held: Held) -> CarryingOut | None:
    """What is done to many tickets, if it is that."""
    from helpdesk.desk.batch import CarryingOut

    return held.carry_out if isinstance(held.carry_out, CarryingOut) else None
