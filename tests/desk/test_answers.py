"""Agents answer: promises are kept, moved in time, or owned when they were broken."""

import json
import textwrap
from datetime import datetime, timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, letters, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput, NotFound, RuleBroken
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Outcome, State
from helpdesk.store.base import Conflict
from tests.conftest import MONDAY
from tests.desk.test_matters import complaint

LATE = MONDAY + timedelta(hours=7)
TOMORROW = MONDAY + timedelta(days=1)
LATER = TOMORROW + timedelta(hours=1)


def outcomes(ticket: Ticket) -> list[Outcome]:
    return [promise.outcome for promise in ticket.promises]


def own_words(desk: Desk, due: datetime = TOMORROW) -> str:
    """A message of the agent's own that tells when."""
    return f"I call you on {desk.texts.moment(desk.store.customer(1), due)}."


def test_a_reply_in_time_keeps_the_promise(desk: Desk) -> None:
    ticket = answers.reply(desk, complaint(desk).id, "We send a new one.")
    assert outcomes(ticket) == [Outcome.KEPT]
    assert ticket.state is State.ON_CUSTOMER
    assert ticket.messages[-1].text == "We send a new one."
    assert ticket.messages[-1].author == "aibek"
    assert desk.store.ticket(ticket.id) == ticket


def test_a_profile_laid_out_by_hand_is_left_so_by_an_answer(desk: Desk) -> None:
    number = complaint(desk).id
    profile = desk.path / "customers" / "0000" / "000001.json"
    profile.write_text(json.dumps(json.loads(profile.read_text()), indent=4))
    desk.store.catch_up()
    by_hand = profile.read_bytes()
    answers.reply(desk, number, "We send a new one.")
    assert profile.read_bytes() == by_hand


def test_a_late_reply_begins_with_an_apology_that_names_the_time_we_missed(desk: Desk) -> None:
    number = complaint(desk).id
    with clock.hold(LATE):
        ticket = answers.reply(desk, number, "We send a new one.")
    text = ticket.messages[-1].text
    assert text.startswith("We promised you an answer by ")
    assert "15:00" in text
    assert text.endswith("We send a new one.")
    assert ticket.messages[-1].owns_delay
    assert outcomes(ticket) == [Outcome.BROKEN]


def test_the_apology_stands_in_the_draft_and_is_not_said_twice(desk: Desk) -> None:
    opened = complaint(desk)
    with clock.hold(LATE):
        profile = desk.store.customer(opened.customer or 0)
        draft = answers.draft_reply(desk, opened, profile)
        assert draft.startswith("Dear Aigul Toktogulova,\n\nWe promised you")
        ticket = answers.reply(desk, opened.id, draft)
    assert ticket.messages[-1].text.count("We promised you") == 1


def test_an_agent_may_own_the_delay_in_words_of_his_own(desk: Desk) -> None:
    number = complaint(desk).id
    with clock.hold(LATE):
        ticket = answers.reply(desk, number, "I forgot you, and am sorry.", owns_delay=True)
    assert ticket.messages[-1].text == "I forgot you, and am sorry."


def test_a_promise_moved_in_time_tells_the_customer_the_date_and_the_reason(desk: Desk) -> None:
    ticket = answers.tell_date(desk, complaint(desk).id, TOMORROW, "the workshop is closed")
    text = ticket.messages[-1].text
    assert "the workshop is closed" in text
    assert "March 3, 2026, 10:00" in text
    assert "sorry" not in text
    assert outcomes(ticket) == [Outcome.MOVED, Outcome.OPEN]
    assert ticket.promises[-1].rule == "set by aibek"


def test_an_earlier_date_is_told_without_excuse(desk: Desk) -> None:
    earlier = MONDAY + timedelta(hours=2)
    ticket = answers.tell_date(desk, complaint(desk).id, earlier, "the parts are here already")
    assert "will not make that time" not in ticket.messages[-1].text
    assert "12:00" in ticket.messages[-1].text


def test_a_date_told_after_the_due_time_owns_the_delay(desk: Desk) -> None:
    number = complaint(desk).id
    with clock.hold(LATE):
        ticket = answers.tell_date(desk, number, TOMORROW, "the workshop is closed")
        assert "We are sorry" in ticket.messages[-1].text
        assert outcomes(ticket) == [Outcome.BROKEN, Outcome.OPEN]
    with clock.hold(LATE + timedelta(minutes=5)):
        words = own_words(desk, LATER)
        own = answers.tell_date(desk, number, LATER, "still closed", text=words)
        assert own.messages[-1].text == words


def test_a_text_that_does_not_own_the_delay_gets_the_apology_put_before_it(desk: Desk) -> None:
    number = complaint(desk).id
    with clock.hold(LATE):
        ticket = answers.tell_date(desk, number, TOMORROW, "closed", text=own_words(desk))
    assert ticket.messages[-1].text.startswith("We promised you")
    assert ticket.messages[-1].text.endswith(own_words(desk))


def test_a_date_takes_a_reason_and_lies_ahead(desk: Desk) -> None:
    number = complaint(desk).id
    with pytest.raises(InvalidInput, match="reason"):
        answers.tell_date(desk, number, TOMORROW, " ")
    with pytest.raises(RuleBroken, match="ahead"):
        answers.tell_date(desk, number, MONDAY, "late")
    assert outcomes(desk.store.ticket(number)) == [Outcome.OPEN]


def test_a_reply_may_promise_the_next_answer(desk: Desk) -> None:
    ticket = answers.reply(
        desk, complaint(desk).id, "We look at it.", next_due=TOMORROW, next_reason="the workshop"
    )
    assert ticket.state is State.ON_US
    assert outcomes(ticket) == [Outcome.KEPT, Outcome.OPEN]
    assert "March 3, 2026, 10:00" in ticket.messages[-1].text


