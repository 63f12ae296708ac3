"""The desk in a real terminal: what is drawn, which bytes are written, and how it ends."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.desk.desk import Desk
from helpdesk.domain.words import Channel
from helpdesk.text import clean_line
from tests.hostile import FORBIDDEN_TO_TERMINAL, PAYLOADS, assert_harmless
from tests.pty.terminal import Terminal, running
from tests.screens.desks import busy_desk, ticket

RESTORED = ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l", "\x1b[?1003l", "\x1b[?2004l", "\x1b[?7h")
"""The main screen, the cursor, and no more mouse reports, bracketed paste or clipped lines."""

COLOURS = {str(ten + digit) for ten in (30, 40, 90, 100) for digit in range(9)} - {"98", "108"}
"""What sets a colour, as a terminal reads it; 39 and 49 go back to its own."""


def opened(desk: Path, *more: str) -> list[str]:
    """The arguments that open the desk, at the moment of the tests' Monday."""
    return ["-m", "tests.pty.monday", str(desk), *more]


def assert_restored(terminal: Terminal) -> None:
    """Fail unless the terminal was left as it was found."""
    wire = terminal.wire.decode()
    for sequence in RESTORED:
        assert sequence in wire
        opposite = sequence[:-1] + ("h" if sequence.endswith("l") else "l")
        assert wire.rindex(sequence) > wire.rindex(opposite)
    assert terminal.is_as_before()


def test_the_queue_is_worked_by_keys_and_left_with_the_terminal_restored(desk: Desk) -> None:
    busy_desk(desk)
    with running(opened(desk.path)) as terminal:
        terminal.until_shows("▌  1 27 Feb 15:00  ! 2 days late")
        terminal.until_shows("overdue 2")
        terminal.press("jj")
        terminal.until_shows("▌  3  today 10:15  ● in 15 min")
        terminal.press("о")  # j on a Cyrillic layout
        terminal.until_shows("▌  5")
        terminal.press("q")
        assert terminal.exit_code() == 0
        assert_restored(terminal)


def test_keys_that_come_in_one_burst_go_where_the_key_before_them_led(desk: Desk) -> None:
    busy_desk(desk)
    with running(opened(desk.path)) as terminal:
        terminal.until_shows("overdue 2")
        terminal.press("/kind:complaint\rjx")
        terminal.until_shows("1 marked")
        terminal.press("\x1bpfri 14:00\tbecause of snow")
        terminal.until_shows("because of snow")
        terminal.until_shows("fri 14:00 ")


def test_a_filter_that_was_applied_can_be_left_again(desk: Desk) -> None:
    busy_desk(desk)
    with running(opened(desk.path)) as terminal:
        terminal.until_shows("overdue 2")
        terminal.press("/zip\r")
        terminal.until_shows("1 found")
        terminal.press("/")
        terminal.press("\x1b")
        terminal.until(lambda: "found" not in terminal.text(), "no filter")
        terminal.press("q")
        assert terminal.exit_code() == 0


def test_a_wide_terminal_has_views_queue_and_preview_side_by_side(desk: Desk) -> None:
    busy_desk(desk)
    ticket(desk, "Late parcel", text="It was to come last week.")
    with running(opened(desk.path), size=(120, 40)) as terminal:
        terminal.until_shows(" 1 overdue        2")
        terminal.press("G")
        terminal.until_shows("It was to come last week.")
        line = next(line for line in terminal.lines() if "▌" in line)
        assert line.index("Late parcel") < line.index("│")


def test_the_desk_follows_the_size_of_the_terminal(desk: Desk) -> None:
    busy_desk(desk)
    with running(opened(desk.path)) as terminal:
        terminal.until_shows("overdue 2")
        terminal.resize(120, 40)
        terminal.until_shows(" 1 overdue        2")
        terminal.resize(40, 12)
        terminal.until(lambda: "? keys" in terminal.lines()[11])
        terminal.until(lambda: "how long" in terminal.lines()[2])
        assert "promised" not in terminal.text()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_no_hostile_text_reaches_the_terminal(desk: Desk, size: tuple[int, int]) -> None:
    for name, payload in PAYLOADS.items():
        written = payload if clean_line(payload) else name
        ticket(desk, written, who=f"Who {name}", text=written)
    with running(opened(desk.path), size=size) as terminal:
        terminal.until_shows("on us")
        for _ in PAYLOADS:
            terminal.press("j")
        terminal.until(lambda: f"▌ {len(PAYLOADS)} " in terminal.text())
        terminal.press("q")
        assert terminal.exit_code() == 0
        wire = terminal.wire.decode()
        assert_harmless(_without_own_sequences(wire), FORBIDDEN_TO_TERMINAL)


