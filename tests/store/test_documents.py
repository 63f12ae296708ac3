"""Documents are readable files, one each, reached through TinyDB's API."""

import errno
import json
import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where
from tinydb.storages import MemoryStorage
from tinydb.table import Table

from helpdesk.domain.errors import (
    CannotCreate,
    HelpdeskError,
    InvalidInput,
    NotPermitted,
    TryAgain,
    Unavailable,
)
from helpdesk.store import durable
from helpdesk.store.documents import (
    Changes,
    Document,
    FolderDB,
    FolderStorage,
    FolderTable,
    UnreadableDocument,
)
from helpdesk.store.folder import decode, encode
from helpdesk.store.lock import WriterLock
from helpdesk.store.plain import read_plain_file


@pytest.fixture
def tickets(tmp_path: Path) -> FolderTable:
    return FolderDB(tmp_path).table("tickets")


def file_of(desk: Path, doc_id: int) -> Path:
    return desk / "tickets" / f"{doc_id // 1000:04d}" / f"{doc_id:06d}.json"


def broken(desk: Path, doc_id: int, raw: bytes = b"{") -> Path:
    path = file_of(desk, doc_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def ids(table: FolderTable) -> list[int]:
    return [document.doc_id for document in table]


# What lies on the disk


def test_a_document_is_one_file_that_a_person_can_read(
    tmp_path: Path, tickets: FolderTable
) -> None:
    assert tickets.insert({"subject": "Чайник", "tags": ["late"]}) == 1
    path = tmp_path / "tickets" / "0000" / "000001.json"
    assert path.read_text("utf-8") == (
        '{\n "id": 1,\n "subject": "Чайник",\n "tags": [\n  "late"\n ]\n}\n'
    )


@pytest.mark.parametrize(
    ("doc_id", "place"),
    [
        (999, "0000/000999.json"),
        (1000, "0001/001000.json"),
        (123456, "0123/123456.json"),
        (12345678, "12345/12345678.json"),
    ],
)
def test_a_folder_holds_a_thousand_documents(
    tmp_path: Path, tickets: FolderTable, doc_id: int, place: str
) -> None:
    tickets.put([Document({"subject": "a"}, doc_id)])
    assert (tmp_path / "tickets" / place).is_file()
    assert ids(tickets) == [doc_id]
    assert tickets.get(doc_id=doc_id) == {"id": doc_id, "subject": "a"}


# Lone high surrogates among them, but no low ones: a pair of them is one character to JSON.
texts = st.text() | st.text(st.characters(max_codepoint=0xDBFF))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.dictionaries(texts.filter(lambda key: key != "id"), json_values))
def test_a_document_comes_back_from_its_file_as_it_was(fields: dict[str, Any]) -> None:
    document = {"id": 7, **fields}
    assert decode(encode(document, "tickets", 7), "tickets", 7) == document


@settings(deadline=None)
@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_document_or_unreadable(raw: bytes) -> None:
    try:
        assert decode(raw, "tickets", 7)["id"] == 7
    except UnreadableDocument as error:
        assert "\n" not in error.message


def test_half_an_emoji_is_kept_and_does_not_stop_a_save(
    tmp_path: Path, tickets: FolderTable
) -> None:
    tickets.insert({"subject": "\\\ud83d and \udfff"})
    assert tickets.get(doc_id=1) == {"id": 1, "subject": "\\\ud83d and \udfff"}
    assert json.loads(file_of(tmp_path, 1).read_text("utf-8"))


def test_a_file_saved_by_an_editor_that_marks_utf8_is_read(
    tmp_path: Path, tickets: FolderTable
) -> None:
    broken(tmp_path, 1, b'\xef\xbb\xbf{"id": 1, "subject": "a"}')
    assert tickets.get(doc_id=1) == {"id": 1, "subject": "a"}


# TinyDB's API


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


