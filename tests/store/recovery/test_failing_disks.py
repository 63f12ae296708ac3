"""A disk that fails at any step leaves all of a change or nothing."""

import errno
import shutil
import sqlite3
from pathlib import Path

import pytest

from helpdesk.domain.errors import CannotCreate, HelpdeskError, NotFound, TryAgain, Unavailable
from helpdesk.store import connecting, durable, indexing, redo
from helpdesk.store.archive import Kept
from helpdesk.store.files import FileStore
from tests.store.injecting import FailingFiles
from tests.store.making import found, noted, save, ticket
from tests.store.programs import file_of, opened
from tests.store.recovery.changes import assert_sound, change_several, is_new, is_old


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("for_good", [False, True])
def test_a_disk_that_fails_at_any_step_leaves_all_or_nothing(
    store: FileStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    for_good: bool,
) -> None:
    for at in range(1, 100):
        desk = tmp_path / f"desk {at}"
        shutil.copytree(tmp_path / "tickets", desk / "tickets")
        shutil.copytree(tmp_path / "customers", desk / "customers")
        with opened(desk) as copied:
            copied.catch_up()
            with monkeypatch.context() as patched:
                patched.setattr(durable, "files", FailingFiles(at, number, for_good))
                try:
                    change_several(copied)
                except CannotCreate as error:
                    assert error.exit_code == 73
                    assert "\n" not in error.message
                else:
                    break
            assert not is_half(copied)
            if not for_good and not redo.is_left(desk):
                assert not list(desk.rglob("*.tmp"))
        assert_sound(desk)
    assert at > 20


def is_half(store: FileStore) -> bool:
    """Whether a change shows in part although nothing is left to finish it."""
    left = redo.is_left(store._desk)
    return not left and not is_old(store) and not is_new(store)


def test_one_document_that_cannot_be_written_stays_as_it_was(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file_of(tmp_path, 1).read_bytes()
    for at in range(1, 4):
        with monkeypatch.context() as patched:
            patched.setattr(durable, "files", FailingFiles(at, errno.ENOSPC, True))
            with pytest.raises(CannotCreate, match="free some space"):
                save(store, noted(store.ticket(1), "no room"))
        assert file_of(tmp_path, 1).read_bytes() == before
    assert found(store, "room") == []
    save(store, noted(store.ticket(1), "now there is room"))
    assert found(store, "room") == [1]


def test_an_index_held_by_another_program_lets_nothing_be_written(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "_BUSY_MILLISECONDS", 20)
    before = file_of(tmp_path, 1).read_bytes()
    other = sqlite3.connect(tmp_path / ".cache" / "index.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with opened(tmp_path) as mine:
            with pytest.raises(TryAgain) as caught:
                save(mine, noted(mine.ticket(1), "not now"))
            assert caught.value.exit_code == 75
            assert found(mine) == [1, 2]  # reading goes on
    finally:
        other.close()
    assert file_of(tmp_path, 1).read_bytes() == before
    save(store, noted(store.ticket(1), "now"))


def test_a_saved_document_counts_even_if_the_index_fails_then(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(indexing, "note_documents", fail)
        save(store, noted(store.ticket(1), "the parcel"))
    assert store.ticket(1).messages[-1].text == "the parcel"
    assert found(store, "parcel") == [1]
    assert store.catch_up() == 0


def test_a_file_stays_while_the_document_that_it_came_with_cannot_be_read(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    letter = Kept.of(b"From: aigul@example.com")
    with monkeypatch.context() as patched:
        patched.setattr(indexing, "note_documents", fail)
        with store.writing() as writing:
            writing.keep(letter)
            writing.put(noted(writing.ticket(1), "the parcel"))
    file_of(tmp_path, 1).write_text("{")
    save(store, noted(store.ticket(2), "work goes on"))
    with store.archived(letter.sha256) as kept:
        assert kept.read() == b"From: aigul@example.com"


def test_a_desk_whose_folder_is_gone_is_not_taken_for_empty(
    store: FileStore, tmp_path: Path
) -> None:
    tmp_path.rename(tmp_path.with_name("unmounted"))
    for attempt in (lambda: store.catch_up(), lambda: save(store, ticket(9)), store.reindex):
        with pytest.raises((Unavailable, CannotCreate)):
            attempt()
    tmp_path.with_name("unmounted").rename(tmp_path)
    assert found(store) == [1, 2]


def test_errors_are_one_line_that_says_what_to_do(store: FileStore, tmp_path: Path) -> None:
    store.close()
    shutil.rmtree(tmp_path / ".cache")
    (tmp_path / ".cache").write_text("no folder")
    with opened(tmp_path) as again, pytest.raises(HelpdeskError) as caught:
        again.catch_up()
    assert caught.value.exit_code in (69, 73)
    assert "\n" not in caught.value.message
    assert str(tmp_path) not in caught.value.message
    with pytest.raises(NotFound):
        again.ticket(9)
