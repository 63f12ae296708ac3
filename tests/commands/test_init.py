"""Making a desk at the command line, and what happens where there is none yet."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk import clock
from tests.commands.conftest import Shell
from tests.conftest import MONDAY


@pytest.fixture
def nowhere(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "none")


def test_a_desk_is_made_without_a_question_where_nobody_could_answer(nowhere: Shell) -> None:
    folder = nowhere.desk / "new"
    said = nowhere.ok("init", str(folder), "--name", "Ak-Sai", "--timezone", "Asia/Bishkek",
                      "--hours", "mon-fri 09:00-13:00,14:00-18:00", "--country", "KG")  # fmt: skip
    assert said.out == f"The desk is in {folder}; its settings are in {folder / 'desk.toml'}.\n"
    made = Shell(folder)
    with clock.hold(MONDAY):
        assert made.ok("queue").out == ""
        assert made.ok("check").out == "Nothing is wrong.\n"
        said = made.ok("due", "--received", "2026-08-28 17:50", "--channel", "phone",
                       "--kind", "request", "--json")  # fmt: skip
    # Monday the 31st is a public holiday there: five of the 15 minutes fall on Tuesday.
    assert said.object["due"] == "2026-09-01T09:05:00+06:00"


def test_without_a_folder_it_is_the_desk_that_is_meant(nowhere: Shell) -> None:
    nowhere.ok("init", "--name", "A", "--timezone", "UTC")
    assert (nowhere.desk / "desk.toml").is_file()


def test_a_script_that_leaves_out_name_or_zone_is_told(nowhere: Shell) -> None:
    assert "--timezone" in nowhere.fails(64, "init", "--name", "A")
    assert "--name" in nowhere.fails(64, "init", "--timezone", "UTC")
    assert not nowhere.desk.exists()


def test_a_desk_that_is_there_is_not_made_again(shell: Shell) -> None:
    before = (shell.desk / "desk.toml").read_text()
    told = shell.fails(73, "init", str(shell.desk), "--name", "A", "--timezone", "UTC")
    assert "already" in told
    assert (shell.desk / "desk.toml").read_text() == before


@pytest.mark.parametrize(
    "words",
    [
        ("--timezone", "Bishkek"),
        ("--hours", "always"),
        ("--country", "Atlantis"),
        ("--language", "??"),
        ("--name", " "),
    ],
)
def test_what_no_desk_can_have_is_refused(nowhere: Shell, words: tuple[str, ...]) -> None:
    nowhere.fails(65, "init", "--name", "A", "--timezone", "UTC", *words)
    assert not (nowhere.desk / "desk.toml").exists()


def test_at_a_terminal_it_asks_for_what_is_missing(
    nowhere: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.commands.founding.is_terminal", lambda: True)
    said = nowhere.ok("init", typed="Ak-Sai\nBishkek\nAsia/Bishkek\nlate\nmon 09:00-12:00\n")
    assert "not a time zone" in said.out
    assert "opening hours" in said.out.lower()
    text = (nowhere.desk / "desk.toml").read_text()
    assert 'name = "Ak-Sai"' in text
    assert 'timezone = "Asia/Bishkek"' in text
    assert 'mon = ["09:00-12:00"]' in text


def test_without_a_desk_and_a_terminal_it_explains(nowhere: Shell) -> None:
    told = nowhere.fails(78)
    assert str(nowhere.desk) in told
    assert "helpdesk init" in told
    assert "helpdesk demo" in told


def test_screens_are_not_opened_where_there_is_no_terminal(shell: Shell) -> None:
    said = shell.process()
    assert said.code == 69
    assert "needs a terminal" in said.err
    assert "helpdesk queue" in said.err
    assert said.out == ""


def at_a_terminal(
    shell: Shell, *words: str, typed: str = "", **environment: str
) -> tuple[int, str]:
    """Run a command on a pseudo-terminal; gives its exit code and all that was shown."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "helpdesk", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**shell.process_environment(), "TERM": "xterm", **environment},
        start_new_session=True,
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    shown = b""
    while True:
        try:
            read = os.read(ours, 4096)
        except OSError:
            break
        shown += read
    os.close(ours)
    return running.wait(), shown.decode()


def test_a_terminal_that_only_prints_lines_is_refused(shell: Shell) -> None:
    code, shown = at_a_terminal(shell, TERM="dumb")
    assert code == 69
    assert "TERM is dumb" in shown


def test_at_a_terminal_without_a_desk_it_offers_to_make_one(nowhere: Shell) -> None:
    typed = "c\nAk-Sai\nAsia/Bishkek\nmon-fri 09:00-18:00\n"
    code, shown = at_a_terminal(nowhere, typed=typed)
    assert code == 0, shown
    assert "\n  d  open the demo" in shown
    assert (nowhere.desk / "desk.toml").is_file()
    assert shown.endswith("This opens it: helpdesk\r\n")


def test_at_a_terminal_it_is_said_how_a_new_desk_is_opened(nowhere: Shell) -> None:
    folder = nowhere.desk / "our desk"
    given = ("--name", "A", "--timezone", "UTC", "--hours", "mon-fri 09:00-18:00")
    _, shown = at_a_terminal(nowhere, "init", str(folder), *given)
    assert shown.endswith(f"This opens it: helpdesk --desk '{folder}'\r\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("queue",), "There is no ticket yet."),
        (("queue", "--view", "overdue"), "No ticket fits."),
        (("queue", "rope"), "No ticket fits."),
        (("search", "rope"), "Nothing is found."),
        (("promises",), "No promise was told yet."),
        (("promises", "--outcome", "kept"), "No promise fits."),
        (("queue", "--json"), ""),
    ],
)
def test_an_empty_list_is_said_to_be_empty_to_whoever_looks_at_it(
    shell: Shell, words: tuple[str, ...], said: str
) -> None:
    assert at_a_terminal(shell, *words)[1].strip() == said
    assert shell.ok(*words).out == ""


def test_an_agent_may_leave_it_at_that(nowhere: Shell) -> None:
    code, shown = at_a_terminal(nowhere, typed="q\n")
    assert code == 78
    assert "Traceback" not in shown
    assert not nowhere.desk.exists()


def test_on_a_terminal_rows_fit_its_width(shell: Shell) -> None:
    shell.ok("new", "--customer", "a@example.com", "--name", "N" * 60, "--kind", "request",
             "--channel", "web", "--subject", "x" * 300, "--body", "y")  # fmt: skip
    _, shown = at_a_terminal(shell, "queue", COLUMNS="80")
    (row,) = shown.splitlines()
    assert len(row) == 80
    assert row.endswith("…")
    _, shown = at_a_terminal(shell, "queue", COLUMNS="40")
    (row,) = shown.splitlines()
    assert len(row) == 40
    assert "…: xxxx" in row