def test_letters_of_disputed_width_never_push_a_column(desk: Desk) -> None:
    for name in ("tamil", "arabic", "thai", "hindi", "family", "skin tones", "chinese", "kyrgyz"):
        ticket(desk, PAYLOADS[name] * 2, who=PAYLOADS[name][:12])
    with running(opened(desk.path), size=(120, 40)) as terminal:
        terminal.until_shows(" 8 all            8")
        rows = [line for line in terminal.lines() if "in 8 h" in line]
        assert len(rows) == 8
        border = next(line for line in terminal.lines() if "│" in line).index("│") + 1
        before = len(terminal.wire)

        def placed() -> set[str]:
            """The lines whose border was drawn at its own place since the resize."""
            wire = terminal.wire[before:].decode(errors="ignore")
            return set(re.findall(rf"\x1b\[(\d+);{border}H(?:\x1b\[[\d;]*m)*│", wire))

        terminal.resize(120, 30)  # draws every line anew
        terminal.until(lambda: set(map(str, range(3, 11))) <= placed())


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["SIGTERM", "SIGHUP"]
)
def test_a_signal_ends_the_desk_and_restores_the_terminal(
    desk: Desk, number: signal.Signals, code: int
) -> None:
    busy_desk(desk)
    with running(opened(desk.path)) as terminal:
        terminal.until_shows("overdue 2")
        assert terminal.end(number) == code
        assert_restored(terminal)


def test_an_unexpected_error_says_where_without_what_customers_wrote(
    desk: Desk, tmp_path: Path
) -> None:
    ticket(desk, "My secret illness", who="Private Person")
    state = tmp_path / "state"
    with running(
        opened(desk.path, "--breaks"), environment={"XDG_STATE_HOME": str(state)}
    ) as terminal:
        assert terminal.exit_code() == 70
        assert_restored(terminal)
        left = terminal.wire.decode().rpartition("\x1b[?1049l")[2]
        assert "helpdesk: something went wrong" in left
        assert "Traceback" not in left and "secret" not in left and "Private" not in left
    log = (state / "helpdesk" / "errors.log").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log and "_broken" in log
    assert "secret" not in log and "Private" not in log
    assert (state / "helpdesk" / "errors.log").stat().st_mode & 0o077 == 0


def test_settings_that_cannot_be_used_end_the_desk_with_one_line(desk: Desk) -> None:
    busy_desk(desk)
    settings = desk.path / "desk.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("09:00-13:00", "9 to 1", 1))
    with running(opened(desk.path)) as terminal:
        assert terminal.exit_code() == 78
        assert_restored(terminal)
        left = terminal.wire.decode().rpartition("\x1b[?1006l")[2].strip()
        assert left.startswith("helpdesk: desk.toml") and "\n" not in left


def test_without_colour_nothing_is_lost(desk: Desk) -> None:
    busy_desk(desk)
    with running(opened(desk.path), environment={"NO_COLOR": "1"}) as terminal:
        terminal.until_shows("! 2 days late")
        terminal.until_shows("overdue 2")
        styles = re.findall(r"\x1b\[([\d;]*)m", terminal.wire.decode())
        wanted = {code for style in styles for code in style.split(";")}
        assert "1" in wanted and not wanted & COLOURS


def test_a_light_terminal_gets_the_light_theme(desk: Desk) -> None:
    with running(opened(desk.path), environment={"COLORFGBG": "0;15"}) as terminal:
        terminal.until_shows("There are no tickets yet.")
        assert "48;2;250;249;246" in terminal.wire.decode()


def test_the_terminals_own_colours_are_worn_from_the_start(desk: Desk) -> None:
    busy_desk(desk)
    with running(opened(desk.path), environment={"HELPDESK_THEME": "terminal"}) as terminal:
        terminal.until_shows("! 2 days late")
        terminal.until_shows("overdue 2")
        styles = re.findall(r"\x1b\[([\d;]*)m", terminal.wire.decode())
        assert not [style for style in styles if "38;" in style or "48;" in style]
        assert {"39", "49"} <= {code for style in styles for code in style.split(";")}
        assert any("31" in style.split(";") for style in styles), "what is late is in its red"


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {"TERM": ""}])
def test_a_terminal_that_only_prints_is_refused_in_one_line(
    desk: Desk, variables: dict[str, str]
) -> None:
    with running(opened(desk.path), environment=variables) as terminal:
        assert terminal.exit_code() == 69
        assert terminal.text().replace("\n", "").startswith("helpdesk: this terminal can only")
        assert b"\x1b" not in terminal.wire


def test_without_a_terminal_the_desk_refuses_in_one_line(desk: Desk) -> None:
    done = subprocess.run(
        [sys.executable, *opened(desk.path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "TERM": "xterm-256color"},
        check=False,
    )
    assert done.returncode == 69
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("helpdesk: the desk needs a terminal")


def test_a_call_counts_its_minutes_on_the_screen(desk: Desk) -> None:
    ticket(desk, "Calls about a refund", channel=Channel.PHONE)
    with running(opened(desk.path, "--minutes-later", "20")) as terminal:
        terminal.until_shows("! 5 min late")


def _without_own_sequences(wire: str) -> str:
    """What the program wrote, less the questions that it asks the terminal itself."""
    return wire.replace("\x1b[?2026$p", "").replace("\x1b[?2048$p", "")
