"""A customer is erased while agents have him on their screens: nothing of him stays there."""

import pytest

from helpdesk.desk import drafts, erasing
from helpdesk.desk.desk import Desk
from helpdesk.screens.close import CloseScreen
from helpdesk.screens.compose import ComposeScreen
from helpdesk.screens.customer import CustomerScreen
from helpdesk.screens.keeping import KeptScreen
from helpdesk.screens.new_ticket import NewTicketScreen
from helpdesk.screens.promise import PromiseScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.widgets.fields import TextField
from tests.screens.people import on_screen, torn_tent


@pytest.fixture(autouse=True)
def a_torn_tent(desk: Desk) -> None:
    """Her ticket, the only one."""
    torn_tent(desk)


def left_of_her(desk: Desk) -> list[str]:
    files = [path for path in desk.path.rglob("*") if path.is_file()]
    return [path.name for path in files if b"Asanova" in path.read_bytes()]


async def test_an_open_ticket_shows_the_erased_form_only(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        assert screen.shows("Asanova") and screen.shows("tent")
        erasing.erase(desk, 1)
        await screen.until(lambda: not screen.shows("tent"), "her words to go")
        assert not screen.shows("Asanova")
        assert screen.shows("(no words)")


@pytest.mark.parametrize(
    "writing",
    [
        ComposeScreen(1, note=False),
        ComposeScreen(1, note=True),
        PromiseScreen(1),
        CloseScreen(1),
        NewTicketScreen(1),
    ],
    ids=["reply", "note", "date", "end", "new"],
)
async def test_what_is_written_about_him_is_dropped_and_never_kept(
    desk: Desk, writing: KeptScreen[None]
) -> None:
    async with on_screen(desk, writing) as screen:
        screen.app.screen.query(TextField).first().insert("Dear Ms Asanova, SECRET")
        # Not by drafts.load, which clears away what is just being written: here again and again.
        await screen.until(lambda: any(desk.path.glob("agents/*/drafts/*.json")), "the draft")
        erasing.erase(desk, 1)
        await screen.until_shows("the customer was erased; what you wrote is dropped")
        assert not isinstance(screen.app.screen, KeptScreen)
        assert not screen.shows("SECRET")
    assert left_of_her(desk) == []
    assert drafts.load(desk) == []


async def test_whoever_leaves_at_once_leaves_no_draft(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeptScreen, "refresh_rows", lambda _: None)
    async with on_screen(desk, ComposeScreen(1, note=True)) as screen:
        screen.app.screen.query_one(TextField).insert("Dear Ms Asanova")
        erasing.erase(desk, 1)
        await screen.press("escape")
        assert not screen.shows("kept as a draft")
    assert left_of_her(desk) == []


async def test_an_open_profile_is_shown_no_more(desk: Desk) -> None:
    async with on_screen(desk, CustomerScreen(1)) as screen:
        assert screen.shows("Asanova")
        erasing.erase(desk, 1)
        await screen.until(lambda: not screen.shows("Asanova"), "her profile to go")
        await screen.until_shows("there is no customer 1")
