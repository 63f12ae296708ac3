"""A ticket: one matter of one customer, with its conversation, promises and history."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from helpdesk.domain.message import Attachment, Message
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

    @property
    def files(self) -> tuple[Attachment, ...]:
        """What came or went with its messages, in their order; agents number them from 1."""
        return tuple(file for message in self.messages for file in message.attachments)

    def broken(self, now: datetime) -> tuple[Promise, ...]:
        """The promises broken so far."""
        return tuple(p for p in self.promises if self.outcome_of(p, now) is Outcome.BROKEN)

    def was_told(self, promise: Promise) -> bool:
        """Whether the message that tells the promise left us, for as far as is known."""
        message = self.message(promise.told_in)
        return message is None or message.undelivered is None

    def outcome_of(self, promise: Promise, now: datetime) -> Outcome:
        """What has become of one of its promises, with what never left us left out of it."""
        if promise.is_standing and self.was_told(promise) and promise.is_past(now):
            return Outcome.BROKEN
        return self.settled_as(promise)

    def settled_as(self, promise: Promise) -> Outcome:
        """What settled a promise, whatever the time is: ``open`` while nothing has.

        A promise that was never told counts neither as kept nor as broken. One that was settled by
        a message which never left is ``withdrawn`` where it was promised anew; else the next
        answer that left says what became of it.
        """
        if promise.is_standing:
            return Outcome.OPEN
        if not self.was_told(promise):
            return Outcome.WITHDRAWN
        message = self.message(promise.settled_in) if promise.settled_in else None
        if message is None or message.undelivered is None:
            return promise.outcome
        if any(p.follows == promise.id and p.due == promise.due for p in self.promises):
            return Outcome.WITHDRAWN
        answer = self.answer_after(message)
        if answer is None:
            never_kept = promise.outcome is Outcome.BROKEN
            return Outcome.BROKEN if never_kept else Outcome.WITHDRAWN
        return promise.outcome if answer.at <= promise.due else Outcome.BROKEN

    def answer_after(self, message: Message) -> Message | None:
        """The first answer after that message which left us, if there is one."""
        later = (m for m in self.messages if m.is_answer and m.undelivered is None)
        return next((m for m in later if (m.at, m.id) > (message.at, message.id)), None)

    @property
    def never_left(self) -> Message | None:
        """The last message to the customer, if it was to go by mail and never left."""
        last = next((m for m in reversed(self.messages) if m.direction is Direction.OUT), None)
        return last if last is not None and last.mail and last.undelivered else None

    def unowned(self, now: datetime) -> Promise | None:
        """The broken promise that the next message to the customer must own (rule 5), if any."""
        promise = self.promise
        if promise is not None and promise.is_past(now) and self.was_told(promise):
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
        if not self.was_told(promise):
            return False
        return promise.settled_in is None and not any(
            message.owns_delay and message.at >= settled and message.undelivered is None
            for message in self.messages
        )

    @property
    def merged_into(self) -> int | None:
        """The ticket that this one was merged into, if it was."""
        merges = (link.ticket for link in self.links if link.relation == "merged_into")
        return next(merges, None)
