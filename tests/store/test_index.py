"""The index answers quickly, writes little, and loads nothing that the first paint leaves out."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.domain.customer import Customer
from helpdesk.store import asking, catching_up, connecting
from helpdesk.store.conditions import where
from helpdesk.store.files import FileStore
from helpdesk.store.rows import rows_of
from helpdesk.store.schema import moment, ticks
from tests.conftest import MONDAY
from tests.store.making import (
    after,
    answered,
    asked,
    closed,
    customer,
    found,
    noted,
    save,
    ticket,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FileStore]:
    """A store with a customer and three tickets."""
    made = FileStore(tmp_path)
    save(
        made,
        customer(1),
        ticket(1),
        answered(ticket(2), 1),
        closed(answered(ticket(3), 1), 1),
    )
    made.catch_up()
    yield made
    made.close()


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that connections opened from now on run."""
    seen: list[str] = []
    really_open = connecting.connect

    def open_listening(file: Path, **how: bool) -> sqlite3.Connection:
        connection = really_open(file, **how)
        connection.set_trace_callback(seen.append)
        return connection

    monkeypatch.setattr(connecting, "connect", open_listening)
    return seen


# The first paint


def test_the_queue_is_read_without_what_the_first_paint_can_do_without(
    store: FileStore, tmp_path: Path
) -> None:
    store.close()
    program = f"""
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from helpdesk.domain.query import VIEWS, parse
from helpdesk.store.open import open_store
store = open_store(Path({str(tmp_path)!r}))
views = {{
    name: parse(text, now=datetime.now(UTC), zone=ZoneInfo("UTC"), me="aibek")
    for name, text in VIEWS.items()
}}
assert len(store.queue(views["all"])) == 3
assert store.counts(views)["all"] == 3
store.version(), store.catch_up()
heavy = [
    "pydantic", "tinydb", "email_validator", "babel", "holidays", "helpdesk.config",
    "helpdesk.domain.ticket", "helpdesk.domain.customer",
]
print([name for name in heavy if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_opening_looks_at_no_document(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    for looking in ("scan", "folders", "ids", "largest", "read_bytes"):
        monkeypatch.setattr(f"helpdesk.store.folder.Documents.{looking}", None)
    opened = FileStore(tmp_path)
    assert found(opened) == [1, 2, 3]
    opened.close()


def test_a_desk_that_nobody_reads_opens_no_index(tmp_path: Path) -> None:
    FileStore(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


# How the queue is answered


@pytest.mark.parametrize(
    "text",
    [
        "", "is:overdue", "due:today", "is:on-us", "is:on-customer", "is:closed", "is:open",
        "kind:complaint -channel:phone priority:high created:<2d updated:>1h",
    ],
)  # fmt: skip
def test_a_page_of_the_queue_is_found_in_its_order_without_sorting(
    store: FileStore, text: str
) -> None:
    condition = where(asked(text))
    sql = f"SELECT id FROM tickets WHERE {condition.sql} ORDER BY rank, place, id LIMIT 9 OFFSET 9"
    with store._keeping.index.reading() as db:
        plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", condition.values))
    assert "COVERING INDEX tickets_in_queue" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("text", ["", "-is:closed", "is:unassigned", "kind:complaint"])
def test_a_page_far_down_is_the_same_counted_from_the_end(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    save(store, *(ticket(number, due=number % 7) for number in range(11, 41)))
    save(store, *(answered(store.ticket(number), number) for number in range(20, 30)))
    whole = store.queue(asked(text))
    monkeypatch.setattr(asking, "FAR", 3)
    for start in range(len(whole) + 5):
        for limit in (0, 1, 4, 100):
            assert store.queue(asked(text), offset=start, limit=limit) == whole[start:][:limit]


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("is:overdue", "tickets_in_queue (rank=? AND place<?)"),
        ("due:today", "tickets_in_queue (rank=? AND place>? AND place<?)"),
        ("is:on-us", "tickets_in_queue (rank=?)"),
        ("is:mine -is:closed", "tickets_by_assignee (assignee=?"),
        ("is:unassigned -is:closed", "tickets_by_assignee (assignee=?"),
        ("external:A-1", "tickets_by_origin (external_id=?)"),
        ("id:1", "INTEGER PRIMARY KEY (rowid=?)"),
    ],
)
def test_views_are_counted_by_the_part_of_an_index_they_need(
    store: FileStore, text: str, used: str
) -> None:
    condition = where(asked(text))
    with store._keeping.index.reading() as db:
        sql = f"EXPLAIN QUERY PLAN SELECT count(*) FROM tickets WHERE {condition.sql}"
        plan = " ".join(row[3] for row in db.execute(sql, condition.values))
    assert used in plan


# How little a write writes


def test_an_answer_adds_the_words_of_its_own_message_only(
    store: FileStore, tmp_path: Path, statements: list[str]
) -> None:
    long = ticket(4)
    for turn in range(30):
        long = noted(long, f"turn {turn}")
    save(store, long)
    listening = FileStore(tmp_path)
    save(listening, noted(listening.ticket(4), "the last word"))
    written = [
        one for one in statements if "INTO words " in one or "FROM words WHERE rowid =" in one
    ]
    assert len(written) == 1
    assert "the last word" in written[0]
    assert found(listening, "turn") == [4]
    listening.close()


def test_an_answer_touches_no_row_that_stays_as_it_is(
    store: FileStore, tmp_path: Path, statements: list[str]
) -> None:
    listening = FileStore(tmp_path)
    save(listening, noted(listening.ticket(1), "just a note", hours=1))
    changed = [one for one in statements if one.startswith(("DELETE FROM", "INSERT INTO"))]
    tables = {one.split()[2] for one in changed if "words_" not in one and "main" not in one}
    assert tables == {"tickets", "words"}
    listening.close()


def test_a_save_writes_its_document_once_and_syncs_it_once(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpdesk.store import durable

    steps: list[str] = []
    for name in ("open_new", "write", "overwrite", "fsync", "rename", "fsync_dir", "unlink"):
        really = getattr(durable.Files, name)

        def noted_step(*arguments: object, name: str = name, really: object = really) -> object:
            steps.append(name)
            assert callable(really)
            return really(*arguments)

        monkeypatch.setattr(durable.Files, name, noted_step)
    save(store, noted(store.ticket(1), "one document"))
    noting, clearing = ["overwrite", "write"], ["overwrite"]
    assert steps == [*noting, "open_new", "write", "fsync", "rename", "fsync_dir", *clearing]


def test_reading_looks_at_the_index_alone(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.store.folder.Documents.read_bytes", None)
    store.queue(asked("zip"))
    store.counts({"all": asked()})
    list(store.promises(asked()))
    store.list_customers("айгүл")


# Connections


def test_threads_share_a_few_connections(store: FileStore, statements: list[str]) -> None:
    for _ in range(20):
        thread = threading.Thread(target=store.count, args=(asked(),))
        thread.start()
        thread.join()
    assert len(store._keeping.index._idle) == 1


def test_an_iteration_may_stay_open_while_others_write(store: FileStore, tmp_path: Path) -> None:
    rows = store.promises(asked())
    first = next(rows)
    save(store, ticket(4))
    other = FileStore(tmp_path)
    save(other, ticket(5))
    other.close()
    assert [first.ticket, *(row.ticket for row in rows)] == [1, 2, 3]
    assert found(store) == [1, 4, 5, 2, 3]


def test_nothing_stays_open_after_closing(store: FileStore, tmp_path: Path) -> None:
    rows = store.promises(asked())
    next(rows)
    store.close()
    rows.close()  # type: ignore[attr-defined]
    assert sorted(path.suffix for path in (tmp_path / ".cache").iterdir()) == [".sqlite"] * 2


# What the rows say


def test_the_same_document_always_makes_the_same_rows(store: FileStore) -> None:
    for number in (1, 2, 3):
        again = type(store.ticket(number)).model_validate_json(
            store.ticket(number).model_dump_json()
        )
        assert rows_of("tickets", again) == rows_of("tickets", store.ticket(number))


def test_moments_come_back_as_they_were() -> None:
    for at in (MONDAY, after(-500_000), MONDAY.replace(microsecond=1), MONDAY.replace(year=9999)):
        assert moment(ticks(at)) == at


def test_contacts_are_kept_as_they_are_compared() -> None:
    rows = rows_of(
        "customers",
        Customer.model_validate(
            {
                **dict(customer(7, "ÄRZTE")),
                "emails": [{"address": "Ä.Ö@Example.com"}],
                "phones": [{"number": "00 996 (555) 12"}, {"number": "n/a"}],
                "handles": [{"network": "x", "handle": "@Ärzte"}],
            }
        ),
    )
    assert rows.tables["contacts"] == (
        ("99655512", "phone", 7),
        ("ä.ö@example.com", "email", 7),
        ("ärzte", "handle", 7),
    )


def test_whoever_looks_through_a_large_desk_beside_keys_rests_after_each_folder(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests: list[float] = []
    monkeypatch.setattr("time.sleep", rests.append)
    store.catch_up(thorough=True, resting=True)
    assert rests == []  # a small desk is looked through at once
    monkeypatch.setattr(catching_up, "SMALL_DESK", 0)
    store.catch_up(thorough=True)
    assert rests == []  # nobody waits for a key
    store.catch_up(thorough=True, resting=True)
    assert len(rests) == 2  # customers and tickets
    assert all(rest > 0 for rest in rests)
