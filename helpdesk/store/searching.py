"""Finding tickets by their words, and the text around what was found."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from sqlite3 import Connection
from typing import Any

from helpdesk.domain.query import Query
from helpdesk.domain.queue import Hit, QueueRow
from helpdesk.store.asking import phrase, rows_by_id, where
from helpdesk.store.folder import Documents, UnreadableDocument
from helpdesk.store.schema import MESSAGE_BITS
from helpdesk.text import clean_line, shorten

_AROUND = 40
_LONGEST = 160

_FOUND = f"""
WITH found AS (
    SELECT rowid AS row, bm25(words) AS score FROM words WHERE words MATCH ?
), scored AS (
    SELECT row >> {MESSAGE_BITS} AS ticket, score FROM found WHERE row > 0
    UNION ALL
    SELECT t.id, f.score FROM found f JOIN tickets t ON t.customer = -f.row WHERE f.row < 0
)
SELECT ticket, min(score) AS best FROM scored
WHERE ticket IN (SELECT id FROM tickets WHERE {{condition}})
GROUP BY ticket ORDER BY best, ticket DESC LIMIT ?
"""


def search(db: Connection, documents: Documents, query: Query, limit: int) -> list[Hit]:
    """The tickets of the query that hold its words, best match first; none without words."""
    phrases = [phrase(word, prefix=False) for word in query.words[:-1]]
    phrases += [phrase(word, prefix=not query.last_is_whole) for word in query.words[-1:]]
    wanted = " OR ".join(found for found in phrases if found is not None)
    if not wanted:
        return []
    condition = where(query)
    sql = _FOUND.format(condition=condition.sql)
    ids = [row[0] for row in db.execute(sql, (wanted, *condition.values, limit))]
    return [Hit(row, _match(documents, row, query.words)) for row in rows_by_id(db, ids)]


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
