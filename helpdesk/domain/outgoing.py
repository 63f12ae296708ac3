"""A message on its way out: the outbox holds one for each message that leaves by mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.message import CAME_BACK, MAY_HAVE_ARRIVED
from helpdesk.domain.untried import UNTRIED
from helpdesk.domain.values import Document, Line, MailId, Moment, Value

GIVE_UP = timedelta(days=3)
"""How long a message is tried; after that it is taken as one that cannot be delivered."""

_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120))
_MOST_ATTEMPTS = 100

_KILLED_BEFORE = "sending was cut short before it left"


class Sending(StrEnum):
    """Where a message stands on its way out."""

    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Attempt(Value):
    """One try to send it: when, and what the mail server said."""

    at: Moment
    words: Line


class Outgoing(Document):
    """A message of a ticket on its way to the customer. Its text is that of the ticket's message.

    ``not_before`` is when it is tried (again). ``automatic``: nobody is told if it cannot be
    delivered. ``created`` is when it was queued, ``sent_at`` when a mail server took it.
    ``handed_over`` is when it was about to leave, until it is known what came of that.
    """

    ticket: int
    message: int
    to: Line
    to_name: Line = ""
    subject: Line
    state: Sending = Sending.QUEUED
    created: Moment
    not_before: Moment
    attempts: tuple[Attempt, ...] = ()
    handed_over: Moment | None = None
    sent_at: Moment | None = None
    message_id: MailId
    in_reply_to: MailId | None = None
    references: tuple[MailId, ...] = ()
    automatic: bool = False

    @property
    def may_have_arrived(self) -> bool:
        """Whether it waits for a person to say whether it is sent once more."""
        held = self.state is Sending.HELD
        return held and self.last_words.startswith(MAY_HAVE_ARRIVED)

    @property
    def is_stuck(self) -> bool:
        """Whether it was tried and has not left, for as far as is known."""
        return self.may_have_arrived or (self.state is Sending.QUEUED and bool(self.attempts))

    def waits_in_vain(self, now: datetime) -> bool:
        """Whether nobody has tried to send it for long, as where no worker runs (any more)."""
        waits = self.state in (Sending.QUEUED, Sending.SENDING)
        return waits and now - self.not_before >= UNTRIED

    def needs_a_person(self, now: datetime) -> bool:
        """Whether it will not leave before somebody has looked after it."""
        return self.may_have_arrived or self.waits_in_vain(now)

    @property
    def last_words(self) -> str:
        """What the mail server said last, or nothing."""
        return self.attempts[-1].words if self.attempts else ""

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be sent now."""
        far = self.not_before - now > _PAUSES[-1]  # no pause is that long: a clock was wrong
        return self.state is Sending.QUEUED and (self.not_before <= now or far)


def begun(outgoing: Outgoing) -> Outgoing:
    """Somebody sends it; until it is handed over nothing of it leaves."""
    return _with(outgoing, state=Sending.SENDING)


def handed_over(outgoing: Outgoing, at: datetime) -> Outgoing:
    """The mail server is about to get the last of it: from now on it may have arrived."""
    return _with(outgoing, handed_over=at)


def stopped(outgoing: Outgoing) -> Outgoing:
    """Whoever sent it was asked to end before it was handed over; it keeps its place."""
    return _with(outgoing, state=Sending.QUEUED)


def sent(outgoing: Outgoing, at: datetime, words: str) -> Outgoing:
    """A mail server took it."""
    return _with(_tried(outgoing, at, words), state=Sending.SENT, sent_at=at)


def put_off(outgoing: Outgoing, at: datetime, words: str) -> Outgoing:
    """It did not go through now; it is tried again after a while that grows."""
    pause = _PAUSES[min(len(outgoing.attempts), len(_PAUSES) - 1)]
    tried = _tried(outgoing, at, words)
    return _with(tried, state=Sending.QUEUED, not_before=at + pause)


def unsure(outgoing: Outgoing, at: datetime, words: str) -> Outgoing:
    """All of it was handed over and no answer came: tried once more, then a person decides."""
    words = f"{MAY_HAVE_ARRIVED}: {words}"
    if not any(attempt.words.startswith(MAY_HAVE_ARRIVED) for attempt in outgoing.attempts):
        return put_off(outgoing, at, words)
    return _with(_tried(outgoing, at, words), state=Sending.HELD)


def cut_short(outgoing: Outgoing, at: datetime) -> Outgoing:
    """Whoever sent it died. It is sent again rather than never, and keeps its place: the first.

    If it may have arrived twice by now, a person decides. One that never got as far as to be
    handed over goes behind the others the second time, so that it holds up none by its size.
    """
    if outgoing.handed_over is not None:
        again = unsure(outgoing, at, "sending was cut short")
    else:
        again = _with(_tried(outgoing, at, _KILLED_BEFORE), state=Sending.QUEUED)
        if outgoing.last_words == _KILLED_BEFORE:
            return _with(again, not_before=at)
    return _with(again, not_before=outgoing.not_before)


def failed(outgoing: Outgoing, at: datetime, words: str) -> Outgoing:
    """It will never leave."""
    return _with(_tried(outgoing, at, words), state=Sending.FAILED)


def bounced(outgoing: Outgoing, at: datetime, words: str) -> Outgoing:
    """It left, and a mail server on the way says that it will never arrive."""
    return failed(outgoing, at, f"{CAME_BACK}: {words}")


def is_given_up(outgoing: Outgoing, at: datetime) -> bool:
    """Whether it was tried for long enough, however long it waited to be tried at all."""
    return bool(outgoing.attempts) and at - outgoing.attempts[0].at >= GIVE_UP


def held(outgoing: Outgoing) -> Outgoing:
    """It waits until it is released. Raises InvalidInput if it does not wait to be sent."""
    _require(outgoing, "held", Sending.QUEUED)
    return _with(outgoing, state=Sending.HELD)


def released(outgoing: Outgoing, at: datetime) -> Outgoing:
    """It is sent after all. Raises InvalidInput if it is not held."""
    _require(outgoing, "released", Sending.HELD)
    return _with(outgoing, state=Sending.QUEUED, not_before=at)


def hurried(outgoing: Outgoing, at: datetime) -> Outgoing:
    """It is tried at once. Raises InvalidInput if it does not wait to be sent."""
    _require(outgoing, "tried again", Sending.QUEUED)
    return _with(outgoing, not_before=at)


def cancelled(outgoing: Outgoing, at: datetime, by: str) -> Outgoing:
    """It is not sent. Raises InvalidInput if it may have left already."""
    _require(outgoing, "cancelled", Sending.QUEUED, Sending.HELD)
    return failed(outgoing, at, f"cancelled by {by}")


def _require(outgoing: Outgoing, what: str, *states: Sending) -> None:
    if outgoing.state not in states:
        raise InvalidInput(
            f"message {outgoing.id} of the outbox is {outgoing.state} and cannot be {what}"
        )


def _tried(outgoing: Outgoing, at: datetime, words: str) -> Outgoing:
    attempts = (*outgoing.attempts, Attempt(at=at, words=words))[-_MOST_ATTEMPTS:]
    return _with(outgoing, attempts=attempts, handed_over=None)


def _with(outgoing: Outgoing, **fields: Any) -> Outgoing:
    return outgoing.model_copy(update=fields)
