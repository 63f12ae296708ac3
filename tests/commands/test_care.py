"""Looking after the documents: what is wrong is said, and put right where that can be done."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from helpdesk import clock
from helpdesk.commands import output
from tests.commands.conftest import Shell, new
from tests.conftest import MONDAY


@pytest.fixture(autouse=True)
def _on_monday_morning() -> Iterator[None]:
    with clock.hold(MONDAY):
        yield


def test_a_sound_desk_has_nothing_wrong(shell: Shell) -> None:
    new(shell)
    assert shell.ok("check").out == "Nothing is wrong.\n"
    assert shell.ok("check", "--json").out == ""


def test_a_document_that_breaks_a_rule_is_named_with_the_rule(shell: Shell) -> None:
    new(shell)
    path = next(shell.desk.glob("tickets/**/*1.json"))
    path.write_text(path.read_text().replace('"state": "on_us"', '"state": "closed"'))
    shell.ok("queue")
    said = shell("check")
    assert said.code == 65
    assert said.lines[0].startswith(str(path.relative_to(shell.desk)))
    assert "standing promise" in said.lines[0]
    assert said.lines[-1].startswith("1 fault;")
    (fault,) = shell("check", "--json").objects
    assert list(fault) == ["place", "what", "repaired"]
    said = shell("check", "--repair")
    assert said.code == 65
    assert said.lines[-1] == "1 fault, 1 left that only a person can put right."


def test_settings_that_cannot_be_read_are_told_after_the_documents(shell: Shell) -> None:
    new(shell)
    path = shell.desk / "desk.toml"
    path.write_text(path.read_text().replace("mon =", "monday ="))
    said = shell("check")
    assert said.code == 78
    assert "hours.monday" in said.err
    assert said.out == ""


def test_an_index_that_is_gone_is_built_again(shell: Shell) -> None:
    new(shell)
    new(shell)
    for path in shell.desk.rglob("*.sqlite*"):
        path.unlink()
    assert shell.ok("check").lines == ["Taken in: 3 changed from outside.", "Nothing is wrong."]
    assert shell.ok("reindex").out == "Index built anew from 3 documents.\n"
    assert shell.ok("reindex", "--json").object == {"documents": 3}
    assert len(shell.ok("queue").lines) == 2


def test_a_document_edited_by_hand_is_taken_in_and_no_fault(shell: Shell) -> None:
    new(shell)
    path = next(shell.desk.glob("tickets/**/*1.json"))
    path.write_text(path.read_text().replace("The tent leaks", "The tent drips"))
    assert shell.ok("check").lines == ["Taken in: 1 changed from outside.", "Nothing is wrong."]
    assert "The tent drips" in shell.ok("queue").out


def test_an_index_that_says_something_else_than_the_documents_is_repaired(shell: Shell) -> None:
    new(shell)
    index = next(shell.desk.rglob("index.sqlite"))
    with closing(sqlite3.connect(index)) as database, database:
        database.execute("UPDATE tickets SET subject = 'something else'")
    assert shell("check").code == 65
    assert shell.ok("check", "--repair").lines[-1].endswith("all repaired.")
    assert shell.ok("check").out == "Nothing is wrong.\n"


def test_progress_is_shown_to_who_waits_at_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([0.0, 0.5, 1.5, 1.55, 2.0])
    monkeypatch.setattr("helpdesk.commands.output.time.monotonic", lambda: next(seconds))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with output.progress("Reading:") as report:
        for done in range(1, 5):
            report(done, 4)
    shown = capsys.readouterr().err
    assert shown == "\rReading: 2 of 4  50 %\rReading: 4 of 4 100 %\n"


def test_nobody_at_a_terminal_sees_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with output.progress("Reading:") as report:
        report(1, 2)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_a_row_ends_at_its_edge_and_elsewhere_nowhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [("1", "x" * 90), ("22", "ж" * 90)]
    assert output.columns(rows) == [2]
    whole = capsys.readouterr().out.splitlines()
    assert whole == ["1   " + "x" * 90, "22  " + "ж" * 90]
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    output.columns(rows, [3])
    assert capsys.readouterr().out.splitlines() == [
        "1    " + "x" * 34 + "…",
        "22   " + "ж" * 34 + "…",
    ]
