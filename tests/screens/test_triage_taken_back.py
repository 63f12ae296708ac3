"""What is decided in a triage is held for some seconds, and can be taken back."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from helpdesk import clock
from helpdesk.desk import answers, drafts, preferences
from helpdesk.desk.desk import Desk
from helpdesk.domain.draft import DraftKind
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Outcome
from tests.conftest import MONDAY
from tests.screens.desks import busy_desk, ticket
from tests.screens.triaging import HELD, carried_out, leave_the_desk, reply, somebody_else, triage


async def test_a_decision_is_held_some_seconds_and_then_carried_out_by_itself(desk: Desk) -> None:
    busy_desk(desk)
    rev = desk.store.ticket(1).rev
    async with triage(desk) as screen:
        await reply(screen)
        assert desk.store.ticket(1).rev == rev
        await screen.press("r")  # the next reply is being written meanwhile
        with clock.hold(MONDAY + HELD):
            await carried_out(screen, desk, 1, rev)
        assert screen.shows("Dear Aigul Toktogulova,")
        await screen.press("escape", "u")
        assert screen.shows(
            "ticket 1: the customer is told already; r on the ticket writes once more"
        )
        assert screen.shows("2 of 5")


async def test_u_takes_a_reply_back_and_its_words_are_there_again(desk: Desk) -> None:
    busy_desk(desk)
    rev = desk.store.ticket(1).rev
    async with triage(desk) as screen:
        await reply(screen)
        assert screen.shows("2 of 5")
        await screen.press("u")
        assert screen.text().count("A new one comes.") == 1
        assert screen.text().count("Dear Bektur Asanov,") == 1
        await screen.press("escape")
        assert screen.shows("1 of 5, 2 overdue left")
        await reply(screen, " Today.")
        await screen.press("u", "ctrl+s")
        assert screen.shows("2 of 5") and screen.shows("1 reply")
        await leave_the_desk(screen)
        assert "A new one comes. Today." in desk.store.ticket(1).messages[-1].text
        assert desk.store.ticket(1).rev == rev + 1


async def test_a_reply_taken_back_and_left_alone_is_never_sent(desk: Desk) -> None:
    busy_desk(desk)
    rev = desk.store.ticket(1).rev
    async with triage(desk) as screen:
        await reply(screen)
        await screen.press("u", "escape", "s")
        await leave_the_desk(screen)
    assert desk.store.ticket(1).rev == rev


async def test_taking_back_goes_from_decision_to_decision(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("a", "s", "w", "1")
        assert screen.shows("4 of 5")
        await screen.press("u")
        assert screen.shows("3 of 5")
        await screen.press("u")
        assert screen.shows("2 of 5")
        await screen.press("u")
        assert screen.shows("1 of 5")
        await screen.press("u")
        assert screen.shows("nothing was decided here that could be taken back")
        await screen.press("escape")
    assert desk.store.ticket(1).assignee is None
    assert desk.store.ticket(3).promises[0].outcome is Outcome.OPEN


async def test_words_of_a_reply_taken_back_are_never_offered_as_a_note(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await reply(screen)
        await screen.press("u", "escape", "n")
        assert screen.shows("for agents only") and not screen.shows("A new one comes.")


async def test_who_was_given_a_ticket_is_taken_back_even_later(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("s", "s", "s", "s", "a")  # gulnara has it
        with clock.hold(MONDAY + HELD):
            await screen.until(lambda: desk.store.ticket(4).assignee == "aibek", "carried out")
            await screen.settle()
            await screen.press("u")
            assert desk.store.ticket(4).assignee == "gulnara"
            assert screen.shows("taken back: #4 to aibek")
            assert screen.shows("5 of 5") and screen.shows("#4 Opening hours")


async def test_what_was_decided_on_the_opened_ticket_since_is_taken_back_first(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("w", "1", "enter", "r")
        await screen.type("It is on its way.")
        await screen.press("ctrl+s", "escape")
        assert screen.shows("2 of 5")
        await screen.until_shows("reply to #2 goes out in 5 s · u takes it back")
        await screen.press("u")
        assert screen.shows("reply to #2") and screen.shows("It is on its way.")
        await screen.press("escape", "u")
        assert screen.shows("1 of 5") and screen.shows("taken back: no answer to #1")


async def test_what_was_carried_out_at_once_is_not_mixed_up_with_what_is_still_held(
    desk: Desk,
) -> None:
    busy_desk(desk)
    with clock.hold(MONDAY + timedelta(minutes=14, seconds=30)):
        async with triage(desk) as screen:
            await screen.press("a", "s", "w", "1")
            assert desk.store.ticket(3).promises[0].outcome is Outcome.WITHDRAWN
            await screen.press("u")
            assert screen.shows("ticket 3: the promise is withdrawn already, and nobody told")
            assert screen.shows("4 of 5")
            await leave_the_desk(screen)
    assert desk.store.ticket(1).assignee == "aibek"


async def test_the_last_line_counts_down_how_long_it_can_be_taken_back(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("a")
        await screen.until(
            lambda: "◷ #1 to aibek in 5 s · u takes it back   r reply" in screen.line(-1)
        )
        with clock.hold(MONDAY + timedelta(seconds=3)):
            await screen.until(lambda: "#1 to aibek in 2 s" in screen.line(-1))
        await screen.press("u")
        assert "taken back: #1 to aibek" in screen.line(-1)


async def test_the_seconds_of_a_decision_are_the_agents_own(desk: Desk) -> None:
    busy_desk(desk)
    preferences.change(desk, hold_seconds=0)
    async with triage(desk) as screen:
        await screen.press("a")
        assert desk.store.ticket(1).assignee == "aibek"
        assert screen.shows("2 of 5")


async def test_the_screen_does_not_wait_for_the_disk_when_much_is_decided(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    threads: list[threading.Thread] = []
    withdraw = answers.no_answer_needed

    def noted(*given: Any) -> Ticket:
        threads.append(threading.current_thread())
        return withdraw(*given)

    monkeypatch.setattr(answers, "no_answer_needed", noted)
    async with triage(desk) as screen:
        await screen.press("w", "1", "w", "1", "w", "1", "w", "1", "w", "1")
        assert screen.shows("That was all 5.")
        assert len(threads) == 2  # no more than three are held at once
        assert threading.main_thread() not in threads


async def test_after_the_triage_the_last_decision_can_still_be_taken_back(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("w", "1", "escape")
        await screen.until_shows("triage: 1 needed no answer")
        await screen.press("u")
        assert screen.shows("taken back: no answer to #1")
        await screen.press("q")
    assert desk.store.ticket(1).promises[0].outcome is Outcome.OPEN


async def test_taken_back_on_the_opened_ticket_the_triage_returns_to_its_own(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("w", "1", "enter")
        assert "ticket 2" in screen.line(0)
        await screen.press("u", "escape")
        assert screen.shows("1 of 5, 2 overdue left")


async def test_the_last_decision_can_be_taken_back_from_the_end(desk: Desk) -> None:
    ticket(desk, "Thank you!")
    async with triage(desk) as screen:
        await screen.press("w", "1", "u")
        assert screen.shows("1 of 1") and screen.shows("#1 Thank you!")
        await screen.press("tab")
        assert "r reply" in screen.line(-1)


async def test_whichever_way_the_agent_leaves_what_was_decided_is_done(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("a")
        await screen.press("ctrl+q")
    assert desk.store.ticket(1).assignee == "aibek"


async def test_what_cannot_be_done_any_more_after_leaving_is_said_and_kept_as_a_draft(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await reply(screen)
        with somebody_else(desk) as other:
            answers.reply(other, 1, "Sent.", owns_delay=True)
        await screen.press("escape")
        with clock.hold(MONDAY + HELD):
            await screen.until_shows("✗ the reply to #1 was not sent, and is a draft again")
    kept = drafts.of_ticket(desk, 1, DraftKind.REPLY)
    assert kept is not None and "A new one comes." in kept.text
