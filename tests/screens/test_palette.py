"""An agent finds by a few letters whatever can be done now; help is narrowed down alike."""

import pytest

from helpdesk.desk.desk import Desk
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.offers import Offer, ranked
from helpdesk.screens.palette import PaletteScreen
from helpdesk.terminal.actions import EVERYWHERE
from helpdesk.terminal.layouts import as_latin, same_keys
from helpdesk.widgets.pick_list import CURSOR
from tests.screens.desks import answered, busy_desk, ticket
from tests.screens.driver import ScreenDriver, desk_screen
from tests.screens.test_keys import _screens

SIZES = [(40, 12), (80, 24), (200, 60)]


def chosen(screen: ScreenDriver) -> str:
    """The line of the palette that the cursor is on."""
    assert isinstance(screen.on_top, PaletteScreen)
    return next(line for line in screen.lines() if f"│ {CURSOR}" in line)


async def offer(screen: ScreenDriver, text: str) -> None:
    """Open the palette and type ``text``."""
    await screen.press("ctrl+p")
    await screen.type(text)


@pytest.mark.parametrize("size", SIZES)
async def test_an_action_is_found_by_its_words_and_done_by_enter(
    desk: Desk, size: tuple[int, int]
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, size) as screen:
        await offer(screen, "answer cust")
        assert "r      Answer the customer" in chosen(screen)
        await screen.press("ctrl+u")
        await screen.type("take")
        assert "a      Assign the ticket to me" in chosen(screen)
        await screen.press("enter")
        await screen.until(lambda: desk.store.ticket(1).assignee == "aibek")


async def test_without_typing_everything_is_offered_with_its_key_and_the_arrows_choose(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (80, 60)) as screen:
        await screen.press("ctrl+p")
        assert screen.shows("⏎      Open what is selected")
        await screen.press("pagedown", "pagedown")
        for said in ("S ^f   Search all", "#      To a ticket or"):
            assert screen.shows(said)
        await screen.press("pageup", "pageup")
        assert "Open what" in chosen(screen)
        await screen.press("down", "down", "down")
        assert "Write a note" in chosen(screen)
        await screen.press("up", "enter")
        assert screen.shows("reply to #1") and screen.shows("^s")


@pytest.mark.parametrize("size", [*SIZES, (120, 40)])
async def test_why_something_cannot_be_done_is_read_in_full_where_the_cursor_is(
    desk: Desk, size: tuple[int, int]
) -> None:
    ticket(desk, "Tent leaks")
    async with desk_screen(desk, size) as screen:
        await screen.press("enter")
        await offer(screen, "matter up again")
        box = screen.region("#dialog")
        inside = " ".join(line[box.x + 1 : box.right - 1].strip() for line in screen.lines())
        assert "✗ ticket 1 is not closed: there is nothing to take up again" in inside
        await screen.press("ctrl+u")
        await screen.type("answer cust")
        assert not screen.shows("take up again")


async def test_what_cannot_be_done_stands_below_with_the_reason_and_is_not_done(
    desk: Desk,
) -> None:
    answered(desk, "Thanks", close=True)
    async with desk_screen(desk) as screen:
        await screen.press("7", "ctrl+p")
        assert not screen.shows("✗")
        await screen.press("escape")
        await offer(screen, "end the")
        assert "✗ ticket 1 is closed already" in chosen(screen)
        await screen.press("enter")
        assert isinstance(screen.on_top, PaletteScreen)
        assert "· ticket 1 is closed already" in screen.text()
        await screen.press("ctrl+u")
        assert not screen.shows("✗")
        await screen.press(*["pagedown"] * 5)
        assert "✗" in chosen(screen)