# Documents that cannot be read


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "no JSON at line 1 column 1"),
        (b'{"id": 2,', "no JSON at line 1 column 10"),
        (b'{"id": 2, "subject": "caf\xe9"}', "no UTF-8 at byte 25"),
        (b'{"id": 2, "subject": NaN}', "no JSON that the desk can take"),
        (b"[" * 100_000, "no JSON that the desk can take"),
        (b'{"id": ' + b"9" * 5000 + b"}", "no JSON that the desk can take"),
        (b"[2]", "no JSON object"),
        (b"{}", "the id inside is not that of the file"),
        (b'{"id": 3}', "the id inside is not that of the file"),
        (b'{"id": "2"}', "the id inside is not that of the file"),
        (b'{"id": 2.0}', "the id inside is not that of the file"),
    ],
)
def test_an_unreadable_document_is_named_passed_over_and_never_written_over(
    tmp_path: Path, raw: bytes, reason: str
) -> None:
    seen: list[UnreadableDocument] = []
    tickets = FolderDB(tmp_path, seen.append).table("tickets")
    tickets.insert_multiple({"n": n} for n in (1, 2, 3))
    path = broken(tmp_path, 2, raw)
    with pytest.raises(UnreadableDocument) as caught:
        tickets.get(doc_id=2)
    assert (caught.value.table, caught.value.doc_id) == ("tickets", 2)
    assert caught.value.reason == reason
    assert caught.value.message == (
        f"tickets/0000/000002.json cannot be read ({reason}); "
        "mend the file or restore it from a backup"
    )

    assert ids(tickets) == [1, 3]
    assert [(error.doc_id, error.reason) for error in seen] == [(2, reason)]
    assert [ticket.doc_id for ticket in tickets.search(where("n") > 0)] == [1, 3]

    for change in (
        lambda: tickets.update({"n": 0}, doc_ids=[1, 2]),
        lambda: tickets.put([Document({"n": 0}, 1), Document({"n": 0}, 2)]),
        lambda: tickets.upsert(Document({"n": 0}, 2)),
        lambda: tickets.remove(doc_ids=[1, 2]),
    ):
        with pytest.raises(UnreadableDocument):
            change()
    assert tickets.all() == [{"id": 1, "n": 1}, {"id": 3, "n": 3}]
    with pytest.raises(ValueError, match="already exists"):
        tickets.insert(Document({"n": 0}, 2))
    assert tickets.contains(doc_id=2)

    assert tickets.update({"n": 9}) == [1, 3]
    assert tickets.remove(where("n") == 9) == [1, 3]
    tickets.truncate()
    assert path.read_bytes() == raw
    assert tickets.next_id() == 3


def test_a_link_a_pipe_or_a_folder_in_a_document_s_place_is_unreadable(
    tmp_path: Path, tickets: FolderTable
) -> None:
    tickets.insert({"n": 1})
    file_of(tmp_path, 2).symlink_to(file_of(tmp_path, 1))
    file_of(tmp_path, 3).symlink_to(tmp_path / "nowhere")
    os.mkfifo(file_of(tmp_path, 4))
    file_of(tmp_path, 5).mkdir()
    for doc_id, reason in [(2, "a link"), (3, "a link"), (4, "plain file"), (5, "plain file")]:
        assert tickets.contains(doc_id=doc_id)
        with pytest.raises(UnreadableDocument, match=reason):
            tickets.put([Document({"n": 0}, doc_id)])
    assert ids(tickets) == [1]
    assert tickets.next_id() == 6


def test_a_file_in_a_folder_s_place_does_not_make_its_documents_look_new(
    tmp_path: Path, tickets: FolderTable
) -> None:
    (tmp_path / "tickets").mkdir()
    (tmp_path / "tickets" / "0000").write_text("", "utf-8")
    assert tickets.contains(doc_id=1)
    with pytest.raises(UnreadableDocument, match="Not a directory"):
        tickets.get(doc_id=1)
    with pytest.raises(UnreadableDocument, match="Not a directory"):
        tickets.put([Document({}, 1)])


