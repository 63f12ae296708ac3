"""Unexpected errors: written to a file for the maintainers, without anything about customers."""

import errno
import os
import traceback
from pathlib import Path

from helpdesk import clock

KEPT_BYTES = 1_000_000
"""The file is begun anew once it is longer than this."""


def record(error: BaseException) -> Path | None:
    """Append where ``error`` happened to the log file; gives the file, or None if it can't be.

    Only places in the code and kinds of errors are written: messages and local variables may
    hold what customers wrote.
    """
    try:
        path = log_file()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        begun_anew = path.exists() and path.stat().st_size > KEPT_BYTES
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if begun_anew else os.O_APPEND)
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as log:
            log.write(f"{clock.now().isoformat()} {told(error)}\n")
    except OSError:
        return None
    return path


def want_of_files(error: BaseException) -> str | None:
    """What to say if no more files can be opened, which is no fault of the program."""
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        return (
            f"{os.strerror(error.errno)}: close other windows of the desk, or raise the limit of "
            "open files; nothing of yours is lost"
        )
    return None


def told(error: BaseException) -> str:
    """The error by its kind and the places in the code that led there, without its message."""
    kinds: list[str] = []
    link: BaseException | None = error
    while link is not None and len(kinds) < 5:
        kinds.append(type(link).__name__)
        link = link.__cause__ or link.__context__
    places = [
        f"  {frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__, limit=-30)
    ]
    return "\n".join([" from ".join(kinds), *places])


def log_file() -> Path:
    """Where unexpected errors are written: in the user's own state folder."""
    from platformdirs import user_state_path  # not needed unless something went wrong

    return user_state_path("helpdesk") / "errors.log"
