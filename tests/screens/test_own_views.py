"""An agent filters as he types, and keeps what he looks at often as a view of his own."""

from threading import Event

import pytest
from textual.events import Paste

from helpdesk.desk import preferences
from helpdesk.desk.desk import Desk
from helpdesk.domain.query import Query
from helpdesk.screens import queue_views
from helpdesk.widgets.completed_line import QueryField
from helpdesk.widgets.queue_table import CURSOR
from tests.hostile import PAYLOADS, assert_harmless
from tests.screens.desks import busy_desk, ticket
from tests.screens.driver import ScreenDriver, desk_screen


async def keep(screen: ScreenDriver, query: str, name: str) -> None:
    """Filter by the query and keep it as a view."""
    await screen.press("slash")
    await screen.type(query)
    await screen.press("enter", "V")
    await screen.type(name)
    await screen.press("ctrl+s")


async def test_the_view_narrows_down_while_the_agent_types(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("slash")
        await screen.type("kind:complaint ")
        await screen.until_shows("2 found")
        assert not screen.shows("Opening hours")
        await screen.type("zip")
        await screen.until_shows("1 found")
        assert not screen.shows("Tent leaks")
        for _ in range(4):
            await screen.press("backspace")
        await screen.until_shows("2 found")
        assert screen.shows("Tent leaks")


async def test_the_most_urgent_is_looked_at_while_the_filter_is_typed(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("j", "j", "j", "slash")
        await screen.type("kind:complaint ")
        await screen.until_shows("2 found")
        assert "Tent leaks" in screen.find(CURSOR)


async def test_a_query_that_cannot_be_read_keeps_the_rows_and_says_what_is_wrong(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("slash")
        await screen.type("zip")
        await screen.until_shows("1 found")
        # At once, so that no half of it narrows the view on the way.
        await screen.press("space")
        screen.app.post_message(Paste("colour:red"))
        await screen.until_shows("unknown field colour")
        assert screen.shows("Broken zip") and not screen.shows("Tent leaks")
        await screen.press(*["backspace"] * 11)
        await screen.until_shows("1 found")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)], ids=str)
async def test_a_term_that_is_half_typed_leaves_the_rows_and_says_what_it_waits_for(
    desk: Desk, size: tuple[int, int]
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, size) as screen:
        await screen.press("slash")
        await screen.type("tent")
        await screen.until_shows("1 found")
        for typed, said in (
            ("kind:", "… a value for kind"),
            ("kind:co", "… one of these"),
            ("due:<", "… a time such as <2d"),
            ('"tent le', "… a closing quote"),
            ("-", "… what to leave out"),
        ):
            # At once, so that no half of it narrows the view on the way.
            await screen.press("space")
            screen.app.post_message(Paste(typed))
            await screen.until_shows(said)
            assert screen.queue.pages is not None and screen.queue.pages.total == 1
            for _ in range(len(typed) + 1):
                await screen.pilot.press("backspace")
            await screen.until_shows("1 found")
        await screen.type(" kind:")
        await screen.press("enter")  # now it is meant as it stands
        await screen.until_shows("kind: takes a value")


