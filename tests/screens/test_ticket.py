"""An agent opens a ticket, reads it, and does what is to be done about it."""

from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk import answers, customers, matters, serving, upkeep
from helpdesk.desk.attaching import Enclosed
from helpdesk.desk.desk import Desk
from helpdesk.domain.message import Message
from helpdesk.domain.words import Channel, Direction, Kind, Outcome, Priority, State
from helpdesk.screens.ticket import TicketScreen
from helpdesk.text import width
from helpdesk.widgets.conversation import Conversation
from helpdesk.widgets.line_field import LineField
from helpdesk.widgets.message_view import MessageView, body, folded
from helpdesk.widgets.wrapping import widest
from tests.conftest import MONDAY
from tests.screens.driver import ScreenDriver
from tests.screens.people import gulnara, matter, on_screen


def place(screen: ScreenDriver, text: str) -> int:
    """On which line of the screen ``text`` stands."""
    return next(number for number, line in enumerate(screen.lines()) if text in line)


async def test_the_head_says_what_was_promised_for_whom_and_how_to_greet(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        assert "ticket 1" in screen.line(0)
        assert "#1 The tent came torn" in screen.line(1)
        assert "○ in 5 h · promised for Mon 2 Mar 15:00 · told Mon 2 Mar 10:00 by aibek" in (
            screen.line(2)
        )
        assert "waiting on us · complaint · email · unassigned" in screen.line(3)
        assert "“Dear Ms Asanova,” · satisfied 25 of 100" in screen.line(4)


async def test_how_long_goes_on_by_itself_and_a_late_promise_is_said_in_words(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1), (80, 40)) as screen:
        with clock.hold(MONDAY + timedelta(hours=4, minutes=30)):
            await screen.until_shows("● in 30 min · promised for Mon 2 Mar 15:00")
        with clock.hold(MONDAY + timedelta(hours=7)):
            await screen.until_shows("! 2 h late · promised for Mon 2 Mar 15:00")
            await screen.press("tab")
            assert screen.shows("! Mon 2 Mar 2026 15:00  2 h late")


