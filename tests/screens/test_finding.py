"""An agent looks for what somebody said in a long conversation."""

import pytest

from helpdesk.desk import inbound, matters, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.screens.ticket import TicketScreen
from helpdesk.widgets.conversation import Conversation
from helpdesk.widgets.message_view import MessageView
from tests.desk.letters import letter
from tests.hostile import PAYLOADS, assert_harmless
from tests.screens.driver import ScreenDriver, desk_screen
from tests.screens.people import gulnara, matter, on_screen

QUOTING = """It is still open.

On Mon, 2 Mar 2026 at 09:00, Ak-Sai wrote:
> We sent the courier to the yard gate."""


@pytest.fixture
def long_talk(desk: Desk) -> Desk:
    """A matter with many messages; the gate is in the first, the fifth, and the last but some."""
    gulnara(desk)
    matter(desk, text="The courier stood at the Gate.")
    for number in range(2, 31):
        gate = " The gate was shut." if number in (5, 20) else ""
        matters.take_in(desk, 1, f"Message {number}.{gate}\nNothing new.")
    return desk


def looked_at(screen: ScreenDriver) -> list[str]:
    """The words that are marked as those that are looked at."""
    return [
        view.visual.plain[span.start : span.end]  # type: ignore[attr-defined]
        for view in screen.on_top.query(MessageView)
        for span in view.visual.spans  # type: ignore[attr-defined]
        if str(span.style) == "bold reverse"
    ]


@pytest.mark.parametrize("size", [(80, 24), (60, 12), (200, 50)])
async def test_what_is_typed_is_found_at_once_and_keys_lead_from_place_to_place(
    long_talk: Desk, size: tuple[int, int]
) -> None:
    async with on_screen(long_talk, TicketScreen(1), size) as screen:
        assert screen.shows("Message 30.")
        await screen.press("slash")
        await screen.type("gate")
        assert screen.find(" /  gate").endswith("3 of 3")
        assert screen.shows("Message 20. The gate was shut.") and looked_at(screen) == ["gate"]
        await screen.press("enter", "less_than_sign")
        assert screen.find(" /  gate").endswith("2 of 3")
        assert screen.shows("Message 5. The gate was shut.")
        await screen.press("less_than_sign")
        assert screen.find(" /  gate").endswith("1 of 3") and looked_at(screen) == ["Gate"]
        assert screen.shows("The courier stood at the Gate.")
        await screen.press("enter", "greater_than_sign")
        assert screen.find(" /  gate").endswith("3 of 3") and looked_at(screen) == ["gate"]
        await screen.press("enter")
        assert screen.find(" /  gate").endswith("1 of 3")
        assert screen.shows("from the top again")


async def test_one_letter_is_looked_for_only_when_the_agent_means_it(long_talk: Desk) -> None:
    async with on_screen(long_talk, TicketScreen(1)) as screen:
        await screen.press("slash", "g")
        assert screen.find(" /  g").endswith("…") and not looked_at(screen)
        await screen.press("enter")
        assert " of " in screen.find(" /  g") and looked_at(screen) == ["g"]
        await screen.press("escape", "slash", "h")
        assert screen.find(" /  h").endswith("…")
        await screen.press("down")
        assert " of " in screen.find(" /  h") and looked_at(screen) == ["h"]
        await screen.press("ctrl+u")
        await screen.type("门")
        assert screen.find(" /  门").endswith("not in these messages")


async def test_escape_ends_it_where_the_agent_has_come_and_again_leaves_the_ticket(
    long_talk: Desk,
) -> None:
    async with on_screen(long_talk, TicketScreen(1)) as screen:
        await screen.press("slash")
        await screen.type("gate")
        await screen.press("up", "escape")
        assert not screen.shows(" /  gate") and not looked_at(screen)
        assert screen.shows("Message 5. The gate was shut.")
        assert screen.line(-1).startswith(" r reply")
        await screen.press("enter")
        assert screen.shows("/ finds words in the messages first")
        await screen.press("escape")
        assert screen.on_top is screen.queue


async def test_the_last_line_says_the_keys_of_typing_and_then_those_of_going_along(
    long_talk: Desk,
) -> None:
    async with on_screen(long_talk, TicketScreen(1)) as screen:
        await screen.press("slash")
        assert screen.line(-1).startswith(" ⏎ keep  ↓ next  ↑ before  esc end")
        await screen.type("gate")
        await screen.press("enter")
        assert screen.line(-1).startswith(" ⏎ > next  < before  / find  esc end  r reply")
        await screen.resize(40, 12)
        assert "esc end" in screen.line(-1)
        await screen.press("r")
        await screen.until_shows("no mail goes to")


async def test_a_quote_is_opened_where_the_words_are_in_it(desk: Desk) -> None:
    inbound.take(desk, letter("The parcel is not here.", subject="Parcel", id="one@example.com"))
    inbound.take(desk, letter(QUOTING, subject="Re: Parcel", in_reply_to="one@example.com"))
    async with on_screen(desk, TicketScreen(1), (80, 60)) as screen:
        assert not screen.shows("yard gate")
        await screen.press("slash")
        await screen.type("yard")
        assert screen.find(" /  yard").endswith("1 of 1")
        assert screen.shows("> We sent the courier to the yard gate.")
        assert looked_at(screen) == ["yard"]
        await screen.press("escape")
        assert screen.shows("> We sent the courier to the yard gate.")


