"""A message that has arrived, as documents and the archive take it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, NamedTuple

from helpdesk.desk.senders import NOBODY
from helpdesk.domain.message import Attachment, MailFacts
from helpdesk.domain.steps import LONGEST, ByMail
from helpdesk.hand_in import IN_MEMORY
from helpdesk.mail import automatic as programs
from helpdesk.mail import parsing, reply_address
from helpdesk.mail.automatic import Automatic, Kind
from helpdesk.mail.letter import Address, Letter
from helpdesk.store.archive import Kept
from helpdesk.text import clean_line

NO_SUBJECT = "(no subject)"

_SUBJECT_FROM_TEXT = 80
_MOST_REFERENCES = 100
_MOST_ADDRESSES = 100
_PIECE = 1 << 20

Raw = bytes | memoryview


class Arrived(NamedTuple):
    """A message, where it was taken from, and when it came in (UTC).

    ``past`` says why nobody is told anything by it, for mail that came in long ago; ``untold`` why
    its sender is not told the promise that is made.
    """

    letter: Letter
    raw: Raw
    origin: str
    at: datetime
    sign: Automatic | None = None
    past: str | None = None
    untold: str | None = None

    @property
    def text(self) -> str:
        """The whole text, as long as a message may be; the rest is in the archive."""
        return self.letter.text[:LONGEST]

    @property
    def subject(self) -> str:
        """The subject; without one the first words."""
        if self.letter.subject:
            return self.letter.subject
        words = clean_line(self.letter.visible_text[:1000], _SUBJECT_FROM_TEXT)
        return words or NO_SUBJECT

    @property
    def author(self) -> str:
        """Who wrote it, as the message says."""
        author = self.letter.author
        return NOBODY if author is None else author.name or author.email

    @property
    def written_to(self) -> tuple[Address, ...]:
        """The addresses of To and Cc."""
        return (*self.letter.to, *self.letter.cc)

    @property
    def mail(self) -> ByMail:
        """What its message in the ticket has besides the text."""
        visible = self.letter.visible_text[:LONGEST]
        return ByMail(
            facts=self._facts(),
            visible=None if visible == self.text else visible,
            attachments=tuple(self._attachments()),
            automatic=self.sign is not None,
        )

    def files(self) -> Iterator[Kept]:
        """What the archive keeps of it: itself, and its attachments."""
        yield Kept(self.letter.sha256, self.letter.size, self._pieces)
        for attachment in self.letter.attachments:
            yield Kept(attachment.sha256, attachment.size, attachment.chunks)

    def _pieces(self) -> Iterator[bytes]:
        view = memoryview(self.raw)
        return (bytes(view[start : start + _PIECE]) for start in range(0, len(view), _PIECE))

    def _facts(self) -> MailFacts:
        letter = self.letter
        by = letter.written_by
        return MailFacts(
            message_id=letter.message_id,
            in_reply_to=letter.in_reply_to,
            references=letter.references[-_MOST_REFERENCES:],
            subject=letter.subject or None,
            from_email=by.email if by else letter.from_email,
            from_name=(by.name or None) if by else letter.from_name,
            to=_emails(letter.to),
            cc=_emails(letter.cc),
            raw=letter.sha256,
            origin=self.origin,
            faults=letter.faults,
        )

    def _attachments(self) -> Iterator[Attachment]:
        letter = self.letter
        for attachment in letter.attachments:
            yield Attachment(
                name=attachment.name,
                type=attachment.type,
                bytes=attachment.size,
                sha256=attachment.sha256,
            )
        nothing_read = not (letter.text or letter.attachments) and bool(letter.faults)
        if letter.oversize or nothing_read or not letter.headers.fields:
            yield Attachment(
                name="message.eml", type="message/rfc822", bytes=letter.size, sha256=letter.sha256
            )


def message(source: BinaryIO) -> Raw:
    """All bytes of a message; a large one is mapped from a file without a name. Raises OSError."""
    start = source.read(IN_MEMORY + 1)
    if len(start) <= IN_MEMORY:
        return start
    import tempfile  # which few messages need
    from mmap import ACCESS_READ, mmap

    file = tempfile.TemporaryFile()  # noqa: SIM115 - the map needs it to the end
    file.write(start)
    del start
    while piece := source.read(_PIECE):
        file.write(piece)
    file.flush()
    return memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))


def read(raw: Raw) -> Letter:
    """The letter that the bytes are, whatever they are."""
    try:
        return parsing.read(raw)
    except Exception:  # no message may stop the others, whatever the reader stumbles over
        kept = Kept.of(bytes(raw))
        fault = "it could not be read at all"
        return Letter(sha256=kept.sha256, size=kept.size, oversize=True, faults=(fault,))


def automatic_sign(letter: Letter, own: frozenset[str]) -> Automatic | None:
    """How one can tell that a program seems to have written the letter, or None."""
    # What comes from a reply address of ours comes from us.
    ours = {a.key for a in letter.senders if reply_address.split(a.email)[0] in own}
    sign = programs.automatic(letter, own | ours)
    if sign is not None and letter.written_by and sign.kind in (Kind.NOTICE, Kind.LIST):
        return None  # the form of a website is a program, whose letters are people's
    return sign


def _emails(addresses: tuple[Address, ...]) -> tuple[str, ...]:
    return tuple(address.email for address in addresses[:_MOST_ADDRESSES])
