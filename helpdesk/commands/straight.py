"""`helpdesk` and `helpdesk --desk PATH` where there is a desk: it is opened without what reads all
other command lines, which takes 20 ms, and 0.8 MB for as long as the desk is open."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from helpdesk import desk_folder
from helpdesk.commands.running import guarded, tell
from helpdesk.desk import serving
from helpdesk.domain.errors import Unavailable
from helpdesk.glance import SETTINGS_FILE
from helpdesk.terminal.tty import refuse_without_terminal

_COMPLETION = "_HELPDESK_COMPLETE"
"""By which a shell asks click what could stand next on the command line."""


def named(words: Sequence[str]) -> Path | None:
    """The desk that these words ask to open, and nothing else; None where they, service mode or
    what lies there ask for more."""
    if serving.is_asked_for() or _COMPLETION in os.environ:
        return None
    path = Path(desk_folder.meant(words[1] if words else None))
    return path if os.path.isfile(path / SETTINGS_FILE) else None  # noqa: PTH113 - never raises


def open_at(path: Path) -> int:
    """Open the desk; gives the exit code. What goes wrong is told in one line on stderr."""

    def run() -> int:
        require_terminal()
        from helpdesk.session import run

        return run(path)

    try:
        return guarded(run)
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            tell("")  # the terminal shows ^C in the line
        raise


def require_terminal() -> None:
    """Raises Unavailable if there is no terminal to draw on and to read keys from."""
    refuse_without_terminal()
    if not sys.stdout.isatty():
        raise Unavailable(
            "the desk needs a terminal, and the output is none; "
            "without one use 'helpdesk queue', 'helpdesk show' and the other commands"
        )
