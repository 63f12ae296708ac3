"""The files that came with a ticket are saved as new ones, or it is said how to get them."""

from pathlib import Path

import pytest

from helpdesk.desk import answers, serving
from helpdesk.desk.attaching import Enclosed
from helpdesk.desk.desk import Desk
from helpdesk.screens.ticket import TicketScreen
from helpdesk.widgets.line_field import LineField
from tests.screens.people import on_screen, torn_tent


async def test_a_file_that_came_with_a_ticket_is_saved_as_a_new_one(
    desk: Desk, tmp_path: Path
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("s")
        assert screen.shows("no file came with this ticket")
    for name in ("seam.jpg", "../bill.pdf"):
        file = Enclosed(name, name.encode(), "image/jpeg")
        answers.reply(desk, 1, "See here.", files=[file])
    (tmp_path / "mine.jpg").write_bytes(b"mine")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("s")
        assert screen.shows("1 seam.jpg (8 bytes); 2 ../bill.pdf (11 bytes)")
        await screen.type("3")
        assert screen.shows("✗ give its number, 1 to 2")
        await screen.press("backspace")
        await screen.type("2")
        assert screen.shows("image/jpeg: ../bill.pdf")
        await screen.press("tab", "ctrl+s")
        assert screen.shows("say where to: the path of a new file")
        path = screen.app.screen.query_one("#field-path", LineField)
        path.value = str(tmp_path / "mine.jpg")
        await screen.press("ctrl+s")
        assert "is there already: name another file" in " ".join(screen.text().split())
        assert (tmp_path / "mine.jpg").read_bytes() == b"mine"
        path.value = str(tmp_path / "gone" / "hers.pdf")
        await screen.press("ctrl+s")
        words = "No such file or directory; make its folder first, or name another place"
        assert words in " ".join(screen.text().replace("│", " ").split())
        path.value = str(tmp_path / "hers.pdf")
        await screen.press("ctrl+s")
        assert (tmp_path / "hers.pdf").read_bytes() == b"../bill.pdf"
        assert "saved as" in screen.line(-1)


async def test_of_very_many_files_it_is_said_what_lists_them_all(desk: Desk) -> None:
    torn_tent(desk)
    files = [Enclosed(f"{n} {'long ' * 20}", b"x", "image/jpeg") for n in range(12)]
    answers.reply(desk, 1, "See here.", files=files)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("s")
        assert "4 more: helpdesk attachment 1" in " ".join(screen.text().replace("│", " ").split())


async def test_in_service_mode_no_file_is_written_and_it_is_said_how_to_get_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn_tent(desk)
    answers.reply(desk, 1, "See here.", files=[Enclosed("seam.jpg", b"seam", "image/jpeg")])
    monkeypatch.setattr(serving, "service", lambda: serving.Service("aibek", desk.path))
    async with on_screen(desk, TicketScreen(1), (120, 30)) as screen:
        await screen.press("s")
        assert screen.shows("no file is written here: 'helpdesk attachment 1 1' gives it as output")
