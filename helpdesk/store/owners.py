"""What root makes in a desk belongs to whoever owns the folder that it is made in.

Else a service user's desk could not be read by its own program any more, once root has restored or
checked it.
"""

import os
from contextlib import suppress
from pathlib import Path


def hand_over(made: int | Path, folder: Path | str) -> None:
    """Give what this process has made (a descriptor or a path) to the owner and group of the
    folder. Only root can, and need."""
    if os.geteuid() != 0:
        return
    with suppress(OSError):  # some network file systems let nobody
        owner = os.stat(folder)  # noqa: PTH116 - for every file that is written
        if owner.st_uid == 0:
            return
        if isinstance(made, int):
            os.fchown(made, owner.st_uid, owner.st_gid)
        else:
            os.lchown(made, owner.st_uid, owner.st_gid)
