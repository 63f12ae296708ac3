"""The messages of an mbox file or a maildir, in the order in which they were received."""

from __future__ import annotations

import errno
import mmap
import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_tz
from pathlib import Path
from typing import BinaryIO, Protocol

from helpdesk.domain.errors import InvalidInput, NotFound
from helpdesk.store.plain import read_plain_file

_HEADER_NEXT = rb"(?=>?From |(?!https?://)[!-9;-~]{1,80}[ \t]*:)"
_ALONE = rb"\S{1,300}[ \t\r]{0,9}\n"
_TIMED = rb"[^\n]{0,300}?\d:\d\d[^\n]{0,99}\n"
_DATED = (
    rb"\S{0,300}[ \t]{1,9}[A-Z][a-z]{2}[ \t]{1,9}[A-Z][a-z]{2}[ \t]{1,9}\d{1,2}[ \t]{1,9}"
    rb"\d\d?:\d\d[^\n]{0,99}\n"
)
_AFTER_BLANK = rb"(?:(?<=\AFrom )|(?<=\n\nFrom )|(?<=\n\r\nFrom ))"
_SEPARATOR = re.compile(
    rb"From (?:" + _AFTER_BLANK + rb"(?:" + _ALONE + rb"|" + _DATED + rb"|" + _TIMED + _HEADER_NEXT
    + rb")|(?<=\nFrom )" + _DATED + _HEADER_NEXT + rb")"
)  # fmt: skip
"""The line before a message: a sender alone, or with a date, or with a time and headers below.
Programs that quote nothing leave sentences that begin like it; others leave out the empty line."""
_FIELD = re.compile(rb"(?:\xef\xbb\xbf)?\s*[!-9;-~]{1,80}[ \t]*:")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEADERS_END = re.compile(rb"\n\r?\n")
_RECEIVED = re.compile(rb"^Received:((?:[^\n]*\n[ \t])*[^\n]*)", re.MULTILINE | re.IGNORECASE)
_DATE = re.compile(rb"^Date:((?:[^\n]*\n[ \t])*[^\n]*)", re.MULTILINE | re.IGNORECASE)
LINK = "a link, which is not followed"
_LONGEST_HEADERS = 64 * 1024
_AT_ONCE = 16 * 1024 * 1024
_NOT_TAKEN = frozenset({"trash", "junk", "spam", "drafts"})


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A message of a mailbox: when it was received, in seconds since 1970, and where it lies."""

    at: float
    place: int


class Mailbox(Protocol):
    """The messages of a mailbox, each read when it is asked for."""

    entries: list[Entry]
    left_out: list[str]
    """What lies among the messages and is none, such as a link: a line for each."""

    def read(self, entry: Entry) -> bytes:
        """The message as it came. Raises OSError."""

    def close(self) -> None:
        """Let go of files."""


class Mbox:
    """An mbox file: messages after lines that begin with ``From``; or a single message.

    Raises NotFound, and InvalidInput for a file that is neither.
    """

    def __init__(self, path: Path) -> None:
        self._file = _opened(path)
        found = os.fstat(self._file.fileno())
        self._ends: list[int] = []
        starts = _separators(self._file, found.st_size) if found.st_size else []
        if found.st_size and not starts and not _FIELD.match(self._bytes(0, _LONGEST_HEADERS)):
            self.close()
            raise InvalidInput(f"{path.name} is no mbox: nothing in it begins as a message does")
        self.entries = sorted(self._found(starts, found.st_size, found.st_mtime))
        self.left_out: list[str] = []

    def read(self, entry: Entry) -> bytes:
        """The message without the line before it and the quoting of such lines within it."""
        raw = self._bytes(entry.place, self._end(entry.place))
        first = _SEPARATOR.match(raw)
        raw = raw[first.end() :] if first else raw
        return _QUOTED.sub(rb"\1", raw) if b"\n>" in raw else raw

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _found(self, starts: list[int], size: int, mtime: float) -> Iterator[Entry]:
        if size and (not starts or self._bytes(0, starts[0]).strip()):
            starts.insert(0, 0)  # what stands before the first such line is a message too
        self._ends = [*starts[1:], size] if starts else []
        before = mtime
        for start, end in zip(starts, self._ends, strict=True):
            head = self._bytes(start, min(end, start + _LONGEST_HEADERS))
            before = received(head) or before
            yield Entry(before, start)

    def _end(self, start: int) -> int:
        end = self._ends[bisect_right(self._ends, start)]
        # The empty line that ends a message in an mbox is not of it.
        last = self._bytes(max(start, end - 3), end)
        if last.endswith(b"\n\r\n"):
            end -= 2
        elif last.endswith(b"\n\n"):
            end -= 1
        return end

    def _bytes(self, start: int, end: int) -> bytes:
        return os.pread(self._file.fileno(), end - start, start)


def _separators(file: BinaryIO, size: int) -> list[int]:
    """Where the lines before messages begin.

    What was looked through is let go of, so that a large file never lies in memory whole.
    """
    starts: list[int] = []
    with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as data:
        place = 0
        while place < size:
            end = min(place + _AT_ONCE, size)
            if end < size:  # up to the end of a line, so that no separator is cut
                line = data.rfind(b"\n", place, end)
                end = (line if line >= 0 else data.find(b"\n", end)) + 1 or size
            seen = (data.find(b"\n", end) + 1 or size) if end < size else size
            found = (each.start() for each in _SEPARATOR.finditer(data, place, seen))
            starts.extend(start for start in found if start < end)
            data.madvise(mmap.MADV_DONTNEED)
            place = end
    return starts


class Maildir:
    """A maildir and the folders in it, but for trash, junk and drafts."""

    def __init__(self, path: Path) -> None:
        within = sorted(p for p in path.glob(".*") if p.is_dir() and _is_taken(p))
        folders = [path, *(each for each in within if not each.is_symlink())]
        found = [
            message
            for folder in folders
            for name in ("new", "cur")
            for message in _messages(folder / name)
        ]
        found += [each for each in within if each.is_symlink()]
        whys = {each: _no_message(each) for each in found}
        self._paths = [each for each, why in whys.items() if why is None]
        self.left_out = [f"{each}: {why}" for each, why in whys.items() if why is not None]
        if not any((folder / "cur").is_dir() for folder in folders):
            raise InvalidInput(f"{path} is no maildir: it has no folder named cur")
        self.entries = sorted(
            Entry(_received_in(message), place) for place, message in enumerate(self._paths)
        )

    def read(self, entry: Entry) -> bytes:
        """The message's file, which is no link: that may lead to what is no mail."""
        path = self._paths[entry.place]
        try:
            return read_plain_file(path)
        except OSError as error:
            why = LINK if error.errno == errno.ELOOP else error.strerror
            raise OSError(error.errno, why, str(path)) from None

    def close(self) -> None:
        """Nothing is held."""


