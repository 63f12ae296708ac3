"""The header block of a message or a part, from bytes; it takes whatever comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from helpdesk.mail import encoded_words
from helpdesk.text import clean_line

LONG = 10_000
"""Characters of a header's value that are kept where the caller names no limit."""

_LINE = re.compile(rb"([^\n]*)(?:\n|\Z)")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_LOOKED_THROUGH = 16
"""Times the limit of bytes that are kept: what one field has beyond its share is passed over."""
_EMPTY_LINE = re.compile(rb"\n\r*\n")
_ENVELOPE = re.compile(rb">?From (?![ \t]*:)")
_KNOWN = re.compile(
    rb"(?:x-|content-|list-|resent-|arc-|dkim|authentication)[a-z0-9_-]*"
    rb"|from|to|cc|bcc|subject|date|sender|received(?:-spf)?|message-id|mime-version|reply-to"
    rb"|return-path|delivered-to|envelope-to|in-reply-to|references|importance|priority"
    rb"|precedence|user-agent|organization|auto-submitted|thread-(?:topic|index)|status|comments"
    rb"|keywords|newsgroups|path|lines|errors-to|disposition-notification-to",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Headers:
    """Fields in the order of the message; names in lower case, values unfolded raw bytes."""

    fields: tuple[tuple[str, bytes], ...] = ()

    def raw(self, name: str) -> bytes | None:
        """The first value of that name as it came."""
        return next(self.raws(name), None)

    def raws(self, name: str) -> Iterator[bytes]:
        """All values of that name as they came."""
        return (value for key, value in self.fields if key == name)

    def get(self, name: str, limit: int = LONG) -> str | None:
        """The first value of that name, decoded and cleaned into one line."""
        value = self.raw(name)
        return None if value is None else readable(value, limit)

    def all(self, name: str, limit: int = LONG) -> list[str]:
        """All values of that name, decoded and cleaned."""
        return [readable(value, limit) for value in self.raws(name)]

    def names(self) -> frozenset[str]:
        """The names that occur, in lower case."""
        return frozenset(name for name, _ in self.fields)

    def __contains__(self, name: object) -> bool:
        return any(key == name for key, _ in self.fields)


NO_HEADERS = Headers()


def readable(value: bytes, limit: int = LONG, hint: str | None = None) -> str:
    """A raw value decoded (RFC 2047) and cleaned into one line; ``hint`` names the charset to try
    for bytes that state none."""
    return clean_line(encoded_words.decode(value[: 4 * limit], hint), limit)


class Block(NamedTuple):
    """A header block, where the body after it starts, and what was wrong."""

    headers: Headers
    body: int
    faults: tuple[str, ...] = ()
    oversize: bool = False


def read_block(raw: memoryview, start: int, limit: int, *, outermost: bool = False) -> Block:
    """The header block at ``start``; of at most ``limit`` bytes."""
    lines = _Lines(raw, start)
    if outermost:
        lines.skip_envelope()
    block = _Reading(lines, most=limit // 4 * 3)
    while not lines.at_end():
        line = lines.take(start + limit * _LOOKED_THROUGH)
        if line is None:
            return block.cut_short()
        if not block.take(line):
            break
        if lines.position - start - block.left_out > limit:
            return block.cut_short()
    if outermost and not any(_KNOWN.fullmatch(name.encode()) for name, _ in block.fields):
        return Block(NO_HEADERS, lines.first, ("there are no headers",))
    faults = tuple(dict.fromkeys(block.faults))
    return Block(block.headers(), lines.position, faults, oversize=block.left_out > 0)


class _Reading:
    """A header block as far as it is read; of one field no more than ``most`` bytes, so that
    others are read after it."""

    def __init__(self, lines: _Lines, most: int) -> None:
        self._lines = lines
        self._most = most
        self._kept = 0
        self.left_out = 0
        self.fields: list[tuple[str, list[bytes]]] = []
        self.faults: list[str] = []

    def take(self, line: bytes) -> bool:
        """Take in one line; False if the headers end with it."""
        if not line.strip():
            return bool(line) and self._lines.next_is_field()
        if line[:1] in b" \t" and self.fields:
            self.fields[-1][1].append(self._cut(line))
            return True
        found = _FIELD.match(line.lstrip(b" \t"))
        if found:
            self._kept = 0
            self.fields.append((found[1].decode("ascii").lower(), [self._cut(found[2])]))
            return True
        if _ENVELOPE.match(line):
            return True
        if line.startswith(b"--") or not self._lines.next_is_field(known=True):
            self._lines.back()
            self.faults.append("the headers end without an empty line")
            return False
        self.faults.append("a line among the headers is no header")
        return True

    def _cut(self, line: bytes) -> bytes:
        """As much of a line of the field at hand as is kept."""
        kept = line[: self._most - self._kept]
        self._kept += len(kept)
        if len(kept) < len(line):
            self.left_out += len(line) - len(kept)
            self.faults.append("a header is longer than is read")
        return kept

    def headers(self) -> Headers:
        return Headers(
            tuple(
                (name, b"".join(lines).replace(b"\0", b"").strip()) for name, lines in self.fields
            )
        )

    def cut_short(self) -> Block:
        """What there is of headers that are too long; the body begins after their end."""
        body = self._lines.after_empty_line()
        self.faults.append("the headers are longer than is read")
        return Block(self.headers(), body, tuple(self.faults), oversize=True)


class _Lines:
    """Line by line through a message, with one line to look ahead."""

    def __init__(self, raw: memoryview, position: int) -> None:
        self._raw = raw
        self.position = self._last = self.first = position

    def at_end(self) -> bool:
        return self.position >= len(self._raw)

    def take(self, end: int) -> bytes | None:
        """The next line without its line break, or None if it goes beyond ``end``."""
        found = _LINE.match(self._raw, self.position)
        if found is None or found.end(1) > end:
            return None
        self._last, self.position = self.position, found.end()
        return found[1].rstrip(b"\r")

    def after_empty_line(self) -> int:
        """Where the first empty line from here ends."""
        found = _EMPTY_LINE.search(self._raw, self.position)
        return found.end() if found else len(self._raw)

    def back(self) -> None:
        self.position = self._last

    def next_is_field(self, *, known: bool = False) -> bool:
        found = _LINE.match(self._raw, self.position, self.position + 1000)
        name = _FIELD.match(found[1]) if found else None
        return name is not None and (not known or _KNOWN.fullmatch(name[1]) is not None)

    def skip_envelope(self) -> None:
        """Past a byte order mark, empty lines and an mbox line, if headers follow them."""
        if bytes(self._raw[self.position : self.position + 3]) == b"\xef\xbb\xbf":
            self.position += 3
        while not self.at_end():
            line = self.take(self.position + 1000)
            if line is None or (line.strip() and not _ENVELOPE.match(line)):
                self.back()
                break
            if line.strip():
                self.first = self.position
        if not self.next_is_field():
            self.position = self.first
        self._last = self.position
