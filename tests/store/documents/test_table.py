"""The folders behind TinyDB: one file is read for a document, only what changed is written."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where
from tinydb.storages import MemoryStorage
from tinydb.table import Table

from helpdesk.domain.errors import InvalidInput
from helpdesk.store import durable
from helpdesk.store.documents import (
    Changes,
    Document,
    FolderDB,
    FolderStorage,
    FolderTable,
    UnreadableDocument,
)
from helpdesk.store.folder import decode
from tests.store.documents.files import broken, file_of


def test_what_was_put_in_can_be_got_changed_found_counted_and_removed(
    tickets: FolderTable,
) -> None:
    assert tickets.insert_multiple({"n": n} for n in range(1, 6)) == [1, 2, 3, 4, 5]
    assert tickets.update({"state": "closed"}, doc_ids=[2, 4, 99]) == [2, 4]
    assert tickets.update({"state": "on_us"}, where("n") == 5) == [5]
    assert tickets.update(lambda ticket: ticket.pop("n"), doc_ids=[1]) == [1]
    assert tickets.upsert(Document({"n": 30}, 3)) == [3]
    assert tickets.upsert(Document({"n": 7}, 7)) == [7]
    assert tickets.remove(doc_ids=[4, 99]) == [4]
    assert tickets.all() == [
        {"id": 1},
        {"id": 2, "n": 2, "state": "closed"},
        {"id": 3, "n": 30},
        {"id": 5, "n": 5, "state": "on_us"},
        {"id": 7, "n": 7},
    ]
    assert len(tickets) == 5
    assert [ticket.doc_id for ticket in tickets.search(where("n") > 4)] == [3, 5, 7]
    assert tickets.count(where("n") > 4) == 3
    assert tickets.get(where("n") == 30) == {"id": 3, "n": 30}
    assert tickets.get(doc_ids=[7, 4, 1]) == [{"id": 7, "n": 7}, {"id": 1}]
    assert tickets.contains(doc_id=3)
    assert not tickets.contains(doc_id=4)
    assert tickets.contains(where("state") == "closed")
    assert tickets.get(doc_id=4) is None
    assert tickets.remove(where("n") >= 7) == [3, 7]
    assert tickets.update({"seen": True}) == [1, 2, 5]
    tickets.truncate()
    assert tickets.all() == []


def test_put_replaces_the_whole_document_where_upsert_merges(tickets: FolderTable) -> None:
    tickets.put([Document({"subject": "a", "assignee": "bermet"}, 1)])
    tickets.put([Document({"subject": "b"}, 1), Document({"subject": "c"}, 2)])
    assert tickets.all() == [{"id": 1, "subject": "b"}, {"id": 2, "subject": "c"}]
    tickets.upsert(Document({"assignee": "aibek"}, 1))
    assert tickets.get(doc_id=1) == {"id": 1, "subject": "b", "assignee": "aibek"}


def test_an_id_in_use_is_not_inserted_again(tickets: FolderTable) -> None:
    tickets.insert(Document({"subject": "a"}, 5))
    with pytest.raises(ValueError, match="already exists"):
        tickets.insert(Document({"subject": "b"}, 5))
    assert tickets.get(doc_id=5) == {"id": 5, "subject": "a"}


def test_the_next_id_follows_the_largest_file_whoever_wrote_it(tmp_path: Path) -> None:
    ours, theirs = FolderDB(tmp_path).table("tickets"), FolderDB(tmp_path).table("tickets")
    assert ours.next_id() == 1
    assert [ours.insert({}), theirs.insert({}), ours.insert({})] == [1, 2, 3]
    theirs.put([Document({}, 2500)])
    assert ours.insert_multiple([{}, Document({}, 3000), {}]) == [2501, 3000, 3001]
    theirs.put([Document({}, 4000)])
    assert ours.next_id() == 4001
    ours.remove(doc_ids=[3000, 3001, 4000])
    assert ours.next_id() == 2502


def test_another_process_s_change_is_seen_by_the_same_search(tmp_path: Path) -> None:
    ours, theirs = FolderDB(tmp_path).table("tickets"), FolderDB(tmp_path).table("tickets")
    ours.insert({"state": "on_us"})
    assert len(ours.search(where("state") == "on_us")) == 1
    theirs.update({"state": "closed"}, doc_ids=[1])
    assert ours.search(where("state") == "on_us") == []


def test_a_document_is_never_saved_under_another_id(tmp_path: Path, tickets: FolderTable) -> None:
    tickets.insert({"subject": "a"})
    with pytest.raises(InvalidInput, match="cannot be saved under another id"):
        tickets.update({"id": 2}, doc_ids=[1])
    with pytest.raises(InvalidInput, match="1 or more"):
        tickets.put([Document({}, 0)])
    assert tickets.all() == [{"id": 1, "subject": "a"}]


@pytest.mark.parametrize("value", [{1, 2}, float("nan"), float("inf"), object()])
def test_what_json_cannot_hold_is_refused_before_anything_is_written(
    tickets: FolderTable, value: object
) -> None:
    tickets.insert({"subject": "a"})
    with pytest.raises(InvalidInput, match=r"^tickets/0000/000002\.json cannot be saved: "):
        tickets.put([Document({"subject": "b"}, 1), Document({"subject": value}, 2)])
    assert tickets.all() == [{"id": 1, "subject": "a"}]


def test_only_what_changed_is_written(
    tmp_path: Path, tickets: FolderTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets.insert_multiple({"n": n} for n in range(1, 5))
    written: list[Path] = []

    class Noting(durable.Files):
        def rename(self, source: Path, target: Path) -> None:
            written.append(target)
            super().rename(source, target)

    monkeypatch.setattr(durable, "files", Noting())
    tickets.update({"n": 3})
    documents = [path for path in written if not path.name.startswith(".")]
    assert documents == [file_of(tmp_path, n) for n in (1, 2, 4)]


def test_a_document_laid_out_by_hand_is_left_so_while_others_change(
    tmp_path: Path,
) -> None:
    db = FolderDB(tmp_path)
    tickets = db.table("tickets")
    tickets.insert_multiple({"n": n} for n in (1, 2, 3, 4))
    by_hand = b'{"n": 2,    "id": 2}'
    broken(tmp_path, 2, by_hand)
    db.table("customers").insert({})
    assert tickets.update({"n": 0}, where("n") == 1) == [1]
    assert tickets.remove(where("n") == 3) == [3]
    db.drop_table("customers")
    assert tickets.all() == [{"id": 1, "n": 0}, {"id": 2, "n": 2}, {"id": 4, "n": 4}]
    assert file_of(tmp_path, 2).read_bytes() == by_hand


def test_a_document_that_is_only_read_is_not_written(tmp_path: Path) -> None:
    db = FolderDB(tmp_path)
    db.table("tickets").insert_multiple({"n": n} for n in (1, 2))
    by_hand = broken(tmp_path, 1, b'{"n": 1,    "id": 1}').read_bytes()
    changes = db.changes()["tickets"]
    assert changes.read(1, bytes) == by_hand
    changes[2]["n"] = 7
    changes.save()
    assert file_of(tmp_path, 1).read_bytes() == by_hand
    assert decode(file_of(tmp_path, 2).read_bytes(), "tickets", 2)["n"] == 7
    with pytest.raises(KeyError):
        changes.read(3, bytes)


def test_a_document_stays_as_it_was_first_read_in_an_update(tmp_path: Path) -> None:
    db = FolderDB(tmp_path)
    db.table("tickets").insert({"n": 1})
    changes = db.changes()["tickets"]
    first = changes.read(1, bytes)
    broken(tmp_path, 1, b'{"n": 2, "id": 1}')
    assert changes.read(1, bytes) == first
    assert changes[1]["n"] == 1


def test_what_was_read_and_refused_is_not_written_over(tmp_path: Path) -> None:
    db = FolderDB(tmp_path)
    db.table("tickets").insert({"n": 1})
    torn = broken(tmp_path, 1, b'{"n": 1,').read_bytes()
    changes = db.changes()["tickets"]
    with pytest.raises(UnreadableDocument):
        changes.read(1, lambda raw: decode(raw, "tickets", 1))
    with pytest.raises(UnreadableDocument):
        changes[1] = {"n": 2}
    changes.save()
    assert file_of(tmp_path, 1).read_bytes() == torn


def test_within_one_update_a_document_may_go_and_come_back(
    tmp_path: Path, tickets: FolderTable
) -> None:
    tickets.insert({"n": 1, "old": True})
    changes = Changes(FolderDB(tmp_path).storage.documents("tickets"))
    del changes[1]
    assert 1 not in changes
    with pytest.raises(KeyError):
        changes[1]
    with pytest.raises(KeyError):
        del changes[1]
    assert list(changes) == []
    changes[1] = {"n": 2}
    changes[5] = {"n": 5}
    changes[6000] = {"n": 6}
    del changes[6000]
    assert list(changes) == [1, 5]
    assert tickets.all() == [{"id": 1, "n": 1, "old": True}]
    changes.save()
    assert tickets.all() == [{"id": 1, "n": 2}, {"id": 5, "n": 5}]


class QuickFiles(durable.Files):
    """A disk that is not waited for."""

    def fsync(self, descriptor: int) -> None:
        pass

    def fsync_dir(self, folder: Path) -> None:
        pass


some_ids = st.integers(1, 4) | st.integers(998, 1002)

steps: st.SearchStrategy[tuple[str, int, dict[str, int]]] = st.one_of(
    st.tuples(st.just("upsert"), some_ids, st.dictionaries(st.sampled_from("ab"), st.integers())),
    st.tuples(st.just("update"), some_ids, st.dictionaries(st.sampled_from("ab"), st.integers())),
    st.tuples(st.just("update where"), st.integers(-1, 1), st.just({"b": 1})),
    st.tuples(st.just("remove"), some_ids, st.just({})),
    st.tuples(st.just("remove where"), st.integers(-1, 1), st.just({})),
)


def take(step: tuple[str, int, dict[str, int]], table: Table) -> list[int]:
    what, number, fields = step
    if what == "upsert":
        return table.upsert(Document({"id": number, **fields}, number))
    if what == "update":
        return table.update(fields, doc_ids=[number])
    if what == "remove":
        return table.remove(doc_ids=[number])
    if what == "update where":
        return sorted(table.update(fields, where("a") == number))
    return sorted(table.remove(where("a") == number))


@settings(deadline=None, max_examples=50)
@given(st.lists(steps, max_size=20))
def test_folders_do_what_tinydb_does_in_memory(
    plan: list[tuple[str, int, dict[str, int]]],
) -> None:
    plain = TinyDB(storage=MemoryStorage).table("tickets")
    with TemporaryDirectory() as desk, pytest.MonkeyPatch.context() as patch:
        patch.setattr(durable, "files", QuickFiles())
        folders = FolderDB(Path(desk)).table("tickets")
        for step in plan:
            assert take(step, folders) == take(step, plain)
            assert folders.all() == sorted(plain.all(), key=lambda document: document.doc_id)


def test_getting_and_changing_one_document_lists_no_folder(
    tickets: FolderTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets.insert_multiple({"n": n} for n in range(1, 5))

    def listed(_: object) -> None:
        raise AssertionError("a folder was listed")

    monkeypatch.setattr(os, "scandir", listed)
    assert tickets.get(doc_id=3) == {"id": 3, "n": 3}
    assert tickets.contains(doc_id=3)
    assert tickets.get(doc_ids=[2, 3]) == [{"id": 2, "n": 2}, {"id": 3, "n": 3}]
    tickets.update({"n": 30}, doc_ids=[3])
    tickets.put([Document({"n": 9}, 9)])
    tickets.remove(doc_ids=[1])


def test_documents_are_read_one_at_a_time(tmp_path: Path, tickets: FolderTable) -> None:
    tickets.insert_multiple({"n": n} for n in range(1, 5))
    walk = iter(tickets)
    assert next(walk)["n"] == 1
    file_of(tmp_path, 2).unlink()
    file_of(tmp_path, 3).write_text('{"id": 3, "n": 300}', "utf-8")
    assert [document["n"] for document in walk] == [300, 4]


def test_tables_are_the_folders_of_the_desk_and_no_others(tmp_path: Path) -> None:
    db = FolderDB(tmp_path)
    assert db.tables() == set()
    db.table("tickets").insert({"n": 1})
    db.table("customers").insert({"n": 2})
    assert db.tables() == {"customers", "tickets"}
    with pytest.raises(ValueError, match="no table 'mail'"):
        db.table("mail")
    assert "customers" in repr(db)
    db.drop_table("customers")
    assert (len(db.table("tickets")), len(db.table("customers"))) == (1, 0)
    db.drop_tables()
    assert len(db.table("tickets")) == 0


def test_a_plain_tinydb_works_on_the_same_folders_and_removes_nothing_unreadable(
    tmp_path: Path,
) -> None:
    mine = FolderDB(tmp_path).table("tickets")
    mine.insert_multiple({"n": n} for n in range(1, 4))
    bad = broken(tmp_path, 4)
    with TinyDB(tmp_path, storage=FolderStorage) as plain:
        plain.table("tickets").update({"n": 10}, doc_ids=[1])
        plain.table("tickets").remove(doc_ids=[2])
    assert mine.all() == [{"id": 1, "n": 10}, {"id": 3, "n": 3}]
    assert bad.read_bytes() == b"{"