def received(head: bytes) -> float | None:
    """When a message was received by its uppermost Received line, else by the line before it in
    an mbox, else when it was written; in seconds since 1970, None if nothing says."""
    end = _HEADERS_END.search(head)
    head = head[: end.end()] if end else head
    found = _RECEIVED.search(head)
    if found is not None:
        at = _seconds(found[1].rpartition(b";")[2])
        if at is not None:
            return at
    if head.startswith(b"From "):
        at = _seconds(b" ".join(head.split(b"\n", 1)[0].split()[2:]))
        if at is not None:
            return at
    stated = _DATE.search(head)
    return _seconds(stated[1]) if stated else None


def batches(
    mailbox: Mailbox, messages: int, size: int, lost: Callable[[OSError], None]
) -> Iterator[list[tuple[Entry, bytes]]]:
    """The messages in their order, so many or so many bytes at a time.

    One that has gone since the mailbox was looked through is passed over; ``lost`` is told of one
    that cannot be read.
    """
    left = iter(mailbox.entries)
    batch: list[tuple[Entry, bytes]] = []
    held = 0
    for entry in left:
        try:
            raw = mailbox.read(entry)
        except FileNotFoundError:
            continue
        except OSError as error:
            lost(error)
            continue
        batch.append((entry, raw))
        held += len(raw)
        if len(batch) >= messages or held >= size:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def moment(entry: Entry, now: datetime) -> datetime:
    """When the message was received, in UTC; never after ``now``."""
    try:
        return min(datetime.fromtimestamp(entry.at, UTC), now)
    except (ValueError, OverflowError, OSError):
        return now


def _seconds(stated: bytes) -> float | None:
    try:
        fields = parsedate_tz(stated.decode("ascii", "replace").strip())
        if fields is None:
            return None
        at = datetime(*fields[:6], tzinfo=UTC).timestamp() - (fields[9] or 0)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return at if at > 0 else None


def _received_in(path: Path) -> float:
    with suppress(OSError), open(path, "rb", opener=_no_link) as file:
        at = received(file.read(_LONGEST_HEADERS))
        return at if at is not None else os.fstat(file.fileno()).st_mtime
    return 0.0


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _messages(folder: Path) -> list[Path]:
    """The files of a folder; of one that is a link, the link itself, which is not taken."""
    if folder.is_symlink():
        return [folder]
    if not folder.is_dir():
        return []
    return sorted(each for each in folder.iterdir() if each.name[0] != "." and not _is_folder(each))


def _no_message(path: Path) -> str | None:
    """Why what lies among the messages is none; that may lead anywhere, or never end."""
    if path.is_symlink():
        return LINK
    return None if path.is_file() or not path.exists() else "not a plain file"


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_taken(folder: Path) -> bool:
    return not _NOT_TAKEN & set(folder.name.lower().split("."))


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise NotFound(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise InvalidInput(f"{path} is a folder: is it a maildir?") from None
