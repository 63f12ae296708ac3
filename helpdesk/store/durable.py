"""Durable writes: a file is whole, old or new, whatever dies in between.

A file is written beside its place under a hidden name, made durable, and renamed over the old one;
then its folder is made durable too. What returns without an error survives a power cut.
"""

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from helpdesk.domain.errors import CannotCreate, HelpdeskError, NotPermitted
from helpdesk.store import owners


class DiskRefuses(CannotCreate):
    """The disk takes nothing more: it is full, or may only be read."""


_ADVICE = {
    errno.ENOSPC: "free some space on the disk and try again",
    errno.EDQUOT: "free some space within the quota and try again",
    errno.EROFS: "mount the disk of the desk for writing and try again",
    errno.EACCES: "ask whoever runs the desk for the right to write there",
    errno.EPERM: "ask whoever runs the desk for the right to write there",
    errno.EMFILE: "close other windows of the desk, or raise the limit of open files",
    errno.ENFILE: "close other programs on this machine and try again",
    errno.ENOENT: "check that the folder of the desk is there",
}
_OTHER_ADVICE = "check the disk and the folder of the desk, then try again"
_ADVICE_ELSEWHERE = {
    **_ADVICE,
    errno.EROFS: "nothing can be written on that disk: name another place",
    errno.EACCES: "name another place, or ask for the right to write there",
    errno.EPERM: "name another place, or ask for the right to write there",
    errno.ENOENT: "make its folder first, or name another place",
}
_OTHER_ADVICE_ELSEWHERE = "name another place"
"""Said of a place that somebody typed: it is none of the desk's."""
_REFUSALS: dict[int, type[HelpdeskError]] = {
    errno.ENOSPC: DiskRefuses,
    errno.EDQUOT: DiskRefuses,
    errno.EROFS: DiskRefuses,
    errno.EACCES: NotPermitted,
    errno.EPERM: NotPermitted,
}

TOO_MANY_OPEN = (errno.EMFILE, errno.ENFILE)

_OF_AN_INDEX = 4  # files: itself, its log, what readers agree by, and one that SQLite tries out
_LITTLE = 1 << 16  # bytes: less room than that on a disk is none

HINDERED = (DiskRefuses, NotPermitted)
"""What is raised where nothing can be written, though all can be read."""


class Files:
    """The few operations by which anything reaches the disk, in one place so that tests can fail
    each of them. Every one raises OSError."""

    def open_new(self, path: Path) -> int:
        """Create ``path``, which must not exist, for writing; returns its descriptor."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        return _open_shared(path, flags)

    def open_private(self, path: Path) -> int:
        """Like ``open_new``, for the eyes of its owner alone, whoever shares the folder."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        return os.open(path, flags, 0o600)

    def open_lock(self, path: Path) -> int:
        """Open ``path`` to lock it, creating it if need be; returns its descriptor."""
        return _open_shared(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)

    def open_append(self, path: Path) -> int:
        """Open ``path`` so that every write goes to its end, creating it if need be: for its owner
        alone, unless the folder is shared with a group; returns its descriptor."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        return _open_shared(path, flags, 0o600)

    def write(self, descriptor: int, data: bytes) -> None:
        """Write all of ``data``."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]

    def overwrite(self, descriptor: int, data: bytes) -> None:
        """Write all of ``data`` in the place of what the file held."""
        if data:
            os.lseek(descriptor, 0, os.SEEK_SET)
            self.write(descriptor, data)
        os.ftruncate(descriptor, len(data))

    def fsync(self, descriptor: int) -> None:
        """Make what was written to a file durable."""
        os.fsync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Put ``source`` in the place of ``target``, in one step."""
        source.replace(target)

    def symlink(self, path: Path, name: str) -> None:
        """Create ``path``, which must not exist, as a link to the file ``name`` beside it."""
        path.symlink_to(name)
        owners.hand_over(path, path.parent)

    def unlink(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()

    def mkdir(self, path: Path) -> None:
        """Create a folder, shared with the group if its parent is."""
        path.mkdir(mode=0o770)
        group_bits = _group_bits(path.parent)
        if group_bits is not None:
            path.chmod(stat.S_ISGID | 0o700 | group_bits)
        owners.hand_over(path, path.parent)

    def mkdir_private(self, path: Path) -> None:
        """Create a folder that only its owner may enter."""
        path.mkdir(mode=0o700)

    def fsync_dir(self, folder: Path) -> None:
        """Make the names in a folder durable."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        except OSError as error:
            # Some network file systems cannot sync a folder and need not.
            if error.errno != errno.EINVAL:
                raise
        finally:
            os.close(descriptor)

    def sync_disk(self, folder: Path) -> None:
        """Make everything durable that was written to the disk on which ``folder`` lies."""
        import ctypes  # 3 ms that only large imports need

        syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
        if syncfs is None:
            os.sync()
            return
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            if syncfs(descriptor) != 0:
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        finally:
            os.close(descriptor)


