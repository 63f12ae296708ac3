"""Holding decisions: each waits some seconds before it is carried out, and can be taken back.

There is no thread here and no timer: whoever holds decisions calls ``carry_out_due`` as time goes
by, and ``carry_out_all`` at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event

from helpdesk.desk import drafts
from helpdesk.desk.desk import Desk
from helpdesk.domain.draft import Draft
from helpdesk.domain.errors import HelpdeskError

MOST = 3
"""How many decisions are held at once; beyond it the oldest is carried out."""

LEEWAY = timedelta(minutes=1)
"""How long before its promise is due a decision is not held: carrying it out takes time too, on a
busy desk or over a stalled line."""

WAIT_SECONDS = 10.0
"""So long is waited at most for what another thread is carrying out."""


@dataclass(frozen=True, slots=True)
class Held:
    """A decision that waits to be carried out.

    ``words`` call it in a line for the agent: ``reply to #12``. ``ticket`` is the one that it is
    about; if it is about many, they are ``tickets``. ``since`` and ``until`` (UTC) are when it was
    made and when its time is up. ``draft`` is what the agent wrote, if anything. ``over`` is set
    once it is carried out, or could not be.
    """

    words: str
    carry_out: Callable[[], object]
    ticket: int | None
    draft: Draft | None
    since: datetime
    until: datetime
    tickets: frozenset[int] = frozenset()
    over: Event = field(default_factory=Event, compare=False, repr=False)

    def is_about(self, ticket: int) -> bool:
        """Whether it does anything on the ticket."""
        return ticket == self.ticket or ticket in self.tickets

    def seconds_left(self, now: datetime) -> int:
        """How many seconds it can still be taken back; never negative."""
        return max(0, round((self.until - now).total_seconds()))

    def is_due(self, now: datetime) -> bool:
        """Whether its time is up; so it is if the clock was set back meanwhile."""
        return now >= self.until or now < self.since


def _nothing(*_: object) -> None:
    pass


class Holding:
    """The decisions of one agent that are held.

    ``done`` is called with each decision that was carried out and what came of it, ``failed`` with
    each that could not be, and the error: a HelpdeskError is a line for the agent, such as that
    somebody else changed the ticket (Conflict) or that the disk is full (CannotCreate). What was
    written is then a draft, as before it was sent. Both are called in the thread that carries out.

    Decisions may be taken back in one thread while another carries out: each is either taken back
    or carried out, never both. No lock is taken here, so that a signal handler may carry out.
    """

    def __init__(
        self,
        desk: Desk,
        seconds: float,
        *,
        failed: Callable[[Held, Exception], None],
        done: Callable[[Held, object], None] = _nothing,
    ) -> None:
        self.desk = desk
        self.seconds = seconds
        self._failed = failed
        self._done = done
        self._held: dict[int, Held] = {}
        """What is held or being carried out, in the order in which it was decided."""
        self._claimed: dict[int, object] = {}
        """What somebody has taken upon himself to carry out or to take back."""
        self._count = 0
        self.given_up: set[str] = set()
        """The drafts that could not be carried out and say on a full disk that they are held."""

    @property
    def held(self) -> tuple[Held, ...]:
        """What is held now, oldest first."""
        return tuple(item for _, item in self._free())

    def _free(self) -> list[tuple[int, Held]]:
        return [each for each in sorted(self._held.items()) if each[0] not in self._claimed]

    def _claim(self, number: int) -> bool:
        """Whether whoever asks has it: another thread may have been quicker."""
        mine = object()
        return self._claimed.setdefault(number, mine) is mine

    def hold(
        self,
        words: str,
        carry_out: Callable[[], object],
        *,
        now: datetime,
        ticket: int | None = None,
        tickets: Collection[int] = (),
        draft: Draft | None = None,
        promise_due: datetime | None = None,
    ) -> Held | None:
        """Hold a decision; gives it, or None if it was carried out at once.

        At once it is carried out if nothing is to be held (0 seconds), if the standing promise
        falls due too soon (``promise_due``), or if what was written cannot be kept meanwhile.
        What is held on the same ticket is carried out first: see ``carry_out_for``.

        Args:
            words: the decision in a few words, for the agent.
            carry_out: does it; raises HelpdeskError if it cannot be done.
            now: the current time.
            ticket: which ticket it is about.
            tickets: which ones, if it is about many.
            draft: what was written; kept as a held draft, and discarded when it is carried out.
            promise_due: when the promise that the decision keeps, moves or settles is due; of a
                promise that is past already nothing is at stake.

        Raises:
            Exception: what carrying it out raised, if what was written cannot be kept either, as
                on a full disk: then only whoever calls has it still.
        """
        about = frozenset(tickets) if ticket is None else frozenset({ticket, *tickets})
        self._carry_out_each(lambda item: any(map(item.is_about, about)))
        until = now + timedelta(seconds=self.seconds)
        saved = self._save(draft, held=True)
        at_stake = promise_due is not None and now <= promise_due < until + LEEWAY
        item = Held(words, carry_out, ticket, saved or draft, now, until, frozenset(tickets))
        if item.draft is not saved:
            self._done(item, item.carry_out())
            return None
        if self.seconds <= 0 or at_stake:
            self._carry_out(item)
            return None
        self._count += 1
        self._held[self._count] = item
        while len(self._free()) > MOST:
            self._carry_out_next(lambda _: True)
        return item

    def take_back(self) -> Held | None:
        """Do not carry out what was decided last; gives it, or None if nothing is held.

        What was written is a draft again.
        """
        for number, item in reversed(self._free()):
            if self._claim(number):
                del self._held[number]
                return replace(item, draft=self._save(item.draft, held=False) or item.draft)
        return None

    def carry_out_due(self, now: datetime) -> int:
        """Carry out what has been held long enough; gives how many. Cheap if nothing is."""
        return self._carry_out_each(lambda item: item.is_due(now))

    def carry_out_for(self, ticket: int) -> int:
        """Carry out what is held on a ticket, so that its next action begins with what is true.

        What another thread is carrying out on it is waited for: not for a signal handler.
        """
        count = self._carry_out_each(lambda item: item.is_about(ticket))
        self.wait(lambda item: item.is_about(ticket))
        return count

    def wait(self, which: Callable[[Held], bool] = lambda _: True) -> None:
        """Wait until what other threads are carrying out is over."""
        for number, item in sorted(self._held.items()):
            if number in self._claimed and which(item):
                item.over.wait(WAIT_SECONDS)

    def carry_out_all(self) -> int:
        """Carry out everything at once, as on leaving; gives how many there were."""
        return self._carry_out_each(lambda _: True)

    def _carry_out_each(self, which: Callable[[Held], bool]) -> int:
        count = 0
        while self._carry_out_next(which):
            count += 1
        return count

    def _carry_out_next(self, which: Callable[[Held], bool]) -> bool:
        """Carry out the oldest of those; whether there was one."""
        for number, item in self._free():
            if which(item) and self._claim(number):
                try:
                    self._carry_out(item)
                finally:
                    del self._held[number]
                    item.over.set()
                return True
        return False

    def _carry_out(self, item: Held) -> None:
        try:
            result = item.carry_out()
        except Exception as error:
            self._keep(item)
            self._failed(item, error)
            return
        if item.draft is not None:
            with suppress(HelpdeskError):
                drafts.discard(self.desk, item.draft)
        self._done(item, result)

    def _keep(self, item: Held) -> None:
        """What was written stays a draft, unless its customer was erased meanwhile."""
        if item.draft is None:
            return
        if drafts.is_erased(self.desk, item.draft):
            with suppress(HelpdeskError):
                drafts.discard(self.desk, item.draft)
        elif self._save(item.draft, held=False) is None:
            self.given_up.add(item.draft.id)

    def _save(self, draft: Draft | None, *, held: bool) -> Draft | None:
        """The draft as saved; None if there is none or it cannot be saved."""
        if draft is None:
            return None
        with suppress(HelpdeskError):
            saved = drafts.save(self.desk, replace(draft, held=held))
            self.given_up.discard(draft.id)
            return saved
        return None
