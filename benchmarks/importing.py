"""Importing a table: rows a second, and the most memory that it takes."""

import csv
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.bench import HELPDESK, Bench
from benchmarks.child import Ran, ran
from benchmarks.desks import SETTINGS, WORDS

_COLUMNS = (
    "case_enquiry_id", "open_dt", "target_dt", "closed_dt", "ontime", "case_status",
    "closure_reason", "case_title", "reason", "type", "source", "neighborhood",
)  # fmt: skip
_WRITTEN = "%m/%d/%Y %I:%M:%S %p"


def importing(bench: Bench) -> None:
    """Take in tables of as many rows as the desks have tickets, made like Boston's."""
    for size in bench.sizes:
        with tempfile.TemporaryDirectory(prefix="helpdesk-import.") as folder:
            took = _import(Path(folder), size)
        speed = f"{size / took.seconds:,.0f} rows a second"
        taken = f"{speed}, {took.seconds:.1f} s ({took.megabytes:.0f} MB at most)"
        print(f"import: table of {size:,} rows: {taken}", flush=True)


def _import(desk: Path, rows: int) -> Ran:
    (desk / "desk.toml").write_text(SETTINGS)
    table = desk / "table.csv"
    _write(table, rows)
    return ran([*HELPDESK, str(desk), "import", "csv", "--mapping", "boston-311", str(table)])


def _write(table: Path, rows: int) -> None:
    chance = random.Random(311)
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for number in range(rows):
            writer.writerow(_row(number, chance))


def _row(number: int, chance: random.Random) -> tuple[str, ...]:
    opened = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=number % 500_000)
    words = " ".join(chance.choices(WORDS[:18], k=5))
    closed = "" if number % 5 == 0 else (opened + timedelta(hours=5)).strftime(_WRITTEN)
    return (
        str(101_000_000_000 + number),
        opened.strftime(_WRITTEN),
        (opened + timedelta(days=2)).strftime(_WRITTEN),
        closed,
        "ONTIME" if closed else "",
        "Closed" if closed else "Open",
        "Case Resolved" if closed else "",
        words,
        "Street Cleaning",
        "Requests for Street Cleaning",
        "Citizens Connect App",
        f"Part {number % 40}",
    )
