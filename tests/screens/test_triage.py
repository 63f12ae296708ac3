"""An agent goes through what waits on us, one ticket after another, with a key for each."""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk import clock
from helpdesk.desk import answers, customers, drafts, matters, preferences, upkeep
from helpdesk.desk.demo import make_demo
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.draft import DraftKind
from helpdesk.domain.errors import Unavailable
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.triage import begin
from helpdesk.domain.words import Channel, Direction, Kind, Outcome, State
from helpdesk.text import width
from tests.conftest import MONDAY
from tests.screens.desks import busy_desk, ticket
from tests.screens.driver import ScreenDriver, desk_screen
from tests.screens.people import gulnara, matter

HELD = timedelta(seconds=6)
SIZES = [(40, 12), (80, 24), (120, 40), (200, 60)]


def place(screen: ScreenDriver, text: str) -> int:
    """On which line of the screen ``text`` stands."""
    return next(number for number, line in enumerate(screen.lines()) if text in line)


@asynccontextmanager
async def triage(desk: Desk, size: tuple[int, int] = (80, 24)) -> AsyncIterator[ScreenDriver]:
    """The desk with a triage begun over all that waits on us."""
    async with desk_screen(desk, size) as screen:
        await screen.press("t")
        yield screen


@contextmanager
def somebody_else(desk: Desk, agent: str = "asel") -> Iterator[Desk]:
    """The same desk, opened by another agent."""
    with open_desk(desk.path, agent) as other:
        yield other


async def leave_the_desk(screen: ScreenDriver) -> None:
    """Leave the triage and then the desk: what is held is carried out."""
    await screen.press("escape", "q")


async def carried_out(screen: ScreenDriver, desk: Desk, number: int, rev: int) -> None:
    """Wait until what is held on the ticket is done, its time being up."""
    await screen.until(lambda: desk.store.ticket(number).rev > rev, "carried out")


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
    gulnara(desk)
    matter(desk)
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
            place(screen, line)
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
        assert place(screen, "Are you there?") < place(screen, "When will it come?")
        assert not screen.shows("The seam is torn.")


async def test_where_there_is_room_it_all_stands_side_by_side(desk: Desk) -> None:
    with_a_past(desk)
    async with triage(desk, (120, 40)) as screen:
        await screen.press("s")
        assert "no calls before ten" in screen.text() and screen.shows("Other open tickets")
        assert place(screen, "When will it come?") < place(screen, "What was tried")
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


async def test_a_decision_is_held_some_seconds_and_then_carried_out_by_itself(desk: Desk) -> None:
    busy_desk(desk)
    rev = desk.store.ticket(1).rev
    async with triage(desk) as screen:
        await screen.press("r")
        await screen.type("A new one comes.")
        await screen.press("ctrl+s")
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
        await screen.press("r")
        await screen.type("A new one comes.")
        await screen.press("ctrl+s")
        assert screen.shows("2 of 5")
        await screen.press("u")
        assert screen.text().count("A new one comes.") == 1
        assert screen.text().count("Dear Bektur Asanov,") == 1
        await screen.press("escape")
        assert screen.shows("1 of 5, 2 overdue left")
        await screen.press("r")
        await screen.type(" Today.")
        await screen.press("ctrl+s", "u", "ctrl+s")
        assert screen.shows("2 of 5") and screen.shows("1 reply")
        await leave_the_desk(screen)
        assert "A new one comes. Today." in desk.store.ticket(1).messages[-1].text
        assert desk.store.ticket(1).rev == rev + 1


async def test_a_reply_taken_back_and_left_alone_is_never_sent(desk: Desk) -> None:
    busy_desk(desk)
    rev = desk.store.ticket(1).rev
    async with triage(desk) as screen:
        await screen.press("r")
        await screen.type("A new one comes.")
        await screen.press("ctrl+s", "u", "escape", "s")
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
        await screen.press("r")
        await screen.type("A new one comes.")
        await screen.press("ctrl+s", "u", "escape", "n")
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
        await screen.press("r")
        await screen.type("A new one comes.")
        await screen.press("ctrl+s")
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
        await screen.press("r")
        await screen.type("A new one comes.")
        await screen.press("ctrl+s")
        with somebody_else(desk) as other:
            answers.reply(other, 1, "Sent.", owns_delay=True)
        await screen.press("escape")
        with clock.hold(MONDAY + HELD):
            await screen.until_shows("✗ the reply to #1 was not sent, and is a draft again")
    kept = drafts.of_ticket(desk, 1, DraftKind.REPLY)
    assert kept is not None and "A new one comes." in kept.text


