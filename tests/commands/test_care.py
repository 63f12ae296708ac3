"""Looking after the documents: what is wrong is said, and put right where that can be done."""

import sqlite3
from contextlib import closing

import pytest

from helpdesk.commands import output
from helpdesk.commands.queue import GIVE_WAY
from tests.commands.conftest import Shell, new

pytestmark = pytest.mark.usefixtures("on_monday")


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
    assert said.lines[-1].startswith("1 fault that only a person")
    (fault,) = shell("check", "--json").objects
    assert list(fault) == ["place", "what", "repaired", "advice"]
    said = shell("check", "--repair")
    assert said.code == 65
    assert said.lines[-1] == "1 fault, 1 left that only a person can put right."


def test_an_index_built_anew_counts_the_documents_that_are_in_it(shell: Shell) -> None:
    for _ in range(2):
        new(shell)
    assert shell.ok("reindex").out == "Index built anew from 3 documents.\n"
    next(shell.desk.glob("tickets/**/*1.json")).write_text("{")
    said = shell("reindex")
    assert (said.code, said.out) == (0, "Index built anew from 2 documents.\n")
    assert said.err == (
        "helpdesk: 1 document cannot be read: tickets/0000/000001.json; see 'helpdesk check'\n"
    )
    assert shell("reindex", "--json").object == {"documents": 2}


def test_settings_that_cannot_hold_are_told_after_the_documents(shell: Shell) -> None:
    new(shell)
    ticket = next(shell.desk.glob("tickets/**/*1.json"))
    ticket.write_text("{")
    path = shell.desk / "desk.toml"
    path.write_text(path.read_text().replace("mon =", "monday ="))
    said = shell("check")
    assert (said.code, said.err) == (78, "")
    assert [line.partition(":")[0] for line in said.lines[1:]] == [
        "tickets/0000/000001.json",
        "desk.toml",
        "2 faults that only a person can put right.",
    ]
    assert said.lines[-2].startswith("desk.toml: hours.monday: unknown key")
    assert shell("check", "--json").objects[-1]["place"] == "desk.toml"


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ('= ["09:00-13:00", "14:00-18:00"]', "= []", "no opening within 366 days"),
        ('[[promise]]\nwithin = "same day"', '[[promise]]\nkind = "request"\nwithin = "same day"',
         "no [[promise]] fits channel email, kind feedback, priority low"),
        ('"4 working hours"', '"8000 working hours"', "do not fit into the 366 days"),
        ('channel = "phone"', 'priority = "urgent"\nchannel = "phone"', ""),
    ],
)  # fmt: skip
def test_settings_by_which_nothing_can_be_promised_are_a_fault(
    shell: Shell, good: str, bad: str, told: str
) -> None:
    path = shell.desk / "desk.toml"
    assert good in path.read_text()
    path.write_text(path.read_text().replace(good, bad))
    said = shell("check")
    assert said.code == (78 if told else 0)
    assert said.lines[0].startswith("desk.toml: " if told else "Nothing is wrong.")
    assert told in said.lines[0]
    assert len(said.lines) == (2 if told else 1)


def test_repairing_is_offered_only_where_it_helps(shell: Shell) -> None:
    new(shell)
    broken = next(shell.desk.glob("tickets/**/*1.json"))
    whole = broken.read_text()
    broken.write_text("{")
    assert shell("reindex").code == 0
    assert shell("check").lines[-1] == "1 fault that only a person can put right."
    (broken.parent / ".000001.json.0a1b2c.tmp").write_text("half")
    assert shell("check").lines[-1] == "2 faults; 'helpdesk check --repair' puts 1 of them right."
    broken.write_text(whole)
    assert shell("check").lines[-1] == "1 fault; 'helpdesk check --repair' puts it right."
    (broken.parent / ".000001.json.3d4e5f.tmp").write_text("half")
    assert shell("check").lines[-1] == "2 faults; 'helpdesk check --repair' puts them all right."
    assert shell.ok("check", "--repair").lines[-1] == "2 faults, all repaired."


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


ROWS = [
    ("1", "Thu 5 Mar 14:00", "in 4 h 35 min", "email complaint", "aigul",
     output.Matter("Aigul", "tent")),
    ("12", "10:15", "10 min late", "phone request", "-", output.Matter("N" * 60, "The red rope")),
    ("3", "", "closed", "web feedback", "-", output.Matter("", "x" * 90)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wide", "shown"),
    [
        (40, ["1   in 4 h 35 min  Aigul: tent",
              "12  10 min late    NNNNNNNN…: The red r…",
              "3   closed         xxxxxxxxxxxxxxxxxxxx…"]),
        (60, ["1   in 4 h 35 min  email complaint  Aigul: tent",
              "12  10 min late    phone request    NNNNNNNNNN…: The red ro…",
              "3   closed         web feedback     xxxxxxxxxxxxxxxxxxxxxxx…"]),
        (80, ["1   Thu 5 Mar 14:00  in 4 h 35 min  email complaint  aigul  Aigul: tent",
              "12  10:15            10 min late    phone request    -      NNNNNNNN…: The red…",
              "3                    closed         web feedback     -      xxxxxxxxxxxxxxxxxxx…"]),
    ],
)  # fmt: skip
def test_on_a_narrow_terminal_columns_give_way_and_a_name_leaves_room_for_the_matter(
    wide: int, shown: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    output.columns(ROWS, give_way=GIVE_WAY)
    whole = capsys.readouterr().out
    assert f"-      {'N' * 60}: The red rope\n" in whole
    monkeypatch.setenv("COLUMNS", str(wide))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    output.columns(ROWS, give_way=GIVE_WAY)
    assert capsys.readouterr().out.splitlines() == [line.rstrip() for line in shown]


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


def test_a_file_name_steers_no_terminal_as_json_either(shell: Shell) -> None:
    new(shell)
    (shell.desk / "tickets" / "0000" / "000001\u202egnp.json").write_text("{}")
    said = shell("check", "--json")
    assert said.code == 65
    assert "\u202e" not in said.out and "\\u202e" not in said.out
    assert said.object["place"].startswith("tickets/0000/000001")
