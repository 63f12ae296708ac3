"""`ingest` hands its message in at the worker of the desk, and says what it says without one."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path

import pytest

from helpdesk import hand_in
from helpdesk.commands import mail
from helpdesk.commands.handing_in import call_of
from helpdesk.desk import inbound
from tests.commands.conftest import PYTHON, Shell
from tests.commands.workers import (
    MAIN,
    WAIT,
    alone,
    answer,
    begun,
    false_worker,
    handed_in,
    tickets,
    until,
    waits_for_an_answer,
    working,
)
from tests.desk.letters import letter

pytestmark = pytest.mark.skipif(not hand_in.is_possible(), reason="needs Linux")

NOBODY = 65534

COMMAND_LINES = [
    ["ingest"], ["ingest", "--json"], ["--desk", "a", "ingest"], ["ingest", "--desk", "a"],
    ["--desk", "a", "ingest", "--json"], ["ingest", "--json", "--desk", "a"],
    ["ingest", "--desk", "ingest"], ["--desk", "ingest", "ingest"], ["ingest", "--json", "--json"],
    ["--desk=a", "ingest"], ["ingest", "--desk=a=b", "--json"],
]  # fmt: skip

_BREAKS = """
import os
read, left = os.read, [1]
def reading(file, size):
    if file == 0 and not left:
        raise OSError(5, "Input/output error")
    if file == 0:
        left.pop()
        return read(file, 20)
    return read(file, size)
os.read = reading
"""

_AS_NOBODY = f"""
import array, os, socket, sys
from helpdesk import hand_in
from helpdesk.commands import handing_in, mail
os.chdir(sys.argv[1])
os.setgroups([])
os.setgid({NOBODY})
os.setuid({NOBODY})
path = "."
worker = socket.socket(socket.AF_UNIX)
worker.connect(hand_in.address(hand_in.opened(path)))
request = hand_in.Request(hand_in.program(), hand_in.desk(path), hand_in.WORDS)
heard = b""
try:
    socket.send_fds(worker, [request.line()], [os.memfd_create("message")])
    heard = worker.recv(100)
except OSError:
    pass  # it has hung up by then
