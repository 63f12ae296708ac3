"""A matter that another system dealt with, as a ticket of this desk, with its ledger.

What became of a promise is worked out from the times, by the rules of promise.py. Where the
source states the outcome itself and the times say otherwise, the source's word holds, as far as
the ledger can hold it; a matter that it cannot hold is refused with the reason.
"""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain import promise as rules
from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.message import Message
from helpdesk.domain.promise import Ledger, standing
from helpdesk.domain.ticket import Event, Ticket
from helpdesk.domain.words import Channel, Direction, Kind, Outcome, Priority, State

NOT_KNOWN_WHEN = "settled at the source; when the customer was answered is not known"
STATED_LATE = "the source states that the answer came late"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPromise:
    """A promise that was told before the matter came to this desk. Times are UTC.

    ``told_by`` is who told it, ``text`` the message that did, ``rule`` where the date came from.
    """

    due: datetime
    told_at: datetime
    told_by: str
    rule: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMatter:
    """A matter as its source tells it. Times are UTC; texts are as they came.

    ``answered`` is when the customer got ``answer``; None if he has not, or if it is not known.
    ``outcome`` is kept or broken where the source states it. ``answer_may_be_unknown`` allows a
    matter that waits on us no longer, though the source does not tell since when.
    """

    source: str
    external_id: str
    kind: Kind
    channel: Channel
    priority: Priority
    subject: str
    text: str
    author: str
    received: datetime
    state: State
    promise: PastPromise | None = None
    answered: datetime | None = None
    answer: str = ""
    outcome: Outcome | None = None
    answer_may_be_unknown: bool = False
    resolution: str = ""
    tags: tuple[str, ...] = ()


def past_ticket(
    matter: PastMatter, *, number: int, customer: int, by: str, now: datetime
) -> Ticket:
    """The ticket of a matter, taken in by agent ``by`` at ``now`` (UTC).

    A matter that waits on us takes a promise; the answer of one that does not settles it.

    Raises:
        RuleBroken: if the rules of a promise cannot hold what the source tells, saying why.
    """
    answered = None if matter.state is State.ON_US else matter.answered
    _require_holdable(matter, answered, now)
    messages = _messages(matter, answered)
    return Ticket(
        id=number,
        customer=customer,
        kind=matter.kind,
        channel=matter.channel,
        state=matter.state,
        priority=matter.priority,
        subject=matter.subject,
        tags=matter.tags,
        created=matter.received,
        updated=max(message.at for message in messages),
        source=matter.source,
        external_id=matter.external_id,
        resolution=matter.resolution,
        messages=messages,
        promises=_ledger(matter, answered, messages),
        history=_history(matter, answered, by, now),
    )


def _require_holdable(matter: PastMatter, answered: datetime | None, now: datetime) -> None:
    if matter.received > now:
        raise RuleBroken("received in the future")
    if matter.state is State.ON_US:
        if matter.promise is None:
            raise RuleBroken("waits on us without a promise")
        if matter.outcome is Outcome.BROKEN and now <= matter.promise.due:
            raise RuleBroken("stated as late, but its promised time is still ahead")
    else:
        require_answer(matter, now)


def require_answer(matter: PastMatter, now: datetime) -> None:
    """Raises RuleBroken if it cannot be that a matter which waits on us no more was answered so."""
    answered = matter.answered
    if answered is not None and not matter.received <= answered <= now:
        raise RuleBroken("answered before it was received, or in the future")
    if answered is None and not matter.answer_may_be_unknown:
        raise RuleBroken("closed or answered, but without the time of it")


def _messages(matter: PastMatter, answered: datetime | None) -> tuple[Message, ...]:
    said = [(Direction.IN, matter.received, matter.author, matter.text, False)]
    if matter.promise is not None:
        told = matter.promise
        said.append((Direction.OUT, told.told_at, told.told_by, told.text, True))
    if answered is not None:
        said.append((Direction.OUT, answered, matter.source, matter.answer, False))
    return tuple(
        Message(
            id=number,
            direction=direction,
            at=at,
            author=author,
            channel=matter.channel,
            text=text,
            automatic=automatic,
        )
        for number, (direction, at, author, text, automatic) in enumerate(said, start=1)
    )


def _ledger(matter: PastMatter, answered: datetime | None, messages: tuple[Message, ...]) -> Ledger:
    told = matter.promise
    if told is None:
        return ()
    ledger = rules.tell(
        (),
        due=told.due,
        at=told.told_at,
        by=told.told_by,
        message=2,
        channel=matter.channel,
        rule=told.rule,
    )
    if matter.state is State.ON_US:
        return ledger
    return settled(ledger, matter.outcome, answered, messages[-1].id)


def settled(
    ledger: Ledger, stated: Outcome | None, answered: datetime | None, message: int
) -> Ledger:
    """The ledger once the source has answered with ``message``, or at a time that is not known.

    Raises:
        RuleBroken: if it is ``stated`` as kept and the times say otherwise.
    """
    if answered is not None:
        by_times = rules.answer(ledger, at=answered, message=message)
        return _as_stated(ledger, by_times, stated)
    if stated is Outcome.BROKEN:
        return _late(ledger)
    told = standing(ledger)
    if told is None:
        return ledger
    # An outcome that nobody knows counts neither as kept nor as broken.
    return rules.withdraw(ledger, at=told.told_at, reason=NOT_KNOWN_WHEN)


def _as_stated(open_ledger: Ledger, by_times: Ledger, stated: Outcome | None) -> Ledger:
    """The ledger as the times settled it, unless the source states another outcome."""
    computed = by_times[-1].outcome
    if stated is None or stated is computed:
        return by_times
    if stated is Outcome.BROKEN:
        return _late(open_ledger)
    raise RuleBroken(f"stated as {stated}, but closed after the promised time")


def _late(ledger: Ledger) -> Ledger:
    """The standing promise broken by the source's word alone, at a time that is not known."""
    promise = standing(ledger)
    if promise is None:
        return ledger
    update = {"outcome": Outcome.BROKEN, "reason": STATED_LATE}
    return (*ledger[:-1], promise.model_copy(update=update))


def _history(
    matter: PastMatter, answered: datetime | None, by: str, now: datetime
) -> tuple[Event, ...]:
    imported = Event(at=now, by=by, what="imported", detail=f"from {matter.source}")
    if answered is None:
        return (imported,)
    what = "closed" if matter.state is State.CLOSED else "answered"
    return (Event(at=answered, by=matter.source, what=what), imported)
