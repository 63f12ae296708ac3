"""Reading a plain file and nothing else."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def read_plain_file(path: Path | str) -> bytes:
    """All of a file that is neither a link nor anything else than a file. Raises OSError."""
    descriptor, size = _opened(path)
    try:
        read = os.read(descriptor, size + 1)
        if len(read) != size:  # it has grown since, or there is more than is read at once
            while piece := os.read(descriptor, size + 1):
                read += piece
        return read
    finally:
        os.close(descriptor)


def open_plain_file(path: Path | str) -> BinaryIO:
    """The same as a file, to be read and closed."""
    return os.fdopen(_opened(path)[0], "rb")


def _opened(path: Path | str) -> tuple[int, int]:
    """Its descriptor, and its size in bytes."""
    # A pipe or a link put in a document's place must neither hang the desk nor lead out of it.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a plain file")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, found.st_size
