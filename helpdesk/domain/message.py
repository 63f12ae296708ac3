"""A message: one entry of a ticket's conversation."""

from helpdesk.domain.values import Line, Moment, Text, Value
from helpdesk.domain.words import Channel, Direction


class Attachment(Value):
    """A file that came with a message; its bytes lie under their SHA-256."""

    name: Line
    type: Line = "application/octet-stream"
    bytes: int
    sha256: Line


class Message(Value):
    """An entry of a ticket: in from the customer, out to the customer, or a note among agents.

    ``text`` is the whole text; ``visible`` the part that is shown unfolded, where it differs.
    ``automatic`` marks what the program sent by itself: it is no answer (rule 3 of the promise).
    ``owns_delay`` marks an answer that owned a broken promise (rule 5).
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

    @property
    def visible_text(self) -> str:
        """What is shown at first sight: the writer's own words, quotes folded."""
        return self.text if self.visible is None else self.visible

    @property
    def is_answer(self) -> bool:
        """Whether a person told the customer something with it."""
        return self.direction is Direction.OUT and not self.automatic
