"""On a small terminal an agent sees what follows on sending, and the field that he types in."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import matters
from helpdesk.desk.desk import Desk
from helpdesk.screens.new_ticket import NewTicketScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.text import width
from tests.conftest import MONDAY
from tests.screens.driver import ScreenDriver
from tests.screens.people import on_screen, torn_tent

LATE = MONDAY + timedelta(hours=7)
LOW = [(40, 12), (40, 10), (60, 15), (100, 12)]
TO = "! no mail goes to gulnara@example.org"


def sees_what_is_typed_in(screen: ScreenDriver) -> None:
    """The field with the focus has a row on the screen, and nothing lies over it."""
    field = screen.app.screen.focused
    assert field is not None
    shown = field.region.intersection(screen.app.screen.region)
    assert shown.height >= 1, screen.text()
    at = screen.app.screen.get_widget_at(shown.x + 1, shown.y)[0]
    assert at is field, f"{at} lies over {field}\n{screen.text()}"
    assert all(width(line) <= screen.app.size.width for line in screen.lines())


async def sees(screen: ScreenDriver, *parts: str) -> None:
    """All of it stands on the screen."""
    await screen.settle()
    for part in parts:
        assert screen.shows(part), f"no {part!r}:\n{screen.text()}"
    sees_what_is_typed_in(screen)


@pytest.mark.parametrize("size", LOW)
async def test_a_reply_says_who_gets_it_and_what_becomes_of_promise_and_ticket(
    desk: Desk, size: tuple[int, int]
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), size) as screen:
        await screen.press("r")
        await screen.type("On its way.")
        await sees(screen, TO, "✓ keeps Mon 2 Mar 15:00", "On its")
        await sees(screen, "after it: waits on the customer")
        await screen.press("ctrl+l")
        await sees(screen, "after it: the matter is closed", "On its")
        await screen.press("ctrl+n")
        await screen.type("fri 14:00")
        await sees(screen, "✓ keeps", "after it: promised Fri 6 Mar 14:00", "fri 14:00", TO)
        await screen.press("ctrl+s")
        await sees(screen, "✗ say what we are still working on", "✓ keeps", TO)
        with clock.hold(LATE):
            await screen.until_shows("! owns the delay: 2 h late")


@pytest.mark.parametrize("size", LOW)
async def test_another_date_says_which_promise_it_moves_or_leaves_broken(
    desk: Desk, size: tuple[int, int]
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), size) as screen:
        await screen.press("p")
        await sees(screen, "→ moves Mon 2 Mar 15:00", TO)
        await screen.type("sat 14:00")
        await sees(screen, "→ Sat 7 Mar 14:00 · ! closed then", "→ moves", TO)
        await screen.press("ctrl+u")
        await screen.type("fri 14:00\n")
        await sees(screen, "→ Fri 6 Mar 14:00 · open then", "→ moves")
        await screen.type("shut\n")
        await sees(screen, "Dear Ms Asanova,", "→ moves")
        with clock.hold(LATE):
            await screen.until_shows("! stays broken, owns the delay: 2 h")


@pytest.mark.parametrize("size", LOW)
async def test_an_end_says_who_gets_it_and_what_becomes_of_the_promise(
    desk: Desk, size: tuple[int, int]
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), size) as screen:
        await screen.press("c")
        for _ in range(3):
            await sees(screen, "✓ keeps Mon 2 Mar 15:00", TO)
            await screen.press("tab")
        await screen.type("Handed over.")
        await sees(screen, "✓ keeps", "Handed over.")
        await screen.press("shift+tab", "right", "tab")
        await screen.type("a thank-you")
        await sees(screen, "- withdraws Mon 2 Mar 15:00", "a thank-you")


@pytest.mark.parametrize("size", LOW)
@pytest.mark.parametrize("key", ["r", "p", "c"])
async def test_what_comes_in_is_shown_and_leaves_the_field_in_sight(
    desk: Desk, size: tuple[int, int], key: str
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), size) as screen:
        await screen.press(key)
        matters.take_in(desk, 1, "Forget it.\nI have bought another one.")
        await screen.until_shows("✗ the ticket changed while you write")
        await sees(screen, "← customer · email · Mon 2 Mar", "Forget it.", "Mon 2 Mar 15:00")


@pytest.mark.parametrize("size", [(80, 16), (80, 20), (80, 24), (120, 40)])
@pytest.mark.parametrize("key", ["r", "p", "c"])
async def test_however_much_comes_in_the_keys_and_what_to_do_stay_in_sight(
    desk: Desk, size: tuple[int, int], key: str
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), size) as screen:
        await screen.press(key)
        matters.take_in(desk, 1, "\n".join(f"Line {number}." for number in range(40)))
        await screen.until_shows("✗ the ticket changed while you write")
        await sees(screen, "← customer", "Line 0.", "^s send", TO)


@pytest.mark.parametrize("size", LOW)
async def test_a_new_ticket_shows_its_promise_and_the_field_that_is_typed_in(
    desk: Desk, size: tuple[int, int]
) -> None:
    async with on_screen(desk, NewTicketScreen(None), size) as screen:
        told = ("the customer is told: an answer by", "Mon 2 Mar 2026 10:15", "in 15 min")
        await sees(screen, "say Good day", *told)
        await screen.type("nuri@example.org")
        await sees(screen, "nuri@example.org", "nobody is known by it: a new customer", *told)
        await screen.press("tab")
        await screen.type("Nuri Sadykov")
        await sees(screen, "Nuri Sadykov", *told)
        for field in ("kind", "channel", "priority"):
            await screen.press("tab")
            assert screen.on_top.focused is not None and screen.on_top.focused.id == field
            await sees(screen, *told)
        await screen.press("tab")
        await screen.type("A torn tent")
        await sees(screen, "A torn tent", *told)
        await screen.press("ctrl+s")
        await sees(screen, "✗ a ticket takes a subject and a text", *told)
        await screen.press("tab")
        await screen.type("\n".join(f"line {number}" for number in range(12)))
        await sees(screen, "line 11", *told)


@pytest.mark.parametrize("size", LOW)
async def test_a_small_form_says_what_follows_whole_and_shows_what_is_typed(
    desk: Desk, size: tuple[int, int]
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), size) as screen:

        async def says(words: str) -> None:
            await screen.settle()
            flat = " ".join(line.strip("│─╭╮ ") for line in screen.lines())
            assert words in flat, screen.text()
            sees_what_is_typed_in(screen)

        with clock.hold(LATE):
            await screen.press("w")
            await says("#1: no answer needed")
            await says("stays on record as broken.")
            await screen.type("settled on the phone with her")
            await sees(screen, "settled on")
            await screen.press("ctrl+u", "ctrl+s")
            await sees(screen, "✗ say why no answer is needed", "^s decide")
            await screen.press("escape", "i")
            await says("stays as it is: a further message never changes it.")
            await screen.type("\n".join(f"line {number}" for number in range(9)))
            await sees(screen, "line 8", "^s save")
            await screen.press("escape", "y", "U")
            await says("ask whether it is right.")
            await screen.press("tab")
            await sees(screen, "Customer says", "not asked yet", "^s save")


@pytest.mark.parametrize("size", [(40, 12), (60, 15)])
async def test_no_hint_choice_or_name_is_cut_without_a_sign(
    desk: Desk, size: tuple[int, int]
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), size) as screen:
        await screen.press("p")
        assert screen.shows("+2h, +2d, tomorrow, fri 14:00, 25 Nov, eod") or screen.find(
            "+2h, +2d"
        ).rstrip("│ ").endswith("…")
        await screen.press("escape", "c", "tab", "tab", "right")
        choice = screen.find("Customer gets").rstrip("│ ")
        assert choice.endswith(" ›") or "[no answer is needed]" in choice
        await screen.press("escape", "o")
        assert screen.find("[profile]").endswith("ratings")


async def test_the_way_back_stands_among_the_keys_of_every_form(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), (40, 12)) as screen:
        for key in ("r", "n", "p", "c"):
            await screen.press(key)
            assert "^s" in screen.line(-1) and "esc back" in screen.line(-1), key
            await screen.press("escape")


async def test_how_to_answer_the_phone_is_said_to_its_end_on_a_small_screen(desk: Desk) -> None:
    async with on_screen(desk, NewTicketScreen(None), (40, 12)) as screen:
        greeting = desk.texts.phone_greeting("aibek")
        await screen.until(lambda: greeting in " ".join(screen.text().split()), greeting)
