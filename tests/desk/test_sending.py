"""Messages are handed over one at a time: tried again, held, cancelled, never sent twice."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, customers, erasing, inbound, matters, outbox, sending
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.errors import InvalidInput, NotFound, TryAgain
from helpdesk.domain.outgoing import GIVE_UP, Sending
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind, Outcome, State
from helpdesk.mail.parsing import read
from helpdesk.mail.transport import LastStep, Result, later
from tests.conftest import MONDAY
from tests.desk.outgoing import A_LETTER, Way, states


def test_it_is_tried_again_with_longer_and_longer_pauses(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    at, pauses = MONDAY, []
    while states(mailing) == ["queued"]:
        with clock.hold(at):
            sending.send(mailing, Way(later("450 greylisted")))
            found = mailing.store.outgoing(1)
            pauses.append(found.not_before - mailing.now())
            at = found.not_before.astimezone(MONDAY.tzinfo)
    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)]
    assert at - MONDAY >= GIVE_UP
    assert mailing.store.outgoing(1).last_words == "given up after 3 days: 450 greylisted"


def test_what_waited_long_to_be_tried_is_not_given_up_at_the_first_try(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    with clock.hold(MONDAY + 2 * GIVE_UP):
        assert sending.send(mailing, Way(later("450 greylisted"))).later == 1
    with clock.hold(MONDAY + 2 * GIVE_UP + timedelta(minutes=1)):
        assert sending.send(mailing, Way()).sent == 1


def test_a_ticket_that_cannot_be_read_holds_up_no_other_message(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    sending.send(mailing, Way(later("450")))
    file = mailing.path / "tickets" / "0000" / "000001.json"
    whole = file.read_bytes()
    file.write_text("{")
    inbound.take(mailing, A_LETTER.replace(b"first@", b"other@"))
    with clock.hold(MONDAY + GIVE_UP):
        session = sending.send(mailing, Way())
        assert (session.sent, session.later) == (1, 1)
        assert "tickets/0000/000001.json cannot be read" in mailing.store.outgoing(1).last_words
    file.write_bytes(whole)
    with clock.hold(MONDAY + 2 * GIVE_UP):
        assert sending.send(mailing, Way(later("450"))).failed == 1
    assert mailing.store.ticket(1).messages[-1].undelivered == "given up after 3 days: 450"


def test_trouble_with_the_server_stops_the_session_and_loses_nothing(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    inbound.take(mailing, A_LETTER.replace(b"first@", b"other@"))
    session = sending.send(mailing, Way(later("connection refused", ours=True)))
    assert (session.sent, session.later, session.trouble) == (0, 1, "connection refused")
    assert states(mailing) == ["queued", "queued"]


def test_a_message_that_may_have_arrived_is_sent_once_more_and_then_held(
    mailing: Desk, leaking: Ticket
) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    lost = later("no answer in time", ours=True, unsure=True)
    for minutes in range(0, 600, 150):
        with clock.hold(MONDAY + timedelta(minutes=minutes)):
            sending.send(mailing, Way(lost))
    found = mailing.store.outgoing(2)
    assert (found.state, len(found.attempts)) == (Sending.HELD, 2)
    said = outbox.words(found, mailing.zone, mailing.now())
    assert said == "held, may have arrived: no answer in time: helpdesk outbox retry 2, or cancel 2"
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.settled_as(ticket.promises[0]) is Outcome.KEPT
    assert leaking.promise is not None
    with clock.hold(leaking.promise.due + timedelta(days=1)):
        assert outbox.retry(mailing, 2).state is Sending.QUEUED
        way = Way(lost)
        sending.send(mailing, way)
        assert mailing.store.outgoing(2).state is Sending.HELD
        assert outbox.retry(mailing, 2).message_id == found.message_id
        sending.send(mailing, way)
    assert read(way.taken[0][2]).message_id == found.message_id
    assert states(mailing) == ["sent", "sent"]


def test_what_may_have_arrived_can_be_cancelled(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    for minutes in (0, 5):
        with clock.hold(MONDAY + timedelta(minutes=minutes)):
            sending.send(mailing, Way(later("no answer in time", unsure=True)))
    outbox.cancel(mailing, 2)
    assert mailing.store.ticket(leaking.id).state is State.ON_US


def test_what_may_have_arrived_counts_as_told_though_it_is_held(
    mailing: Desk, leaking: Ticket
) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    sending.send(mailing, Way(later("no answer in time", unsure=True)))
    assert outbox.hold(mailing, 2).may_have_arrived
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.settled_as(ticket.promises[0]) is Outcome.KEPT
    assert outbox.retry(mailing, 2).state is Sending.QUEUED


def test_held_released_retried_cancelled(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    outbox.hold(mailing, 2)
    assert sending.send(mailing, Way()).sent == 0
    outbox.release(mailing, 2)
    sending.send(mailing, Way(later("450")))
    assert sending.send(mailing, Way()).sent == 0
    outbox.retry(mailing, 2)
    assert sending.send(mailing, Way()).sent == 1
    for refused_now in (outbox.hold, outbox.release, outbox.retry, outbox.cancel):
        with pytest.raises(InvalidInput, match="is sent"):
            refused_now(mailing, 2)
    with pytest.raises(NotFound):
        outbox.cancel(mailing, 99)


def test_a_cancelled_answer_waits_on_us_again(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "Oh no.", close=True)
    outbox.cancel(mailing, 2)
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.state is State.ON_US
    assert ticket.messages[-1].undelivered == "cancelled by aibek"


def test_two_programs_never_send_at_once(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)

    class Meeting(Way):
        def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
            with open_desk(mailing.path, agent="kim") as other, pytest.raises(TryAgain):
                sending.send(other, Way())
            return super().send(sender, to, message, last_step)

    assert sending.send(mailing, Meeting()).sent == 1


def test_who_is_erased_is_not_written_to(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    erasing.erase(mailing, leaking.customer or 0)
    assert mailing.store.outbox() == []
    assert sending.send(mailing, Way()).sent == 0
    assert not list((mailing.path / "outbox").rglob("*.json"))


def test_an_address_that_cannot_be_written_to_fails_for_good(mailing: Desk) -> None:
    customer = customers.create(
        mailing, {"name": "Асель", "emails": [{"address": f"{'ы' * 40}@people.example"}]}
    )
    matters.new_ticket(
        mailing, customer.id, kind=Kind.REQUEST, channel=Channel.EMAIL, subject="a", text="b"
    )
    assert sending.send(mailing, Way()).failed == 1