files = Files()


def write_file(path: Path, data: bytes, *, desk: Path | None = None) -> None:
    """Write a file, whole and durable, or leave it as it was.

    ``desk`` is the folder that paths in errors are shown relative to. Raises CannotCreate.
    """
    put_in_place(prepare([(path, data)], desk=desk), desk=desk)


def prepare(
    pairs: Iterable[tuple[Path, bytes]],
    *,
    desk: Path | None = None,
    at_once: bool = False,
    private: bool = False,
) -> list[tuple[Path, Path]]:
    """Write the files durably beside their places; gives each with its place.

    Nothing is replaced yet, so a full disk changes nothing. A crash among the renames that follow
    leaves some files new and some old: who needs all or none keeps a redo file.
    ``at_once`` makes them durable together, which is quicker for many. ``private`` files are their
    owner's alone. Nothing is left behind if it fails. Raises CannotCreate.
    """
    pending: list[tuple[Path, Path]] = []
    try:
        for path, data in pairs:
            temporary = beside(path)
            pending.append((temporary, path))
            with reporting(path, desk):
                write_new(temporary, (data,), sync=not at_once, private=private)
        if at_once and pending:
            with reporting(pending[0][1], desk):
                files.sync_disk(pending[0][1].parent)
    except BaseException:
        discard(pending)
        raise
    return pending


def put_in_place(pending: Iterable[tuple[Path, Path]], *, desk: Path | None = None) -> None:
    """Put the files that were prepared in their places, durably. Raises CannotCreate."""
    pending = list(pending)
    try:
        for temporary, path in pending:
            with reporting(path, desk):
                files.rename(temporary, path)
        sync_folders((path for _, path in pending), desk)
    except BaseException:
        discard(pending)
        raise


def beside(path: Path) -> Path:
    """Where a file is written before it is put in its place: in the same folder, hidden."""
    return path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")


def discard(pending: Iterable[tuple[Path, Path]]) -> None:
    """Remove prepared files that are not in their places yet."""
    for temporary, _ in pending:
        with suppress(OSError):
            files.unlink(temporary)


def remove_file(path: Path, *, desk: Path | None = None) -> None:
    """Remove a file durably; see ``remove_files``."""
    remove_files([path], desk=desk)


def remove_files(paths: Iterable[Path], *, desk: Path | None = None) -> None:
    """Remove files durably; one that is already gone is no error. Raises CannotCreate."""
    gone = []
    for path in paths:
        with reporting(path, desk), suppress(FileNotFoundError):
            files.unlink(path)
        gone.append(path)
    sync_folders(gone, desk)


def sync_folders(paths: Iterable[Path], desk: Path | None) -> None:
    """Make the names of these paths durable in their folders. Raises CannotCreate."""
    for folder in dict.fromkeys(path.parent for path in paths):
        with reporting(folder, desk):
            files.fsync_dir(folder)


def make_folders(folder: Path, desk: Path) -> None:
    """Create ``folder`` and those above it, durably, but never the desk's own folder: if that is
    missing, its disk may not be mounted. Raises CannotCreate."""
    if folder == desk or folder.is_dir():
        return
    make_folders(folder.parent, desk)
    with reporting(folder, desk):
        with suppress(FileExistsError):
            files.mkdir(folder)
        files.fsync_dir(folder.parent)


def is_leftover(name: str) -> bool:
    """Whether ``name`` is that of a write which never finished."""
    return name.startswith(".") and name.endswith(".tmp")


