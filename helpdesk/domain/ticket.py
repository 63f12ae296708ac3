"""A ticket: one matter of one customer, with its conversation, promises and history."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from helpdesk.domain.message import Message
from helpdesk.domain.promise import Ledger, Promise, standing
from helpdesk.domain.values import Document, Line, Login, Moment, Tag, Text, Value
from helpdesk.domain.words import Channel, Direction, Kind, Outcome, Priority, State


class Understanding(Value):
    """What we understood, said back to the customer, and whether he said that it is right."""

    text: Text
    by: Line
    at: Moment
    confirmed: bool | None = None


class Link(Value):
    """A tie to another ticket."""

    ticket: int
    relation: Literal["related", "merged_into", "merged_from"] = "related"


class Event(Value):
    """One change of a ticket: who did what, and when."""

    at: Moment
    by: Line
    what: Line
    detail: Line = ""


class Ticket(Document):
    """One matter: a request, a complaint or feedback.

    ``customer`` is None only after the person was erased. ``source`` and ``external_id`` tell
    where an imported ticket came from, ``source_digest`` what the source said of it when it was
    imported last. Times are UTC.
    """

    customer: int | None
    kind: Kind
    channel: Channel
    state: State
    priority: Priority = Priority.NORMAL
    subject: Line
    assignee: Login | None = None
    tags: tuple[Tag, ...] = ()
    created: Moment
    updated: Moment
    source: Line | None = None
    external_id: Line | None = None
    source_digest: Line | None = None
    understanding: Understanding | None = None
    root_cause: Text = ""
    resolution: Text = ""
    links: tuple[Link, ...] = ()
    messages: tuple[Message, ...] = ()
    promises: Ledger = ()
    history: tuple[Event, ...] = Field(default=())
    erased: bool = False

    @property
    def promise(self) -> Promise | None:
        """The promise that stands, if one does."""
        return standing(self.promises)

    def message(self, number: int) -> Message | None:
        """The message of that number, or None."""
        return next((message for message in self.messages if message.id == number), None)

    def last_from_customer(self) -> Message | None:
        """What the customer wrote or said last."""
        incoming = (m for m in reversed(self.messages) if m.direction is Direction.IN)
        return next(incoming, None)

    @property
    def kept(self) -> frozenset[str]:
        """The files of the archive that belong to it, by SHA-256."""
        return frozenset().union(*(message.kept for message in self.messages))

    def broken(self, now: datetime) -> tuple[Promise, ...]:
        """The promises broken so far."""
        return tuple(p for p in self.promises if p.outcome_at(now) is Outcome.BROKEN)

    def unowned(self, now: datetime) -> Promise | None:
        """The broken promise that the next message to the customer must own (rule 5), if any."""
        promise = self.promise
        if promise is not None and promise.is_past(now):
            return promise
        return next((p for p in reversed(self.promises) if self._left_unowned(p)), None)

    def owes_apology(self, now: datetime) -> bool:
        """Whether the next message to the customer must own a delay (rule 5)."""
        return self.unowned(now) is not None

    def _left_unowned(self, promise: Promise) -> bool:
        """Whether it was settled as broken without a message, and none has owned it since."""
        settled = promise.settled_at
        if promise.outcome is not Outcome.BROKEN or settled is None or promise.carried_to:
            return False
        return promise.settled_in is None and not any(
            message.owns_delay and message.at >= settled for message in self.messages
        )

    @property
    def merged_into(self) -> int | None:
        """The ticket that this one was merged into, if it was."""
        merges = (link.ticket for link in self.links if link.relation == "merged_into")
        return next(merges, None)
