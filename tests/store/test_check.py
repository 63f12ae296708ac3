"""`check` says what is wrong with a desk; repairing mends the index and never a document."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from helpdesk.domain.ticket import Ticket
from helpdesk.store import checking, redo
from helpdesk.store.base import Fault
from helpdesk.store.files import FileStore
from helpdesk.store.folder import Documents
from helpdesk.store.reading import model_of
from tests.store.making import answered, asked, closed, customer, found, noted, save, ticket

if TYPE_CHECKING:
    from helpdesk.store.kinds import AnyDocument

SECRET = "Sekret"
TICKET_2 = "tickets/0000/000002.json"
INDEX = ".cache/index.sqlite"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FileStore]:
    """A sound desk with two customers and three tickets."""
    made = FileStore(tmp_path)
    save(
        made,
        customer(1, SECRET, emails=[{"address": f"{SECRET}@example.com"}]),
        customer(2, SECRET),
        ticket(1, subject=SECRET, tags=("zip",)),
        answered(ticket(2, text=SECRET), 1),
        closed(answered(ticket(3, 2), 1), 1),
    )
    made.catch_up()
    assert made.check() == []
    yield made
    made.close()


def tamper(desk: Path, sql: str) -> None:
    """Change the index behind the store's back."""
    db = sqlite3.connect(desk / ".cache" / "index.sqlite", isolation_level=None)
    db.execute(sql)
    db.close()


def places(faults: list[Fault]) -> list[str]:
    assert SECRET.lower() not in " ".join(fault.what for fault in faults).lower()
    assert all("\n" not in fault.place + fault.what for fault in faults)
    return [fault.place for fault in faults]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tickets SET subject = 'another' WHERE id = 2",
        "UPDATE tickets SET due = 1 WHERE id = 2",
        "UPDATE tickets SET place = 5 WHERE id = 2",
        "UPDATE tickets SET customer = 2 WHERE id = 2",
        "DELETE FROM tickets WHERE id = 2",
        "INSERT INTO tags VALUES ('late', 2)",
        "DELETE FROM promises WHERE ticket = 2",
        "UPDATE promises SET outcome = 'open' WHERE ticket = 2",
        "INSERT INTO promises SELECT 2, 9, due, told_at, told_by, rule, outcome, settled_at,"
        " reason FROM promises WHERE ticket = 1",
        "DELETE FROM words WHERE rowid = 2 << 20 | 1",
        "UPDATE words SET text = 'another' WHERE rowid = 2 << 20 | 1",
        "INSERT INTO words (rowid, text) VALUES (2 << 20 | 77, 'never said')",
        "UPDATE documents SET fault = 'broken' WHERE kind = 'tickets' AND id = 2",
        "DELETE FROM documents WHERE kind = 'tickets' AND id = 2",
    ],
)
def test_an_index_that_says_something_else_is_found_and_mended(
    store: FileStore, tmp_path: Path, sql: str
) -> None:
    before = (tmp_path / TICKET_2).read_bytes()
    tamper(tmp_path, sql)
    assert places(store.check()) == [TICKET_2]
    assert store.check()[0].what == "is another in the index"
    (mended,) = store.check(repair=True)
    assert (mended.place, mended.repaired) == (TICKET_2, True)
    assert store.check() == []
    assert (tmp_path / TICKET_2).read_bytes() == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tallies SET count = count + 1 WHERE rank = 0",
        "DELETE FROM tallies WHERE rank = 2",
        "INSERT INTO tallies VALUES (1, 'nobody', 3)",
    ],
)
def test_an_index_that_counts_wrongly_is_found_and_mended(
    store: FileStore, tmp_path: Path, sql: str
) -> None:
    tamper(tmp_path, sql)
    assert places(store.check()) == [INDEX]
    assert store.check(repair=True)[0].repaired
    assert store.check() == []
    assert [store.count(asked(text)) for text in ("is:on-us", "is:on-customer", "")] == [1, 1, 3]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE customers SET name = 'another' WHERE id = 2",
        "UPDATE customers SET haystack = 'another' WHERE id = 2",
        "DELETE FROM customers WHERE id = 2",
        "INSERT INTO contacts VALUES ('a@example.com', 'email', 2)",
        "DELETE FROM words WHERE rowid = -2",
    ],
)
def test_a_customer_who_is_another_in_the_index_is_found_and_mended(
    store: FileStore, tmp_path: Path, sql: str
) -> None:
    tamper(tmp_path, sql)
    assert places(store.check()) == ["customers/0000/000002.json"]
    assert store.check(repair=True)[0].repaired
    assert store.check() == []


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO documents VALUES ('tickets', 9, 0, 0, 1, NULL)",
        "INSERT INTO documents VALUES ('tickets', 9, 0, 0, 1, 'broken')",
        "INSERT INTO tickets SELECT 9, rank, place, kind, channel, priority, assignee, customer,"
        " due, created, updated, subject, tags, source, external_id, undelivered"
        " FROM tickets WHERE id = 1",
        "INSERT INTO tags VALUES ('zip', 9)",
        "INSERT INTO promises SELECT 9, id, due, told_at, told_by, rule, outcome, settled_at,"
        " reason FROM promises WHERE ticket = 1",
        "INSERT INTO words (rowid, text) VALUES (9 << 20 | 1, 'a ghost')",
    ],
)
def test_what_only_the_index_holds_is_found_and_taken_out(
    store: FileStore, tmp_path: Path, sql: str
) -> None:
    tamper(tmp_path, sql)
    (fault,) = store.check()
    assert fault == Fault(
        "tickets/0000/000009.json", "is in the index, but there is no such file", False
    )
    assert store.check(repair=True)[0].repaired
    assert store.check() == []
    assert found(store, "ghost") == []


