"""Encoded words of headers (RFC 2047), also where they are broken or stand where they may not."""

from __future__ import annotations

import binascii
import re

from helpdesk.mail import charsets
from helpdesk.mail.transfer import base64_bytes

BEGINNING = rb"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,40})?\?([bBqQ])\?"
"""How an encoded word begins: its charset and its encoding."""

_WORD = re.compile(BEGINNING + rb"((?:(?!=\?[^=]).)*?)\?=", re.DOTALL)
"""A whole one: its text holds no beginning of another, so many without an end are soon read."""
_GAP = re.compile(rb"\s*")


def decode(value: bytes, hint: str | None = None) -> str:
    """The text of a header's raw value; never raises. Controls are still in it."""
    if b"=?" not in value:
        return charsets.decode(value, None, hint)
    texts: list[str] = []
    pending: list[tuple[str, bytes, bytes]] = []
    position = 0
    for word in _WORD.finditer(value):
        between = value[position : word.start()]
        charset = word[1].decode("ascii", "replace").lower()
        if not (pending and _GAP.fullmatch(between)):
            texts.append(_decoded(pending))
            texts.append(charsets.decode(between, None, hint))
            pending = []
        elif pending[-1][0] != charset:
            texts.append(_decoded(pending))
            pending = []
        pending.append((charset, word[2].lower(), word[3]))
        position = word.end()
    texts.append(_decoded(pending))
    texts.append(charsets.decode(value[position:], None, hint))
    return "".join(texts)


def _decoded(words: list[tuple[str, bytes, bytes]]) -> str:
    """Neighbouring words of one charset: characters may be split between them."""
    if not words:
        return ""
    text = charsets.decode(b"".join(map(_bytes, _joined(words))), words[0][0])
    if text or not any(encoded for _, _, encoded in words):
        return text
    # What holds nothing that can be decoded is shown as it came.
    return " ".join(
        f"=?{charset}?{encoding.decode()}?{encoded.decode('ascii', 'replace')}?="
        for charset, encoding, encoded in words
    )


def _joined(words: list[tuple[str, bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The words, with base64 that was cut between two of them put together again."""
    joined: list[tuple[bytes, bytes]] = []
    for _, encoding, text in words:
        if joined and encoding == b"b" == joined[-1][0]:
            before = joined[-1][1]
            if not before.endswith(b"=") and len(before) % 4:
                joined[-1] = (b"b", before + text)
                continue
        joined.append((encoding, text))
    return joined


def _bytes(word: tuple[bytes, bytes]) -> bytes:
    encoding, text = word
    if encoding == b"b":
        return base64_bytes(text)
    text = re.sub(rb"\r?\n[ \t]*", b"", text)
    return binascii.a2b_qp(text.replace(b" ", b"_"), header=True)
