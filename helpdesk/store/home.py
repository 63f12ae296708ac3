"""Whether a desk lies where it was made, or is a copy of one: a backup, or what was restored of it.

``.home`` holds the numbers of that very file and of its file system; a copy of it has others.
"""

import os
from contextlib import suppress
from pathlib import Path

from helpdesk.store import durable
from helpdesk.store.plain import read_plain_file

HOME_FILE = ".home"


def is_noted(desk: Path) -> bool:
    """Whether the desk says where it was made; one of an older program does not yet."""
    return os.path.lexists(desk / HOME_FILE)


def is_copy(desk: Path) -> bool:
    """Whether nobody has made this copy of a desk a desk of its own yet."""
    path = desk / HOME_FILE
    try:
        return read_plain_file(path) != _numbers(desk, path.stat())
    except OSError:
        return False  # who cannot read it may not write here either


def mark(desk: Path) -> str:
    """What the desk says of where it was made; another in a copy once that was opened."""
    with suppress(OSError):
        return read_plain_file(desk / HOME_FILE).decode("ascii", "replace").strip()
    return ""


def note(desk: Path) -> None:
    """Note durably that the desk is at home here. Needs the writer lock. Raises CannotCreate."""
    path = desk / HOME_FILE
    fresh = durable.beside(path)
    try:
        with durable.reporting(path, desk):
            descriptor = durable.files.open_new(fresh)
            try:
                durable.files.write(descriptor, _numbers(desk, os.fstat(descriptor)))
                durable.files.fsync(descriptor)
            finally:
                os.close(descriptor)
            durable.files.rename(fresh, path)
            durable.files.fsync_dir(desk)
    except BaseException:
        with suppress(OSError):
            durable.files.unlink(fresh)
        raise


def _numbers(desk: Path, lies: os.stat_result) -> bytes:
    return b"%d %d\n" % (lies.st_ino, os.statvfs(desk).f_fsid)
