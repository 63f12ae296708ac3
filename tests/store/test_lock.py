"""One writer at a time, and no lock left behind by the dead."""

import errno
import multiprocessing
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from helpdesk.domain.errors import CannotCreate, HelpdeskError, TryAgain
from helpdesk.store import durable
from helpdesk.store.lock import WriterLock

SPAWN = multiprocessing.get_context("spawn")


def hold_until_told(path: Path, pipe: Connection) -> None:
    with WriterLock(path):
        pipe.send("held")
        pipe.recv()
    pipe.send("let go")


def count_up(path: Path, counter: Path, times: int) -> None:
    lock = WriterLock(path)
    for _ in range(times):
        with lock:
            counter.write_text(str(int(counter.read_text()) + 1))


def test_a_second_process_is_told_to_try_again_and_gets_the_lock_when_it_is_free(
    tmp_path: Path,
) -> None:
    here, there = SPAWN.Pipe()
    other = SPAWN.Process(daemon=True, target=hold_until_told, args=(tmp_path / ".lock", there))
    other.start()
    assert here.recv() == "held"
    with pytest.raises(TryAgain) as caught, WriterLock(tmp_path / ".lock", timeout=0.05):
        raise AssertionError("two writers at once")
    assert caught.value.message.startswith("the desk is busy: ")
    assert "try again" in caught.value.message
    assert caught.value.exit_code == 75
    here.send("go on")
    assert here.recv() == "let go"
    with WriterLock(tmp_path / ".lock", timeout=0):
        pass
    other.join()


def test_who_waits_gets_the_lock_once_it_is_let_go(tmp_path: Path) -> None:
    lock, got_it = WriterLock(tmp_path / ".lock"), threading.Event()

    def wait_for_it() -> None:
        with WriterLock(tmp_path / ".lock"):
            got_it.set()

    with lock:
        waiting = threading.Thread(target=wait_for_it)
        waiting.start()
        assert not got_it.wait(0.02)
    assert got_it.wait(5)
    waiting.join()


def test_a_writer_that_was_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    here, there = SPAWN.Pipe()
    other = SPAWN.Process(daemon=True, target=hold_until_told, args=(tmp_path / ".lock", there))
    other.start()
    assert here.recv() == "held"
    other.kill()
    other.join()
    with WriterLock(tmp_path / ".lock", timeout=0):
        pass


def test_a_child_started_meanwhile_does_not_keep_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inherited: list[int] = []

    class Forking(durable.Files):
        def open_lock(self, path: Path) -> int:
            descriptor = super().open_lock(path)
            inherited.append(os.dup(descriptor))
            return descriptor

    with monkeypatch.context() as patch:
        patch.setattr(durable, "files", Forking())
        with WriterLock(tmp_path / ".lock"):
            pass
    with WriterLock(tmp_path / ".lock", timeout=0):
        pass
    os.close(inherited[0])


