"""Giving data out, and erasing a person so that nothing is left but figures."""

import json
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.commands import giving
from helpdesk.desk import erasing
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import CannotCreate
from helpdesk.domain.invariants import faults
from tests.commands.conftest import Shell, new, one_line
from tests.conftest import MONDAY

PERSON = ("Aigul", "Toktogulova", "aigul@", "555 777", "leaks", "rained", "seam", "vip-tag",
          "Bishkek 7", "apricots", "Kerekzat")  # fmt: skip
"""Words that only Aigul's documents hold."""

pytestmark = pytest.mark.usefixtures("on_monday")


@pytest.fixture
def told(shell: Shell) -> Shell:
    """Aigul told us a lot in tickets 1 to 4; ticket 5 is of another customer, Daniyar."""
    new(shell, "--tag", "vip-tag")
    shell.ok("understand", "1", "--body", "Water comes through the seam.")
    shell.ok("cause", "1", "--root-cause", "a seam", "--resolution", "a new tent")
    shell.ok("note", "1", "--body", "Aigul likes apricots.")
    shell.ok("promise", "1", "--due", "tomorrow", "--reason", "the tent is in the workshop")
    new(shell)
    shell.ok("reply", "2", "--greet", "--body", "The tent is sent, Aigul.")
    new(shell)
    shell.ok("close", "3", "--no-answer-needed", "Aigul said thanks", "--resolution", "tent kept")
    new(shell)
    shell.ok("merge", "4", "1")
    shell.ok("customer", "1", "--add-phone", "+996 555 777 111", "--note", "Apricots: apricots.",
             "--set", 'people=[{"name": "Kerekzat", "relation": "daughter"}]',
             "--set", 'addresses=[{"text": "Street of Bishkek 7"}]')  # fmt: skip
    shell.ok("new", "--customer", "daniyar@example.com", "--name", "Daniyar", "--kind", "request",
             "--channel", "web", "--subject", "Rope", "--body", "A red one, please.")  # fmt: skip
    return shell


def left_of(desk: Path, words: tuple[str, ...]) -> list[str]:
    """Where in the desk's folder, in whichever file and encoding, any of the words stands."""
    found = []
    for path in desk.rglob("*"):
        data = (path.read_bytes() if path.is_file() else b"") + str(path).encode()
        lower = (
            data.decode("utf-8", "replace").lower() + data.decode("utf-16-le", "replace").lower()
        )
        found += [f"{word} in {path}" for word in words if word.lower() in lower]
    return found


def test_everything_is_exported_one_object_a_line(told: Shell) -> None:
    objects = told.ok("export", "--json").objects
    assert [next(iter(value)) for value in objects] == ["customer"] * 2 + ["ticket"] * 5
    shown = told.ok("show", "2", "--json").object
    assert {"ticket": shown["ticket"]} in objects
    assert {"customer": shown["customer"]} in objects
    assert told.ok("export").objects == objects


def test_one_persons_data_is_one_object_and_nobody_elses(told: Shell) -> None:
    for who in ("1", "aigul@example.com", "+996 555 777 111"):
        person = told.ok("export", "--customer", who).object
        assert person["customer"]["name"] == "Aigul Toktogulova"
        assert [ticket["id"] for ticket in person["tickets"]] == [1, 2, 3, 4]
        assert "Daniyar" not in json.dumps(person)


