"""Which tickets an agent has marked, to decide on all of them at once."""

from collections.abc import Iterable

MOST = 500
"""So many tickets can be marked."""


class Marks:
    """The marked tickets, by number, in the order in which they were marked.

    ``last`` is the one marked last, where a range begins. While a run goes on (``running``), all
    between the ticket it began at and the cursor are marked, besides what was marked before it.
    """

    def __init__(self) -> None:
        self._tickets: dict[int, None] = {}
        self._before_run: tuple[int, ...] | None = None
        self.last: int | None = None

    @property
    def tickets(self) -> tuple[int, ...]:
        """The marked tickets."""
        return tuple(self._tickets)

    @property
    def running(self) -> bool:
        """Whether moving marks."""
        return self._before_run is not None

    def __len__(self) -> int:
        return len(self._tickets)

    def turn(self, ticket: int) -> None:
        """Mark the ticket, or no longer."""
        self.stop()
        if ticket in self._tickets:
            del self._tickets[ticket]
        elif self.add([ticket]):
            self.last = ticket

    def add(self, tickets: Iterable[int]) -> bool:
        """Mark these too, as many as may be; whether all of them are."""
        for ticket in tickets:
            if ticket not in self._tickets and len(self._tickets) >= MOST:
                return False
            self._tickets[ticket] = None
        return True

    def remove(self, tickets: Iterable[int]) -> None:
        """Mark these no longer."""
        self.stop()
        for ticket in tickets:
            self._tickets.pop(ticket, None)

    def run(self, ticket: int) -> None:
        """Begin a run at the ticket."""
        self._before_run = self.tickets
        self.add([ticket])
        self.last = ticket

    def run_over(self, tickets: Iterable[int]) -> bool:
        """The run goes over these now; whether all of them could be marked."""
        self._tickets = dict.fromkeys(self._before_run or ())
        return self.add(tickets)

    def stop(self) -> None:
        """End the run; what it marked stays."""
        self._before_run = None

    def clear(self) -> None:
        """Mark nothing."""
        self._tickets.clear()
        self.stop()
        self.last = None
