"""The files of one agent in the desk: settings and drafts, there at any log-in and on any machine.

They lie in ``agents/LOGIN/``, which only the agent may enter (0700; the files 0600), and are always
whole: each is written durably beside its place first.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote

from helpdesk.domain.errors import CannotCreate, Unavailable
from helpdesk.store import durable
from helpdesk.store.plain import read_plain_file

FOLDER = "agents"
MOST_SWEPT = 5
"""So many times a write begins anew as its folder was swept: other programs of the agent sweep it
once each, when they begin."""

_wanted: dict[Path, bytes | None] = {}
"""What each file is to hold by the newest word of this process; None: nothing, it is to go."""


class Personal:
    """The files of the agent ``login`` in the folder ``desk``, by names such as
    ``drafts/new-1f.json``.

    Nothing here takes a lock, so that a signal handler may write in the midst of another write:
    the newest word wins, however the two meet. Of several programs the last one to write wins.
    """

    def __init__(self, desk: Path, login: str) -> None:
        self.login = login
        self.folder = desk / FOLDER / folder_name(login)
        self._desk = desk

    @property
    def is_open(self) -> bool:
        """Whether whoever runs this may read and change the files."""
        return os.access(self.folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=True)

    def read(self, name: str) -> bytes | None:
        """What the file holds; None if there is none. Raises Unavailable if it cannot be read."""
        try:
            return read_plain_file(self.folder / name)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(self.folder / name, error) from error

    def has(self, name: str) -> bool:
        """Whether there is such a file, as far as can be seen."""
        return os.path.lexists(self.folder / name)

    def write(self, name: str, data: bytes) -> None:
        """Make the file hold ``data``. Raises CannotCreate."""
        path = self.folder / name
        self._make_folder(path.parent)
        _wanted[path] = data
        self._settle(path)

    def remove(self, name: str) -> None:
        """Take the file away; none there is no error. Raises CannotCreate."""
        path = self.folder / name
        _wanted[path] = None
        if path.parent.is_dir():
            self._settle(path)

    def names(self, folder: str) -> list[str]:
        """The names of the files in ``folder``, without it. Raises Unavailable."""
        return [name for name in self._listed(folder) if not name.startswith(".")]

    def sweep(self, folder: str) -> None:
        """Remove what writes that never finished have left in ``folder`` ("": the agent's own); a
        write that is under way elsewhere begins anew. Raises Unavailable, CannotCreate."""
        left = [name for name in self._listed(folder) if durable.is_leftover(name)]
        if left:
            paths = [self.folder / folder / name for name in left]
            durable.remove_files(paths, desk=self._desk)

    def _listed(self, folder: str) -> list[str]:
        try:
            return sorted(path.name for path in (self.folder / folder).iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unreadable(self.folder / folder, error) from error

    def _settle(self, path: Path) -> None:
        """Do what is wanted of the file, and again if something else is wanted meanwhile."""
        swept = 0
        while True:
            data = _wanted[path]
            try:
                self._put(path, data)
            except CannotCreate as error:
                # Another program of this agent has swept the folder: begin anew, but not for ever.
                if swept == MOST_SWEPT or not isinstance(error.__cause__, FileNotFoundError):
                    raise
                swept += 1
                continue
            if _wanted[path] is data:
                return

    def _put(self, path: Path, data: bytes | None) -> None:
        if data is None:
            durable.remove_file(path, desk=self._desk)
            return
        pending = durable.prepare([(path, data)], desk=self._desk, private=True)
        if _wanted[path] is data:
            durable.put_in_place(pending, desk=self._desk)
        else:
            durable.discard(pending)

    def _make_folder(self, folder: Path) -> None:
        if folder == self.folder:
            durable.make_folders(folder.parent, self._desk)
        else:
            self._make_folder(folder.parent)
        with durable.reporting(folder, self._desk):
            with suppress(FileExistsError):
                durable.files.mkdir_private(folder)
                durable.files.fsync_dir(folder.parent)
            self._require_own(folder)

    def _require_own(self, folder: Path) -> None:
        """Refuse to write where somebody else could read along."""
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise CannotCreate(
                f"{durable.shown(folder, self._desk)} is not a folder of yours: "
                "ask whoever runs the desk to remove it"
            )
        if stat.S_IMODE(found.st_mode) != 0o700:
            folder.chmod(0o700)

    def _unreadable(self, path: Path, error: OSError) -> Unavailable:
        reason = error.strerror or "the disk failed"
        return Unavailable(f"{durable.shown(path, self._desk)} cannot be read: {reason}")


def everybody(desk: Path) -> Iterator[Personal]:
    """The files of every agent who has any, by name. Raises Unavailable."""
    try:
        found = sorted(path.name for path in (desk / FOLDER).iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        reason = error.strerror or "the disk failed"
        raise Unavailable(f"{FOLDER} cannot be read: {reason}") from error
    yield from (
        Personal(desk, unquote(name, errors="surrogateescape"))
        for name in found
        if not name.startswith(".")
    )


def folder_name(login: str) -> str:
    """The folder of an agent: the login name, with what no path may hold written as in %2F."""
    name = quote(login, safe="@+", errors="surrogateescape")
    return f"%2E{name[1:]}" if name.startswith(".") else name or "%"
