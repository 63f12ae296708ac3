"""Finding tickets by what was ever written in them, and what an agent may ask for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from helpdesk.domain.completion import Known
from helpdesk.domain.queue import Hit, Hits

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk
    from helpdesk.domain.query import Query

SHOWN = 50
"""So many of the tickets found are given."""

LOOKED_AT = 500
"""So many tickets, first in the queue, are looked at for the agents who work at the desk."""


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a search: the best hits, and how many there are in all.

    Where nothing was found, ``elsewhere`` is how many tickets hold the words if its other terms
    are left out, and ``singly`` how many hold each word by itself.
    """

    query: Query
    hits: Hits
    elsewhere: Hits = field(default_factory=Hits)
    singly: tuple[tuple[str, Hits], ...] = ()

    @property
    def total(self) -> int:
        """How many were found; there may be more (``hits.more``)."""
        return self.hits.total


def find(desk: Desk, text: str) -> Found:
    """Search everything ever written for ``text``, best first; terms of the queue narrow it down.

    Without any words it gives what the terms ask for, in the order of the queue.

    Raises:
        InvalidInput: if a term cannot be read.
    """
    query = desk.query(text)
    hits = desk.store.search(query, limit=SHOWN) if query.words else _listed(desk, query)
    if hits.total or not query.words:
        return Found(query, hits)
    words = replace(query, terms=(), without_words=())
    singly: tuple[tuple[str, Hits], ...] = ()
    if len(query.words) > 1:
        alone = ((word, replace(query, words=(word,))) for word in query.words)
        singly = tuple((word, desk.store.search(asked, limit=0)) for word, asked in alone)
    elsewhere = desk.store.search(words, limit=0) if words != query else Hits()
    return Found(query, hits, elsewhere, singly)


def _listed(desk: Desk, query: Query) -> Hits:
    rows = desk.store.queue(query, limit=SHOWN)
    return Hits((Hit(row, "") for row in rows), total=desk.store.count(query))


def known(desk: Desk) -> Known:
    """The tags in use, the agents and the customers who wait, for completing a query."""
    rows = desk.store.queue(desk.query("-is:closed"), limit=LOOKED_AT)
    assigned = Counter(row.assignee for row in rows if row.assignee)
    agents = [agent for agent, _ in assigned.most_common()]
    listed = [agent for agent in sorted(desk.settings.agents) if agent not in assigned]
    waiting = Counter(row.customer_name for row in rows if row.customer_name)
    customers = tuple(name for name, _ in waiting.most_common())
    return Known(tuple(desk.store.tags()), (*agents, *listed), customers)
