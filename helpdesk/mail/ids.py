"""Message ids, as Message-ID, In-Reply-To and References give them."""

from __future__ import annotations

import re

from helpdesk.mail.headers import Headers, readable

_BRACKETED = re.compile(r"<+\s*([^<>]{1,998}?)\s*>")
_BARE = re.compile(r"[^\s<>,;\"()]{1,998}@[^\s<>,;\"()]{1,255}")
_SPACE = re.compile(r"\s+")
_MOST = 1000


def message_id(headers: Headers) -> str | None:
    """The id of Message-ID, without brackets."""
    for value in headers.raws("message-id"):
        text = readable(value)
        found = _all(text)
        if found:
            return found[0]
        bare = _SPACE.sub("", text).strip("<>")
        if bare:
            return bare[:998]
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
            return bare[:998]
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
        found += _BARE.findall(text, position, bracketed.start())
        found.append(_SPACE.sub("", bracketed[1]))
        position = bracketed.end()
    return found + _BARE.findall(text, position)
