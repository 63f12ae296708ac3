"""`demo`: opens a copy of the demo desk."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import click

from helpdesk import clock
from helpdesk.commands.options import PATH
from helpdesk.commands.output import line
from helpdesk.commands.straight import require_terminal
from helpdesk.desk.desk import login_name


@click.command()
@click.option("--keep", is_flag=True, help="Leave the copy where it is at the end.")
@click.option(
    "--folder",
    type=PATH,
    metavar="DIR",
    help="Make the copy in this new folder, and keep it. Default: a temporary one.",
)
@click.option(
    "--no-open", is_flag=True, help="Only make the copy, keep it, and say where it is: for scripts."
)
def demo(keep: bool, folder: Path | None, no_open: bool) -> int:
    """Look around on a desk of invented customers.

    It is a copy: do with it what you like. Nothing is sent to anybody. Its times are moved so that
    there is something to do at any hour.
    """
    from helpdesk.desk.demo import make_demo

    if not no_open:
        require_terminal()
    path = make_demo(folder and folder.absolute(), clock.now(), login_name())
    if no_open:
        line(str(path))
        return 0
    keep = keep or folder is not None
    line("This is the demo: all of it is invented, and nothing is sent to anybody.")
    line(f"You work on a copy in {path}.")
    line("It is kept." if keep else "It is removed when you leave; --keep leaves it there.")
    try:
        return _open(path)
    finally:
        if keep:
            line(f"Open the copy again with: helpdesk --desk {shlex.quote(str(path))}")
        else:
            shutil.rmtree(path, ignore_errors=True)
            line(f"The copy in {path} is removed.")


def _open(path: Path) -> int:
    from helpdesk.session import run

    return run(path)
