"""A Query in the words of the index: conditions on its tables, and the rows that answer it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from functools import partial
from sqlite3 import SQLITE_CORRUPT, Connection, DatabaseError
from typing import TYPE_CHECKING, Any, TypeVar

from helpdesk.domain.words import Channel, Kind, Outcome, Priority
from helpdesk.store.conditions import phone_number, where
from helpdesk.store.rows import plain_handle, plain_order
from helpdesk.store.schema import STATES, moment, ticks
from helpdesk.text import clean_line, fold

if TYPE_CHECKING:
    from helpdesk.domain.query import Query, Term
    from helpdesk.domain.queue import CustomerRow, LedgerRow, QueueRow

_SHOWN = """
    t.id, t.external_id, t.kind, t.rank, t.channel, t.priority, t.subject, t.customer,
    ifnull(c.name, ''), t.assignee, t.due, t.tags, t.created, t.updated,
    t.undelivered
"""
_ORDER = "rank, place, id"
_BACKWARDS = "rank DESC, place DESC, id DESC"
FAR = 2000
"""A page so far down the queue is counted from whichever end is nearer."""
_TALLIED = {"open", "closed", "on-us", "on-customer"}
R = TypeVar("R")


def queue(db: Connection, query: Query, offset: int, limit: int) -> list[QueueRow]:
    """A page of the queue. The page is found in the index alone, then its rows are fetched."""
    condition = where(query)
    order, skipped, taken = _ORDER, offset, limit
    if offset >= FAR and _is_tallied(query):
        total = count(db, query)
        behind = max(0, total - offset - limit)
        if behind < offset:  # the end is nearer: count from there
            order, skipped, taken = _BACKWARDS, behind, max(0, min(limit, total - offset))
    found = db.execute(
        f"""SELECT {_SHOWN} FROM (
            SELECT id AS found FROM tickets WHERE {condition.sql} ORDER BY {order} LIMIT ? OFFSET ?
        ) JOIN tickets t ON t.id = found LEFT JOIN customers c ON c.id = t.customer
        ORDER BY t.rank, t.place, t.id""",
        (*condition.values, taken, skipped),
    )
    return list(_each(_queue_row, found))


def rows_by_id(db: Connection, ids: list[int]) -> list[QueueRow]:
    """The rows of these tickets, in this order."""
    marks = ",".join("?" * len(ids))
    found = db.execute(
        f"""SELECT {_SHOWN} FROM tickets t LEFT JOIN customers c ON c.id = t.customer
        WHERE t.id IN ({marks})""",
        ids,
    )
    rows = {row.id: row for row in _each(_queue_row, found)}
    return [rows[number] for number in ids if number in rows]


def count(db: Connection, query: Query) -> int:
    """How many tickets answer the query."""
    condition = where(query)
    if _is_tallied(query):
        sql = f"SELECT ifnull(sum(count), 0) FROM tallies WHERE {condition.sql}"
    else:
        sql = f"SELECT count(*) FROM tickets WHERE {condition.sql}"
    return _number(db, sql, condition.values)


def _is_tallied(query: Query) -> bool:
    """Whether it asks only for what the index keeps count of."""
    return not query.words and not query.without_words and all(map(_is_of_tally, query.terms))


def _is_of_tally(term: Term) -> bool:
    return term.field in ("state", "assignee") or (term.field == "is" and term.value in _TALLIED)


def place_of(db: Connection, query: Query, ticket: int) -> int | None:
    """How many tickets stand before this one in the queue of the query; None if it is not in."""
    condition = where(query)
    own = db.execute(
        f"SELECT {_ORDER} FROM tickets WHERE id = ? AND {condition.sql}",
        (ticket, *condition.values),
    ).fetchone()
    if own is None:
        return None
    return _number(
        db,
        f"SELECT count(*) FROM tickets WHERE ({_ORDER}) < (?, ?, ?) AND {condition.sql}",
        (*own, *condition.values),
    )


def which(db: Connection, query: Query, tickets: Collection[int]) -> set[int]:
    """Those of the tickets that answer the query."""
    condition = where(query)
    found = db.execute(
        f"""SELECT id FROM tickets
        WHERE id IN (SELECT value FROM json_each(?)) AND {condition.sql}""",
        (json.dumps(list(tickets)), *condition.values),
    )
    return {number for (number,) in found}


def promises(db: Connection, query: Query) -> Iterator[LedgerRow]:
    """The ledger over the tickets of the query, by due time."""
    condition = where(query)
    found = db.execute(
        f"""SELECT p.ticket, t.external_id, t.customer, p.id, p.due, p.told_at, p.told_by,
            p.rule, p.outcome, p.settled_at, p.reason
        FROM promises p JOIN tickets t ON t.id = p.ticket
        WHERE p.ticket IN (SELECT id FROM tickets WHERE {condition.sql})
        ORDER BY p.due, p.ticket, p.id""",
        condition.values,
    )
    now = query.now
    return _each(partial(_ledger_row, now), found)


def promises_due(db: Connection, start: datetime, end: datetime, assignee: str | None) -> int:
    """How many standing promises fall from ``start`` up to, but without, ``end``."""
    sql = "SELECT count(*) FROM tickets WHERE rank = 0 AND place >= ? AND place < ?"
    span = (ticks(start), ticks(end))
    if assignee is None:
        return _number(db, sql, span)
    return _number(db, f"{sql} AND assignee = ?", (*span, assignee))


def find_customers(db: Connection, contact: str) -> list[int]:
    """Customers with that contact, by number."""
    folded = fold(clean_line(contact))
    found = db.execute(
        """SELECT DISTINCT customer FROM contacts
        WHERE (value = ? AND kind = 'email') OR (value = ? AND kind = 'handle')
            OR (value = ? AND kind = 'phone')
        ORDER BY customer""",
        (folded, plain_handle(folded), phone_number(folded)),
    )
    return [row[0] for row in found]


def with_order(db: Connection, number: str) -> list[int]:
    """Customers with an order of that number, by number."""
    found = db.execute(
        "SELECT customer FROM contacts WHERE value = ? AND kind = 'order' ORDER BY customer",
        (plain_order(clean_line(number)),),
    )
    return [row[0] for row in found]


def list_customers(db: Connection, words: str, limit: int) -> list[CustomerRow]:
    """Customers by name whose name or contact holds every word."""
    wanted = [fold(word) for word in clean_line(words).split()]
    condition = " AND ".join(["instr(haystack, ?) > 0"] * len(wanted)) or "1"
    found = db.execute(
        f"""SELECT id, name, contact,
            (SELECT count(*) FROM tickets WHERE customer = customers.id AND rank < 2)
        FROM customers WHERE {condition} ORDER BY sorting, id LIMIT ?""",
        (*wanted, limit),
    )
    from helpdesk.domain.queue import CustomerRow

    return [CustomerRow(*row) for row in found]


def imported(db: Connection, kind: str, source: str, external_id: str) -> int | None:
    """The document of table ``kind`` that an import made of that record."""
    found = db.execute(
        f"SELECT min(id) FROM {kind} WHERE external_id = ? AND source = ?", (external_id, source)
    ).fetchone()
    return None if found[0] is None else int(found[0])


def tags(db: Connection) -> list[str]:
    """The tags in use, most used first."""
    found = db.execute("SELECT tag FROM tags GROUP BY tag ORDER BY count(*) DESC, tag")
    return [row[0] for row in found]


def _each(make: Callable[..., R], found: Iterable[tuple[Any, ...]]) -> Iterator[R]:
    """What each row makes. Raises DatabaseError for one that no document can have made."""
    for row in found:
        try:
            yield make(*row)
        except (ValueError, LookupError, TypeError, OverflowError) as error:
            damage = DatabaseError("a row that no document makes")
            damage.sqlite_errorcode = SQLITE_CORRUPT
            raise damage from error


def _queue_row(
    id: int,
    external_id: str | None,
    kind: str,
    rank: int,
    channel: str,
    priority: str,
    subject: str,
    customer: int | None,
    customer_name: str,
    assignee: str | None,
    due: int | None,
    tags: str,
    created: int,
    updated: int,
    undelivered: int,
) -> QueueRow:
    from helpdesk.domain.queue import QueueRow

    return QueueRow(
        id=id,
        external_id=external_id,
        kind=Kind(kind),
        state=STATES[rank],
        channel=Channel(channel),
        priority=Priority(priority),
        subject=subject,
        customer_id=customer,
        customer_name=customer_name,
        assignee=assignee,
        due=None if due is None else moment(due),
        tags=tuple(tags.split(",")) if tags else (),
        created=moment(created),
        updated=moment(updated),
        undelivered=bool(undelivered),
    )


def _ledger_row(
    now: datetime,
    ticket: int,
    external_id: str | None,
    customer: int | None,
    promise: int,
    due: int,
    told_at: int | None,
    told_by: str,
    rule: str,
    outcome: str,
    settled_at: int | None,
    reason: str | None,
) -> LedgerRow:
    from helpdesk.domain.queue import LedgerRow

    # What the customer was never told cannot be broken.
    past = outcome == Outcome.OPEN and due < ticks(now) and told_at is not None
    return LedgerRow(
        ticket=ticket,
        external_id=external_id,
        customer=customer,
        promise=promise,
        due=moment(due),
        told_at=None if told_at is None else moment(told_at),
        told_by=told_by,
        rule=rule,
        outcome=Outcome.BROKEN if past else Outcome(outcome),
        settled_at=None if settled_at is None else moment(settled_at),
        reason=reason,
    )


def _number(db: Connection, sql: str, values: tuple[str | int | None, ...]) -> int:
    return int(db.execute(sql, values).fetchone()[0])
