"""The index of a desk: one SQLite file, derived from the documents and disposable.

``.cache/index.sqlite`` is a link to the file in use. An index that is damaged, or of another
version, is never mended in place: a fresh file is made and the link turned to it, so that whoever
still has the old one open does no harm, and notices.
"""

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from helpdesk.domain.errors import (
    BadConfiguration,
    CannotCreate,
    HelpdeskError,
    NotPermitted,
    TryAgain,
    Unavailable,
)
from helpdesk.store import connecting, durable
from helpdesk.store.schema import SCHEMA, TABLES

FOLDER = ".cache"
LINK = "index.sqlite"
_TURNED = ".tmp"  # a link to a new index, to be put in the place of the old one

_DAMAGED = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_CONSTRAINT,  # it holds rows that it does not know of
}
_FILE = "SELECT value FROM meta WHERE key = 'file'"
"""Of which file the index is. One that was copied while agents worked may be of two states."""

_LARGEST = 2**63 - 1
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_REFUSED = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_IOERR,  # such as for want of room for the file by which readers agree
}

Stamp = tuple[tuple[int, ...], ...]


class Damaged(Unavailable):
    """The index cannot be used: it must be made anew. ``file`` is the one that was found so."""

    def __init__(self, message: str, file: tuple[int, int] | None = None) -> None:
        super().__init__(message)
        self.file = file


class Outrun(TryAgain):
    """Another index was put in place while this one was built, and this one removed."""


