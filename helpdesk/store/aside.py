"""An index for this process alone, where that of the desk cannot be brought up to date.

So a desk on a full or read-only disk, or without the right to write, can be read as it is.
"""

import shutil
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from helpdesk.domain.errors import HelpdeskError
from helpdesk.store.durable import HINDERED
from helpdesk.store.index import Damaged, Index, Stamp

_IN_MEMORY = "/dev/shm"
_AT_LEAST_SECONDS = 2.0  # between two copies, however busy others are


class Aside:
    """A copy of ``source``, the desk's own index, in a temporary folder; none until it is made."""

    def __init__(self, source: Index) -> None:
        self.why = ""
        """What hinders writing, as one line; empty while there is no copy."""
        self._source = source
        self._guard = threading.Lock()
        self._made: tuple[Index, Path] | None = None
        self._former: tuple[Index, Path] | None = None
        self._stamp: Stamp = ()
        self._at = 0.0

    @property
    def index(self) -> Index | None:
        """The copy, if there is one."""
        made = self._made
        return None if made is None else made[0]

    def is_outdated(self) -> bool:
        """Whether somebody has changed the desk's own index since the copy was made."""
        if self._made is None or time.monotonic() - self._at < _AT_LEAST_SECONDS:
            return False
        return self._stamp != self._source.stamp()

    def make(self, why: HelpdeskError) -> None:
        """Copy the desk's own index, or begin an empty one if that cannot be used.

        Raises ``why`` if there is no room for it either.
        """
        with self._guard:
            if self._made is not None:
                return
            self._stamp, self._at = self._source.stamp(), time.monotonic()
            try:
                folder = Path(tempfile.mkdtemp(prefix="helpdesk-", dir=_roomiest()))
            except OSError:
                raise why from None
            made = Index(folder)
            self._made, self.why = (made, folder), why.message
            try:
                _fill(made, self._source)
            except (OSError, HelpdeskError):
                self._retire()
                raise why from None

    def drop(self) -> None:
        """Use the copy no more. Who is still reading from it may end in peace."""
        with self._guard:
            self._retire()

    def close(self) -> None:
        """Leave nothing of it behind."""
        with self._guard:
            self._retire()
            self._retire()

    def _retire(self) -> None:
        if self._former is not None:
            index, folder = self._former
            index.close()
            shutil.rmtree(folder, ignore_errors=True)
        self._former, self._made, self.why = self._made, None, ""


def _fill(made: Index, source: Index) -> None:
    made.link.parent.mkdir()
    with suppress(Damaged):
        try:
            source.copy_to(made.link)
        except HINDERED:
            _copy_files(made, source)
        made.adopt()
    if not made.is_usable():
        made.renew()


def _copy_files(made: Index, source: Index) -> None:
    """Copy the files that a process left which died: nobody has them open."""
    with suppress(OSError):
        file = source.link.resolve()
        for end in ("", "-wal"):
            shutil.copyfile(f"{file}{end}", f"{made.link}{end}")


def _roomiest() -> str:
    """Where there is most room for what is only needed for now."""
    places = [_IN_MEMORY]
    with suppress(OSError):
        places.append(tempfile.gettempdir())
    return max((place for place in places if Path(place).is_dir()), key=_room, default=".")


def _room(place: str) -> int:
    with suppress(OSError):
        return shutil.disk_usage(place).free
    return 0
