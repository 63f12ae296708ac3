"""Over a slow line keys arrive in bursts: each goes to what the keys before it opened."""

from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from textual.screen import Screen
from textual.strip import Strip

from helpdesk.desk import drafts
from helpdesk.desk.desk import Desk
from helpdesk.domain.draft import DraftKind
from helpdesk.screens import drafts as drafts_screen
from helpdesk.terminal import typeahead
from helpdesk.terminal.escapes import EscapeParser
from helpdesk.terminal.typeahead import Passed, TypeAhead
from helpdesk.widgets.queue_table import QueueTable
from tests.screens.desks import busy_desk, ticket
from tests.screens.driver import ScreenDriver, desk_screen


def burst(screen: ScreenDriver, sent: str) -> None:
    """All that a terminal sends at once, read as a terminal's keys are, before the desk has seen
    the first."""
    for message in EscapeParser().feed(sent):
        screen.app.post_message(message)


async def test_a_filter_typed_in_one_go_is_typed_into_the_filter(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "/id:4")
        await screen.until_shows("1 found")
        assert screen.shows("/ id:4")
        assert screen.shows("Opening hours")


async def test_what_is_typed_right_behind_the_enter_of_a_filter_is_for_the_rows(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "/is:overdue\rjr")
        await screen.until_shows("reply to #2")
        await screen.press("escape")
        assert screen.shows("/ is:overdue")


async def test_a_filter_that_is_refused_goes_on_being_typed(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "/is:lat\r")
        await screen.until_shows("is: takes")
        await screen.type("x")
        assert screen.shows("/ is:latx")


async def test_words_typed_right_after_the_key_for_a_reply_are_in_the_reply(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "rWe send a new one!")
        await screen.until_shows("We send a new one!")
        assert screen.shows("reply to #1")


async def test_a_draft_is_gone_on_with_by_keys_typed_before_it_is_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    drafts.save(desk, replace(drafts.begin(desk, DraftKind.NOTE, ticket=1), text="She called"))
    go_on, read = Event(), drafts_screen.waiting

    def slowly(*asked: Any) -> list[drafts_screen.Waiting]:
        assert go_on.wait(timeout=20)
        return read(*asked)

    async with desk_screen(desk) as screen:
        monkeypatch.setattr(drafts_screen, "waiting", slowly)
        burst(screen, "\x04")
        await screen.until_shows("go on writing")
        burst(screen, "\r again")
        await screen.pilot.pause()
        go_on.set()
        await screen.until_shows("She called again")
        assert screen.shows("note on #1")


async def test_a_ticket_opened_and_noted_in_one_go(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "j\rnAsked the workshop")
        await screen.until_shows("Asked the workshop")
        assert screen.shows("note on #2")


async def test_marks_typed_behind_a_filter_mark_what_it_found(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "/kind:complaint\rjx")
        await screen.settle()
        assert screen.queue.marks.tickets == (5,)
        assert screen.queue.ticket == 5


async def test_what_is_typed_late_into_a_filter_moves_no_cursor_that_was_moved(desk: Desk) -> None:
    for number in range(4):
        ticket(desk, f"Tent {number}")
    async with desk_screen(desk) as screen:
        burst(screen, "/tent\rj")
        await screen.settle()
        await screen.pilot.pause(0.3)  # longer than typing is waited for
        await screen.settle()
        assert screen.queue.ticket == 2


async def test_a_tab_moves_on_before_the_letters_behind_it(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "pfri 14:00\tbecause of snow")
        await screen.until_shows("because of snow")
        assert screen.find("By when").strip(" │").endswith("fri 14:00")
        assert "because of snow" in screen.find("Because")


async def test_a_whole_new_ticket_in_one_go_has_every_word_in_its_field(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "Nnew@example.com\tNew Person\t\t\t\tsubject here\tThe text.")
        await screen.until_shows("The text.")
        assert "new@example.com" in screen.find("Customer")
        assert "New Person" in screen.find("Name")
        assert "[normal]" in screen.find("Priority")
        assert "subject here" in screen.find("Subject")


async def test_a_jump_and_the_key_behind_it_are_done_on_the_ticket(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "#4\rrAt nine.")
        await screen.until_shows("At nine.")
        assert screen.shows("reply to #4")


async def test_a_search_and_its_enter_open_before_the_key_behind(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "Szip\rn")
        await screen.until_shows("note on #5")


async def test_what_is_pasted_goes_to_what_the_key_before_it_opened(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "n\x1b[200~Pasted words\x1b[201~ and more")
        await screen.until_shows("Pasted words and more")
        assert screen.shows("note on #1")


async def test_esc_and_a_letter_sent_together_are_two_keys(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "/zip\r\x1bjjn\x1b/id:4\rr")
        await screen.until_shows("reply to #4")


async def test_a_long_text_right_behind_an_esc_is_typed_as_it_is(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "/zip\r\x1bnA note that is longer than thirty-two letters altogether")
        await screen.until_shows("A note that is longer than thirty-two letters altogether")
        assert screen.shows("note on #5")


async def test_a_step_by_words_stays_one_where_text_is_typed(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "/late tent\x1bbx")
        await screen.until_shows("/ late xtent")


async def test_what_a_key_changes_is_painted_before_the_next_key_is_seen_to(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    monkeypatch.setattr(typeahead, "PAINTED_SECONDS", 0.5)  # however slow this machine is
    async with desk_screen(desk) as screen:
        order: list[str] = []
        paint, pass_on = QueueTable.render_line, TypeAhead.on_passed

        def painted(table: QueueTable, y: int) -> Strip:
            order.append("painted")
            return paint(table, y)

        async def passed(app: TypeAhead, message: Passed) -> None:
            order.append("seen to")
            await pass_on(app, message)

        monkeypatch.setattr(QueueTable, "render_line", painted)
        monkeypatch.setattr(TypeAhead, "on_passed", passed)
        await screen.press("j")
        await screen.settle()
        assert order[0] == "painted"
        assert "seen to" in order


@pytest.mark.parametrize("before", [(), ("slash",), ("enter",), ("enter", "r"), ("N",)])
async def test_a_key_does_what_textual_would_find_that_it_does(
    desk: Desk, before: tuple[str, ...]
) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press(*before)
        await screen.settle()
        ours = screen.app.screen._binding_chain
        asked_one_by_one = Screen._binding_chain.fget(screen.app.screen)  # type: ignore[attr-defined]
        assert [(node, bound.key_to_bindings) for node, bound in ours] == [
            (node, bound.key_to_bindings) for node, bound in asked_one_by_one
        ]
