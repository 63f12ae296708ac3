"""An agent's own settings: keys, colours, the mouse; told when something is wrong with them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from textual.theme import Theme

from helpdesk import clock, session
from helpdesk.app import DeskApp
from helpdesk.desk import preferences
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.errors import CannotCreate
from helpdesk.screens.compose import ComposeScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.terminal import themes
from tests.conftest import MONDAY
from tests.screens.desks import busy_desk, ticket
from tests.screens.driver import desk_screen


def settings(desk: Desk, text: str) -> None:
    """Let the agent have these settings."""
    preferences.begin(desk)
    (desk.path / preferences.place(desk)).write_text(text, encoding="utf-8")


async def test_a_key_of_ones_own_takes_the_place_of_the_desks(desk: Desk) -> None:
    busy_desk(desk)
    settings(desk, '[keys]\nreply = ["f4", "Y"]\n')
    async with desk_screen(desk) as screen:
        assert "f4 reply" in screen.line(-1)
        await screen.press("r")
        assert screen.shows("5 tickets")
        await screen.press("Y")
        assert isinstance(screen.on_top, ComposeScreen)


async def test_ones_own_key_works_on_every_screen_and_on_other_layouts(desk: Desk) -> None:
    busy_desk(desk)
    settings(desk, '[keys]\nclose = ["Z"]\nback = ["f9", "escape"]\n')
    async with desk_screen(desk) as screen:
        await screen.press("enter")
        assert isinstance(screen.on_top, TicketScreen)
        assert "Z close" in screen.line(-1)
        await screen.press("Я")  # Z on a Cyrillic layout
        assert screen.shows("Root cause")
        await screen.press("f9", "f9")
        assert screen.shows("5 tickets")


async def test_help_and_palette_show_ones_own_keys(desk: Desk) -> None:
    busy_desk(desk)
    settings(desk, '[keys]\ntriage = ["f6"]\nsearch = ["f7"]\n')
    async with desk_screen(desk, (100, 50)) as screen:
        await screen.press("question_mark")
        assert "f6" in screen.find("One ticket after another")
        await screen.press("escape", "ctrl+p")
        await screen.type("search all")
        assert "f7" in screen.find("Search all ever written")
        await screen.press("escape", "f7")
        assert screen.shows("find")


async def test_the_key_line_of_a_triage_names_ones_own_keys(desk: Desk) -> None:
    ticket(desk, "Tent leaks")
    settings(desk, '[keys]\nreply = ["z"]\npromise = ["r"]\n')
    async with desk_screen(desk) as screen:
        await screen.press("t")
        assert "z reply  r move" in screen.line(-1)


async def test_two_actions_change_keys(desk: Desk) -> None:
    busy_desk(desk)
    settings(desk, '[keys]\ndown = ["k"]\nup = ["j"]\n')
    async with desk_screen(desk) as screen:
        await screen.press("k", "k", "j")
        assert screen.queue.table.cursor == 1


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('[keys]\nclose = ["r"]', "keys.close: r is already: Answer the customer"),
        ('[keys]\nfly = ["f2"]', "keys.fly: there is no such action"),
        ("[keys]\nsend = [", "is not valid TOML"),
        ('theme = "plaid"', "theme: there is none of that name; there are dark, night"),
        ("hold_seconds = 900", "hold_seconds: takes a number of seconds from 0 to 60"),
    ],
)
async def test_what_is_wrong_is_told_in_one_line_and_everything_works(
    desk: Desk, written: str, told: str
) -> None:
    busy_desk(desk)
    settings(desk, written)
    async with desk_screen(desk, (120, 24)) as screen:
        await screen.until_shows(told)
        said = " ".join(" ".join(screen.lines()[-2:]).split())
        assert f"✗ agents/aibek/preferences.toml: {told}" in said
        await screen.press("c")
        assert screen.shows("Root cause")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_everything_that_is_wrong_is_told_each_with_what_can_be_taken(
    desk: Desk, size: tuple[int, int]
) -> None:
    busy_desk(desk)
    keys, views = '[keys]\nclose = ["r"]\n', '[views]\ntent = "colour:red"\n'
    settings(desk, f'theme = "plaid"\nmouse = "yes"\n{keys}{views}')
    async with desk_screen(desk, size) as screen:
        await screen.until_shows("✗ 4 things are amiss, W says each")
        await screen.press("W")
        read = ""
        for _ in range(30):  # as much as there is to scroll through
            read += screen.text()
            assert screen.shows("W close")
            await screen.press("down")
        for words in ("there is none of that", "true or false", "keys.close:", "views.tent:"):
            assert words in read
        await screen.press("W")
        assert screen.shows("5 tickets")


async def test_the_theme_is_remembered(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        assert screen.app.theme == "desk-dark"
        await screen.press("D")
        assert screen.app.theme == "desk-night"
        assert "theme night" in screen.line(-1)
        await screen.press("D")
    assert preferences.load(desk)[0].theme == "desk-pine"
    async with desk_screen(desk) as screen:
        assert screen.app.theme == "desk-pine"
        for _ in themes.THEMES:
            await screen.press("D")
            assert screen.shows("Tent leaks")
        assert screen.app.theme == "desk-pine"


async def test_a_theme_that_cannot_be_kept_is_worn_and_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(desk, "theme = [")
    async with desk_screen(desk) as screen:
        await screen.press("D")
        assert screen.app.theme == "desk-night"
        said = " ".join(" ".join(screen.lines()[-3:]).split())
        assert "cannot be kept" in said or "is not valid TOML" in said
    assert (desk.path / preferences.place(desk)).read_text() == "theme = ["


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
async def test_every_screen_can_be_drawn_in_every_theme(desk: Desk, theme: Theme) -> None:
    busy_desk(desk)
    settings(desk, f'theme = "{theme.name}"\n')
    async with desk_screen(desk, (170, 40)) as screen:
        assert screen.app.theme == theme.name
        for keys in (["x", "a"], ["escape", "escape", "enter"], ["r"], ["escape", "escape", "o"]):
            await screen.press(*keys)
        await screen.press("escape", "ctrl+p")
        assert screen.shows("Open what is selected")


async def test_the_selected_ticket_stands_reversed_in_the_terminals_own_colours(
    desk: Desk,
) -> None:
    busy_desk(desk)
    settings(desk, 'theme = "terminal"\n')
    async with desk_screen(desk) as screen:
        strip = screen.queue.table.render_line(0)
        assert all(segment.style and segment.style.reverse for segment in strip)
        other = screen.queue.table.render_line(1)
        assert not any(segment.style and segment.style.reverse for segment in other)


async def test_without_colours_the_key_of_the_theme_says_why_it_does_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("D")
        assert "NO_COLOR is set" in screen.line(-1)
        assert screen.app.theme == themes.TERMINAL.name
        assert "! 2 days late" in screen.find("Tent leaks")


async def test_decisions_are_held_as_long_as_the_agent_wants(desk: Desk) -> None:
    busy_desk(desk)
    settings(desk, "hold_seconds = 0\n")
    async with desk_screen(desk) as screen:
        await screen.press("t", "a")
        assert desk.store.ticket(1).assignee == "aibek"
    settings(desk, "hold_seconds = 30\n")
    async with desk_screen(desk) as screen:
        await screen.press("4", "t", "a")
        assert desk.store.ticket(3).assignee is None
        with clock.hold(MONDAY + timedelta(seconds=29)):
            await screen.press("u")
            assert screen.shows("taken back")


def test_the_mouse_can_be_left_to_the_terminal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []
    monkeypatch.setattr(DeskApp, "run", lambda self, **named: given.append(named["mouse"]))
    session._run(DeskApp(desk))
    settings(desk, "mouse = false\n")
    session._run(DeskApp(desk))
    assert given == [True, False]


async def test_settings_are_each_agents_own(desk_path: Path, desk: Desk) -> None:
    settings(desk, 'theme = "sand"\n')
    with open_desk(desk_path, agent="gulnara") as hers:
        async with desk_screen(hers) as screen:
            assert screen.app.theme == "desk-dark"


# The first log-in


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)], ids=str)
async def test_the_first_log_in_shows_three_lines_of_how_to_begin_once(
    desk: Desk, size: tuple[int, int]
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, size, first_time=True) as screen:
        assert screen.shows("⏎ opens") and screen.shows("r answers") and screen.shows("esc hides")
        assert screen.shows("Tent leaks")
        lines = [line for line in screen.lines() if re.search("late (comes|stands)", line)]
        assert len(lines) == 1
    async with desk_screen(desk, size) as screen:
        assert not screen.shows("esc hides this")


async def test_how_to_begin_goes_away_by_escape_or_with_the_first_step(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, first_time=True) as screen:
        await screen.press("j", "escape")
        assert not screen.shows("esc hides this")
    for file in (desk.path / preferences.place(desk)).parent.iterdir():
        file.unlink()
    async with desk_screen(desk, first_time=True) as screen:
        assert screen.shows("esc hides this")
        await screen.press("enter", "escape")
        assert not screen.shows("esc hides this")


async def test_where_nothing_can_be_kept_the_desk_opens_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CannotCreate("agents/aibek/preferences.toml: the disk is full")

    busy_desk(desk)
    monkeypatch.setattr(preferences, "begin", full)
    async with desk_screen(desk, first_time=True) as screen:
        assert screen.shows("Tent leaks")
