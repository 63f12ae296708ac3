"""Which tickets hold a word: the newest of them, however many there are."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from helpdesk.store.conditions import is_word
from helpdesk.store.schema import LONGEST_BEGINNING, MESSAGE_BITS

READ = 2000
"""So many rows are read for a word; in how many more it stands is of no interest."""

ENDINGS = 100
"""So many words that begin alike are looked up word by word."""

FEW_CUSTOMERS = 50
"""The tickets of so many are looked up one customer after the other."""

_HELD = "SELECT rowid FROM words WHERE words MATCH ?"


@dataclass(frozen=True, slots=True)
class Holders:
    """The tickets from the number ``since`` on that hold what is ``wanted``, in a text of theirs
    or in what the customer is called; ``since`` is 0 if those are all that do."""

    wanted: str
    tickets: frozenset[int]
    since: int


def holders(db: Connection, wanted: str) -> Holders:
    """The newest tickets that hold what is wanted, as full text takes it."""
    wanted = _as_whole_words(db, wanted)
    rows = _numbers(db, f"{_HELD} ORDER BY rowid DESC LIMIT ?", (wanted, READ))
    told = [row >> MESSAGE_BITS for row in rows if row > 0]
    if len(rows) < READ:
        named, since = _tickets_of(db, [-row for row in rows if row < 0]), 0
    else:
        named, since = _named(db, wanted), told[-1] if told else 0
    if len(named) >= READ:
        since = max(since, named[-1])
    return Holders(wanted, frozenset([*told, *named]), since)


def _as_whole_words(db: Connection, wanted: str) -> str:
    """The same with the words that begin so in the place of their beginning.

    Of a beginning full text gathers all rows before it gives the first, unless it keeps an index
    of beginnings as short as that.
    """
    beginning = wanted.removesuffix("*").strip('"')
    if not wanted.endswith("*") or len(beginning) <= LONGEST_BEGINNING or not is_word(beginning):
        return wanted
    found: list[str] = []
    term = beginning
    while (term := _term_from(db, term)).startswith(beginning):
        found.append(f'"{term}"')
        if len(found) > ENDINGS:
            return wanted
        term += "\x01"  # the first beyond it, as no word holds such a sign
    return " OR ".join(found) or wanted


def _term_from(db: Connection, term: str) -> str:
    """The first word of full text that is not before ``term``; empty if there is none."""
    row = db.execute("SELECT term FROM terms WHERE term >= ? LIMIT 1", (term,)).fetchone()
    return "" if row is None else str(row[0])


def both(held: Iterable[Holders]) -> frozenset[int]:
    """The tickets that are among those of each."""
    return frozenset.intersection(*(one.tickets for one in held))


def _named(db: Connection, wanted: str) -> list[int]:
    """The newest tickets of customers whose name holds it."""
    customers = _numbers(db, f"{_HELD} AND rowid < 0 LIMIT ?", (wanted, FEW_CUSTOMERS + 1))
    if len(customers) <= FEW_CUSTOMERS:
        return _tickets_of(db, [-row for row in customers])
    # Of so many, tickets are met soon: the newest are looked at, not each customer's.
    sql = f"SELECT id FROM tickets WHERE -customer IN ({_HELD} AND rowid < 0) ORDER BY id DESC"
    return _numbers(db, f"{sql} LIMIT ?", (wanted, READ))


def _tickets_of(db: Connection, customers: Sequence[int]) -> list[int]:
    if not customers:
        return []
    sql = """SELECT id FROM tickets WHERE customer IN (SELECT value FROM json_each(?))
        ORDER BY id DESC LIMIT ?"""
    return _numbers(db, sql, (json.dumps(customers), READ))


def _numbers(db: Connection, sql: str, values: tuple[str | int, ...]) -> list[int]:
    return [row[0] for row in db.execute(sql, values)]