def test_a_person_with_more_tickets_than_a_page_is_exported_whole(
    told: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (1, 3, 4, 5):
        monkeypatch.setattr("helpdesk.desk.exporting._PAGE", size)
        tickets = told.ok("export", "--customer", "1").object["tickets"]
        assert [ticket["id"] for ticket in tickets] == [1, 2, 3, 4]


def test_an_export_goes_to_a_new_file_for_its_owner_only(told: Shell, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    told.ok("export", "--output", str(path))
    assert [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()] == (
        told.ok("export").objects
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    assert "already" in told.fails(73, "export", "--output", str(path))
    assert path.read_bytes() == before
    told.fails(73, "export", "--output", str(tmp_path / "none" / "all.jsonl"))


@pytest.mark.parametrize("whose", [(), ("--customer", "1"), ("--files", "files")], ids=str)
def test_what_is_damaged_without_a_trace_in_its_time_is_named_as_left_out(
    told: Shell, whose: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = told.desk / "tickets" / "0000" / "000002.json"
    before = path.stat()
    path.write_bytes(b"?" + path.read_bytes()[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    said = told("export", *whose)
    assert said.code == 65
    assert one_line(said).startswith(
        "1 document could not be read and may be missing here: tickets/0000/000002.json; see"
    )
    left = said.object["tickets"] if whose[:1] == ("--customer",) else [
        value["ticket"] for value in said.objects if "ticket" in value
    ]  # fmt: skip
    assert [ticket["id"] for ticket in left][:3] == [1, 3, 4]


def test_an_export_that_fails_half_way_leaves_no_half_file(tmp_path: Path) -> None:
    path = tmp_path / "half.jsonl"
    with (
        pytest.raises(CannotCreate, match="nothing was exported"),
        giving._new_file(path) as file,
    ):
        file.write("half")
        raise OSError(28, "No space left on device")
    assert not path.exists()


def test_an_export_says_what_it_leaves_out(told: Shell) -> None:
    next(told.desk.glob("tickets/**/*3.json")).write_text("{")
    said = told("export")
    assert said.code == 65
    assert len(said.objects) == 6
    assert "1 document could not be read" in said.err


def test_erasing_takes_a_typed_confirmation(told: Shell) -> None:
    before = told.ok("export").out
    assert "--confirm 'erase 1'" in told.fails(65, "erase", "--customer", "1")
    for typed in ("yes", "erase", "erase 2", ""):
        told.fails(65, "erase", "--customer", "1", "--confirm", typed)
    told.fails(66, "erase", "--customer", "9", "--confirm", "erase 9")
    told.fails(64, "erase")
    assert told.ok("export").out == before


def test_at_a_terminal_the_agent_sees_what_goes_and_types_it(
    told: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.commands.giving.is_terminal", lambda: True)
    said = told("erase", "--customer", "aigul@example.com", typed="erase 2\n")
    assert said.code == 65
    assert "4 tickets (2 of them open)" in said.out
    assert "Aigul Toktogulova" in said.out
    said = told("erase", "--customer", "1", typed="erase 1\n")
    assert said.code == 0
    assert "Customer 1 is erased; 4 tickets kept as figures." in said.out


def test_after_erasing_nothing_of_the_person_is_left_in_any_file(told: Shell) -> None:
    assert left_of(told.desk, PERSON)
    said = told.ok("erase", "--customer", "1", "--confirm", "erase 1", "--json")
    assert said.object == {"customer": 1, "tickets": 4, "not_searched": []}
    assert left_of(told.desk, PERSON) == []
    assert left_of(told.desk, ("Daniyar",))
    told.fails(66, "customer", "1")
    told.fails(66, "customer", "aigul@example.com")
    assert told.ok("search", "tent").out == ""
    assert told.ok("customer", "2").out.startswith("Customer 2: Daniyar")
    assert told.ok("check").out == "Nothing is wrong.\n"


def test_the_figures_of_the_ledger_stay(told: Shell) -> None:
    keys = ("ticket", "due", "told_at", "told_by", "outcome")

    def figures() -> list[tuple[object, ...]]:
        rows = told.ok("promises", "--json").objects
        return sorted(tuple(row[key] for key in keys) for row in rows)

    before = figures()
    told.ok("erase", "--customer", "1", "--confirm", "erase 1")
    withdrawn = [(*row[:-1], "withdrawn" if row[0] != 5 and row[-1] == "open" else row[-1])
                 for row in before]  # fmt: skip
    assert figures() == withdrawn
    assert all(row["customer"] in (None, 2) for row in told.ok("promises", "--json").objects)
    shown = told.ok("show", "1", "--json").object
    assert shown["customer"] is None
    assert (shown["ticket"]["state"], shown["ticket"]["subject"]) == ("closed", "erased")
    assert "Customer: erased" in told.ok("show", "1").lines


def test_an_overdue_promise_is_not_made_good_by_erasing(told: Shell) -> None:
    with clock.hold(MONDAY + timedelta(days=2)):
        told.ok("erase", "--customer", "1", "--confirm", "erase 1")
        assert (
            told.ok("show", "1", "--json").object["ticket"]["promises"][-1]["outcome"] == "broken"
        )


def test_nothing_more_can_be_said_on_a_ticket_whose_customer_was_erased(told: Shell) -> None:
    told.ok("erase", "--customer", "1", "--confirm", "erase 1")
    for words in (("reply", "1", "--body", "x"), ("incoming", "1", "--body", "x"), ("reopen", "1"),
                  ("reply", "1", "--greet", "--body", "x")):  # fmt: skip
        assert "erased" in told.fails(65, *words)


def test_what_is_left_of_erased_tickets_is_sound(desk: Desk, shell: Shell) -> None:
    new(shell)
    erasing.erase(desk, 1)
    assert faults(desk.store.ticket(1)) == []


def test_documents_that_could_not_be_searched_are_named(told: Shell) -> None:
    places = ["customers/0000/000002.json", "tickets/0000/000005.json"]
    for place in places:
        (told.desk / place).write_text("{")
    said = told("erase", "--customer", "1", "--confirm", "erase 1", "--json")
    assert said.code == 65
    assert said.object == {"customer": 1, "tickets": 4, "not_searched": places}
    assert "2 documents could not be read, and so not be searched for this person: " in said.err
    assert ", ".join(places) in said.err
    assert said.err.count("\n") == 1
    assert left_of(told.desk, PERSON) == []


def test_files_among_the_documents_that_are_none_are_named(told: Shell) -> None:
    for place in ("tickets/0000/000001.json~", "customers/old/1.json", "tickets/notes.txt"):
        path = told.desk / place
        path.parent.mkdir(exist_ok=True)
        path.write_text("Aigul")
    half = told.desk / "tickets" / "0000" / ".000001.json.0a1b2c.tmp"
    half.write_text("Aigul")
    said = told("erase", "--customer", "1", "--confirm", "erase 1")
    assert said.code == 65
    assert said.lines == ["Customer 1 is erased; 4 tickets kept as figures."]
    assert (
        "3 files among the documents may still hold words of this person: customers/old, "
        "tickets/0000/000001.json~, tickets/notes.txt"
    ) in said.err
    assert not half.exists()
    assert len(left_of(told.desk, ("Aigul",))) == 3


def test_drafts_that_could_not_be_searched_are_told(
    told: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    (told.desk / "agents" / "nurlan").mkdir(parents=True)
    monkeypatch.setattr("helpdesk.store.personal.os.access", lambda *_, **__: False)
    said = told("erase", "--customer", "1", "--confirm", "erase 1")
    assert said.code == 0
    assert "drafts of 1 agent could not be searched" in said.err
