"""Matters come in: a ticket is made, the customer is told by when he is answered."""

from datetime import datetime, timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, customers, matters, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput, NotFound
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind, Outcome, State
from helpdesk.store.base import Conflict
from tests.conftest import DESK_TOML, MONDAY
from tests.desk.people import whoever_has


def aigul(desk: Desk) -> int:
    return whoever_has(desk, "aigul@example.com", "Aigul Toktogulova")


def complaint(desk: Desk, channel: Channel = Channel.EMAIL) -> Ticket:
    return matters.new_ticket(
        desk,
        aigul(desk),
        kind=Kind.COMPLAINT,
        channel=channel,
        subject="The tent leaks",
        text="It rained and the tent leaked.",
    )


def test_a_complaint_is_acknowledged_at_once_with_the_promise_that_policy_gives(desk: Desk) -> None:
    ticket = complaint(desk)
    assert ticket.id == 1
    assert ticket.promise is not None
    # Monday 10:00 and 4 working hours, of which one falls into the break from 13:00 to 14:00.
    assert ticket.promise.due == MONDAY.replace(hour=15)
    told_in = ticket.messages[ticket.promise.told_in - 1]
    assert told_in.automatic
    assert "Dear Aigul Toktogulova," in told_in.text
    assert "15:00" in told_in.text
    assert "number 1" in told_in.text


def test_a_phone_call_is_promised_by_the_rule_for_phones(desk: Desk) -> None:
    ticket = complaint(desk, Channel.PHONE)
    assert ticket.promise is not None
    assert ticket.promise.due == MONDAY + timedelta(minutes=15)


def letter(desk: Desk, received: datetime) -> Ticket:
    return matters.new_ticket(
        desk,
        aigul(desk),
        kind=Kind.COMPLAINT,
        channel=Channel.EMAIL,
        subject="The tent leaks",
        text="It rained.",
        received=received,
    )


def test_what_was_received_before_is_promised_by_policy_from_then_on(desk: Desk) -> None:
    received = MONDAY - timedelta(minutes=30)
    ticket = letter(desk, received)
    assert ticket.created == ticket.messages[0].at == received
    assert ticket.promise is not None
    assert ticket.promise.told_at == MONDAY
    assert ticket.promise.due == MONDAY.replace(hour=14, minute=30)


def test_what_policy_promised_of_long_ago_is_promised_from_now_on(desk: Desk) -> None:
    ticket = letter(desk, MONDAY - timedelta(days=20))
    assert ticket.promise is not None
    assert ticket.promise.due == MONDAY.replace(hour=15)


def test_nothing_was_received_in_the_future(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="future"):
        matters.new_ticket(
            desk,
            aigul(desk),
            kind=Kind.COMPLAINT,
            channel=Channel.LETTER,
            subject="x",
            text="x",
            received=MONDAY + timedelta(hours=1),
        )


def test_a_ticket_without_words_or_customer_is_refused(desk: Desk) -> None:
    for subject, text in (("", "x"), ("x", " \n"), ("\x1b", "x")):
        with pytest.raises(InvalidInput, match="a subject and a text"):
            matters.new_ticket(
                desk, 1, kind=Kind.REQUEST, channel=Channel.WEB, subject=subject, text=text
            )
    with pytest.raises(NotFound):
        matters.new_ticket(desk, 9, kind=Kind.REQUEST, channel=Channel.WEB, subject="x", text="x")


def test_a_customer_who_writes_again_keeps_the_promise_he_was_told(desk: Desk) -> None:
    ticket = complaint(desk)
    with clock.hold(MONDAY + timedelta(hours=1)):
        again = matters.take_in(desk, ticket.id, "And a pole broke.")
    assert again.promises == ticket.promises
    assert again.messages[-1].author == "Aigul Toktogulova"


def test_a_customer_who_writes_to_a_closed_ticket_opens_it_again(desk: Desk) -> None:
    ticket = complaint(desk)
    answers.reply(desk, ticket.id, "We send a new one.", close=True)
    with clock.hold(MONDAY + timedelta(days=1)):
        again = matters.take_in(desk, ticket.id, "It leaks too.")
        assert again.state is State.ON_US
        assert [p.outcome_at(desk.now()) for p in again.promises] == [Outcome.KEPT, Outcome.OPEN]
        assert again.messages[-1].automatic


def test_reopening_takes_a_reason_and_sees_what_others_did(desk: Desk) -> None:
    ticket = complaint(desk)
    closed = answers.reply(desk, ticket.id, "We send a new one.", close=True)
    with pytest.raises(InvalidInput, match="reason"):
        matters.reopen(desk, ticket.id, "  ")
    with pytest.raises(Conflict, match="changed meanwhile"):
        matters.reopen(desk, ticket.id, "it leaks", seen=closed.rev - 1)
    assert matters.reopen(desk, ticket.id, "it leaks", seen=closed.rev).state is State.ON_US


def test_a_matter_that_is_taken_up_again_is_not_told_of_as_a_new_one(desk: Desk) -> None:
    ticket = complaint(desk)
    assert "has reached us as number 1" in ticket.messages[-1].text
    answers.close(desk, ticket.id, text="Here is a new tent.")
    again = matters.take_in(desk, ticket.id, "It is the wrong colour.").messages[-1].text
    assert "has reached us" not in again
    assert "Your matter 1 is with us again.\n\nYou will have our answer by" in again


