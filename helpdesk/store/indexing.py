"""Taking documents into the index, and noting what it has taken in."""

from collections.abc import Iterable, Iterator, Sequence
from sqlite3 import Connection
from typing import Any, NamedTuple

from helpdesk.store.folder import FileStamp
from helpdesk.store.kinds import KINDS
from helpdesk.store.rows import Row, Rows, words_of
from helpdesk.store.schema import MESSAGE_BITS

TABLES = {folder: kind.tables for folder, kind in KINDS.items()}
"""The tables, besides ``words``, that hold what the index keeps of each kind of document."""

_COLUMNS = {
    "tickets": 16,
    "tags": 2,
    "promises": 9,
    "mail_ids": 2,
    "origins": 2,
    "archived": 2,
    "customers": 7,
    "contacts": 3,
    "outbox": 6,
}
_OWNER = {
    "tickets": "id",
    "tags": "ticket",
    "promises": "ticket",
    "mail_ids": "ticket",
    "origins": "ticket",
    "archived": "ticket",
    "customers": "id",
    "contacts": "customer",
    "outbox": "id",
}
_OWNERS_OF_WORDS = {
    "tickets": [f"SELECT rowid >> {MESSAGE_BITS} FROM words WHERE rowid > 0"],
    "customers": ["SELECT -rowid FROM words WHERE rowid < 0"],
}


class Taken(NamedTuple):
    """A document as it is taken in: its rows, or why it cannot be read; and how its file lies."""

    kind: str
    stamp: FileStamp
    rows: Rows | None
    fault: str | None = None


def take_in(db: Connection, taken: Sequence[Taken]) -> None:
    """Put the rows of these documents in the place of those that the index had of them."""
    for kind in TABLES:
        documents = {one.stamp.doc_id: one for one in taken if one.kind == kind}
        if not documents:
            continue
        known = _known(db, kind, documents)
        unreadable = [number for number in known if documents[number].rows is None]
        _remove_rows(db, kind, unreadable)
        _put_rows(db, kind, [one.rows for one in documents.values() if one.rows], known)
        note_documents(db, documents.values())
        new = documents.keys() - known
        if new:
            pass_number(db, kind, max(new))


def put(db: Connection, rows: Iterable[Rows]) -> None:
    """Put the rows of documents that are being saved in the place of those before; how their files
    lie is noted once they do, by ``note_documents``."""
    rows = list(rows)
    for kind in TABLES:
        documents = [one for one in rows if one.kind == kind]
        if documents:
            _put_rows(db, kind, documents, _known(db, kind, (one.id for one in documents)))


def note_documents(db: Connection, taken: Iterable[Taken]) -> None:
    """Note how the files of these documents lie, and whether they can be read."""
    db.executemany(
        "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)", map(_document_row, taken)
    )


def remove(db: Connection, kind: str, ids: Iterable[int]) -> None:
    """Take documents that are gone out of the index."""
    ids = list(ids)
    if not ids:
        return
    _remove_rows(db, kind, ids)
    db.executemany("DELETE FROM documents WHERE kind = ? AND id = ?", [(kind, n) for n in ids])


def folder_times(db: Connection, kind: str) -> dict[str, int]:
    """The noted time of change of each folder, in nanoseconds since 1970 UTC."""
    return dict(db.execute("SELECT name, mtime_ns FROM folders WHERE kind = ?", (kind,)))


def folder_time(db: Connection, kind: str, name: str) -> int | None:
    """The noted time of change of one folder."""
    sql = "SELECT mtime_ns FROM folders WHERE kind = ? AND name = ?"
    row = db.execute(sql, (kind, name)).fetchone()
    return None if row is None else int(row[0])


def note_folder(db: Connection, kind: str, name: str, mtime_ns: int) -> None:
    """Note that the index holds the folder as it was at that time of change."""
    db.execute("INSERT OR REPLACE INTO folders VALUES (?, ?, ?)", (kind, name, mtime_ns))


