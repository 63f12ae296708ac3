"""The tables that imports are tested on: real ones, and others made of their rows."""

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from helpdesk.desk.desk import Desk
from helpdesk.desk.importing.mapping import TicketMapping, load
from helpdesk.desk.importing.report import Report
from helpdesk.desk.importing.running import How
from helpdesk.desk.importing.tickets import import_tickets
from helpdesk.domain.rights import Right
from helpdesk.domain.ticket import Ticket

TODAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""After every date that is promised in the tables."""

OPEN = {"case_status": "Open", "closed_dt": "", "closure_reason": ""}
"""What an open case of Boston has in these columns."""

TESTS = Path(__file__).parents[1]
SHARED = TESTS.parents[1] / "shared" / "data"

Rows = list[dict[str, str]]


def those_there(*paths: Path) -> list[Path]:
    """The small sample, which is always there, and the whole set if it lies beside the project."""
    sample, *whole = paths
    return [sample, *(path for path in whole if path.is_file())]


BOSTON = TESTS / "data" / "boston-311" / "sample.csv"
CFPB = TESTS / "data" / "cfpb-complaints" / "sample.csv"
ORDERS = TESTS / "data" / "orders" / "sample.csv"
ALL_BOSTON = those_there(BOSTON, SHARED / "boston-311" / "service-requests-2015-2024-sample.csv")
ALL_CFPB = those_there(CFPB, SHARED / "cfpb-complaints" / "complaints-2011-2026.csv")


def read_rows(path: Path) -> Rows:
    """The rows of a table by the names of its columns."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: Iterable[Mapping[str, str]], end: str = "\n") -> Path:
    """Write a table of these rows; gives its path."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator=end)
        writer.writeheader()
        writer.writerows(rows)
    return path


def changed(rows: Rows, change: Callable[[dict[str, str]], Mapping[str, str]]) -> Rows:
    """The rows, each with what ``change`` gives for it."""
    return [{**row, **change(row)} for row in rows]


def overtaken(desk: Desk, meanwhile: Callable[[], object]) -> Desk:
    """The desk, on which ``meanwhile`` is done once, just before it is first written to."""

    class Store:
        def __init__(self) -> None:
            self._done = False

        def __getattr__(self, name: str) -> object:
            if name == "writing" and not self._done:
                self._done = True
                meanwhile()
            return getattr(desk.changing(Right.IMPORT), name)

    return desk.with_changes_to(Store())  # type: ignore[arg-type]


def never_written(desk: Desk) -> Desk:
    """The desk, on which it is an error to write."""

    def refuse() -> None:
        raise AssertionError("nothing was to be written")

    return overtaken(desk, refuse)


def boston(desk: Desk, path: Path, how: How | None = None) -> Report:
    return import_tickets(desk, path, load("boston-311", TicketMapping), how)


def cfpb(desk: Desk, path: Path) -> Report:
    return import_tickets(desk, path, load("cfpb", TicketMapping))


def by_record(desk: Desk) -> dict[str, Ticket]:
    return {ticket.external_id or "": ticket for ticket in desk.store.tickets()}


def everything_on_disk(desk: Desk) -> dict[str, tuple[int, bytes]]:
    """Every document with its time and its bytes."""
    return {
        str(path.relative_to(desk.path)): (path.stat().st_mtime_ns, path.read_bytes())
        for kind in ("tickets", "customers")
        for path in (desk.path / kind).rglob("*.json")
    }


def reasons(path: Path) -> list[tuple[int, str]]:
    """The line and reason of each row in a file of rejects."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        return [(int(row["rejected_line"]), row["rejected_reason"]) for row in csv.DictReader(file)]
