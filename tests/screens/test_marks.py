"""An agent marks tickets of the queue."""

import pytest

from helpdesk.desk import answers
from helpdesk.desk.desk import Desk
from helpdesk.domain.words import Channel
from helpdesk.screens import marks
from helpdesk.widgets.queue_table import CURSOR, MARK
from tests.screens.desks import FRIDAY, answered, busy_desk, ticket
from tests.screens.driver import ScreenDriver, desk_screen


def marked(screen: ScreenDriver) -> list[int]:
    """The numbers of the tickets that stand marked on the screen."""
    lines = [line for line in screen.lines() if line[1:2] == MARK]
    return [int(line[2:].split()[0]) for line in lines]


@pytest.mark.parametrize("key", ["x", "ч"], ids=["latin", "cyrillic"])
async def test_x_marks_a_ticket_and_goes_on_to_the_next(desk: Desk, key: str) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press(key, key)
        assert marked(screen) == [1, 2]
        assert "Calls about" in screen.find(CURSOR)
        assert "on us · 2 marked · 5 tickets" in screen.line(0)


async def test_x_on_a_marked_ticket_takes_the_mark_away(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "k", "x")
        assert marked(screen) == []
        assert "marked" not in screen.line(0)


async def test_shift_x_marks_everything_from_the_last_mark_to_here(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("j", "x", "j", "X")
        assert marked(screen) == [2, 3, 5]
        await screen.press("g", "X")  # upwards from there too
        assert marked(screen) == [1, 2, 3, 5]


async def test_a_range_needs_a_first_mark(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("X")
        assert "mark the first one of the range (x)" in screen.line(-1)
        assert marked(screen) == []


async def test_after_v_moving_marks_and_moving_back_unmarks(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("j", "v", "j", "j")
        assert marked(screen) == [2, 3, 5]
        await screen.press("k")
        assert marked(screen) == [2, 3]
        await screen.press("v", "G")  # the second v stops it
        assert marked(screen) == [2, 3]


async def test_a_run_leaves_the_marks_before_it_alone(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "j", "v", "j", "k")
        assert marked(screen) == [1, 3]


async def test_shift_and_the_arrows_mark_from_ticket_to_ticket(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("shift+down", "shift+down")
        assert marked(screen) == [1, 2, 3]
        await screen.press("escape", "G", "shift+up")
        assert marked(screen) == [5, 4]


async def test_the_star_marks_the_whole_view_and_escape_nothing(desk: Desk) -> None:
    for number in range(130):  # more than one page of rows
        answered(desk, f"Matter {number:03}")
    async with desk_screen(desk) as screen:
        await screen.press("6", "asterisk")
        assert "on customer · 130 marked" in screen.line(0)
        await screen.press("G")
        assert marked(screen)[-1] == 130
        await screen.press("escape")
        assert marked(screen) == []
        assert "on customer · 130 tickets" in screen.line(0)


async def test_no_more_than_can_be_reviewed_are_marked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    monkeypatch.setattr(marks, "MOST", 3)
    async with desk_screen(desk) as screen:
        await screen.press("asterisk")
        assert len(marked(screen)) == 3
        assert "can be marked; the others are not" in screen.line(-1)
        await screen.press("G", "x")
        assert len(marked(screen)) == 3
        assert "can be marked; the others are not" in screen.line(-1)


async def test_marks_stay_with_their_tickets_when_others_come(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("j", "x")
        ticket(desk, "One more", at=FRIDAY, channel=Channel.PHONE, who="Somebody Else")
        await screen.until_shows("overdue 3")
        assert marked(screen) == [2]


async def test_marks_belong_to_the_view_in_which_they_were_set(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "1")
        assert marked(screen) == []
        assert "overdue · 2 marked, not in this view · 2 tickets" in screen.line(0)
        assert "⏎ open  r reply" in screen.line(-1)
        await screen.press("j", "x")
        assert marked(screen) == [2]
        assert "overdue · 1 marked · 2 more, not in this view" in screen.line(0)
        await screen.press("5")
        assert marked(screen) == [1, 2]
        assert "on us · 2 marked · 1 more, not in this view" in screen.line(0)


async def test_what_is_done_in_another_view_is_not_done_to_marks_out_of_sight(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x", "x", "3", "c")
        assert not screen.shows("3 tickets: close")
        await screen.press("escape", "a")
        assert desk.store.ticket(1).assignee is None
        assert desk.store.ticket(3).assignee is None


async def test_a_marked_ticket_that_the_filter_hides_is_not_touched(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("asterisk", "slash")
        await screen.type("zip")
        await screen.press("enter")
        assert "on us · 1 marked · 4 more, hidden by the filter · 1 ticket" in screen.line(0)
        await screen.press("T")
        assert screen.shows("1 ticket: tags")
        await screen.type("spring")
        await screen.press("ctrl+s")
        assert "review · 1 ticket" in screen.line(0)
        await screen.press("escape", "slash")
        await screen.type(" nothing")
        await screen.press("enter")
        assert "on us · 5 marked, hidden by the filter" in screen.line(0)


async def test_a_ticket_that_leaves_the_view_is_out_of_sight_and_out_of_reach(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "x")
        answers.reply(desk, 1, "Here is the answer.")
        await screen.until_shows("on us · 1 marked · 1 more, not in this view")
        await screen.press("a")
        assert "review · 1 ticket" in screen.line(0)


async def test_with_marks_the_key_line_says_what_can_be_done_to_all(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x")
        assert "a take  A assign  T tags  c close  p move  esc unmark" in screen.line(-1)
        await screen.press("escape")
        assert "⏎ open  r reply" in screen.line(-1)


async def test_escape_first_unmarks_and_then_clears_the_filter(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("slash")
        await screen.type("zip")
        await screen.press("enter", "x", "escape")
        assert marked(screen) == [] and screen.shows("/ zip")
        await screen.press("escape")
        assert not screen.shows("/ zip")


async def test_marks_move_no_column_at_any_size(desk: Desk) -> None:
    busy_desk(desk)
    for size in ((40, 12), (80, 24), (200, 60)):
        async with desk_screen(desk, size) as screen:
            await screen.press("x", "j", "j")
            lines = [screen.find(subject) for subject in ("Tent", "Where is", "Calls")]
            heading = screen.find("how long").index("how long")
            starts = [
                next(place for place, sign in enumerate(line) if sign in "!●") for line in lines
            ]
            assert starts == [heading] * 3