async def test_signs_alone_find_nothing_in_a_view(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("slash")
        await screen.type("?!")
        await screen.until_shows("Nothing in this view answers the filter.")
        assert screen.shows("0 found")


def slow_for(desk: Desk, word: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """Let counting what holds the word wait; gives what tells that it does, and what ends it."""
    count, begun, go_on = desk.store.count, Event(), Event()

    def slow(query: Query) -> int:
        if word in query.words:
            begun.set()
            assert go_on.wait(timeout=20)
        return count(query)

    monkeypatch.setattr(desk.store, "count", slow)
    return begun, go_on


async def test_an_answer_that_comes_after_a_later_one_is_not_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    begun, go_on = slow_for(desk, "tent", monkeypatch)
    async with desk_screen(desk) as screen:
        await screen.press("slash")
        await screen.pilot.press(*"tent")
        await screen.until(begun.is_set)
        await screen.pilot.press(*["backspace"] * 4, *"zip")
        await screen.until_shows("1 found")
        go_on.set()
        await screen.settle()
        assert screen.shows("Broken zip") and not screen.shows("Tent leaks")


async def test_an_answer_to_what_is_typed_no_more_is_not_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    begun, go_on = slow_for(desk, "tent", monkeypatch)
    monkeypatch.setattr(queue_views, "TYPING_DELAY", 0.05)
    async with desk_screen(desk) as screen:
        await screen.press("slash")
        screen.queue.query_one(QueryField).post_message(Paste("tent"))
        await screen.until(begun.is_set)
        monkeypatch.setattr(queue_views, "TYPING_DELAY", 60)  # it is not asked anew meanwhile
        await screen.pilot.press("s")
        go_on.set()
        await screen.settle()
        assert screen.shows("Broken zip")


async def test_an_answer_that_comes_after_the_filter_was_cleared_is_not_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    begun, go_on = slow_for(desk, "tent", monkeypatch)
    async with desk_screen(desk) as screen:
        await screen.press("slash")
        await screen.pilot.press(*"tent")
        await screen.until(begun.is_set)
        await screen.pilot.press("escape", "slash", *"tent", "escape", "3")
        go_on.set()
        await screen.settle()
        assert "mine · 2 tickets" in screen.line(0)
        assert screen.shows("Broken zip") and not screen.shows("Tent leaks")


async def test_a_filter_is_kept_as_a_view_with_its_count(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (100, 24)) as screen:
        await screen.press("8")
        await keep(screen, "kind:complaint", "complaints")
        assert "complaints · 2 tickets" in screen.line(0)
        assert screen.find(" 9 complaints")[:20].split()[-1] == "2"
        assert not screen.shows("/ kind:complaint")
        ticket(desk, "Another tent", who="Kuban Asanov", text="x")
        await screen.press("5", "9")
        assert "complaints · 2 tickets" in screen.line(0)
    async with desk_screen(desk, (100, 24)) as screen:  # at the next log-in
        await screen.press("9")
        assert "complaints · 2 tickets" in screen.line(0)
        assert screen.shows("Tent leaks") and not screen.shows("Opening hours")


async def test_what_is_kept_is_the_view_and_the_filter_together(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("3")
        await keep(screen, "kind:complaint", "mine, loud")
        views = preferences.load(desk)[0].views
        assert views == {"mine, loud": "is:mine -is:closed kind:complaint"}


async def test_own_views_are_reached_by_9_0_and_tab(desk: Desk) -> None:
    busy_desk(desk)
    preferences.save_view(desk, "first", "kind:complaint")
    preferences.save_view(desk, "second", "zip")
    preferences.save_view(desk, "third", "tent")
    async with desk_screen(desk) as screen:
        for key, name in (("9", "first"), ("0", "second"), ("tab", "third"), ("tab", "overdue")):
            await screen.press(key)
            assert f" {name} · " in screen.line(0)
        await screen.press("shift+tab")
        assert " third · 1 ticket" in screen.line(0)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 12)], ids=str)
async def test_own_views_never_push_what_is_late_out_of_sight(
    desk: Desk, size: tuple[int, int]
) -> None:
    busy_desk(desk)
    for place in range(1, 6):
        preferences.save_view(desk, f"complaints of month {place}", "kind:complaint")
    async with desk_screen(desk, size) as screen:
        for _ in range(8 + 5):
            await screen.press("tab")
            bar = screen.region("ViewsBar")
            shown = [line[bar.x : bar.right] for line in screen.lines()[bar.y : bar.bottom]]
            assert any("overdue" in line and "2" in line for line in shown), shown
            # How many are out of sight, and the key that goes through them.
            assert any("…" in line and "tab" in line for line in shown), shown


async def test_the_view_that_is_open_stands_in_the_line_with_what_matters_most(desk: Desk) -> None:
    busy_desk(desk)
    preferences.save_view(desk, "complaints we owe", "kind:complaint")
    preferences.save_view(desk, "telephone calls", "channel:phone")
    async with desk_screen(desk) as screen:
        assert "on us" in screen.line(1) and "all" not in screen.line(1)
        await screen.press("8")
        for words in ("overdue 2", "mine 2", "all", "complaint… 2", "more: tab"):
            assert words in screen.line(1)
        await screen.pilot.click("ViewsBar", offset=(screen.line(1).index("complaint"), 0))
        await screen.settle()
        assert "complaints we owe · 2 tickets" in screen.line(0)


