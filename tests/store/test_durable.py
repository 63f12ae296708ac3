"""A file is whole, old or new, whatever fails or dies while it is written."""

import errno
import multiprocessing
import os
import signal
import stat
from pathlib import Path

import pytest

from helpdesk.domain.errors import CannotCreate, NotPermitted
from helpdesk.store import durable


class Died(BaseException):
    """The process or the machine stopped here."""


class FailingFiles(durable.Files):
    """A disk that fails at the nth operation, once or for good, and notes every operation."""

    def __init__(self, at: int, error: BaseException, for_good: bool = False) -> None:
        self.at = at
        self.error = error
        self.for_good = for_good
        self.done: list[tuple[str, str]] = []

    def _step(self, name: str, what: str) -> None:
        self.done.append((name, what))
        if len(self.done) == self.at or (self.for_good and len(self.done) > self.at):
            raise self.error

    def open_new(self, path: Path) -> int:
        self._step("open", path.name)
        return super().open_new(path)

    def write(self, descriptor: int, data: bytes) -> None:
        super().write(descriptor, data[: len(data) // 2])
        self._step("write", "")
        super().write(descriptor, data[len(data) // 2 :])

    def fsync(self, descriptor: int) -> None:
        self._step("fsync", "")
        super().fsync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        self._step("rename", target.name)
        super().rename(source, target)

    def unlink(self, path: Path) -> None:
        self._step("unlink", path.name)
        super().unlink(path)

    def mkdir(self, path: Path) -> None:
        self._step("mkdir", path.name)
        super().mkdir(path)

    def fsync_dir(self, folder: Path) -> None:
        self._step("fsync_dir", folder.name)
        super().fsync_dir(folder)


def failing(
    monkeypatch: pytest.MonkeyPatch, at: int, error: BaseException, for_good: bool = False
) -> FailingFiles:
    disk = FailingFiles(at, error, for_good)
    monkeypatch.setattr(durable, "files", disk)
    return disk


def disk_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_is_written_synced_renamed_and_its_folder_synced_in_that_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = failing(monkeypatch, 0, Died())
    durable.write_file(tmp_path / "ticket", b"hello")
    assert [name for name, _ in disk.done] == ["open", "write", "fsync", "rename", "fsync_dir"]
    assert (tmp_path / "ticket").read_bytes() == b"hello"
    assert names(tmp_path) == ["ticket"]


def test_while_it_is_written_a_file_has_a_hidden_name_that_says_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = failing(monkeypatch, 0, Died())
    durable.write_file(tmp_path / "ticket", b"hello")
    assert durable.is_leftover(disk.done[0][1])
    assert disk.done[0][1].startswith(".ticket.")
    assert not durable.is_leftover("ticket")


@pytest.mark.parametrize("at", range(1, 6))
def test_a_machine_that_stops_at_any_step_leaves_the_old_or_the_new_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    path = tmp_path / "ticket"
    path.write_bytes(b"old " * 1000)
    failing(monkeypatch, at, Died(), for_good=True)
    with pytest.raises(Died):
        durable.write_file(path, b"new " * 2000)
    assert path.read_bytes() == (b"old " * 1000 if at <= 4 else b"new " * 2000)
    assert all(name == "ticket" or durable.is_leftover(name) for name in names(tmp_path))


@pytest.mark.parametrize(
    ("number", "code", "advice"),
    [
        (errno.ENOSPC, 73, "No space left on device; free some space on the disk and try again"),
        (errno.EDQUOT, 73, "quota"),
        (errno.EROFS, 73, "mount the disk of the desk for writing"),
        (errno.EACCES, 77, "Permission denied; ask whoever runs the desk"),
        (errno.EPERM, 77, "ask whoever runs the desk"),
        (errno.EMFILE, 73, "raise the limit of open files"),
        (errno.EIO, 73, "check the disk"),
    ],
)
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_disk_that_refuses_changes_nothing_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, number: int, code: int, advice: str
) -> None:
    path = tmp_path / "tickets" / "ticket"
    path.parent.mkdir()
    path.write_bytes(b"old")
    failing(monkeypatch, at, disk_error(number))
    with pytest.raises((CannotCreate, NotPermitted)) as caught:
        durable.write_file(path, b"new", desk=tmp_path)
    assert path.read_bytes() == b"old"
    assert names(path.parent) == ["ticket"]
    assert caught.value.message.startswith("cannot write tickets/ticket: ")
    assert advice in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.exit_code == code


def test_a_folder_that_cannot_be_synced_is_reported_as_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, 5, disk_error(errno.EIO))
    with pytest.raises(CannotCreate):
        durable.write_file(tmp_path / "ticket", b"new")


def test_of_several_files_none_is_replaced_before_all_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / name for name in "abc"]
    for path in paths:
        path.write_bytes(b"old")
    failing(monkeypatch, 8, disk_error(errno.ENOSPC))
    with pytest.raises(CannotCreate, match="cannot write c: "):
        pending = durable.prepare(((path, b"new") for path in paths), desk=tmp_path)
        durable.put_in_place(pending, desk=tmp_path)
    assert [path.read_bytes() for path in paths] == [b"old"] * 3
    assert names(tmp_path) == ["a", "b", "c"]


def test_several_files_sync_each_folder_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / folder / name for folder in ("one", "two") for name in "ab"]
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    disk = failing(monkeypatch, 0, Died())
    durable.put_in_place(durable.prepare((path, path.name.encode()) for path in paths))
    assert [path.read_bytes() for path in paths] == [b"a", b"b", b"a", b"b"]
    assert disk.done[-2:] == [("fsync_dir", "one"), ("fsync_dir", "two")]
    assert [name for name, _ in disk.done].count("fsync_dir") == 2