def is_cluttered(folder: Path) -> bool:
    """Whether anything is left in the folder of writes; one of them may be under way."""
    with suppress(OSError), os.scandir(folder) as entries:
        return any(is_leftover(entry.name) for entry in entries)
    return False


def clear_away(folders: Iterable[Path]) -> None:
    """Remove what is left in the folders of writes that never finished, for as far as that can be
    done. Needs the writer lock: without it one of them may be under way."""
    for folder in folders:
        with suppress(OSError):
            for path in folder.iterdir():
                if is_leftover(path.name):
                    files.unlink(path)


def shown(path: Path, desk: Path | None) -> str:
    """``path`` as an error shows it: relative to the desk where it lies inside."""
    if desk is not None and path != desk and path.is_relative_to(desk):
        path = path.relative_to(desk)
    return os.fsencode(path).decode("utf-8", "replace")


class reporting:  # noqa: N801 - reads as a verb: with reporting(path, desk)
    """Turns an OSError of its block into what ``refusal`` makes of it.

    A class, as every write goes through it several times, and it is quicker than a generator.
    """

    __slots__ = ("_desk", "_path")

    def __init__(self, path: Path, desk: Path | None) -> None:
        self._path = path
        self._desk = desk

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise refusal(error, self._path, self._desk) from error


def refusal(error: OSError, path: Path, desk: Path | None) -> HelpdeskError:
    """What failed, where, and what to do: NotPermitted, DiskRefuses, or another CannotCreate.

    Without a ``desk`` the path is one that somebody chose, and the advice speaks of that place.
    """
    number = error.errno or 0
    what = error.strerror or "the disk failed"
    if desk is None:
        advice = _ADVICE_ELSEWHERE.get(number, _OTHER_ADVICE_ELSEWHERE)
    else:
        advice = _ADVICE.get(number, _OTHER_ADVICE)
    kind = _REFUSALS.get(number, CannotCreate)
    return kind(f"cannot write {shown(path, desk)}: {what}; {advice}")


def hindrance(folder: Path) -> OSError | None:
    """Why nothing can be written in ``folder``, for as far as can be told without writing."""
    number = 0
    try:
        os.close(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        disk = os.statvfs(folder)
        if disk.f_flag & os.ST_RDONLY:
            number = errno.EROFS
        elif not os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
            number = errno.EACCES
        elif disk.f_bavail * disk.f_frsize < _LITTLE or (disk.f_files and disk.f_favail == 0):
            number = errno.ENOSPC
    except OSError as error:
        return error
    return OSError(number, os.strerror(number)) if number else None


def want_of_descriptors() -> OSError | None:
    """That so few more files can be opened that an index cannot be."""
    opened: list[int] = []
    try:
        while len(opened) < _OF_AN_INDEX:
            opened.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
    except OSError as error:
        return error
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return None


def write_new(path: Path, pieces: Iterable[bytes], *, sync: bool, private: bool = False) -> None:
    """Write a file that is not there yet, piece by piece. Raises OSError."""
    descriptor = files.open_private(path) if private else files.open_new(path)
    try:
        for piece in pieces:
            files.write(descriptor, piece)
        if sync:
            files.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_shared(path: Path, flags: int, mode: int = 0o660) -> int:
    """Open with that mode less the umask; in a folder shared with a group, as that group may."""
    descriptor = os.open(path, flags, mode)
    try:
        _share_with_group(descriptor, path)
    except OSError:
        os.close(descriptor)
        raise
    owners.hand_over(descriptor, _folder_of(path))
    return descriptor


def _share_with_group(descriptor: int, path: Path) -> None:
    group_bits = _group_bits(_folder_of(path))
    if group_bits is None:
        return
    mode = 0o600 | (group_bits & 0o060)
    found = os.fstat(descriptor)
    # A private umask must not lock the other agents of a shared desk out.
    if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != mode:
        os.fchmod(descriptor, mode)


def _folder_of(path: Path) -> str:
    """As ``path.parent``, but twice in every write."""
    return os.path.dirname(path) or os.curdir  # noqa: PTH120


def _group_bits(folder: Path | str) -> int | None:
    """What the group may do in a folder with the setgid bit; None without it."""
    mode = os.stat(folder).st_mode  # noqa: PTH116
    return mode & 0o070 if mode & stat.S_ISGID else None
