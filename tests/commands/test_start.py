"""A start whose streams are closed, or that is stopped at once, ends without a tale."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.commands.conftest import Said, Shell, new, one_line

STDIN, STDOUT, STDERR = range(3)


def without(shell: Shell, closed: Sequence[int], *words: str) -> Said:
    """Run a command from a shell that has closed these streams, as by ``>&-``."""
    ran = subprocess.run(
        ["sh", "-c", " ".join(['"$0" -m helpdesk "$@"', *(f"{number}>&-" for number in closed)]),
         sys.executable, *words],
        input=b"",
        capture_output=True,
        env=shell.process_environment(),
        check=False,
    )  # fmt: skip
    return Said(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def test_a_change_is_made_and_told_by_its_code_where_nobody_wants_the_output(shell: Shell) -> None:
    new(shell)
    said = without(shell, [STDOUT], "reply", "1", "--body", "We send a new one.")
    assert (said.code, said.out, said.err) == (0, "", "")
    assert shell.ok("show", "1", "--json").object["ticket"]["state"] == "on_customer"
    said = without(shell, [STDOUT], "reply", "9", "--body", "x")
    assert said.code == 66
    one_line(said)


@pytest.mark.parametrize(
    "words", [("queue",), ("search", "rained"), ("show", "1"), ("promises",), ("export",),
              ("due", "--received", "2026-03-02 10:00", "--channel", "web", "--kind", "request")],
)  # fmt: skip
def test_what_cannot_be_shown_anywhere_is_no_success(shell: Shell, words: tuple[str, ...]) -> None:
    new(shell)
    said = without(shell, [STDOUT], *words)
    assert said.code == 74
    assert "the output cannot be written" in one_line(said)


def test_a_closed_input_holds_no_text(shell: Shell) -> None:
    new(shell)
    said = without(shell, [STDIN], "note", "1", "--body", "-")
    assert said.code == 65
    assert "the text is empty" in one_line(said)
    assert without(shell, [STDIN], "queue").lines
    assert without(shell, [STDIN]).code == 69


def test_a_closed_error_output_changes_no_code_and_no_file(shell: Shell) -> None:
    new(shell)
    before = shell.ok("export").out
    assert without(shell, [STDERR], "queue").code == 0
    for closed in ([STDERR], [STDIN, STDOUT, STDERR]):
        assert without(shell, closed, "show", "9").code == 66
        assert without(shell, closed, "shwo").code == 64
    assert without(shell, [STDIN, STDOUT, STDERR], "note", "1", "--body", "x").code == 0
    assert shell.ok("check").out == "Nothing is wrong.\n"
    assert shell.ok("export").out != before


_STOPPED_AT = """
import signal, sys

sought = [sys.argv.pop(1)]

class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in sought:
            sought.clear()
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Finder)
from helpdesk.cli import main
main()
"""


@pytest.mark.parametrize(
    "module",
    ["helpdesk.commands.group", "click", "click.core", "helpdesk.text", "helpdesk.commands.queue",
     "helpdesk.desk.desk", "sqlite3"],
)  # fmt: skip
def test_ctrl_c_is_heard_from_the_first_moment_on(shell: Shell, module: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _STOPPED_AT, module, "queue"],
        capture_output=True,
        env=shell.process_environment(),
        check=False,
    )
    assert (ran.returncode, ran.stderr.decode()) == (130, "helpdesk: stopped\n")


def test_who_switched_ctrl_c_off_keeps_it_off(shell: Shell) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _STOPPED_AT, "click", "queue"],
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        capture_output=True,
        env={**os.environ, **shell.process_environment()},
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_the_welcome_breaks_within_no_word_however_long_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.commands.opening._require_somebody", lambda _: None)
    path = tmp_path / ("long" * 20)
    said = Shell(path)(typed="q\n")
    assert said.code == 78
    assert f"  {path}" in said.lines
    assert all(len(line) < 80 for line in said.lines if str(path) not in line)


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (["--desk", "{desk}"], {}),
        (["--desk={desk}"], {}),
        ([], {"HELPDESK_DESK": "{desk}"}),
        ([], {}),
        (["--desk", "{desk}", "--nonsense"], {}),
        (["--desk", "-h"], {"HELPDESK_DESK": "{desk}"}),
        ([], {"HELPDESK_DESK": "{desk}", "_HELPDESK_COMPLETE": "bash_source"}),
        ([], {"HELPDESK_DESK": "{desk}", "SUDO_UID": "1"}),
    ],
    ids=["option", "joined", "environment", "own folder", "more", "dash", "completion", "sudo"],
)
def test_a_desk_is_opened_the_short_way_as_by_the_long_one(
    shell: Shell, tmp_path: Path, words: list[str], environment: dict[str, str]
) -> None:
    """Short: without what reads command lines. There is no terminal, so that both end at once."""
    own = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    own |= {name: each.format(desk=shell.desk) for name, each in environment.items()}
    given = [word.format(desk=shell.desk) for word in words]
    said = [
        subprocess.run([sys.executable, "-c", program, *given], capture_output=True, env=own,
                       check=False, stdin=subprocess.DEVNULL, cwd=Path(__file__).parents[2])
        for program in (
            "from helpdesk.cli import main; main()",
            "from helpdesk import cli; cli._opening = lambda _: None; cli.main()",
        )
    ]  # fmt: skip
    short, long = ((each.returncode, each.stdout, each.stderr) for each in said)
    assert short == long
    assert short[0] or "_HELPDESK_COMPLETE" in environment


def test_garbage_is_looked_for_again_once_a_command_begins(shell: Shell) -> None:
    gc.disable()
    try:
        shell.ok("queue")
        assert gc.isenabled()
    finally:
        gc.enable()


def test_what_waits_for_the_end_of_the_program_is_done_before_it_ends(shell: Shell) -> None:
    program = (
        "import atexit; from helpdesk import cli\n"
        "cli._leave_plugins_out = lambda: atexit.register(print, 'late')\n"
        "cli.main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, "show", "9"],
        capture_output=True,
        env=shell.process_environment(),
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (66, b"late\n")


def test_the_screens_begin_without_what_the_first_rows_do_not_need() -> None:
    heavy = ["pydantic", "tinydb", "email_validator", "babel", "holidays", "helpdesk.config"]
    program = (
        f"import sys, helpdesk.session; print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