def test_a_document_one_may_not_read_is_unreadable_and_one_too_many_is_for_later(
    tickets: FolderTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets.insert({"n": 1})
    for number, expected in [
        (errno.EACCES, UnreadableDocument),
        (errno.EIO, UnreadableDocument),
        (errno.EMFILE, TryAgain),
    ]:
        with monkeypatch.context() as patch:

            def refuse(*_: object, number: int = number) -> int:
                raise OSError(number, os.strerror(number))

            patch.setattr(os, "open", refuse)
            with pytest.raises(expected, match=os.strerror(number)):
                tickets.get(doc_id=1)


def test_a_folder_that_cannot_be_listed_does_not_look_empty(
    tmp_path: Path, tickets: FolderTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets.insert({"n": 1})
    storage = FolderDB(tmp_path).storage
    for number, expected in [(errno.EACCES, NotPermitted), (errno.EMFILE, TryAgain)]:
        with monkeypatch.context() as patch:

            def refuse(*_: object, number: int = number) -> int:
                raise OSError(number, os.strerror(number))

            patch.setattr(os, "scandir", refuse)
            for look in (tickets.all, tickets.next_id, lambda: list(storage.scan("tickets"))):
                with pytest.raises(expected, match="cannot read tickets: "):
                    look()


def test_a_desk_that_is_not_there_does_not_look_empty_and_is_not_made(tmp_path: Path) -> None:
    tickets = FolderDB(tmp_path / "gone").table("tickets")
    with pytest.raises(Unavailable, match="cannot read the desk"):
        tickets.all()
    with pytest.raises(CannotCreate):
        tickets.put([Document({}, 1)])
    assert not (tmp_path / "gone").exists()


# A disk that refuses, processes that die or write together


@pytest.mark.parametrize(
    ("number", "refusal"), [(errno.ENOSPC, CannotCreate), (errno.EACCES, NotPermitted)]
)
def test_a_full_or_forbidden_disk_changes_none_of_several_documents(
    tmp_path: Path,
    tickets: FolderTable,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    refusal: type[HelpdeskError],
) -> None:
    tickets.insert_multiple({"n": n} for n in (1, 2, 3))

    class FullAtTheThird(durable.Files):
        opened = 0

        def open_new(self, path: Path) -> int:
            self.opened += 1
            if self.opened == 3:
                raise OSError(number, os.strerror(number))
            return super().open_new(path)

    with monkeypatch.context() as patch:
        patch.setattr(durable, "files", FullAtTheThird())
        with pytest.raises(refusal, match=r"^cannot write tickets/0000/000003\.json: "):
            tickets.update({"n": 0})
    assert [document["n"] for document in tickets] == [1, 2, 3]
    assert list(FolderDB(tmp_path).storage.strays()) == []


def work_in_turns(desk: Path, turns: int) -> None:
    tickets, lock = FolderDB(desk).table("tickets"), WriterLock(desk / ".lock")
    for _ in range(turns):
        with lock:
            count = tickets.read(1)
            assert count is not None
            tickets.update({"count": count["count"] + 1}, doc_ids=[1])
            tickets.insert({"by": os.getpid()})


def test_two_processes_that_write_in_turns_lose_nothing(tmp_path: Path) -> None:
    tickets = FolderDB(tmp_path).table("tickets")
    tickets.put([Document({"count": 0}, 1)])
    spawn = multiprocessing.get_context("spawn")
    others = [
        spawn.Process(daemon=True, target=work_in_turns, args=(tmp_path, 50)) for _ in range(2)
    ]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert [other.exitcode for other in others] == [0, 0]
    assert tickets.get(doc_id=1) == {"id": 1, "count": 100}
    assert ids(tickets) == list(range(1, 102))
    writers = [document["by"] for document in tickets if "by" in document]
    assert sorted(map(writers.count, set(writers))) == [50, 50]


def write_for_ever(desk: Path, pipe: Connection) -> None:
    tickets, turn = FolderDB(desk).table("tickets"), 0
    while True:
        turn += 1
        tickets.put(Document({"turn": turn, "text": "x" * 1000 * turn}, n) for n in (1, 2, 3))
        pipe.send(turn)


def test_a_process_killed_while_it_writes_loses_nothing_it_confirmed(tmp_path: Path) -> None:
    seen: list[UnreadableDocument] = []
    tickets = FolderDB(tmp_path, seen.append).table("tickets")
    spawn = multiprocessing.get_context("spawn")
    for turns in (3, 10, 25):
        here, there = spawn.Pipe()
        writer = spawn.Process(daemon=True, target=write_for_ever, args=(tmp_path, there))
        writer.start()
        confirmed = 0
        while confirmed < turns:
            confirmed = here.recv()
        writer.kill()
        writer.join()
        while here.poll():
            confirmed = here.recv()
        assert seen == []
        assert [document["turn"] - confirmed in (0, 1) for document in tickets] == [True] * 3
        assert all(stray.leftover for stray in FolderDB(tmp_path).storage.strays())
        here.close()
        there.close()
        writer.close()


# Catching up with what changed on the disk


def test_a_scan_tells_what_changed_by_whatever_hand(tmp_path: Path, tickets: FolderTable) -> None:
    storage = FolderDB(tmp_path).storage
    tickets.put([Document({"n": n}, n) for n in (1, 2, 1500)])
    before = {stamp.doc_id: stamp for stamp in storage.scan("tickets")}
    assert list(before) == [1, 2, 1500]
    found = file_of(tmp_path, 2).stat()
    assert (before[2].mtime_ns, before[2].size) == (found.st_mtime_ns, found.st_size)

    file_of(tmp_path, 2).write_text('{"id": 2, "n": 2, "by": "hand"}', "utf-8")
    file_of(tmp_path, 1).unlink()
    after = {stamp.doc_id: stamp for stamp in storage.scan("tickets")}
    assert list(after) == [2, 1500]
    assert after[2] != before[2]
    assert after[1500] == before[1500]
    assert [stamp.doc_id for stamp in storage.scan("tickets", "0001")] == [1500]


def test_a_folder_s_time_changes_with_every_save_in_it(
    tmp_path: Path, tickets: FolderTable
) -> None:
    storage = FolderDB(tmp_path).storage
    assert storage.folders("tickets") == {}
    tickets.put([Document({"n": n}, n) for n in (1, 1500)])
    for name in ("0000", "0001"):
        os.utime(tmp_path / "tickets" / name, ns=(5, 5))
    assert storage.folders("tickets") == {"0000": 5, "0001": 5}
    tickets.update({"n": 2}, doc_ids=[1500])
    changed = storage.folders("tickets")
    assert changed["0000"] == 5
    assert changed["0001"] > 5
    assert storage.folders("customers") == {}


def test_what_is_no_document_is_named_as_stray_and_left_alone(
    tmp_path: Path, tickets: FolderTable
) -> None:
    tickets.insert({"n": 1})
    folder = tmp_path / "tickets" / "0000"
    leftover = folder / ".000001.json.0a1b2c.tmp"
    others = [
        folder / "000001.json~",
        folder / "1.json",
        folder / "0000002.json",
        folder / "000000.json",
        folder / "001000.json",
        folder / "٠٠٠٠٠٢.json",
        tmp_path / "tickets" / "notes.txt",
        tmp_path / "tickets" / "0002",
    ]
    for path in (leftover, *others):
        path.write_text("{}", "utf-8")
    loop = tmp_path / "tickets" / "0003"
    loop.symlink_to(loop)
    (tmp_path / "tickets" / "00000").mkdir()

    strays = {stray.path: stray.leftover for stray in FolderDB(tmp_path).storage.strays()}
    unfit = [*others, loop, tmp_path / "tickets" / "00000"]
    assert strays == {leftover: True} | dict.fromkeys(unfit, False)
    assert ids(tickets) == [1]
    assert [stamp.doc_id for stamp in FolderDB(tmp_path).storage.scan("tickets")] == [1]
    assert tickets.next_id() == 2


def test_a_file_of_which_the_system_gives_less_at_once_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of more than 2 GB, or over some networks."""
    read = os.read
    monkeypatch.setattr(os, "read", lambda file, size: read(file, min(size, 3)))
    file = tmp_path / "letter"
    for content in (b"", b"abc", b"the tent leaks"):
        file.write_bytes(content)
        assert read_plain_file(file) == content
