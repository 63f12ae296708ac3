"""What an agent writes outlives the program, whatever ends it: a new start finds it."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpdesk.desk import drafts, preferences
from helpdesk.desk.desk import Desk
from tests.pty.terminal import Terminal, running
from tests.pty.test_desk_on_a_terminal import assert_restored, opened
from tests.screens.desks import ticket

WORDS = "A new tent is on its way"


@contextmanager
def writing(desk: Desk, words: str = WORDS) -> Iterator[Terminal]:
    """An agent in the midst of a reply, at a terminal."""
    ticket(desk, "Tent leaks")
    with running(opened(desk.path)) as terminal:
        terminal.until_shows("▌  1")
        terminal.press("r")
        terminal.until_shows("Kind regards")
        terminal.press(words)
        terminal.until_shows(words)
        yield terminal


def kept(desk: Desk) -> str:
    """The only draft there is; empty if there is none."""
    found = drafts.load(desk)
    assert len(found) <= 1
    return found[0].text if found else ""


def assert_offered_again(desk: Desk, words: str = WORDS) -> None:
    """Fail unless a new start tells of the draft and the composer begins with it."""
    with running(opened(desk.path)) as terminal:
        terminal.until_shows("1 draft")
        terminal.press("r")
        terminal.until_shows("your draft, written")
        terminal.until_shows(words)
        terminal.press("\x11")  # ctrl+q
        assert terminal.exit_code() == 0
    assert words in kept(desk)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["SIGTERM", "SIGHUP"]
)
def test_a_signal_keeps_the_last_letter(desk: Desk, number: signal.Signals, code: int) -> None:
    with writing(desk) as terminal:
        assert terminal.end(number) == code
        assert_restored(terminal)
    assert f"{WORDS}\n" in kept(desk)
    assert_offered_again(desk)


def test_a_power_cut_loses_no_more_than_the_last_second(desk: Desk) -> None:
    with writing(desk) as terminal:
        terminal.until(lambda: WORDS in kept(desk), "a draft on the disk")
        assert terminal.end(signal.SIGKILL) == -signal.SIGKILL
    assert_offered_again(desk)


def test_a_dropped_link_keeps_the_last_letter(desk: Desk) -> None:
    with writing(desk) as terminal:
        terminal.hang_up()
        assert terminal.exit_code() in (129, -signal.SIGHUP, -signal.SIGALRM)
    assert f"{WORDS}\n" in kept(desk)
    assert_offered_again(desk)


def test_a_dropped_link_that_nobody_tells_the_program_of_is_noticed(desk: Desk) -> None:
    ticket(desk, "Tent leaks")
    with running(["-m", "tests.pty.parent", *opened(desk.path)]) as terminal:
        terminal.until_shows("▌  1")
        terminal.press("r")
        terminal.until_shows("Kind regards")
        terminal.press(WORDS)
        terminal.until_shows(WORDS)
        terminal.hang_up()
        assert terminal.exit_code() in (129, -signal.SIGHUP % 256, -signal.SIGALRM % 256)
    assert f"{WORDS}\n" in kept(desk)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_a_stalled_link_keeps_what_was_written_and_ends(desk: Desk, number: signal.Signals) -> None:
    with writing(desk) as terminal:
        terminal.stall()
        os.kill(terminal.pid, number)
        assert terminal.exit_code_unread() in (128 + number, -signal.SIGALRM)
    assert f"{WORDS}\n" in kept(desk)
    assert_offered_again(desk)


def test_a_crash_keeps_the_last_letter(desk: Desk) -> None:
    ticket(desk, "Tent leaks")
    with running(opened(desk.path, "--breaks-at", "BREAK")) as terminal:
        terminal.until_shows("▌  1")
        terminal.press("r")
        terminal.until_shows("Kind regards")
        terminal.press(WORDS)
        terminal.until_shows(WORDS)
        terminal.press("BREAK")
        assert terminal.exit_code() == 70
    assert WORDS in kept(desk)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_a_signal_sends_what_is_held(desk: Desk, number: signal.Signals) -> None:
    preferences.change(desk, hold_seconds=60)
    with writing(desk) as terminal:
        terminal.press("\x13")  # ctrl+s
        terminal.until_shows("reply to #1 goes out in 60 s")
        assert not desk.store.ticket(1).messages[-1].is_answer
        assert terminal.end(number) == 128 + number
    assert WORDS in desk.store.ticket(1).messages[-1].text
    assert kept(desk) == ""


def test_a_power_cut_sends_nothing_of_what_is_held_and_keeps_it(desk: Desk) -> None:
    preferences.change(desk, hold_seconds=60)
    with writing(desk) as terminal:
        terminal.press("\x13")  # ctrl+s
        terminal.until_shows("reply to #1 goes out in 60 s")
        terminal.end(signal.SIGKILL)
    assert not any(message.is_answer for message in desk.store.ticket(1).messages)
    assert_offered_again(desk)


def test_an_editor_gets_the_terminal_and_gives_the_text_back(desk: Desk, tmp_path: Path) -> None:
    ticket(desk, "Tent leaks")
    settings = desk.path / "desk.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[desk]\n", "[desk]\neditor = true\n"), encoding="utf-8")
    preferences.change(desk, editor=True)
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import pathlib, signal, sys\nsignal.signal(signal.SIGINT, signal.SIG_DFL)\n"
        "path = pathlib.Path(sys.argv[1])\nwords = input('What shall it say? ')\n"
        "path.write_text(path.read_text() + words)\n",
        encoding="utf-8",
    )
    environment = {"EDITOR": f"{sys.executable} {editor}", "VISUAL": ""}
    with running(opened(desk.path), environment=environment) as terminal:
        terminal.until_shows("▌  1")
        terminal.press("n")
        terminal.until_shows("for agents only")
        terminal.press("She wants ")
        terminal.until_shows("She wants")
        terminal.press("\x05")  # ctrl+e
        terminal.until_shows("What shall it say?")
        terminal.press("\x03")  # ctrl+c ends the editor, and only that
        terminal.until_shows("the editor ended with code")
        terminal.press("\x05")
        terminal.until_shows("What shall it say?")
        terminal.press("a new tent\n")
        # The program asks for its own screen again, once it has the keyboard back.
        terminal.until(lambda: terminal.wire.count(b"\x1b[?1049h") == 3, "its own screen again")
        terminal.until(terminal.gives_every_key, "the keyboard its own again")
        terminal.until_shows("a new tent")
        terminal.press("\x11")  # ctrl+q
        assert terminal.exit_code() == 0
        assert_restored(terminal)
    assert kept(desk) == "She wants \na new tent"
