"""`export` and `erase`: giving data out, and taking a person's data away."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from helpdesk.commands.care import BAD_DOCUMENTS, catch_up, counted, named, tell_hindrance
from helpdesk.commands.options import LINE, PATH, PATH_OR_STREAM, STREAM, with_desk
from helpdesk.commands.output import is_terminal, json_line, line, warn
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import CannotCreate, InvalidInput

if TYPE_CHECKING:
    from helpdesk.desk.erasing import Traces


@click.command()
@click.option(
    "--customer", type=LINE, metavar="WHO", help="Only this customer, with tickets, as one object."
)
@click.option(
    "--output",
    type=PATH_OR_STREAM,
    metavar="FILE",
    help="Write there instead of to standard output; FILE must not be there yet.",
)
@click.option(
    "--files",
    type=PATH,
    metavar="FOLDER",
    help="Copy mail as it came and attachments there, named by their SHA-256; it must be empty.",
)
@click.option("--json", "_as_json", is_flag=True, help="As JSON; there is no other form.")
@with_desk
def export(
    desk: Desk, customer: str | None, output: Path | None, files: Path | None, _as_json: bool
) -> int:
    """Write everything as JSON lines, or one person's data as one JSON object.

    Documents that cannot be read are left out, and the export ends with 65.
    """
    from helpdesk.desk import customers, exporting, exporting_files

    catch_up(desk)
    number = None if customer is None else customers.find(desk, customer)
    met: set[str] = set()
    person = number and [exporting.person(desk, number, met.add)]
    objects: Iterable[dict[str, Any]] = person or exporting.everything(desk, met.add)
    if files is not None:
        for missing in exporting_files.copy(desk, files, number, met.add):
            warn(f"{missing} is not in the archive; see 'helpdesk check'")
    if output is None or output == STREAM:
        for value in objects:
            json_line(value)
    else:
        with _new_file(output) as file:
            for value in objects:
                file.write(json.dumps(value, ensure_ascii=False) + "\n")
    return _tell_left_out(desk, met)


def _tell_left_out(desk: Desk, met: set[str]) -> int:
    """Name what could not be read: what was ``met``, and what the index knows of, as it knows
    nothing of whose ticket that is."""
    tell_hindrance(desk)
    places = sorted(met.union(fault.place for fault in desk.store.unreadable()))
    if not places:
        return 0
    warn(
        f"{counted(places)} could not be read and may be missing here: {named(places)}; "
        "see 'helpdesk check'"
    )
    return BAD_DOCUMENTS


@contextmanager
def _new_file(path: Path) -> Iterator[TextIO]:
    """A file for its owner only; one that could not be written whole is taken away again."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CannotCreate(f"{path} is there already: name another file") from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
    except BaseException as error:
        with suppress(OSError):
            path.unlink()
        if isinstance(error, OSError) and error.filename is None:
            why = error.strerror or "the disk failed"
            raise CannotCreate(f"cannot write {path}: {why}; nothing was exported") from error
        raise


@click.command()
@click.option(
    "--customer",
    required=True,
    type=LINE,
    metavar="WHO",
    help="A number, an e-mail address or a phone.",
)
@click.option(
    "--confirm",
    type=LINE,
    metavar="TEXT",
    help="The confirmation, such as 'erase 12', where nobody is there to type it.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@with_desk
def erase(desk: Desk, customer: str, confirm: str | None, as_json: bool) -> int:
    """Erase a person for good: the profile, and every word in the person's tickets.

    The tickets stay as figures: kind, channel, times, and what became of each promise. There is
    no way back, except from a copy of the desk's folder.

    Ends with 65 if something of the desk could not be searched for the person, and names it.
    """
    from helpdesk.desk import customers, erasing

    catch_up(desk)
    found = erasing.traces(desk, customers.find(desk, customer))
    expected = f"erase {found.customer}"
    if confirm is None:
        confirm = _asked(found, expected)
    if " ".join(confirm.split()) != expected:
        raise InvalidInput(f"nothing was erased: to confirm it, type '{expected}'")
    tickets = erasing.erase(desk, found.customer)
    not_searched = [*found.unreadable, *found.strays]
    if as_json:
        told = {"customer": found.customer, "tickets": tickets, "not_searched": not_searched}
        json_line(told)
    else:
        line(f"Customer {found.customer} is erased; {_count(tickets, 'ticket')} kept as figures.")
    _tell_what_is_left(found)
    return BAD_DOCUMENTS if not_searched else 0


def _tell_what_is_left(found: Traces) -> None:
    if found.unreadable:
        warn(
            f"{counted(found.unreadable)} could not be read, and so not be searched for this "
            f"person: {named(found.unreadable, 20)}; mend or remove them, then see that nothing "
            "is left"
        )
    if found.strays:
        warn(
            f"{_count(len(found.strays), 'file')} among the documents may still hold words of this "
            f"person: {named(found.strays, 20)}; look into them, and remove what should go"
        )
    if found.out_of_reach:
        warn(
            f"drafts of {_count(found.out_of_reach, 'agent')} could not be searched for this "
            "person: what is about the person is removed at their next log-in"
        )


def _asked(found: Traces, expected: str) -> str:
    """Show what will go and ask for the typed confirmation."""
    if not is_terminal():
        raise InvalidInput(f"nothing was erased: confirm it with --confirm '{expected}'")
    line(
        f"This erases customer {found.customer} for good, with every word in "
        f"{_count(found.tickets, 'ticket')} ({found.open_tickets} of them open) and "
        f"{_count(found.messages, 'message')}: {found.name}"
    )
    sys.stdout.flush()
    answer: str = click.prompt(f"Type '{expected}' to go on", default="", show_default=False)
    return answer


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