async def test_a_number_without_a_view_says_how_to_make_one(desk: Desk) -> None:
    async with desk_screen(desk) as screen:
        await screen.press("9")
        assert "there is no view 9 yet; V keeps a filter as a view" in screen.line(-1)
        await screen.press("V")
        assert "filter the view first (/)" in screen.line(-1)


async def test_a_view_gets_another_name_and_another_query(desk: Desk) -> None:
    busy_desk(desk)
    preferences.save_view(desk, "loud", "kind:complaint")
    preferences.save_view(desk, "other", "tent")
    async with desk_screen(desk, (100, 24)) as screen:
        await screen.press("9", "V", "e")
        await screen.type("er")
        await screen.press("tab")
        await screen.type(" zip")
        assert screen.shows("1 ticket now")
        await screen.press("ctrl+s")
        assert screen.shows("louder")
        await screen.press("enter")
        assert "louder · 1 ticket" in screen.line(0)
        kept = preferences.load(desk)[0].views
        assert list(kept.items()) == [("louder", "kind:complaint zip"), ("other", "tent")]


async def test_a_view_is_removed_by_pressing_the_key_twice(desk: Desk) -> None:
    busy_desk(desk)
    preferences.save_view(desk, "loud", "kind:complaint")
    preferences.save_view(desk, "other", "tent")
    async with desk_screen(desk, (100, 24)) as screen:
        await screen.press("9", "V", "x")
        assert list(preferences.load(desk)[0].views) == ["loud", "other"]
        await screen.press("j", "x", "k", "x")  # elsewhere it asks anew
        assert list(preferences.load(desk)[0].views) == ["loud", "other"]
        await screen.press("x")
        assert list(preferences.load(desk)[0].views) == ["other"]
        await screen.press("x", "x")  # with the last one the list goes
        assert preferences.load(desk)[0].views == {}
        assert "on us · 5 tickets" in screen.line(0)  # the view that was open is no more
        assert not screen.shows("loud")


async def test_a_name_of_the_desk_or_none_is_refused(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await keep(screen, "zip", "mine")
        assert screen.shows("the desk has a view mine already")
        await screen.press(*["backspace"] * 4, "ctrl+s")
        assert screen.shows("a view takes a name")
        assert preferences.load(desk)[0].views == {}


async def test_an_empty_view_of_ones_own_says_so(desk: Desk) -> None:
    busy_desk(desk)
    preferences.save_view(desk, "letters", "channel:letter")
    async with desk_screen(desk) as screen:
        await screen.press("9")
        assert screen.shows("No ticket answers this view of yours now.")
        assert screen.shows("4 shows what nobody has taken yet (3).")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (100, 14), (200, 60)], ids=str)
async def test_many_views_and_long_names_of_any_script_leave_the_queue_in_place(
    desk: Desk, size: tuple[int, int]
) -> None:
    busy_desk(desk)
    names = ["மிகவும் அவசரமான கேள்விகள்", "非常紧急的问题", "абдан шашылыш " * 2, "👨‍👩‍👧 families"]
    names += [f"view number {number}" for number in range(12)]
    for name in names:
        preferences.save_view(desk, name.strip(), "tent")
    async with desk_screen(desk, size) as screen:
        for _ in range(len(names) + 2):
            await screen.press("tab")
            assert "how long" in screen.find("how long")
            assert screen.shows("overdue")
            assert len(screen.lines()) == size[1]
        await screen.press("9")
        assert "Tent leaks" in screen.find(CURSOR)


async def test_hostile_views_from_the_file_are_told_and_left_out(desk: Desk) -> None:
    busy_desk(desk)
    preferences.begin(desk)
    file = desk.path / preferences.place(desk)
    wrong = "".join(f'"{place}" = "colour:red"\n' for place in range(3))
    file.write_text(f"[views]\ngood = 'tent'\n{wrong}", encoding="utf-8")
    async with desk_screen(desk) as screen:
        await screen.until_shows("✗ 3 things are amiss, W says each: agents/aibek/preferences.toml")
        await screen.press("9")
        assert " good · 1 ticket" in screen.line(0)


async def test_hostile_words_in_a_filter_do_no_harm(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        for payload in PAYLOADS.values():
            await screen.press("slash")
            line = screen.queue.filter_line
            assert line is not None
            line.query_one(QueryField).post_message(Paste(payload))
            await screen.settle()
            await screen.press("enter")
            assert_harmless(screen.text())
            await screen.press("escape", "escape")