async def test_letters_in_order_and_a_cyrillic_layout_find_as_well(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await offer(screen, "anscus")
        assert "Answer the customer" in chosen(screen)
        await screen.press("escape")
        await screen.press("ctrl+з")  # the same key on a Cyrillic layout
        await screen.type("куздн")  # "reply", typed there
        assert "Answer the customer" in chosen(screen)


async def test_a_number_goes_to_the_ticket_and_with_a_c_to_the_customer(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await offer(screen, "3")
        assert "Go to ticket 3" in chosen(screen)
        await screen.press("enter")
        assert "ticket 3" in screen.line(0)
        await offer(screen, "c4")
        await screen.press("enter")
        assert "customer 4" in screen.line(0)
        await offer(screen, "99")
        await screen.press("enter")
        assert "✗ there is no ticket 99" in screen.line(-1)


async def test_a_view_is_reached_from_any_place(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("enter", "o")
        assert "customer 1" in screen.line(0)
        await offer(screen, "view closed")
        await screen.press("enter")
        assert "closed · 1 ticket" in screen.line(0)
        assert screen.shows("Thanks for the help")


async def test_what_is_being_written_is_not_lost_by_going_elsewhere(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("n")
        await screen.type("Half a thought")
        await offer(screen, "view over")
        assert "✗ something is written here" in chosen(screen)
        await screen.press("ctrl+u")
        await screen.type("#3")
        await screen.press("enter")
        assert "ticket 3" in screen.line(0)
        await screen.press("escape")
        assert screen.shows("Half a thought")


async def test_any_words_can_be_searched_for(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await offer(screen, "refund")
        assert "Search everything for “refund”" in chosen(screen)
        await screen.press("enter")
        await screen.until_shows("1 found")
        assert screen.shows("‹refund›")


async def test_the_places_visited_last_are_offered(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("enter", "escape")
        await offer(screen, "back to")
        assert "Back to ticket 1" in chosen(screen)
        await screen.press("enter")
        assert "ticket 1" in screen.line(0)


async def test_another_theme_is_worn_at_once_and_the_worn_one_says_so(desk: Desk) -> None:
    async with desk_screen(desk) as screen:
        worn = screen.app.theme
        other = "light" if worn == "desk-dark" else "dark"
        await offer(screen, f"theme {other}")
        await screen.press("enter")
        assert screen.app.theme == f"desk-{other}"
        await offer(screen, f"theme {other}")
        assert "✗ it is worn now" in chosen(screen)


async def test_the_key_that_opened_it_closes_it_and_esc_too(desk: Desk) -> None:
    async with desk_screen(desk) as screen:
        for key in ("ctrl+p", "escape"):
            await screen.press("ctrl+p")
            assert screen.shows("what can be done")
            await screen.press(key)
            assert not screen.shows("what can be done")


async def test_in_a_box_only_what_the_box_can_do_is_offered(desk: Desk) -> None:
    ticket(desk, "Zip")
    async with desk_screen(desk) as screen:
        await screen.press("p", "ctrl+p")
        assert screen.shows("Go back") and not screen.shows("View overdue")
        await screen.type("3")
        assert not screen.shows("Go to ticket 3")


async def test_nothing_found_is_said(desk: Desk) -> None:
    ticket(desk, "Zip")
    async with desk_screen(desk) as screen:
        await screen.press("p")
        await offer(screen, "qqqq")
        assert screen.shows("Nothing here is called that.")
        await screen.press("enter")
        assert screen.shows("· nothing here is called that")


def test_nearer_offers_come_first_and_what_can_be_done_before_what_cannot() -> None:
    offers = [
        Offer("Go back", list),
        Offer("Open the customer", list, reason="none is known"),
        Offer("Open the ticket", list),
        Offer("Reopen", list),
        Offer("Overdue pens", list),
    ]
    found = [each.words for each in ranked(offers, "open")]
    assert found == ["Open the ticket", "Open the customer", "Reopen", "Overdue pens"]
    assert len(ranked(offers, "")) == len(offers)
    assert ranked(offers, "xyz") == []
    assert ranked(offers, "щзут")[0].words == "Open the ticket"


def test_what_was_typed_on_a_cyrillic_layout_is_read_by_its_keys() -> None:
    assert as_latin("кузду") == "reple"
    assert as_latin("tent 12, ok?") == "tent 12, ok?"


@pytest.mark.parametrize("screen", _screens(), ids=lambda kind: kind.__name__)
def test_no_screen_gives_a_key_that_works_everywhere_to_something_else(
    screen: type[DeskScreen[object]],
) -> None:
    shared = {action.name for action in EVERYWHERE}
    others = [action for action in screen.ACTIONS if action.name not in shared]
    own = {name for action in others for key in action.keys for name in same_keys(key)}
    everywhere = {name for a in EVERYWHERE for key in a.keys for name in same_keys(key)}
    assert not own & everywhere


# Help


async def test_help_is_narrowed_down_by_what_an_action_does(desk: Desk) -> None:
    busy_desk(desk)
    for size in SIZES:
        async with desk_screen(desk, size) as screen:
            await screen.press("question_mark")
            await screen.type("note am")
            assert screen.shows("Write a note among agents")
            assert not screen.shows("One line down")
            await screen.press("escape")
            assert screen.shows("Tent leaks")


async def test_help_is_narrowed_down_by_a_key_and_says_if_there_is_none(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("question_mark")
        await screen.type("q")
        assert screen.shows("Leave the desk") and screen.app.is_running
        await screen.press("ctrl+u")
        await screen.type("qqq")
        assert screen.shows("Nothing here is called that.")


async def test_help_scrolls_and_always_shows_how_to_close_it(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (40, 12)) as screen:
        await screen.press("question_mark")
        assert screen.shows("One line down") and screen.shows("esc back")
        await screen.press("pagedown", "pagedown")
        assert not screen.shows("One line down") and screen.shows("esc back")
        await screen.press("pageup", "pageup", "up")
        assert screen.shows("One line down")


async def test_help_tells_what_works_on_every_screen(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (80, 60)) as screen:
        await screen.press("enter", "question_mark")
        for said in ("^p    All that", "S ^f  Search", "#     To a ticket", "[     To the place"):
            assert screen.shows(said)
