"""The files of one agent: private, whole at any moment, the newest word wins."""

import errno
import os
import stat
from pathlib import Path

import pytest

from helpdesk.domain.errors import CannotCreate, Unavailable
from helpdesk.store import durable
from helpdesk.store.personal import FOLDER, Personal, everybody, folder_name

NAME = "drafts/new-00000001.json"


@pytest.fixture
def mine(desk_path: Path) -> Personal:
    return Personal(desk_path, "aibek")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class Meddling(durable.Files):
    """A disk on which something else happens just before the nth rename."""

    def __init__(self) -> None:
        self.before_rename: list[object] = []

    def rename(self, source: Path, target: Path) -> None:
        if self.before_rename:
            meddle = self.before_rename.pop()
            assert callable(meddle)
            meddle()
        super().rename(source, target)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Meddling:
    meddling = Meddling()
    monkeypatch.setattr(durable, "files", meddling)
    return meddling


def test_what_an_agent_wrote_is_there_at_the_next_log_in(desk_path: Path, mine: Personal) -> None:
    mine.write(NAME, b"one")
    mine.write(NAME, b"two")
    assert Personal(desk_path, "aibek").read(NAME) == b"two"
    assert mine.names("drafts") == ["new-00000001.json"]
    mine.remove(NAME)
    assert mine.read(NAME) is None
    assert mine.names("drafts") == []


def test_nobody_else_may_look_into_it_even_in_a_shared_desk(
    desk_path: Path, mine: Personal
) -> None:
    desk_path.chmod(0o2770)
    before = os.umask(0o002)
    try:
        mine.write(NAME, b"one")
        mine.write("preferences.toml", b"")
    finally:
        os.umask(before)
    assert mode(desk_path / FOLDER) == 0o2770
    assert mode(mine.folder) == mode(mine.folder / "drafts") == 0o700
    assert mode(mine.folder / NAME) == mode(mine.folder / "preferences.toml") == 0o600


def test_a_folder_that_was_opened_to_others_is_shut_again(mine: Personal) -> None:
    mine.write(NAME, b"one")
    mine.folder.chmod(0o755)
    (mine.folder / "drafts").chmod(0o775)
    mine.write(NAME, b"two")
    assert mode(mine.folder) == mode(mine.folder / "drafts") == 0o700


def test_nothing_is_written_where_somebody_else_laid_a_trap(
    desk_path: Path, mine: Personal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk_path / FOLDER).mkdir()
    mine.folder.symlink_to(tmp_path)
    with pytest.raises(CannotCreate, match=r"agents/aibek is not a folder of yours: ask"):
        mine.write("preferences.toml", b"")
    mine.folder.unlink()
    mine.folder.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(CannotCreate, match="not a folder of yours"):
        mine.write("preferences.toml", b"")
    assert list(mine.folder.iterdir()) == []


@pytest.mark.parametrize(
    "login", ["aibek", "a.b-c_d@example+x", "CORP\\aibek", "..", ".", "", "a/b", "\udcff", "%41"]
)
def test_every_login_has_a_folder_of_its_own_within_the_desk(desk_path: Path, login: str) -> None:
    Personal(desk_path, "other").write("x", b"")
    personal = Personal(desk_path, login)
    personal.write("preferences.toml", b"mine")
    assert personal.folder.parent == desk_path / FOLDER
    assert not {".", ".."} & {personal.folder.name}
    if login:
        assert login in {each.login for each in everybody(desk_path)}


def test_plain_logins_are_their_folders_names() -> None:
    assert folder_name("aibek.t@example") == "aibek.t@example"
    assert folder_name("..") == "%2E."


def test_nobody_has_files_before_somebody_writes(desk_path: Path, mine: Personal) -> None:
    assert list(everybody(desk_path)) == []
    assert mine.names("drafts") == []
    mine.remove(NAME)
    mine.sweep("drafts")
    assert not (desk_path / FOLDER).exists()


def test_a_signal_that_writes_in_the_midst_of_a_write_has_the_last_word(
    mine: Personal, disk: Meddling
) -> None:
    disk.before_rename = [lambda: mine.write(NAME, b"by the signal")]
    mine.write(NAME, b"typed")
    assert mine.read(NAME) == b"by the signal"


def test_a_draft_sent_while_it_is_saved_stays_away(mine: Personal, disk: Meddling) -> None:
    mine.write(NAME, b"one")
    disk.before_rename = [lambda: mine.remove(NAME)]
    mine.write(NAME, b"two")
    assert mine.read(NAME) is None
    assert list((mine.folder / "drafts").iterdir()) == []


def test_a_newer_word_before_the_file_is_even_written_saves_the_old_one_the_way(
    mine: Personal, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed: list[bytes] = []

    class Overtaken(durable.Files):
        def fsync(self, descriptor: int) -> None:
            super().fsync(descriptor)
            monkeypatch.setattr(durable, "files", Noting())
            mine.write(NAME, b"new")

    class Noting(durable.Files):
        def rename(self, source: Path, target: Path) -> None:
            renamed.append(source.read_bytes())
            super().rename(source, target)

    mine.write(NAME, b"first")
    monkeypatch.setattr(durable, "files", Overtaken())
    mine.write(NAME, b"old")
    assert b"old" not in renamed
    assert mine.read(NAME) == b"new"
    assert mine.names("drafts") == [Path(NAME).name]
    assert len(list((mine.folder / "drafts").iterdir())) == 1


@pytest.mark.parametrize("programs", [1, 3])
def test_sweeps_by_other_programs_of_the_agent_do_not_lose_a_save(
    mine: Personal, disk: Meddling, programs: int
) -> None:
    disk.before_rename = [lambda: mine.sweep("drafts")] * programs
    mine.write(NAME, b"one")
    assert mine.read(NAME) == b"one"


def test_a_sweep_removes_what_never_finished_and_nothing_else(mine: Personal) -> None:
    mine.write(NAME, b"one")
    left = mine.folder / "drafts" / ".new-00000001.json.abc.tmp"
    left.write_bytes(b"half")
    mine.sweep("drafts")
    assert not left.exists()
    assert mine.read(NAME) == b"one"


def test_a_full_disk_is_told_in_one_line_and_the_old_text_stays(
    mine: Personal, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(durable.Files):
        def write(self, descriptor: int, data: bytes) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    mine.write(NAME, b"one")
    with monkeypatch.context() as patch:
        patch.setattr(durable, "files", Full())
        with pytest.raises(CannotCreate, match=r"^cannot write agents/aibek/drafts/[^\n]+space"):
            mine.write(NAME, b"two")
    assert mine.read(NAME) == b"one"


def test_what_is_no_plain_file_is_told_and_neither_hangs_nor_leads_away(
    mine: Personal, desk_path: Path
) -> None:
    mine.write("preferences.toml", b"")
    os.mkfifo(mine.folder / "pipe")
    (mine.folder / "link").symlink_to(desk_path / "desk.toml")
    for name in ("pipe", "link"):
        with pytest.raises(Unavailable, match=rf"^agents/aibek/{name} cannot be read: "):
            mine.read(name)


def test_no_folder_is_made_where_the_desk_itself_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CannotCreate):
        Personal(tmp_path / "gone", "aibek").write("preferences.toml", b"")
    assert not (tmp_path / "gone").exists()
