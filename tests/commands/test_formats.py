"""What an agent sees of a desk of another format: one line, once, and nothing is lost.

The older format is made up: in it the subject of a ticket was called its title.
"""

import json

import pytest

from helpdesk.domain import formats as domain_formats
from helpdesk.domain.formats import FORMAT
from helpdesk.store import formats
from tests.commands.conftest import Shell, new, one_line
from tests.store.test_formats import OLDER, from_title_to_subject, make_older


@pytest.fixture
def older(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell on a desk of the older format, with a ticket of customer 1."""
    new(shell)
    monkeypatch.setitem(domain_formats.STEPS, OLDER, from_title_to_subject)
    for path in shell.desk.glob("*/0000/*.json"):
        make_older(path)
    (shell.desk / formats.FORMAT_FILE).write_text(json.dumps({"format": OLDER}))
    return shell


def test_an_older_desk_is_brought_forward_and_told_in_one_line_once(older: Shell) -> None:
    said = older("queue", "--json")
    assert (said.code, said.object["subject"]) == (0, "The tent leaks")
    told = one_line(said)
    assert told.startswith(f"the desk was brought forward from format {OLDER} to {FORMAT}; ")
    place = told.partition("; ")[2].removesuffix(" holds it as it was")
    kept = json.loads((older.desk / place / "tickets/0000/000001.json").read_bytes())
    assert kept["title"] == "The tent leaks"
    older.ok("queue")
    assert '"what": "brought the desk forward"' in (older.desk / "audit.jsonl").read_text()
    assert older.ok("check").out == "Nothing is wrong.\n"


def test_what_is_erased_is_not_kept_in_the_copy_of_the_older_desk(older: Shell) -> None:
    older("queue")
    (copy,) = (older.desk / formats.FORMER).iterdir()
    assert len(list(copy.rglob("0*.json"))) == 2
    older.ok("erase", "--customer", "1", "--confirm", "erase 1")
    assert not list(copy.rglob("0*.json"))
    assert "Aigul" not in "".join(
        path.read_text(errors="replace") for path in copy.rglob("*") if path.is_file()
    )


TRY_AGAIN = 75


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("queue",), 78), (("show", "1"), 78), (("note", "1", "--body", "x"), 78), (("check",), 78),
        (("ingest",), TRY_AGAIN),  # the mail server keeps the mail until the program is newer
    ],
)  # fmt: skip
def test_a_newer_desk_is_refused_with_one_line(
    shell: Shell, words: tuple[str, ...], code: int
) -> None:
    new(shell)
    (shell.desk / formats.FORMAT_FILE).write_text(json.dumps({"format": FORMAT + 1}))
    before = {path: path.stat().st_mtime_ns for path in shell.desk.rglob("*")}
    assert shell.fails(code, *words) == (
        f"the desk is of format {FORMAT + 1}, written by a newer helpdesk; "
        f"this one knows formats up to {FORMAT}: update it"
    )
    assert {path: path.stat().st_mtime_ns for path in shell.desk.rglob("*")} == before


def test_a_new_desk_says_of_which_format_it_is(shell: Shell) -> None:
    made = shell.desk.parent / "made"
    shell.ok("init", str(made), "--name", "Ak-Sai", "--timezone", "Asia/Bishkek")
    assert json.loads((made / formats.FORMAT_FILE).read_bytes()) == {"format": FORMAT}
