"""One insert into a stock TinyDB file, for comparison."""

import json

from tinydb import TinyDB

from benchmarks.bench import Bench
from benchmarks.figures import show, timed

LARGEST = 100_000
"""One file of more takes minutes to write once."""


def stock_tinydb(bench: Bench) -> None:
    """Insert among as many documents as the desks have tickets."""
    bench.folder.mkdir(parents=True, exist_ok=True)
    for size in bench.sizes:
        if size <= LARGEST:
            _insert(bench, size)


def _insert(bench: Bench, documents: int) -> None:
    path = bench.folder / "stock.json"
    path.write_text(
        json.dumps({"tickets": {str(n): {"subject": "tent " * 60} for n in range(documents)}})
    )
    with TinyDB(path) as database:
        table = database.table("tickets")
        times = [timed(lambda: table.insert({"subject": "tent"})) for _ in range(5)]
    path.unlink()
    show(f"stock TinyDB: insert among {documents:,}", times, "not durable")
