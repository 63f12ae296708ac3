"""What others do during a triage is seen in time, and nobody's work is undone."""

from datetime import timedelta

from helpdesk import clock
from helpdesk.desk import answers, matters, upkeep
from helpdesk.desk.desk import Desk
from tests.conftest import MONDAY
from tests.screens.desks import busy_desk, ticket
from tests.screens.triaging import HELD, leave_the_desk, reply, somebody_else, triage


async def test_a_ticket_that_somebody_else_was_given_since_is_not_taken_back(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("a")
        with clock.hold(MONDAY + HELD):
            await screen.until(lambda: desk.store.ticket(1).assignee == "aibek", "carried out")
            await screen.settle()
            with somebody_else(desk) as other:
                upkeep.assign(other, 1, "gulnara")
            await screen.press("u")
            assert desk.store.ticket(1).assignee == "gulnara"
            assert screen.shows("nothing to take back: ticket 1 was changed since, by asel")
            assert screen.shows("2 of 5")


async def test_a_ticket_that_somebody_else_took_first_is_not_taken_from_him(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("a")
        with somebody_else(desk) as other:
            upkeep.assign(other, 1, "gulnara")
        with clock.hold(MONDAY + HELD):
            await screen.until_shows("✗ not done, #1 to aibek")
        assert desk.store.ticket(1).assignee == "gulnara"
        assert screen.shows("2 of 6")  # it comes again


async def test_an_overdue_ticket_that_somebody_else_answers_meanwhile_is_left_no_more(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        assert screen.shows("1 of 5, 2 overdue left")
        with somebody_else(desk) as other:
            answers.reply(other, 2, "It is on its way.", owns_delay=True)
            await screen.until_shows("1 of 5, 1 overdue left")
            matters.take_in(other, 2, "Where is it then?")
            await screen.settle()
            assert screen.shows("1 of 5, 1 overdue left"), "he was promised another answer"
        await screen.press("w", "1")
        assert screen.shows("2 of 5, none overdue left")
        await screen.press("u")
        assert screen.shows("1 of 5, 1 overdue left")
        await screen.press("escape")


async def test_what_somebody_else_told_another_date_for_does_not_fall_overdue_here(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        due = desk.store.ticket(3).promise
        assert due is not None
        with somebody_else(desk) as other:
            answers.tell_date(other, 3, due.due + timedelta(days=5), "the part is late")
        await screen.settle()
        with clock.hold(due.due + timedelta(minutes=1)):
            past = sum(
                row.is_overdue(desk.now()) for row in desk.store.queue(desk.query("is:on-us"))
            )
            await screen.until_shows(f"1 of 5, {past} overdue left")
            await screen.settle()
            assert screen.shows(f"1 of 5, {past} overdue left")


async def test_what_others_answered_before_its_turn_is_passed_over_with_a_line(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        with somebody_else(desk) as other:
            answers.reply(other, 2, "It is on its way.", owns_delay=True)
        await screen.press("s")
        assert screen.shows("passed over #2, answered by asel")
        assert screen.shows("3 of 5") and screen.shows("#3 Calls about a refund")
        await screen.press("u")
        assert screen.shows("1 of 5")


async def test_what_others_do_to_the_ticket_in_front_is_said_and_the_agent_decides(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        with somebody_else(desk) as other:
            upkeep.note(other, 1, "He called me.")
            await screen.until_shows("changed meanwhile: ✎ note")
            answers.reply(other, 1, "A new one comes.", owns_delay=True)
            await screen.until_shows("! meanwhile #1, answered by asel; s goes on")
        assert screen.shows("1 of 5")
        await screen.press("w")
        assert screen.shows("no promise stands")
        await screen.press("s")
        assert screen.shows("2 of 5") and screen.shows("1 no longer waiting")


async def test_a_reply_that_was_overtaken_while_it_was_held_comes_again_with_its_words(
    desk: Desk,
) -> None:
    ticket(desk, "Tent leaks", at=MONDAY - timedelta(days=3))
    ticket(desk, "Where is it", at=MONDAY - timedelta(days=3))
    async with triage(desk) as screen:
        await reply(screen)
        with somebody_else(desk) as other:
            matters.take_in(other, 1, "Forget it, send my money back.")
        with clock.hold(MONDAY + HELD):
            await screen.until_shows("✗ the reply to #1 was not sent, and is a draft again")
        assert screen.shows("2 of 3")
        await screen.press("s")
        assert screen.shows("Forget it, send my money back.")
        await screen.press("r")
        assert screen.shows("A new one comes.")
        assert screen.shows("✗ the ticket changed since you wrote this")
        await screen.press("ctrl+s")
        assert screen.shows("1  not carried out: #1")
        await leave_the_desk(screen)
    assert "A new one comes." in desk.store.ticket(1).messages[-1].text


async def test_what_came_in_while_the_reply_was_written_is_shown_before_it_is_sent(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("r")
        await screen.type("A new one comes.")
        with somebody_else(desk) as other:
            matters.take_in(other, 1, "Forget it.")
        await screen.press("ctrl+s")
        assert screen.shows("Forget it.") and screen.shows("not sent yet")
        await screen.press("ctrl+s")
        assert screen.shows("2 of 5")
