"""An agent puts texts for frequent answers into what he writes, or writes it in his editor."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpdesk.app import DeskApp
from helpdesk.desk import customers, macros, preferences, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.screens.compose import ComposeScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.widgets.fields import TextField
from tests.conftest import MONDAY
from tests.screens.driver import ScreenDriver
from tests.screens.people import matter, on_screen, torn_tent

OWN = """\
[[macro]]
name = "sizes"
title = "Which size is the right one"
text = "{greeting}\\n\\nTell us your height, {customer}.\\n\\n"
"""


def written(screen: ScreenDriver) -> str:
    """What stands in the text."""
    return screen.app.screen.query_one(TextField).text


def own_texts(desk: Desk, text: str = OWN) -> None:
    """The desk adds texts in English."""
    (desk.path / "macros").mkdir()
    (desk.path / "macros" / "en.toml").write_text(text, encoding="utf-8")


async def test_a_text_is_found_by_its_letters_and_put_where_words_go(desk: Desk) -> None:
    torn_tent(desk)
    own_texts(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r", "ctrl+t")
        await screen.type("size height")
        assert screen.shows("Which size is the right one")
        assert screen.shows("Tell us your height, Ms Asanova.")
        await screen.press("enter")
        assert written(screen).startswith(
            "Dear Ms Asanova,\n\nTell us your height, Ms Asanova.\n\nKind regards"
        )
        await screen.type(" Thank you.")
        assert "Ms Asanova. Thank you.\n" in written(screen)


async def test_a_text_behind_words_is_a_paragraph_of_its_own(desk: Desk) -> None:
    torn_tent(desk)
    own_texts(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("You get your deposit back.")
        await screen.press("ctrl+t")
        await screen.type("size height")
        await screen.press("enter")
        assert (
            "You get your deposit back.\n\nTell us your height, Ms Asanova.\n\nKind regards"
        ) in written(screen)
        await screen.type(" Thank you.")
        assert "Ms Asanova. Thank you.\n" in written(screen)


async def test_a_text_in_the_midst_of_words_parts_them(desk: Desk) -> None:
    torn_tent(desk)
    own_texts(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("Before.\nBehind.")
        await screen.press("home", "ctrl+t")
        await screen.type("size height")
        await screen.press("enter")
        assert "Before.\n\nTell us your height, Ms Asanova.\n\nBehind." in written(screen)


async def test_texts_come_in_the_customers_language_and_by_the_same_keys(desk: Desk) -> None:
    customers.create(desk, {"name": "Бектур Асанов", "language": "ru"})
    matter(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        titles = [macro.title for macro in macros.list_macros(desk, desk.store.customer(1))]
        await screen.press("ctrl+t")
        assert all(screen.shows(title) for title in titles)
        assert any("а" in title for title in titles)
        await screen.press("down", "down", "enter")
        third = macros.list_macros(desk, desk.store.customer(1))[2]
        body = macros.body(desk, third, desk.store.ticket(1), desk.store.customer(1))
        assert body in written(screen)


@pytest.mark.parametrize(
    ("key", "before"), [("r", ["ctrl+n"]), ("p", [])], ids=["with a reply", "another date"]
)
async def test_a_text_tells_the_date_that_is_about_to_be_promised(
    desk: Desk, key: str, before: list[str]
) -> None:
    torn_tent(desk)
    own_texts(desk, OWN.replace("Tell us your height, {customer}.", "Until {due} we know more."))
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press(key, *before)
        await screen.type("fri 14:00")
        await screen.press("ctrl+t")
        await screen.type("sizes")
        await screen.press("enter")
        assert "Until Friday, March 6, 2026, 14:00" in written(screen)


async def test_a_text_that_cannot_be_used_says_why(desk: Desk) -> None:
    torn_tent(desk)
    own_texts(desk, OWN.replace("{customer}", "{understanding}"))
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        before = written(screen)
        await screen.press("ctrl+t")
        await screen.type("sizes")
        await screen.press("enter")
        assert screen.shows("· macro sizes says what we understood: note that first")
        await screen.press("escape")
        assert written(screen) == before
        upkeep.set_understanding(desk, 1, "She is tall.", None)
        await screen.press("ctrl+t")
        await screen.type("sizes\n")
        assert "She is tall." in written(screen)


async def test_what_is_wrong_in_the_desks_texts_is_told(desk: Desk) -> None:
    torn_tent(desk)
    own_texts(desk, OWN.replace("{customer}", "{secret}"))
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        await screen.press("ctrl+t")
        assert screen.shows("✗ macros/en.toml: macro sizes: text: unknown placeholder {secret}")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_texts_are_chosen_on_every_terminal(desk: Desk, size: tuple[int, int]) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False), size) as screen:
        await screen.press("ctrl+t")
        first = macros.list_macros(desk, desk.store.customer(1))[0]
        assert screen.shows(first.title) and screen.shows("⏎ put in")


# The agent's own editor


def an_editor(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """EDITOR is a program that has the file's ``path`` and its ``text``."""
    program = folder / "editor.py"
    program.write_text(
        "import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n"
        f"text = path.read_text(encoding='utf-8')\n{does}\n",
        encoding="utf-8",
    )
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {program}")


