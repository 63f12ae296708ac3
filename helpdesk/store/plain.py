"""Reading a plain file and nothing else."""

import errno
import os
import stat
from pathlib import Path


def read_plain_file(path: Path) -> bytes:
    """All of a file that is neither a link nor anything else than a file. Raises OSError."""
    # A pipe or a link put in a document's place must neither hang the desk nor lead out of it.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a plain file")
        with open(descriptor, "rb", buffering=0, closefd=False) as file:
            return file.readall()
    finally:
        os.close(descriptor)