call = handing_in.call_of(["--desk", path, "ingest"])
print(hand_in.is_there(path), heard, handing_in.hand_in_message(call), os.read(0, 999))
"""


def test_what_is_said_is_the_same_with_a_worker_and_without(shell: Shell) -> None:
    other = Shell(alone(shell))
    letters = [
        letter(id="1@x"),
        letter(id="1@x"),
        letter("Ещё раз: молния ☂", id="2@x", in_reply_to="1@x", subject="Молния"),
        letter(sender="", subject=""),
        letter(sender="MAILER-DAEMON@example.com", subject="Undelivered", auto_submitted="auto"),
        b"",
        b"\xff\x00\x1b]0;x\x07" * 100,
    ]
    latin = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}
    cases: list[tuple[bytes, list[str], dict[str, str]]] = [
        *((letters[2], form, latin) for form in ([], ["--json"])),
        *((raw, ["--json"], {}) for raw in letters),
        *((raw, [], {}) for raw in letters[:3]),
    ]
    with working(shell) as worker:
        for raw, words, environment in cases:
            both = [answer(each, words, raw, environment) for each in (shell, other)]
            assert both[0] == both[1]
            assert both[0][0] == 0
            assert both[0][1]
            if words:
                json.loads(both[0][1].decode("latin-1" if environment else "utf-8"))
                assert b"?" not in both[0][1]
        assert handed_in(worker.end()) == len(cases)


@pytest.mark.parametrize("where", ["before", "after", "joined", "environment", "own", "relative"])
def test_the_desk_is_found_however_it_is_named(shell: Shell, tmp_path: Path, where: str) -> None:
    environment = {**shell.process_environment(), "XDG_DATA_HOME": str(tmp_path / "data")}
    if where != "environment":
        del environment["HELPDESK_DESK"]
    words, folder = ["ingest"], tmp_path
    if where == "before":
        words = ["--desk", str(shell.desk), "ingest"]
    elif where == "after":
        words = ["ingest", "--desk", str(shell.desk)]
    elif where == "joined":
        words = [f"--desk={shell.desk}", "ingest"]
    elif where == "relative":
        words, folder = ["--desk", shell.desk.name, "ingest"], shell.desk.parent
    elif where == "own":
        (tmp_path / "data").mkdir()
        (tmp_path / "data/helpdesk").symlink_to(shell.desk)
    with working(shell) as worker:
        ran = subprocess.run(
            [PYTHON, "-m", "helpdesk", *words], input=letter(), capture_output=True,
            env=environment, cwd=folder, check=False,
        )  # fmt: skip
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert handed_in(worker.end()) == 1


@pytest.mark.parametrize("words", COMMAND_LINES)
def test_a_plain_call_means_what_the_full_command_takes_it_for(
    shell: Shell, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.desk.desk.open_desk", nullcontext)
    monkeypatch.setattr(inbound, "take", lambda desk, _: desk)
    monkeypatch.setattr(mail, "said", lambda path, form, **_: f"{path} {form}\n")
    call = call_of(words)
    assert call is not None
    form = hand_in.JSON if call.as_json else hand_in.WORDS
    path = call.desk or str(shell.desk)
    assert shell.ok(*words, typed=letter()).out == f"{path} {form}\n"


@pytest.mark.parametrize(
    "words",
    [
        [], ["queue"], ["ingest", "--dry-run"], ["ingest", "--help"], ["--json", "ingest"],
        ["ingest", "surplus"], ["ingest", "ingest"], ["ingest", "--bogus"], ["ingest", "--desk"],
        ["ingest", "--desk", "--json"], ["--desk", "ingest"], ["--desk", "", "ingest"],
        ["--desk", "a", "ingest", "--desk", "b"], ["ingest", "--"], ["ingest", "-h"],
        ["--version", "ingest"], ["ingest", "--desk="],
        ["ingest", "--json=1"], ["--desk", "-a", "ingest"], ["ingest=1"],
    ],
)  # fmt: skip
def test_all_else_is_left_to_the_full_command(words: list[str]) -> None:
    assert call_of(words) is None


def test_a_worker_that_hands_nothing_out_and_fetches_nothing_takes_in(shell: Shell) -> None:
    with working(shell) as worker:
        assert shell.process("ingest", typed=letter()).code == 0
        begun = time.monotonic()
        assert worker.end() == ["ticket 1: a message was handed in"]
        assert time.monotonic() - begun < 10
        assert worker.process.returncode == 0
        assert not worker.socket.exists()


def test_without_a_way_to_hand_in_such_a_worker_has_nothing_to_do(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.desk.reception.is_possible", lambda: False)
    assert "there is nothing to do" in shell.fails(78, "worker")


def test_what_sudo_starts_takes_the_message_in_by_itself(shell: Shell) -> None:
    shell.environment["SUDO_UID"] = "0"
    with working(shell) as worker:
        assert shell.process("ingest", typed=letter()).code == 0
        assert handed_in(worker.end()) == 0
    assert tickets(shell) == 1


def test_a_dead_socket_is_no_hindrance_and_no_fault(shell: Shell, tmp_path: Path) -> None:
    with working(shell) as worker:
        worker.end(signal.SIGKILL)
        assert worker.socket.is_socket()
        assert "message from aigul@example.com: Zip" in shell.process("ingest", typed=letter()).out
        assert shell.ok("check").out == "Nothing is wrong.\n"
        subprocess.run(["cp", "-a", shell.desk, tmp_path / "backup"], check=True)
        copy = Shell(tmp_path / "backup")
        assert copy.process("ingest", typed=letter("Another.")).code == 0
        assert "Nothing is wrong." in copy("check").out
    with working(shell) as next_one:
        assert shell.process("ingest", typed=letter("A third.")).code == 0
        assert handed_in(next_one.end()) == 1


def test_trouble_of_the_desk_is_told_as_ever(shell: Shell) -> None:
    settings = shell.desk / "desk.toml"
    good = settings.read_text()
    with working(shell) as worker:
        settings.write_text(good + "[mail]\nadress = 1\n")
        said = shell.process("ingest", typed=letter())
        assert (said.code, said.out) == (75, "")
        assert (
            said.err == "helpdesk: desk.toml: mail.adress: unknown key; take it out or correct it\n"
        )
        settings.write_text(good)
        assert shell.process("ingest", typed=letter()).code == 0
        assert handed_in(worker.end()) == 1


def test_nobody_needs_to_hear_the_answer(shell: Shell) -> None:
    with working(shell) as worker:
        for number, stdout in enumerate(("1>&-", "1>/dev/full", "2>&- 1>&-")):
            ran = subprocess.run(
                ["sh", "-c", f'"$0" -m helpdesk ingest {stdout}', PYTHON],
                input=letter(f"{number}"), env=shell.process_environment(), check=False,
                stderr=subprocess.PIPE,
            )  # fmt: skip
            assert (ran.returncode, ran.stderr) == (0, b"")
        assert handed_in(worker.end()) == 3


def test_a_message_larger_than_memory_should_hold_is_handed_in_as_well(shell: Shell) -> None:
    head = b"From: a@example.com\nSubject: Zip\nContent-Type: application/zip; name=a.zip\n\n"
    raw = head + os.urandom(1 << 20) * 33
    assert len(raw) > hand_in.IN_MEMORY
    with working(shell) as worker:
        assert shell.process("ingest", typed=raw).out.startswith("Ticket 1: opened by")
        name = sha256(raw).hexdigest()
        assert (shell.desk / "archive" / name[:2] / name).read_bytes() == raw
        worker.send(signal.SIGSTOP)  # and if nobody takes it, it is all there still
        assert shell.process("ingest", typed=raw).out == "Ticket 1: has that message already\n"
        assert handed_in(worker.end()) == 1


def test_half_a_message_is_never_taken_for_all_of_it(shell: Shell) -> None:
    with working(shell) as worker:
        ran = subprocess.run(
            [PYTHON, "-c", _BREAKS + MAIN, "ingest"], input=letter(), capture_output=True,
            env=shell.process_environment(), check=False,
        )  # fmt: skip
        assert (ran.returncode, ran.stdout) == (75, b"")
        assert ran.stderr.startswith(b"helpdesk: ")
        assert ran.stderr.count(b"\n") == 1
        assert handed_in(worker.end()) == 0
    assert tickets(shell) == 0


def test_ctrl_c_has_the_mail_server_try_again(shell: Shell) -> None:
    with working(shell) as worker:
        worker.send(signal.SIGSTOP)
        client = begun(shell)
        until(lambda: waits_for_an_answer(client))
        client.send_signal(signal.SIGINT)
        client.communicate(timeout=WAIT)
        assert client.returncode == 75
        worker.end()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root's rights")
def test_another_user_is_not_served_and_trusts_no_worker_but_his_own(shell: Shell) -> None:
    """Though he may write to the desk, and reach the socket."""
    shell.desk.chmod(0o777)
    with working(shell) as worker:
        worker.socket.chmod(0o666)
        worker.socket.parent.chmod(0o777)
        shutil.chown(worker.socket, NOBODY)  # even so the worker is not his
        ran = subprocess.run(
            [PYTHON, "-c", _AS_NOBODY, str(shell.desk)], input=letter(), capture_output=True,
            env=shell.process_environment(), check=False,
        )  # fmt: skip
        assert (ran.stdout, ran.stderr) == (f"True b'' False {letter()!r}\n".encode(), b"")
        assert handed_in(worker.end()) == 0
    assert tickets(shell) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root's rights")
def test_nobody_gets_mail_by_posing_as_the_worker_of_another(shell: Shell) -> None:
    heard: list[bytes] = []

    def lie(connection: socket.socket) -> None:
        connection.sendall(hand_in.BEGUN + hand_in.taken("Ticket 1: opened"))
        heard.append(connection.recv(1000))

    shell.desk.chmod(0o777)
    with false_worker(shell, lie):
        (shell.desk / ".cache").chmod(0o777)
        shutil.chown(shell.desk / ".cache/worker.sock", NOBODY)
        ran = subprocess.run(
            [PYTHON, "-c", _AS_NOBODY, str(shell.desk)], input=letter(), capture_output=True,
            env=shell.process_environment(), check=False,
        )  # fmt: skip
    assert f"False {letter()!r}".encode() in ran.stdout
    assert len([line for line in heard if line]) == 1  # of the one who asks nobody
