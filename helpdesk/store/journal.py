"""Lines that are only ever added: the file of the audit log.

Each line is durable when it is added. One that was cut short by a crash stays as it is, and the
next one begins on a line of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from helpdesk.domain.errors import Unavailable
from helpdesk.store import durable

AUDIT_FILE = "audit.jsonl"


def append(desk: Path, line: str) -> None:
    """Add ``line``, which holds no line break, to the log of the desk. Raises CannotCreate."""
    path = desk / AUDIT_FILE
    with durable.reporting(path, desk):
        is_new = not path.exists()
        descriptor = durable.files.open_append(path)
        try:
            begin = b"" if _ends_whole(descriptor) else b"\n"
            # In one write, so that lines of several programs never mix.
            durable.files.write(descriptor, begin + line.encode() + b"\n")
            durable.files.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            durable.files.fsync_dir(desk)


def lines(desk: Path) -> Iterator[tuple[int, str]]:
    """Every line that is not blank, oldest first, with its number from 1. Raises Unavailable."""
    path = desk / AUDIT_FILE
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except FileNotFoundError:
        return
    except OSError as error:
        reason = error.strerror or "the disk failed"
        raise Unavailable(f"{AUDIT_FILE} cannot be read: {reason}") from error


def _ends_whole(descriptor: int) -> bool:
    """Whether the last line has its end, as far as can be seen."""
    size = os.fstat(descriptor).st_size
    if size:
        with suppress(OSError):
            return os.pread(descriptor, 1, size - 1) == b"\n"
    return True
