"""Errors as agents and scripts meet them: one line, and an exit code of sysexits."""

import errno
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk.domain.errors import CannotCreate, HelpdeskError, NotPermitted, TryAgain
from helpdesk.text import clean_line

if TYPE_CHECKING:
    import click

WRONG_USAGE = 64
OWN_FAULT = 70
NOT_WRITTEN = 74
TRY_AGAIN = TryAgain.exit_code
STOPPED = 130
PIPE_CLOSED = 141
"""As a program ends whose reader went away (128 + SIGPIPE)."""

_LONGEST_LINE = 1000


def explain(error: Exception) -> tuple[str, int]:
    """What to say about ``error`` in one line ("" for nothing), and the exit code."""
    line, code = _explained(error)
    return clean_line(line, _LONGEST_LINE), code


def _explained(error: Exception) -> tuple[str, int]:
    if isinstance(error, HelpdeskError):
        return error.message, error.exit_code
    told = _of_the_command_line(error)
    if told is not None:
        return told
    if isinstance(error, OSError):
        return _system(error)
    return _own_fault(error), OWN_FAULT


def _of_the_command_line(error: Exception) -> tuple[str, int] | None:
    """What was wrong with the words of a command; None if it is something else."""
    if "click" not in sys.modules:  # which a desk that is opened does without
        return None
    import click

    if isinstance(error, click.UsageError):
        return _usage(error), WRONG_USAGE
    if isinstance(error, click.ClickException):
        return error.format_message(), WRONG_USAGE
    if isinstance(error, click.Abort):
        return "stopped", STOPPED
    return None


def _usage(error: "click.UsageError") -> str:
    import click

    command = error.ctx.command_path if error.ctx else "helpdesk"
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return f"'{command}' takes a command of its own; try '{command} --help'"
    return f"{error.format_message().rstrip('.')}; try '{command} --help'"


def _system(error: OSError) -> tuple[str, int]:
    """What the operating system refused: about a file that is named, or about the output."""
    if isinstance(error, BrokenPipeError):
        return "", PIPE_CLOSED
    why = error.strerror or "the system refused it"
    if error.filename is None:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        advice = "free some space; a" if full else "a"
        line = f"the output cannot be written: {why}; {advice} change that was made stays made"
        return line, NOT_WRITTEN
    place = os.fsencode(error.filename).decode("utf-8", "replace")
    if isinstance(error, PermissionError):
        return f"{place}: {why}; ask whoever runs the desk for the right", NotPermitted.exit_code
    return f"{place}: {why}", CannotCreate.exit_code


def _own_fault(error: Exception) -> str:
    """Where the program failed, without the error's message: it may quote a customer."""
    from helpdesk.terminal import mishaps

    log = mishaps.record(error)
    noted = f"; more is in {log}" if log else ""
    kind = type(error).__name__
    return f"something went wrong in the program itself ({kind} at {_place(error)}){noted}"


def _place(error: Exception) -> str:
    package = Path(__file__).parents[1]
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(package):
            parts = path.relative_to(package.parent).with_suffix("").parts
            return f"{'.'.join(parts)}:{frame.lineno}"
    return "an unknown place"
