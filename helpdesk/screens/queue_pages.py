"""The rows of a queue, a page at a time, as one look at the desk gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk.domain.queue import QueueRow
from helpdesk.widgets.queue_columns import digits_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from helpdesk.desk.desk import Desk

PAGE = 100
KEPT_PAGES = 40
NEAR = 30
"""So close to the end of a page the next one is fetched ahead."""


class QueuePages:
    """Rows that answer one query, as of the moment it was asked.

    ``total`` is how many there are; until they are counted, as many as the first page holds.
    """

    def __init__(self, desk: Desk, text: str) -> None:
        self._store = desk.store
        self._query = desk.query(text)
        self._pages: dict[int, list[QueueRow]] = {}
        self._digits = 1
        self.total = len(self.load(0))

    @property
    def digits(self) -> int:
        """How many digits the longest ticket number seen has."""
        return self._digits

    def count(self) -> None:
        """Count the rows."""
        self.total = self._store.count(self._query)

    def place_of(self, ticket: int) -> int | None:
        """Where the ticket stands."""
        return self._store.place_of(self._query, ticket)

    def which(self, tickets: Sequence[int]) -> tuple[int, ...]:
        """Those of the tickets that are among the rows, in the same order."""
        found = self._store.which(self._query, tickets) if tickets else set()
        return tuple(ticket for ticket in tickets if ticket in found)

    def cursor_at(self, ticket: int | None) -> int:
        """Where the cursor goes to stand on the ticket; at the top if it is not here."""
        place = self.place_of(ticket) if ticket is not None else None
        if place is not None and place >= self.total:
            self.count()
        return place or 0

    def row(self, index: int) -> QueueRow | None:
        """The row at that place; None beyond the end."""
        if not 0 <= index < self.total:
            return None
        number, place = divmod(index, PAGE)
        page = self._pages.get(number)
        if page is None:
            page = self.load(number)
        return page[place] if place < len(page) else None

    def load(self, number: int) -> list[QueueRow]:
        """Fetch a page and keep it; may be called in any thread."""
        page = self._store.queue(self._query, offset=number * PAGE, limit=PAGE)
        if len(self._pages) >= KEPT_PAGES:
            self._pages.pop(next(iter(self._pages)), None)
        self._pages[number] = page
        self._digits = max(self._digits, digits_of(page))
        return page

    def missing_near(self, index: int) -> int | None:
        """A page that will be wanted soon if the cursor goes on from ``index``, if there is one."""
        for near in (index + NEAR, index - NEAR):
            number = near // PAGE
            if 0 <= near < self.total and number not in self._pages:
                return number
        return None


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to see: the rows of the query ``text``, where the cursor goes, the counts of
    views.

    ``ticket`` is the one the cursor was on when the look began.
    """

    text: str
    pages: QueuePages
    ticket: int | None
    cursor: int
    counts: dict[str, int]

    def cursor_for(self, ticket: int | None, at: int) -> int:
        """Where the cursor goes if it stands on ``ticket``, the row ``at``, in the meantime."""
        if ticket is None or ticket == self.ticket:
            return self.cursor
        place = self.pages.place_of(ticket)
        return at if place is None else place


def look(desk: Desk, text: str, views: Mapping[str, str], ticket: int | None, near: int) -> Look:
    """Look at the desk anew, the cursor staying on ``ticket``, else at the place ``near``.

    Raises:
        InvalidInput: if ``text`` cannot be read as a query.
    """
    pages = QueuePages(desk, text)
    pages.count()
    place = pages.place_of(ticket) if ticket is not None else None
    cursor = max(0, min(near, pages.total - 1)) if place is None else place
    pages.row(cursor)
    counts = desk.store.counts({name: desk.query(query) for name, query in views.items()})
    return Look(text, pages, ticket, cursor, counts)


def find(desk: Desk, text: str, ticket: int | None) -> tuple[QueuePages, int]:
    """The rows of the query, counted, and where the cursor goes: on ``ticket``, else at the top.

    Raises:
        InvalidInput: if ``text`` cannot be read as a query.
    """
    pages = QueuePages(desk, text)
    pages.count()
    cursor = pages.cursor_at(ticket)
    pages.row(cursor)
    return pages, cursor


def numbers(desk: Desk, text: str, most: int) -> list[int]:
    """The tickets of the query, by number, in the order of the queue. Raises InvalidInput."""
    return [row.id for row in desk.store.queue(desk.query(text), limit=most)]


def narrowed_by(query: str, text: str) -> str:
    """The query of a view and what it is narrowed down by, as one."""
    return f"{query} {text}".strip()
