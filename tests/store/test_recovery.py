"""Nothing confirmed is lost and nothing is half done, whoever dies, fails or meddles when."""

import errno
import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from helpdesk.domain.errors import CannotCreate, HelpdeskError, NotFound, TryAgain, Unavailable
from helpdesk.store import begun, connecting, durable, indexing, redo
from helpdesk.store.archive import Kept
from helpdesk.store.base import Conflict
from helpdesk.store.catching_up import CatchingUp
from helpdesk.store.files import FileStore
from helpdesk.store.folder import Documents, FileStamp, UnreadableDocument
from helpdesk.store.index import Index
from tests.store.injecting import FailingFiles, KillingFiles
from tests.store.making import answered, asked, customer, found, noted, save, ticket

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.store.making", "helpdesk.store.files", "tinydb"])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FileStore]:
    """A store whose desk has a customer and two tickets."""
    with opened(tmp_path) as made:
        save(made, customer(1), customer(2, "Нурлан"), ticket(1), ticket(2, subject="Tent"))
        made.catch_up()
        yield made


class opened(FileStore):  # noqa: N801 - reads as a verb: with opened(desk) as store
    """A store that closes with its block."""

    def __enter__(self) -> "opened":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def file_of(desk: Path, number: int, kind: str = "tickets") -> Path:
    return desk / kind / "0000" / f"{number:06d}.json"


def change_several(store: FileStore) -> None:
    """A change of a new ticket, a ticket, a customer, and one removed: all of it, or nothing."""
    with store.writing() as writing:
        writing.put(noted(writing.ticket(1), "merged"))
        writing.put(ticket(writing.new_ticket_id(), subject="merged"))
        writing.put(writing.customer(1).model_copy(update={"name": "merged"}))
        writing.remove_customer(2)


def is_old(store: FileStore) -> bool:
    """Whether the store is as before ``change_several``, in every document."""
    return (
        store.ticket(1).rev == 1
        and store.customer(1).rev == 1
        and store.customer(2).rev == 1
        and [one.id for one in store.tickets()] == [1, 2]
    )


def is_new(store: FileStore) -> bool:
    """Whether the store is as after ``change_several``, in every document."""
    return (
        store.ticket(1).messages[-1].text == "merged"
        and [one.subject for one in store.tickets()][2:] == ["merged"]
        and [one.name for one in store.customers()] == ["merged"]
    )


def assert_sound(desk: Path) -> None:
    """A new opener finds all or nothing, an index that agrees, and can go on working."""
    with opened(desk) as store:
        assert is_old(store) or is_new(store)
        store.catch_up()
        assert store.check() == []
        rows = {row.id for row in store.queue(asked())}
        assert rows == {one.id for one in store.tickets()}
        assert set(found(store, "merged")) == (set() if is_old(store) else {1, 2, 3})
        save(store, noted(store.ticket(2), "work goes on"))
        assert found(store, "goes") == [2]


# Processes that die


def change_and_be_killed(desk: Path, at: int) -> None:
    with opened(desk) as store:
        durable.files = KillingFiles(at)
        change_several(store)


def run(target: Callable[..., None], *args: Any) -> int | None:
    process = processes.Process(target=target, args=args, daemon=True)
    process.start()
    process.join(60)
    return process.exitcode


def test_a_process_killed_at_any_step_leaves_all_of_a_change_or_nothing(
    store: FileStore, tmp_path: Path
) -> None:
    seen = set()
    for at in range(1, 100):
        desk = tmp_path / f"desk {at}"
        shutil.copytree(tmp_path / "tickets", desk / "tickets")
        shutil.copytree(tmp_path / "customers", desk / "customers")
        with opened(desk) as copied:
            copied.catch_up()
        killed = run(change_and_be_killed, desk, at) == -signal.SIGKILL
        with opened(desk) as after:
            seen.add(is_new(after))
        assert_sound(desk)
        if not killed:
            break
    assert at > 20
    assert seen == {True, False}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_before_the_notes(desk: Path) -> None:
    begun.note = lambda *_: die()
    with opened(desk) as store:
        change_several(store)


def die_after_the_notes(desk: Path) -> None:
    redo.replace = lambda *_: die()
    with opened(desk) as store:
        change_several(store)


