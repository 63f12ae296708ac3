"""An agent works the queue by keyboard."""

from collections.abc import Mapping
from datetime import timedelta
from threading import Event

import pytest

from helpdesk import clock
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.query import Query
from helpdesk.domain.words import Channel, Outcome
from helpdesk.screens.help import HelpScreen
from helpdesk.screens.queue import QueueScreen
from helpdesk.widgets.queue_table import CURSOR
from helpdesk.widgets.status_line import StatusLine
from tests.conftest import MONDAY
from tests.screens.desks import FRIDAY, answered, busy_desk, ticket
from tests.screens.driver import ScreenDriver, desk_screen


def under_cursor(screen: ScreenDriver) -> str:
    """The line that the cursor is on."""
    return screen.find(CURSOR)


def slow_to_count(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Event:
    """Let looking at the desk take until the event is set."""
    counts, go_on = desk.store.counts, Event()

    def slow(queries: Mapping[str, Query]) -> dict[str, int]:
        assert go_on.wait(timeout=20)
        return counts(queries)

    monkeypatch.setattr(desk.store, "counts", slow)
    return go_on


async def test_the_queue_opens_on_what_waits_on_us_overdue_first(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        shown = ["Tent leaks", "Where is my order", "Calls about", "Broken zip", "Opening hours"]
        places = [screen.place(subject) for subject in shown]
        assert places == sorted(places)
        assert not screen.shows("Asked for the size")
        assert "on us · 5 tickets" in screen.line(0)
        assert "Tent leaks" in under_cursor(screen)


async def test_how_late_it_is_is_said_in_words_beside_the_time_told(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        assert "27 Feb 15:00  ! 2 days late" in screen.find("Tent leaks")
        assert "today 10:15  ● in 15 min" in screen.find("Calls about")
        assert "today 18:00  ○ in 8 h" in screen.find("Opening hours")
        await screen.press("8")
        assert "◇ on customer" in screen.find("Asked for the size")
        assert "✓ closed" in screen.find("Thanks for the help")


async def test_the_time_left_goes_on_by_itself_until_it_is_late(desk: Desk) -> None:
    ticket(desk, "Calls about a refund", channel=Channel.PHONE)
    async with desk_screen(desk) as screen:
        assert "in 15 min" in screen.find("Calls about")
        with clock.hold(MONDAY + timedelta(seconds=1)):
            await screen.until(lambda: "in 14 min" in screen.find("Calls about"))
        with clock.hold(MONDAY + timedelta(minutes=11)):
            await screen.until(lambda: "in 4 min" in screen.find("Calls about"))
            assert "10:11" in screen.line(0)
        with clock.hold(MONDAY + timedelta(minutes=18)):
            await screen.until(lambda: "! 3 min late" in screen.find("Calls about"))


async def test_a_promise_that_falls_due_is_counted_as_soon_as_its_row_says_so(desk: Desk) -> None:
    ticket(desk, "Calls about a refund", channel=Channel.PHONE)
    with clock.hold(MONDAY + timedelta(minutes=14, seconds=50)):
        async with desk_screen(desk) as screen:
            await screen.until(lambda: "overdue 0" in screen.line(1))
            with clock.hold(MONDAY + timedelta(minutes=15, seconds=5)):
                await screen.until(lambda: "! just late" in screen.find("Calls about"))
                await screen.until(lambda: "overdue 1" in screen.line(1))


async def test_a_promise_that_falls_due_joins_the_overdue_ones_by_itself(desk: Desk) -> None:
    ticket(desk, "Calls about a refund", channel=Channel.PHONE)
    async with desk_screen(desk) as screen:
        await screen.press("1")
        assert screen.shows("Nothing is overdue")
        with clock.hold(MONDAY + timedelta(minutes=16)):
            await screen.until_shows("Calls about a refund")
            assert "overdue 1" in screen.line(1)


async def test_what_is_overdue_is_counted_anew_as_soon_as_the_clock_is_set_back(desk: Desk) -> None:
    ticket(desk, "Calls about a refund", channel=Channel.PHONE)
    with clock.hold(MONDAY + timedelta(days=2)):
        async with desk_screen(desk) as screen:
            await screen.until(lambda: "overdue 1" in screen.line(1))
            with clock.hold(MONDAY + timedelta(minutes=1)):
                await screen.until(lambda: "overdue 0" in screen.line(1))
                assert "in 14 min" in screen.find("Calls about")


@pytest.mark.parametrize(
    ("down", "up"), [("j", "k"), ("down", "up"), ("о", "л")], ids=["vim", "arrows", "cyrillic"]
)
async def test_the_cursor_moves_down_and_up(desk: Desk, down: str, up: str) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press(down, down)
        assert "Calls about" in under_cursor(screen)
        await screen.press(up)
        assert "Where is my order" in under_cursor(screen)
        await screen.press(up, up, up)
        assert "Tent leaks" in under_cursor(screen)


@pytest.mark.parametrize(("last", "first"), [("G", "g"), ("end", "home"), ("П", "п")])
async def test_the_cursor_jumps_to_the_ends_of_a_long_queue(
    desk: Desk, last: str, first: str
) -> None:
    for number in range(130):  # more than one page of rows
        answered(desk, f"Matter {number:03}")
    async with desk_screen(desk) as screen:
        await screen.press("6", last)
        assert "Matter 129" in under_cursor(screen)
        assert "on customer · 130 tickets" in screen.line(0)
        await screen.press("pageup", "pageup")
        assert "Matter 095" in under_cursor(screen)
        await screen.press(first)
        assert "Matter 000" in under_cursor(screen)
        await screen.press("pagedown")
        assert "Matter 017" in under_cursor(screen)


async def test_every_view_is_reached_by_its_number_and_tells_its_count(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, size=(100, 24)) as screen:
        for key, name, count in (
            ("1", "overdue", 2), ("2", "today", 3), ("3", "mine", 2), ("4", "unassigned", 3),
            ("5", "on us", 5), ("6", "on customer", 1), ("7", "closed", 1), ("8", "all", 7),
        ):  # fmt: skip
            await screen.press(key)
            tickets = "1 ticket" if count == 1 else f"{count} tickets"
            assert f"{name} · {tickets}" in screen.line(0)
            assert screen.find(f" {key} {name} ")[:20].split()[-1] == str(count)


async def test_a_view_is_found_again_as_it_was_left(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("j", "j", "1")
        assert "Tent leaks" in under_cursor(screen)
        await screen.press("j", "5")
        assert "Calls about" in under_cursor(screen)
        await screen.press("1")
        assert "Where is my order" in under_cursor(screen)


async def test_a_key_right_after_a_change_of_view_meets_its_rows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        go_on = slow_to_count(desk, monkeypatch)
        await screen.pilot.press("4", "j", "a")
        go_on.set()
        await screen.settle()
        assert screen.app.desk.store.ticket(3).assignee == "aibek"


async def test_tab_and_vim_keys_go_through_the_views_in_both_directions(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        for key, view in (
            ("tab", "on customer"), ("l", "closed"), ("д", "all"), ("right", "overdue"),
            ("shift+tab", "all"), ("h", "closed"), ("р", "on customer"), ("left", "on us"),
        ):  # fmt: skip
            await screen.press(key)
            assert f"{view} · " in screen.line(0)


@pytest.mark.parametrize("slash", ["slash", "full_stop"], ids=["latin", "cyrillic"])
async def test_the_filter_narrows_the_view_when_enter_is_pressed(desk: Desk, slash: str) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press(slash)
        await screen.type("kind:complaint")
        await screen.press("enter")
        assert screen.shows("Tent leaks") and screen.shows("Broken zip")
        assert not screen.shows("Opening hours")
        assert "2 found" in screen.find("kind:complaint")
        await screen.press("j")  # keys work the rows again
        assert "Broken zip" in under_cursor(screen)
        await screen.press("escape")
        assert screen.shows("Opening hours") and not screen.shows("kind:complaint")
        assert "Broken zip" in under_cursor(screen)


async def test_what_is_found_is_looked_at_from_its_most_urgent_ticket_on(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("G", "slash")
        await screen.type("kind:complaint")
        await screen.until_shows("2 found")
        await screen.press("enter")
        assert screen.queue.table.cursor == 0


async def test_a_wrong_query_is_explained_and_stays_to_be_mended(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("slash")
        await screen.type("kind:xomplaint")
        await screen.press("enter")
        line = screen.find("/ kind:xomplaint")
        assert "request, complaint, feedback" in line
        assert screen.shows("Opening hours")
        await screen.press(*["backspace"] * 9)
        await screen.type("complaint")
        await screen.press("enter")
        assert "2 found" in screen.find("kind:complaint")


async def test_a_filter_that_finds_nothing_says_how_to_get_out(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("slash")
        await screen.type("snowshoes")
        await screen.press("enter")
        assert screen.shows("Nothing in this view answers the filter")
        assert screen.shows("esc clears it, 8 looks through all tickets")


async def test_an_empty_desk_says_how_to_begin(desk: Desk) -> None:
    async with desk_screen(desk) as screen:
        assert screen.shows("There are no tickets yet.")
        assert screen.shows("N begins the first one")
        await screen.press("r")
        assert screen.shows("no ticket is selected here")


async def test_while_many_documents_are_taken_in_no_empty_view_says_that_nobody_waits(
    desk: Desk,
) -> None:
    async with desk_screen(desk) as screen:
        opening = screen.app.opening
        opening._show_progress(500, 5000)
        await screen.until_shows("taking in documents that were changed: 500 of 5,000")
        await screen.press("8", "5")
        assert screen.shows("Documents are being taken in: what waits is shown as it is read.")
        opening.run()  # to its end
        await screen.until_shows("There are no tickets yet.")


async def test_an_empty_view_says_where_to_go_on(desk: Desk) -> None:
    ticket(desk, "Opening hours")
    async with desk_screen(desk) as screen:
        await screen.press("1")
        assert screen.shows("Nothing is overdue: every promise told is being kept so far.")
        assert screen.shows("4 shows what nobody has taken yet (1).")


async def test_what_another_agent_does_shows_by_itself_and_the_cursor_stays(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("j", "j", "j")
        assert "Broken zip" in under_cursor(screen)
        with open_desk(desk.path, agent="gulnara") as other:
            ticket(other, "An older matter", at=FRIDAY - timedelta(days=7))
        await screen.until_shows("An older matter")
        assert "on us · 6 tickets" in screen.line(0)
        assert "overdue 3" in screen.line(1)
        assert "Broken zip" in under_cursor(screen)


async def test_a_key_pressed_while_the_desk_is_looked_at_is_not_undone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        go_on = slow_to_count(desk, monkeypatch)
        screen.queue.refresh_rows()
        await screen.pilot.press("j", "j")
        go_on.set()
        await screen.settle()
        assert "Calls about" in under_cursor(screen)


async def test_a_ticket_that_left_the_view_leaves_the_cursor_where_it_was(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("4", "j")
        gone = under_cursor(screen)
        assert "Calls about" in gone
        await screen.press("a")
        assert screen.shows("ticket 3 is yours")
        await screen.until(lambda: not screen.shows("Calls about"))
        assert screen.shows(CURSOR)
        assert screen.app.desk.store.ticket(3).assignee == "aibek"


async def test_a_ticket_of_mine_is_left_to_nobody_by_one_key(desk: Desk) -> None:
    ticket(desk, "Mine already", assignee="aibek")
    ticket(desk, "Nobody's yet")
    async with desk_screen(desk) as screen:
        await screen.press("L")
        assert screen.shows("ticket 1 is nobody's now")
        assert desk.store.ticket(1).assignee is None
        await screen.press("j", "L")
        assert screen.shows("ticket 2 is not yours; A assigns it")


async def test_a_thank_you_is_done_with_by_two_keys_and_can_be_taken_back(desk: Desk) -> None:
    ticket(desk, "Thanks for the tent")
    ticket(desk, "The tent leaks")
    async with desk_screen(desk) as screen:
        await screen.press("w", "1")
        assert screen.shows("no answer to #1")
        await screen.press("u")
        assert screen.shows("taken back") and desk.store.ticket(1).promise is not None
        await screen.press("w")
        assert screen.shows("a thank-you"), "what was decided is there again"
        await screen.press("ctrl+s", "q")
    withdrawn = desk.store.ticket(1).promises[-1]
    assert (withdrawn.outcome, withdrawn.reason) == (Outcome.WITHDRAWN, "a thank-you")


async def test_no_answer_needed_is_said_of_one_ticket_that_has_a_promise(desk: Desk) -> None:
    answered(desk, "Thanks for the help")
    ticket(desk, "The tent leaks")
    async with desk_screen(desk) as screen:
        await screen.press("6", "w")
        assert screen.shows("no promise stands: the customer waits for no answer")
        await screen.press("8", "asterisk", "w")
        assert screen.shows("w is for one ticket; c ends all that are marked")


async def test_an_action_that_cannot_be_done_says_why(desk: Desk) -> None:
    answered(desk, "Thanks for the help", close=True)
    ticket(desk, "Mine already", assignee="aibek")
    async with desk_screen(desk) as screen:
        await screen.press("a")
        assert "ticket 2 is yours already" in screen.line(-1)
        await screen.press("7", "c")
        assert "ticket 1 is closed already" in screen.line(-1)
        await screen.press("p")
        assert "ticket 1 is closed: no promise can be told" in screen.line(-1)
        for key in ("a", "A", "L"):
            await screen.press("j", key)
            assert "ticket 1 is closed and stays whose it was" in screen.line(-1)
        await screen.press("j")
        assert "? keys" in screen.line(-1)


async def test_the_key_of_help_shows_every_key_of_the_screen_and_closes_again(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("question_mark")
        for said in ("Answer the customer", "Assign the ticket to me", "Narrow the view", "1–9 0"):
            assert screen.shows(said)
        await screen.press("question_mark")
        assert screen.shows("Tent leaks")
        await screen.press("comma")  # the same key on a Cyrillic layout
        assert screen.shows("Answer the customer")
        await screen.press("escape")
        assert screen.shows("Tent leaks")


async def test_help_says_why_a_key_does_nothing_now(desk: Desk) -> None:
    ticket(desk, "Mine already", assignee="aibek")
    async with desk_screen(desk) as screen:
        await screen.press("question_mark")
        assert screen.shows("✗ ticket 1 is yours")


async def test_a_click_selects_and_a_click_on_a_view_opens_it(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.pilot.click("QueueTable", offset=(30, 3))
        await screen.settle()
        assert "Broken zip" in under_cursor(screen)
        await screen.pilot.click("ViewsBar", offset=(3, 0))
        await screen.settle()
        assert "overdue · 2 tickets" in screen.line(0)


async def test_q_leaves_the_desk(desk: Desk) -> None:
    async with desk_screen(desk) as screen:
        await screen.pilot.press("й")
        await screen.until(lambda: not screen.app.is_running)
        assert screen.app.return_code == 0


async def test_ctrl_c_loses_nothing_and_says_how_to_leave(desk: Desk) -> None:
    async with desk_screen(desk) as screen:
        await screen.press("ctrl+c")
        assert "ctrl+q leaves the desk" in screen.line(-1)


async def test_where_there_is_no_ticket_no_key_for_one_is_offered(desk: Desk) -> None:
    async with desk_screen(desk) as screen:
        assert "reply" not in screen.line(-1) and "N new" in screen.line(-1)
        ticket(screen.app.desk, "Tent leaks")
        await screen.until(lambda: "r reply" in screen.line(-1))


async def test_a_click_does_what_the_key_there_does_beside_a_sign_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket(desk, "Tent leaks")
    monkeypatch.setattr(QueueScreen, "_sign_below", "⚠ 1 document can't be read")
    async with desk_screen(desk, (60, 24)) as screen:
        await screen.until(lambda: "⚠ 1 document" in screen.line(-1) and "reply" in screen.line(-1))
        await screen.pilot.click(StatusLine, offset=(screen.line(-1).index("? keys"), 0))
        await screen.settle()
        assert isinstance(screen.on_top, HelpScreen)


async def test_a_click_on_a_key_does_what_the_key_does(desk: Desk) -> None:
    ticket(desk, "Tent leaks")
    async with desk_screen(desk) as screen:
        at = screen.line(-1).index("n note")
        await screen.pilot.click(StatusLine, offset=(at, 0))
        await screen.settle()
        assert "note on #1" in screen.line(0)
        at = screen.line(-1).index("esc back")
        await screen.pilot.click(StatusLine, offset=(at + 2, 0))
        await screen.settle()
        assert screen.shows("Tent leaks") and "queue" not in screen.line(-1)


async def test_nothing_is_said_in_a_filter_line_that_is_going_away(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("slash")
        assert screen.queue.filter_line is not None
        await screen.queue.query_one(".slash-line--answer").remove()
        screen.queue.say_found()
        assert screen.queue.filter_line is None
