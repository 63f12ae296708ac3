"""An agent searches everything ever written, and the filter offers what could stand next."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest

from helpdesk import clock
from helpdesk.desk import finding, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.screens import search
from helpdesk.store import holding, searching
from helpdesk.text import width
from helpdesk.widgets.completed_line import CompletedLine
from helpdesk.widgets.hit_list import HitList
from helpdesk.widgets.pick_list import CURSOR
from tests.conftest import MONDAY
from tests.hostile import FORBIDDEN, PAYLOADS
from tests.screens.desks import answered, busy_desk, ticket
from tests.screens.driver import ScreenDriver, desk_screen

SIZES = [(40, 12), (80, 24), (200, 60)]


async def search_for(screen: ScreenDriver, text: str, until: str) -> None:
    """Type ``text`` into the search, and wait until the screen shows ``until``."""
    await screen.press("ctrl+u")
    await screen.type(text)
    await screen.until_shows(until)
    await screen.settle()


def under_cursor(screen: ScreenDriver) -> str:
    """The first line of the hit that the cursor is on."""
    return screen.find(CURSOR)


def many_scripts(desk: Desk) -> None:
    """Tickets in Kyrgyz, Tamil, Chinese and English."""
    ticket(desk, "Чатыр", text="Кечиресиз, чатырым агып жатат.", who="Айгүл Осмонова")
    ticket(desk, "கூடாரம்", text="என் கூடாரம் கிழிந்துவிட்டது", who="கண்ணன்")
    ticket(desk, "退款", text="你好，我的帐篷漏水了，请帮忙。", who="王小明")
    ticket(desk, "Tent", text="My tent leaks at the seam.", who="Bektur Asanov")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("чатыр", "‹чатырым›"),
        ("கூடா", "‹கூடாரம்›"),
        ("漏水", "帐篷‹漏水›了"),
        ("LEAK", "tent ‹leaks›"),
        ("bektur", "‹Bektur› Asanov"),
    ],
)
async def test_words_of_any_script_are_found_as_typed_and_shown_between_brackets(
    desk: Desk, typed: str, found: str, size: tuple[int, int]
) -> None:
    many_scripts(desk)
    async with desk_screen(desk, size) as screen:
        await screen.press("S")
        await search_for(screen, typed, found)
        assert "1 found" in screen.line(1)


@pytest.mark.parametrize("key", ["S", "Ы", "ctrl+f"])
async def test_the_best_hit_is_first_and_enter_opens_it(desk: Desk, key: str) -> None:
    ticket(desk, "Poles", text="The tent is good, but the poles of it are bent, sadly, all six.")
    ticket(desk, "Tent", text="Tent, tent, tent!")
    async with desk_screen(desk) as screen:
        await screen.press(key)
        await search_for(screen, "tent", "2 found")
        assert "#2" in under_cursor(screen)
        await screen.press("down")
        assert "#1" in under_cursor(screen)
        await screen.press("up", "enter")
        assert "ticket 2" in screen.line(0)
        await screen.press("escape")
        assert "find tent" in screen.line(1)
        assert "#2" in under_cursor(screen)


async def test_notes_and_what_was_closed_long_ago_are_found_too(desk: Desk) -> None:
    answered(desk, "Thanks", at=MONDAY - timedelta(days=700), close=True)
    ticket(desk, "Zip")
    upkeep.note(desk, 2, "Ask Nurlan about the zipper.")
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await search_for(screen, "nurlan", "Ask ‹Nurlan› about the zipper.")
        await search_for(screen, "thanks", "✓ closed")


async def test_a_found_word_far_into_a_line_is_brought_in_sight(desk: Desk) -> None:
    ticket(desk, "Long", text="we have been waiting for such a long while, and the seam is torn")
    async with desk_screen(desk, (40, 12)) as screen:
        await screen.press("S")
        await search_for(screen, "torn", "‹torn›")
        assert "…" in screen.find("‹torn›")


async def test_terms_of_the_queue_narrow_the_search_down(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await search_for(screen, "help", "7 found")
        await search_for(screen, "help is:overdue", "2 found")
        await search_for(screen, "is:overdue kind:complaint", "1 found")
        assert "Tent leaks" in under_cursor(screen)
        await search_for(screen, "help -tent", "6 found")


async def test_what_cannot_be_read_is_explained_and_what_was_found_stays(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await search_for(screen, "zip", "1 found")
        # At once, so that no half of it is searched for on the way.
        screen.on_top.query_one(CompletedLine).put("zip due:soon")
        await screen.until_shows("✗ due: takes today, tomorrow")
        assert screen.shows("Broken ‹zip›")
        await search_for(screen, "zip due:today", "1 found")
        assert not screen.shows("✗")


async def test_a_term_still_being_typed_is_no_mistake(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    asked: list[str] = []
    find = finding.find

    def noted(at: Desk, text: str) -> finding.Found:
        asked.append(text)
        return find(at, text)

    monkeypatch.setattr(search, "find", noted)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await screen.type("is:o")
        await screen.until(lambda: "is:o" in asked)
        await screen.settle()
        assert screen.shows("is:on-us") and not screen.shows("✗")
        await screen.press("escape")
        await screen.press("S")
        await screen.type("is:x")
        await screen.until_shows("✗ is: takes overdue, mine")


async def test_an_empty_search_says_what_it_is_for_at_every_size(desk: Desk) -> None:
    for size in SIZES:
        async with desk_screen(desk, size) as screen:
            await screen.press("S")
            assert screen.shows("Search everything ever written:")
            assert screen.shows("tab          offers what fits")
            await screen.press("enter")
            assert "type some words first" in screen.line(-1)


async def test_a_search_that_finds_nothing_says_what_would_find_something(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await search_for(screen, "tent snowshoes ", "No ticket holds all of these words.")
        assert "1  with “tent” alone" in screen.text()
        assert "0  with “snowshoes” alone" in screen.text()
        await search_for(screen, "snow shoes", "No ticket holds any of these words.")
        await search_for(screen, "tent is:closed", "1 ticket holds it, but not as the other terms")
        await search_for(screen, "tag:nowhere", "No ticket is like that.")


async def test_a_search_of_nonsense_says_that_nothing_was_found(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        for nonsense in ("?!?", ".. !!", "?! is:overdue"):
            await search_for(screen, nonsense, "0 found")
            assert screen.shows("No ticket holds")


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_found_stays_while_a_term_is_half_typed(
    desk: Desk, size: tuple[int, int]
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, size) as screen:
        await screen.press("S")
        await search_for(screen, "zip", "1 found")
        await screen.type(" kind:")
        await screen.until_shows("… a value for kind")
        assert screen.shows("‹zip›") or screen.on_top.query_one(HitList).total == 1
        await screen.type("complaint")
        await screen.until_shows("1 found")


async def test_more_hits_than_are_shown_are_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "SHOWN", 3)
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await search_for(screen, "help", "3 best of 7")


async def test_where_older_tickets_are_not_counted_it_says_that_there_are_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "SHOWN", 3)
    monkeypatch.setattr(holding, "READ", 4)
    monkeypatch.setattr(searching, "ENOUGH", 2)
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await search_for(screen, "help", "3 newest of 3+")


async def test_enter_right_after_typing_finds_before_it_opens(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "TYPING_DELAY", 60)  # nothing is found by itself before enter
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await screen.pilot.press(*"zip", "enter")
        await screen.settle()
        assert "ticket 5" in screen.line(0)
        await screen.press("escape", "ctrl+u")
        await screen.pilot.press(*"help", "enter")
        await screen.settle()
        assert "search" in screen.line(0) and "7 found" in screen.line(1)
        await screen.press("j", "G", "g", "enter")  # the hits have the keys now
        assert "ticket 7" in screen.line(0)


async def test_of_two_searches_under_way_only_the_last_is_answered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    begun, go_on = Event(), Event()
    find: Callable[[Desk, str], finding.Found] = finding.find

    def slow(at: Desk, text: str) -> finding.Found:
        if text == "tent":
            begun.set()
            assert go_on.wait(timeout=20)
        return find(at, text)

    monkeypatch.setattr(search, "find", slow)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await screen.pilot.press(*"tent")
        await screen.until(begun.is_set)
        await screen.pilot.press("ctrl+u", *"zip")
        await screen.until_shows("Broken ‹zip›")
        go_on.set()
        await screen.settle()
        assert screen.shows("Broken ‹zip›") and not screen.shows("‹Tent›")


async def test_what_another_agent_writes_is_found_by_itself_and_the_cursor_stays(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await search_for(screen, "tent", "1 found")
        with open_desk(desk.path, agent="gulnara") as other:
            ticket(other, "Tent tent tent", text="tent tent")
        await screen.until_shows("2 found")
        assert "Tent› leaks" in under_cursor(screen)


async def test_how_late_a_hit_is_goes_on_by_itself(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await search_for(screen, "refund", "● in 15 min")
        with clock.hold(MONDAY + timedelta(minutes=18)):
            await screen.until_shows("! 3 min late")


async def test_where_there_is_room_the_hit_is_peeked_at_without_opening(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (120, 24)) as screen:
        await screen.press("S")
        await search_for(screen, "refund", "1 found")
        await screen.until_shows("│ #3 Calls about a refund")
        await search_for(screen, "zip", "1 found")
        await screen.until_shows("│ #5 Broken zip")


async def test_beside_a_hit_that_cannot_be_read_stands_no_other_ticket(desk: Desk) -> None:
    for subject in ("Seam of a tent", "Another seam"):
        ticket(desk, subject, text="It leaks.")
    async with desk_screen(desk, (120, 30)) as screen:
        await screen.press("S")
        await search_for(screen, "seam", "│ #2 Another seam")
        (desk.path / "tickets" / "0000" / "000001.json").write_bytes(b"{")
        await screen.press("down")
        await screen.until_shows("tickets/0000/000001.json cannot be read")
        assert not screen.shows("│ #2 Another seam")


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_text_neither_shows_nor_moves_anything(
    desk: Desk, size: tuple[int, int]
) -> None:
    for text in list(PAYLOADS.values())[:20]:
        ticket(desk, f"tent {text}"[:200], text=f"tent {text}", who=f"Mr {text}"[:80])
    async with desk_screen(desk, size) as screen:
        await screen.press("S")
        await search_for(screen, "tent", "found")
        for line in screen.lines():
            assert not FORBIDDEN.search(line)
            assert width(line) <= size[0]
        await screen.type("[/] [@click=app.quit]x \\ $")
        assert screen.shows("[@click=app.quit]")


# The line that completes


async def test_tab_takes_the_first_offer_and_the_arrows_choose_another(desk: Desk) -> None:
    busy_desk(desk)
    upkeep.set_tags(desk, 1, ("late-parcel",))
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await screen.type("is:ov")
        assert screen.shows("its promise is past due")
        await screen.press("tab")
        await screen.until_shows("2 found")
        assert "find is:overdue" in screen.line(1) and not screen.shows("past due")
        await screen.type("assignee:")
        await screen.press("down", "down", "down", "enter")
        await screen.until_shows("1 found")
        assert "find is:overdue assignee:aibek" in screen.line(1)
        await screen.press("ctrl+u")
        await screen.type("late")
        assert not screen.shows("tag:late-parcel"), "a plain word is meant as one"
        await screen.press("tab", "tab")
        await screen.until_shows("1 found")
        assert "tag:late-parcel" in screen.line(1)


async def test_tab_where_nothing_is_typed_offers_every_field(desk: Desk) -> None:
    async with desk_screen(desk) as screen:
        await screen.press("S", "tab")
        assert screen.shows("overdue, mine, open, closed …")
        await screen.press("up")  # from the first to the last
        assert screen.shows("its number elsewhere")
        await screen.press("escape")
        assert not screen.shows("its number elsewhere")
        assert "search" in screen.line(0)
        await screen.press("escape")
        assert "on us" in screen.line(0)


async def test_the_filter_of_the_queue_offers_and_takes_terms_as_well(desk: Desk) -> None:
    busy_desk(desk)
    for size in SIZES:
        async with desk_screen(desk, size) as screen:
            await screen.press("slash")
            await screen.type("compl")
            assert screen.shows("kind:complaint")
            await screen.press("tab", "enter")
            await screen.until_shows("2 found")
            assert screen.shows("Tent leaks") and not screen.shows("Opening hours")
            await screen.press("escape")
            assert screen.shows("Opening hours")


async def test_enter_takes_what_is_marked_where_a_value_is_only_begun(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await screen.type("kind:comp")
        assert screen.shows("▌kind:complaint")
        await screen.press("enter")
        await screen.until_shows("2 found")
        assert "find kind:complaint" in screen.line(1)
        await screen.press("ctrl+u")
        await screen.type("assignee:a")
        assert screen.shows("assignee:aibek") and not screen.shows("▌assignee:aibek")
        await screen.press("enter")
        await screen.until_shows("nothing is found")


@pytest.mark.parametrize("size", [*SIZES, (40, 12)])
async def test_what_is_offered_stands_in_a_box_apart_from_what_lies_below(
    desk: Desk, size: tuple[int, int]
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, size) as screen:
        for key in ("slash", "S"):
            await screen.press(key)
            await screen.press("tab")
            box = screen.region("CompletionList")
            lines = [line[box.x : box.right] for line in screen.lines()[box.y : box.bottom]]
            assert lines[0][0] + lines[0][-1] + lines[-1][0] + lines[-1][-1] == "╭╮╰╯"
            assert all(line[0] == line[-1] == "│" for line in lines[1:-1])
            assert box.right <= size[0]
            hint = next(line for line in lines if " kind: " in line).rstrip("│ ▁▂▃▄▅▆▇█")
            assert hint.endswith(("feedback", "…"))
            await screen.press("ctrl+u", "escape")


async def test_a_click_takes_an_offer(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await screen.type("kind:")
        await screen.pilot.click("CompletionList", offset=(5, 2))
        await screen.until_shows("2 found")
        assert "find kind:complaint" in screen.line(1)