class Index:
    """The index file of the desk in folder ``desk``, and connections to it for any thread.

    It is opened when first asked for. Making one anew is up to whoever holds the writer lock.
    """

    def __init__(self, desk: Path) -> None:
        self.link = desk / FOLDER / LINK
        self._place = self.link
        self._desk = desk
        self._guard = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._file: tuple[int, int] | None = None
        self._closed = False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for as long as the block runs; one block sees one state if it begins one.

        Raises:
            Damaged: if there is no index, or it cannot be used.
            BadConfiguration: if it is of a newer program, whose it stays.
            TryAgain, CannotCreate, Unavailable: as SQLite says.
        """
        with self._using(writable=False) as connection:
            yield connection

    @contextmanager
    def _using(self, *, writable: bool) -> Iterator[sqlite3.Connection]:
        file = self._identity()
        try:
            with self.reporting():
                connection = self._take(file, writable)
                try:
                    yield connection
                finally:
                    self._give_back(connection, file)
        except Damaged as damage:
            damage.file = file
            raise

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction: kept when the block ends, undone if it raises.

        Only who holds the writer lock may ask for it. Raises as ``reading``.
        """
        with self._using(writable=True) as connection, connecting.writing(connection):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def file(self) -> tuple[int, int] | None:
        """Which file the index is at the moment, by device and number; None if there is none."""
        try:
            return self._identity()
        except Damaged:
            return None

    def stamp(self) -> Stamp:
        """How its files lie on the disk; another whenever somebody has changed what it holds."""
        found: list[tuple[int, ...]] = []
        for path in (self.link, connecting.log_of(self.link)):
            with suppress(OSError):
                lies = path.stat()
                if lies.st_size:
                    found.append((lies.st_dev, lies.st_ino, lies.st_mtime_ns, lies.st_size))
        return tuple(found)

    def is_usable(self) -> bool:
        """Whether there is an index that can be opened."""
        try:
            with self.reading():
                return True
        except Damaged:
            return False

    def renew(self) -> None:
        """Put an empty index in the place of whatever is there. Needs the writer lock.

        Raises:
            CannotCreate: if the folder cannot be written.
        """
        with self.building() as fresh:
            self.put_in_place(fresh)

    @contextmanager
    def building(self) -> Iterator["Index"]:
        """Another index, empty, to be filled aside; it is thrown away unless put in place.

        Raises:
            Outrun: if it was removed meanwhile, as somebody else has put one in place.
            CannotCreate: if the folder cannot be written.
        """
        durable.make_folders(self.link.parent, self._desk)
        fresh = Index(self._desk)
        fresh.link = self.link.with_name(f"index-{os.urandom(6).hex()}.sqlite")
        with durable.reporting(self._place, self._desk):
            os.close(durable.files.open_new(fresh.link))
        try:
            fresh._create()
            yield fresh
        except HelpdeskError as error:
            if fresh.file() is None:
                raise Outrun("somebody else has built the index meanwhile") from error
            raise
        finally:
            fresh.close()
            if not self._leads_to(fresh.link):
                _remove(fresh.link)

    def put_in_place(self, fresh: "Index") -> None:
        """Make ``fresh`` the index, and remove the others. Needs the writer lock."""
        turned = self.link.with_name(f".{fresh.link.name}{_TURNED}")
        with durable.reporting(self._place, self._desk):
            durable.files.symlink(turned, fresh.link.name)
            durable.files.rename(turned, self.link)
        self.remove_others()

    def remove_others(self) -> None:
        """Remove every index but the one in use, also those that are being built.

        Needs the writer lock. Raises CannotCreate.
        """
        used = self.link.resolve().name
        with durable.reporting(self._place, self._desk):
            for pattern in ("index*.sqlite*", f".index*{_TURNED}"):
                for other in self.link.parent.glob(pattern):
                    if other != self.link and not other.name.startswith(used):
                        with suppress(FileNotFoundError):
                            durable.files.unlink(other)

    def rewrite(self) -> None:
        """Write the whole file anew, so that nothing of what was removed is left in it.

        Needs the writer lock. Raises TryAgain if somebody reads for too long meanwhile.
        """
        with self.reading() as connection:
            connection.execute("INSERT INTO words (words) VALUES ('optimize')")
            connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise TryAgain("the index of the desk is being read; try again in a moment")

    def copy_to(self, file: Path) -> None:
        """Copy what it holds now to a new file. Raises as ``reading``."""
        with self.reading() as connection, closing(sqlite3.connect(file)) as copy:
            connection.backup(copy)

    def adopt(self) -> None:
        """Take a copy that was made by ``copy_to``, or of files at rest, for an index of its own.

        Raises as ``reporting``.
        """
        with self.reporting(), closing(connecting.connect(self.link)) as connection:
            sql = "UPDATE meta SET value = ? WHERE key = 'file'"
            connection.execute(sql, (_number_of(self.link),))

    def close(self) -> None:
        """Close every connection; those in use close as their blocks end."""
        with self._guard:
            self._closed = True
            self._drop_idle()

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Turn what SQLite raises in the block into the desk's errors."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._named(error) from error

    def _named(self, error: sqlite3.Error) -> HelpdeskError:
        code = connecting.code_of(error)
        name = durable.shown(self._place, self._desk)
        if code in _BUSY:
            return TryAgain("the index of the desk is busy; try again in a moment")
        if code in _REFUSED:
            return self._refusal(error, code)
        if code in _DAMAGED:
            return Damaged(f"{name} is damaged; build it anew with 'helpdesk reindex'")
        return Unavailable(f"cannot use {name}: {error}; build it anew with 'helpdesk reindex'")

    def _refusal(self, error: sqlite3.Error, code: int) -> HelpdeskError:
        """SQLite does not say why it could not write: look at the disk."""
        if code == sqlite3.SQLITE_FULL:
            why: OSError | None = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        else:
            why = durable.hindrance(self.link.parent) or durable.want_of_descriptors()
        if why is not None:
            return durable.refusal(why, self._place, self._desk)
        name = durable.shown(self._place, self._desk)
        if code == sqlite3.SQLITE_IOERR or not self._may_be_opened():
            return Damaged(f"{name} cannot be read; build it anew with 'helpdesk reindex'")
        if code == sqlite3.SQLITE_READONLY:
            # Linux says nothing else of a disk that an error of its own has turned read-only.
            why = OSError(errno.EROFS, os.strerror(errno.EROFS))
            return durable.refusal(why, self._place, self._desk)
        return CannotCreate(
            f"cannot write {name}: {error}; check the disk and the rights of its folder"
        )

    def _may_be_opened(self) -> bool:
        """Whether the rights of the index let this user use it, if there is one."""
        return not self.link.exists() or os.access(self.link, os.R_OK | os.W_OK, effective_ids=True)

    def _take(self, file: tuple[int, int], writable: bool) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                raise Unavailable("the desk is closed; open it again")
            if file != self._file:
                # Another process made the index anew, or somebody removed it.
                self._drop_idle()
                self._file = file
            if self._idle:
                return self._idle.pop()
        return self._connect(writable)

    def _give_back(self, connection: sqlite3.Connection, file: tuple[int, int]) -> None:
        with self._guard:
            fit = file == self._file and not isinstance(connection, connecting.AtRest)
            if fit and not self._closed and not connection.in_transaction:
                self._idle.append(connection)
                return
        connection.close()

    def _drop_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _identity(self) -> tuple[int, int]:
        try:
            found = self.link.stat()
        except FileNotFoundError:
            raise Damaged(
                "there is no index of the desk; build it with 'helpdesk reindex'"
            ) from None
        except OSError as error:
            name = durable.shown(self._place, self._desk)
            kind = NotPermitted if error.errno == errno.EACCES else Unavailable
            raise kind(
                f"cannot read {name}: {error.strerror}; ask whoever runs the desk to look at it"
            ) from error
        return found.st_dev, found.st_ino

    def _connect(self, writable: bool) -> sqlite3.Connection:
        try:
            return self._opened()
        except sqlite3.OperationalError as error:
            if (
                writable
                or connecting.code_of(error) not in _REFUSED
                or connecting.log_size(self.link)
            ):
                raise
            # Even a reader writes beside the index, so that others know of it. Where that cannot
            # be, nobody else has it open: then it can be read as it lies.
            return self._opened(at_rest=True)

    def _opened(self, *, at_rest: bool = False) -> sqlite3.Connection:
        connection = connecting.connect(self.link, at_rest=at_rest)
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > SCHEMA:
                # Programs of two versions would build it anew by turns, and neither could work.
                raise BadConfiguration(
                    "a newer helpdesk works at this desk: leave this one and open the newer; to go "
                    f"back to this one, end all others and remove {FOLDER} in the desk's folder"
                )
            if version != SCHEMA:
                raise Damaged("the index is of another version; run 'helpdesk reindex'")
            if connection.execute(_FILE).fetchone() != (_number_of(self.link),):
                raise Damaged("the index is a copy of another; run 'helpdesk reindex'")
        except BaseException:
            connection.close()
            raise
        return connection

    def _create(self) -> None:
        with self.reporting(), closing(connecting.connect(self.link)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"BEGIN; {TABLES} COMMIT;")
            # Nobody who still holds the number of an older index may take it for this one's.
            start = int.from_bytes(os.urandom(5), "big") << 20
            connection.execute("INSERT INTO meta VALUES ('changes', ?)", (start,))
            connection.execute("INSERT INTO meta VALUES ('file', ?)", (_number_of(self.link),))
            connection.execute(f"PRAGMA user_version = {SCHEMA}")

    def _leads_to(self, file: Path) -> bool:
        with suppress(OSError):
            return self.link.samefile(file)
        return False


def _number_of(link: Path) -> int:
    """The number by which the file system knows the index, which a copy of it does not have."""
    try:
        return link.stat().st_ino & _LARGEST
    except FileNotFoundError:
        raise Damaged("the index was removed meanwhile; run 'helpdesk reindex'") from None


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            durable.files.unlink(file.with_name(file.name + suffix))