def test_a_file_is_removed_for_good_and_may_be_gone_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ticket").write_bytes(b"old")
    disk = failing(monkeypatch, 0, Died())
    durable.remove_file(tmp_path / "ticket")
    durable.remove_file(tmp_path / "ticket")
    assert names(tmp_path) == []
    assert [name for name, _ in disk.done] == ["unlink", "fsync_dir"] * 2


def test_a_file_that_may_not_be_removed_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ticket").write_bytes(b"old")
    failing(monkeypatch, 1, disk_error(errno.EACCES))
    with pytest.raises(NotPermitted, match="cannot write ticket: Permission denied; ask"):
        durable.remove_file(tmp_path / "ticket", desk=tmp_path)
    assert names(tmp_path) == ["ticket"]


@pytest.mark.parametrize(
    "number", [errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO]
)
def test_of_a_place_that_somebody_chose_the_advice_never_speaks_of_the_desk(
    tmp_path: Path, number: int
) -> None:
    told = durable.refusal(disk_error(number), tmp_path / "seam.jpg", None).message
    assert told.startswith(f"cannot write {tmp_path}/seam.jpg: {os.strerror(number)}; ")
    assert "name another place" in told
    assert "desk" not in told.removeprefix(f"cannot write {tmp_path}")


def test_folders_are_made_durable_from_the_top_but_never_the_desk_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = failing(monkeypatch, 0, Died())
    durable.make_folders(tmp_path / "tickets" / "0000", tmp_path)
    assert disk.done == [
        ("mkdir", "tickets"),
        ("fsync_dir", tmp_path.name),
        ("mkdir", "0000"),
        ("fsync_dir", "tickets"),
    ]
    unmounted = tmp_path / "unmounted"
    with pytest.raises(CannotCreate, match="check that the folder of the desk is there"):
        durable.make_folders(unmounted / "tickets", unmounted)
    assert not unmounted.exists()


def test_in_a_private_folder_a_file_follows_the_umask(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    old = os.umask(0o077)
    try:
        durable.write_file(tmp_path / "ticket", b"hello")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "ticket").stat().st_mode) == 0o600


def test_what_is_in_the_working_folder_may_be_named_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    durable.write_file(Path("ticket"), b"hello")
    os.close(durable.files.open_lock(Path(".lock")))
    assert sorted(each.name for each in tmp_path.iterdir()) == [".lock", "ticket"]


def test_on_a_desk_shared_by_a_group_a_private_umask_locks_nobody_out(tmp_path: Path) -> None:
    tmp_path.chmod(0o2770)
    old = os.umask(0o077)
    try:
        durable.make_folders(tmp_path / "tickets" / "0000", tmp_path)
        durable.write_file(tmp_path / "tickets" / "0000" / "ticket", b"hello")
    finally:
        os.umask(old)
    folder = tmp_path / "tickets" / "0000"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o2770
    assert stat.S_IMODE((folder / "ticket").stat().st_mode) == 0o660


class KillingFiles(FailingFiles):
    """A process that is killed at the nth operation, in the middle of it if it writes."""

    def _step(self, name: str, what: str) -> None:
        self.done.append((name, what))
        if len(self.done) == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def write_and_be_killed(path: Path, at: int) -> None:
    durable.files = KillingFiles(at, Died())
    durable.write_file(path, b"new " * 500_000)


@pytest.mark.parametrize("at", range(1, 6))
def test_a_process_killed_at_any_step_leaves_the_old_or_the_new_whole(
    tmp_path: Path, at: int
) -> None:
    path = tmp_path / "ticket"
    path.write_bytes(b"old " * 300_000)
    spawn = multiprocessing.get_context("spawn")
    writer = spawn.Process(target=write_and_be_killed, args=(path, at), daemon=True)
    writer.start()
    writer.join()
    assert writer.exitcode == -signal.SIGKILL
    assert path.read_bytes() == (b"old " * 300_000 if at <= 4 else b"new " * 500_000)
    assert all(name == "ticket" or durable.is_leftover(name) for name in names(tmp_path))


def test_who_is_reading_the_old_goes_on_reading_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "ticket"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        durable.write_file(path, b"new and longer")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new and longer"
