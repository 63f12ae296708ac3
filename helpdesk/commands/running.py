"""How a command, or the desk itself, is run: its errors become one line, its end an exit code."""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from helpdesk.commands.failing import PIPE_CLOSED, explain
from helpdesk.commands.streams import accept_any_text, let_go


def guarded(work: Callable[[], Any]) -> int:
    """The exit code of ``work``, which returns one or None; an error is told on stderr."""
    accept_any_text()
    try:
        code = work()
        sys.stdout.flush()
    except Exception as error:
        code = tell_failure(error)
    if not _delivered():
        code = code or PIPE_CLOSED
    return code if isinstance(code, int) else 0


def tell_failure(error: Exception) -> int:
    """Say in one line on stderr what failed; gives the exit code."""
    line, code = explain(error)
    if line:
        tell(f"helpdesk: {line}")
    return code


def tell(line: str) -> None:
    """Write one line to standard error, if anybody hears it."""
    with suppress(OSError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def _delivered() -> bool:
    """Whether all output could be written; if not, the rest is let go of, or Python complains."""
    try:
        sys.stdout.flush()
    except OSError:
        let_go()
        return False
    return True