def test_full_text_that_lost_a_word_is_found_and_built_anew(
    store: FileStore, tmp_path: Path
) -> None:
    tamper(tmp_path, "DELETE FROM words_docsize WHERE id = 2 << 20 | 1")
    assert places(store.check()) == [INDEX]
    assert store.check(repair=True) == [Fault(INDEX, "is missing or damaged", True)]
    assert store.check() == []


def test_an_index_that_is_missing_is_found_and_built_anew(store: FileStore, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / ".cache")
    assert store.check() == [Fault(INDEX, "is missing or damaged", False)]
    assert store.check(repair=True) == [Fault(INDEX, "is missing or damaged", True)]
    assert store.check() == []
    assert found(store) == [1, 2, 3]


def test_the_next_number_must_be_free(store: FileStore, tmp_path: Path) -> None:
    tamper(tmp_path, "UPDATE meta SET value = 2 WHERE key = 'next_tickets'")
    assert store.check() == [Fault(INDEX, "the next number of tickets is taken", False)]
    assert store.check(repair=True)[0].repaired
    assert store.check() == []
    with store.writing() as writing:
        assert writing.new_ticket_id() == 4


def test_a_document_not_taken_in_yet_is_found_and_taken_in(
    store: FileStore, tmp_path: Path
) -> None:
    path = tmp_path / TICKET_2
    path.write_text(path.read_text("utf-8").replace("jacket", "mitten"), "utf-8")
    shutil.copy(path, tmp_path / "tickets" / "0000" / "000004.json")
    assert places(store.check()) == [
        TICKET_2, "tickets/0000/000004.json", "tickets/0000/000004.json", INDEX,
    ]  # fmt: skip
    store.check(repair=True)
    assert places(store.check()) == ["tickets/0000/000004.json"]
    assert found(store, "mitten") == [2]


def test_a_document_that_cannot_be_read_is_said_so_and_left_alone(
    store: FileStore, tmp_path: Path
) -> None:
    for text in (f'{{"id": 2, "{SECRET}', f'{{"id": 2, "subject": ["{SECRET}"]}}', ""):
        (tmp_path / TICKET_2).write_text(text, "utf-8")
        store.catch_up()
        for repair in (False, True):
            (fault,) = store.check(repair=repair)
            assert places([fault]) == [TICKET_2]
            assert fault.what.startswith("cannot be read: ")
            assert not fault.repaired
        assert (tmp_path / TICKET_2).read_text("utf-8") == text


