"""What is amiss with the desk stands in the first line until it is put right."""

from pathlib import Path

import pytest

from helpdesk.desk.desk import Desk
from helpdesk.screens import lookout
from helpdesk.screens.queue import QueueScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.text import width
from tests.screens.desks import busy_desk
from tests.screens.driver import desk_screen


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