def test_the_next_date_is_told_in_any_case_and_before_the_signature(desk: Desk) -> None:
    opened = complaint(desk)
    profile = desk.store.customer(opened.customer or 0)
    letter = desk.texts.letter(profile, "aibek", "We look at it.")
    ticket = answers.reply(desk, opened.id, letter, next_due=TOMORROW)
    text = ticket.messages[-1].text
    assert "You will have our answer by Tuesday, March 3, 2026, 10:00" in text
    assert text.endswith("Ak-Sai Outfitters")
    assert (
        answers.tell_date(desk, opened.id, LATER, "parts", text="Soon.")
        .messages[-1]
        .text.startswith("Soon.\n\nWe are still working on your matter: parts")
    )
    with pytest.raises(InvalidInput, match="no words"):
        answers.tell_date(desk, opened.id, TOMORROW, "parts", text="\u200b")


def test_an_apology_is_found_again_however_an_editor_broke_its_lines(desk: Desk) -> None:
    opened = complaint(desk)
    with clock.hold(LATE):
        draft = answers.draft_reply(desk, opened, desk.store.customer(opened.customer or 0))
        wrapped = "\n".join(textwrap.fill(line, 40) for line in draft.splitlines())
        ticket = answers.reply(desk, opened.id, wrapped)
    assert ticket.messages[-1].text == wrapped


def test_the_apology_is_put_behind_the_greeting(desk: Desk) -> None:
    number = complaint(desk).id
    with clock.hold(LATE):
        ticket = answers.reply(desk, number, "Dear Aigul Toktogulova,\n\nHere it is.")
    assert ticket.messages[-1].text.startswith("Dear Aigul Toktogulova,\n\nWe promised you")


def test_a_letter_drafted_before_the_due_time_is_not_sent_after_it(desk: Desk) -> None:
    opened = complaint(desk)
    with clock.hold(LATE), pytest.raises(Conflict, match="come due meanwhile"):
        answers.tell_date(desk, opened.id, TOMORROW, "parts", text="Later.", drafted=MONDAY)
    assert len(desk.store.ticket(opened.id).messages) == 2


def test_a_clock_set_back_turns_no_broken_promise_into_a_kept_one(desk: Desk) -> None:
    number = complaint(desk).id
    with clock.hold(LATE):
        upkeep.note(desk, number, "Overdue by now.")
    with clock.hold(MONDAY):
        assert outcomes(answers.reply(desk, number, "Here it is.")) == [Outcome.BROKEN]


def test_someone_elses_answer_stops_mine_and_nothing_is_written(desk: Desk) -> None:
    seen = complaint(desk)
    answers.reply(desk, seen.id, "I was first.")
    with pytest.raises(Conflict, match="changed meanwhile"):
        answers.reply(desk, seen.id, "Me too.", seen=seen.rev)
    assert desk.store.ticket(seen.id).messages[-1].text == "I was first."


def test_a_thank_you_needs_no_answer(desk: Desk) -> None:
    ticket = answers.no_answer_needed(desk, complaint(desk).id, "a thank-you")
    assert outcomes(ticket) == [Outcome.WITHDRAWN]


def test_closing_answers_the_customer_or_says_why_not(desk: Desk) -> None:
    first, second, third = (complaint(desk).id for _ in range(3))
    with pytest.raises(RuleBroken, match="answer the customer first"):
        answers.close(desk, first, resolution="a new tent")
    closed = answers.close(desk, first, text="Here it is.", resolution="a new tent")
    assert (closed.state, closed.resolution) == (State.CLOSED, "a new tent")
    assert outcomes(closed) == [Outcome.KEPT]
    assert outcomes(answers.close(desk, second, no_answer_reason="spam")) == [Outcome.WITHDRAWN]
    answers.reply(desk, third, "Here it is.")
    assert answers.close(desk, third).state is State.CLOSED
    with pytest.raises(RuleBroken, match="closed already"):
        answers.close(desk, third)


def test_a_late_closing_owns_the_delay(desk: Desk) -> None:
    number = complaint(desk).id
    with clock.hold(LATE):
        closed = answers.close(desk, number, text="Here it is.")
    assert closed.messages[-1].text.startswith("We promised you")
    assert outcomes(closed) == [Outcome.BROKEN]


def test_an_empty_reply_and_an_unknown_ticket_are_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="takes a text"):
        answers.reply(desk, complaint(desk).id, " \n")
    with pytest.raises(NotFound, match="99"):
        answers.reply(desk, 99, "hello")


@pytest.mark.parametrize("language", ["en", "ky", "ru", "ta"])
def test_an_apology_in_the_desks_words_is_known_however_it_writes_the_time(
    desk: Desk, language: str
) -> None:
    number = complaint(desk).id
    with desk.writing() as writing:
        profile = writing.customer(1).model_copy(update={"language": language})
        writing.put(profile)
    apology = desk.texts.apology(profile, MONDAY)
    body = apology.replace(desk.texts.moment(profile, MONDAY), "14:00").replace(". ", ".\n")
    with clock.hold(LATE):
        quoted = "\n".join(f"> {line}" for line in body.splitlines())
        owed = answers.owed_apology(desk, desk.store.ticket(number), profile)
        assert not letters.apologizes(desk, profile, f"New tent.\n{quoted}", owed)
        assert not letters.apologizes(desk, profile, body[:-20], owed)
        ticket = answers.reply(desk, number, f"{body}\nHere is the new tent.")
    assert ticket.messages[-1].text.startswith(body.splitlines()[0])
    assert ticket.messages[-1].owns_delay
