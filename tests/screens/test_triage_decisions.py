"""In a triage one key decides: a reply, another date, a note, an end, an agent, no answer."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk.desk import Desk
from helpdesk.domain.words import Direction, Outcome, State
from tests.conftest import MONDAY
from tests.screens.desks import busy_desk, ticket
from tests.screens.triaging import HELD, leave_the_desk, triage


async def test_a_reply_begins_with_greeting_and_apology_and_goes_on_to_the_next(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("r")
        assert screen.shows("Dear Bektur Asanov,") and screen.shows("We are sorry")
        await screen.type("A new one comes.")
        await screen.press("ctrl+s")
        assert screen.shows("2 of 5, 1 overdue left")
        assert screen.shows("1 reply")
        await leave_the_desk(screen)
        sent = desk.store.ticket(1).messages[-1]
        assert "A new one comes." in sent.text and sent.owns_delay
        assert desk.store.ticket(1).state is State.ON_CUSTOMER


async def test_another_date_is_told_with_its_reason_and_can_be_taken_back(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("p")
        await screen.type("+2h\nthe workshop is shut")
        await screen.press("ctrl+s")
        assert screen.shows("1 date told")
        await screen.press("u")
        assert screen.shows("+2h") and screen.shows("the workshop is shut")
        await screen.press("ctrl+s")
        await leave_the_desk(screen)
    told = desk.store.ticket(1).promise
    assert told is not None and told.due == MONDAY + timedelta(hours=2)
    assert desk.store.ticket(1).promises[0].outcome is Outcome.BROKEN


async def test_a_note_leaves_the_promise_as_it_is_and_goes_on(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("n")
        await screen.type("Ask the workshop.")
        await screen.press("ctrl+s")
        assert screen.shows("2 of 5") and screen.shows("1 note")
        await screen.until_shows("◷ note on #1 in 5 s · u takes it back")
        await leave_the_desk(screen)
    last = desk.store.ticket(1).messages[-1]
    assert (last.direction, last.text) == (Direction.NOTE, "Ask the workshop.")
    assert desk.store.ticket(1).promise is not None


async def test_closing_takes_the_last_answer_and_can_be_taken_back(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("c")
        await screen.type("A blunt needle.")
        await screen.press("tab", "tab", "tab")
        await screen.type("You get a new tent.")
        await screen.press("ctrl+s", "u")
        assert screen.shows("A blunt needle.") and screen.shows("You get a new tent.")
        await screen.press("ctrl+s")
        assert screen.shows("1 closed")
        await leave_the_desk(screen)
    closed = desk.store.ticket(1)
    assert closed.state is State.CLOSED and closed.root_cause == "A blunt needle."


async def test_a_takes_the_ticket_and_a_capital_one_gives_it_away(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("a")
        assert screen.shows("#2 Where is my order")
        await screen.press("a")
        assert screen.shows("ticket 2 is yours already")
        await screen.press("A")
        await screen.type("a b\n")
        assert screen.shows("not a login name")
        await screen.press("ctrl+u")
        await screen.type("@asel\n")
        assert screen.shows("2 assigned") and screen.shows("3 of 5")
        await screen.press("A", "enter")
        await leave_the_desk(screen)
    assert [desk.store.ticket(number).assignee for number in (1, 2, 3)] == ["aibek", "asel", None]


@pytest.mark.parametrize(
    ("keys", "reason"), [("1", "a thank-you"), ("2", "a duplicate"), ("3", "spam")]
)
async def test_a_common_reason_why_no_answer_is_needed_takes_one_key(
    desk: Desk, keys: str, reason: str
) -> None:
    ticket(desk, "Thank you!")
    async with triage(desk) as screen:
        await screen.press("w")
        assert screen.shows("is withdrawn: neither kept")
        assert screen.shows(f"{keys} {reason}")
        await screen.press(keys)
        assert screen.shows("1 needed no answer")
        await leave_the_desk(screen)
    settled = desk.store.ticket(1).promises[0]
    assert (settled.outcome, settled.reason) == (Outcome.WITHDRAWN, reason)


async def test_another_reason_is_typed_and_may_hold_digits(desk: Desk) -> None:
    ticket(desk, "Order 12")
    async with triage(desk) as screen:
        await screen.press("w", "enter")
        assert screen.shows("say why no answer is needed: 1, 2, 3, or in your words")
        await screen.type("settled on the phone at 12\n")
        assert screen.shows("That was the only one.")
        await leave_the_desk(screen)
    assert desk.store.ticket(1).promises[0].reason == "settled on the phone at 12"


async def test_at_the_end_it_is_said_what_was_done_and_what_is_still_held(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("a", "s", "w", "1", "w", "3", "s")
        assert screen.shows("That was all 5.")
        assert "u undo  esc back  ? keys" in screen.line(-1)
        for line in ("1  assigned", "2  needed no answer", "2  skipped: #2, #4"):
            assert screen.shows(line), line
        assert screen.shows("held for 5 s more: #1 to aibek, no answer to #3, no answer to #5")
        with clock.hold(MONDAY + HELD):
            await screen.until_shows("✓ all of it is carried out")
        await screen.press("escape")
        assert "triage: 1 assigned, 2 needed no answer, 2 skipped" in screen.line(-1)
