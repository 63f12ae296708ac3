"""An agent goes through what waits on us, one ticket after another, and sees what to decide by."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.desk import answers, customers, matters, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import Unavailable
from helpdesk.domain.words import Channel, Kind
from helpdesk.text import width
from tests.conftest import MONDAY
from tests.screens.desks import busy_desk
from tests.screens.driver import desk_screen
from tests.screens.people import gulnara, matter, torn_tent
from tests.screens.triaging import triage

SIZES = [(40, 12), (80, 24), (120, 40), (200, 60)]


async def test_no_key_is_offered_for_what_cannot_be_done_to_the_ticket(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, assignee="aibek")
    matter(desk, "Second")
    async with desk_screen(desk, (120, 40)) as screen:
        await screen.press("t")
        assert "w no answer" in screen.line(-1)
        assert "a take" not in screen.line(-1) and "undo" not in screen.line(-1)
        await screen.press("s")
        assert "a take" in screen.line(-1)


async def test_t_begins_with_the_longest_overdue_and_says_how_far_it_is(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("t")
        assert "triage" in screen.line(0)
        assert screen.shows("1 of 5, 2 overdue left")
        assert screen.shows("#1 Tent leaks")
        assert screen.shows("late · promised for Fri 27 Feb 15:00")
        seen = []
        for _ in range(5):
            seen.append(screen.find("#").split(" ")[1])
            await screen.press("s")
        assert seen == ["#1", "#2", "#3", "#5", "#4"]


async def test_a_triage_goes_over_the_view_and_filter_that_the_agent_looks_at(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("3", "t")
        assert screen.shows("1 of 2, 1 overdue left")
        assert screen.shows("#2 Where is my order")
        await screen.press("escape", "5", "slash")
        await screen.type("kind:complaint\n")
        await screen.press("t")
        assert screen.shows("1 of 2, 1 overdue left")
        assert screen.shows("#1 Tent leaks")


async def test_where_nothing_waits_on_us_the_triage_says_so(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("7", "t")
        assert screen.shows("Nothing here waits on us.")
        await screen.press("r")
        assert screen.shows("there is no ticket left to decide on; esc leaves")
        await screen.press("escape")
        assert "closed" in screen.line(0)


def with_a_past(desk: Desk) -> None:
    """A complaint of Gulnara's that was answered in part, with another one open, overdue."""
    torn_tent(desk)
    matter(desk, "Poles bent", at=MONDAY - timedelta(days=4))
    upkeep.set_understanding(desk, 1, "She wants a new tent.")
    upkeep.note(desk, 1, "The workshop has none left.")
    answers.tell_date(desk, 1, MONDAY + timedelta(hours=1), "the workshop looks for one")
    matters.take_in(desk, 1, "When will it come?\nI leave on Friday.")


async def test_the_screen_says_all_that_is_needed_to_decide(desk: Desk) -> None:
    with_a_past(desk)
    async with triage(desk) as screen:
        await screen.press("s")
        places = [
            screen.place(line)
            for line in (
                "2 of 2, 1 overdue left",
                "? understood, not confirmed yet: She wants a new tent.",
                "#1 The tent came torn",
                "● in 1 h · promised for Mon 2 Mar 11:00",
                "waiting on us · complaint · email · unassigned",
                "← customer · email · Mon 2 Mar 10:00 · Gulnara Asanova",
                "I leave on Friday.",
                "tried    → Mon 2 Mar 10:00 aibek: We are still working on your matter",
                "✎ Mon 2 Mar 10:00 aibek: The workshop has none left.",
                "who      “Dear Ms Asanova,” · satisfied: 25 of 100 from 1 rating · returning",
                "notes    no calls before ten",
                "asel: Leads hikes at Ala-Archa.",
                "order    01.02.2026 · 180.00 USD · delivered · A-17: 2 × Tent Ala-Too",
                "open     ! ",
            )
        ]
        assert places == sorted(places)
        assert "#2 Poles bent" in screen.find("open     ")


async def test_earlier_words_that_are_not_answered_either_stand_below_the_last(desk: Desk) -> None:
    with_a_past(desk)
    matters.take_in(desk, 1, "Are you there?")
    async with triage(desk, (80, 40)) as screen:
        await screen.press("s")
        assert screen.place("Are you there?") < screen.place("When will it come?")
        assert not screen.shows("The seam is torn.")


async def test_where_there_is_room_it_all_stands_side_by_side(desk: Desk) -> None:
    with_a_past(desk)
    async with triage(desk, (120, 40)) as screen:
        await screen.press("s")
        assert "no calls before ten" in screen.text() and screen.shows("Other open tickets")
        assert screen.place("When will it come?") < screen.place("What was tried")
        assert screen.shows("the workshop looks")
        await screen.resize(200, 60)
        first = screen.find("← customer")
        assert "What was tried" in first and "Gulnara Asanova" in first
        await screen.resize(80, 24)
        assert screen.shows("notes    no calls before ten")


async def test_a_small_terminal_shows_promise_and_last_words_and_the_rest_by_tab(
    desk: Desk,
) -> None:
    with_a_past(desk)
    async with triage(desk, (40, 12)) as screen:
        await screen.press("s")
        for line in ("2 of 2", "? understood", "#1 The tent", "● in 1 h", "When will it come?"):
            assert screen.shows(line), line
        assert "r reply" in screen.line(-1)
        await screen.press("tab")
        assert screen.shows("What was tried") and not screen.shows("When will it come?")
        await screen.press("G")
        assert screen.shows("#2 Poles bent")
        await screen.press("tab")
        assert screen.shows("When will it come?")
        await screen.press("tab", "u")
        assert screen.shows("The seam is torn.")


