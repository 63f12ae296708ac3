"""Whoever dies when, all of a change is there or nothing, and what was confirmed stays."""

import shutil
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from helpdesk.store import begun, durable, indexing, redo
from helpdesk.store.base import Conflict
from helpdesk.store.files import FileStore
from tests.store.injecting import KillingFiles
from tests.store.making import found, noted, save
from tests.store.programs import die, note_from_elsewhere, opened, processes, run
from tests.store.recovery.changes import assert_sound, change_several, is_new


def change_and_be_killed(desk: Path, at: int) -> None:
    with opened(desk) as store:
        durable.files = KillingFiles(at)
        change_several(store)


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