def allowed(desk: Desk) -> None:
    """The desk allows editors, and the agent wants his."""
    settings = desk.path / "desk.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[desk]\n", "[desk]\neditor = true\n"), encoding="utf-8")
    preferences.change(desk, editor=True)
    desk.__dict__.pop("settings", None)  # read anew


@pytest.fixture
def _lends_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal of the tests cannot be lent; tests/pty lends a real one."""

    @contextmanager
    def lend(app: DeskApp) -> Iterator[None]:
        yield

    monkeypatch.setattr(DeskApp, "suspend", lend)


@pytest.mark.usefixtures("_lends_the_terminal")
async def test_a_text_goes_to_the_editor_and_comes_back_clean(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn_tent(desk)
    allowed(desk)
    seen = tmp_path / "seen"
    does = (
        f"pathlib.Path({str(seen)!r}).write_text(f'{{path}}\\n{{path.stat().st_mode:o}}')\n"
        "path.write_text(text.replace('Half', 'A whole\\x1b]0;x\\x07 \\u202etext\\tand'))"
    )
    an_editor(tmp_path, monkeypatch, does)
    async with on_screen(desk, ComposeScreen(1, note=True)) as screen:
        await screen.type("Half a sentence")
        await screen.press("ctrl+e")
        assert written(screen) == "A whole]0;x text and a sentence"
    path, mode = seen.read_text(encoding="utf-8").split("\n")
    assert stat.S_IMODE(int(mode, 8)) == 0o600
    assert not Path(path).exists() and not Path(path).parent.exists()


@pytest.mark.usefixtures("_lends_the_terminal")
@pytest.mark.parametrize(
    ("does", "words"),
    [
        ("sys.exit(3)", "✗ the editor ended with code 3; the text is as it was"),
        ("path.unlink()", "✗ the editor left no text; it is as it was"),
        ("path.write_text('x' * 1_000_001)", "✗ the editor left more than a megabyte"),
    ],
)
async def test_an_editor_that_fails_leaves_the_text(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, words: str
) -> None:
    torn_tent(desk)
    allowed(desk)
    an_editor(tmp_path, monkeypatch, does)
    async with on_screen(desk, ComposeScreen(1, note=True)) as screen:
        await screen.type("Half a sentence")
        await screen.press("ctrl+e")
        assert screen.shows(words)
        assert written(screen) == "Half a sentence"


@pytest.mark.parametrize("named", ["", "no-such-editor", "'"])
async def test_an_editor_that_is_not_there_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    torn_tent(desk)
    allowed(desk)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", named)
    async with on_screen(desk, ComposeScreen(1, note=True)) as screen:
        await screen.press("ctrl+e")
        assert screen.shows("EDITOR")


async def test_without_being_allowed_no_editor_is_run_and_it_is_said_why(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn_tent(desk)
    ran = tmp_path / "ran"
    an_editor(tmp_path, monkeypatch, f"pathlib.Path({str(ran)!r}).touch()")
    preferences.change(desk, editor=True)
    async with on_screen(desk, ComposeScreen(1, note=True)) as screen:
        await screen.press("ctrl+e")
        assert screen.shows("✗ the desk does not allow other programs")
    allowed(desk)
    preferences.change(desk, editor=False)
    async with on_screen(desk, ComposeScreen(1, note=True)) as screen:
        await screen.press("ctrl+e")
        assert screen.shows("✗ your editor is off: set editor = true")
    assert not ran.exists()
    assert os.environ["EDITOR"]
    assert desk.now() == MONDAY