def test_words_for_a_merged_ticket_go_where_it_was_merged_into(desk: Desk) -> None:
    away, into = complaint(desk).id, complaint(desk).id
    upkeep.merge(desk, away, into)
    assert matters.take_in(desk, away, "One thing more.").id == into


def test_an_acknowledgement_owns_a_delay_that_nobody_owned(desk: Desk) -> None:
    ticket = complaint(desk)
    with clock.hold(MONDAY + timedelta(hours=7)):
        answers.close(desk, ticket.id, no_answer_reason="he called it off")
        again = matters.take_in(desk, ticket.id, "I want it after all.")
    told = again.messages[-1]
    assert told.automatic
    assert told.owns_delay
    assert "Dear Aigul Toktogulova,\n\nWe promised you an answer by" in told.text


def test_a_promise_is_told_to_the_minute_and_is_due_at_what_was_told(desk: Desk) -> None:
    with clock.hold(MONDAY + timedelta(seconds=50)):
        ticket = complaint(desk, Channel.PHONE)
    assert ticket.promise is not None
    assert ticket.promise.due == MONDAY + timedelta(minutes=15)


def test_what_a_ticket_cannot_hold_is_refused_and_nothing_is_written(desk: Desk) -> None:
    for tags, assignee in ((["\u200b"], None), ([], "no body!")):
        with pytest.raises(InvalidInput):
            matters.new_ticket(
                desk,
                aigul(desk),
                kind=Kind.REQUEST,
                channel=Channel.WEB,
                subject="x",
                text="x",
                tags=tags,
                assignee=assignee,
            )
    assert desk.store.count(desk.query("")) == 0


def test_a_phone_number_is_not_taken_for_a_customers_number(desk: Desk) -> None:
    aigul(desk)
    bakyt = customers.create(desk, {"name": "Bakyt", "phones": [{"number": "555123"}]}).id
    assert customers.find(desk, "555123") == bakyt
    assert customers.find(desk, "#1") == 1


def test_a_new_address_becomes_a_new_customer_and_a_known_one_is_found(desk: Desk) -> None:
    number = aigul(desk)
    assert whoever_has(desk, "AIGUL@example.com") == number
    assert customers.find(desk, str(number)) == number
    assert desk.store.customer(number).name == "Aigul Toktogulova"
    with pytest.raises(NotFound, match="no such customer"):
        customers.find(desk, "bakyt@example.com")
    with pytest.raises(InvalidInput, match="not an e-mail address"):
        whoever_has(desk, "bakyt@")


def test_a_contact_that_several_customers_share_is_not_guessed(desk: Desk) -> None:
    for name in ("Aigul", "Bakyt"):
        customers.create(desk, {"name": name, "emails": [{"address": "family@example.com"}]})
    with pytest.raises(InvalidInput, match="several customers"):
        customers.find(desk, "family@example.com")


def test_a_profile_grows_by_notes_ratings_and_addresses(desk: Desk) -> None:
    number = aigul(desk)
    customers.note(desk, number, "Climbs every summer.")
    customers.rate(desk, number, 5, None)
    emails = [*desk.store.customer(number).emails, {"address": "aigul@work.example.com"}]
    customers.update(desk, number, {"emails": emails})
    profile = desk.store.customer(number)
    assert [note.text for note in profile.notes] == ["Climbs every summer."]
    assert profile.notes[0].by == "aibek"
    assert profile.satisfaction == 100
    assert customers.find(desk, "aigul@work.example.com") == number
    with pytest.raises(InvalidInput, match="not an e-mail address"):
        customers.update(desk, number, {"emails": [{"address": "nowhere"}]})
    with pytest.raises(InvalidInput, match="1 "):
        customers.rate(desk, number, 0, None)


def test_a_change_of_a_profile_that_someone_else_changed_is_told(desk: Desk) -> None:
    number = aigul(desk)
    seen = desk.store.customer(number).rev
    customers.update(desk, number, {"preferred": "Aika"}, seen=seen)
    with pytest.raises(Conflict):
        customers.update(desk, number, {"preferred": "Aigulya"}, seen=seen)
    with pytest.raises(InvalidInput, match="timezone"):
        customers.update(desk, number, {"timezone": "Asia/Atlantis"})
    assert desk.store.customer(number).preferred == "Aika"


def test_a_policy_that_is_changed_while_the_desk_is_open_holds_for_the_next_matter(
    desk: Desk,
) -> None:
    settings = desk.path / "desk.toml"

    def promised() -> timedelta:
        promise = complaint(desk).promise
        assert promise is not None
        return promise.due - MONDAY

    assert promised() == timedelta(hours=5)  # 4 working hours over the lunch break
    settings.write_text(DESK_TOML.replace("4 working hours", "30 working minutes"))
    assert promised() == timedelta(minutes=30)
    settings.write_text(DESK_TOML.replace("4 working hours", "soon"))
    assert promised() == timedelta(minutes=30)
    settings.write_text(DESK_TOML.replace("Ak-Sai Outfitters", "Ala-Too"))
    assert complaint(desk).messages[-1].text.endswith("Ala-Too")
