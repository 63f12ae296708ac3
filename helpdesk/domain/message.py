"""A message: one entry of a ticket's conversation."""

from helpdesk.domain.values import Line, MailId, Moment, Text, Value
from helpdesk.domain.words import Channel, Direction

CAME_BACK = "came back"
"""How the reason begins why a message that left us was not delivered."""

MAY_HAVE_ARRIVED = "may have arrived"
"""How an attempt is put on record after which nobody knows whether the message left."""

HELD_BACK = "held back"
"""Why a message that is held in the outbox is not sent; it counts as one that never left."""


class Attachment(Value):
    """A file that came with a message; its bytes lie under their SHA-256."""

    name: Line
    type: Line = "application/octet-stream"
    bytes: int
    sha256: Line


class MailFacts(Value):
    """What a message by mail says of itself, cleaned; what it claims is proof of nothing.

    ``subject`` is that of a customer's mail.
    Ids are without angle brackets. ``raw`` is the SHA-256 under which the whole message as it
    came lies in the archive; ``origin`` is where it was taken from, each only once:
    ``pipe:SHA-256`` or ``imap:account/folder/uidvalidity/uid``. ``faults`` say what could not be
    read of it.
    """

    message_id: MailId | None = None
    in_reply_to: MailId | None = None
    references: tuple[MailId, ...] = ()
    subject: Line | None = None
    from_email: Line | None = None
    from_name: Line | None = None
    to: tuple[Line, ...] = ()
    cc: tuple[Line, ...] = ()
    raw: Line | None = None
    origin: MailId | None = None
    faults: tuple[Line, ...] = ()

    @property
    def origins(self) -> frozenset[str]:
        """By what the same message is known when it is delivered once more."""
        found = (self.origin, f"pipe:{self.raw}" if self.raw else None)
        return frozenset(origin for origin in found if origin)

    @property
    def addresses(self) -> frozenset[str]:
        """Everybody whom it names, case-folded."""
        return frozenset(
            address.casefold() for address in (self.from_email, *self.to, *self.cc) if address
        )


class Message(Value):
    """An entry of a ticket: in from the customer, out to the customer, or a note among agents.

    ``text`` is the whole text; ``visible`` the part that is shown unfolded, where it differs.
    ``automatic`` marks what the program sent by itself: it is no answer (rule 3 of the promise).
    ``owns_delay`` marks an answer that owned a broken promise (rule 5). ``mail`` is there if it
    came or went by mail. ``undelivered`` says why it never left, or came back, where that is so.
    """

    id: int
    direction: Direction
    at: Moment
    author: Line
    channel: Channel
    text: Text
    visible: Text | None = None
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False
    owns_delay: bool = False
    mail: MailFacts | None = None
    undelivered: Line | None = None

    @property
    def visible_text(self) -> str:
        """What is shown at first sight: the writer's own words, quotes folded."""
        return self.text if self.visible is None else self.visible

    @property
    def not_delivered(self) -> str:
        """That it did not reach the customer, and why; nothing where it is taken to have."""
        if not self.undelivered or self.undelivered.startswith(CAME_BACK):
            return self.undelivered or ""
        return f"not sent: {self.undelivered}"

    @property
    def is_answer(self) -> bool:
        """Whether a person told the customer something with it."""
        return self.direction is Direction.OUT and not self.automatic

    @property
    def kept(self) -> frozenset[str]:
        """The files of the archive that belong to it, by SHA-256."""
        raw = (self.mail.raw,) if self.mail and self.mail.raw else ()
        return frozenset((*raw, *(attachment.sha256 for attachment in self.attachments)))
