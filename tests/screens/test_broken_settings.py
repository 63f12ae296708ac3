"""desk.toml is broken, or the whole desk taken away, while agents are at work: they read on, keep
what they write, and can leave; nothing is changed by roles that nobody can read."""

import pytest

from helpdesk.desk import drafts
from helpdesk.desk.desk import Desk
from tests.desk.test_rights import documents
from tests.screens.desks import ticket
from tests.screens.driver import desk_screen

BROKEN = {
    "no TOML": "[desk",
    "no section": "",
    "an unknown role": '[desk]\nname = "D"\ntimezone = "Asia/Bishkek"\n[roles]\nking = ["kim"]\n',
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_by_broken_settings_an_agent_reads_and_leaves_but_changes_nothing(
    desk: Desk, broken: str
) -> None:
    ticket(desk, "Tent leaks")
    ticket(desk, "Stove broken")
    async with desk_screen(desk) as screen:
        (desk.path / "desk.toml").write_text(broken, encoding="utf-8")
        before = documents(desk.path)
        await screen.press("a")
        assert screen.shows("desk.toml")
        await screen.press("j", "enter")
        assert "ticket 2" in screen.line(0)
        await screen.press("escape", "question_mark")
        assert screen.shows("Answer the customer")
        await screen.press("escape", "q")
        assert not screen.app.is_running or screen.app._exit
    assert documents(desk.path) == before


async def test_what_is_being_written_is_kept_though_the_settings_broke_meanwhile(
    desk: Desk,
) -> None:
    ticket(desk, "Tent leaks")
    async with desk_screen(desk) as screen:
        await screen.press("r")
        await screen.type("Precious words.")
        (desk.path / "desk.toml").write_text("[desk", encoding="utf-8")
        await screen.type(" More of them.")
        await screen.press("ctrl+s")
        assert screen.shows("desk.toml")
        await screen.press("escape")
        assert "queue" in screen.line(0) or screen.shows("Tent leaks")
        (draft,) = drafts.load(desk)
        assert "Precious words. More of them." in draft.text


async def test_when_the_desk_is_gone_what_cannot_be_kept_is_lost_only_if_the_agent_says_so(
    desk: Desk,
) -> None:
    ticket(desk, "Tent leaks")
    async with desk_screen(desk) as screen:
        await screen.press("r")
        await screen.type("Precious words.")
        away = desk.path.rename(desk.path.with_name("away"))
        await screen.type(" More.")
        await screen.press("escape")
        assert screen.shows("What you write cannot be kept")
        await screen.press("n")
        assert screen.shows("Precious words. More.")
        await screen.press("escape", "y")
        assert not screen.shows("Precious words.")
        await screen.press("q")
        assert screen.app._exit
        away.rename(desk.path)


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_that_the_settings_are_wrong_is_signed_and_said_until_they_are_mended(
    desk: Desk, broken: str
) -> None:
    ticket(desk, "Tent leaks")
    settings = desk.path / "desk.toml"
    right = settings.read_text(encoding="utf-8")
    async with desk_screen(desk) as screen:
        await screen.until(lambda: "settings" in screen.app.desk.__dict__)
        settings.write_text(broken, encoding="utf-8")
        await screen.until_shows("⚠ desk.toml")
        await screen.press("W")
        assert screen.shows("desk.toml: ") and screen.shows("tell")
        await screen.press("escape")
        settings.write_text(right, encoding="utf-8")
        await screen.until(lambda: not screen.shows("⚠"))
