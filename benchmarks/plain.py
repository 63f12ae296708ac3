"""Plain SQLite: the same texts in one FTS5 table, and one table in the order of the queue."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from helpdesk.desk.desk import open_desk

SHOWN = 50

_MADE = """
CREATE VIRTUAL TABLE texts USING fts5(text);
INSERT INTO texts (rowid, text) SELECT rowid, text FROM desk.words WHERE rowid > 0;
CREATE TABLE queue (rank, place, id, customer, subject, PRIMARY KEY (rank, place, id))
    WITHOUT ROWID;
INSERT INTO queue SELECT rank, place, id, customer, subject FROM desk.tickets;
CREATE TABLE customers (id INTEGER PRIMARY KEY, name);
INSERT INTO customers SELECT id, name FROM desk.customers;
"""


@contextmanager
def texts_of(desk: Path, file: Path) -> Iterator[sqlite3.Connection]:
    """The texts and rows of a desk in a file of SQLite's; made if it is not there yet."""
    if not file.exists():
        with open_desk(desk, "aibek") as opened:
            opened.store.catch_up()
        _make(desk, file)
    with closing(sqlite3.connect(file)) as db:
        yield db


def search(db: sqlite3.Connection, words: str) -> list[tuple[int, str]]:
    """The best fifty texts, each word anywhere in the text, the last as it begins."""
    whole = words.endswith('"')
    wanted = words if whole else " ".join(f'"{word}"' for word in words.split()) + "*"
    sql = "SELECT rowid, text FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"
    return db.execute(sql, (wanted, SHOWN)).fetchall()


def page(db: sqlite3.Connection, rows: int) -> list[tuple[int, str, str]]:
    """The first page of the queue."""
    sql = """SELECT q.id, q.subject, c.name FROM queue q LEFT JOIN customers c ON c.id = q.customer
        ORDER BY q.rank, q.place, q.id LIMIT ?"""
    return db.execute(sql, (rows,)).fetchall()


def _make(desk: Path, file: Path) -> None:
    made = file.with_suffix(".tmp")
    made.unlink(missing_ok=True)
    with closing(sqlite3.connect(made)) as db:
        db.execute("ATTACH ? AS desk", (str(desk / ".cache" / "index.sqlite"),))
        db.executescript(_MADE)
    made.rename(file)
