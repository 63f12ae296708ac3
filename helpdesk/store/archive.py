"""The archive: raw mail and attachments, each a file named by the SHA-256 of what it holds.

``archive/ab/abcdef...``: written durably and once, never changed; the same file that comes a
second time takes no more room. Who writes or removes holds the writer lock of the desk.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from helpdesk.domain.errors import InvalidInput, NotFound
from helpdesk.store import durable
from helpdesk.store.folder import reading_error
from helpdesk.store.plain import open_plain_file

FOLDER = "archive"

_NAME = re.compile(r"[0-9a-f]{64}")
_FEW = 16
"""Up to so many files are made durable one by one; more of them at one stroke with the disk."""
_PIECE = 256 * 1024


class Kept(NamedTuple):
    """A file for the archive: its SHA-256 in hex, its size in bytes, and how to get its pieces."""

    sha256: str
    size: int
    pieces: Callable[[], Iterable[bytes]]

    @classmethod
    def of(cls, data: bytes) -> Kept:
        """The file that holds ``data``."""
        return cls(hashlib.sha256(data).hexdigest(), len(data), lambda: (data,))


class Archive:
    """The archive of the desk in folder ``desk``. Reading needs no lock."""

    def __init__(self, desk: Path) -> None:
        self.folder = desk / FOLDER
        self._desk = desk

    def path_of(self, sha256: str) -> Path:
        """Where the file of that hash lies, whether it is there or not. Raises InvalidInput."""
        if not _NAME.fullmatch(sha256):
            raise InvalidInput("a file of the archive is named by its SHA-256, 64 digits in hex")
        return self.folder / sha256[:2] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """The file, to be read. Raises NotFound, InvalidInput; Unavailable, NotPermitted or
        TryAgain if it is there and cannot be read."""
        path = self.path_of(sha256)
        place = durable.shown(path, self._desk)
        try:
            return open_plain_file(path)
        except FileNotFoundError:
            raise NotFound(f"{place} is not there: restore it from a backup") from None
        except OSError as error:
            raise reading_error(error, place) from error

    def holds(self, sha256: str) -> bool:
        """Whether there is such a file."""
        return bool(_NAME.fullmatch(sha256)) and self.path_of(sha256).is_file()

    def is_whole(self, sha256: str) -> bool:
        """Whether the file holds what its name says. Raises OSError."""
        digest = hashlib.sha256()
        with open_plain_file(self.path_of(sha256)) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
        return digest.hexdigest() == sha256

    def all(self) -> Iterator[str]:
        """Every file, by its hash, in order."""
        for path in self._entries():
            if _NAME.fullmatch(path.name) and path.parent.name == path.name[:2]:
                yield path.name

    def strays(self) -> Iterator[Path]:
        """What lies in the archive and is no file of it, nor left over from a write."""
        for path in self._entries():
            proper = _NAME.fullmatch(path.name) and path.parent.name == path.name[:2]
            if not proper and not durable.is_leftover(path.name):
                yield path

    def leftovers(self) -> Iterator[Path]:
        """The files of writes that never finished."""
        return (path for path in self._entries() if durable.is_leftover(path.name))

    def clear_away(self, unused: Iterable[str] = ()) -> None:
        """Remove what writes that never finished have left, and files that nothing refers to; needs
        the writer lock."""
        for path in (*self.leftovers(), *map(self.path_of, unused)):
            with suppress(OSError):
                durable.files.unlink(path)

    def put(self, files: Sequence[Kept]) -> None:
        """Write the files durably; those that are there already stay. Raises CannotCreate."""
        wanted = {file.sha256: file for file in files}
        there = {name for name, file in wanted.items() if self._is_there(file)}
        new = [file for name, file in wanted.items() if name not in there]
        for folder in dict.fromkeys(self.path_of(file.sha256).parent for file in new):
            durable.make_folders(folder, self._desk)
        at_once = len(new) > _FEW
        pending = self._prepare(new, at_once=at_once)
        if not at_once:
            durable.put_in_place(pending, desk=self._desk)
        else:
            self._put_in_place_at_once(pending)
        # Whoever wrote those may have died before their names were durable.
        durable.sync_folders([self.path_of(name) for name in there], self._desk)

    def _is_there(self, file: Kept) -> bool:
        with suppress(FileNotFoundError):
            return self.path_of(file.sha256).stat().st_size == file.size
        return False

    def _prepare(self, new: Iterable[Kept], *, at_once: bool) -> list[tuple[Path, Path]]:
        pending: list[tuple[Path, Path]] = []
        try:
            for file in new:
                path = self.path_of(file.sha256)
                temporary = durable.beside(path)
                pending.append((temporary, path))
                with durable.reporting(path, self._desk):
                    durable.write_new(temporary, file.pieces(), sync=not at_once)
            if at_once:
                with durable.reporting(self.folder, self._desk):
                    durable.files.sync_disk(self.folder)
        except BaseException:
            durable.discard(pending)
            raise
        return pending

    def _put_in_place_at_once(self, pending: list[tuple[Path, Path]]) -> None:
        """As ``durable.put_in_place``, for files of many folders."""
        try:
            for temporary, path in pending:
                with durable.reporting(path, self._desk):
                    durable.files.rename(temporary, path)
            with durable.reporting(self.folder, self._desk):
                durable.files.sync_disk(self.folder)
        except BaseException:
            durable.discard(pending)
            raise

    def _entries(self) -> Iterator[Path]:
        try:
            folders = sorted(self.folder.iterdir())
        except FileNotFoundError:
            return
        for folder in folders:
            if folder.is_dir():
                yield from sorted(folder.iterdir())
            else:
                yield folder
