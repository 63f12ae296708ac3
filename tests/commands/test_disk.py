"""A desk on a disk that is full or may only be read, or without the right to write: all of it can
be read, only writing is refused. On real disks, made in a namespace of their own."""

import json
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from helpdesk.store.files import FileStore
from tests.commands.conftest import PYTHON, Said, Shell, new, one_line

OWN_DISK = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec"]
NO_POWER = ["unshare", "--user", "sh", "-ec"]


def can_mount() -> bool:
    """Whether this user may have disks of his own here."""
    if shutil.which("unshare") is None:
        return False
    tried = [*OWN_DISK, "mount -t tmpfs -o size=1m none /mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


needs_a_disk = pytest.mark.skipif(not can_mount(), reason="no disk can be mounted here")

FULL = "dd if=/dev/zero of={disk}/fill bs=1k 2>/dev/null || :"
READ_ONLY = "mount -o remount,ro {disk}"
REFUSED = {FULL: "No space left on device; free some space", READ_ONLY: "Read-only file system"}
OPENED = (
    f"{shlex.quote(PYTHON)} -c 'import pathlib; from helpdesk.store.files import FileStore; "
    'store = FileStore(pathlib.Path("{disk}/desk")); store.catch_up(); store.close()\'\n'
)
"""The index of the copy is built, as one that was copied is not trusted."""

KILLED = OPENED.replace("store.close()", "import os; os._exit(0)")
"""The same by a program that does not come to the end of it: what readers agree by stays there."""

SILENT = """
import os
from helpdesk.store import durable

durable.hindrance = lambda folder: None
os.access = lambda *asked, **how: True
"""
"""So is a disk that an error of its own has turned read-only: Linux tells nobody who asks."""

READING = [
    ("queue", "--json"), ("search", "rained", "--json"), ("show", "1", "--json"),
    ("promises", "--json"), ("customer", "1", "--json"), ("export", "--json"),
    ("export", "--customer", "1"), ("check", "--json"),
]  # fmt: skip
WRITING = [
    ("note", "1", "--body", "late"), ("reply", "1", "--body", "late"), ("reindex",),
    ("assign", "1", "aibek"), ("customer", "1", "--note", "late"),
]  # fmt: skip


RUNNER = """
import json, sys
from click.testing import CliRunner
from helpdesk.commands.group import cli

said = [CliRunner().invoke(cli, words) for words in json.loads(sys.argv[1])]
print(json.dumps([[one.exit_code, one.stdout, one.stderr] for one in said]))
"""

ENDED = """
import os, signal, subprocess, sys, time
from pathlib import Path

nobody_reads, full = os.pipe()
os.set_blocking(full, False)
try:
    while True:
        os.write(full, bytes(4096))
except BlockingIOError:
    os.set_blocking(full, True)

def copies():
    return [*Path("/dev/shm").iterdir(), *Path(os.environ["TMPDIR"]).iterdir()]

running = subprocess.Popen([sys.executable, "-m", "helpdesk", "queue"], stdout=full)
deadline = time.monotonic() + 20
while not copies():
    assert time.monotonic() < deadline, "no copy is made"
    time.sleep(0.02)
running.send_signal(int(sys.argv[1]))
assert running.wait(20) == 130, running.returncode
assert not copies(), copies()
"""


def on_its_disk(
    shell: Shell, state: str, *commands: tuple[str, ...], before: str = ""
) -> list[Said]:
    """What the commands say on a copy of the desk that lies on a disk in that state."""
    return within(OWN_DISK, shell, disk_of_its_own(shell, state), commands, before)


def disk_of_its_own(shell: Shell, state: str) -> list[str]:
    """How a copy of the desk comes on a disk in that state."""
    disk = shell.desk.parent / "disk"
    disk.mkdir(exist_ok=True)
    return [
        f"mount -t tmpfs -o size=8m none {disk}",
        f"cp -a {shell.desk} {disk}/desk",
        state.format(disk=disk),
        f"export HELPDESK_DESK={disk}/desk",
    ]


def within(
    space: list[str],
    shell: Shell,
    prepared: list[str],
    commands: Sequence[tuple[str, ...]],
    before: str = "",
) -> list[Said]:
    """What the commands say in a namespace in which something is done first."""
    run = shlex.join([PYTHON, "-c", before + RUNNER, json.dumps(commands)])
    ran = subprocess.run(
        [*space, "\n".join([*prepared, run])],
        env=shell.process_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return [Said(*one) for one in json.loads(ran.stdout)]


def as_it_is(shell: Shell) -> None:
    """The index holds every document."""
    with_index(shell.desk)


def with_index(desk: Path) -> None:
    store = FileStore(desk)
    store.catch_up()
    store.close()


def changed_by_hand(shell: Shell) -> None:
    with_index(shell.desk)
    path = shell.desk / "tickets" / "0000" / "000001.json"
    path.write_text(path.read_text().replace("It rained on us", "It rained a lot on us"))


def without_index(shell: Shell) -> None:
    shutil.rmtree(shell.desk / ".cache", ignore_errors=True)


def left_by_a_dead_process(shell: Shell) -> None:
    """The index holds the last change only in SQLite's log, as whoever made it was killed."""
    code = f"""
import os, pathlib
from helpdesk.desk.desk import open_desk
with open_desk(pathlib.Path({str(shell.desk)!r}), "aibek") as desk:
    desk.store.catch_up()
    with desk.writing() as writing:
        writing.put(writing.ticket(1).model_copy(update={{"subject": "It rained and rained"}}))
    os.kill(os.getpid(), {int(signal.SIGKILL)})
"""
    subprocess.run([PYTHON, "-c", code], env=shell.process_environment(), check=False)
    assert list((shell.desk / ".cache").glob("*-wal"))


@needs_a_disk
@pytest.mark.parametrize("state", [FULL, READ_ONLY], ids=["full", "read-only"])
@pytest.mark.parametrize(
    "become", [as_it_is, changed_by_hand, without_index, left_by_a_dead_process]
)
def test_a_desk_that_cannot_be_written_can_be_read(
    shell: Shell, state: str, become: Callable[[Shell], None]
) -> None:
    new(shell)
    become(shell)
    there = OPENED if become is as_it_is else ""
    said = on_its_disk(shell, there + state, *READING)
    assert_all_is_read(shell, said, REFUSED[state])
    if become is as_it_is:
        assert not any(one.err for one in said)
    if become in (changed_by_hand, without_index):
        assert all(
            one.err for one in said if one is not said[READING.index(("show", "1", "--json"))]
        )


def assert_all_is_read(shell: Shell, said: list[Said], why: str) -> None:
    """Every command showed what it shows on a sound disk; one line says if that took longer."""
    for words, one in zip(READING, said, strict=True):
        assert (one.code, one.out) == (0, shell(*words).out), (words, one)
        if one.err:
            assert why in one_line(one)


@needs_a_disk
@pytest.mark.parametrize("state", [FULL, READ_ONLY], ids=["full", "read-only"])
@pytest.mark.parametrize("become", [as_it_is, without_index])
def test_writing_to_a_desk_that_cannot_be_written_is_refused_in_one_line(
    shell: Shell, state: str, become: Callable[[Shell], None]
) -> None:
    new(shell)
    before = shell("show", "1", "--json").out
    become(shell)
    *said, after = on_its_disk(shell, state, *WRITING, ("show", "1", "--json"))
    for one in said:
        assert one.code == 73
        assert REFUSED[state] in one_line(one)
        assert "reindex" not in one.err
    assert after.out == before
    assert not list(Path("/dev/shm").glob("helpdesk-*/**/*.sqlite"))


@needs_a_disk
def test_a_disk_that_turns_read_only_without_a_word_can_be_read(shell: Shell) -> None:
    new(shell)
    state = KILLED + READ_ONLY
    *read, noted = on_its_disk(shell, state, *READING, WRITING[0], before=SILENT)
    assert_all_is_read(shell, read, REFUSED[READ_ONLY])
    assert noted.code == 73
    assert REFUSED[READ_ONLY] in one_line(noted)


@needs_a_disk
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM], ids=["SIGHUP", "SIGTERM"])
def test_who_is_ended_while_reading_leaves_no_copy_of_the_index(
    shell: Shell, tmp_path: Path, number: signal.Signals
) -> None:
    new(shell)
    without_index(shell)
    passing = tmp_path / "passing"
    passing.mkdir()
    prepared = [*disk_of_its_own(shell, READ_ONLY), "mount -t tmpfs -o size=8m none /dev/shm"]
    run = shlex.join([PYTHON, "-c", ENDED, str(int(number))])
    subprocess.run(
        [*OWN_DISK, "\n".join([*prepared, run])],
        env={**shell.process_environment(), "TMPDIR": str(passing)},
        check=True,
    )


