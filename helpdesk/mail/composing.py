"""A message that goes out, built from plain facts: no value can become a header of its own."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.charset import BASE64, QP, Charset
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.utils import format_datetime
from io import BytesIO

import idna

from helpdesk.domain.errors import InvalidInput
from helpdesk.mail.flowing import flow
from helpdesk.mail.ids import OUR_ID

_HEADER_WIDTH = 76
_LONGEST_LINE = 900
"""Characters of a header that stay on one line; mail servers refuse lines beyond 998."""

_AT_ONCE = 57 * 4096
"""Bytes of a file that are encoded at once, in whole lines."""

_LONGEST_LOCAL = 64  # bytes

_MOST_REFERENCES = 30

_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._()-]*")
_ID = re.compile(rf"[!-;=?-~]{{1,{_LONGEST_LINE}}}")

_LINES = policy.compat32.clone(linesep="\r\n", max_line_length=_HEADER_WIDTH)


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a message."""

    name: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a message says. ``date`` has an offset; ids are without angle brackets.

    ``automatic``: the program wrote it by itself, so no program is to answer it.
    """

    from_email: str
    from_name: str
    to_email: str
    to_name: str
    subject: str
    date: datetime
    message_id: str
    text: str
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    reply_to: str | None = None
    automatic: bool = False
    files: tuple[File, ...] = ()

    @property
    def envelope_from(self) -> str:
        """Who is told if it cannot be delivered: nobody of an automatic one, or two programs
        could write to each other for ever."""
        return "" if self.automatic else wire_address(self.from_email)

    @property
    def envelope_to(self) -> str:
        """Whom the mail server is asked to deliver it to."""
        return wire_address(self.to_email)


def compose(outgoing: Outgoing) -> bytes:
    """The message as it goes to a mail server, its lines ended by CR LF.

    Raises:
        InvalidInput: if a value holds a control character, an address cannot be written to, or
            the built message does not read back with the headers that were meant.
    """
    marks = [(secrets.token_hex(16), file) for file in outgoing.files]
    body = _text_part(outgoing.text)
    whole = _with_files(body, marks) if marks else body
    for name, value in _headers(outgoing):
        whole[name] = value
    built = _bytes(whole)
    _require_same_headers(whole, message_from_bytes(built, policy=policy.compat32))
    return _with_contents(built, marks)


def wire_address(email: str) -> str:
    """The address as mail servers take it, its domain in ASCII; before the ``@`` it may have
    letters that only servers with SMTPUTF8 take.

    Raises:
        InvalidInput: if it is none that can be written to.
    """
    local, _, domain = email.rpartition("@")
    # In place of letters that only newer servers take, to look at the rest.
    plain = "".join(letter if letter.isascii() else "x" for letter in local)
    odd = any(unicodedata.category(letter)[0] in "CZ" for letter in local)
    too_long = len(local.encode("utf-8", "replace")) > _LONGEST_LOCAL
    dots = local.startswith(".") or local.endswith(".")
    if not _LOCAL.fullmatch(plain) or odd or too_long or dots:
        raise InvalidInput("the address cannot be written to: mail servers do not take its letters")
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii") if domain else ""
    except (idna.IDNAError, UnicodeError):
        ascii_domain = ""
    if not ascii_domain:
        raise InvalidInput("the address cannot be written to: its domain is none")
    return f"{local}@{ascii_domain}"


def is_id(mail_id: str) -> bool:
    """Whether mail servers take it as the id of a message: printable ASCII that fits on a line."""
    return _ID.fullmatch(mail_id) is not None


def _headers(outgoing: Outgoing) -> Iterator[tuple[str, str]]:
    yield "From", _mailbox("From", outgoing.from_name, outgoing.from_email)
    yield "To", _mailbox("To", outgoing.to_name, outgoing.to_email)
    if outgoing.reply_to:
        yield "Reply-To", _mailbox("Reply-To", "", outgoing.reply_to)
    yield "Subject", _words("Subject", outgoing.subject)
    yield "Date", format_datetime(outgoing.date)
    yield "Message-ID", _id("Message-ID", outgoing.message_id)
    yield OUR_ID, _id(OUR_ID, outgoing.message_id)
    if outgoing.in_reply_to:
        yield "In-Reply-To", _id("In-Reply-To", outgoing.in_reply_to)
    if outgoing.references:
        yield "References", _references(outgoing.references)
    if outgoing.automatic:
        yield "Auto-Submitted", "auto-replied"
        yield "X-Auto-Response-Suppress", "All"
    yield "MIME-Version", "1.0"


def _references(ids: tuple[str, ...]) -> str:
    """The first id, which began the thread, and the last ones, each on a line of its own."""
    kept = ids if len(ids) <= _MOST_REFERENCES else (ids[0], *ids[1 - _MOST_REFERENCES :])
    return "\r\n ".join(_id("References", mail_id) for mail_id in kept)


def _id(header: str, mail_id: str) -> str:
    if not is_id(mail_id):
        raise InvalidInput(f"{header}: not the id of a message")
    return f"<{mail_id}>"


def _mailbox(header: str, name: str, email: str) -> str:
    _require_plain(header, name)
    _require_plain(header, email)
    # Raw UTF-8 where it is not ASCII (RFC 6532), which the library writes out as it is.
    address = wire_address(email).encode().decode("ascii", "surrogateescape")
    name = " ".join(name.split())[:200]
    if not name:
        return address
    if _ATOM.fullmatch(name) and "=?" not in name:
        words = name
    elif _is_simple(name):
        words = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    else:
        words = _encoded(header, name)
    return f"{words}\r\n <{address}>"


def _words(header: str, text: str) -> str:
    _require_plain(header, text)
    text = " ".join(text.split())
    return (
        Header(text, "us-ascii", _HEADER_WIDTH, header).encode("; \t")
        if _is_simple(text)
        else _encoded(header, text)
    )


def _is_simple(text: str) -> bool:
    """Whether it can stand as it is: nothing in it reads as an encoded word."""
    longest = max(map(len, text.split()), default=0)
    return text.isascii() and "=?" not in text and longest <= _LONGEST_LINE


def _encoded(header: str, text: str) -> str:
    return Header(text, "utf-8", _HEADER_WIDTH, header).encode(linesep="\r\n")


def _require_plain(header: str, value: str) -> None:
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in value):
        raise InvalidInput(f"{header}: a control character cannot be sent; take it out")


def _text_part(text: str) -> Message:
    part = Message(policy=_LINES)
    charset = Charset("utf-8")
    flowed = flow(text)
    plain = sum(letter.isascii() for letter in flowed)
    charset.body_encoding = QP if plain * 6 > len(flowed) * 5 else BASE64
    part.add_header("Content-Type", "text/plain", charset="utf-8", format="flowed")
    part.set_payload(flowed.encode("utf-8", "replace").decode("utf-8"), charset)
    del part["MIME-Version"]
    return part


def _with_files(body: Message, marks: Sequence[tuple[str, File]]) -> Message:
    whole = Message(policy=_LINES)
    whole.add_header("Content-Type", "multipart/mixed")
    whole.attach(body)
    for mark, file in marks:
        whole.attach(_file_part(file, mark))
    return whole


def _file_part(file: File, mark: str) -> Message:
    """The part of a file, with a mark in the place of what is in it."""
    _require_plain("Content-Disposition", file.name)
    kind = file.type.lower()
    if not _TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    part = Message(policy=_LINES)
    part["Content-Type"] = kind
    name = file.name.encode("utf-8", "replace").decode()[:200]
    # Old programs know no other form of a name than the plain one.
    stated = name if _PLAIN_NAME.fullmatch(name) else ("utf-8", "", name)
    part.add_header("Content-Disposition", "attachment", filename=stated)
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(f"{mark}\r\n")
    return part


def _with_contents(built: bytes, marks: Sequence[tuple[str, File]]) -> bytes:
    """The message with the files in the places of their marks.

    Base64 is neither a header nor a boundary, and large: the library would copy it many times.
    """
    pieces: list[bytes] = []
    for mark, file in marks:
        before, _, built = built.partition(f"{mark}\r\n".encode())
        pieces += [before, *_base64(file.data)]
    return b"".join((*pieces, built))


def _base64(data: bytes) -> Iterator[bytes]:
    from base64 import encodebytes

    for start in range(0, len(data), _AT_ONCE):
        yield encodebytes(data[start : start + _AT_ONCE]).replace(b"\n", b"\r\n")


def _bytes(message: Message) -> bytes:
    buffer = BytesIO()
    BytesGenerator(buffer, mangle_from_=False, policy=_LINES).flatten(message)
    return buffer.getvalue()


def _require_same_headers(meant: Message, read: Message) -> None:
    """The built message says what was meant, part by part, and not a header more."""
    pairs = zip(meant.walk(), read.walk(), strict=False)
    same = len(list(meant.walk())) == len(list(read.walk())) and all(
        one.keys() == other.keys() and not other.defects for one, other in pairs
    )
    if not same:
        raise InvalidInput("the message does not read back as it was meant; it is not sent")