def die_before_the_rows(desk: Path) -> None:
    indexing.put = lambda *_: die()
    with opened(desk) as store:
        change_several(store)


def die_once_saved(desk: Path) -> None:
    indexing.note_documents = lambda *_: die()
    with opened(desk) as store:
        change_several(store)


def die_before_the_index_keeps_it(desk: Path) -> None:
    indexing.count_change = lambda *_: die()
    with opened(desk) as store:
        change_several(store)


def die_before_the_notes_are_cleared(desk: Path) -> None:
    begun.clear = lambda *_: die()
    with opened(desk) as store:
        change_several(store)


@pytest.mark.parametrize(
    ("dying", "new"),
    [
        (die_before_the_rows, False),
        (die_before_the_notes, False),
        (die_after_the_notes, False),
        (die_once_saved, True),
        (die_before_the_index_keeps_it, True),
        (die_before_the_notes_are_cleared, True),
    ],
)
def test_a_process_killed_around_the_index_is_put_right_by_the_next(
    store: FileStore, tmp_path: Path, dying: Callable[[Path], None], new: bool
) -> None:
    store.close()
    assert run(dying, tmp_path) == -signal.SIGKILL
    with opened(tmp_path) as after:
        assert is_new(after) is new
    assert_sound(tmp_path)


def test_what_a_dead_process_wrote_is_taken_in_by_the_next_write(
    store: FileStore, tmp_path: Path
) -> None:
    assert run(die_once_saved, tmp_path) == -signal.SIGKILL
    assert found(store, "merged") == []
    save(store, noted(store.ticket(2), "something else"))
    assert set(found(store, "merged")) == {1, 2, 3}  # the customer of all three is renamed


def test_a_note_of_numbers_that_no_document_has_stops_nobody(
    store: FileStore, tmp_path: Path
) -> None:
    lock_file = tmp_path / begun.LOCK_FILE
    lock_file.write_text("tickets 9999999999999\ncustomers 9999999999999999999\n")
    save(store, noted(store.ticket(2), "work goes on"))
    assert found(store, "goes") == [2]
    assert lock_file.read_bytes() == b""


def reply_on_and_on(desk: Path, confirmed: Connection) -> None:
    with opened(desk) as store:
        for turn in range(100_000):
            with store.writing() as writing:
                for number in (1, 2):
                    writing.put(noted(writing.ticket(number), f"turn {turn}"))
            confirmed.send(turn)


@pytest.mark.parametrize("confirmations", [1, 2, 5, 9])
def test_what_was_confirmed_survives_a_kill(
    store: FileStore, tmp_path: Path, confirmations: int
) -> None:
    store.close()
    here, there = processes.Pipe(duplex=False)
    process = processes.Process(target=reply_on_and_on, args=(tmp_path, there), daemon=True)
    process.start()
    there.close()
    for _ in range(confirmations):
        assert here.poll(60)
        here.recv()
    process.kill()
    process.join()
    last = confirmations - 1
    while here.poll():
        try:
            last = here.recv()
        except EOFError:
            break
    with opened(tmp_path) as after:
        after.catch_up()
        first, second = (
            [message.text for message in after.ticket(number).messages[2:]] for number in (1, 2)
        )
        assert first == second  # both of one change, or neither
        assert len(first) in (last + 1, last + 2)
        assert [f for f in after.check() if "left over" not in f.what] == []


def test_two_processes_that_saw_the_same_ticket_do_not_both_save_it(
    store: FileStore, tmp_path: Path
) -> None:
    seen = store.ticket(1)
    assert run(note_from_elsewhere, tmp_path) == 0
    with pytest.raises(Conflict):
        save(store, noted(seen, "too late"))
    assert store.ticket(1).messages[-1].text == "from elsewhere"
    assert found(store, "elsewhere") == [1]


def note_from_elsewhere(desk: Path) -> None:
    with opened(desk) as store:
        save(store, noted(store.ticket(1), "from elsewhere"))


# A change that was cut short


