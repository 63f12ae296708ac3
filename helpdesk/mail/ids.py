"""Message ids, as Message-ID, In-Reply-To and References give them."""

from __future__ import annotations

import re

from helpdesk.mail.headers import Headers, readable

OUR_ID = "X-Helpdesk-Message-ID"
"""The header that keeps the id which we gave, as some relays (Amazon SES) give another."""

_BRACKETED = re.compile(r"<([^<>]{1,998})>")
_WORD = re.compile(r"[^\s<>,;\"()]+")
_SPACE = re.compile(r"\s+")
_MOST = 1000
_LONGEST = 998


def message_id(headers: Headers, name: str = "message-id") -> str | None:
    """The id of Message-ID, or of another header, without brackets."""
    for value in headers.raws(name):
        text = readable(value)
        found = _all(text)
        if found:
            return found[0]
        bare = _SPACE.sub("", text).strip("<>")
        if bare:
            return bare[:_LONGEST]
    return None


def in_reply_to(headers: Headers) -> str | None:
    """The first id that In-Reply-To names; words around it are left out."""
    for value in headers.raws("in-reply-to"):
        text = readable(value)
        found = _all(text)
        if found:
            return found[0]
        bare = text.strip("<> ")
        if bare and " " not in bare:
            return bare[:_LONGEST]
    return None


def references(headers: Headers) -> tuple[str, ...]:
    """The ids of References in their order, each once."""
    found: dict[str, None] = {}
    for value in headers.raws("references"):
        found |= dict.fromkeys(_all(readable(value, 200_000)))
    return tuple(found)[-_MOST:]


def _all(text: str) -> list[str]:
    """Every id in brackets; between them, whatever has the form of one."""
    found: list[str] = []
    position = 0
    for bracketed in _BRACKETED.finditer(text):
        found += _bare(text[position : bracketed.start()])
        found.append(_SPACE.sub("", bracketed[1]))
        position = bracketed.end()
    return [each for each in found + _bare(text[position:]) if each]


def _bare(text: str) -> list[str]:
    """The words of the form ``left@right``."""
    words = (word for word in _WORD.findall(text) if "@" in word[1:-1])
    return [word for word in words if len(word) <= _LONGEST]
