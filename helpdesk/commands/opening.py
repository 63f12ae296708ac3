"""`helpdesk` without a command: opens the desk's screens, or says how to come by a desk."""

import sys
from pathlib import Path

import click

from helpdesk.commands.options import desk_path
from helpdesk.commands.output import block, line
from helpdesk.commands.straight import require_terminal
from helpdesk.desk.desk import no_desk
from helpdesk.domain.errors import BadConfiguration
from helpdesk.glance import SETTINGS_FILE

_CHOICES = """\
c  create a desk there
d  open the demo: invented customers, in a temporary folder
q  leave"""


def open_screens(context: click.Context) -> int:
    """Open the desk; gives the exit code.

    Raises:
        BadConfiguration: if there is no desk, and nobody at a terminal to ask.
        Unavailable: if there is no terminal to draw on.
    """
    path = desk_path(context)
    if not (path / SETTINGS_FILE).is_file():
        _require_somebody(path)
        if (path / SETTINGS_FILE).exists():
            raise no_desk(path)
        return _offer(context, path)
    require_terminal()
    from helpdesk.session import run

    return run(path)


def _require_somebody(path: Path) -> None:
    if all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        return
    raise no_desk(path)


def _offer(context: click.Context, path: Path) -> int:
    """Explain what a desk is, and make one or open the demo, as the agent likes."""
    line("Welcome to helpdesk.")
    line("There is no desk yet in")
    block(str(path), indent="  ")
    line("A desk is a folder with its settings, its customers and its tickets; agents who")
    line("share it name it with --desk or in $HELPDESK_DESK.")
    line()
    block(_CHOICES, indent="  ")
    line()
    choice = click.prompt("Your choice", type=click.Choice(["c", "d", "q"]), default="q")
    if choice == "q":
        return BadConfiguration.exit_code
    group = context.command
    assert isinstance(group, click.Group)
    command = group.get_command(context, "init" if choice == "c" else "demo")
    assert command is not None
    with command.make_context(
        command.name, ["--", str(path)] if choice == "c" else [], context
    ) as inner:
        code = command.invoke(inner)
    return code if isinstance(code, int) else 0