@needs_a_disk
@pytest.mark.parametrize("become", [as_it_is, changed_by_hand, without_index])
def test_without_the_right_to_write_the_desk_can_be_read(
    shell: Shell, become: Callable[[Shell], None]
) -> None:
    new(shell)
    become(shell)
    copy = shell.desk.parent / "copy"
    shutil.copytree(shell.desk, copy, symlinks=True)
    prepared = [
        f"chmod -R a-w {copy}",
        f"trap 'chmod -R u+w {copy}' EXIT",
        f"export HELPDESK_DESK={copy}",
    ]
    said = within(NO_POWER, shell, prepared, [*READING, *WRITING])
    assert_all_is_read(shell, said[: len(READING)], "Permission denied; ask")
    for one in said[len(READING) :]:
        assert one.code == 77
        assert "Permission denied; ask" in one_line(one)


@needs_a_disk
def test_an_index_that_nobody_may_open_is_made_anew_by_whoever_comes_next(shell: Shell) -> None:
    new(shell)
    with_index(shell.desk)
    for words in (*READING, *WRITING):
        closed = [f"chmod 0 {shell.desk}/.cache/index.sqlite", f"export HELPDESK_DESK={shell.desk}"]
        (said,) = within(NO_POWER, shell, closed, [words])
        assert (said.code, said.err) == (0, ""), (words, said)
    assert shell("check").code == 0