def test_no_field_of_a_document_is_quoted(store: FileStore, tmp_path: Path) -> None:
    path = tmp_path / "customers" / "0000" / "000001.json"
    for fields in (
        {"emails": [{"address": SECRET}]},
        {"language": SECRET},
        {"timezone": SECRET},
        {"orders": [{"number": "1", "date": SECRET}]},
        {"preferences": {"channel": SECRET}},
        {"ratings": [{"at": SECRET, "score": 9}]},
        {"looked_after_by": f"{SECRET} {SECRET}"},
        {"created": SECRET},
    ):
        document = json.loads(path.read_text("utf-8"))
        broken = path.with_name("000003.json")
        broken.write_text(json.dumps({**document, "id": 3, **fields}), "utf-8")
        store.catch_up()
        assert places(store.check()) == ["customers/0000/000003.json"]
        assert places(list(store.unreadable())) == ["customers/0000/000003.json"]


def test_references_are_followed(store: FileStore) -> None:
    links = [{"ticket": 1}, {"ticket": 88, "relation": "merged_from"}]
    carried = [
        {**dict(promise), "outcome": "withdrawn", "settled_at": promise.due, "reason": "merged",
         "carried_to": {"ticket": 77, "promise": 1}}
        for promise in store.ticket(3).promises
    ]  # fmt: skip
    broken = {**dict(store.ticket(3)), "links": links, "customer": 66, "promises": carried}
    rated = store.customer(1).model_copy(update={"ratings": ()})
    save(store, Ticket.model_validate(broken))
    save(
        store,
        type(rated).model_validate(
            {**dict(rated), "ratings": [{"at": rated.created, "score": 5, "ticket": 55}]}
        ),
    )
    faults = store.check(repair=True)
    assert [fault.what for fault in faults] == [
        "refers to ticket 55, which is not there",
        "refers to customer 66, which is not there",
        "refers to ticket 88, which is not there",
        "refers to ticket 77, which is not there",
    ]
    assert places(faults)[0] == "customers/0000/000001.json"
    assert not any(fault.repaired for fault in faults)


def test_a_circle_of_merged_tickets_is_named_once(store: FileStore) -> None:
    for number, into in ((2, 3), (3, 1), (1, 2)):
        one = store.ticket(number)
        merged = {"ticket": into, "relation": "merged_into"}
        closed = {"state": "closed", "links": [merged], "promises": []}
        save(store, Ticket.model_validate({**dict(one), **closed}))
    for repair in (True, False):
        (fault,) = store.check(repair=repair)
        assert fault == Fault(
            "tickets/0000/000001.json", "was merged in a circle: tickets 1, 2, 3, 1"
        )


@pytest.mark.parametrize(
    ("noted", "said"),
    [
        ('{"7": 8, "8": 9, "9": 8, "5": 1}', ["leads in a circle: customers 8, 9, 8"]),
        ('{"7": 7, "5": 6, "6": 5}',
         ["leads in a circle: customers 5, 6, 5", "leads in a circle: customers 7, 7"]),
        ('{"5": 6, "6": 1, "²": 6, "' + "9" * 5000 + '": 6}', []),
        ("[]", ["cannot be read"]),
    ],
)  # fmt: skip
def test_where_merged_customers_lead_is_followed(
    store: FileStore, tmp_path: Path, noted: str, said: list[str]
) -> None:
    (tmp_path / "joined.json").write_text(noted)
    faults = store.check()
    assert [fault.what for fault in faults] == said
    assert places(faults) == ["joined.json"] * len(said)


def test_what_never_finished_is_cleared_away_and_what_is_foreign_is_not(
    store: FileStore, tmp_path: Path
) -> None:
    leftovers = [
        tmp_path / "tickets" / "0000" / ".000002.json.0a1b.tmp",
        tmp_path / "customers" / ".000002.json.0a1b.tmp",
        tmp_path / ".numbers.json.0a1b.tmp",
    ]
    foreign = tmp_path / "tickets" / "0000" / "000002.json.bak"
    for path in (*leftovers, foreign):
        path.write_text(SECRET)
    assert set(places(store.check())) == {
        path.relative_to(tmp_path).as_posix() for path in (*leftovers, foreign)
    }
    faults = {fault.place: fault for fault in store.check(repair=True)}
    assert not any(path.exists() for path in leftovers)
    assert foreign.exists()
    assert places(store.check()) == ["tickets/0000/000002.json.bak"]
    assert faults["tickets/0000/000002.json.bak"] == Fault(
        "tickets/0000/000002.json.bak", "is no document", False
    )


