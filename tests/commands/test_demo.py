"""`helpdesk demo`: a look around on a copy that is gone afterwards, or kept if one likes."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.domain.errors import Unavailable
from tests.commands.conftest import Shell

Opened = list[Path]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The desks that were opened on the terminal; their agent leaves again at once."""
    seen: Opened = []

    def run(path: Path) -> int:
        assert (path / "desk.toml").is_file()
        seen.append(path)
        return 0

    monkeypatch.setattr("helpdesk.commands.demo.require_terminal", lambda: None)
    monkeypatch.setattr("helpdesk.session.run", run)
    return seen


def test_the_demo_says_first_that_it_is_a_copy_and_opens_it(
    shell: Shell, temporary: Path, opened: Opened
) -> None:
    said = shell.ok("demo")
    (copy,) = opened
    assert copy.parent == temporary
    assert "nothing is sent to anybody" in said.lines[0]
    assert said.lines[1] == f"You work on a copy in {copy}."
    assert said.lines[2].startswith("It is removed when you leave")


def test_the_copy_is_removed_when_the_agent_leaves(
    shell: Shell, temporary: Path, opened: Opened
) -> None:
    said = shell.ok("demo")
    assert said.lines[-1] == f"The copy in {opened[0]} is removed."
    assert list(temporary.iterdir()) == []


def test_the_copy_is_removed_even_if_the_desk_fails(
    shell: Shell, temporary: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Path) -> int:
        raise Unavailable("the terminal went away")

    monkeypatch.setattr("helpdesk.session.run", fails)
    assert shell("demo").code == 69
    assert list(temporary.iterdir()) == []


def test_a_kept_copy_can_be_opened_again(shell: Shell, temporary: Path, opened: Opened) -> None:
    said = shell.ok("demo", "--keep")
    (copy,) = opened
    assert said.lines[2] == "It is kept."
    assert said.lines[-1].endswith(f"helpdesk --desk {copy}")
    assert shell.ok("--desk", str(copy), "queue", "--json").objects


def test_a_copy_in_a_folder_of_ones_own_is_kept(
    shell: Shell, temporary: Path, opened: Opened, tmp_path: Path
) -> None:
    shell.ok("demo", "--folder", str(tmp_path / "mine"))
    assert opened == [tmp_path / "mine"]
    assert (tmp_path / "mine" / "desk.toml").is_file()
    assert list(temporary.iterdir()) == []


def test_a_folder_that_is_not_empty_is_refused(
    shell: Shell, opened: Opened, desk_path: Path
) -> None:
    assert "is not empty" in shell.fails(73, "demo", "--folder", str(desk_path), "--no-open")
    assert sorted(path.name for path in desk_path.iterdir()) == ["desk.toml"]


def test_a_script_gets_the_path_and_a_desk_that_works(shell: Shell, temporary: Path) -> None:
    said = shell.ok("demo", "--no-open")
    (copy,) = map(Path, said.lines)
    assert copy.parent == temporary
    on_the_demo = Shell(copy)
    rows = on_the_demo.ok("queue", "--view", "overdue", "--json").objects
    assert len(rows) >= 32
    mine = on_the_demo.ok("queue", "--view", "mine", "--json").objects
    assert len(mine) >= 8


def test_the_same_desk_is_not_needed_to_see_the_demo(
    temporary: Path, opened: Opened, tmp_path: Path
) -> None:
    Shell(tmp_path / "no-desk").ok("demo")
    assert len(opened) == 1


@pytest.mark.parametrize("typed", [b"", b"q\n"])
def test_without_a_terminal_nothing_is_made(shell: Shell, temporary: Path, typed: bytes) -> None:
    shell.environment["TMPDIR"] = str(temporary)
    said = shell.process("demo", typed=typed)
    assert said.code == 69
    assert "needs a terminal" in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert list(temporary.iterdir()) == []


def test_the_exit_code_is_that_of_the_desk(
    shell: Shell, temporary: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: Callable[[Path], int] = lambda _: 75  # noqa: E731
    monkeypatch.setattr("helpdesk.session.run", ended)
    from helpdesk.commands.group import cli

    monkeypatch.setenv("HELPDESK_DESK", str(shell.desk))
    with pytest.raises(SystemExit) as end:
        cli.main(["demo"])
    assert end.value.code == 75
