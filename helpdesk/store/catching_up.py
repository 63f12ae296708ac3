"""Finding the documents that were changed from outside, and taking them into the index."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from itertools import islice

from helpdesk.domain.errors import TryAgain
from helpdesk.store import durable, indexing
from helpdesk.store.folder import Documents
from helpdesk.store.index import Index
from helpdesk.store.reading import take
from helpdesk.store.schema import LARGEST_ID, UNKNOWN

SMALL_DESK = 20
"""Folders (of 1000 documents each) that are looked through file by file each time."""

CHUNK = 300
"""Documents taken in under one writer lock."""

_PAUSE = 0.03  # seconds; longer than a waiting writer sleeps between two tries for the lock
_RESTS = 4
"""So many times as long as a folder of a large desk took, nothing is done after it."""
_TICK_NS = 50_000_000

Progress = Callable[[int, int], None]
Key = tuple[str, int]


@dataclass(slots=True)
class _Differences:
    """What the disk holds otherwise than the index, and the folders that tell it.

    A change in the same tick of the clock as the look would not show later on, so only a folder
    last changed before ``settled`` (nanoseconds since 1970) is noted as known.
    """

    documents: list[Key] = field(default_factory=list)
    folders: dict[tuple[str, str], int | None] = field(default_factory=dict)
    settled: int = 0


class CatchingUp:
    """Brings an index in step with the documents.

    ``alone`` gives a context in which nobody else writes: the writer lock, or nothing where it is
    held already or where nobody else knows the index.
    """

    def __init__(
        self,
        index: Index,
        documents: Mapping[str, Documents],
        alone: Callable[[], AbstractContextManager[object]],
        *,
        pause: float = _PAUSE,
    ) -> None:
        self._index = index
        self._documents = documents
        self._alone = alone
        self._pause = pause

    def run(
        self,
        *,
        thorough: bool = False,
        by_folders: bool = False,
        resting: bool = False,
        progress: Progress | None = None,
    ) -> int:
        """Take in what differs; gives how many documents that were.

        ``thorough`` looks at every file; else at those in folders whose time of change is another
        than noted, unless the desk is small. ``by_folders`` looks so at a small desk too: what
        was edited in place is left for another time. ``resting`` leaves the processor to others
        most of the time.
        """
        found = self._differences(thorough, by_folders, resting)
        total = len(found.documents)
        done = 0
        for chunk in _chunks(found.documents, CHUNK):
            if done:
                time.sleep(self._pause)
            with self._alone():
                self.take_in(chunk)
            done += len(chunk)
            if progress is not None:
                progress(done, total)
        with suppress(TryAgain, *durable.HINDERED):
            # What is not noted is only looked at again.
            self._note_folders(found)
        return total

    def take_in(self, documents: Sequence[Key]) -> None:
        """Read these documents and take them in as they are now; needs to be alone."""
        taken = []
        gone: list[Key] = []
        for kind, number in documents:
            one = take(self._documents[kind], number)
            if one is None:
                gone.append((kind, number))
            else:
                taken.append(one)
        with self._index.changing() as db:
            indexing.take_in(db, taken)
            for kind in self._documents:
                indexing.remove(db, kind, [number for k, number in gone if k == kind])
            indexing.count_change(db)

    def _differences(self, thorough: bool, by_folders: bool, resting: bool) -> _Differences:
        found = _Differences(settled=time.time_ns() - _TICK_NS)
        times = {kind: documents.folders() for kind, documents in self._documents.items()}
        small = sum(map(len, times.values())) <= SMALL_DESK
        thorough = thorough or (small and not by_folders)
        for kind, now in times.items():
            with self._index.reading() as db:
                noted = indexing.folder_times(db, kind)
            names = (name for name in {*now, *noted} if int(name) <= LARGEST_ID // 1000)
            for name in sorted(names, key=int):
                same = now.get(name) == noted.get(name)
                begun = time.monotonic()
                if thorough or not same:
                    found.documents.extend(self._in_folder(kind, name))
                if thorough and not small and resting:
                    # An open desk has its agent's keys to answer meanwhile.
                    time.sleep((time.monotonic() - begun) * _RESTS)
                if not same:
                    found.folders[kind, name] = now.get(name)
        return found

    def _in_folder(self, kind: str, name: str) -> list[Key]:
        first = int(name) * 1000
        with self._index.reading() as db:
            gone = indexing.stamps(db, kind, first, first + 999)
        there = self._documents[kind].scan(name)
        changed = [stamp.doc_id for stamp in there if gone.pop(stamp.doc_id, None) != stamp]
        return [(kind, number) for number in sorted([*changed, *gone])]

    def _note_folders(self, found: _Differences) -> None:
        with self._index.reading() as db:
            unknown = [k for k in self._documents if indexing.next_number(db, k) is None]
        if not found.folders and not unknown:
            return
        with self._alone(), self._index.changing() as db:
            for (kind, name), mtime_ns in found.folders.items():
                if mtime_ns is None:
                    indexing.forget_folder(db, kind, name)
                else:
                    settled = mtime_ns < found.settled
                    indexing.note_folder(db, kind, name, mtime_ns if settled else UNKNOWN)
            for kind in unknown:
                indexing.raise_next(db, kind, indexing.largest(db, kind) + 1)


def _chunks(documents: Iterable[Key], size: int) -> Iterable[list[Key]]:
    rest = iter(documents)
    while chunk := list(islice(rest, size)):
        yield chunk
