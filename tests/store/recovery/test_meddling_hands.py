"""What hands change in the folder is taken in, wherever that shows."""

import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpdesk.store.catching_up import CatchingUp
from helpdesk.store.files import FileStore
from helpdesk.store.folder import Documents, FileStamp
from tests.store.making import asked, found, noted, save, ticket
from tests.store.programs import file_of, opened


def test_a_ticket_edited_by_hand_is_taken_in(store: FileStore, tmp_path: Path) -> None:
    path = file_of(tmp_path, 2)
    path.write_text(path.read_text("utf-8").replace("Tent", "Sleeping bag"), "utf-8")
    version = store.version()
    assert store.catch_up() == 1
    assert store.version() != version
    assert [row.subject for row in store.queue(asked("sleeping"))] == ["Sleeping bag"]
    assert found(store, "tent") == []
    assert store.catch_up() == 0


def test_an_edit_by_hand_in_place_of_the_same_size_is_taken_in(
    store: FileStore, tmp_path: Path
) -> None:
    path = file_of(tmp_path, 2)
    path.write_text(path.read_text("utf-8").replace("Tent", "Rope"), "utf-8")
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))
    assert store.catch_up(thorough=True) == 1
    assert found(store, "rope") == [2]


def test_what_lies_there_is_read_even_if_nothing_but_its_bytes_shows_that_it_is_another(
    store: FileStore, tmp_path: Path
) -> None:
    path = file_of(tmp_path, 2)
    lay = path.stat()
    assert store.ticket(2).subject == "Tent"
    path.write_text(path.read_text("utf-8").replace("Tent", "Rope"), "utf-8")
    os.utime(path, ns=(lay.st_atime_ns, lay.st_mtime_ns))
    assert store.ticket(2).subject == "Rope"
    with store.writing() as writing:
        assert writing.ticket(2).subject == "Rope"


def test_a_ticket_copied_in_is_taken_in_and_its_number_not_given_again(
    store: FileStore, tmp_path: Path
) -> None:
    fields = json.loads(file_of(tmp_path, 2).read_text("utf-8"))
    fields |= {"id": 3, "subject": "Copied"}
    file_of(tmp_path, 3).write_text(json.dumps(fields), "utf-8")
    with store.writing() as writing:
        assert writing.new_ticket_id() == 4  # not taken in yet, and still not given
    assert store.catch_up() == 1
    assert found(store, "copied") == [3]
    with store.writing() as writing:
        assert writing.new_ticket_id() == 4


