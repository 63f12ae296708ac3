"""Hands that meddle with the folder while the desk is open: it shows what is there and goes on."""

import json
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk import upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain import formats as domain_formats
from helpdesk.domain.formats import FORMAT
from helpdesk.screens import lookout
from helpdesk.screens.ticket import TicketScreen
from helpdesk.store import formats
from tests.conftest import MONDAY
from tests.screens.desks import busy_desk
from tests.screens.driver import ScreenDriver, desk_screen


@pytest.fixture(autouse=True)
def looking_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "LOOK_OUTSIDE_TICKS", 1)


def file_of(desk: Desk, number: int) -> Path:
    return desk.path / "tickets" / "0000" / f"{number:06d}.json"


async def opened(screen: ScreenDriver) -> None:
    await screen.until(lambda: not screen.app.opening.is_alive() and screen.shows("Tent leaks"))


async def test_a_ticket_that_is_deleted_goes_and_comes_back_when_it_is_restored(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await opened(screen)
        kept = file_of(desk, 1).rename(desk.path.parent / "backup.json")
        await screen.until(lambda: not screen.shows("Tent leaks"))
        shutil.copy2(kept, file_of(desk, 1))
        await screen.until(lambda: screen.shows("Tent leaks"))


async def test_a_ticket_that_is_deleted_while_it_is_read_is_told_in_a_line(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await opened(screen)
        await screen.press("enter")
        assert isinstance(screen.on_top, TicketScreen)
        file_of(desk, 1).unlink()
        await screen.press("a")
        await screen.until(lambda: screen.shows("there is no ticket 1"))
        await screen.press("escape")
        await screen.until(lambda: not screen.shows("Tent leaks") and screen.shows("Broken zip"))


async def test_an_edit_by_hand_shows_by_itself(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await opened(screen)
        text = file_of(desk, 1).read_text("utf-8")
        file_of(desk, 1).write_text(text.replace("Tent leaks", "Sleeping bag is wet"), "utf-8")
        await screen.until(lambda: screen.shows("Sleeping bag is wet"))


async def test_a_document_cut_off_is_a_sign_in_the_first_line(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await opened(screen)
        whole = file_of(desk, 1).read_bytes()
        os.truncate(file_of(desk, 1), len(whole) // 2)
        await screen.until(lambda: "1 can't be read" in screen.line(0))
        file_of(desk, 1).write_bytes(whole)
        await screen.until(lambda: "⚠" not in screen.line(0) and screen.shows("Tent leaks"))


async def test_an_answer_that_is_written_goes_to_the_older_version_that_was_restored_meanwhile(
    desk: Desk,
) -> None:
    busy_desk(desk)
    older = file_of(desk, 1).read_bytes()
    upkeep.note(desk, 1, "The parcel came back.")
    async with desk_screen(desk) as screen:
        await opened(screen)
        await screen.press("enter", "r")
        await screen.press(*"We look into it")
        file_of(desk, 1).write_bytes(older)
        await screen.press("ctrl+s", "escape", "escape")
        with clock.hold(MONDAY + timedelta(minutes=1)):
            await screen.until(lambda: not screen.app.held.held)
            await screen.until(lambda: "We look into it" in desk.store.ticket(1).messages[-1].text)
        assert "The parcel" not in file_of(desk, 1).read_text("utf-8")
        await screen.until(lambda: desk.store.check() == [])


@pytest.mark.parametrize("lose", ["the folder", "the link", "the file"])
async def test_the_index_may_go_at_any_time(desk: Desk, lose: str) -> None:
    busy_desk(desk)
    index = desk.path / ".cache" / "index.sqlite"
    losing: dict[str, Callable[[], object]] = {
        "the folder": lambda: shutil.rmtree(index.parent),
        "the link": index.unlink,
        "the file": lambda: index.resolve().unlink(),
    }
    async with desk_screen(desk) as screen:
        await opened(screen)
        losing[lose]()
        await screen.press("j", "k")
        await screen.until(lambda: screen.shows("Tent leaks") and screen.shows("Broken zip"))
        upkeep.note(desk, 1, "work goes on")
        await screen.until(lambda: desk.store.check() == [])


@contextmanager
def no_more_files() -> Iterator[None]:
    """This process can open nothing more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptor, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_an_open_desk_that_can_open_no_more_files_says_so_and_goes_on(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await opened(screen)
        await screen.press("enter")
        with no_more_files():
            await screen.press("a")
            await screen.until(lambda: screen.shows("Too many open files"))
        assert desk.store.ticket(1).assignee is None
        await screen.press("a")
        await screen.until(lambda: desk.store.ticket(1).assignee == "aibek")


async def test_an_error_in_looking_what_was_changed_from_outside_does_not_end_the_desk(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (120, 24)) as screen:
        await opened(screen)
        monkeypatch.setattr(screen.app.desk.store, "catch_up", failing)
        await screen.until(lambda: bool(screen.app.mishaps))
        monkeypatch.undo()
        await screen.until(lambda: screen.shows("something went wrong here"))
        screen.app.mishaps.clear()
        await screen.press("enter")
        assert isinstance(screen.on_top, TicketScreen)


def failing(**_: object) -> int:
    """Something that nobody expected."""
    raise RuntimeError("unexpected")


async def test_an_older_desk_says_at_opening_that_it_was_brought_forward(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    monkeypatch.setitem(domain_formats.STEPS, FORMAT - 1, lambda folder, fields: fields)
    for path in desk.path.glob("*/0000/*.json"):
        fields = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps(fields | {"format": FORMAT - 1}), "utf-8")
    (desk.path / formats.FORMAT_FILE).write_text(json.dumps({"format": FORMAT - 1}))
    async with desk_screen(desk.path, (120, 24)) as screen:
        await screen.until(lambda: screen.shows("the desk was brought forward"))
