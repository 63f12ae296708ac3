"""Going through a table from the first row to the last, in batches, until told to stop."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from helpdesk.desk import audit
from helpdesk.desk.desk import Desk
from helpdesk.desk.importing.earlier import Earlier
from helpdesk.desk.importing.mapping import TableMapping
from helpdesk.desk.importing.reading import Table, TableRow, open_table
from helpdesk.desk.importing.rejects import Rejects, rejects_path
from helpdesk.desk.importing.report import Report
from helpdesk.domain.audit import Deed
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.rights import Right
from helpdesk.text import clean_line

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


def run(desk: Desk, path: Path, mapping: TableMapping, how: How, begin: Begin) -> Report:
    """Take in the table at ``path`` by what ``begin`` gives.

    An earlier file of rejects that is still as an import left it is replaced, or taken away if
    nothing is rejected any more.

    Raises:
        NotPermitted: unless the agent is lead.
        NotFound: if the table is not there.
        InvalidInput: if it cannot be read, lacks a column, or would be overwritten by its rejects.
        CannotCreate: if the file of rejects cannot be written, or another file is in its place.
    """
    desk.require(Right.IMPORT)
    if path.is_dir():
        raise InvalidInput(f"{clean_line(str(path))} is a folder: give a file")
    target = how.rejects or rejects_path(path)
    if target.resolve() == path.resolve():
        raise InvalidInput("the rejected rows would overwrite the table: name another --rejects")
    earlier, place = Earlier(desk), target.resolve()
    if not how.dry_run:
        earlier.require_free(place)
    report = Report(mapping.source, how.dry_run)
    with open_table(path, mapping) as table:
        report.unused = table.unused
        rejects = Rejects(
            None if how.dry_run else place,
            table.columns,
            mapping.encoding,
            mapping.delimiter,
            earlier,
        )
        if not how.dry_run:
            audit.record(desk.path, desk.agent, Deed.IMPORTED)
        try:
            _go_through(table, path.stat().st_size, how, begin(table, rejects, report), report)
        finally:
            rejects.close()
    on_file = rejects.count + rejects.left
    if not (on_file or how.dry_run or report.stopped):
        earlier.remove(place)
    report.rejected = rejects.count
    report.first_rejects = rejects.first
    report.rejects = str(target) if on_file and not how.dry_run else None
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
