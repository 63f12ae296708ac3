"""An agent ends a matter: nobody is left waiting, and what was learned is kept."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, matters
from helpdesk.desk.desk import Desk
from helpdesk.domain.words import Kind, Outcome, State
from helpdesk.screens.close import CloseScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.widgets.fields import TextField
from tests.conftest import MONDAY
from tests.screens.people import gulnara, matter, on_screen, sends_at_once, torn_tent

LATE = MONDAY + timedelta(hours=7)


@pytest.fixture(autouse=True)
def nothing_is_held(desk: Desk) -> None:
    """What is held is told of in test_held.py."""
    sends_at_once(desk)


async def test_a_ticket_that_waits_on_us_is_closed_with_a_last_answer(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("c")
        assert screen.shows("✓ the promise for Mon 2 Mar 2026 15:00 is kept by the answer")
        await screen.type("A blunt needle.")
        await screen.press("tab")
        await screen.type("New needles.")
        await screen.press("tab", "tab")
        await screen.type("Your new tent was handed over.")
        await screen.press("ctrl+s")
        ticket = desk.store.ticket(1)
        assert ticket.state is State.CLOSED
        assert (ticket.root_cause, ticket.resolution) == ("A blunt needle.", "New needles.")
        assert ticket.promises[0].outcome is Outcome.KEPT
        said = ticket.messages[-1].text
        assert said.index("Dear Ms") < said.index("handed over") < said.index("We have closed")
        assert screen.shows("✓ closed")


async def test_feedback_ends_with_thanks_as_there_is_nothing_to_solve(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, "Well done", kind=Kind.FEEDBACK)
    async with on_screen(desk, CloseScreen(1)) as screen:
        assert screen.shows("Thank you for telling us about it.")
        assert not screen.shows("Is it solved for you?")


async def test_the_draft_alone_is_no_answer(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, CloseScreen(1)) as screen:
        await screen.press("ctrl+s")
        assert screen.shows("✗ the customer waits for an answer: write it into the message")
        assert desk.store.ticket(1).state is State.ON_US


async def test_no_answer_takes_a_reason_and_withdraws_the_promise(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("c", "tab", "tab", "right")
        assert screen.shows("- the promise for Mon 2 Mar 2026 15:00 is withdrawn")
        await screen.press("ctrl+s")
        assert screen.shows("✗ say why no answer is needed, or write a last answer")
        await screen.type("A thank-you\n")  # the line for it has the focus
        ticket = desk.store.ticket(1)
        assert ticket.state is State.CLOSED
        assert ticket.promises[0].outcome is Outcome.WITHDRAWN
        assert ticket.promises[0].reason == "A thank-you"


async def test_late_the_promise_stays_broken_and_the_last_answer_owns_the_delay(
    desk: Desk,
) -> None:
    torn_tent(desk)
    with clock.hold(LATE):
        async with on_screen(desk, TicketScreen(1)) as screen:
            await screen.press("c")
            assert screen.shows("! the promise for Mon 2 Mar 2026 15:00 is 2 h late")
            screen.app.screen.query_one("#answer", TextField).text = "Here is your tent."
            await screen.press("ctrl+s")
            assert screen.shows("✗ the message owns the delay: the apology is in it now")
            assert desk.store.ticket(1).state is State.ON_US
            await screen.press("ctrl+s")
            ticket = desk.store.ticket(1)
            assert ticket.state is State.CLOSED and ticket.messages[-1].owns_delay
            assert ticket.promises[0].outcome is Outcome.BROKEN


async def test_an_answered_ticket_is_closed_without_another_word_or_with_one(desk: Desk) -> None:
    torn_tent(desk)
    matter(desk, "Another")
    for number in (1, 2):
        answers.reply(desk, number, "Done.")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("c")
        assert screen.shows("no promise stands: nobody waits for an answer")
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).state is State.CLOSED
        assert desk.store.ticket(1).messages[-1].text == "Done."
        screen.app.push_screen(CloseScreen(2))
        await screen.settle()
        await screen.press("tab", "tab", "right", "ctrl+s")
        assert "We have closed matter 2." in desk.store.ticket(2).messages[-1].text


async def test_what_came_in_meanwhile_is_told_before_it_is_closed(desk: Desk) -> None:
    torn_tent(desk)
    answers.reply(desk, 1, "Done.")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("c")
        matters.take_in(desk, 1, "It tore again.")
        await screen.press("ctrl+s")
        assert screen.shows("✗ not sent yet: the ticket changed")
        assert "It tore again." in " ".join(screen.text().replace("│", "").split())
        await screen.press("ctrl+s")
        assert screen.shows("✗ say why no answer is needed, or write a last answer")
        assert desk.store.ticket(1).state is State.ON_US
