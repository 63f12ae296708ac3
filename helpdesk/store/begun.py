"""What whoever holds the writer lock is about to write, noted in the lock file itself.

Who dies while writing leaves the note behind, and whoever holds the lock next takes into the index
what may have been written, before anything else. As the index itself, the note need not outlive a
power cut: what is lost of both is found by the times of the folders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk.store.kinds import KINDS
from helpdesk.store.plain import read_plain_file
from helpdesk.store.schema import LARGEST_ID

if TYPE_CHECKING:
    from helpdesk.store.lock import WriterLock

LOCK_FILE = ".lock"

_DOCUMENT = re.compile(rf"({'|'.join(KINDS)}) ([1-9][0-9]{{0,18}})")
_FILE = re.compile(r"archive ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Begun:
    """The documents about to be written or removed, by table and number, and the files that come
    into the archive for them, by their hashes. False if there are none."""

    documents: tuple[tuple[str, int], ...] = ()
    files: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.documents or self.files)


def note(lock: WriterLock, documents: Iterable[tuple[str, int]], files: Iterable[str]) -> None:
    """Note what is about to be written; the lock must be held. Raises CannotCreate."""
    lines = [f"{kind} {number}\n" for kind, number in documents]
    lines.extend(f"archive {sha256}\n" for sha256 in files)
    lock.write("".join(lines).encode())


def clear(lock: WriterLock) -> None:
    """Take the note away: all of it is in the index. The lock must be held. Raises CannotCreate."""
    lock.write(b"")


def left(lock: WriterLock) -> Begun:
    """What whoever held the lock before had begun and not taken in. Raises CannotCreate."""
    data = lock.read()
    return _parsed(data) if data else _NOTHING


def seen(desk: Path) -> Begun:
    """The same without the lock: somebody may be writing it right now. What cannot be read is
    taken for none."""
    try:
        return _parsed(read_plain_file(desk / LOCK_FILE))
    except OSError:
        return _NOTHING


def _parsed(data: bytes) -> Begun:
    """A line that was cut short, or written by hand, names at worst another document, which is then
    taken in again."""
    lines = data.decode("utf-8", "replace").splitlines()
    documents = [found for line in lines if (found := _DOCUMENT.fullmatch(line))]
    files = [found for line in lines if (found := _FILE.fullmatch(line))]
    numbers = [(found[1], int(found[2])) for found in documents]
    return Begun(
        documents=tuple((kind, number) for kind, number in numbers if number <= LARGEST_ID),
        files=tuple(found[1] for found in files),
    )


_NOTHING = Begun()
