"""The decisions of a triage, each held some seconds before it is carried out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from helpdesk.desk.desk import Desk
from helpdesk.desk.holding import Held, Holding
from helpdesk.domain.draft import Draft
from helpdesk.domain.ticket import Ticket

SECONDS = 8.0
"""How long a decision can be taken back."""

Failure = tuple[Held, Exception]
"""What could not be carried out, and why."""


class TriageHands:
    """Holds decisions and keeps what could not be carried out until it is asked for."""

    def __init__(self, desk: Desk, seconds: float = SECONDS) -> None:
        self._desk = desk
        self._failed: deque[Failure] = deque()
        self._holding = Holding(desk, seconds, failed=self._keep)

    def _keep(self, held: Held, error: Exception) -> None:
        """Called in whichever thread carries out."""
        self._failed.append((held, error))

    def hold(
        self, words: str, deed: Callable[[], object], ticket: Ticket, draft: Draft | None = None
    ) -> None:
        """Hold a decision on the ticket, ``words`` naming it; ``draft`` is what was written."""
        due = ticket.promise.due if ticket.promise is not None else None
        self._holding.hold(
            words, deed, now=self._desk.now(), ticket=ticket.id, draft=draft, promise_due=due
        )

    def take_back(self, ticket: int) -> Held | None:
        """Take back what was decided on the ticket, if it was decided last and is still held."""
        held = self._holding.held
        return self._holding.take_back() if held and held[-1].ticket == ticket else None

    def is_due(self, now: datetime) -> bool:
        """Whether anything has been held long enough."""
        return any(held.is_due(now) for held in self._holding.held)

    def carry_out_due(self, now: datetime) -> None:
        """Carry out what has been held long enough; may be called in a thread."""
        self._holding.carry_out_due(now)

    def carry_out_all(self) -> None:
        """Carry out everything at once."""
        self._holding.carry_out_all()

    def failures(self) -> list[Failure]:
        """What could not be carried out since this was asked last."""
        found = []
        while self._failed:
            found.append(self._failed.popleft())
        return found

    def last_words(self, now: datetime) -> str:
        """What was decided last and is still held: ``reply to #12 in 6 s``; "" if nothing is."""
        held = self._holding.held
        return f"{held[-1].words} in {held[-1].seconds_left(now)} s" if held else ""

    def words(self, now: datetime) -> str:
        """What is held, in a line; "" if nothing is."""
        held = self._holding.held
        if not held:
            return ""
        seconds = held[-1].seconds_left(now)
        what = ", ".join(each.words for each in held)
        return f"held for {seconds} s more: {what}; u takes back the last one"
