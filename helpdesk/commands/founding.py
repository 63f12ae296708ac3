"""`init`: makes a desk."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import click

from helpdesk import desk_folder
from helpdesk.commands.options import LINE, PATH, desk_path
from helpdesk.commands.output import is_terminal, line
from helpdesk.domain.errors import InvalidInput
from helpdesk.text import clean_line

_HOURS = "mon-fri 09:00-18:00"


@click.command()
@click.argument("folder", required=False, metavar="[DIR]", type=PATH)
@click.option("--name", type=LINE, help="The name of the desk, as customers read it.")
@click.option("--timezone", type=LINE, metavar="ZONE", help="Such as Asia/Bishkek.")
@click.option(
    "--hours",
    type=LINE,
    help=f"Opening hours, such as 'mon-fri 09:00-13:00,14:00-18:00; sat 10:00-14:00'. "
    f"Default: {_HOURS}.",
)
@click.option("--country", type=LINE, help="Whose public holidays are kept, such as KG or US-MA.")
@click.option(
    "--language",
    type=LINE,
    default="en",
    show_default=True,
    help="Of texts to customers whose own language is not known.",
)
@click.pass_context
def init(
    context: click.Context,
    folder: Path | None,
    name: str | None,
    timezone: str | None,
    hours: str | None,
    country: str | None,
    language: str,
) -> None:
    """Make a desk in DIR (default: where --desk and $HELPDESK_DESK point).

    On a terminal it asks for what is not given.
    """
    from helpdesk.desk import founding

    if is_terminal():
        name = name or click.prompt("Name of the desk, as customers read it", type=LINE)
        timezone = timezone or _ask("Time zone", _zone_here(), founding.read_zone)
        hours = hours or _ask("Opening hours", _HOURS, founding.read_week)
    for option, value in (("--name", name), ("--timezone", timezone)):
        if value is None:
            raise click.UsageError(f"Missing option '{option}'", context)
    path = (folder or desk_path(context)).absolute()
    founding.found(
        path,
        name=name or "",
        timezone=timezone or "",
        hours=hours or _HOURS,
        country=country,
        language=language,
    )
    line(f"The desk is in {path}; its settings are in {path / 'desk.toml'}.")
    if is_terminal():
        is_own = Path(desk_folder.meant(None)).absolute() == path
        line(f"This opens it: helpdesk{'' if is_own else f' --desk {shlex.quote(str(path))}'}")


def _ask(question: str, suggested: str, read: Callable[[str], object]) -> str:
    """Ask until ``read`` can read the answer."""

    def checked(answer: str) -> str:
        try:
            read(answer)
        except InvalidInput as error:
            raise click.BadParameter(error.message) from None
        return clean_line(answer)

    answer: str = click.prompt(question, default=suggested, value_proc=checked)
    return answer


def _zone_here() -> str:
    """The time zone that this machine is set to, as far as it tells; else UTC."""
    try:
        _, found, zone = str(Path("/etc/localtime").readlink()).rpartition("/zoneinfo/")
    except OSError:
        return "UTC"
    return zone if found else "UTC"
