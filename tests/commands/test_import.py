"""`import csv` and `import orders`, as an agent or a script runs them."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from helpdesk.desk.importing.running import ROWS_AT_ONCE
from tests.commands.conftest import Shell
from tests.desk.tables import BOSTON, CFPB, ORDERS, read_rows, write_rows

BY_BOSTON = ("--mapping", "boston-311")


@pytest.fixture
def boston(tmp_path: Path) -> Path:
    """The sample, where rejects may be written beside it."""
    return Path(shutil.copy(BOSTON, tmp_path / "boston.csv"))


def test_the_summary_tells_what_came_in_and_which_columns_were_not_used(
    shell: Shell, boston: Path
) -> None:
    said = shell.ok("import", "csv", str(boston), *BY_BOSTON)
    rows = len(read_rows(boston))
    assert said.lines[:2] == [f"{rows} rows of Boston 311", f"imported: {rows} tickets"]
    assert said.lines[2] == "already there: 0 rows"
    assert said.lines[4:] == [
        "rejected: 0 rows",
        "columns not used: subject, queue, department, ward",
    ]
    again = shell.ok("import", "csv", str(boston), *BY_BOSTON)
    assert again.lines[1:4] == [
        "imported: 0 tickets",
        f"already there: {rows} rows",
        "new: 0 customers",
    ]


def test_the_promises_of_the_ledger_are_those_of_the_city(shell: Shell, boston: Path) -> None:
    shell.ok("import", "csv", str(boston), *BY_BOSTON)
    ledger = {told["external_id"]: told for told in shell.ok("promises", "--json").objects}
    stated = {row["case_enquiry_id"]: row for row in read_rows(boston) if row["target_dt"]}
    assert ledger.keys() == stated.keys()
    for number, row in stated.items():
        if row["ontime"]:
            kept = row["ontime"] == "ONTIME"
            assert ledger[number]["outcome"] == ("kept" if kept else "broken")


def test_overdue_complaints_of_the_cfpb_head_the_queue(shell: Shell) -> None:
    shell.ok("import", "csv", str(CFPB), "--mapping", "cfpb")
    waiting = shell.ok("queue", "--view", "overdue", "--json").objects
    due = [told["due"] for told in waiting]
    assert due == sorted(due)
    assert all(told["kind"] == "complaint" and told["overdue"] for told in waiting)
    assert all(told["customer"]["name"].endswith("(not named)") for told in waiting)


def test_a_script_gets_one_object(shell: Shell, boston: Path, tmp_path: Path) -> None:
    rows = read_rows(boston)
    write_rows(boston, [*rows[:9], {**rows[9], "open_dt": "soon"}])
    said = shell("import", "csv", str(boston), *BY_BOSTON, "--json")
    assert said.code == 0
    told = said.object
    assert 1 <= told.pop("customers") <= 9
    assert told == {
        "source": "Boston 311",
        "rows": 10,
        "imported": 9,
        "already_there": 0,
        "brought_forward": 0,
        "differing": 0,
        "repeated": 0,
        "rejected": 1,
        "unused_columns": ["subject", "queue", "department", "ward"],
        "rejects": str(tmp_path / "boston.rejects.csv"),
        "dry_run": False,
        "stopped": False,
    }
    assert said.err.startswith("helpdesk: line 11: received: cannot be read as a date; ")
    assert said.err.count("\n") == 1


def test_many_rejects_are_counted_and_the_first_are_told(shell: Shell, boston: Path) -> None:
    write_rows(boston, [{**row, "open_dt": "soon"} for row in read_rows(boston)[:9]])
    said = shell("import", "csv", str(boston), *BY_BOSTON)
    assert said.code == 65
    *told, more, nothing = said.err.splitlines()
    assert len(told) == 5
    assert more == "helpdesk: and 4 more rows that can't be taken"
    assert nothing == "helpdesk: nothing was imported: no row could be taken"
    assert "rejected: 9 rows, in " in said.out


def test_rejects_go_where_they_are_told_to(shell: Shell, boston: Path, tmp_path: Path) -> None:
    rows = read_rows(boston)[:2]
    write_rows(boston, [rows[0], {**rows[1], "open_dt": ""}])
    elsewhere = tmp_path / "elsewhere.csv"
    shell("import", "csv", str(boston), *BY_BOSTON, "--rejects", str(elsewhere))
    assert elsewhere.read_text().count("received: is empty") == 1
    assert not (tmp_path / "boston.rejects.csv").exists()


def test_a_dry_run_says_so_and_writes_nothing(shell: Shell, boston: Path) -> None:
    said = shell.ok("import", "csv", str(boston), *BY_BOSTON, "--dry-run")
    assert said.lines[1].startswith("would be imported: 39 tickets")
    assert not list(shell.desk.glob("tickets/**/*.json"))


def test_nothing_to_read_is_an_error_of_one_line(shell: Shell, boston: Path) -> None:
    header = boston.read_text().splitlines()[0]
    boston.write_text(f"{header}\n")
    told = shell.fails(65, "import", "csv", str(boston), *BY_BOSTON)
    assert "the table has no rows" in told


def test_what_is_wrong_with_table_or_mapping_is_told_in_one_line(
    shell: Shell, boston: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text("source = 'Own'\ncolour = 'red'\n")
    table, absent = str(boston), str(tmp_path / "absent.csv")
    for code, words, told in [
        (66, (absent, *BY_BOSTON), "absent.csv: cannot be read"),
        (66, (table, "--mapping", "atlantis"), "boston-311, cfpb, orders"),
        (78, (table, "--mapping", str(own)), "own.toml: "),
        (78, (table, "--mapping", "orders"), "orders.toml: fields: is missing"),
        (65, (str(CFPB), *BY_BOSTON), "'case_enquiry_id', 'open_dt'"),
        (64, (table,), "--mapping"),
        (73, (table, *BY_BOSTON, "--rejects", str(tmp_path / "no" / "r.csv")), "--rejects"),
    ]:
        if code == 73:
            write_rows(boston, [{**read_rows(boston)[0], "open_dt": ""}])
        assert told in shell.fails(code, "import", "csv", *words)
    assert not list(shell.desk.glob("tickets/**/*.json"))


@pytest.mark.parametrize("command", ["csv", "orders"])
@pytest.mark.parametrize("folder", ["", ".", "..", "/", "data"])
def test_a_folder_is_no_table(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, folder: str
) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    mapping = "orders" if command == "orders" else "boston-311"
    told = shell.fails(65, "import", command, folder, "--mapping", mapping)
    assert "is a folder: give a file" in told


def test_a_newer_table_brings_tickets_forward_and_says_so(shell: Shell, boston: Path) -> None:
    row = {**read_rows(boston)[2], "target_dt": "2031-01-01 00:00:00", "ontime": "ONTIME"}
    waits = {"case_status": "Open", "closed_dt": "", "closure_reason": ""}
    write_rows(boston, [{**row, **waits}, {**row, **waits, "case_enquiry_id": "7"}])
    shell.ok("import", "csv", str(boston), *BY_BOSTON)
    shell.ok("note", "2", "--body", "Called the foreman.")
    write_rows(boston, [row, {**row, "case_enquiry_id": "7"}, {**row, "type": "Other"}])
    said = shell("import", "csv", str(boston), *BY_BOSTON)
    assert said.lines[1:6] == [
        "imported: 0 tickets",
        "already there: 0 rows",
        "brought forward: 1 ticket",
        f"differ, and left as they are: 1 ticket, in {boston.with_suffix('.rejects.csv')}",
        "new: 0 customers",
    ]
    assert said.lines[6].startswith("rejected: 1 row, in ")
    assert said.err.splitlines() == [
        "helpdesk: line 3: ticket 2 differs, worked on here: left as it is",
        "helpdesk: line 4: has the number of line 2 and says otherwise",
    ]
    assert shell.ok("promises", "--json").objects[0]["outcome"] == "kept"


def test_orders_come_in_by_the_same_command(shell: Shell) -> None:
    said = shell.ok("import", "orders", str(ORDERS), "--mapping", "orders")
    assert said.lines == [
        "4 rows of Shop",
        "imported: 3 orders of 4 rows",
        "already there: 0 rows",
        "new: 2 customers",
        "rejected: 0 rows",
    ]
    told = shell.ok("import", "orders", str(ORDERS), "--mapping", "orders", "--json").object
    assert (told["orders"], told["already_there"]) == (0, 4)
    assert len(shell.ok("customer", "aida@example.com", "--json").object["customer"]["orders"]) == 2


def interrupting(times: int) -> Callable[[str], AbstractContextManager[Callable[..., None]]]:
    """Stands for the progress shown: presses Ctrl+C so many times after each batch."""

    @contextmanager
    def progress(doing: str) -> Iterator[Callable[[int, int], None]]:
        def pressed(done: int, total: int) -> None:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)

        yield pressed

    return progress


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (1, "stopped; what was imported is kept: run the same command again to go on"),
        (2, "stopped"),
    ],
)
def test_ctrl_c_keeps_what_was_imported_and_the_same_command_goes_on(
    shell: Shell, boston: Path, monkeypatch: pytest.MonkeyPatch, times: int, told: str
) -> None:
    row = read_rows(boston)[0]
    write_rows(boston, [{**row, "case_enquiry_id": str(n)} for n in range(ROWS_AT_ONCE + 1)])
    words = ("import", "csv", str(boston), *BY_BOSTON, "--json")
    before = signal.getsignal(signal.SIGINT)
    with monkeypatch.context() as patched:
        patched.setattr("helpdesk.commands.import_.progress", interrupting(times))
        said = shell(*words)
    assert (said.code, said.err.strip()) == (130, f"helpdesk: {told}")
    assert signal.getsignal(signal.SIGINT) is before
    assert len(list(shell.desk.glob("tickets/*/*.json"))) == ROWS_AT_ONCE
    again = shell.ok(*words).object
    assert (again["already_there"], again["imported"]) == (ROWS_AT_ONCE, 1)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM], ids=["SIGHUP", "SIGTERM"])
@pytest.mark.parametrize("words", [("mbox", "-"), ("csv", "-", *BY_BOSTON)], ids=" ".join)
def test_what_comes_by_a_link_that_is_cut_lies_about_nowhere(
    shell: Shell, tmp_path: Path, words: tuple[str, ...], number: signal.Signals
) -> None:
    passing = tmp_path / "passing"
    passing.mkdir()
    running = subprocess.Popen(
        [sys.executable, "-m", "helpdesk", "import", *words],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**shell.process_environment(), "TMPDIR": str(passing)},
    )
    deadline = time.monotonic() + 20
    while not list(passing.glob("*/standard input")):
        assert time.monotonic() < deadline, "it never begins to read"
        time.sleep(0.02)
    (folder,) = passing.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    running.send_signal(number)
    assert running.wait(20) == 130
    assert running.communicate()[1].decode() == "helpdesk: stopped\n"
    assert list(passing.iterdir()) == []


def test_old_mail_is_taken_in_and_told_of(shell: Shell, tmp_path: Path) -> None:
    from tests.desk.letters import letter

    path = tmp_path / "old.mbox"
    path.write_bytes(b"From x\n" + letter(date="Mon, 2 Jun 2025 11:00:00 +0600") + b"\n")
    assert (
        "would be imported: 1 message\n" in shell.ok("import", "mbox", str(path), "--dry-run").out
    )
    said = shell.ok("import", "mbox", str(path)).out
    assert "imported: 1 message, 1 new ticket\n" in said
    told = shell.ok("import", "mbox", str(path), "--json").object
    assert (told["messages"], told["imported"], told["already_there"]) == (1, 0, 1)
    told = shell.ok("import", "mbox", "-", "--json", typed=path.read_bytes()).object
    assert (told["messages"], told["already_there"]) == (1, 1)
    said = shell.fails(65, "import", "mbox", "-", typed=b"\x1f\x8b\x08\0\0")
    assert said.startswith("standard input is no mbox")
    (tmp_path / "md" / "cur").mkdir(parents=True)
    (tmp_path / "md" / "cur" / "1").write_bytes(letter("Another"))
    before = ("--dealt-with-before", "2030-01-01")
    told = shell.ok("import", "maildir", str(tmp_path / "md"), *before, "--json").object
    assert told["tickets"] == 1
    assert shell.ok("show", "2", "--json").object["ticket"]["state"] == "closed"
    assert "no maildir" in shell.fails(65, "import", "maildir", str(tmp_path))


def test_a_link_in_a_maildir_is_named_and_is_no_trouble(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "md" / "cur"
    folder.mkdir(parents=True)
    (folder / "a").write_bytes(b"From: a@example.org\nSubject: Zip\n\nIt broke.\n")
    (folder / "b").symlink_to(tmp_path / "elsewhere")
    said = shell("import", "maildir", str(folder.parent))
    assert said.code == 0
    assert "left out as no messages: 1" in said.out
    assert "a link, which is not followed" in said.err
    assert "no such file" in shell.fails(66, "import", "mbox", str(tmp_path / "x"))
