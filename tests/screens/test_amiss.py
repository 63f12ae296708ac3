"""What is amiss with the desk stands in the first line until it is put right."""

import shutil
from pathlib import Path

import pytest

from helpdesk.desk import drafts
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import TryAgain
from helpdesk.screens import lookout
from helpdesk.screens.queue import QueueScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.store.base import Fault
from helpdesk.store.schema import SCHEMA
from helpdesk.text import width
from tests.screens.desks import busy_desk
from tests.screens.driver import ScreenDriver, desk_screen
from tests.store.recovery.losing import say_version


def spoil(desk: Desk, *numbers: int) -> dict[Path, bytes]:
    """Make documents unreadable; gives what they held."""
    paths = [desk.path / "tickets" / "0000" / f"{number:06d}.json" for number in numbers]
    before = {path: path.read_bytes() for path in paths}
    for path in paths:
        path.write_bytes(b"{")
    return before


@pytest.mark.parametrize(
    ("size", "sign"),
    [
        ((120, 24), "⚠ 2 documents can't be read: helpdesk check"),
        ((80, 24), "⚠ 2 can't be read"),
        ((40, 12), "⚠ 2"),
    ],
)
async def test_unreadable_documents_stand_in_the_first_line_until_they_are_mended(
    desk: Desk, size: tuple[int, int], sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookout, "LOOK_AGAIN_TICKS", 1)
    busy_desk(desk)
    async with desk_screen(desk, size) as screen:
        await screen.until(lambda: not screen.app.opening.is_alive())
        usual = screen.line(0)
    before = spoil(desk, 1, 2)
    async with desk_screen(desk, size) as screen:
        await screen.until(lambda: sign in screen.line(0))
        without = screen.line(0).replace(sign, "").replace("3 tickets", "5 tickets")
        name = "Ak-Sai Outfitters"
        told = [part for part in usual.split() if part not in name]
        assert [part for part in without.split() if part in told] == told
        assert size[0] == 40 or name in without
        await screen.press("enter")
        assert sign.split(" d")[0].split(" c")[0] in screen.line(0)
        await screen.press("escape", "W")
        words = " ".join(screen.text().split())
        assert "✗ 2 documents cannot be read" in words
        assert "which" in words
        await screen.press("W")
        for path, text in before.items():
            path.write_bytes(text)
        await screen.until(lambda: "⚠" not in screen.line(0))
        await screen.press("W")
        assert screen.shows("nothing is amiss")


async def test_a_document_spoilt_while_the_desk_is_open_is_told_when_it_is_met(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.until(lambda: not screen.app.opening.is_alive())
        assert "⚠" not in screen.line(0)
        spoil(desk, 1)
        desk.store.catch_up()  # as a command of somebody else does
        await screen.until(lambda: "⚠ 1 can't be read" in screen.line(0))


@pytest.mark.parametrize("size", [(40, 12), (60, 15), (80, 24)], ids=str)
@pytest.mark.parametrize("key", ["r", "n", "p", "c", "N", "w"])
async def test_the_sign_stays_in_sight_in_every_form(
    desk: Desk, size: tuple[int, int], key: str
) -> None:
    busy_desk(desk)
    spoil(desk, 2, 3)
    async with desk_screen(desk, size) as screen:
        await screen.until_shows("⚠ 2")
        await screen.press("enter" if key != "N" else "5", key)
        await screen.until(lambda: not isinstance(screen.on_top, TicketScreen | QueueScreen))
        await screen.until_shows("⚠ 2")
        await screen.press("ctrl+s")  # what it complains of does not hide it
        await screen.until_shows("⚠ 2")
        assert all(width(line) <= size[0] for line in screen.lines())


async def test_a_desk_whose_index_is_just_made_anew_opens_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)

    def not_now() -> list[Fault]:
        raise TryAgain("the index of the desk is busy; try again in a moment")

    with monkeypatch.context() as busy:
        busy.setattr(desk.store, "unreadable", not_now)
        async with desk_screen(desk) as screen:
            await screen.until_shows("the index of the desk is busy")
            await screen.press("j", "enter")
            assert "ticket" in screen.line(0)


async def test_a_screen_left_open_says_that_a_newer_program_works_at_the_desk(desk: Desk) -> None:
    busy_desk(desk)
    link = desk.path / ".cache" / "index.sqlite"
    async with desk_screen(desk) as screen:
        await screen.until(lambda: not screen.app.opening.is_alive())
        await screen.press("r")
        await screen.type("The answer.")
        newer = Path(shutil.copy(link.resolve(), link.with_name("index-newer.sqlite")))
        say_version(newer, SCHEMA + 1)
        link.unlink()
        link.symlink_to(newer.name)
        await screen.press("ctrl+s")
        await screen.until(lambda: "a newer helpdesk works" in words(screen))
        assert len(desk.store.ticket(1).messages) == 2
        await screen.press("escape", "q")
        assert screen.app._exit
    assert link.resolve() == newer
    assert [draft.text for draft in drafts.load(desk)] != []


def words(screen: ScreenDriver) -> str:
    return " ".join(screen.text().split())
