"""Whatever a customer writes, no screen shows anything harmful, is pushed apart, or acts on it."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from textual.events import Paste
from textual.screen import Screen
from textual.strip import Strip

from helpdesk import clock
from helpdesk.desk import answers, customers, matters, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.customer import Customer
from helpdesk.domain.words import Channel, Kind
from helpdesk.screens.close import CloseScreen
from helpdesk.screens.compose import ComposeScreen
from helpdesk.screens.customer import CustomerScreen
from helpdesk.screens.new_ticket import NewTicketScreen
from helpdesk.screens.promise import PromiseScreen
from helpdesk.screens.prompt import PromptScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.text import clean_line
from helpdesk.widgets.fields import TextField
from helpdesk.widgets.line_field import LineField
from tests.conftest import DESK_TOML, MONDAY
from tests.hostile import PAYLOADS, assert_harmless
from tests.screens.driver import ScreenDriver, desk_screen

NAMES = list(PAYLOADS)


def hostile_person(desk: Desk, payload: str) -> Customer:
    """A customer of whom everything that can be free text is the payload."""
    line = payload if clean_line(payload) else f"x{payload}"
    return customers.create(
        desk,
        {
            "name": line,
            "given": payload,
            "family": payload,
            "salutation": payload,
            "preferred": payload,
            "phones": [{"number": f"+996 555 {line}", "label": payload}],
            "handles": [{"network": line, "handle": line, "label": payload}],
            "addresses": [{"text": payload, "label": payload}],
            "preferences": {"times": payload},
            "people": [{"name": line, "relation": payload}],
            "wishes": [payload],
            "notes": [{"at": MONDAY, "by": payload, "text": payload}],
            "orders": [
                {
                    "number": line,
                    "date": "2026-02-01",
                    "lines": [{"item": line, "quantity": 2}],
                    "status": payload,
                }
            ],
            "ratings": [{"at": MONDAY, "score": 1, "comment": payload}],
            "tags": [line],
            "source": payload,
            "external_id": payload,
        },
    )


def hostile_matter(desk: Desk, payload: str) -> None:
    """A customer and a ticket of which everything that can be free text is the payload."""
    line = payload if clean_line(payload) else f"x{payload}"
    number = matters.new_ticket(
        desk,
        hostile_person(desk, payload).id,
        kind=Kind.COMPLAINT,
        channel=Channel.SOCIAL,
        subject=line,
        text=line,
        tags=[line],
    ).id
    upkeep.note(desk, number, line)
    upkeep.set_understanding(desk, number, line)
    upkeep.set_cause(desk, number, root_cause=payload, resolution=payload)
    answers.tell_date(desk, number, MONDAY + timedelta(days=1), line)


@pytest.fixture(scope="module")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk with a customer and a ticket for every payload, as numbered in NAMES."""
    path = tmp_path_factory.mktemp("hostile") / "desk"
    path.mkdir()
    (path / "desk.toml").write_text(DESK_TOML, encoding="utf-8")
    with clock.hold(MONDAY), open_desk(path, agent="aibek") as desk:
        for payload in PAYLOADS.values():
            hostile_matter(desk, payload)
    return path


@pytest.fixture
def hostile_desk(hostile_folder: Path, tmp_path: Path) -> Iterator[Desk]:
    """A copy of that desk, open."""
    path = shutil.copytree(hostile_folder, tmp_path / "desk")
    with clock.hold(MONDAY), open_desk(path, agent="aibek") as desk:
        yield desk


def strips(screen: ScreenDriver) -> list[Strip]:
    """The lines as they go to the terminal."""
    return screen.app.screen._compositor.render_strips()


def assert_whole(screen: ScreenDriver, what: str) -> None:
    """Nothing forbidden stands on the screen, no line is pushed, and nothing acts on a click."""
    try:
        assert_harmless(screen.text())
    except AssertionError as error:
        raise AssertionError(f"{what}: {error}") from None
    for strip in strips(screen):
        shown = "".join(segment.text for segment in strip)
        assert strip.cell_length == screen.app.size.width, f"{what}: pushed: {shown!r}"
        for segment in strip:
            meta = segment.style.meta if segment.style is not None else {}
            assert "@click" not in meta, f"{what}: acts: {shown!r}"
            assert segment.style is None or segment.style.link is None, f"{what}: {shown!r}"
    assert screen.app.is_running, what


