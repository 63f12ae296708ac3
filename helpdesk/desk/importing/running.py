"""Going through a table from the first row to the last, in batches, until told to stop."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from helpdesk.desk.importing.mapping import TableMapping
from helpdesk.desk.importing.reading import Table, TableRow, open_table
from helpdesk.desk.importing.rejects import Rejects, rejects_path
from helpdesk.desk.importing.report import Report
from helpdesk.domain.errors import InvalidInput

Progress = Callable[[int, int], None]
"""Called with how many bytes of the table are read, and how many it has."""

ROWS_AT_ONCE = 500
"""So many rows are written together: enough to be quick, few enough that others can write too."""


def _no_progress(done: int, total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class How:
    """How an import is run.

    ``rejects`` is where rejected rows go (None: beside the table); ``stop`` is asked after each
    batch whether the agent wants to stop. A ``dry_run`` writes nothing.
    """

    dry_run: bool = False
    rejects: Path | None = None
    progress: Progress = _no_progress
    stop: Callable[[], bool] = lambda: False


class Taker(Protocol):
    """Takes the rows of a table in."""

    def take(self, rows: list[TableRow]) -> None:
        """Take the next rows."""

    def finish(self) -> None:
        """There are no more rows."""


Begin = Callable[[Table, Rejects, Report], Taker]


def run(path: Path, mapping: TableMapping, how: How, begin: Begin) -> Report:
    """Take in the table at ``path`` by what ``begin`` gives.

    Raises:
        NotFound: if the table is not there.
        InvalidInput: if it cannot be read, lacks a column, or would be overwritten by its rejects.
        CannotCreate: if the file of rejects cannot be written.
    """
    target = how.rejects or rejects_path(path)
    if target.resolve() == path.resolve():
        raise InvalidInput("the rejected rows would overwrite the table: name another --rejects")
    report = Report(mapping.source, how.dry_run)
    with open_table(path, mapping) as table:
        report.unused = table.unused
        rejects = Rejects(
            None if how.dry_run else target, table.columns, mapping.encoding, mapping.delimiter
        )
        try:
            _go_through(table, path.stat().st_size, how, begin(table, rejects, report), report)
        finally:
            rejects.close()
    report.rejected = rejects.count
    report.first_rejects = rejects.first
    report.rejects = str(target) if rejects.count and not how.dry_run else None
    return report


def _go_through(table: Table, size: int, how: How, taker: Taker, report: Report) -> None:
    for rows in _batches(table.rows()):
        taker.take(rows)
        report.rows += len(rows)
        how.progress(table.bytes_read, size)
        if how.stop():
            report.stopped = True
            return
    taker.finish()


def _batches(rows: Iterable[TableRow]) -> Iterator[list[TableRow]]:
    left = iter(rows)
    while batch := list(islice(left, ROWS_AT_ONCE)):
        yield batch
