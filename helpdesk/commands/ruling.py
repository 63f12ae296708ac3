"""`settings` and `audit`: what a lead decides, and what is on record."""

from __future__ import annotations

import sys
from itertools import starmap
from typing import TYPE_CHECKING, Any

import click

from helpdesk.commands.options import LINE, json_option, with_desk, with_desk_as_it_is
from helpdesk.commands.output import block, columns, json_line, line
from helpdesk.commands.reading import read_since
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.wording import day_and_time
from helpdesk.glance import SETTINGS_FILE

if TYPE_CHECKING:
    from helpdesk.domain.audit import Entry


@click.command()
@click.argument("name", default=SETTINGS_FILE, type=LINE, metavar="[FILE]")
@click.option(
    "--replace", metavar="-", help="Replace it whole by what standard input says; for a lead."
)
@with_desk_as_it_is
def settings(desk: Desk, name: str, replace: str | None) -> None:
    """Show a file of the desk's settings, or replace it.

    FILE is desk.toml (the default), macros/LANGUAGE.toml, texts/LANGUAGE.toml or
    mappings/NAME.toml. What the desk cannot be run by is refused, and nothing is changed.
    """
    from helpdesk.desk import ruling

    if replace is None:
        block(ruling.read(desk, name), indent="")
        return
    if replace != "-":
        raise InvalidInput("--replace takes -, and reads the new text from standard input")
    raw = sys.stdin.buffer.read(ruling.LONGEST + 1)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(f"{name}: is not UTF-8 text; save it as UTF-8") from None
    ruling.replace(desk, name, text)
    line(f"{name} is replaced.")


@click.command()
@click.option(
    "--since", type=LINE, metavar="WHEN", help="Only from then on, such as 2026-11-25, or 7d."
)
@json_option
@with_desk
def audit(desk: Desk, since: str | None, as_json: bool) -> None:
    """Show who opened the desk, exported, erased, merged customers, imported or was refused.

    For leads and auditors.
    """
    from helpdesk.desk import audit as log

    start = None if since is None else read_since(desk, since)
    found = log.entries(desk, start)
    if as_json:
        for entry in found:
            json_line(_object(desk, entry))
    else:
        columns([_cells(desk, entry) for entry in found])


def _cells(desk: Desk, entry: Entry) -> tuple[str, ...]:
    details = ", ".join(starmap("{} {}".format, entry.details.items()))
    what = f"{entry.what}: {details}" if details else entry.what
    return day_and_time(entry.at, desk.zone), entry.agent, what


def _object(desk: Desk, entry: Entry) -> dict[str, Any]:
    at = desk.local(entry.at).isoformat()
    return {"at": at, "agent": entry.agent, "what": entry.what.value, **entry.details}
