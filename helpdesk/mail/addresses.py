"""Addresses of a header, by a reader that takes what people and programs write."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from helpdesk.mail import encoded_words
from helpdesk.mail.headers import Headers
from helpdesk.mail.letter import Address
from helpdesk.text import clean_line

_TOKEN = re.compile(
    rb"(?P<word>" + encoded_words.BEGINNING + rb"[^?]*\?=)"
    rb'|"(?P<quoted>(?:[^"\\]++|\\.|\\\Z)*+)"?'
    rb"|\((?P<comment>)"
    rb"|<(?P<angle>[^<>]*(?:>|\Z)|[^<>]*(?=<))"
    rb"|(?P<domain>\[[^\[\]\s]{0,255}\])"
    rb"|(?P<mark>[,;:])"
    rb"|(?P<space>\s+)"
    rb'|(?P<atom>(?:(?!=\?)[^\s"(<>,;:\[\]])+|.)',
    re.DOTALL,
)
_ADDRESS = re.compile(r"[^\s@<>,;\"()]+@[^\s@<>,;\"()]+")
_ROUTE = re.compile(r"@[^:\s]+:")
_NAME_AND_ADDRESS = 320
_LONGEST = 100_000


@dataclass(slots=True)
class _Reading:
    """One address as far as it is read."""

    words: list[bytes] = field(default_factory=list)
    comments: list[bytes] = field(default_factory=list)
    angle: bytes | None = None
    _after_quoted: bool = False

    def take(self, token: re.Match[bytes], kind: str | None) -> None:
        """Take in a word; a quoted one before an ``@`` keeps its quotes."""
        if kind == "quoted":
            self.words.append(_unescaped(token["quoted"]))
        elif kind == "atom" and token[0].startswith(b"@") and self._after_quoted:
            self.angle = b'"%s"%s' % (self.words.pop(), token[0])
        else:
            self.words.append(token[0])
        self._after_quoted = kind == "quoted"

    def address(self, hint: str | None) -> Address | None:
        name = _text(b"".join(self.words), hint)
        if self.angle is not None:
            email = _email(clean_line(encoded_words.decode(self.angle, hint)))
            if email is None:  # the brackets hold no address; perhaps what is before them does
                self.words += [b" ", self.angle]
                self.angle = None
                return self.address(hint)
            return Address(name or self._comment(hint), email)
        found = _bare_email(b"".join(self.words), hint)
        if found is None:
            return None
        email, rest = found
        return Address(rest or self._comment(hint), email)

    def _comment(self, hint: str | None) -> str:
        return _text(b" ".join(self.comments), hint)


def read(headers: Headers, name: str, limit: int, hint: str | None = None) -> list[Address]:
    """The addresses of all headers of that name, at most ``limit``."""
    found: list[Address] = []
    for value in headers.raws(name):
        found += parse(value, limit - len(found), hint)
        if len(found) >= limit:
            break
    return found


def parse(value: bytes, limit: int = 500, hint: str | None = None) -> list[Address]:
    """The addresses of one value. What is no address is passed over, save that words before a
    comma become part of the name after it, as in ``Doe, John <john@example.org>``."""
    found: list[Address] = []
    reading = _Reading()
    before: list[bytes] = []
    position = 0
    value = value[:_LONGEST]
    while position < len(value) and len(found) < limit:
        token = _TOKEN.match(value, position)
        if token is None:
            break
        position = token.end()
        kind = token.lastgroup
        if kind == "comment":
            position, comment = _comment(value, position)
            reading.comments.append(comment)
        elif kind == "mark":
            reading = _at_mark(token["mark"], reading, before, found, hint)
        elif kind == "angle":
            if reading.angle is not None and b"@" in reading.angle:
                reading = _at_mark(b",", reading, before, found, hint)
            reading.angle = token["angle"].rstrip(b">")
        else:
            reading.take(token, kind)
    if len(found) < limit:
        _at_mark(b";", reading, before, found, hint)
    return found


def _at_mark(
    mark: bytes, reading: _Reading, before: list[bytes], found: list[Address], hint: str | None
) -> _Reading:
    if mark == b":":
        if reading.angle is None and b"@" not in b"".join(reading.words):
            before.clear()
            return _Reading()  # the name of a group
        reading.words.append(mark)
        return reading
    if reading.angle is None and not reading.words:
        if mark == b";":
            before.clear()
        return reading
    address = reading.address(hint)
    if address is not None:
        if before and address.name:
            name = clean_line(f"{_text(b', '.join(before), hint)}, {address.name}")
            address = Address(name, address.email)
        found.append(address)
        before.clear()
    elif mark == b"," and b"".join(reading.words).strip():
        before.append(b"".join(reading.words).strip())
        del before[:-2]
    else:
        before.clear()
    return _Reading()


def _comment(value: bytes, position: int) -> tuple[int, bytes]:
    """Past a comment that may hold others, and its words."""
    start, depth = position, 1
    while position < len(value) and depth:
        character = value[position : position + 1]
        if character == b"\\":
            position += 1
        elif character == b"(":
            depth += 1
        elif character == b")":
            depth -= 1
        position += 1
    end = position - 1 if depth == 0 else position
    return position, _unescaped(value[start:end])


def _unescaped(text: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", text, flags=re.DOTALL)


def _text(value: bytes, hint: str | None) -> str:
    text = clean_line(encoded_words.decode(value, hint)).strip("\"' ")
    return text if any(map(str.isalpha, text)) else ""  # signs alone are nobody's name


def _email(text: str) -> str | None:
    """The address within brackets, without a route, blanks and ``mailto:``."""
    text = _ROUTE.sub("", text, count=1) if text.startswith("@") else text
    text = text.strip().removeprefix("mailto:").strip("' ")
    if not text.startswith('"') or '"@' not in text:
        text = text.strip('" ')
    local, at, domain = text.rpartition("@")
    if not at or not domain.strip() or not local.strip():
        return None
    email = f"{local.strip()}@{''.join(domain.split()).rstrip('.')}"
    if not local.startswith('"'):
        email = email.replace(" ", "")
    return email if len(email) <= _NAME_AND_ADDRESS else None


def _bare_email(value: bytes, hint: str | None) -> tuple[str, str] | None:
    """An address without brackets, and the words around it."""
    text = clean_line(encoded_words.decode(value, hint), 2000)
    compact = re.sub(r"\s*([@.])\s*", r"\1", text) if " @" in text or "@ " in text else text
    for candidate in (text, compact):
        found = _ADDRESS.search(candidate)
        if found and len(found[0]) <= _NAME_AND_ADDRESS:
            rest = (candidate[: found.start()] + " " + candidate[found.end() :]).strip("\"'[]<> ")
            address = found[0] if "@[" in found[0] else found[0].strip("[]")
            email = _email(address.removeprefix("mailto:"))
            if email:
                return email, clean_line(rest) if any(map(str.isalpha, rest)) else ""
    return None
