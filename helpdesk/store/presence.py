"""Who is at which ticket, told by files that live no longer than the processes which hold them.

A process at ticket 12 keeps ``.cache/present/12.looks.TOKEN.AGENT`` locked: the kernel lets go of
the lock when the process ends, however it ends, and whoever looks next removes the file. Nothing
of it is durable, and where it cannot be written the agent is merely not seen.
"""

import fcntl
import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.presence import Doing, Present
from helpdesk.domain.rights import is_login
from helpdesk.store import durable
from helpdesk.store.index import FOLDER

PRESENT = "present"

_NAME = re.compile(
    r"(?P<ticket>[0-9]{1,18})\.(?P<doing>looks|writes)\.(?P<token>[0-9a-f]{12})\.(?P<agent>.+)"
)


class FilePresence:
    """The ``Presence`` of ``agent`` at the desk in the folder ``desk``."""

    def __init__(self, desk: Path, agent: str) -> None:
        self._desk = desk
        self._folder = desk / FOLDER / PRESENT
        self._agent = agent
        self._token = os.urandom(6).hex()
        self._at: tuple[int, Doing] | None = None
        self._file: Path | None = None
        self._descriptor = -1

    def be_at(self, ticket: int, doing: Doing, now: datetime) -> None:
        """Let the others see that the agent is at this ticket since ``now``."""
        if self._at == (ticket, doing):
            return
        self._at = (ticket, doing)
        target = self._folder / f"{ticket}.{doing}.{self._token}.{self._agent}"
        with suppress(OSError, HelpdeskError):
            try:
                self._turn_into(target, now)
            except FileNotFoundError:  # somebody removed what is derived
                self._let_go()
                self._turn_into(target, now)

    def leave(self) -> None:
        """Be at no ticket."""
        self._at = None
        if self._file is not None:
            with suppress(OSError):
                durable.files.unlink(self._file)
        self._let_go()

    def others(self, ticket: int | None = None) -> list[Present]:
        """Who else is at a ticket, or at any."""
        present = []
        for path in self._files():
            named = _NAME.fullmatch(path.name)
            if named is None or named["token"] == self._token or not is_login(named["agent"]):
                continue
            number, doing = int(named["ticket"]), Doing(named["doing"])
            if ticket in (None, number) and (since := _held_since(path)) is not None:
                present.append(Present(number, doing, named["agent"], since))
        return present

    def _files(self) -> list[Path]:
        try:
            return list(self._folder.iterdir())
        except OSError:
            return []

    def _turn_into(self, target: Path, now: datetime) -> None:
        if self._file is None:
            self._begin()
        assert self._file is not None
        moment = now.timestamp()
        os.utime(self._descriptor, (moment, moment))
        durable.files.rename(self._file, target)
        self._file = target

    def _begin(self) -> None:
        """Have a locked file that nobody takes for one of the dead: its name is hidden still."""
        durable.make_folders(self._folder, self._desk)
        hidden = self._folder / f".{self._token}.tmp"
        self._descriptor = durable.files.open_new(hidden)
        self._file = hidden
        fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _let_go(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor, self._file = -1, None


def _held_since(path: Path) -> datetime | None:
    """Since when somebody has been there; the file of one who is gone is removed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        since = datetime.fromtimestamp(os.fstat(descriptor).st_mtime, UTC)
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return since
    except (OSError, OverflowError):
        return None
    finally:
        os.close(descriptor)
    with suppress(OSError):
        durable.files.unlink(path)
    return None
