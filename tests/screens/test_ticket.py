"""An agent opens a ticket and reads it."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, customers, matters, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.message import Message
from helpdesk.domain.words import Channel, Direction, Kind
from helpdesk.screens.ticket import TicketScreen
from helpdesk.text import width
from helpdesk.widgets.conversation import Conversation
from helpdesk.widgets.message_view import MessageView, body, folded
from helpdesk.widgets.wrapping import widest
from tests.conftest import MONDAY
from tests.screens.people import gulnara, matter, on_screen, torn_tent


async def test_the_head_says_what_was_promised_for_whom_and_how_to_greet(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        assert "ticket 1" in screen.line(0)
        assert "#1 The tent came torn" in screen.line(1)
        assert "○ in 5 h · promised for Mon 2 Mar 15:00 · told Mon 2 Mar 10:00 by aibek" in (
            screen.line(2)
        )
        assert "waiting on us · complaint · email · unassigned" in screen.line(3)
        assert "“Dear Ms Asanova,” · satisfied 25 of 100" in screen.line(4)


async def test_a_birthday_that_is_near_and_what_the_customer_is_to_us_are_said_at_once(
    desk: Desk,
) -> None:
    customer = gulnara(desk)
    people = [
        {"name": "Bektur", "relation": "son", "birthday": "2015-03-05"},
        {"name": "Asel", "relation": "sister", "birthday": "1990-03-12"},
    ]
    customers.update(desk, customer.id, {"people": people, "tags": ["vip"]})
    matter(desk)
    async with on_screen(desk, TicketScreen(1), (100, 24)) as screen:
        assert "“Dear Ms Asanova,” · birthday in 3 days: Bektur, son · #vip" in screen.line(4)
        with clock.hold(MONDAY + timedelta(days=3)):
            await screen.until_shows("birthday today: Bektur, son · birthday in 7 days: Asel")
        with clock.hold(MONDAY + timedelta(days=11)):
            await screen.until_shows("“Dear Ms Asanova,” · #vip")


async def test_how_long_goes_on_by_itself_and_a_late_promise_is_said_in_words(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), (80, 40)) as screen:
        with clock.hold(MONDAY + timedelta(hours=4, minutes=30)):
            await screen.until_shows("● in 30 min · promised for Mon 2 Mar 15:00")
        with clock.hold(MONDAY + timedelta(hours=7)):
            await screen.until_shows("! 2 h late · promised for Mon 2 Mar 15:00")
            await screen.press("tab")
            assert screen.shows("! Mon 2 Mar 2026 15:00  2 h late")


async def test_messages_stand_in_order_of_time_and_say_whose_they_are(desk: Desk) -> None:
    torn_tent(desk)
    upkeep.note(desk, 1, "Ask the workshop.")
    with clock.hold(MONDAY + timedelta(hours=1)):
        answers.reply(desk, 1, "A new tent is on its way.")
    async with on_screen(desk, TicketScreen(1), (100, 50)) as screen:
        said = [
            "← customer · email · Mon 2 Mar 10:00 · Gulnara Asanova",
            "→ acknowledged · email · Mon 2 Mar 10:00 · aibek · promises Mon 2 Mar 15:00",
            "✎ note · Mon 2 Mar 10:00 · aibek",
            "→ answered · email · Mon 2 Mar 11:00 · aibek · promise kept",
        ]
        places = [screen.place(line) for line in said]
        assert places == sorted(places)
        assert screen.shows("A new tent is on its way.")


async def test_messages_of_a_merged_ticket_stand_between_the_others_by_time(desk: Desk) -> None:
    torn_tent(desk)
    matter(desk, "The same again", text="Asked before.", at=MONDAY - timedelta(hours=20))
    upkeep.merge(desk, 2, 1)
    async with on_screen(desk, TicketScreen(1), (100, 60)) as screen:
        assert screen.place("Asked before.") < screen.place("The seam is torn.")


async def test_what_we_understood_stands_on_top_with_what_the_customer_says_of_it(
    desk: Desk,
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("U")
        await screen.type("She wants a new tent.")
        await screen.press("ctrl+s")
        assert "? understood, not confirmed yet: She wants a new tent." in screen.text()
        await screen.press("U", "tab")
        await screen.type("r")
        await screen.press("ctrl+s")
        assert "✓ understood, confirmed: She wants a new tent." in screen.text()
        assert desk.store.ticket(1).messages[-1].direction is not Direction.NOTE


async def test_tab_shows_the_customer_and_the_ledger_instead_of_the_conversation(
    desk: Desk,
) -> None:
    torn_tent(desk)
    matter(desk, "Poles", kind=Kind.REQUEST)
    answers.tell_date(desk, 1, MONDAY + timedelta(days=1), "the workshop is shut")
    async with on_screen(desk, TicketScreen(1), (80, 50)) as screen:
        assert not screen.shows("What matters")
        await screen.press("tab")
        assert not screen.shows("The seam is torn.")
        for line in (
            "greet     Dear Ms Asanova,",
            "first name not permitted",
            "e-mail    gulnara@example.org (work)",
            "phone     +996 555 010203",
            "satisfied 25 of 100 from 1 rating",
            "no calls before ten",
            "Bektur, son, birthday 12.04.",
            "asel: Leads hikes at Ala-Archa.",
            "A-17: 2 × Tent Ala-Too",
            "○ in 8 h #2 Poles",
            "○ Tue 3 Mar 2026 10:00  in 1 day",
            "→ Mon 2 Mar 2026 15:00  moved",
            "moved Mon 2 Mar 10:00: the workshop is shut",
        ):
            assert screen.shows(line), line
        await screen.press("tab")
        assert screen.shows("The seam is torn.")


async def test_what_was_done_by_whom_and_when_stands_below_the_customer(desk: Desk) -> None:
    torn_tent(desk)
    with clock.hold(MONDAY + timedelta(minutes=30)):
        upkeep.assign(desk, 1, "asel")
        upkeep.set_tags(desk, 1, ["tents"])
    async with on_screen(desk, TicketScreen(1), (80, 40)) as screen:
        await screen.press("tab", "G")
        first = screen.place("What was done")
        assert [line.strip() for line in screen.lines()[first + 1 : first + 4]] == [
            "Mon 2 Mar 10:30 aibek tagged: +tents",
            "Mon 2 Mar 10:30 aibek assigned: asel",
            "Mon 2 Mar 10:00 aibek opened",
        ]
        for _ in range(15):
            upkeep.set_tags(desk, 1, ["more"])
            upkeep.set_tags(desk, 1, [], ["more"])
        await screen.until_shows("tagged: -more")
        await screen.press("G")
        assert screen.shows("3 before these: helpdesk show 1 --history")


async def test_where_there_is_room_the_customer_stands_beside_the_conversation(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), (120, 40)) as screen:
        assert screen.shows("no calls before ten")
        assert screen.shows("The seam is torn.")
        await screen.resize(80, 24)
        assert not screen.shows("no calls before ten")
        assert screen.shows("The seam is torn.")


async def test_a_small_terminal_still_shows_promise_and_message(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), (40, 12)) as screen:
        assert screen.shows("○ in 5 h · promised for Mon 2 Mar 15:")
        assert screen.shows("The seam is torn.")


async def test_the_common_greeting_is_shown_on_phone_tickets_only(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, channel=Channel.PHONE)
    matter(desk, "By mail")
    async with on_screen(desk, TicketScreen(1)) as screen:
        assert screen.shows("say  Good day, this is Ak-Sai Outfitters, aibek speaking.")
        await screen.press("escape")
        screen.app.push_screen(TicketScreen(2))
        await screen.settle()
        assert not screen.shows("Good day")


@pytest.mark.parametrize(("down", "up"), [("j", "k"), ("down", "up"), ("о", "л")])
async def test_the_conversation_scrolls_by_vim_keys_arrows_and_cyrillic_ones(
    desk: Desk, down: str, up: str
) -> None:
    gulnara(desk)
    matter(desk, text="\n".join(f"line {number:02}" for number in range(60)))
    async with on_screen(desk, TicketScreen(1)) as screen:
        assert screen.shows("line 00")
        await screen.press(*[down] * 5)
        assert not screen.shows("line 00")
        await screen.press(*[up] * 5)
        assert screen.shows("line 00")


async def test_the_newest_hundred_messages_are_shown_and_older_ones_when_asked_for(
    desk: Desk,
) -> None:
    torn_tent(desk)
    for number in range(130):
        upkeep.note(desk, 1, f"note number {number:03}")
    async with on_screen(desk, TicketScreen(1)) as screen:
        assert len(screen.app.screen.query(MessageView)) == 100
        await screen.press("G")
        assert screen.shows("note number 129")
        await screen.press("g")
        assert screen.shows("… 32 older messages, b shows more of them")
        await screen.press("b")
        assert len(screen.app.screen.query(MessageView)) == 132
        await screen.press("g")
        assert screen.shows("The seam is torn.")
        await screen.press("b")
        assert screen.shows("all messages are shown")


async def test_who_reads_further_up_is_left_there_and_told_of_what_is_new(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    for number in range(30):
        matters.take_in(desk, 1, f"message {number:03}")
    async with on_screen(desk, TicketScreen(1)) as screen:
        assert screen.shows("message 029")
        matters.take_in(desk, 1, "message 030")
        await screen.until_shows("message 030")
        await screen.press("g")
        matters.take_in(desk, 1, "message 031")
        await screen.until_shows("1 new message below; G goes there")
        assert screen.shows("The seam is torn.")
        await screen.press("G")
        assert screen.shows("message 031")


@pytest.mark.parametrize("size", [(60, 20), (140, 40), (200, 50)])
async def test_the_latest_stays_in_sight_as_the_window_changes_its_size(
    desk: Desk, size: tuple[int, int]
) -> None:
    gulnara(desk)
    matter(desk)
    for number in range(30):
        matters.take_in(desk, 1, f"message {number:03} " + "of many words " * 15)
    upkeep.note(desk, 1, "a long note " * 60)
    async with on_screen(desk, TicketScreen(1), (100, 24)) as screen:
        await screen.resize(*size)
        await screen.until_shows("message 029")
        matters.take_in(desk, 1, "message 030")
        await screen.until_shows("message 030")
        await screen.press("g")
        await screen.resize(100, 24)
        matters.take_in(desk, 1, "message 031")
        await screen.until_shows("1 new message below; G goes there")
        assert screen.shows("The seam is torn.")


async def test_how_many_messages_are_older_still_is_told_each_time(desk: Desk) -> None:
    torn_tent(desk)
    for number in range(230):
        upkeep.note(desk, 1, f"note number {number:03}")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("b", "g")
        assert screen.shows("… 32 older messages, b shows more of them")
        await screen.press("b", "g")
        assert not screen.shows("older messages") and screen.shows("The seam is torn.")


async def test_quotes_and_long_texts_are_folded_until_they_are_asked_for(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, text="start " + "x" * 5000 + " end")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("G")
        assert not screen.shows(" end")
        assert screen.app.screen.query_one(Conversation).whole is False
        await screen.press("v", "g", "pagedown", "pagedown", "pagedown", "pagedown")
        assert screen.shows(" end")


@pytest.mark.parametrize("columns", [80, 120])
async def test_no_word_is_cut_off_where_terminals_draw_letters_wider(
    desk: Desk, columns: int
) -> None:
    gulnara(desk)
    matter(desk, text="உங்கள் காலணி இவ்வளவு விரைவில் பிரிந்தது எங்களுக்கும் வருத்தமாக இருக்கிறது " * 4)
    async with on_screen(desk, TicketScreen(1), (columns, 24)) as screen:
        room = screen.region("Conversation").width
        lines = [line[:room] for line in screen.lines() if "காலணி" in line or "விரைவில்" in line]
        assert len(lines) > 3
        assert all(widest(line.rstrip()) <= room for line in lines)
        await screen.resize(60, 24)
        assert all(widest(line) <= 60 for line in screen.lines() if "காலணி" in line)


async def test_a_head_that_may_not_fit_is_cut_with_a_sign_in_any_terminal(desk: Desk) -> None:
    customer = gulnara(desk)
    customers.update(desk, customer.id, {"name": "அன்பரசன் வேலு"})
    words = "உங்கள் காலணி இவ்வளவு விரைவில் பிரிந்தது எங்களுக்கும் வருத்தமாக இருக்கிறது பாருங்கள் காலணிகளை"
    assert width(words) < 76 < 80 <= widest(words)
    matter(desk, words)
    async with on_screen(desk, TicketScreen(1), (80, 24)) as screen:
        for keys in ((), ("r",), ("escape", "p")):
            await screen.press(*keys)
            line = next(line for line in screen.lines() if "அன்பர" in line or "காலணி" in line)
            shown = line.rstrip("│ ")
            assert shown.endswith("…") and widest(shown) <= 80, line


def test_folded_quotes_are_named(desk: Desk) -> None:
    message = Message(
        id=1,
        direction=Direction.IN,
        at=MONDAY,
        author="Gulnara",
        channel=Channel.EMAIL,
        text="Thanks\n> old words",
        visible="Thanks",
    )
    assert body(message) == "Thanks"
    assert body(message, whole=True) == "Thanks\n> old words"
    assert folded(message) == "… quoted text folded, v shows it"


async def test_a_message_that_comes_in_meanwhile_shows_by_itself(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        matters.take_in(desk, 1, "One more thing.")
        await screen.until_shows("One more thing.")


async def test_a_ticket_that_does_not_exist_is_said_in_a_line(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(9)) as screen:
        assert "✗ " in screen.line(-1)
        await screen.press("r")
        assert screen.shows("ticket 9 is not read; esc goes back")
        await screen.press("escape")
        assert "on us" in screen.line(0)


async def test_keys_of_the_ticket_are_listed_with_why_not(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), (80, 70)) as screen:
        await screen.press("question_mark")
        assert screen.shows("Merge into another ticket")
        assert screen.shows("✗ the customer has no other")


async def test_the_line_of_keys_offers_what_can_be_done_to_the_ticket(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), (120, 40)) as screen:
        assert "p promise  a take  c close" in screen.line(-1) and "reopen" not in screen.line(-1)
        await screen.press("a")
        assert "a take" not in screen.line(-1)
        answers.close(desk, 1, text="It is settled.")
        await screen.until(lambda: "R reopen" in screen.line(-1))
        assert "p promise" not in screen.line(-1) and "c close" not in screen.line(-1)


async def test_a_ticket_is_read_though_the_customers_profile_cannot_be(desk: Desk) -> None:
    torn_tent(desk)
    profile = desk.path / "customers" / "0000" / "000001.json"
    before = profile.read_bytes()
    profile.write_bytes(b"{")
    why = "customers/0000/000001.json cannot be read"
    async with on_screen(desk, TicketScreen(1), (120, 40)) as screen:
        assert "#1 The tent came torn" in screen.line(1)
        assert "○ in 5 h · promised for Mon 2 Mar 15:00" in screen.line(2)
        told = [line for line in screen.lines() if "customers/0000/000001.json" in line]
        assert len(told) == 2  # in the place of the customer, and in the last line
        await screen.press("r")
        await screen.until(lambda: "ticket 1" not in screen.line(0))
        await screen.until_shows(why)
        await screen.press("escape")
        profile.write_bytes(before)
        await screen.until_shows("Dear Ms Asanova")