@pytest.mark.parametrize("size", SIZES)
async def test_no_line_of_a_triage_is_wider_than_the_terminal(
    desk: Desk, size: tuple[int, int]
) -> None:
    number = customers.create(desk, {"name": "[/] கவிதா 陈建国 ليلى 👩‍👩‍👧 \x1b[31m"}).id
    text = "[@click=app.quit]x[/] \x1b]0;y\x07 அன்பரசன் 毡垫少了四个 " * 30
    matters.new_ticket(
        desk, number, kind=Kind.REQUEST, subject=text, text=text, channel=Channel.EMAIL
    )
    upkeep.set_understanding(desk, 1, text)
    upkeep.note(desk, 1, text)
    async with triage(desk, size) as screen:
        assert all(width(line) <= size[0] for line in screen.lines())
        assert "\x1b" not in screen.text() and screen.shows("[@click")


UNDERSTOOD = "She wants the seam repaired before Friday, " * 4 + "or a new tent."


@pytest.mark.parametrize(("words", "is_whole"), [("It is torn.", True), ("Torn.\n" * 40, False)])
async def test_what_we_understood_is_said_to_its_end_where_lines_are_blank(
    desk: Desk, words: str, is_whole: bool
) -> None:
    gulnara(desk)
    matter(desk, text=words)
    upkeep.set_understanding(desk, 1, UNDERSTOOD)
    async with triage(desk) as screen:
        await screen.until(lambda: screen.shows("or a new tent.") == is_whole, "as much as fits")
        assert screen.find("? understood").endswith("…") != is_whole


async def test_the_numbers_of_a_triage_come_before_its_bar(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        assert "━" in screen.line(1) or "─" in screen.line(1)
        await screen.press("s", "s", "w")
        await screen.type("a thank-you\n")
        for columns, has_bar in ((80, True), (60, False)):
            await screen.resize(columns, 24)
            assert screen.shows("4 of 5, 2 overdue left · 1 needed no answer, 2 skipped")
            assert ("━" in screen.line(1)) == has_bar


async def test_overdue_tickets_that_were_skipped_are_told_there_and_on_leaving(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        await screen.press("s")
        assert screen.shows("2 of 5, 2 overdue left · 1 skipped")
        await screen.press("s")
        assert screen.shows("3 of 5, 2 overdue left · 2 skipped")
        await screen.press("escape")
        assert "triage: 2 skipped; 2 overdue left; 3 not looked at" in screen.line(-1)


async def test_leaving_a_form_decides_nothing(desk: Desk) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:
        for key in ("r", "p", "n", "c", "w", "A"):
            await screen.press(key, "escape")
            assert screen.shows("1 of 5, 2 overdue left"), key
    assert all(desk.store.ticket(number).rev == 1 for number in range(1, 6))


async def test_the_same_keys_work_on_a_cyrillic_layout(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("е")
        assert screen.shows("1 of 5")
        await screen.press("ф", "ы", "space", "г", "г")
        assert screen.shows("2 of 5")
        await screen.press("ц", "2", "к")
        assert screen.shows("Dear Aigul Toktogulova,")


async def test_the_next_ticket_is_there_without_waiting_for_the_disk(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    async with triage(desk) as screen:

        def far_away(*_: object, **__: object) -> Any:
            raise Unavailable("the disk does not answer")

        monkeypatch.setattr(type(desk.store), "ticket", far_away)
        await screen.press("s")
        assert screen.shows("#2 Where is my order") and screen.shows("Please help me.")
        monkeypatch.undo()


async def test_a_ticket_that_cannot_be_read_stops_nobody(desk: Desk) -> None:
    busy_desk(desk)
    document = next((desk.path / "tickets").rglob("000002.json"))
    async with triage(desk) as screen:
        document.write_text("{")
        upkeep.note(desk, 4, "What was read ahead may be old now.")
        await screen.press("s")
        assert screen.shows("3 of 5") and screen.shows(" ✗ ")
        await screen.press("s", "s", "s")
        assert screen.shows("1  cannot be read: #2")


async def test_the_whole_ticket_and_the_customer_can_be_looked_at_meanwhile(desk: Desk) -> None:
    with_a_past(desk)
    async with triage(desk) as screen:
        await screen.press("enter")
        assert "ticket 2" in screen.line(0)
        await screen.press("escape", "o")
        assert "Gulnara Asanova" in screen.text()
        await screen.press("escape")
        assert screen.shows("1 of 2, 1 overdue left")


async def test_how_to_go_on_without_deciding_and_to_end_is_said_at_80_columns(desk: Desk) -> None:
    torn_tent(desk)
    async with triage(desk) as screen:
        assert screen.line(-1).strip() == (
            "r reply  p move  w no answer  a take  n note  c close  s skip  esc end  ? keys"
        )


async def test_a_call_is_taken_in_the_midst_of_a_triage_and_it_goes_on_where_it_was(
    desk: Desk,
) -> None:
    torn_tent(desk)
    async with triage(desk) as screen:
        at = screen.line(2)
        await screen.press("N")
        assert screen.shows("new ticket")
        await screen.press("escape")
        assert screen.line(2) == at
