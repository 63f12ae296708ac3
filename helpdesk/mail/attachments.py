"""Attachments: their names made safe, their payloads left where they are."""

from __future__ import annotations

import re

from helpdesk.mail import params
from helpdesk.mail.headers import readable
from helpdesk.mail.letter import Attachment
from helpdesk.mail.parts import Part
from helpdesk.mail.transfer import decoded
from helpdesk.text import clean_line

LONGEST_NAME = 120
"""Characters of a name; most file systems take 255 bytes."""

_FORBIDDEN = re.compile(r'[<>:"|?*/\\]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.I)
_KNOWN = {
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "text/rfc822-headers": ".txt",
    "text/plain": ".txt",
    "text/calendar": ".ics",
    "image/jpeg": ".jpg",
    "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
}


def of_part(part: Part, number: int, hint: str | None = None) -> Attachment:
    """The attachment that a part is; ``number`` names it if nothing else does."""
    content_id = part.headers.get("content-id", 500)
    disposition, _ = part.disposition(hint)
    return Attachment.of(
        safe_name(stated_name(part, hint)) or _made_up(part, number),
        part.type,
        part.body,
        part.encoding,
        inline=disposition != "attachment" and content_id is not None,
        content_id=content_id.strip("<> ") if content_id else None,
    )


def stated_name(part: Part, hint: str | None = None) -> str:
    """The name as the message states it, not yet safe; empty if it states none."""
    name = part.disposition(hint)[1].get("filename", "")
    if not name and (stated := part.headers.raw("content-type")) and b";" in stated:
        found = part.params if stated.isascii() else params.parse(stated, hint)[1]
        name = found.get("name") or found.get("filename") or ""
    return clean_line(name)


def safe_name(name: str) -> str:
    """``name`` fit for a file: no folders, controls, bidi, leading dots or names of devices."""
    name = re.split(r"[/\\]", clean_line(name).rstrip("/\\ "))[-1]
    name = _FORBIDDEN.sub("_", name).strip(". ")
    if _DEVICE.fullmatch(name):
        name = f"_{name}"
    if len(name) > LONGEST_NAME or len(name.encode()) > 2 * LONGEST_NAME:
        name = _shortened(name)
    return name


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 12:
        stem, dot, extension = name, "", ""
    room = LONGEST_NAME - len(dot + extension)
    stem = stem[:room]
    while len((stem + dot + extension).encode()) > 2 * LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem.rstrip('. ')}{dot}{extension}"


def _made_up(part: Part, number: int) -> str:
    extension = _KNOWN.get(part.type) or _guessed_extension(part.type) or ".bin"
    if part.type in ("message/rfc822", "message/global"):
        subject = safe_name(readable(_inner_subject(part), 80)).rstrip("…")
        if subject:
            return f"{subject}{extension}"
    return f"attachment-{number}{extension}"


def _guessed_extension(mime_type: str) -> str | None:
    import mimetypes  # which few messages need

    return mimetypes.guess_extension(mime_type)


def _inner_subject(part: Part) -> bytes:
    from helpdesk.mail.headers import read_block

    encoded = part.encoding != "binary"
    body = memoryview(next(decoded(part.body, part.encoding), b"")) if encoded else part.body
    return read_block(body, 0, 65_536, outermost=True).headers.raw("subject") or b""
