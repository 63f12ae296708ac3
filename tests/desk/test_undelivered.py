"""What never arrived was not told: the ledger goes by what left."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, customers, inbound, outbox, sending, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.desk.exporting import ticket_object
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.invariants import faults
from helpdesk.domain.outgoing import Sending
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Outcome, State
from helpdesk.mail.parsing import read
from helpdesk.mail.transport import later, refused
from tests.conftest import MONDAY
from tests.desk.outgoing import A_LETTER, Way, bounced, states


def test_an_answer_refused_for_good_was_no_answer(mailing: Desk, leaking: Ticket) -> None:
    assert leaking.promise is not None
    answered = answers.reply(mailing, leaking.id, "A new tent is on its way.")
    assert answered.promises[0].outcome is Outcome.KEPT
    session = sending.send(mailing, Way(refused("550 5.1.1 no such user")))
    assert session.failed == 1
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.state is State.ON_US
    assert ticket.promises[0] == answered.promises[0]  # the ledger is never changed
    assert ticket.settled_as(ticket.promises[0]) is Outcome.WITHDRAWN
    assert ticket.promise is not None
    assert ticket.promise.due == leaking.promise.due
    assert ticket.messages[-1].undelivered == "550 5.1.1 no such user"
    assert ticket.never_left == ticket.messages[-1]
    assert faults(ticket) == []
    assert states(mailing) == ["sent", "failed"]
    ledger = list(mailing.store.promises(mailing.query("")))
    assert [row.outcome for row in ledger] == [Outcome.WITHDRAWN, Outcome.OPEN]
    assert mailing.store.check() == []


def test_past_due_it_is_broken_once_and_owns_the_delay(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    assert leaking.promise is not None
    with clock.hold(leaking.promise.due + timedelta(hours=1)):
        sending.send(mailing, Way(refused("550 no")))
        ticket = mailing.store.ticket(leaking.id)
        assert len(ticket.broken(mailing.now())) == 1
        assert ticket.owes_apology(mailing.now())
        answered = answers.reply(mailing, leaking.id, "Here it is.")
        assert answered.messages[-1].owns_delay
        assert len(answered.broken(mailing.now())) == 1


def test_a_promise_told_in_a_mail_that_never_left_was_not_told(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    sending.send(mailing, Way(refused("550 no")))
    ticket = mailing.store.ticket(1)
    assert ticket.state is State.ON_US
    assert ticket.promise is not None
    shown = ticket_object(ticket, mailing.now(), mailing.zone)
    assert shown["promises"][0]["told_at"] is None
    after = ticket.promise.due + timedelta(days=1)
    assert ticket.outcome_of(ticket.promise, after) is Outcome.OPEN
    assert not ticket.owes_apology(after)
    with clock.hold(after):
        answered = answers.reply(mailing, 1, "Yes.")
        assert answered.settled_as(answered.promises[0]) is Outcome.WITHDRAWN
        assert faults(answered) == []
    assert mailing.store.check() == []


def test_an_answer_since_then_counts(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "First.")
    sending.send(mailing, Way(later("450 wait")))
    answers.reply(mailing, leaking.id, "Second.")
    sending.send(mailing, Way())
    with clock.hold(MONDAY + timedelta(minutes=2)):
        sending.send(mailing, Way(refused("550 no")))
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.messages[2].undelivered
    assert ticket.state is State.ON_CUSTOMER
    assert ticket.settled_as(ticket.promises[0]) is Outcome.KEPT


def test_another_date_that_was_never_told_leaves_the_old_one(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    answers.tell_date(mailing, leaking.id, MONDAY + timedelta(days=2), "cloth")
    sending.send(mailing, Way(refused("550 no")))
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.promise is not None
    assert ticket.promise.due == leaking.promise.due
    assert ticket.was_told(ticket.promise)
    assert faults(ticket) == []


def test_after_a_merge_the_promise_stands_where_the_matter_goes_on(
    mailing: Desk, leaking: Ticket
) -> None:
    other = inbound.take(mailing, A_LETTER.replace(b"first@", b"other@"))
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    answers.reply(mailing, other.ticket or 0, "As I wrote.")
    first, second = sorted(mailing.store.outbox(Sending.QUEUED))[-2:]
    outbox.hold(mailing, second)
    upkeep.merge(mailing, leaking.id, other.ticket or 0)
    outbox.cancel(mailing, first)
    into = mailing.store.ticket(other.ticket or 0)
    assert faults(into) == faults(mailing.store.ticket(leaking.id)) == []
    said = [message.undelivered for message in into.messages if message.undelivered]
    assert sorted(said) == ["cancelled by aibek", "held back"]
    outbox.cancel(mailing, second)
    into = mailing.store.ticket(other.ticket or 0)
    assert into.state is State.ON_US
    assert faults(into) == []


def test_an_answer_that_came_back_was_no_answer(mailing: Desk, leaking: Ticket) -> None:
    promised = leaking.promise
    assert promised is not None
    way = Way()
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    sending.send(mailing, way)
    assert mailing.store.ticket(leaking.id).state is State.ON_CUSTOMER
    taken = inbound.take(mailing, bounced(way.taken[0][2]))
    assert (taken.ticket, taken.automatic) == (leaking.id, True)
    ticket = mailing.store.ticket(leaking.id)
    assert faults(ticket) == []
    assert ticket.messages[2].undelivered == "came back: 550 5.1.1 no such user"
    assert ticket.state is State.ON_US
    assert ticket.promise is not None
    assert (ticket.promise.due, ticket.promise.follows) == (promised.due, promised.id)
    assert ticket.outcome_of(ticket.promises[0], mailing.now()) is Outcome.WITHDRAWN
    assert states(mailing) == ["sent", "failed"]
    assert [row.id for row in mailing.store.queue(mailing.query("is:undelivered"))] == [ticket.id]
    # Once more, as of another copy of it, it changes nothing but that it is filed.
    inbound.take(mailing, bounced(way.taken[0][2]) + b"\r\n")
    assert mailing.store.ticket(leaking.id).promises == ticket.promises


def test_an_acknowledgement_that_came_back_told_nothing(mailing: Desk) -> None:
    taken = inbound.take(mailing, A_LETTER)
    way = Way()
    sending.send(mailing, way)
    inbound.take(mailing, bounced(way.taken[0][2]))
    ticket = mailing.store.ticket(taken.ticket or 0)
    assert ticket.promise is not None
    assert not ticket.was_told(ticket.promise)
    assert ticket_object(ticket, mailing.now(), mailing.zone)["promises"][0]["told_at"] is None


@pytest.mark.parametrize(
    ("to", "action"), [("asel@people.example", "delayed"), ("somebody@else.example", "failed")]
)
def test_what_may_still_arrive_counts(mailing: Desk, leaking: Ticket, to: str, action: str) -> None:
    way = Way()
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    sending.send(mailing, way)
    taken = inbound.take(mailing, bounced(way.taken[0][2], to, action))
    ticket = mailing.store.ticket(leaking.id)
    assert taken.ticket == ticket.id
    assert ticket.messages[2].undelivered is None
    assert ticket.state is State.ON_CUSTOMER
    assert states(mailing) == ["sent", "sent"]


def test_an_answer_that_failed_is_given_again_and_counts_from_then_on(
    mailing: Desk, leaking: Ticket
) -> None:
    number = leaking.id
    answers.reply(mailing, number, "A new tent is on its way.")
    sending.send(mailing, Way(refused("550 no such user")))
    assert mailing.store.ticket(number).state is State.ON_US
    customers.update(
        mailing, leaking.customer or 0, {"emails": [{"address": "new@people.example"}]}
    )
    way = Way()
    with clock.hold(MONDAY + timedelta(hours=1)):
        outgoing = answers.again(mailing, 2)
        assert (outgoing.state, outgoing.to) == (Sending.QUEUED, "new@people.example")
        sending.send(mailing, way)
    assert read(way.taken[0][2]).text.strip() == "A new tent is on its way."
    ticket = mailing.store.ticket(number)
    assert faults(ticket) == []
    assert ticket.messages[2].undelivered == "550 no such user"
    assert ticket.promises[-1].outcome is Outcome.KEPT
    assert ticket.promises[-1].settled_at == MONDAY + timedelta(hours=1)
    assert states(mailing) == ["sent", "failed", "sent"]
    with pytest.raises(InvalidInput, match="answered since"):
        answers.again(mailing, 2)


def test_what_promised_something_is_not_simply_given_again(mailing: Desk, leaking: Ticket) -> None:
    answers.tell_date(mailing, leaking.id, MONDAY + timedelta(days=2), "cloth")
    with pytest.raises(InvalidInput, match="queued and has not failed"):
        answers.again(mailing, 2)
    sending.send(mailing, Way(refused("550 no")))
    with pytest.raises(InvalidInput, match="helpdesk promise"):
        answers.again(mailing, 2)


def test_an_acknowledgement_that_failed_is_told_as_a_date(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    sending.send(mailing, Way(refused("550 no")))
    with pytest.raises(InvalidInput, match="helpdesk promise"):
        answers.again(mailing, 1)
