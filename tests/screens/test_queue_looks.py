"""What the queue looks like: at every size, with any text, and when something goes wrong."""

from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk.desk import upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.query import Query
from helpdesk.domain.queue import QueueRow
from helpdesk.domain.words import Priority
from helpdesk.terminal import mishaps
from helpdesk.text import clean_line, width
from helpdesk.widgets.queue_table import CURSOR, QueueTable
from helpdesk.widgets.title_line import TitleLine
from tests.hostile import FORBIDDEN, PAYLOADS, assert_harmless
from tests.screens.desks import answered, busy_desk, ticket
from tests.screens.driver import desk_screen

SIZES = [(40, 12), (60, 20), (80, 24), (100, 30), (120, 40), (200, 60)]
_NAMES = [f"{columns}x{lines}" for columns, lines in SIZES]


@pytest.mark.parametrize("size", SIZES, ids=_NAMES)
async def test_the_queue_fills_any_terminal_and_overflows_none(
    desk: Desk, size: tuple[int, int]
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, size=size) as screen:
        lines = screen.lines()
        assert len(lines) == size[1]
        assert all(width(line) <= size[0] for line in lines)
        assert "Ak-Sai Outfitters" in lines[0]
        assert "! 2 days late" in screen.find(CURSOR)
        assert "Tent leaks" in screen.find(CURSOR)
        assert "? keys" in lines[-1]


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (200, 60)], ids=str)
async def test_a_high_priority_has_one_sign_everywhere_and_its_word_where_there_is_room(
    desk: Desk, size: tuple[int, int]
) -> None:
    made = ticket(desk, "Tent leaks")
    upkeep.set_priority(desk, made.id, Priority.HIGH)
    async with desk_screen(desk, size=size) as screen:
        assert "▲ Tent leaks" in screen.find(CURSOR)
        if size[1] > 12:
            await screen.until(lambda: screen.shows("▲ high"))
        await screen.press("enter")
        await screen.until(lambda: screen.shows("▲ high"))
        assert not screen.shows("! high")


@pytest.mark.parametrize(
    ("size", "columns"),
    [
        ((40, 12), "# how long subject"),
        ((66, 20), "# promised how long customer subject"),
        ((80, 24), "# promised how long kind customer subject"),
        ((130, 40), "# promised how long customer subject"),
        ((200, 50), "# promised how long kind customer subject"),
    ],
)
async def test_columns_come_as_there_is_room_for_them(
    desk: Desk, size: tuple[int, int], columns: str
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, size=size) as screen:
        line = screen.find("how long")
        assert " ".join(line.partition("│")[0].split()) == columns


async def test_without_a_preview_two_lines_tell_what_the_columns_leave_out(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("j")
        assert screen.line(-3).strip() == "Where is my order"
        facts = screen.line(-2)
        for fact in ("Fri 27 Feb 2026 18:00", "request", "email", "aibek", "Aigul"):
            assert fact in facts


async def test_with_room_the_selected_ticket_and_its_customer_stand_beside(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, size=(120, 40)) as screen:
        await screen.until_shows("promised for Fri 27 Feb")
        assert screen.shows("Please help me.")
        await screen.press("j")
        await screen.until_shows("#2 Where is my order")
        assert not screen.shows("#1 Tent leaks")
        await screen.resize(80, 24)
        assert not screen.shows("Please help me.")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)])
async def test_hostile_text_shows_harmless_and_moves_no_column(
    desk: Desk, size: tuple[int, int]
) -> None:
    for name, payload in PAYLOADS.items():
        written = payload if clean_line(payload) else name
        ticket(desk, written, who=written, text=written)
    async with desk_screen(desk, size=size) as screen:
        for _ in range(len(PAYLOADS)):
            lines = screen.lines()
            assert_harmless("\n".join(lines))
            rows = [line for line in lines if "○ in 8 h" in line]
            assert {line.index("○ in 8 h") for line in rows} == {rows[0].index("○ in 8 h")}
            await screen.pilot.press("j")
        await screen.settle()


async def test_text_that_was_never_cleaned_is_caught_on_the_way_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket(desk, "Honest")
    rows = desk.store.queue

    def dirty(query: Query, *, offset: int = 0, limit: int = 100) -> list[QueueRow]:
        return [
            replace(row, customer_name=payload, subject=payload, assignee=payload, tags=(payload,))
            for row in rows(query, offset=offset, limit=limit)
            for payload in PAYLOADS.values()
        ]

    monkeypatch.setattr(desk.store, "queue", dirty)
    monkeypatch.setattr(desk.store, "count", lambda query: len(PAYLOADS))
    async with desk_screen(desk) as screen:
        for _ in range(len(PAYLOADS)):
            assert_harmless(screen.text())
            await screen.pilot.press("j")