async def test_a_quote_says_what_is_found_in_it_and_opens_once_the_agent_goes_there(
    desk: Desk,
) -> None:
    first = letter("The gate is shut.", subject="Parcel", id="one@example.com")
    inbound.take(desk, first)
    inbound.take(desk, letter(QUOTING, subject="Re: Parcel", in_reply_to="one@example.com"))
    async with on_screen(desk, TicketScreen(1), (80, 60)) as screen:
        await screen.press("slash")
        await screen.type("gate")
        assert screen.find(" /  gate").endswith("1 of 2")
        assert screen.shows("… quoted text folded, v shows it · 1 found there")
        await screen.press("enter", "enter")
        assert screen.find(" /  gate").endswith("2 of 2") and looked_at(screen) == ["gate"]
        assert screen.shows("> We sent the courier to the yard gate.")


async def test_older_messages_are_brought_where_only_they_hold_the_words(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, text="The tent is called Manaschi.")
    for number in range(130):
        upkeep.note(desk, 1, f"note number {number:03}")
    async with on_screen(desk, TicketScreen(1)) as screen:
        assert screen.on_top.query_one(Conversation).hidden
        await screen.press("slash")
        await screen.type("manaschi")
        assert screen.shows("The tent is called Manaschi.") and looked_at(screen) == ["Manaschi"]


async def test_words_that_nowhere_stand_together_are_found_each_and_others_not_at_all(
    long_talk: Desk,
) -> None:
    async with on_screen(long_talk, TicketScreen(1)) as screen:
        await screen.press("slash")
        await screen.type("gate courier")
        assert screen.find(" /  gate courier").endswith("4 of 4 · its words apart")
        await screen.press("escape", "slash")
        await screen.type("zeppelin")
        assert screen.find(" /  zeppelin").endswith("not in these messages")
        await screen.press("enter", "enter")
        assert screen.shows("not in these messages: / looks for other words")


async def test_a_message_that_comes_meanwhile_is_counted_and_takes_nobody_from_his_place(
    long_talk: Desk,
) -> None:
    async with on_screen(long_talk, TicketScreen(1)) as screen:
        await screen.press("slash")
        await screen.type("gate")
        await screen.press("up", "enter")
        assert screen.find(" /  gate").endswith("2 of 3")
        upkeep.note(long_talk, 1, "The gate is open now.")
        await screen.until_shows("2 of 4")
        assert screen.shows("Message 5. The gate was shut.")


async def test_a_quote_that_comes_meanwhile_says_what_is_found_in_it(desk: Desk) -> None:
    first = letter("The gate is shut.", subject="Parcel", id="one@example.com")
    inbound.take(desk, first)
    async with on_screen(desk, TicketScreen(1), (80, 60)) as screen:
        await screen.press("slash")
        await screen.type("gate")
        assert screen.find(" /  gate").endswith("1 of 1")
        inbound.take(desk, letter(QUOTING, subject="Re: Parcel", in_reply_to="one@example.com"))
        await screen.until_shows("1 of 2")
        assert screen.shows("… quoted text folded, v shows it · 1 found there")


async def test_a_ticket_opens_where_it_holds_what_was_searched_for(long_talk: Desk) -> None:
    async with desk_screen(long_talk) as screen:
        await screen.press("S")
        await screen.type("courier")
        await screen.until_shows("1 found")
        await screen.press("enter")
        assert screen.shows("The courier stood at the Gate.") and looked_at(screen) == ["courier"]
        assert screen.find(" /  courier").endswith("1 of 1")
        await screen.press("escape")
        assert screen.shows("find courier")


async def test_a_ticket_found_by_its_subject_opens_at_the_latest_as_ever(long_talk: Desk) -> None:
    async with desk_screen(long_talk) as screen:
        await screen.press("S")
        await screen.type("torn")
        await screen.until_shows("1 found")
        await screen.press("enter")
        assert screen.shows("Message 30.") and not screen.shows(" /  torn")


async def test_where_the_customer_stands_instead_the_messages_come_back(long_talk: Desk) -> None:
    async with on_screen(long_talk, TicketScreen(1)) as screen:
        await screen.press("tab")
        assert not screen.shows("Message 30.")
        await screen.press("slash")
        await screen.type("gate")
        assert screen.shows("Message 20. The gate was shut.")


@pytest.mark.parametrize("name", PAYLOADS)
async def test_nothing_hostile_comes_of_marking_it(desk: Desk, name: str) -> None:
    gulnara(desk)
    matter(desk, text=f"before needle {PAYLOADS[name]} needle after")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("slash")
        await screen.type("needle")
        assert screen.find(" /  needle").endswith("of 2")
        await screen.press("enter", "enter")
        assert_harmless(screen.text())


async def test_a_message_that_is_nothing_but_the_word_is_marked_around_the_place_alone(
    desk: Desk,
) -> None:
    gulnara(desk)
    matter(desk, text="gate " * 700)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("slash")
        await screen.type("gate")
        assert screen.find(" /  gate").endswith("1 of 700")
        for place, key in ((700, "up"), (699, "up"), (700, "down"), (1, "down")):
            await screen.press(key)
            assert screen.find(" /  gate").endswith(f"{place} of 700")
            assert looked_at(screen) == ["gate"]
            assert marks(screen) <= 200


def marks(screen: ScreenDriver) -> int:
    """How many places are marked in the first message."""
    view = screen.on_top.query(MessageView).first()
    return sum("bold" in str(span.style) for span in view.visual.spans) - 1  # type: ignore[attr-defined]