async def test_the_whole_ticket_and_the_customer_can_be_looked_at_meanwhile(desk: Desk) -> None:
    with_a_past(desk)
    async with triage(desk) as screen:
        await screen.press("enter")
        assert "ticket 2" in screen.line(0)
        await screen.press("escape", "o")
        assert "Gulnara Asanova" in screen.text()
        await screen.press("escape")
        assert screen.shows("1 of 2, 1 overdue left")


MOST_KEYS = 60
"""So many key presses the 25 most overdue tickets of the demo may take, besides typed words."""


class CountingHands:
    """Counts the keys that an agent presses; words are typed without being counted."""

    def __init__(self, screen: ScreenDriver) -> None:
        self.screen = screen
        self.pressed = 0

    async def press(self, *keys: str) -> None:
        """Press keys, each of which counts."""
        self.pressed += len(keys)
        await self.screen.press(*keys)

    async def reply(self) -> None:
        """An answer in a few words."""
        await self.press("r")
        await self.screen.type("Sent today.")
        await self.press("ctrl+s")

    async def move(self) -> None:
        """Another date, for a reason."""
        await self.press("p")
        await self.screen.type("+2d")
        await self.press("enter")
        await self.screen.type("stock")
        await self.press("ctrl+s")

    async def note(self) -> None:
        """A word among agents."""
        await self.press("n")
        await self.screen.type("Ask Nurlan.")
        await self.press("ctrl+s")

    async def close(self) -> None:
        """A last answer that ends the matter."""
        await self.press("r")
        await self.screen.type("Refunded.")
        await self.press("ctrl+l", "ctrl+s")


async def test_the_25_most_overdue_tickets_of_the_demo_take_at_most_60_keys(
    tmp_path: Path,
) -> None:
    with clock.hold(MONDAY):
        path = make_demo(tmp_path / "demo", MONDAY, "aibek")
        with open_desk(path, "aibek") as desk:
            rows = desk.store.queue(desk.query("is:overdue"), limit=100)
            overdue = [waiting.ticket for waiting in begin(rows).tickets][:25]
            before = {number: desk.store.ticket(number).rev for number in overdue}
            async with desk_screen(desk, (120, 40)) as screen:
                hands = CountingHands(screen)
                await hands.press("t")
                for number in range(25):
                    assert screen.shows(f"{number + 1} of ")
                    assert screen.shows(f"#{overdue[number]} ")
                    await _decide(hands, number, desk.store.ticket(overdue[number]).assignee)
                assert screen.shows("26 of ")
                assert screen.shows("14 replies, 4 dates told, 2 assigned, 2 notes")
                await hands.press("escape")
                await screen.press("q")
            changed = [n for n in overdue if desk.store.ticket(n).rev > before[n]]
            assert len(changed) == 24
            still = [n for n in overdue if desk.store.ticket(n).state is State.ON_US]
            assert len(still) == 4 + 2 + 2 + 1
    assert hands.pressed <= MOST_KEYS, f"{hands.pressed} key presses"


async def _decide(hands: CountingHands, place: int, assignee: str | None) -> None:
    """What an agent decides on the ticket: mostly an answer, now and then something else."""
    if place in (3, 9, 15, 21):
        await hands.move()
    elif place in (5, 17):
        await hands.note()
    elif place in (7, 19):
        await hands.press("w", "1" if place == 7 else "2")
    elif place == 11:
        await hands.close()
    elif place == 23:
        await hands.press("s")
    elif assignee is None and place in (10, 12):
        await hands.press("a")
    else:
        await hands.reply()


async def test_how_to_go_on_without_deciding_and_to_end_is_said_at_80_columns(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with triage(desk) as screen:
        assert screen.line(-1).strip() == (
            "r reply  p move  w no answer  a take  n note  c close  s skip  esc end  ? keys"
        )


async def test_a_call_is_taken_in_the_midst_of_a_triage_and_it_goes_on_where_it_was(
    desk: Desk,
) -> None:
    gulnara(desk)
    matter(desk)
    async with triage(desk) as screen:
        at = screen.line(2)
        await screen.press("N")
        assert screen.shows("new ticket")
        await screen.press("escape")
        assert screen.line(2) == at
