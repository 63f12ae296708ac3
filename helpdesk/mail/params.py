"""The parameters of Content-Type and Content-Disposition, with RFC 2231 and without."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from helpdesk.mail import charsets, encoded_words

_PARAMETER = re.compile(
    rb"""(?:\([^()]{0,200}\)\s*)?
    ([^\s=;"]{1,200})\s*=\s*
    (?:"((?:[^"\\]++|\\.)*+)"(?=\s{0,200}(?:;|$|\(|[\w-]{1,100}\s*=)) | ([^;]*))""",
    re.VERBOSE | re.DOTALL,
)
_BETWEEN = re.compile(rb"[\s;]*")
_HEAD = re.compile(rb"\s*(?:\([^()]*\)\s*)?([^;\s]*)")
_SECTION = re.compile(r"(.+?)\*(\d{1,4})?(\*)?")
_ESCAPED = re.compile(rb'\\(["\\])')
_MOST = 200


def parse(value: bytes, hint: str | None = None) -> tuple[str, dict[str, str]]:
    """The value itself in lower case, and its parameters by lower-case name; the first of a name
    counts."""
    head = _HEAD.match(value)
    kind = head[1].decode("ascii", "replace").lower() if head else ""
    plain: dict[str, bytes] = {}
    sections: dict[str, dict[int, tuple[bytes, bool]]] = defaultdict(dict)
    for found in _found(value, head.end() if head else 0):
        quoted = found[2]
        content = _ESCAPED.sub(rb"\1", quoted) if quoted is not None else _bare(found[3])
        name = found[1].decode("ascii", "replace").lower()
        section = _SECTION.fullmatch(name)
        if section:
            place = int(section[2] or 0)
            encoded = section[3] is not None or section[2] is None
            sections[section[1]].setdefault(place, (content, encoded))
        else:
            plain.setdefault(name, content)
    parameters = {name: encoded_words.decode(content, hint) for name, content in plain.items()}
    for name, pieces in sections.items():
        parameters[name] = _joined(pieces)
    return kind, parameters


def _found(value: bytes, position: int) -> Iterator[re.Match[bytes]]:
    """The parameters from there on; what is none is passed over up to the next semicolon."""
    for _ in range(_MOST):
        start = _BETWEEN.match(value, position)
        found = _PARAMETER.match(value, start.end()) if start else None
        if found:
            yield found
            position = found.end()
            continue
        position = value.find(b";", start.end() if start else position)
        if position < 0:
            break


def _bare(content: bytes) -> bytes:
    content = content.strip()
    if content.startswith(b'"'):
        return content.strip(b'"').strip()
    return content


def _joined(pieces: dict[int, tuple[bytes, bool]]) -> str:
    charset: str | None = None
    joined = b""
    for count, place in enumerate(sorted(pieces)):
        content, encoded = pieces[place]
        if encoded and count == 0 and content.count(b"'") >= 2:
            stated, _, content = content.split(b"'", 2)
            charset = stated.decode("ascii", "replace") or None
        joined += unquote_to_bytes(content) if encoded else content
    if charset is None and b"=?" in joined:
        return encoded_words.decode(joined)
    return charsets.decode(joined, charset)
