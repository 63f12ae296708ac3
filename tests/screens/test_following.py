"""What others change is shown by itself: soon, without end, and at no more cost than it takes."""

from threading import Event
from typing import Any

import pytest

from helpdesk.desk import answers
from helpdesk.desk.desk import Desk
from helpdesk.desk.upkeep import set_subject
from helpdesk.screens import queue
from helpdesk.screens.queue_pages import Look, look
from helpdesk.widgets.queue_table import QueueTable
from tests.screens.desks import answered, busy_desk
from tests.screens.driver import desk_screen

SIZE = (120, 40)


class Looks:
    """The looks of the queue at the desk: how many there were, and whether they come to an end."""

    def __init__(self) -> None:
        self.count = 0
        self.may_end = Event()
        self.may_end.set()

    def look(self, *given: Any) -> Look:
        """Look as the queue does."""
        self.count += 1
        assert self.may_end.wait(20)
        return look(*given)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Looks that are begun by nothing but the story."""
    noted = Looks()
    monkeypatch.setattr(queue, "look", noted.look)
    monkeypatch.setattr("helpdesk.app.LOOK_SECONDS", 3600)
    return noted


async def test_of_what_others_change_only_the_lines_are_drawn_that_are_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    drawn: list[int] = []
    render_line = QueueTable.render_line

    def noted(table: QueueTable, y: int) -> Any:
        drawn.append(y)
        return render_line(table, y)

    async with desk_screen(desk, SIZE) as screen:
        await screen.until_shows("Broken zip")
        monkeypatch.setattr(QueueTable, "render_line", noted)
        set_subject(desk, 4, "When do you open?")
        await screen.until_shows("When do you open?")
        await screen.settle()
        row = screen.find("When do you open?")
        place = screen.lines().index(row) - screen.region("QueueTable").y
        assert set(drawn) == {place}
        set_subject(desk, 1, "The tent leaks")  # beside, too
        await screen.until_shows("The tent leaks")
        await screen.settle()
        assert set(drawn) == {place, 0}


async def test_a_ticket_more_or_less_leaves_no_line_behind(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, SIZE) as screen:
        before = screen.lines()
        answers.reply(desk, 1, "We send another.", close=True)
        await screen.until(lambda: not screen.shows("Tent leaks"), "it is gone")
        await screen.settle()
        whole = screen.lines()
        screen.queue.table.refresh()
        await screen.pilot.pause()
        assert screen.lines() == whole != before


async def test_every_empty_view_says_its_own_words(desk: Desk) -> None:
    answered(desk, "Asked for the size")
    async with desk_screen(desk, SIZE) as screen:
        await screen.press("1")
        assert screen.shows("Nothing is overdue")
        await screen.press("3")
        assert not screen.shows("Nothing is overdue")
        shown = screen.lines()
        screen.queue.table.refresh()
        await screen.pilot.pause()
        assert screen.lines() == shown


async def test_a_slow_desk_shows_what_changes_without_a_pause(desk: Desk, looks: Looks) -> None:
    busy_desk(desk)
    async with desk_screen(desk, SIZE) as screen:
        show_changes, begun = screen.app._show_changes, looks.count
        looks.may_end.clear()
        for change in range(5):
            set_subject(desk, 1, f"Tent leaks {change}")
            show_changes()
            await screen.pilot.pause()
        assert looks.count == begun + 1, "none is begun anew before it has come to its end"
        looks.may_end.set()
        await screen.until_shows("Tent leaks 4")


async def test_of_changes_without_a_pause_some_are_shown_and_the_last(
    desk: Desk, looks: Looks
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, SIZE) as screen:
        begun = looks.count
        for change in range(4):
            set_subject(desk, 1, f"Tent leaks {change}")
            screen.app._show_changes()
            await screen.settle()
        assert looks.count == begun + 2
        await screen.until_shows("Tent leaks 3")
