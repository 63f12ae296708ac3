"""A delay is owned once: what somebody else has apologised for is not apologised for again."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, drafts, preferences
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.letters import with_apology, without
from helpdesk.domain.draft import DraftKind
from helpdesk.screens.ticket import TicketScreen
from helpdesk.widgets.fields import TextField
from tests.conftest import MONDAY
from tests.screens.driver import ScreenDriver
from tests.screens.people import on_screen, sends_at_once, torn_tent

LATE = MONDAY + timedelta(hours=7)
SORRY = "did not keep that promise"


@pytest.fixture(autouse=True)
def late_and_sent_at_once(desk: Desk) -> None:
    """A matter promised for 15:00."""
    sends_at_once(desk)
    torn_tent(desk)


def written(screen: ScreenDriver) -> str:
    """The message as it stands on the screen."""
    return [field.text for field in screen.app.screen.query(TextField)][-1]


async def until_said(screen: ScreenDriver, words: str) -> None:
    """Wait until it stands on the screen, over however many lines."""
    await screen.until(lambda: words in " ".join(screen.text().replace("│", "").split()), words)


def asel_owns_it(desk: Desk) -> None:
    """Somebody else answers and owns the delay."""
    with open_desk(desk.path, "asel") as other:
        answers.reply(other, 1, "It was sent yesterday.")


def said_last(desk: Desk) -> str:
    """What the customer was told last."""
    return desk.store.ticket(1).messages[-1].text


async def test_a_reply_sent_all_the_same_does_not_apologise_again(desk: Desk) -> None:
    with clock.hold(LATE):
        async with on_screen(desk, TicketScreen(1)) as screen:
            await screen.press("r")
            await screen.type("On its way")
            asel_owns_it(desk)
            await until_said(screen, "the apology is out of the text: that delay is owned already")
            assert SORRY not in written(screen)
            await screen.type(" today.")
            await screen.press("ctrl+s")
            assert screen.shows("✗ not sent yet")
            await screen.press("ctrl+s")
    assert said_last(desk).startswith("Dear Ms Asanova,\n\nOn its way today.\n\nKind regards")
    assert not desk.store.ticket(1).messages[-1].owns_delay


async def test_the_draft_alone_is_still_no_answer_without_its_apology(desk: Desk) -> None:
    with clock.hold(LATE):
        async with on_screen(desk, TicketScreen(1)) as screen:
            await screen.press("r")
            asel_owns_it(desk)
            await until_said(screen, "the apology is out of the text")
            await screen.press("ctrl+s", "ctrl+s")
            assert screen.shows("✗ nothing is written yet")
            await screen.press("escape")
    assert drafts.load(desk) == []


async def test_what_the_agent_said_in_his_own_words_stays(desk: Desk) -> None:
    with clock.hold(LATE):
        async with on_screen(desk, TicketScreen(1)) as screen:
            await screen.press("r")
            own = "We are late, and that was me. On its way."
            screen.app.screen.query_one(TextField).text = own
            asel_owns_it(desk)
            await screen.until_shows("✗ the ticket changed while you write")
            assert written(screen) == own


async def test_an_apology_typed_by_the_agent_himself_stays(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        with clock.hold(LATE):
            ticket, customer = desk.store.ticket(1), desk.store.customer(1)
            own = f"{answers.owed_apology(desk, ticket, customer)} On its way."
            screen.app.screen.query_one(TextField).text = own
            asel_owns_it(desk)
            await screen.until_shows("✗ the ticket changed while you write")
            assert written(screen) == own


async def test_an_apology_put_in_when_it_was_sent_is_taken_out_too(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("On its way.")
        with clock.hold(LATE):
            await screen.press("ctrl+s")
            assert SORRY in written(screen)
            asel_owns_it(desk)
            await screen.press("ctrl+s")
            await until_said(screen, "the apology is out of the text")
            await screen.press("ctrl+s")
            assert SORRY not in said_last(desk) and "On its way." in said_last(desk)


async def test_a_held_reply_that_was_overtaken_comes_back_without_its_apology(desk: Desk) -> None:
    preferences.change(desk, hold_seconds=5)
    with clock.hold(LATE):
        async with on_screen(desk, TicketScreen(1)) as screen:
            await screen.press("r")
            await screen.type("On its way.")
            await screen.press("ctrl+s")
            asel_owns_it(desk)
            with clock.hold(LATE + timedelta(seconds=6)):
                await screen.until_shows("✗ the reply to #1 was not sent")
                assert SORRY in drafts.load(desk)[0].text
                await screen.press("r")
                await until_said(screen, "the apology is out of the text")
                assert SORRY not in written(screen) and "On its way." in written(screen)


async def test_a_draft_of_yesterday_does_not_apologise_again(desk: Desk) -> None:
    with clock.hold(LATE):
        async with on_screen(desk, TicketScreen(1)) as screen:
            await screen.press("r")
            await screen.type("On its way.")
            await screen.press("escape")
            assert drafts.of_ticket(desk, 1, DraftKind.REPLY) is not None
            with clock.hold(LATE + timedelta(minutes=1)):
                asel_owns_it(desk)
                await screen.press("r")
                await until_said(screen, "the apology is out of the text")
                assert SORRY not in written(screen)


async def test_the_end_of_a_matter_does_not_apologise_again(desk: Desk) -> None:
    with clock.hold(LATE):
        async with on_screen(desk, TicketScreen(1)) as screen:
            await screen.press("c", "tab", "tab", "tab")
            await screen.type("Handed over.")
            assert SORRY in written(screen)
            asel_owns_it(desk)
            await until_said(screen, "the apology is out of the text")
            await screen.press("ctrl+s", "ctrl+s")
    assert SORRY not in said_last(desk) and "Handed over." in said_last(desk)


async def test_another_date_is_told_anew_if_nothing_was_changed_by_hand(desk: Desk) -> None:
    with clock.hold(LATE):
        async with on_screen(desk, TicketScreen(1)) as screen:
            await screen.press("p")
            await screen.type("fri 14:00\nthe workshop is shut")
            assert SORRY in written(screen)
            asel_owns_it(desk)
            await until_said(screen, "✗ the ticket changed while you write, see above")
            assert screen.shows("→ answered · email · Mon 2 Mar 17:00 · asel")
            assert screen.shows("We promised you an answer by Monday, March 2")
            assert SORRY not in written(screen) and "Friday, March 6" in written(screen)
            await screen.press("ctrl+s", "ctrl+s")
    assert SORRY not in said_last(desk) and "Friday, March 6" in said_last(desk)


async def test_a_letter_changed_by_hand_loses_only_what_the_desk_put_in(desk: Desk) -> None:
    with clock.hold(LATE):
        async with on_screen(desk, TicketScreen(1)) as screen:
            await screen.press("p")
            await screen.type("fri 14:00\nthe workshop is shut\n")
            field = screen.app.screen.query_one(TextField)
            field.text = field.text.replace("Dear Ms Asanova,", "Dear Ms Asanova, again,")
            asel_owns_it(desk)
            await until_said(screen, "^r drafts the letter anew")
            assert SORRY not in written(screen) and "again," in written(screen)


def test_an_apology_is_taken_out_however_its_lines_are_broken(desk: Desk) -> None:
    customer = desk.store.customer(1)
    apology = "We promised (it) by 15:00.  We are sorry."
    text = f"{desk.texts.greeting(customer)}\n\nOn its way.\n\nKind regards"
    put_in = with_apology(desk, customer, text, apology)
    assert without(put_in, apology) == text
    assert without(put_in.replace(" by ", "\nby "), apology) == text
    assert without(text, apology) == text
    assert without(text, "") == text