def test_what_is_copied_in_shows_by_its_folder_and_no_other_file_is_looked_at(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_through: list[str] = []
    scan = Documents.scan

    def noting(self: Documents, folder: str | None = None) -> Iterator[FileStamp]:
        looked_through.append(f"{self.table}/{folder}")
        return scan(self, folder)

    monkeypatch.setattr(Documents, "scan", noting)
    os.utime(tmp_path / "tickets" / "0000", ns=(1, 1))
    os.utime(tmp_path / "customers" / "0000", ns=(1, 1))
    store.catch_up(by_folders=True)
    looked_through.clear()
    assert store.catch_up(by_folders=True) == 0
    assert looked_through == []
    fields = json.loads(file_of(tmp_path, 2).read_text("utf-8")) | {"id": 3, "subject": "Copied"}
    file_of(tmp_path, 3).write_text(json.dumps(fields), "utf-8")
    assert store.catch_up(by_folders=True) == 1
    assert looked_through == ["tickets/0000"]
    assert found(store, "copied") == [3]


def test_a_ticket_far_ahead_that_is_copied_in_moves_the_numbers_on(
    store: FileStore, tmp_path: Path
) -> None:
    fields = json.loads(file_of(tmp_path, 2).read_text("utf-8")) | {"id": 5000}
    path = tmp_path / "tickets" / "0005" / "005000.json"
    path.parent.mkdir()
    path.write_text(json.dumps(fields), "utf-8")
    assert store.catch_up() == 1
    with store.writing() as writing:
        assert writing.new_ticket_id() == 5001


@pytest.mark.parametrize("number", [2**40 + 1, 2**54, 2**63 - 1, 2**63, 10**25])
def test_a_file_whose_number_no_ticket_can_have_is_named_and_moves_no_numbers_on(
    store: FileStore, tmp_path: Path, number: int
) -> None:
    path = tmp_path / "tickets" / f"{number // 1000}" / f"{number}.json"
    path.parent.mkdir()
    path.write_bytes(file_of(tmp_path, 2).read_bytes())
    for faults in (store.check(), store.check(repair=True), store.check()):
        assert [fault.what for fault in faults] == ["is no document"]
    with store.writing() as writing:
        assert writing.new_ticket_id() < 100
    assert path.exists()


def test_documents_removed_by_hand_leave_the_queue_but_not_their_numbers(
    store: FileStore, tmp_path: Path
) -> None:
    file_of(tmp_path, 2).unlink()
    file_of(tmp_path, 1, "customers").unlink()
    assert store.catch_up() == 2
    assert found(store) == [1]
    assert store.queue(asked())[0].customer_name == ""
    with store.writing() as writing:
        assert writing.new_ticket_id() == 3
    store.reindex()
    with store.writing() as writing:
        assert writing.new_ticket_id() == 3
    shutil.rmtree(tmp_path / "tickets")
    assert store.catch_up() == 1
    assert found(store) == []
    with store.writing() as writing:
        assert writing.new_ticket_id() == 3


def test_a_whole_folder_removed_right_after_a_write_leaves_the_queue(tmp_path: Path) -> None:
    with opened(tmp_path) as fresh:
        save(fresh, ticket(1))
        shutil.rmtree(tmp_path / "tickets")
        assert fresh.catch_up() == 1
        assert found(fresh) == []


def test_a_large_desk_is_looked_through_only_where_folders_changed(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.store.catching_up.SMALL_DESK", 0)
    settle(tmp_path)
    store.catch_up()
    path = file_of(tmp_path, 1)
    in_place = path.read_text("utf-8").replace("jacket", "mitten")
    with path.open("r+", encoding="utf-8") as file:
        file.write(in_place)
    assert store.catch_up() == 0  # the folder does not show an edit in place
    assert store.catch_up(thorough=True) == 1
    assert found(store, "mitten") == [1]
    rewritten = path.with_suffix(".new")
    rewritten.write_text(in_place.replace("mitten", "scarf"), "utf-8")
    rewritten.replace(path)
    assert store.catch_up() == 1
    assert found(store, "scarf") == [1]


def settle(desk: Path) -> None:
    """Let the folders look as if they had last changed a minute ago."""
    for kind in ("tickets", "customers"):
        for folder in (desk / kind).iterdir():
            then = time.time_ns() - 60_000_000_000
            os.utime(folder, ns=(then, then))


def test_only_who_has_keys_to_answer_rests_while_a_large_desk_is_looked_through(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests: list[float] = []
    monkeypatch.setattr("helpdesk.store.catching_up.SMALL_DESK", 0)
    monkeypatch.setattr("helpdesk.store.catching_up.time.sleep", rests.append)
    store.catch_up(thorough=True)
    assert rests == []
    store.catch_up(thorough=True, resting=True)
    assert rests


def test_who_looks_at_folders_waits_for_nobody_who_looks_at_every_file(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.catch_up()
    begun, go_on = threading.Event(), threading.Event()
    in_folder = CatchingUp._in_folder

    def leisurely(catching_up: CatchingUp, kind: str, name: str) -> list[tuple[str, int]]:
        begun.set()
        go_on.wait(timeout=30)
        return in_folder(catching_up, kind, name)

    with monkeypatch.context() as patched, ThreadPoolExecutor(2) as pool:
        patched.setattr(CatchingUp, "_in_folder", leisurely)
        thorough = pool.submit(store.catch_up, thorough=True)
        assert begun.wait(timeout=30)
        patched.undo()
        try:
            assert pool.submit(store.catch_up, by_folders=True).result(timeout=5) == 0
            assert not thorough.done()
        finally:
            go_on.set()


def test_a_folder_that_changed_just_now_is_looked_at_again(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.store.catching_up.SMALL_DESK", 0)
    file_of(tmp_path, 2).unlink()
    assert store.catch_up() == 1
    changed = (tmp_path / "tickets" / "0000").stat().st_mtime_ns
    file_of(tmp_path, 1).unlink()
    os.utime(tmp_path / "tickets" / "0000", ns=(changed, changed))  # within the same tick
    assert store.catch_up() == 1
    assert found(store) == []


def test_our_own_writes_are_not_taken_for_changes_from_outside(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.store.catching_up.SMALL_DESK", 0)
    settle(tmp_path)
    store.catch_up()
    save(store, noted(store.ticket(1), "ours"))
    with monkeypatch.context() as patched:
        patched.setattr("helpdesk.store.folder.Documents.scan", None)
        assert store.catch_up() == 0


def test_a_change_from_outside_is_not_hidden_by_a_write_of_ours(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.store.catching_up.SMALL_DESK", 0)
    settle(tmp_path)
    store.catch_up()
    file_of(tmp_path, 2).unlink()
    save(store, noted(store.ticket(1), "ours"))
    assert store.catch_up() == 1
    assert found(store) == [1]