async def test_messages_stand_in_order_of_time_and_say_whose_they_are(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
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
        places = [place(screen, line) for line in said]
        assert places == sorted(places)
        assert screen.shows("A new tent is on its way.")


async def test_messages_of_a_merged_ticket_stand_between_the_others_by_time(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    matter(desk, "The same again", text="Asked before.", at=MONDAY - timedelta(hours=20))
    upkeep.merge(desk, 2, 1)
    async with on_screen(desk, TicketScreen(1), (100, 60)) as screen:
        assert place(screen, "Asked before.") < place(screen, "The seam is torn.")


async def test_what_we_understood_stands_on_top_with_what_the_customer_says_of_it(
    desk: Desk,
) -> None:
    gulnara(desk)
    matter(desk)
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


async def test_root_cause_and_resolution_are_noted_and_shown(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("e")
        await screen.type("A blunt needle.")
        await screen.press("tab")
        await screen.type("New needles.")
        await screen.press("ctrl+s")
        assert screen.shows("root cause: A blunt needle. · resolution: New needles.")
        await screen.press("tab", "G")
        assert screen.shows("Root cause")


async def test_tab_shows_the_customer_and_the_ledger_instead_of_the_conversation(
    desk: Desk,
) -> None:
    gulnara(desk)
    matter(desk)
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
    gulnara(desk)
    matter(desk)
    with clock.hold(MONDAY + timedelta(minutes=30)):
        upkeep.assign(desk, 1, "asel")
        upkeep.set_tags(desk, 1, ["tents"])
    async with on_screen(desk, TicketScreen(1), (80, 40)) as screen:
        await screen.press("tab", "G")
        first = place(screen, "What was done")
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
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1), (120, 40)) as screen:
        assert screen.shows("no calls before ten")
        assert screen.shows("The seam is torn.")
        await screen.resize(80, 24)
        assert not screen.shows("no calls before ten")
        assert screen.shows("The seam is torn.")


async def test_a_small_terminal_still_shows_promise_and_message(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
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
    gulnara(desk)
    matter(desk)
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


async def test_how_many_messages_are_older_still_is_told_each_time(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
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


async def test_the_agent_takes_the_ticket_and_is_told_when_it_is_his_already(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("a")
        assert desk.store.ticket(1).assignee == "aibek"
        assert screen.shows("with aibek")
        await screen.press("a")
        assert screen.shows("ticket 1 is yours already; A assigns it to somebody else")


async def test_taking_over_says_from_whom_and_leaving_is_one_key_too(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, assignee="asel")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("L")
        assert screen.shows("ticket 1 is not yours; A assigns it")
        assert desk.store.ticket(1).assignee == "asel"
        await screen.press("a")
        assert screen.shows("ticket 1 is yours, taken over from asel")
        await screen.press("L")
        assert screen.shows("ticket 1 is nobody's now")
        assert desk.store.ticket(1).assignee is None
        await screen.press("u")
        assert desk.store.ticket(1).assignee == "aibek"


async def test_a_ticket_that_a_colleague_has_just_taken_over_is_not_left_in_his_place(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gulnara(desk)
    matter(desk, assignee="aibek")
    async with on_screen(desk, TicketScreen(1)) as screen:
        monkeypatch.setattr(screen.on_top, "refresh_rows", lambda: None)  # not told of it yet
        upkeep.assign(desk, 1, "asel")
        await screen.press("L")
        assert screen.shows("ticket 1 is not yours; A assigns it")
        assert desk.store.ticket(1).assignee == "asel"


async def test_a_ticket_is_assigned_to_somebody_and_to_nobody(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, assignee="aibek")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("A")
        assert screen.shows("to aibek")
        await screen.press("ctrl+u")
        await screen.type("asel\n")
        assert desk.store.ticket(1).assignee == "asel"
        await screen.press("A", "ctrl+u")
        await screen.type("a b")
        assert screen.shows("✗ not a login name")
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).assignee == "asel"
        await screen.press("ctrl+u")
        await screen.type("none\n")
        assert desk.store.ticket(1).assignee is None


async def test_no_answer_needed_takes_a_reason_and_withdraws_the_promise(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("w")
        assert screen.shows("is withdrawn: neither")
        await screen.press("enter")
        assert screen.shows("✗ say why no answer is needed")
        await screen.type("She said thank you\n")
        with clock.hold(MONDAY + timedelta(seconds=6)):
            await screen.until_shows("◇ no promise stands: we wait for the customer")
        assert desk.store.ticket(1).promises[0].outcome is Outcome.WITHDRAWN
        await screen.press("w")
        assert screen.shows("no promise stands: the customer waits for no answer")


async def test_what_the_customer_says_again_is_taken_in_by_its_channel(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("i")
        assert screen.shows("The promise for Mon 2 Mar 2026 15:00 stays as it is")
        await screen.type("p")
        await screen.press("tab")
        await screen.type("She called: when?")
        await screen.press("ctrl+s")
        last = desk.store.ticket(1).messages[-1]
        assert (last.direction, last.channel) == (Direction.IN, Channel.PHONE)
        assert screen.shows("She called: when?")


async def test_a_closed_ticket_says_why_not_and_is_taken_up_again_with_a_reason(
    desk: Desk,
) -> None:
    gulnara(desk)
    matter(desk)
    answers.reply(desk, 1, "Done.", close=True)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        assert screen.shows("ticket 1 is closed: no promise can be told; R on it takes it up again")
        await screen.press("c")
        assert screen.shows("ticket 1 is closed already; R on it takes it up again")
        await screen.press("R")
        assert screen.shows("answer by Mon 2 Mar 2026 15:00")
        await screen.type("It tore again\n")
        ticket = desk.store.ticket(1)
        assert ticket.state is State.ON_US and ticket.promise is not None
        await screen.press("R")
        assert screen.shows("ticket 1 is not closed: there is nothing to take up again")


async def test_tags_are_added_and_taken_away_in_one_line(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    upkeep.set_tags(desk, 1, ["tent", "seam"])
    async with on_screen(desk, TicketScreen(1)) as screen:
        assert "#tent · #seam" in screen.line(3)
        await screen.press("T", "ctrl+u")
        await screen.type("tent refund\n")
        assert desk.store.ticket(1).tags == ("tent", "refund")


async def test_merging_shows_the_other_ticket_and_goes_there(desk: Desk) -> None:
    gulnara(desk)
    customers.create(desk, {"name": "Somebody Else"})
    matter(desk)
    matter(desk, "Poles", kind=Kind.REQUEST)
    matter(desk, "Of another", customer=2)
    async with on_screen(desk, TicketScreen(2)) as screen:
        await screen.press("m")
        await screen.type("3")
        assert screen.shows("✗ #3 is of another customer")
        await screen.press("backspace")
        await screen.type("1")
        assert screen.shows("waiting on us · The tent came torn")
        await screen.press("enter")
        assert desk.store.ticket(2).state is State.CLOSED
        assert "ticket 1" in screen.line(0)
        screen.app.push_screen(TicketScreen(2))
        await screen.settle()
        await screen.press("r")
        assert screen.shows("ticket 2 was merged: work on ticket 1")


async def test_a_message_that_comes_in_meanwhile_shows_by_itself(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
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
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1), (80, 70)) as screen:
        await screen.press("question_mark")
        assert screen.shows("Merge into another ticket")
        assert screen.shows("✗ the customer has no other")


async def test_one_key_says_what_a_matter_is_and_the_promise_stays(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    before = desk.store.ticket(1)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("y")
        after = desk.store.ticket(1)
        kinds = list(Kind)
        assert after.kind is kinds[(kinds.index(before.kind) + 1) % len(kinds)]
        assert screen.shows(f"now taken for: {after.kind}")
        await screen.press("y", "y")
    assert desk.store.ticket(1).kind is before.kind
    assert desk.store.ticket(1).promises == before.promises


async def test_a_matter_gets_another_name_and_priority_and_the_promise_stays(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        before = desk.store.ticket(1).promises
        await screen.press("E")
        assert screen.shows("#1: subject and priority")
        await screen.press("ctrl+u")
        await screen.type("Torn seam")
        await screen.press("tab", "h", "ctrl+s")
        assert "#1 Torn seam" in screen.line(1)
        assert screen.shows("▲ high priority")
        assert screen.shows("changed; what was promised stays")
        ticket = desk.store.ticket(1)
        assert ticket.promises == before
        assert [entry.what for entry in ticket.history[-2:]] == ["subject", "priority"]
        await screen.press("u")
        assert "#1 The tent came torn" in screen.line(1)
        assert desk.store.ticket(1).priority is Priority.NORMAL


async def test_a_matter_without_a_name_is_refused_and_none_is_noted_where_nothing_changed(
    desk: Desk,
) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        noted = desk.store.ticket(1).history
        await screen.press("E", "ctrl+u", "ctrl+s")
        assert screen.shows("a ticket takes a subject")
        await screen.type("The tent came torn")
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).history == noted


async def test_what_another_agent_renamed_is_not_taken_back_as_if_it_were_mine(
    desk: Desk,
) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("E")
        upkeep.set_subject(desk, 1, "Torn seam")
        await screen.press("ctrl+s")
        await screen.until_shows("#1 Torn seam")
        assert not screen.shows("changed; what was promised stays")
        await screen.press("u")
        assert desk.store.ticket(1).subject == "Torn seam"


async def test_a_call_is_taken_while_another_ticket_is_open(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("N")
        assert screen.shows("new ticket")
        await screen.type("1")
        await screen.press("enter", "tab", "tab", "tab")
        await screen.type("A call")
        await screen.press("tab")
        await screen.type("About a rope.")
        await screen.press("ctrl+s")
        assert screen.shows("#2 A call")
        await screen.press("escape")
        assert "#1 The tent came torn" in screen.line(1)


async def test_a_file_that_came_with_a_ticket_is_saved_as_a_new_one(
    desk: Desk, tmp_path: Path
) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("s")
        assert screen.shows("no file came with this ticket")
    for name in ("seam.jpg", "../bill.pdf"):
        file = Enclosed(name, name.encode(), "image/jpeg")
        answers.reply(desk, 1, "See here.", files=[file])
    (tmp_path / "mine.jpg").write_bytes(b"mine")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("s")
        assert screen.shows("1 seam.jpg (8 bytes); 2 ../bill.pdf (11 bytes)")
        await screen.type("3")
        assert screen.shows("✗ give its number, 1 to 2")
        await screen.press("backspace")
        await screen.type("2")
        assert screen.shows("image/jpeg: ../bill.pdf")
        await screen.press("tab", "ctrl+s")
        assert screen.shows("say where to: the path of a new file")
        path = screen.app.screen.query_one("#field-path", LineField)
        path.value = str(tmp_path / "mine.jpg")
        await screen.press("ctrl+s")
        assert "is there already: name another file" in " ".join(screen.text().split())
        assert (tmp_path / "mine.jpg").read_bytes() == b"mine"
        path.value = str(tmp_path / "gone" / "hers.pdf")
        await screen.press("ctrl+s")
        words = "No such file or directory; make its folder first, or name another place"
        assert words in " ".join(screen.text().replace("│", " ").split())
        path.value = str(tmp_path / "hers.pdf")
        await screen.press("ctrl+s")
        assert (tmp_path / "hers.pdf").read_bytes() == b"../bill.pdf"
        assert "saved as" in screen.line(-1)


async def test_of_very_many_files_it_is_said_what_lists_them_all(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    files = [Enclosed(f"{n} {'long ' * 20}", b"x", "image/jpeg") for n in range(12)]
    answers.reply(desk, 1, "See here.", files=files)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("s")
        assert "4 more: helpdesk attachment 1" in " ".join(screen.text().replace("│", " ").split())


async def test_in_service_mode_no_file_is_written_and_it_is_said_how_to_get_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gulnara(desk)
    matter(desk)
    answers.reply(desk, 1, "See here.", files=[Enclosed("seam.jpg", b"seam", "image/jpeg")])
    monkeypatch.setattr(serving, "service", lambda: serving.Service("aibek", desk.path))
    async with on_screen(desk, TicketScreen(1), (120, 30)) as screen:
        await screen.press("s")
        assert screen.shows("no file is written here: 'helpdesk attachment 1 1' gives it as output")


async def test_a_tag_typed_behind_the_others_is_a_tag_of_its_own(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    upkeep.set_tags(desk, 1, ["veteran"])
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("T")
        await screen.type("slow\n")
        assert desk.store.ticket(1).tags == ("veteran", "slow")


async def test_an_agent_is_named_by_the_beginning_of_his_login(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    settings = desk.path / "desk.toml"
    agents = '\n[agents]\nsvetlana = "Svetlana"\nsalima = "Salima"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + agents, encoding="utf-8")
    desk.reread()
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("A")
        await screen.type("s")
        assert screen.shows("✗ no agent s here")
        await screen.press("ctrl+s")
        assert screen.text().count("no agent s here") == 1, "it is said once"
        await screen.type("v")
        assert screen.shows("to Svetlana")
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).assignee == "svetlana"
        await screen.press("A", "ctrl+u", "x", "escape")
        assert "ticket 1" in screen.line(0), "one line is no loss to ask about"


async def test_the_line_of_keys_offers_what_can_be_done_to_the_ticket(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1), (120, 40)) as screen:
        assert "p promise  a take  c close" in screen.line(-1) and "reopen" not in screen.line(-1)
        await screen.press("a")
        assert "a take" not in screen.line(-1)
        answers.close(desk, 1, text="It is settled.")
        await screen.until(lambda: "R reopen" in screen.line(-1))
        assert "p promise" not in screen.line(-1) and "c close" not in screen.line(-1)
