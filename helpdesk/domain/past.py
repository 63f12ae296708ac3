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
STATED_IN_TIME = "the source states that the answer came in time"
NOT_KNOWN_SINCE = "in time when the source told of it; what became of it since is not known"


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
    matter: PastMatter,
    *,
    number: int,
    customer: int,
    by: str,
    now: datetime,
    renewed: PastPromise | None = None,
) -> Ticket:
    """The ticket of a matter, taken in by agent ``by`` at ``now`` (UTC).

    A matter that waits on us takes a promise, and one that ``outlived_its_word`` another one that
    is ``renewed`` now; the answer of a matter that does not wait settles it.

    Raises:
        RuleBroken: if the rules of a promise cannot hold what the source tells, saying why.
    """
    answered = None if matter.state is State.ON_US else matter.answered
    _require_holdable(matter, answered, now)
    if outlived_its_word(matter, now) is (renewed is None):
        raise RuleBroken("stated as in time, but its promised time has gone by")
    messages = _messages(matter, answered, renewed)
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
        promises=_ledger(matter, answered, messages, renewed),
        history=_history(matter, answered, by, now),
    )


def outlived_its_word(matter: PastMatter, now: datetime) -> bool:
    """Whether it waits on us and is stated as in time, by a source that spoke before ``now``.

    The promised time has gone by since, so that nobody knows what became of the promise.
    """
    told = matter.promise
    waits_in_time = matter.state is State.ON_US and matter.outcome is Outcome.KEPT
    return waits_in_time and told is not None and told.due < now


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
    if answered is not None and answered < matter.received:
        raise RuleBroken("closed or answered before it was received")
    if answered is not None and answered > now:
        raise RuleBroken("closed or answered in the future")
    stated = matter.outcome is not None
    if answered is None and not (stated or matter.answer_may_be_unknown):
        raise RuleBroken("closed or answered, but without the time of it")


def _messages(
    matter: PastMatter, answered: datetime | None, renewed: PastPromise | None
) -> tuple[Message, ...]:
    said = [(Direction.IN, matter.received, matter.author, matter.text, False)]
    for told in filter(None, (matter.promise, renewed)):
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


def _ledger(
    matter: PastMatter,
    answered: datetime | None,
    messages: tuple[Message, ...],
    renewed: PastPromise | None,
) -> Ledger:
    told = matter.promise
    if told is None:
        return ()
    ledger = _told((), told, matter.channel, message=2)
    if renewed is not None:
        ledger = rules.withdraw(ledger, at=told.told_at, reason=NOT_KNOWN_SINCE)
        return _told(ledger, renewed, matter.channel, message=3)
    if matter.state is State.ON_US:
        return ledger
    return settled(ledger, matter.outcome, answered, messages[-1].id)


def _told(ledger: Ledger, told: PastPromise, channel: Channel, *, message: int) -> Ledger:
    return rules.tell(
        ledger,
        due=told.due,
        at=told.told_at,
        by=told.told_by,
        message=message,
        channel=channel,
        rule=told.rule,
    )


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
    if stated is not None:
        return _by_word(ledger, stated)
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
        return _by_word(open_ledger, stated)
    raise RuleBroken(f"stated as {stated}, but closed after the promised time")


def _by_word(ledger: Ledger, stated: Outcome) -> Ledger:
    """The standing promise settled by the source's word alone, at a time that is not known."""
    promise = standing(ledger)
    if promise is None:
        return ledger
    reason = STATED_LATE if stated is Outcome.BROKEN else STATED_IN_TIME
    update = {"outcome": stated, "reason": reason}
    return (*ledger[:-1], promise.model_copy(update=update))


def _history(
    matter: PastMatter, answered: datetime | None, by: str, now: datetime
) -> tuple[Event, ...]:
    imported = Event(at=now, by=by, what="imported", detail=f"from {matter.source}")
    if answered is None:
        return (imported,)
    what = "closed" if matter.state is State.CLOSED else "answered"
    return (Event(at=answered, by=matter.source, what=what), imported)
