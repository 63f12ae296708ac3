"""`import`: tables of other systems by a mapping; old mail is in import_mail.py."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpdesk.commands.import_mail import maildir, mbox
from helpdesk.commands.options import (
    PATH_OR_STREAM,
    STREAM,
    all_of,
    copied_input,
    json_option,
    with_desk,
)
from helpdesk.commands.output import json_line, line, progress, refuse_terminal, warn
from helpdesk.commands.stopping import STOPPED, passing_folder, stoppable
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.rights import Right

if TYPE_CHECKING:
    from helpdesk.desk.importing.report import Report
    from helpdesk.desk.importing.running import How

_KIB = 1024


@click.group("import")
def import_() -> None:
    """Take in tables of other systems, and old mail."""


import_.add_command(mbox)
import_.add_command(maildir)


_table_options = all_of(
    click.argument("file", type=PATH_OR_STREAM),
    click.option(
        "--mapping",
        required=True,
        metavar="MAP.toml",
        help="What the columns mean: a file, or the name of a mapping here or shipped.",
    ),
    click.option(
        "--rejects",
        type=PATH_OR_STREAM,
        metavar="PATH",
        help="Where rows go that can't be taken; by default beside FILE. - is standard output.",
    ),
    click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing."),
    json_option,
)


@import_.command("csv")
@_table_options
@with_desk
def csv_(
    desk: Desk, file: Path, mapping: str, rejects: Path | None, dry_run: bool, as_json: bool
) -> None:
    """Take in tickets from the table FILE (- for standard input).

    Those that the desk has already are brought forward if a newer table tells more of them.
    """
    from helpdesk.desk.importing.mapping import TicketMapping, load
    from helpdesk.desk.importing.tickets import import_tickets

    desk.require(Right.IMPORT)
    found = load(mapping, TicketMapping, desk.path)
    with _streams(file, rejects) as (table, place), _running(dry_run, place) as how:
        report = import_tickets(desk, table, found, how)
    _tell(report, "ticket", as_json, rejects)


@import_.command()
@_table_options
@with_desk
def orders(
    desk: Desk, file: Path, mapping: str, rejects: Path | None, dry_run: bool, as_json: bool
) -> None:
    """Take in customers' orders from the table FILE, one row an order line."""
    from helpdesk.desk.importing.mapping import OrderMapping, load
    from helpdesk.desk.importing.orders import import_orders

    desk.require(Right.IMPORT)
    found = load(mapping, OrderMapping, desk.path)
    with _streams(file, rejects) as (table, place), _running(dry_run, place) as how:
        report = import_orders(desk, table, found, how)
    _tell(report, "order", as_json, rejects)


@contextmanager
def _streams(file: Path, rejects: Path | None) -> Iterator[tuple[Path, Path | None]]:
    """The table and the place of its rejects as files, where standard streams are meant.

    The rejects of a table from standard input are kept only if a place is named.
    """
    if STREAM not in (file, rejects):
        yield file, rejects
        return
    if rejects == STREAM:
        refuse_terminal()
    with passing_folder() as folder:
        if file == STREAM:
            file = copied_input(folder)
        place = Path(folder) / "rejects.csv" if rejects in (None, STREAM) else rejects
        yield file, place
        if rejects == STREAM and place is not None and place.is_file():
            with place.open("rb") as written:
                shutil.copyfileobj(written, sys.stdout.buffer)
            sys.stdout.flush()


@contextmanager
def _running(dry_run: bool, rejects: Path | None) -> Iterator[How]:
    """Run with progress; Ctrl+C stops after the rows at hand."""
    from helpdesk.desk.importing.running import How

    with stoppable() as stop, progress("KiB read:") as show:
        yield How(
            dry_run=dry_run,
            rejects=rejects,
            progress=lambda done, total: show(done // _KIB, total // _KIB),
            stop=stop,
        )


def _tell(report: Report, noun: str, as_json: bool, rejects: Path | None) -> None:
    if report.rejects is not None and not Path(report.rejects).exists():
        report.rejects = None  # they went to standard output, or nowhere
    # What was imported is not to be read as one of the rejected rows.
    with redirect_stdout(sys.stderr) if rejects == STREAM else nullcontext():
        if as_json:
            json_line(report.as_json())
        else:
            _tell_in_words(report, noun)
    for number, reason in sorted(report.told):
        warn(f"line {number}: {reason}")
    more = report.differing - len(report.told)
    if more:
        warn(f"and {_counted(more, 'more row')} that differ from tickets worked on or settled here")
    for number, reason in report.first_rejects:
        warn(f"line {number}: {reason}")
    if report.rejected > len(report.first_rejects):
        warn(f"and {report.rejected - len(report.first_rejects)} more rows that can't be taken")
    if report.stopped:
        warn("stopped; what was imported is kept: run the same command again to go on")
        raise click.exceptions.Exit(STOPPED)
    if report.took_nothing:
        why = "no row could be taken" if report.rows else "the table has no rows"
        raise InvalidInput(f"nothing was imported: {why}")


def _tell_in_words(report: Report, noun: str) -> None:
    would = "would be " if report.dry_run else ""
    line(f"{_counted(report.rows, 'row')} of {report.source}")
    if report.orders is None:
        line(f"{would}imported: {_counted(report.imported, noun)}")
    else:
        rows = _counted(report.imported, "row")
        line(f"{would}imported: {_counted(report.orders, noun)} of {rows}")
    line(f"already there: {_counted(report.already_there, 'row')}")
    if report.brought_forward:
        line(f"{would}brought forward: {_counted(report.brought_forward, noun)}")
    where = f", in {report.rejects}" if report.rejects else ""
    if report.differing:
        line(f"differ, and left as they are: {_counted(report.differing, noun)}{where}")
    line(f"{would}new: {_counted(report.customers, 'customer')}")
    line(f"rejected: {_counted(report.rejected, 'row')}{where if report.rejected else ''}")
    if report.unused:
        line(f"columns not used: {', '.join(report.unused)}")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