def test_processes_that_count_up_together_lose_no_step(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    args = (tmp_path / ".lock", counter, 100)
    others = [SPAWN.Process(daemon=True, target=count_up, args=args) for _ in range(2)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert [other.exitcode for other in others] == [0, 0]
    assert counter.read_text() == "200"


def test_threads_that_share_one_lock_lose_no_step(tmp_path: Path) -> None:
    lock, total = WriterLock(tmp_path / ".lock", timeout=5), [0]

    def count() -> None:
        for _ in range(200):
            with lock:
                seen = total[0]
                os.sched_yield()
                total[0] = seen + 1

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total == [600]


def test_an_error_inside_lets_the_lock_go(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / ".lock", timeout=0)
    with pytest.raises(RuntimeError, match="stumbled"), lock:
        raise RuntimeError("stumbled")
    with lock:
        pass


def test_after_a_time_out_the_same_lock_can_be_tried_again(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / ".lock", timeout=0)
    with WriterLock(tmp_path / ".lock"):
        for _ in range(2):
            with pytest.raises(TryAgain):
                lock.__enter__()
    with lock:
        pass


def test_a_thread_that_holds_the_lock_keeps_the_others_out(tmp_path: Path) -> None:
    lock, refused = WriterLock(tmp_path / ".lock", timeout=0.01), []

    def try_it() -> None:
        try:
            lock.__enter__()
        except TryAgain as error:
            refused.append(error)

    with lock:
        other = threading.Thread(target=try_it)
        other.start()
        other.join()
    assert len(refused) == 1


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EMFILE])
def test_a_lock_file_that_cannot_be_opened_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    class ReadOnly(durable.Files):
        def open_lock(self, path: Path) -> int:
            raise OSError(number, os.strerror(number))

    lock = WriterLock(tmp_path / ".lock")
    with monkeypatch.context() as patch:
        patch.setattr(durable, "files", ReadOnly())
        with pytest.raises(HelpdeskError, match=r"^cannot write \.lock: [^\n]+; [^\n]+$") as told:
            lock.__enter__()
        assert told.value.exit_code == (77 if number == errno.EACCES else 73)
    with lock:
        pass


def test_a_desk_that_is_not_there_is_not_made_by_locking_it(tmp_path: Path) -> None:
    with pytest.raises(CannotCreate):
        WriterLock(tmp_path / "gone" / ".lock").__enter__()
    assert not (tmp_path / "gone").exists()


def test_the_lock_of_a_shared_desk_can_be_taken_by_the_whole_group(tmp_path: Path) -> None:
    tmp_path.chmod(0o2770)
    old = os.umask(0o077)
    try:
        with WriterLock(tmp_path / ".lock"):
            pass
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / ".lock").stat().st_mode) == 0o660


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / ".lock", timeout=0)
    with lock:
        pass
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with lock, pytest.raises(TryAgain):
            WriterLock(tmp_path / ".lock", timeout=0).__enter__()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.fixture
def queueing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WriterLock]:
    """The lock, held by somebody; who waits stands in the system's queue at once."""
    monkeypatch.setattr("helpdesk.store.lock._LONG", 0.0)
    with WriterLock(tmp_path / ".lock") as held:
        yield held
    wait_until(lambda: turns() == 0)


def turns() -> int:
    """How many threads stand in the queue."""
    return sum(thread.name == "turn" for thread in threading.enumerate())


def waiting(path: Path) -> int:
    """How many the system knows that wait for the lock."""
    held = Path("/proc/locks").read_text().splitlines()
    return sum(" -> " in line and f":{path.stat().st_ino} " in line for line in held)


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.001)


def test_who_has_waited_long_is_served_in_turn(queueing: WriterLock, tmp_path: Path) -> None:
    path, served = tmp_path / ".lock", []

    def wait_for_it(number: int) -> None:
        with WriterLock(path):
            served.append(number)

    threads = []
    for number in range(4):
        threads.append(threading.Thread(target=wait_for_it, args=(number,)))
        threads[-1].start()
        wait_until(lambda: waiting(path) == len(threads))
    queueing.__exit__(None, None, None)
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3]
    queueing.__enter__()


def test_who_gives_up_his_place_in_the_queue_holds_up_nobody(
    queueing: WriterLock, tmp_path: Path
) -> None:
    path = tmp_path / ".lock"
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with pytest.raises(TryAgain), WriterLock(path, timeout=0.02):
            raise AssertionError("two writers at once")
    assert turns() == waiting(path) == 3
    queueing.__exit__(None, None, None)
    wait_until(lambda: turns() == 0)
    queueing.__enter__()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_place_in_the_queue_that_cannot_be_had_is_no_error_of_its_own(
    queueing: WriterLock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_more)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(TryAgain), WriterLock(tmp_path / ".lock", timeout=0.02):
        raise AssertionError("two writers at once")
    assert len(list(Path("/proc/self/fd").iterdir())) == before
