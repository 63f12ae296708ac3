"""`attachment`: a file that came with a message, to standard output or a new file."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpdesk.commands.options import (
    PATH_OR_STREAM,
    STREAM,
    json_option,
    ticket_argument,
    with_desk,
)
from helpdesk.commands.output import json_line, line, refuse_terminal
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import NotFound

if TYPE_CHECKING:
    from helpdesk.domain.message import Attachment
    from helpdesk.domain.ticket import Ticket


@click.command()
@ticket_argument
@click.argument("number", type=int, required=False, metavar="[N]")
@click.option(
    "--output",
    type=PATH_OR_STREAM,
    metavar="FILE",
    help="Write there; FILE must not be there yet.",
)
@json_option
@with_desk
def attachment(
    desk: Desk, ticket: int, number: int | None, output: Path | None, as_json: bool
) -> None:
    """List the attachments of a TICKET, or write the one of that number as it came.

    It is written to standard output, or to a new file; the desk itself never opens it.
    """
    files = _files(desk.store.ticket(ticket))
    if number is None:
        _list(files, as_json)
        return
    if not 1 <= number <= len(files):
        raise NotFound(f"ticket {ticket} has no attachment {number}; it has {len(files)}")
    sha256 = files[number - 1][1].sha256
    if output is not None and output != STREAM:
        from helpdesk.desk.exporting_files import write_file

        write_file(desk, sha256, output)
        return
    refuse_terminal()
    with desk.store.archived(sha256) as source:
        shutil.copyfileobj(source, sys.stdout.buffer)


def _files(ticket: Ticket) -> list[tuple[int, Attachment]]:
    """Each with the number of its message."""
    return [(message.id, file) for message in ticket.messages for file in message.attachments]


def _list(files: list[tuple[int, Attachment]], as_json: bool) -> None:
    for number, (message, file) in enumerate(files, start=1):
        if as_json:
            json_line({"number": number, "message": message, **file.model_dump()})
        else:
            line(f"{number}. {file.name}, {file.type}, {file.bytes:,} bytes, message {message}")