def test_a_change_cut_short_is_finished_before_anything_is_cleared_away(
    store: FileStore, tmp_path: Path
) -> None:
    target = tmp_path / TICKET_2
    fields = json.loads(target.read_text("utf-8")) | {"subject": "Finished", "rev": 2}
    source = target.with_name(".000002.json.0a1b.tmp")
    source.write_text(json.dumps(fields), "utf-8")
    step = {
        "source": source.relative_to(tmp_path).as_posix(), "target": TICKET_2, "sha256": "",
    }  # fmt: skip
    plan = {"format": 1, "write": [step], "remove": []}
    (tmp_path / redo.REDO_FILE).write_text(json.dumps(plan))
    assert redo.REDO_FILE in places(store.check())
    assert store.check(repair=True)[0] == Fault(
        redo.REDO_FILE, "a change of several documents was cut short", True
    )
    assert store.ticket(2).subject == "Finished"
    assert store.check() == []


def test_a_write_that_was_not_taken_in_is_found_and_taken_in(
    store: FileStore, tmp_path: Path
) -> None:
    (tmp_path / ".lock").write_text("tickets 2\n")
    faults = store.check()
    assert faults == [Fault(INDEX, "a write was cut short before it was taken in", False)]
    assert store.check(repair=True)[0].repaired
    assert store.check() == []


def test_a_write_between_two_looks_of_the_check_is_no_fault(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = FileStore(tmp_path)

    def read_and_write(kind: str, fields: dict[str, object], number: int) -> "AnyDocument":
        document = model_of(kind, fields, number)
        if kind == "tickets" and document.rev == 1:
            save(other, noted(other.ticket(number), "meanwhile"))
        return document

    monkeypatch.setattr(checking, "model_of", read_and_write)
    assert store.check() == []
    assert len(found(store, "meanwhile")) == 3
    other.close()


def test_a_ticket_that_has_vanished_is_named_until_it_is_back(
    store: FileStore, tmp_path: Path
) -> None:
    kept = (tmp_path / TICKET_2).rename(tmp_path.parent / "backup.json")
    store.catch_up()
    [fault] = store.check()
    assert fault.place == TICKET_2
    assert "restore it from a backup" in fault.what
    assert not fault.repaired and not fault.repairable
    kept.rename(tmp_path / TICKET_2)
    store.catch_up()
    assert store.check() == []


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_vanished_ticket_is_noted_as_gone_for_good_by_repairing(
    store: FileStore, tmp_path: Path, number: int
) -> None:
    (tmp_path / f"tickets/0000/00000{number}.json").unlink()
    store.catch_up()
    [fault] = store.check(repair=True)
    assert fault.repaired and "noted as gone for good" in fault.what
    assert store.check() == []
    with store.writing() as writing:
        assert writing.new_ticket_id() == 4
    (tmp_path / TICKET_2 if number != 2 else tmp_path / "tickets/0000/000001.json").unlink()
    store.catch_up()
    assert len(store.check()) == 1


def test_a_gap_of_many_tickets_is_named_once(store: FileStore, tmp_path: Path) -> None:
    save(store, ticket(9))
    [fault] = store.check()
    assert fault.place == "tickets/0000/000004.json"
    assert "so are those up to 8" in fault.what


def test_a_gap_of_millions_is_named_at_once_and_noted(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(store, ticket(3_000_000))
    asked, contains = [], Documents.__contains__

    def counted(documents: Documents, key: object) -> bool:
        asked.append(key)
        return contains(documents, key)

    monkeypatch.setattr(Documents, "__contains__", counted)
    [fault] = store.check(repair=True)
    assert "so are those up to 2999999" in fault.what
    save(store, ticket(3_000_002))
    [fault] = store.check()
    assert fault.place == "tickets/3000/3000001.json"
    assert len(asked) < 1000
