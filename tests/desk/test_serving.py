"""Service mode is entered by what sudo says and nothing else, and closes every other way."""

import os
import pwd
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from helpdesk.commands.answering import reply
from helpdesk.commands.group import COMMANDS, LazyGroup, cli
from helpdesk.commands.options import DESK_PATH, FilePath
from helpdesk.desk import attaching, exporting_files, serving
from helpdesk.domain.errors import BadConfiguration, InvalidInput, NotPermitted

SERVICE, AGENT = 4711, 4712
NO_DESK: Any = None
PEOPLE = {0: "root", SERVICE: "helpdesk", AGENT: "aibek", 4713: "kim"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of the service user, as whom the program runs, with a desk of the user's own."""
    (tmp_path / "desk").mkdir(mode=0o700)

    def getpwuid(uid: int) -> pwd.struct_passwd:
        return pwd.struct_passwd((PEOPLE[uid], "*", uid, uid, "", str(tmp_path), "/bin/sh"))

    real = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        found = list(real(path))
        found[4] = SERVICE
        return os.stat_result(found)

    monkeypatch.setattr(pwd, "getpwuid", getpwuid)
    monkeypatch.setattr(os, "getuid", lambda: SERVICE)
    monkeypatch.setattr(Path, "lstat", lstat)
    return tmp_path


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    serving.service.cache_clear()
    yield
    serving.service.cache_clear()


def by_sudo(monkeypatch: pytest.MonkeyPatch, uid: object, user: str) -> None:
    monkeypatch.setenv("SUDO_UID", str(uid))
    monkeypatch.setenv("SUDO_USER", user)


def test_the_agent_is_the_one_whom_sudo_names(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_sudo(monkeypatch, AGENT, "aibek")
    assert serving.service() == serving.Service("aibek", home / "desk")


@pytest.mark.parametrize(
    ("uid", "user"),
    [(AGENT, "kim"), (AGENT, ""), ("", "aibek"), ("x", "aibek"), (9999, "aibek"), ("-1", "aibek")],
)
def test_what_does_not_fit_together_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, uid: object, user: str
) -> None:
    by_sudo(monkeypatch, uid, user)
    with pytest.raises(NotPermitted):
        serving.service()


def test_root_and_the_service_user_are_not_served(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert serving.service() is None
    for uid, user in ((0, "root"), (SERVICE, "helpdesk")):
        serving.service.cache_clear()
        by_sudo(monkeypatch, uid, user)
        assert serving.service() is None


def test_a_desk_that_is_missing_or_open_to_others_opens_nothing_else(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_sudo(monkeypatch, AGENT, "aibek")
    (home / "desk").chmod(0o750)
    with pytest.raises(BadConfiguration, match="alone"):
        serving.service()
    (home / "desk").rmdir()
    with pytest.raises(BadConfiguration, match="there is none"):
        serving.service()
    (home / "desk").symlink_to("/tmp")
    with pytest.raises(BadConfiguration):
        serving.service()


def test_nothing_of_the_environment_stays_but_how_the_terminal_is(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_sudo(monkeypatch, AGENT, "aibek")
    monkeypatch.setattr(os, "environ", {
        "SUDO_UID": str(AGENT), "SUDO_USER": "aibek", "TERM": "xterm", "LC_ALL": "C.UTF-8",
        "EDITOR": "sh", "HELPDESK_DESK": "/x", "TEXTUAL_DRIVER": "x:Y", "PYTHONPATH": "/x",
        "XDG_STATE_HOME": "/x", "TMPDIR": "/x", "HOME": "/x", "PATH": "/x",
        "SSH_ORIGINAL_COMMAND": "helpdesk note 1 --body 'a  b'",
    })  # fmt: skip
    monkeypatch.setattr("sys.argv", ["helpdesk"])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("resource.setrlimit", lambda *_: None)
    monkeypatch.setattr(os, "umask", lambda _: 0)
    assert serving.enter() == ["note", "1", "--body", "a  b"]
    path = os.environ.pop("PATH")
    assert path == "/usr/local/bin:/usr/bin:/bin"
    assert os.environ == {"TERM": "xterm", "LC_ALL": "C.UTF-8", "HOME": str(home)}


@pytest.mark.parametrize(
    ("limit", "most"), [(resource.RLIMIT_FSIZE, 1024), (resource.RLIMIT_NOFILE, 20)]
)
def test_under_limits_that_keep_things_off_the_record_nothing_begins(
    home: Path, monkeypatch: pytest.MonkeyPatch, limit: int, most: int
) -> None:
    real = resource.getrlimit
    given = {limit: (most, most)}
    monkeypatch.setattr("resource.getrlimit", lambda which: given.get(which) or real(which))
    by_sudo(monkeypatch, AGENT, "aibek")
    with pytest.raises(NotPermitted, match="could not be put on record"):
        serving.enter()


def parameters() -> list[tuple[str | None, click.Parameter]]:
    """Every parameter of every command, with the command's name."""
    assert isinstance(cli, LazyGroup)
    context = click.Context(cli)
    found: list[tuple[str | None, click.Parameter]] = []
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        inner = command.commands.values() if isinstance(command, click.Group) else [command]
        found += [(each.name, param) for each in inner for param in each.params]
    return found


def test_every_path_that_a_command_takes_is_asked_for_in_service_mode() -> None:
    found = [param for _, param in parameters()]
    paths = [param for param in found if isinstance(param.type, click.Path | click.File)]
    assert len(paths) > 5
    for param in paths:
        assert isinstance(param.type, FilePath) or param.type is DESK_PATH, param


def test_a_file_named_like_a_stream_is_no_stream(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where ``-`` stands for no stream, it would be a file of the folder that the agent is in."""
    by_sudo(monkeypatch, AGENT, "aibek")
    streams = set()
    for command, param in parameters():
        if not isinstance(param.type, FilePath) or command in ("init", "demo"):
            continue
        try:
            param.type.convert("-", param, None)
        except NotPermitted:
            continue
        streams.add((command, param.name))
    assert streams == {
        ("csv", "file"), ("csv", "rejects"), ("orders", "file"), ("orders", "rejects"),
        ("mbox", "path"), ("export", "output"), ("attachment", "output"), ("reply", "paths"),
    }  # fmt: skip


def test_a_file_goes_with_an_answer_by_the_own_input_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_sudo(monkeypatch, AGENT, "aibek")
    (attach,) = [param for param in reply.params if param.name == "paths"]
    assert attach.type.convert("-", attach, None) == Path("-")
    with pytest.raises(NotPermitted):
        attach.type.convert("/etc/passwd", attach, None)


def test_a_file_of_a_ticket_is_saved_nowhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_sudo(monkeypatch, AGENT, "aibek")
    with pytest.raises(NotPermitted):
        exporting_files.save(NO_DESK, "ab" * 32, str(home / "seam.jpg"))


def test_an_editor_is_not_started(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from helpdesk.terminal import editor

    by_sudo(monkeypatch, AGENT, "aibek")
    with pytest.raises(InvalidInput, match="no other program is started here"):
        editor.command({"EDITOR": "cat", "PATH": "/bin"})


def test_a_path_is_refused_and_a_stream_is_not(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_sudo(monkeypatch, AGENT, "aibek")
    serving.require_stream(Path("-"))
    serving.require_desk(home / "desk")
    with pytest.raises(NotPermitted):
        serving.require_stream(Path("/etc/passwd"))
    with pytest.raises(NotPermitted):
        serving.require_desk(Path("/tmp"))
    with pytest.raises(NotPermitted):
        serving.require_command("demo")
    with pytest.raises(NotPermitted, match="no file outside of the desk"):
        attaching.look_at(NO_DESK, Path("-"))
    assert (home / "desk" / "audit.jsonl").read_text().count('"refused"') == 4