def cut_short(store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin ``change_several`` so that only its redo file and its new files are there."""

    rename = durable.Files.rename

    def rename_no_document(files: durable.Files, source: Path, target: Path) -> None:
        if target.parent != tmp_path:
            raise KeyboardInterrupt
        rename(files, source, target)

    with monkeypatch.context() as patched:
        patched.setattr(durable.Files, "rename", rename_no_document)
        with pytest.raises(KeyboardInterrupt):
            change_several(store)
    assert (tmp_path / redo.REDO_FILE).exists()


def test_a_change_cut_short_is_finished_by_whoever_opens_next(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(store, tmp_path, monkeypatch)
    assert is_old(store)
    with opened(tmp_path) as after:
        assert is_new(after)
    assert not (tmp_path / redo.REDO_FILE).exists()
    assert_sound(tmp_path)


def test_a_change_cut_short_is_finished_before_the_next_write(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(store, tmp_path, monkeypatch)
    with store.writing() as writing:
        assert writing.ticket(1).messages[-1].text == "merged"
    assert is_new(store)
    assert set(found(store, "merged")) == {1, 2, 3}


def test_what_cannot_be_read_in_the_place_of_a_document_gives_way_to_a_change_cut_short(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(store, tmp_path, monkeypatch)
    place = tmp_path / "tickets" / "0000" / "000001.json"
    place.unlink()
    place.symlink_to(place.name)
    with opened(tmp_path) as after:
        assert is_new(after)
    assert_sound(tmp_path)


def test_finishing_twice_is_as_good_as_once(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(store, tmp_path, monkeypatch)
    plan = (tmp_path / redo.REDO_FILE).read_bytes()
    redo.finish(tmp_path)
    (tmp_path / redo.REDO_FILE).write_bytes(plan)
    redo.finish(tmp_path)
    assert not (tmp_path / redo.SET_ASIDE).exists()
    assert is_new(store)


@pytest.mark.parametrize(
    "plan",
    [
        b"",
        b"{",
        b"[]",
        b'{"write": [1], "remove": []}',
        b'{"write": [{"source": "a", "target": "tickets/0000/000001.json", "sha256": "",'
        b' "rev": "1"}], "remove": []}',
        b"[" * 100_000,
    ],
    ids=lambda plan: repr(plan[:20]),
)
def test_a_redo_file_that_cannot_be_read_is_set_aside_and_reported(
    store: FileStore, tmp_path: Path, plan: bytes
) -> None:
    (tmp_path / redo.REDO_FILE).write_bytes(plan)
    save(store, noted(store.ticket(1), "work goes on"))
    assert (tmp_path / redo.SET_ASIDE).read_bytes() == plan
    assert [fault.place for fault in store.check(repair=True)] == [redo.SET_ASIDE]


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_redo_file_that_is_no_plain_file_is_set_aside(
    store: FileStore, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / redo.REDO_FILE)
    save(store, noted(store.ticket(1), "work goes on"))
    assert os.path.lexists(tmp_path / redo.SET_ASIDE)


def test_a_redo_file_never_reaches_out_of_the_desk(store: FileStore, tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside"
    outside.write_text("precious")
    plan = {"format": 1, "write": [], "remove": ["../outside", str(outside)]}
    (tmp_path / redo.REDO_FILE).write_text(json.dumps(plan))
    save(store, noted(store.ticket(1), "work goes on"))
    assert outside.read_text() == "precious"


def test_a_change_whose_new_files_were_taken_away_is_set_aside_and_reported(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(store, tmp_path, monkeypatch)
    next((tmp_path / "tickets" / "0000").glob(".000001*.tmp")).unlink()
    save(store, noted(store.ticket(2), "work goes on"))
    assert (tmp_path / redo.SET_ASIDE).exists()
    assert redo.SET_ASIDE in [fault.place for fault in store.check()]


# A disk that fails


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


# Hands that meddle


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


# An index that is lost


def test_a_desk_copied_without_its_index_is_built_up(store: FileStore, tmp_path: Path) -> None:
    for kind in ("tickets", "customers"):
        shutil.copytree(tmp_path / kind, tmp_path / "copy" / kind)
    with opened(tmp_path / "copy") as copied:
        assert copied.catch_up() == 4
        assert found(copied) == [1, 2]
        assert copied.check() == []


def test_a_copied_index_is_not_trusted_as_it_may_be_of_two_states(
    store: FileStore, tmp_path: Path
) -> None:
    copy = tmp_path.with_name("copy of the desk")
    shutil.copytree(tmp_path, copy, symlinks=True)
    with sqlite3.connect(copy / ".cache" / "index.sqlite") as db:
        db.execute("DELETE FROM promises")
    db.close()
    with opened(copy) as copied:
        assert copied.catch_up() == 4
        assert len(list(copied.promises(asked()))) == 2
        assert copied.check() == []
        copied.close()
    with opened(copy) as again:
        assert again.catch_up() == 0


def test_a_desk_that_is_moved_keeps_its_index(store: FileStore, tmp_path: Path) -> None:
    store.close()
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    with opened(moved) as again:
        assert found(again) == [1, 2]
        assert again.catch_up() == 0
    moved.rename(tmp_path)


def test_a_redo_file_in_a_copy_puts_no_older_document_over_a_newer(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(store, tmp_path, monkeypatch)
    copy = tmp_path.with_name("copy")
    copy.mkdir()
    shutil.copy(tmp_path / redo.REDO_FILE, copy)
    shutil.copytree(tmp_path / "customers", copy / "customers")
    left = next((tmp_path / "tickets" / "0000").glob(".000001*.tmp"))
    left_then = left.read_bytes()
    with store.writing() as writing:  # finishes the change first
        writing.put(noted(writing.ticket(1), "later"))
    shutil.copytree(tmp_path / "tickets", copy / "tickets")
    (copy / "tickets" / "0000" / left.name).write_bytes(left_then)
    with opened(copy) as copied:
        assert copied.ticket(1).messages[-1].text == "later"
        assert [message.text for message in copied.ticket(1).messages[-2:]] == ["merged", "later"]
        assert [one.name for one in copied.customers()] == ["merged"]
        copied.catch_up()
        assert copied.check() == []


def garbage(desk: Path) -> None:
    (desk / ".cache" / "index.sqlite").resolve().write_bytes(b"garbage " * 4000)


def torn(desk: Path) -> None:
    path = (desk / ".cache" / "index.sqlite").resolve()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)


def emptied(desk: Path) -> None:
    (desk / ".cache" / "index.sqlite").resolve().write_bytes(b"")


def without_its_file(desk: Path) -> None:
    (desk / ".cache" / "index.sqlite").resolve().unlink()


def without_its_link(desk: Path) -> None:
    (desk / ".cache" / "index.sqlite").unlink()


def without_its_folder(desk: Path) -> None:
    shutil.rmtree(desk / ".cache")


def without_knowing_what_it_holds(desk: Path) -> None:
    with sqlite3.connect(desk / ".cache" / "index.sqlite") as db:
        db.execute("DELETE FROM documents")
        db.execute("DELETE FROM folders")
        db.execute("DELETE FROM meta WHERE key LIKE 'next%'")
    db.close()


def of_another_version(desk: Path) -> None:
    with sqlite3.connect(desk / ".cache" / "index.sqlite") as db:
        db.execute("PRAGMA user_version = 999999")
    db.close()


LOST = [
    garbage, torn, emptied, without_its_file, without_its_link, without_its_folder,
    of_another_version,
]  # fmt: skip


@pytest.mark.parametrize("lose", [*LOST, without_knowing_what_it_holds])
def test_an_index_that_was_lost_is_built_anew_at_the_next_opening(
    store: FileStore, tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    store.close()
    lose(tmp_path)
    with opened(tmp_path) as again:
        assert again.catch_up() == 4
        assert found(again) == [1, 2]
        assert again.check() == []
    assert len(list((tmp_path / ".cache").glob("index-*.sqlite"))) == 1


def test_torn_pages_of_an_index_are_noticed_and_mended(store: FileStore, tmp_path: Path) -> None:
    with opened(tmp_path) as checkpointing:
        checkpointing._keeping.index.rewrite()
    store._keeping.index.close()
    torn(tmp_path)
    with opened(tmp_path) as again:
        again._keeping._opened = True
        assert found(again, "tent") == [2]
    torn(tmp_path)
    with opened(tmp_path) as again:
        again._keeping._opened = True
        save(again, noted(again.ticket(1), "work goes on"))
        assert found(again, "goes") == [1]
        assert again.check() == []
    torn(tmp_path)
    with opened(tmp_path) as again:
        assert [fault.repaired for fault in again.check(repair=True)] == [True]
        assert again.check() == []


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE tickets SET rank = 77",
        "UPDATE tickets SET channel = 'pigeon'",
        "UPDATE tickets SET due = 9223372036854775807",
        "UPDATE tickets SET subject = CAST(x'ff5a' AS TEXT)",
        "UPDATE customers SET name = CAST(x'ff5a' AS TEXT)",
        "UPDATE promises SET outcome = 'forgotten'",
    ],
)
def test_an_index_that_says_what_no_document_can_say_is_built_anew(
    store: FileStore, tmp_path: Path, spoil: str
) -> None:
    with sqlite3.connect(tmp_path / ".cache" / "index.sqlite") as db:
        db.execute(spoil)
    db.close()
    if "promises" in spoil:
        with pytest.raises(TryAgain, match="built anew"):
            list(store.promises(asked()))
    assert sorted(row.subject for row in store.queue(asked())) == sorted(
        one.subject for one in store.tickets()
    )
    assert [row.outcome for row in store.promises(asked())] == ["open", "open"]
    assert [row.name for row in store.list_customers()] == [one.name for one in store.customers()]
    assert store.check() == []


@pytest.mark.parametrize("lose", LOST)
def test_who_writes_first_to_a_lost_index_loses_nothing(
    store: FileStore, tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    store.close()
    lose(tmp_path)
    with opened(tmp_path) as again:
        with again.writing() as writing:
            assert (writing.new_ticket_id(), writing.new_customer_id()) == (3, 3)
            writing.put(ticket(3, subject="New"))
        assert found(again) == [3]
        assert again.catch_up() == 4
        assert set(found(again)) == {1, 2, 3}
        assert again.check() == []


@pytest.mark.parametrize(
    "lose",
    [garbage, emptied, without_its_file, without_its_link, without_its_folder, of_another_version],
)
def test_an_index_lost_under_an_open_desk_is_built_anew(
    store: FileStore, tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    found(store)
    lose(tmp_path)
    if lose is of_another_version:
        store._keeping.index._drop_idle()
    version = store.version()
    assert found(store) == [1, 2]
    save(store, noted(store.ticket(1), "work goes on"))
    assert store.version() != version
    assert found(store, "goes") == [1]


def test_an_index_built_anew_is_used_by_everybody_who_has_the_desk_open(
    store: FileStore, tmp_path: Path
) -> None:
    with opened(tmp_path) as other:
        assert found(other) == [1, 2]
        version = other.version()
        store.reindex()
        assert other.version() != version
        save(store, noted(store.ticket(1), "in the new one"))
        assert found(other, "new") == [1]
        save(other, noted(other.ticket(2), "new as well"))
        assert set(found(store, "new")) == {1, 2}
    assert len(list((tmp_path / ".cache").glob("index-*.sqlite"))) == 1


def test_what_is_written_while_an_index_is_built_is_in_it(store: FileStore, tmp_path: Path) -> None:
    with opened(tmp_path) as other:

        def write_meanwhile(done: int, total: int) -> None:
            if other.ticket(1).rev == 1:
                save(other, noted(other.ticket(1), "meanwhile"), ticket(3))

        store.reindex(write_meanwhile)
        assert found(store, "meanwhile") == [1]
        assert set(found(store)) == {1, 2, 3}
        assert store.check() == []


def test_two_who_build_the_index_at_once_end_with_one(store: FileStore, tmp_path: Path) -> None:
    with opened(tmp_path) as other:

        def build_too(done: int, total: int) -> None:
            if not ready:
                ready.append(other.reindex())

        ready: list[int] = []
        assert store.reindex(build_too) == 4
        assert ready == [4]
        save(other, noted(other.ticket(1), "after both"))
        assert found(store, "after") == [1]
        assert store.check() == []
    assert len(list((tmp_path / ".cache").glob("index-*.sqlite"))) == 1


def test_who_begins_to_build_the_index_as_another_ends_goes_on_with_that_one(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = Index._create
    with opened(tmp_path) as other:

        def late(self: Index) -> None:
            monkeypatch.undo()
            other.reindex()
            create(self)

        monkeypatch.setattr(Index, "_create", late)
        assert store.reindex() == 4
        assert store.check() == []
    assert len(list((tmp_path / ".cache").glob("index-*.sqlite"))) == 1


def test_numbers_are_not_used_again_though_the_index_is_lost(
    store: FileStore, tmp_path: Path
) -> None:
    save(store, customer(3))
    for number in (3, 2):
        with store.writing() as writing:
            writing.remove_customer(number)
    store.close()
    without_its_folder(tmp_path)
    with opened(tmp_path) as again:
        with again.writing() as writing:
            assert writing.new_customer_id() == 4
        again.catch_up()
        with again.writing() as writing:
            assert writing.new_customer_id() == 4


def test_a_number_that_was_told_is_not_used_again_though_ticket_and_index_are_gone(
    store: FileStore, tmp_path: Path
) -> None:
    with store.writing() as writing:
        number = writing.new_ticket_id()
        writing.put(ticket(number))
    store.close()
    file_of(tmp_path, number).unlink()
    without_its_folder(tmp_path)
    with opened(tmp_path) as again:
        again.catch_up()
        with again.writing() as writing:
            assert writing.new_ticket_id() == number + 1
        (fault,) = again.check()
        assert fault.place == f"tickets/0000/{number:06}.json"


NESTED = "[" * 100_000


@pytest.mark.parametrize(
    "note",
    ["", "{", "[]", '{"tickets": "9"}', '{"tickets": 1e3}', '{"tickets": 9999999999999}',
     "\x00" * 9, "x" * 999, NESTED],
    ids=lambda note: repr(note[:20]),
)  # fmt: skip
def test_a_note_of_the_numbers_given_that_says_nothing_hinders_nobody(
    store: FileStore, tmp_path: Path, note: str
) -> None:
    (tmp_path / "given.json").write_text(note)
    with store.writing() as writing:
        number = writing.new_ticket_id()
        writing.put(ticket(number))
    assert json.loads((tmp_path / "given.json").read_text()) == {"tickets": number}


def test_a_pipe_in_the_place_of_that_note_holds_nobody_up(store: FileStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "given.json")
    # Whoever opened it to read would wait here for ever.
    with store.writing() as writing:
        writing.put(ticket(writing.new_ticket_id()))
    assert store.check() == []


def test_a_ticket_that_was_not_saved_was_given_no_number(store: FileStore, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), store.writing() as writing:
        writing.put(ticket(writing.new_ticket_id()))
        raise RuntimeError
    assert not (tmp_path / "given.json").exists()


@pytest.mark.parametrize("text", ["{", NESTED], ids=lambda text: repr(text[:20]))
def test_numbers_that_cannot_be_read_stop_a_new_number_and_nothing_else(
    store: FileStore, tmp_path: Path, text: str
) -> None:
    (tmp_path / "numbers.json").write_text(text)
    save(store, noted(store.ticket(1), "work goes on"))
    with pytest.raises(Unavailable, match=r"^numbers.json cannot be read"), store.writing() as w:
        w.new_ticket_id()
    assert "numbers.json" in [fault.place for fault in store.check()]


# Documents that cannot be read


UNREADABLE = {
    "broken": ("{", "no JSON at line 1 column 2"),
    "a field of a wrong type": ('{"id": 2, "customer": "Sekret"}', "customer"),
    "a field that nobody knows": (None, "Sekret"),
    "an id that is another's": ('{"id": 1}', "the id inside is not that of the file"),
    "from a newer version": ('{"id": 2, "format": 99}', "newer"),
}


@pytest.mark.parametrize("name", sorted(set(UNREADABLE) - {"a field that nobody knows"}))
def test_a_document_that_cannot_be_read_is_set_aside(
    store: FileStore, tmp_path: Path, name: str
) -> None:
    text, reason = UNREADABLE[name]
    path = file_of(tmp_path, 2)
    path.write_text(text or "", "utf-8")
    assert store.catch_up() == 1
    (fault,) = store.unreadable()
    assert fault.place == "tickets/0000/000002.json"
    assert reason in fault.what
    assert "Sekret" not in fault.what
    assert found(store) == [1]
    assert [one.id for one in store.tickets()] == [1]
    with pytest.raises(UnreadableDocument) as caught:
        store.ticket(2)
    assert caught.value.exit_code == 65
    assert caught.value.message.startswith("tickets/0000/000002.json cannot be read")
    assert "Sekret" not in caught.value.message
    assert store.catch_up(thorough=True) == 0
    assert store.reindex() == 4
    assert [fault.place for fault in store.unreadable()] == ["tickets/0000/000002.json"]


def test_a_document_that_cannot_be_read_is_never_written_over(
    store: FileStore, tmp_path: Path
) -> None:
    seen = store.ticket(2)
    path = file_of(tmp_path, 2)
    path.write_text("precious, though broken", "utf-8")
    attempts: list[Callable[[Any], object]] = [
        lambda writing: writing.put(noted(seen, "over it")),
        lambda writing: writing.put(ticket(2)),
        lambda writing: writing.ticket(2),
    ]
    for attempt in attempts:
        with pytest.raises(UnreadableDocument), store.writing() as writing:
            writing.put(noted(writing.ticket(1), "together with it"))
            attempt(writing)
    store.catch_up()
    store.check(repair=True)
    store.reindex()
    assert path.read_text("utf-8") == "precious, though broken"
    assert store.ticket(1).rev == 1
    with store.writing() as writing:
        assert writing.new_ticket_id() == 3


def test_a_document_that_is_mended_comes_back(store: FileStore, tmp_path: Path) -> None:
    path = file_of(tmp_path, 2)
    text = path.read_text("utf-8")
    path.write_text("{", "utf-8")
    store.catch_up()
    path.write_text(text, "utf-8")
    assert store.catch_up() == 1
    assert store.unreadable() == []
    assert found(store) == [1, 2]


def test_a_customer_that_cannot_be_read_is_never_removed(store: FileStore, tmp_path: Path) -> None:
    path = file_of(tmp_path, 2, "customers")
    path.write_text("precious", "utf-8")
    with pytest.raises(UnreadableDocument), store.writing() as writing:
        writing.remove_customer(2)
    assert path.exists()


def test_a_document_with_an_impossible_number_does_not_stop_the_others(
    store: FileStore, tmp_path: Path
) -> None:
    fields = json.loads(file_of(tmp_path, 2).read_text("utf-8"))
    fields["customer"] = 10**30
    file_of(tmp_path, 2).write_text(json.dumps(fields), "utf-8")
    folder = tmp_path / "tickets" / ("9" * 30)
    folder.mkdir()
    (folder / ("9" * 33 + ".json")).write_text("{}")
    store.catch_up()
    assert found(store) == [1]
    assert [fault.place for fault in store.unreadable()] == ["tickets/0000/000002.json"]


# Erasing


def test_nothing_of_an_erased_person_is_left_in_the_folder(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_open = connecting.connect

    def open_careless(file: Path, **how: bool) -> sqlite3.Connection:
        connection = really_open(file, **how)
        connection.execute("PRAGMA secure_delete = OFF")  # as most builds of SQLite have it
        return connection

    monkeypatch.setattr(connecting, "connect", open_careless)
    store._keeping.index._drop_idle()
    save(
        store,
        customer(3, "Xanthippe", emails=[{"address": "xanthippe@example.com"}]),
        answered(ticket(3, 3, text="I am xanthippe and live in Babadag. " * 3000), 1),
    )
    assert traces(tmp_path, b"xanthippe", b"babadag")
    with store.writing() as writing:
        blank = {"customer": None, "erased": True, "subject": "", "messages": ()}
        writing.put(writing.ticket(3).model_copy(update=blank))
        writing.remove_customer(3)
    leftover = tmp_path / "customers" / "0000" / ".000003.json.0a1b.tmp"
    leftover.write_text("Xanthippe")
    (tmp_path / ".cache" / "index-0a1b.sqlite-wal").write_text("Xanthippe")
    store.forget()
    assert traces(tmp_path, b"xanthippe", b"babadag") == []
    assert found(store) == [1, 2, 3]


def traces(desk: Path, *words: bytes) -> list[Path]:
    return [
        path
        for path in desk.rglob("*")
        if path.is_file() and any(word in path.read_bytes().lower() for word in words)
    ]


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
