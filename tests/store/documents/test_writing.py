"""A disk that refuses, and processes that die or write together, lose no document."""

import errno
import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from helpdesk.domain.errors import CannotCreate, HelpdeskError, NotPermitted
from helpdesk.store import durable
from helpdesk.store.documents import Document, FolderDB, FolderTable, UnreadableDocument
from helpdesk.store.lock import WriterLock
from tests.store.documents.files import ids


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
