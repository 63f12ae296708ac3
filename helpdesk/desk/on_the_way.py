"""The letters that agents may have to do with: those that wait, and those that never left."""

from __future__ import annotations

from helpdesk.desk.desk import Desk
from helpdesk.desk.outbox import readable
from helpdesk.domain.outgoing import Outgoing, Sending
from helpdesk.domain.query import Query, Term

WAITING = (Sending.QUEUED, Sending.HELD, Sending.SENDING)
MOST_SHOWN = 500
"""Messages of the outbox on a screen; `helpdesk outbox` shows all."""


def to_look_at(desk: Desk) -> list[Outgoing]:
    """What agents may have to do with, as far as it can be read: what waits for a person, then what
    failed and nobody has written since, the newest first, then what was tried and has not left,
    then what waits to be sent.

    Of either at most ``MOST_SHOWN`` are looked at: those sent next, and those that failed last.
    """
    now = desk.now()
    waiting = list(readable(desk, desk.store.outbox(*WAITING, limit=MOST_SHOWN)))
    waiting.sort(key=lambda each: not each.is_stuck)
    last_failed = desk.store.outbox(Sending.FAILED)[: -MOST_SHOWN - 1 : -1]
    failed = list(readable(desk, last_failed))
    query = Query(now, (Term("is", "undelivered"),))
    unanswered = desk.store.which(query, {each.ticket for each in failed})
    return [
        *(each for each in waiting if each.needs_a_person(now)),
        *(each for each in failed if each.ticket in unanswered),
        *(each for each in waiting if not each.needs_a_person(now)),
    ]