@asynccontextmanager
async def opened(screen: ScreenDriver, over: Screen[None] | Screen[object]) -> AsyncIterator[None]:
    """That screen on top; afterwards the one below again, nothing on the desk being changed."""
    below, version = screen.app.screen, screen.app.desk.store.version()
    screen.app.push_screen(over)
    await screen.settle()
    assert screen.app.screen is over
    yield
    assert screen.app.screen is over, "something left the screen by itself"
    over.dismiss(None)
    await screen.settle()
    assert screen.app.screen is below
    assert screen.app.desk.store.version() == version, "something was done by itself"


@asynccontextmanager
async def empty_screen(desk: Desk, size: tuple[int, int] = (80, 24)) -> AsyncIterator[ScreenDriver]:
    """The desk with nothing on the screen, so that what is opened over it is looked at alone."""
    async with desk_screen(desk, size) as screen:
        screen.app.push_screen(Screen[None]())
        await screen.settle()
        yield screen


async def go_through(
    desk: Desk,
    make: Callable[[int], Screen[None]],
    *keys: str,
    size: tuple[int, int] = (80, 24),
) -> None:
    """Open a screen for every payload, press the keys one by one, and look each time."""
    async with empty_screen(desk, size) as screen:
        for number, name in enumerate(NAMES, 1):
            async with opened(screen, make(number)):
                assert_whole(screen, name)
                for key in keys:
                    await screen.press(key)
                    assert_whole(screen, f"{name}, after {key}")


async def test_the_ticket_with_its_conversation_and_card(hostile_desk: Desk) -> None:
    await go_through(hostile_desk, TicketScreen, "v", "tab", "pagedown")


async def test_the_ticket_with_the_card_beside_it(hostile_desk: Desk) -> None:
    async with empty_screen(hostile_desk, (120, 40)) as screen:
        for number, name in enumerate(NAMES, 1):
            async with opened(screen, TicketScreen(number)):
                assert_whole(screen, name)
                side = screen.region("#side")
                for strip in strips(screen)[side.y : side.bottom]:
                    border = strip.crop(side.x, side.x + 1)
                    assert "".join(part.text for part in border) == "│", f"{name}: pushed"


async def test_the_customer_part_by_part(hostile_desk: Desk) -> None:
    await go_through(hostile_desk, CustomerScreen, "tab", "tab", "tab", "tab")


async def test_the_reply(hostile_desk: Desk) -> None:
    await go_through(hostile_desk, lambda number: ComposeScreen(number, note=False))


async def test_the_dialogs_of_promise_and_closing(hostile_desk: Desk) -> None:
    await go_through(hostile_desk, PromiseScreen)
    await go_through(hostile_desk, CloseScreen)


async def test_the_queue_and_the_preview(hostile_desk: Desk) -> None:
    for size in ((80, 24), (120, 40)):
        async with desk_screen(hostile_desk, size) as screen:
            for name in NAMES:
                assert_whole(screen, name)
                await screen.press("j")


async def test_the_forms_of_a_ticket_and_a_customer(hostile_desk: Desk) -> None:
    from helpdesk.screens import customer_forms, ticket_forms

    forms: tuple[Callable[[Desk, int], PromptScreen], ...] = (
        lambda desk, number: ticket_forms.tags(desk, desk.store.ticket(number)),
        lambda desk, number: ticket_forms.understanding(desk, desk.store.ticket(number)),
        lambda desk, number: customer_forms.edit(desk, desk.store.customer(number)),
    )
    async with empty_screen(hostile_desk) as screen:
        for number, name in enumerate(NAMES, 1):
            for form in forms:
                async with opened(screen, form(hostile_desk, number)):
                    assert_whole(screen, name)


async def test_what_is_pasted_and_who_is_found_by_it(hostile_desk: Desk) -> None:
    async with empty_screen(hostile_desk) as screen:
        for name, payload in PAYLOADS.items():
            async with opened(screen, NewTicketScreen(None)):
                top = screen.app.screen
                top.query_one("#customer", LineField).post_message(Paste(payload))
                top.query_one("#text", TextField).post_message(Paste(payload))
                await screen.settle()
                assert_whole(screen, name)


async def test_no_link_opens_a_browser_on_the_server(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url, **_: opened.append(url))
    async with desk_screen(desk.path, agent="aibek") as screen:
        screen.app.open_url("https://hostile.example/")
    assert opened == []
