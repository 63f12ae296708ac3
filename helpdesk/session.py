"""A session at the desk on this terminal: from opening the desk to the exit code."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from helpdesk.app import DeskApp
from helpdesk.desk.desk import open_desk
from helpdesk.domain.errors import HelpdeskError
from helpdesk.terminal.signals import ending_by_signal
from helpdesk.terminal.tty import refuse_without_terminal


def run(path: Path, agent: str | None = None) -> int:
    """Open the desk in folder ``path`` on this terminal; gives the exit code.

    What goes wrong is told in one line on stderr.
    """
    # What is imported stays and is no garbage, nor is what an open desk is made of: to look through
    # either takes 30 ms and more, before the first rows, and again after every few changes.
    gc.freeze()
    gc.enable()  # which the entry point put off
    try:
        refuse_without_terminal()
        with open_desk(path, agent) as desk:
            app = DeskApp(desk)
            app.once_open.append(gc.freeze)
            return _run(app)
    except HelpdeskError as error:
        return _told(error)


def _run(app: DeskApp) -> int:
    def leave(code: int) -> None:
        if app._loop is not None:
            app._loop.call_soon_threadsafe(lambda: app.exit(return_code=code))

    with ending_by_signal(app.save, leave):
        app.run(mouse=app.preferences.mouse)
        if app.held.is_ending():
            _say("carrying out what you decided; please wait")
        app.held.wait_for_the_end()
    for line in app.held.failures():
        _say(line)
    if app.failure is not None:
        return _told(app.failure)
    return app.return_code or 0


def _told(error: HelpdeskError) -> int:
    _say(error.message)
    return error.exit_code


def _say(line: str) -> None:
    print(f"helpdesk: {line}", file=sys.stderr)  # noqa: T201
