"""The reference: as many processes write documents of the same size to SQLite in WAL mode.

Each write is one transaction with full sync, so that it is as durable as an action of the desk.
"""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path


def writes_a_second(folder: Path, writers: int, size: int, seconds: float) -> float:
    """How many documents of ``size`` bytes all the writers together replace in a second."""
    file = folder / "reference.sqlite"
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE tickets (id INTEGER PRIMARY KEY, document BLOB)")
        db.commit()
    context = multiprocessing.get_context("forkserver")
    with context.Pool(writers) as pool:
        counts = pool.starmap(_write, [(file, size, seconds)] * writers)
    return sum(counts) / seconds


def _write(file: Path, size: int, seconds: float) -> int:
    chance, count = random.Random(), 0
    with closing(sqlite3.connect(file, timeout=60, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = FULL")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            db.execute("BEGIN IMMEDIATE")
            db.execute(
                "INSERT OR REPLACE INTO tickets VALUES (?, ?)",
                (chance.randint(1, 500), chance.randbytes(size)),
            )
            db.execute("COMMIT")
            count += 1
    return count
