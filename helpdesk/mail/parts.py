"""The parts of a message (MIME), found by one pass over its bytes without copying any body."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from helpdesk.mail import params, transfer
from helpdesk.mail.headers import Block, Headers, read_block
from helpdesk.mail.limits import Limits

_DASHES = re.compile(rb"\n--([^\n]{0,1000})")
_FIRST_LINE = re.compile(rb"--([^\n]{0,1000})")
_LIKELY = re.compile(rb"(?:\A|\n)--([^\r\n]{1,200}?)[ \t]*\r*\nContent-[A-Za-z-]+[ \t]*:", re.I)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_GO_ON = re.compile(
    rb"(?:[ \t]*\r?\n){0,4}(?=(?:MIME-Version|Content-(?:Type|Transfer-Encoding|Disposition)):)",
    re.I,
)
_LOOK_AHEAD = 64 * 1024


@dataclass(slots=True)
class Part:
    """One part; ``body`` is a view of the message, still encoded."""

    headers: Headers
    type: str
    params: dict[str, str]
    body: memoryview
    parts: list[Part] = field(default_factory=list)
    _disposition: tuple[str, dict[str, str]] | None = None

    @property
    def encoding(self) -> str:
        """The transfer encoding."""
        stated = self.headers.raw("content-transfer-encoding")
        return transfer.name_of(None if stated is None else stated.decode("latin-1"))

    def disposition(self, hint: str | None = None) -> tuple[str, dict[str, str]]:
        """What Content-Disposition says: its value and parameters."""
        if self._disposition is None:
            stated = self.headers.raw("content-disposition")
            self._disposition = ("", {}) if stated is None else params.parse(stated, hint)
        return self._disposition

    def content(self) -> bytes:
        """The decoded body."""
        return transfer.decode(self.body, self.encoding)


@dataclass(slots=True)
class Message:
    """The outermost part with all that was noticed on the way."""

    root: Part
    faults: list[str]
    oversize: bool


def read(raw: memoryview, limits: Limits) -> Message:
    """The parts of a message; never raises. What goes over a limit stays in one part."""
    reader = _Reader(raw, limits)
    reader.read()
    return Message(reader.root, list(dict.fromkeys(reader.faults)), reader.oversize)


@dataclass(slots=True)
class _Open:
    """A multipart whose end is not yet found."""

    part: Part
    boundary: bytes
    start: int


class _Reader:
    def __init__(
        self, raw: memoryview, limits: Limits, boundary: bytes | None = None, rereads: int = 3
    ) -> None:
        self._raw = raw
        self._limits = limits
        self._rereads = rereads
        self._open: list[_Open] = []
        self._by_boundary: dict[bytes, list[int]] = defaultdict(list)
        self._leaf: Part | None = None
        self._leaf_start = 0
        self._count = 0
        self._header_bytes = 0
        self.faults: list[str] = []
        self.oversize = False
        self.root = self._begin(0) if boundary is None else self._within(boundary)

    def read(self) -> None:
        for found in _dashed_lines(self._raw):
            if not self._open:
                break
            if found.end() - len(found[0].lstrip(b"\n")) < self._leaf_start:
                continue  # within headers
            line = found[1].rstrip()
            if line in self._by_boundary:
                if not self._next(line, found):
                    return
            elif line.endswith(b"--") and line[:-2] in self._by_boundary:
                self._close(self._by_boundary[line[:-2]][-1], found.start())
        self._end_leaf(len(self._raw))
        self._close(0, len(self._raw), cut_off=True)

    def _next(self, boundary: bytes, found: re.Match[bytes]) -> bool:
        level = self._by_boundary[boundary][-1]
        self._end_leaf(found.start())
        self._close(level + 1, found.start(), cut_off=True)
        if self._count >= self._limits.parts:
            self._over("there are more parts than are read")
            self._close(0, len(self._raw))
            return False
        start = found.end()
        if bytes(self._raw[start : start + 1]) == b"\n":
            start += 1
        parent = self._open[level].part
        default = "message/rfc822" if parent.type == "multipart/digest" else "text/plain"
        parent.parts.append(self._begin(start, default))
        return True

    def _begin(self, start: int, default: str = "text/plain") -> Part:
        """The part whose headers begin there; it becomes the one that is being read."""
        self._count += 1
        outermost = self._count == 1
        room = min(self._limits.headers, 4 * self._limits.headers - self._header_bytes)
        block = read_block(self._raw, start, max(0, room), outermost=outermost)
        if default == "text/plain":  # headers below those of a digest's part are the message's
            block = self._with_those_below(block, max(0, room), outermost=outermost)
        self._header_bytes += block.body - start
        self.faults += block.faults
        self.oversize = self.oversize or block.oversize
        part = _part(block.headers, self._raw[block.body :], default)
        boundary = self._boundary(part, outermost)
        self._leaf, self._leaf_start = part, block.body
        if boundary is not None:
            if len(self._open) >= self._limits.depth:
                self._over("parts lie deeper within each other than is read")
            else:
                self._push(part, boundary, block.body)
        return part

    def _with_those_below(self, block: Block, room: int, *, outermost: bool) -> Block:
        """The headers with what some programs write of the content below an empty line. Nothing
        else there is a header, as no mail server saw to it."""
        below = _GO_ON.match(self._raw, block.body)
        if not below or "content-type" in block.headers or (block.headers.fields and not outermost):
            return block
        more = read_block(self._raw, below.end(), room)
        stated = more.headers.raw("content-type") or b""
        if (
            more.faults
            or more.oversize
            or not _TYPE.match(stated.decode("latin-1").strip().lower())
        ):
            return block
        told = (field for field in more.headers.fields if field[0].startswith("content-"))
        headers = Headers((*block.headers.fields, *told))
        return Block(headers, more.body, block.faults, block.oversize)

    def _boundary(self, part: Part, outermost: bool) -> bytes | None:
        if part.type.startswith("multipart/"):
            stated = part.params.get("boundary", "").strip().encode("utf-8", "surrogateescape")
            if stated:
                return stated
            self.faults.append("a boundary is not stated")
            likely = _likely_boundary(part.body)
            if likely is None:
                part.type = "text/plain"
            return likely
        if outermost and "content-type" not in part.headers:
            likely = _likely_boundary(part.body[:500])
            if likely is not None:
                part.type = "multipart/mixed"
            return likely
        return None

    def _push(self, part: Part, boundary: bytes, start: int) -> None:
        self._by_boundary[boundary].append(len(self._open))
        self._open.append(_Open(part, boundary, start))
        self._leaf = None

    def _end_leaf(self, end: int) -> None:
        if self._leaf is not None:
            self._leaf.body = self._slice(self._leaf_start, end)
            self._leaf = None

    def _slice(self, start: int, end: int) -> memoryview:
        if end > start and bytes(self._raw[end - 1 : end]) == b"\r":
            end -= 1
        return self._raw[start : max(start, end)]

    def _close(self, level: int, end: int, *, cut_off: bool = False) -> None:
        """Close the open multiparts from ``level`` inwards."""
        self._end_leaf(end)
        while len(self._open) > level:
            closed = self._open.pop()
            places = self._by_boundary[closed.boundary]
            places.pop()
            if not places:
                del self._by_boundary[closed.boundary]
            closed.part.body = self._slice(closed.start, end)
            if cut_off:
                self.faults.append("a multipart has no end")
            if not closed.part.parts:
                self._reread(closed.part)

    def _reread(self, part: Part) -> None:
        """A multipart in which the stated boundary never came: by the one that did, or as text."""
        self.faults.append("a boundary that is stated never comes")
        likely = _likely_boundary(part.body)
        if likely is not None and self._rereads and self._count < self._limits.parts:
            inner = _Reader(part.body, self._limits, likely, self._rereads - 1)
            inner.root.type = part.type
            inner.read()
            self._count += inner._count
            part.parts = inner.root.parts
        if not part.parts:
            part.type = "text/plain"

    def _within(self, boundary: bytes) -> Part:
        part = Part(Headers(), "multipart/mixed", {}, self._raw)
        self._count += 1
        self._push(part, boundary, 0)
        return part

    def _over(self, fault: str) -> None:
        self.faults.append(fault)
        self.oversize = True


def _dashed_lines(raw: memoryview) -> Iterator[re.Match[bytes]]:
    """Every line that begins with two dashes, the very first line too."""
    first = _FIRST_LINE.match(raw)
    if first:
        yield first
    yield from _DASHES.finditer(raw)


def _likely_boundary(body: memoryview) -> bytes | None:
    found = _LIKELY.search(body[:_LOOK_AHEAD])
    return found[1] if found else None


def _part(headers: Headers, body: memoryview, default: str) -> Part:
    stated = headers.raw("content-type")
    if stated is None:
        return Part(headers, default, {}, body)
    kind, parameters = params.parse(stated)
    if kind.startswith("multipart/") and not _TYPE.fullmatch(kind):
        kind = "multipart/mixed"
    elif not _TYPE.fullmatch(kind):
        is_text = "/" not in kind or kind.startswith(("text/", "/"))
        kind = "text/plain" if is_text else "application/octet-stream"
    return Part(headers, kind, parameters, body)
