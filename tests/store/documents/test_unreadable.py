"""A document that cannot be read is named, passed over and never written over."""

import errno
import os
from pathlib import Path

import pytest
from tinydb import where

from helpdesk.domain.errors import CannotCreate, NotPermitted, TryAgain, Unavailable
from helpdesk.store.documents import Document, FolderDB, FolderTable, UnreadableDocument
from tests.store.documents.files import broken, file_of, ids


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