def forget_folder(db: Connection, kind: str, name: str) -> None:
    """Note that there is no such folder any more."""
    db.execute("DELETE FROM folders WHERE kind = ? AND name = ?", (kind, name))


def stamps(db: Connection, kind: str, first: int, last: int) -> dict[int, FileStamp]:
    """How the files lay of the documents from ``first`` to ``last`` when they were taken in."""
    found = db.execute(
        "SELECT id, mtime_ns, size FROM documents WHERE kind = ? AND id BETWEEN ? AND ?",
        (kind, first, last),
    )
    return {row[0]: FileStamp(*row) for row in found}


def next_number(db: Connection, kind: str) -> int | None:
    """The noted number for the next document; None in an index that does not know them all yet."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (f"next_{kind}",)).fetchone()
    return None if row is None else int(row[0])


def is_complete(db: Connection) -> bool:
    """Whether the index knows every document that there was when it was last caught up."""
    return all(next_number(db, kind) is not None for kind in TABLES)


def faulty(db: Connection) -> list[tuple[str, int, str]]:
    """The documents that cannot be read, and why."""
    sql = "SELECT kind, id, fault FROM documents WHERE fault IS NOT NULL ORDER BY kind, id"
    return list(db.execute(sql))


def faulty_stamps(db: Connection) -> list[tuple[tuple[str, int], FileStamp]]:
    """How the files lay of the documents that cannot be read when that was found."""
    sql = "SELECT kind, id, mtime_ns, size FROM documents WHERE fault IS NOT NULL"
    return [((row[0], row[1]), FileStamp(*row[1:])) for row in db.execute(sql)]


def is_faulty(db: Connection, kind: str, number: int) -> bool | None:
    """Whether the index holds the document as one that cannot be read; None if not at all."""
    sql = "SELECT fault IS NOT NULL FROM documents WHERE kind = ? AND id = ?"
    row = db.execute(sql, (kind, number)).fetchone()
    return None if row is None else bool(row[0])


def known(db: Connection, kind: str) -> Iterator[int]:
    """The numbers of all documents of which the index holds anything, in order."""
    kept = [
        f"SELECT id FROM documents WHERE kind = '{kind}'",
        *(f"SELECT {_OWNER[table]} FROM {table}" for table in TABLES[kind]),
        *_OWNERS_OF_WORDS.get(kind, ()),
    ]
    for (number,) in db.execute(f"{' UNION '.join(kept)} ORDER BY 1"):
        yield number


def count_documents(db: Connection) -> int:
    """How many documents the index knows, readable or not."""
    return int(db.execute("SELECT count(*) FROM documents").fetchone()[0])


def largest(db: Connection, kind: str) -> int:
    """The largest number of a document that the index knows; 0 if none."""
    found = db.execute("SELECT max(id) FROM documents WHERE kind = ?", (kind,)).fetchone()[0]
    return 0 if found is None else int(found)


def pass_number(db: Connection, kind: str, number: int) -> None:
    """Note that a document has this number; an index that does not know all documents yet does not
    say which number is next, and goes on not to."""
    sql = "UPDATE meta SET value = max(value, ?) WHERE key = ?"
    db.execute(sql, (number + 1, f"next_{kind}"))


def raise_next(db: Connection, kind: str, number: int) -> None:
    """Note that the next document's number is at least ``number``."""
    db.execute(
        """INSERT INTO meta VALUES (?, ?)
        ON CONFLICT (key) DO UPDATE SET value = max(value, excluded.value)""",
        (f"next_{kind}", number),
    )


def count_change(db: Connection) -> None:
    """Let everybody who shows the queue know that it has changed."""
    db.execute("UPDATE meta SET value = value + 1 WHERE key = 'changes'")


def version(db: Connection) -> int:
    """A number that every change of the index makes another."""
    return int(db.execute("SELECT value FROM meta WHERE key = 'changes'").fetchone()[0])


