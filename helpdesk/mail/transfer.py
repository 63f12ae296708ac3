"""Transfer encodings, decoded in pieces so that a large payload is never held twice."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator

CHUNK = 64 * 1024

_TOKEN = re.compile(r"[a-z0-9-]+")
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)
_PADDING = re.compile(rb"=+")
_SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)?[ \t]+[0-7]{3,4}[^\n]*\n", re.MULTILINE)
_Y_LESS_42 = bytes((n - 42) % 256 for n in range(256))
_Y_ESCAPE = re.compile(rb"=(.)", re.DOTALL)


def name_of(stated: str | None) -> str:
    """The transfer encoding that a header states: one of base64, quoted-printable, x-uuencode,
    x-yenc, or binary for whatever needs no decoding."""
    words = _TOKEN.findall((stated or "").lower())
    name = words[0] if words else "binary"
    if name in ("base64", "base-64", "b"):
        return "base64"
    if name in ("quoted-printable", "quotedprintable", "qp", "quoted"):
        return "quoted-printable"
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return "x-uuencode"
    return "x-yenc" if name in ("x-yenc", "yenc") else "binary"


def decoded(body: memoryview, encoding: str) -> Iterator[bytes]:
    """The decoded bytes in pieces. Broken places are passed over, never raised."""
    return _DECODERS.get(encoding, _binary)(body)


def decode(body: memoryview, encoding: str) -> bytes:
    """The decoded bytes at once."""
    return b"".join(decoded(body, encoding))


def base64_bytes(text: bytes) -> bytes:
    """The bytes of base64 text, as far as it is any; each padding ends a run of its own."""
    text = text.translate(None, _NOT_BASE64)
    return b"".join(map(_run, _PADDING.split(text)))


def _run(text: bytes) -> bytes:
    """One run without padding; a last character alone carries no byte."""
    if len(text) % 4 == 1:
        text = text[:-1]
    return binascii.a2b_base64(text + b"=" * (-len(text) % 4))


def _binary(body: memoryview) -> Iterator[bytes]:
    for start in range(0, len(body), CHUNK):
        yield bytes(body[start : start + CHUNK])


def _base64(body: memoryview) -> Iterator[bytes]:
    kept = b""
    for chunk in _binary(body):
        text = kept + chunk.translate(None, _NOT_BASE64)
        # What follows the last padding is whole only up to a multiple of four.
        last = text.rfind(b"=") + 1
        whole = last + (len(text) - last) // 4 * 4
        if text.endswith(b"="):
            whole = len(text.rstrip(b"="))  # more padding may follow in the next piece
            whole -= (whole - (text.rfind(b"=", 0, whole) + 1)) % 4
        yield base64_bytes(text[:whole])
        kept = text[whole:]
    yield base64_bytes(kept)


def _by_lines(body: memoryview) -> Iterator[bytes]:
    """The body in pieces that end with a line where lines are not too long."""
    kept = b""
    for chunk in _binary(body):
        text = kept + chunk
        end = text.rfind(b"\n") + 1
        if not end and len(text) > 16 * CHUNK:
            end = len(text)
        yield text[:end]
        kept = text[end:]
    yield kept


def _quoted_printable(body: memoryview) -> Iterator[bytes]:
    for piece in _by_lines(body):
        yield binascii.a2b_qp(_SOFT_BREAK.sub(b"=", piece))


def _uuencoded(body: memoryview) -> Iterator[bytes]:
    begin = _UU_BEGIN.search(body)
    if begin and begin[0].startswith(b"begin-base64"):
        yield from _base64(body[begin.end() :])
        return
    start = begin.end() if begin else 0
    for piece in _by_lines(body[start:]):
        out: list[bytes] = []
        for line in piece.splitlines():
            if line.rstrip() == b"end":
                yield b"".join(out)
                return
            if line.strip():
                out.append(_uu_line(line))
        yield b"".join(out)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders miscount the blanks at the end of a line.
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            return b""


def _yenc(body: memoryview) -> Iterator[bytes]:
    for piece in _by_lines(body):
        lines = [line for line in piece.split(b"\n") if not line.startswith(b"=y")]
        text = b"".join(line.rstrip(b"\r") for line in lines)
        text = _Y_ESCAPE.sub(lambda found: bytes(((found[1][0] - 64) % 256,)), text)
        yield text.translate(_Y_LESS_42)


_DECODERS: dict[str, Callable[[memoryview], Iterator[bytes]]] = {
    "base64": _base64,
    "quoted-printable": _quoted_printable,
    "x-uuencode": _uuencoded,
    "x-yenc": _yenc,
}
