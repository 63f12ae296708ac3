"""A triage: the tickets that wait on us, one after another, and what was decided on each.

Pure: each step takes the triage as it is and gives the triage as it is then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from helpdesk.domain.queue import QueueRow
from helpdesk.domain.words import Priority


class Decision(StrEnum):
    """What became of a ticket in a triage."""

    REPLY = "reply"
    PROMISE = "promise"
    ASSIGN = "assign"
    NOTE = "note"
    NO_ANSWER = "no_answer"
    CLOSE = "close"
    SKIP = "skip"
    GONE = "gone"
    """It waited on us no more when its turn came: someone else was there first."""
    UNREADABLE = "unreadable"
    """Its document cannot be read."""
    FAILED = "failed"
    """What was decided could not be carried out; the ticket comes again."""


_NOT_OWN = frozenset({Decision.GONE, Decision.UNREADABLE, Decision.FAILED})
"""What became of tickets without the agent."""

DEEDS = frozenset(Decision) - _NOT_OWN - {Decision.SKIP}
"""The decisions that change a ticket."""

_ANSWERS = frozenset(
    {Decision.REPLY, Decision.PROMISE, Decision.NO_ANSWER, Decision.CLOSE, Decision.GONE}
)
"""After these the promise that the ticket came with stands no more."""

_WORDS: dict[Decision, tuple[str, str]] = {
    Decision.REPLY: ("reply", "replies"),
    Decision.PROMISE: ("date told", "dates told"),
    Decision.ASSIGN: ("assigned", "assigned"),
    Decision.NOTE: ("note", "notes"),
    Decision.NO_ANSWER: ("needed no answer", "needed no answer"),
    Decision.CLOSE: ("closed", "closed"),
    Decision.SKIP: ("skipped", "skipped"),
    Decision.GONE: ("no longer waiting", "no longer waiting"),
    Decision.UNREADABLE: ("cannot be read", "cannot be read"),
    Decision.FAILED: ("not carried out", "not carried out"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that waits for its turn, and when its promise is due (UTC)."""

    ticket: int
    due: datetime

    def is_overdue(self, now: datetime) -> bool:
        """Whether the promise's time has gone by."""
        return now > self.due


@dataclass(frozen=True, slots=True)
class Made:
    """A decision as it was made."""

    ticket: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a triage stands: at the ``number``-th ticket ``of`` so many."""

    number: int
    of: int
    overdue_left: int
    """Overdue and not answered yet, whether or not something was decided on them."""

    @property
    def words(self) -> str:
        """``7 of 23, 4 overdue left``."""
        return f"{self.number} of {self.of}, {self.overdue_left or 'none'} overdue left"


@dataclass(frozen=True, slots=True)
class Triage:
    """The tickets in the order in which they are decided on, and the decisions so far.

    The first ticket without a decision is the one in front of the agent.
    """

    tickets: tuple[Waiting, ...] = ()
    made: tuple[Made, ...] = ()
    settled: frozenset[int] = frozenset()
    """Those that would be overdue by now, had nobody answered or told another date meanwhile."""

    @property
    def current(self) -> Waiting | None:
        """The ticket to decide on now; None when all are done."""
        place = len(self.made)
        return self.tickets[place] if place < len(self.tickets) else None

    def ahead(self, count: int) -> tuple[int, ...]:
        """The numbers of up to ``count`` tickets that come after the current one."""
        after = len(self.made) + 1
        return tuple(waiting.ticket for waiting in self.tickets[after : after + count])

    def decide(self, decision: Decision) -> Triage:
        """Decide on the current ticket and go on to the next. Nothing changes at the end."""
        if self.current is None:
            return self
        made = Made(self.current.ticket, decision)
        return replace(self, made=(*self.made, made))

    @property
    def last(self) -> Made | None:
        """The agent's last decision, which is the one to be taken back."""
        own = (made for made in reversed(self.made) if _is_own(made))
        return next(own, None)

    def take_back(self) -> Triage:
        """Go back to the ticket last decided on, as if nothing had been decided there.

        Tickets passed by since then because others had done them are looked at again.
        """
        places = [place for place, made in enumerate(self.made) if _is_own(made)]
        if not places:
            return self
        back = places[-1]
        left = {waiting.ticket: waiting for waiting in self.tickets[back:]}
        tickets = (*self.tickets[:back], *left.values())
        return replace(self, tickets=tickets, made=self.made[:back])

    def failed(self, ticket: int) -> Triage:
        """What was decided on the ticket could not be carried out: it comes again at the end."""
        places = [
            place
            for place, made in enumerate(self.made)
            if made.ticket == ticket and made.decision in DEEDS
        ]
        if not places:
            return self
        last = places[-1]
        made = replace(self.made[last], decision=Decision.FAILED)
        tickets = (*self.tickets, self.tickets[last])
        return replace(
            self, tickets=tickets, made=(*self.made[:last], made, *self.made[last + 1 :])
        )

    def past(self, now: datetime) -> frozenset[int]:
        """The tickets whose time has gone by, as they were when it began."""
        return frozenset(waiting.ticket for waiting in self.tickets if waiting.is_overdue(now))

    def progress(self, now: datetime) -> Progress:
        """How far it has come, and how many of the tickets are still overdue at ``now``."""
        done = {made.ticket for made in self.made if made.decision in _ANSWERS}
        overdue = self.past(now) - self.settled
        number = min(len(self.made) + 1, len(self.tickets))
        return Progress(number, len(self.tickets), len(overdue - done))

    def counts(self) -> tuple[tuple[Decision, int], ...]:
        """How often each decision was made, in the order of Decision; those never made left out."""
        counted = Counter(made.decision for made in self.made)
        return tuple((each, counted[each]) for each in Decision if counted[each])

    def tickets_of(self, decision: Decision) -> tuple[int, ...]:
        """The numbers of the tickets so decided on, in order."""
        return tuple(made.ticket for made in self.made if made.decision is decision)

    @property
    def summary(self) -> str:
        """What was done, in a line: ``3 replies, 1 date told, 2 skipped``."""
        return ", ".join(count_words(decision, count) for decision, count in self.counts())


def count_words(decision: Decision, count: int) -> str:
    """``3 replies``."""
    one, many = _WORDS[decision]
    return f"{count} {one if count == 1 else many}"


def begin(rows: Iterable[QueueRow]) -> Triage:
    """A triage over those of the rows that wait on us: overdue first, then what is due soonest.

    Of what is due at the same time, the more urgent and then the older comes first.
    """
    waiting = [(row.due, -_RANK[row.priority], row.id) for row in rows if row.due is not None]
    return Triage(tuple(Waiting(ticket, due) for due, _, ticket in sorted(waiting)))


_RANK = {priority: rank for rank, priority in enumerate(Priority)}


def _is_own(made: Made) -> bool:
    return made.decision not in _NOT_OWN