def is_miscounted(db: Connection) -> bool:
    """Whether the counts that the index keeps are others than those of its tickets."""
    kept = db.execute("SELECT rank, assignee, count FROM tallies WHERE count != 0")
    counted = db.execute("SELECT rank, assignee, count(*) FROM tickets GROUP BY rank, assignee")
    return set(kept) != set(counted)


def count_anew(db: Connection) -> None:
    """Count the tickets of the index, whatever was kept of that."""
    db.execute("DELETE FROM tallies")
    db.execute(
        """INSERT INTO tallies
        SELECT rank, assignee, count(*) FROM tickets GROUP BY rank, assignee"""
    )


def rows_in_index(db: Connection, kind: str, number: int) -> dict[str, tuple[Row, ...]]:
    """What the index holds of a document, as ``Rows.tables`` would have it, each table sorted."""
    tables = {
        table: tuple(
            db.execute(f"SELECT * FROM {table} WHERE {_OWNER[table]} = ? ORDER BY 1, 2", (number,))
        )
        for table in TABLES[kind]
    }
    return {**tables, "words": tuple(_words(db, kind, number).items())}


def _document_row(one: Taken) -> Row:
    rev = 0 if one.rows is None else one.rows.rev
    return (one.kind, one.stamp.doc_id, one.stamp.mtime_ns, one.stamp.size, rev, one.fault)


def _known(db: Connection, kind: str, ids: Iterable[int]) -> set[int]:
    """Which of these the index holds already; none of the others need be cleared away first."""
    known = set()
    for number in ids:
        sql = "SELECT 1 FROM documents WHERE kind = ? AND id = ?"
        if db.execute(sql, (kind, number)).fetchone():
            known.add(number)
    return known


def _put_rows(db: Connection, kind: str, documents: list[Rows], known: set[int]) -> None:
    for table in TABLES[kind]:
        changed = [
            one
            for one in documents
            if one.id not in known or not _holds(db, table, one.id, one.tables[table])
        ]
        if not changed:
            continue
        old = [(one.id,) for one in changed if one.id in known]
        db.executemany(f"DELETE FROM {table} WHERE {_OWNER[table]} = ?", old)
        marks = ", ".join("?" * _COLUMNS[table])
        rows = [row for one in changed for row in one.tables[table]]
        db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    _put_words(db, kind, documents, known)


def _holds(db: Connection, table: str, number: int, rows: tuple[Row, ...]) -> bool:
    found = db.execute(f"SELECT * FROM {table} WHERE {_OWNER[table]} = ?", (number,))
    return set(found) == set(rows)


def _put_words(db: Connection, kind: str, documents: list[Rows], known: set[int]) -> None:
    """Write only the words that differ: an answer to a long ticket adds those of one message."""
    gone: list[int] = []
    added: list[Row] = []
    for rows in documents:
        before = _words(db, kind, rows.id) if rows.id in known else {}
        after: dict[int, Any] = dict(rows.tables["words"])
        gone.extend(n for n, text in before.items() if after.get(n) != text)
        added.extend((n, text) for n, text in after.items() if before.get(n) != text)
    if gone:
        db.executemany("DELETE FROM words WHERE rowid = ?", [(number,) for number in sorted(gone)])
    # Full-text search takes rows quickest in their order.
    db.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", sorted(added))


def _remove_rows(db: Connection, kind: str, ids: Iterable[int]) -> None:
    for number in ids:
        for table in TABLES[kind]:
            db.execute(f"DELETE FROM {table} WHERE {_OWNER[table]} = ?", (number,))
        rows = [(row,) for row in _words(db, kind, number)]
        db.executemany("DELETE FROM words WHERE rowid = ?", rows)


def _words(db: Connection, kind: str, number: int) -> dict[int, str]:
    span = words_of(kind, number)
    if span is None:
        return {}
    return dict(
        db.execute(
            "SELECT rowid, text FROM words WHERE rowid BETWEEN ? AND ? ORDER BY rowid",
            span,
        )
    )