async def test_what_was_forgotten_at_every_entrance_is_caught_by_the_last_guard(
    desk: Desk,
) -> None:
    async with desk_screen(desk) as screen:
        title = screen.queue.query_one(TitleLine)
        for payload in PAYLOADS.values():
            title.desk = payload[:60]
            title.refresh()
            await screen.pilot.pause()
            assert FORBIDDEN.search(screen.line(0)) is None


async def test_customers_words_are_never_read_as_markup(desk: Desk) -> None:
    ticket(desk, "[@click=app.quit]press[/] [red]now[/red]", who="[/] [bold")
    async with desk_screen(desk) as screen:
        assert screen.line(-3).strip() == "[@click=app.quit]press[/] [red]now[/red]"
        await screen.pilot.click("DetailLines", offset=(5, 0))
        await screen.pilot.click("QueueTable", offset=(60, 0))
        await screen.settle()
        assert screen.app.is_running


async def test_a_queue_of_any_length_fetches_only_the_pages_in_sight(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(desk, "One of many")
    row = desk.store.queue(desk.query(""))[0]
    fetched: list[int] = []

    def many(query: Query, *, offset: int = 0, limit: int = 100) -> list[QueueRow]:
        fetched.append(offset)
        assert limit <= 100
        return [replace(row, id=offset + place + 1) for place in range(limit)]

    monkeypatch.setattr(desk.store, "queue", many)
    monkeypatch.setattr(desk.store, "count", lambda query: 100_000)
    async with desk_screen(desk) as screen:
        await screen.press("8", "G")
        assert "▌100000" in screen.find(CURSOR)
        assert "100 000 tickets" in screen.line(0)
        assert len(set(fetched)) <= 4
        await screen.press("g")
        table = screen.app.screen.query_one(QueueTable)
        await screen.press(*["pagedown"] * 5)
        assert table.cursor == 5 * table.page
        assert screen.find(CURSOR).split()[1] == str(5 * table.page + 1)


async def test_an_unexpected_error_is_told_in_a_line_and_noted_without_customers_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    busy_desk(desk)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def broken(*_: object) -> int:
        raise KeyError("Tent leaks, says Bektur Asanov")

    async with desk_screen(desk) as screen:
        monkeypatch.setattr(desk.store, "counts", broken)
        await screen.pilot.press("8")
        await screen.until(lambda: bool(screen.app.mishaps))
        assert screen.shows("✗ something went wrong here")
        assert screen.shows("Tent leaks")
        monkeypatch.undo()
        screen.app.mishaps.clear()
        await screen.press("7")
        assert screen.shows("Thanks for the help")
    log = (tmp_path / "helpdesk" / "errors.log").read_text(encoding="utf-8")
    assert "KeyError" in log and "queue_pages.py" in log
    assert "Tent" not in log and "Bektur" not in log


async def test_an_error_with_a_remedy_is_told_in_a_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_desk(desk)
    settings = desk.settings.model_copy(update={"agents": {"gulnara": ()}})
    monkeypatch.setattr(type(desk), "settings", settings)
    async with desk_screen(desk, agent="aibek") as screen:
        monkeypatch.setattr(desk, "agent", "no login")
        await screen.press("a")
        assert "✗ assignee: not a login name" in screen.line(-1)
        await screen.press("j")
        assert "✗" not in screen.line(-1)


def test_the_log_of_mishaps_is_begun_anew_when_it_is_long(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(mishaps, "KEPT_BYTES", 200)
    for _ in range(20):
        path = mishaps.record(ValueError("private"))
    assert path is not None
    assert path.stat().st_size < 400
    assert path.stat().st_mode & 0o077 == 0


async def test_documents_that_cannot_be_read_are_named_once_the_desk_is_open(desk: Desk) -> None:
    busy_desk(desk)
    document = next((desk.path / "tickets").rglob("000004.json"))
    document.write_text("{", encoding="utf-8")
    async with desk_screen(desk) as screen:
        await screen.until_shows("1 document cannot be read")
        assert "'helpdesk check' says which" in screen.line(-1)


async def test_a_name_in_chinese_pushes_no_column(desk: Desk) -> None:
    ticket(desk, "ASCII name here", who="Bektur")
    ticket(desk, "Chinese name here", who="陈建国")
    async with desk_screen(desk) as screen:
        columns = {
            width(line[: line.index(subject)])
            for subject in ("ASCII name", "Chinese name")
            for line in screen.lines()[3:6]
            if subject in line
        }
        assert len(columns) == 1
