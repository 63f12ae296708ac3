"""`import mbox` and `import maildir`: old mail."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from helpdesk.commands.options import (
    PATH,
    PATH_OR_STREAM,
    STREAM,
    all_of,
    copied_input,
    json_option,
    with_desk,
)
from helpdesk.commands.output import json_line, line, progress, warn
from helpdesk.commands.stopping import STOPPED, passing_folder, stoppable
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import TryAgain
from helpdesk.domain.rights import Right
from helpdesk.text import clean_line

if TYPE_CHECKING:
    from helpdesk.desk.importing.mail import MailReport
    from helpdesk.desk.importing.mailboxes import Mailbox


_options = all_of(
    click.option(
        "--dealt-with-before",
        "dealt_with",
        metavar="DATE",
        type=click.DateTime(["%Y-%m-%d"]),
        help="Nobody waits for an answer to what was received before that day.",
    ),
    click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing."),
    json_option,
)


@click.command()
@click.argument("path", type=PATH_OR_STREAM)
@_options
@with_desk
def mbox(desk: Desk, path: Path, **how: Any) -> None:
    """Take in old mail from the mbox file PATH (- for standard input).

    Nobody is told anything by it.
    """
    from helpdesk.desk.importing.mailboxes import Mbox

    desk.require(Right.IMPORT)
    if path != STREAM:
        _import(desk, Mbox(path), path, **how)
        return
    with passing_folder() as folder:
        path = copied_input(folder)
        _import(desk, Mbox(path), path, **how)


@click.command()
@click.argument("path", type=PATH)
@_options
@with_desk
def maildir(desk: Desk, path: Path, **how: Any) -> None:
    """Take in old mail from the maildir PATH; nobody is told anything by it."""
    from helpdesk.desk.importing.mailboxes import Maildir

    desk.require(Right.IMPORT)
    _import(desk, Maildir(path), path, **how)


def _import(
    desk: Desk,
    mailbox: Mailbox,
    path: Path,
    *,
    dealt_with: datetime | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    from helpdesk.desk.importing.mail import MailHow, import_mail

    with stoppable() as stop, progress("Messages:") as show:
        how = MailHow(
            name=clean_line(path.resolve().name, 100),
            dry_run=dry_run,
            dealt_with=dealt_with and dealt_with.replace(tzinfo=desk.zone),
            progress=show,
            stop=stop,
        )
        try:
            report = import_mail(desk, mailbox, how)
        finally:
            mailbox.close()
    if as_json:
        json_line(report.as_json())
    else:
        _tell(report)
    for fault in report.faults:
        warn(fault)
    if report.stopped:
        warn("stopped; what was imported is kept: run the same command again to go on")
        raise click.exceptions.Exit(STOPPED)
    if report.failed:
        raise TryAgain(
            f"{_messages(report.failed)} could not be taken in for trouble of the desk: "
            "put it right, then run the same command again"
        )


def _tell(report: MailReport) -> None:
    would = "would be " if report.dry_run else ""
    line(f"{_messages(report.messages)}, {report.automatic:,} of them automatic")
    tickets = f", {report.tickets:,} new ticket{'s' * (report.tickets != 1)}"
    line(f"{would}imported: {_messages(report.imported)}{'' if report.dry_run else tickets}")
    line(f"already there: {_messages(report.already_there)}")
    if report.left_out:
        line(f"left out as no messages: {report.left_out:,}")


def _messages(number: int) -> str:
    return f"{number:,} message{'s' * (number != 1)}"
