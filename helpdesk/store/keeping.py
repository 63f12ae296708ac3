"""Keeping the index in step with the documents, through crashes, damage and meddling."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from helpdesk.domain.errors import HelpdeskError, TryAgain
from helpdesk.store import begun, durable, formats, indexing, redo
from helpdesk.store.durable import HINDERED
from helpdesk.store.folder import Documents, FileStamp
from helpdesk.store.index import Damaged, Index, Outrun
from helpdesk.store.kinds import KINDS
from helpdesk.store.lock import WriterLock
from helpdesk.store.schema import UNKNOWN

if TYPE_CHECKING:
    from sqlite3 import Connection

    from helpdesk.store.aside import Aside
    from helpdesk.store.base import Progress
    from helpdesk.store.begun import Begun
    from helpdesk.store.catching_up import CatchingUp
    from helpdesk.store.formats import Brought
    from helpdesk.store.writing import FileWriting

R = TypeVar("R")


class Keeping:
    """The index of the desk in folder ``desk``, its documents, and the right to write."""

    def __init__(self, desk: Path) -> None:
        self.desk = desk
        self.index = Index(desk)
        self.lock = WriterLock(desk / begun.LOCK_FILE, desk=desk)
        self.documents = {kind: Documents(desk, kind, lambda _: None) for kind in KINDS}
        self._aside: Aside | None = None
        self._catching = threading.Lock()
        self._is_thorough = False
        self._opened = False
        self._behind = False
        self.brought: Brought | None = None
        """That this program has brought the desk forward to its format."""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the writer lock, with whatever a process that died had begun finished first.

        Raises:
            TryAgain, CannotCreate, Unavailable; BadConfiguration for a desk of a newer format.
        """
        if self.lock.is_ours():
            # The index was lost since this write began, and what it asks now is not known.
            raise TryAgain(
                "the index of the desk has to be made anew first; nothing was saved, try again"
            )
        with self.lock:
            self._finish()
            try:
                self._put_right()
            except Damaged as damage:
                self._mend(damage)
            yield

    def finish(self) -> None:
        """Finish what a process that died had begun, and bring an older desk forward.

        Who cannot write here reads the desk as it is; whoever writes next does it. Raises
        BadConfiguration for a desk of a newer format.
        """
        if formats.is_older(self.desk) or redo.is_left(self.desk):
            with suppress(HelpdeskError), self.lock:
                self._finish()

    def read(self, ask: Callable[[Connection], R]) -> R:
        """What ``ask`` gets from the index; one that turns out to be damaged is made anew."""
        for _ in range(2):
            if self._behind and self._opened:
                # Whoever opened the desk has caught up once, and will not do so again.
                self.catch_up()
            try:
                with self.reading() as db:
                    return ask(db)
            except Damaged as damage:
                self.replace(damage)
            except HINDERED as why:
                self._turn_aside(why)
        with self.reading() as db:
            return ask(db)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to the index that is in use; raises as ``Index.reading``."""
        if self._aside is not None and self._aside.is_outdated():
            self._return()
        with (self._own or self.index).reading() as db:
            yield db

    @property
    def why_aside(self) -> str | None:
        """What hinders this desk from being written to, as one line, once it has been met."""
        return self._aside.why or None if self._aside is not None else None

    def close(self) -> None:
        """Let go of files."""
        self.index.close()
        if self._aside is not None:
            self._aside.close()

    def save(self, writing: FileWriting) -> None:
        """Write what was put, and take it into the index; needs to be alone.

        Raises:
            CannotCreate, TryAgain, InvalidInput: nothing was written.
        """
        _ = writing.rows  # raises what the index could not take
        try:
            self._save(writing)
        except Damaged as damage:
            self._mend(damage)
            self._save(writing)
        self._return()

    def _save(self, writing: FileWriting) -> None:
        is_saved = False
        try:
            with self.index.changing() as db:
                folders = self._put_rows(db, writing)
                begun.note(self.lock, writing.changed(), writing.new_files())
                writing.save()
                is_saved = True
                self._note_saved(db, writing, folders)
            begun.clear(self.lock)
        except HelpdeskError:
            if not is_saved:
                raise
            # The documents are saved, and the note has them taken in later.
            self._behind = True

    def next_number(self, kind: str) -> int | None:
        """The number that the index has noted for the next document, if it knows them all."""
        with self.index.reading() as db:
            return indexing.next_number(db, kind)

    def catch_up(
        self,
        *,
        thorough: bool = False,
        by_folders: bool = False,
        resting: bool = False,
        progress: Progress | None = None,
    ) -> int:
        """Take in documents that were changed from outside; gives how many there were."""
        if by_folders and self._is_thorough:
            # Another thread looks at every file. On a large desk whoever waited would wait long.
            with suppress(Damaged, *HINDERED):
                return self._catching_up().run(by_folders=True, progress=progress)
        with self._catching:
            self._opened, self._behind = True, False
            if self._own is None:
                try:
                    return self._catch_up(thorough, by_folders, resting, progress)
                except HINDERED as why:
                    self._turn_aside(why)
                    self._behind = False
            return self._catch_up_aside(thorough, progress)

    def take_in_mended(self) -> int:
        """Take in the unreadable documents that were changed since; gives how many there were."""
        changed = [
            key for key, stamp in self.read(indexing.faulty_stamps) if self._is_other(key, stamp)
        ]
        if changed:
            with self.alone():
                self._catching_up(alone=True).take_in(changed)
        return len(changed)

    def _differs(self, index: Index, key: tuple[str, int]) -> bool:
        kind, number = key
        with index.reading() as db:
            taken = indexing.stamps(db, kind, number, number).get(number)
        return self._is_other(key, taken)

    def _is_other(self, key: tuple[str, int], stamp: FileStamp | None) -> bool:
        from helpdesk.store.reading import stamp_of

        kind, number = key
        return stamp_of(self.documents[kind], number) != stamp

    def reindex(self, progress: Progress | None = None) -> int:
        """Build the index anew; gives the number of documents."""
        with self._catching:
            self._behind = False
            return self._build(progress)

    def _catch_up(
        self, thorough: bool, by_folders: bool, resting: bool, progress: Progress | None
    ) -> int:
        if not self.index.is_usable():
            return self._build(progress)
        try:
            if redo.is_left(self.desk) or begun.seen(self.desk):
                with self.alone():
                    pass
            if durable.is_cluttered(self.desk):
                with self.alone():
                    durable.clear_away([self.desk])
            self._is_thorough = thorough
            return self._catching_up().run(
                thorough=thorough, by_folders=by_folders, resting=resting, progress=progress
            )
        except Damaged:
            return self._build(progress)
        finally:
            self._is_thorough = False

    def _catch_up_aside(self, thorough: bool, progress: Progress | None) -> int:
        from helpdesk.store.catching_up import CatchingUp

        own = self._own
        if own is None:  # somebody has changed the index of the desk meanwhile
            return 0
        catching_up = CatchingUp(own, self.documents, nullcontext, pause=0)
        noted = [key for key in begun.seen(self.desk).documents if self._differs(own, key)]
        if noted:
            catching_up.take_in(noted)
        return catching_up.run(thorough=thorough, progress=progress)

    @property
    def _own(self) -> Index | None:
        """The index of this process alone, where that of the desk cannot be written."""
        return None if self._aside is None else self._aside.index

    def _turn_aside(self, why: HelpdeskError) -> None:
        """Go on with an index of this process alone. Raises ``why`` if there cannot be one."""
        if self._aside is None:
            from helpdesk.store.aside import Aside

            self._aside = Aside(self.index)
        self._aside.make(why)
        self._behind = True

    def _return(self) -> None:
        """Use the index of the desk again."""
        if self._aside is not None and self._aside.index is not None:
            self._aside.drop()
            self._behind = True

    def replace(self, damage: Damaged) -> None:
        """Have another index than the one that was found damaged."""
        if self._own is not None:
            self._return()
            return
        try:
            with self.alone():
                self._mend(damage)
        except HINDERED as why:
            self._turn_aside(why)

    def _finish(self) -> None:
        is_older = formats.is_older(self.desk)
        redo.finish(self.desk)
        if is_older:
            self.brought = formats.bring_forward(self.desk, self.documents)
            self._behind = True

    def _put_right(self) -> None:
        if not self.index.is_usable():
            self._renew()
            begun.clear(self.lock)
            return
        noted = begun.left(self.lock)
        if noted:
            folders = {self.documents[k].path_of(n).parent for k, n in noted.documents}
            durable.clear_away({self.desk, *folders})
            self._catching_up(alone=True).take_in(noted.documents)
            self._clear_archive(noted)
            begun.clear(self.lock)

    def _clear_archive(self, noted: Begun) -> None:
        """Remove the files that came into the archive for documents that were never written."""
        from helpdesk.store import mail_finding
        from helpdesk.store.archive import Archive

        with self.index.reading() as db:
            files = noted.files
            if not indexing.is_complete(db) or any(
                indexing.is_faulty(db, kind, number) for kind, number in noted.documents
            ):
                files = ()  # who knows what is referred to
            unused = [sha256 for sha256 in files if not mail_finding.referring_to(db, sha256)]
        Archive(self.desk).clear_away(unused)

    def _renew(self) -> None:
        self._clear_away()
        self.index.renew()
        self._behind = True

    def _mend(self, damage: Damaged) -> None:
        """Put an empty index in the place of a damaged one, unless somebody did so already."""
        if damage.file == self.index.file():
            self._renew()

    def _put_rows(self, db: Connection, writing: FileWriting) -> dict[tuple[str, str], bool]:
        """Put into the index what it keeps of the documents that are about to be saved; gives their
        folders, and whether the index knows every document in them as it is."""
        indexing.put(db, writing.rows.values())
        for kind, gone in writing.removed.items():
            indexing.remove(db, kind, gone)
        folders = {(kind, f"{number // 1000:04d}") for kind, number in writing.changed()}
        return {
            (kind, name): self._folder_time(kind, name) == indexing.folder_time(db, kind, name)
            for kind, name in folders
        }

    def _note_saved(
        self, db: Connection, writing: FileWriting, folders: dict[tuple[str, str], bool]
    ) -> None:
        """Note how the documents and their folders lie now that they are saved."""
        from helpdesk.store.reading import stamp_of

        indexing.note_documents(
            db,
            [
                indexing.Taken(kind, stamp, rows)
                for (kind, number), rows in writing.rows.items()
                if (stamp := stamp_of(self.documents[kind], number)) is not None
            ],
        )
        new = [key for key, rows in writing.rows.items() if rows.rev == 1]
        for kind, number in dict(sorted(new)).items():  # the largest of each table
            indexing.pass_number(db, kind, number)
        for kind, number in writing.next_numbers.items():
            indexing.raise_next(db, kind, number)
        for (kind, name), known in folders.items():
            mtime_ns = self._folder_time(kind, name) if known else None
            indexing.note_folder(db, kind, name, mtime_ns or UNKNOWN)
        indexing.count_change(db)

    def _folder_time(self, kind: str, name: str) -> int | None:
        try:
            found = os.stat(f"{self.desk}/{kind}/{name}")  # noqa: PTH116 - twice in every write
        except OSError:
            return None
        return found.st_mtime_ns

    def _build(self, progress: Progress | None) -> int:
        """Build an index aside, so that agents work on meanwhile, and put it in place."""
        from helpdesk.store.catching_up import CatchingUp

        with self.alone():
            pass  # there is an index to work with until then
        try:
            with self.index.building() as fresh:
                filling = CatchingUp(fresh, self.documents, nullcontext, pause=0)
                filling.run(progress=progress)
                with self.alone():
                    filling.run()
                    self._keep_numbers(fresh)
                    fresh.close()
                    self.index.put_in_place(fresh)
        except Outrun:
            self._catching_up().run(progress=progress)
        self._behind = False
        with self.index.reading() as db:
            return indexing.count_documents(db)

    def _clear_away(self) -> None:
        """Remove what is left of writes that never finished, of which a lost index knew."""
        from helpdesk.store.checking import leftovers

        for path in leftovers(self.desk, self.documents):
            with suppress(OSError):
                durable.files.unlink(path)

    def _keep_numbers(self, fresh: Index) -> None:
        """Hand on the next numbers, as the index to be replaced has noted them."""
        for kind in KINDS:
            with suppress(Damaged):
                number = self.next_number(kind)
                if number is not None:
                    with fresh.changing() as db:
                        indexing.raise_next(db, kind, number)

    def _catching_up(self, *, alone: bool = False) -> CatchingUp:
        from helpdesk.store.catching_up import CatchingUp

        return CatchingUp(self.index, self.documents, nullcontext if alone else self.alone)
