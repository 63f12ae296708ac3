"""Finding tickets by their words, and the text around what was found."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from sqlite3 import Connection
from typing import Any

from helpdesk.domain.query import Query
from helpdesk.domain.queue import Hit, Hits, QueueRow
from helpdesk.store.asking import rows_by_id
from helpdesk.store.conditions import Condition, every, holding, phrases, phrases_left_out, terms
from helpdesk.store.folder import Documents, UnreadableDocument
from helpdesk.store.holding import Holders, both, holders
from helpdesk.store.schema import MESSAGE_BITS
from helpdesk.text import clean_line, shorten

_AROUND = 40
_LONGEST = 160

FEW = 300
"""So many tickets are asked one by one whether they answer a query."""

ENOUGH = 50
"""Where more tickets than that hold words that stand nearly everywhere, older ones are not
looked for."""

COUNTED = 1000
"""More tickets than that are not counted."""

_AMONG = "id IN (SELECT value FROM json_each(?))"
_BEST = f"""
WITH found AS (
    SELECT rowid AS row, bm25(words) AS score FROM words WHERE words MATCH ?
), scored AS (
    SELECT row >> {MESSAGE_BITS} AS ticket, score FROM found WHERE row > 0
    UNION ALL
    SELECT t.id, f.score FROM found f JOIN tickets t ON t.customer = -f.row WHERE f.row < 0
)
SELECT ticket FROM scored WHERE ticket IN (SELECT value FROM json_each(?))
GROUP BY ticket ORDER BY min(score), ticket DESC LIMIT ?
"""


def search(db: Connection, documents: Documents, query: Query, limit: int) -> Hits:
    """The tickets of the query that hold its words, best match first; none without words.

    A word that stands in very many texts says nothing of which is best, and is left out of that.
    Where all of the words do, the newest tickets come first, and the older ones are not counted.
    """
    held = [holders(db, wanted) for wanted in phrases(query)]
    if not held:
        return Hits()
    ids, more = _answering(db, query, held)
    telling = [one.wanted for one in held if not one.since]
    if telling:
        shown = _numbers(db, _BEST, (" OR ".join(telling), json.dumps(ids), limit))
    else:
        shown = ids[:limit]
    hits = (Hit(row, _match(documents, row, query.words)) for row in rows_by_id(db, shown))
    return Hits(hits, total=len(ids), more=more, by_age=not telling)


def _answering(db: Connection, query: Query, held: list[Holders]) -> tuple[list[int], bool]:
    """The tickets that answer the query, newest first, and whether there may be older ones.

    Those of which it is known that they hold the words are asked for the rest; else some that can
    be told to be few, or to be the newest, are asked for all of it; else all tickets are.
    """
    left_out = [holders(db, wanted) for wanted in phrases_left_out(query)]
    since = max(one.since for one in (*held, *left_out))
    near = both(held).difference(*(one.tickets for one in left_out))
    ids = _among(db, [ticket for ticket in near if ticket >= since], terms(query))
    if since == 0 or len(ids) > ENOUGH:
        return ids, since > 0
    common = [one for one in held if one.since]
    newest = _newest(db, query, held)
    if newest is not None:
        ids = _among(db, newest[:FEW], _asked(query, common, few=True))
        more = len(newest) > FEW
        if len(ids) > ENOUGH or not more:
            return ids, more
    condition = _asked(query, held)
    sql = f"SELECT id FROM tickets WHERE {condition.sql} ORDER BY id DESC LIMIT ?"
    ids = _numbers(db, sql, (*condition.values, COUNTED))
    return ids, len(ids) == COUNTED


def _newest(db: Connection, query: Query, held: list[Holders]) -> list[int] | None:
    """The newest tickets that hold the rare words or, without any, are as the terms ask: more
    than FEW, or all."""
    whole = [one for one in held if not one.since]
    if whole:
        return sorted(both(whole), reverse=True)
    if not query.terms:
        return None
    condition = terms(query)
    sql = f"SELECT id FROM tickets WHERE {condition.sql} ORDER BY id DESC LIMIT ?"
    return _numbers(db, sql, (*condition.values, FEW + 1))


def _asked(query: Query, held: list[Holders], *, few: bool = False) -> Condition:
    words = [holding(one.wanted, few=few) for one in held]
    left_out = [holding(wanted, few=few).negated() for wanted in phrases_left_out(query)]
    return every([terms(query), *words, *left_out])


def _among(db: Connection, tickets: Iterable[int], condition: Condition) -> list[int]:
    """Those of the tickets for which the condition holds, newest first."""
    sql = f"SELECT id FROM tickets WHERE {_AMONG} AND {condition.sql} ORDER BY id DESC"
    return _numbers(db, sql, (json.dumps(list(tickets)), *condition.values))


def _numbers(db: Connection, sql: str, values: tuple[str | int | None, ...]) -> list[int]:
    return [row[0] for row in db.execute(sql, values)]


def _match(documents: Documents, row: QueueRow, words: tuple[str, ...]) -> str:
    """The text around the first of the words that can be found as it was typed."""
    patterns = [_pattern(word) for word in words]
    with suppress(UnreadableDocument, KeyError):
        for text in _texts(documents.read(row.id)):
            for pattern in patterns:
                if found := pattern.search(text):
                    return _around(text, found.start(), found.end())
    return row.subject


def _pattern(word: str) -> re.Pattern[str]:
    parts = map(re.escape, clean_line(word).split())
    return re.compile(r"\W+".join(parts), re.IGNORECASE)


def _texts(fields: Mapping[str, Any]) -> Iterator[str]:
    for message in fields.get("messages", ()):
        yield clean_line(str(message.get("text", "")), 100_000)
    yield clean_line(str(fields.get("subject", "")))
    understanding = fields.get("understanding") or {}
    yield clean_line(str(understanding.get("text", "")), 100_000)
    yield clean_line(str(fields.get("root_cause", "")), 100_000)
    yield clean_line(str(fields.get("resolution", "")), 100_000)


def _around(text: str, start: int, end: int) -> str:
    first = max(0, start - _AROUND)
    if first:
        first = text.rfind(" ", 0, start - _AROUND + 1) + 1
    before = "…" if first else ""
    return shorten(before + text[first : first + _LONGEST], _LONGEST)
