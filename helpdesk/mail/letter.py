"""A letter: what was read of one message."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from helpdesk.mail.headers import NO_HEADERS, Headers
from helpdesk.mail.transfer import decoded


class Address(NamedTuple):
    """A name and an address as a header gives them; ``email`` holds an ``@``."""

    name: str
    email: str

    @property
    def key(self) -> str:
        """The address as it is compared: without the difference of case."""
        return self.email.casefold()


class Attachment(NamedTuple):
    """A file that came with a letter. Its bytes stay encoded in the message until asked for."""

    name: str
    """Safe as the name of a file: no path, no controls, never empty."""
    type: str
    """The content type as stated, such as ``image/png``."""
    size: int
    """Bytes when decoded."""
    sha256: str
    """Of the decoded bytes, in hex."""
    inline: bool = False
    """Whether it is meant to be seen within the text, as a picture in HTML is."""
    content_id: str | None = None
    encoding: str = "binary"
    encoded: memoryview = memoryview(b"")

    @classmethod
    def of(
        cls,
        name: str,
        type: str,
        encoded: memoryview,
        encoding: str = "binary",
        *,
        inline: bool = False,
        content_id: str | None = None,
    ) -> Attachment:
        """The attachment of that encoded payload, measured by decoding it once in pieces."""
        size, digest = 0, hashlib.sha256()
        for chunk in decoded(encoded, encoding):
            size += len(chunk)
            digest.update(chunk)
        return cls(name, type, size, digest.hexdigest(), inline, content_id, encoding, encoded)

    def chunks(self) -> Iterator[bytes]:
        """The decoded bytes in pieces of some 64 KiB."""
        return decoded(self.encoded, self.encoding)

    def read(self) -> bytes:
        """The decoded bytes at once."""
        return b"".join(self.chunks())


class Letter(NamedTuple):
    """What was read of one message. Every text is cleaned; ids have no angle brackets.

    Whatever a message claims is only that: ``from_email`` proves nothing about who wrote it.
    """

    from_email: str | None = None
    from_name: str | None = None
    senders: tuple[Address, ...] = ()
    """All addresses of From."""
    sender: Address | None = None
    written_by: Address | None = None
    """Who wrote it if a rule of the desk knows better than From, as for the form of a website."""
    disproved: bool = False
    """Whether our mail server found that it does not come from where From says."""
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    """Where it was delivered by Delivered-To, X-Original-To and Envelope-To."""
    return_path: str | None = None
    """The envelope's sender if stated; empty for the null sender of bounces."""
    subject: str = ""
    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    """From the first of the conversation to the last."""
    text: str = ""
    """The whole text; made from HTML where there is no plain one."""
    visible_text: str = ""
    """The sender's own words: ``text`` with quotes and signature folded away."""
    attachments: tuple[Attachment, ...] = ()
    part_types: tuple[str, ...] = ()
    """The content types of the message and its parts, outermost first."""
    calendar_reply: bool = False
    """Whether a part of it answers an invitation."""
    headers: Headers = NO_HEADERS
    language: str | None = None
    """The language of the own words, only where that is sure."""
    sha256: str = ""
    """Of the whole raw message, in hex."""
    size: int = 0
    """Bytes of the raw message."""
    oversize: bool = False
    """Whether a limit was passed, so that not all of it was read."""
    faults: tuple[str, ...] = ()
    """What could not be read, in short lines without any of the message's words."""

    @property
    def answered(self) -> tuple[str, ...]:
        """The ids of the mail that it answers, and of the mail before that back to the first."""
        return (*([self.in_reply_to] if self.in_reply_to else ()), *reversed(self.references))

    @property
    def author(self) -> Address | None:
        """Who wrote it, and is to be answered."""
        return self.written_by or self.sent_by

    @property
    def sent_by(self) -> Address | None:
        """Who sent it, as it says: by From, else Sender, Reply-To or Return-Path."""
        for found in (self.senders, (self.sender,), self.reply_to):
            if found and found[0] is not None:
                return found[0]
        return Address("", self.return_path) if self.return_path else None
