"""`ingest` hands its message in at the worker of the desk; whatever becomes of the worker, the
message is taken in once, and what is said is the same."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from hashlib import sha256
from pathlib import Path

import pytest

from helpdesk import hand_in
from helpdesk.commands import handing_in, mail
from helpdesk.commands.handing_in import call_of
from helpdesk.desk import inbound
from helpdesk.desk.desk import open_desk
from helpdesk.desk.listening import Listener
from tests.commands.conftest import PYTHON, Said, Shell
from tests.desk.letters import letter

WAIT = 60.0
"""Seconds after which a story has gone wrong, however slow the machine."""

pytestmark = pytest.mark.skipif(not hand_in.is_possible(), reason="needs Linux")

NOBODY = 65534
_OTHER_VERSION = "import helpdesk; helpdesk.__version__ = '0.0.9'\n"
_MAIN = "from helpdesk.cli import main\nmain()"


class Worker:
    """A worker of a desk in a process of its own."""

    def __init__(self, shell: Shell, before: str = "") -> None:
        self.socket = shell.desk / ".cache/worker.sock"
        self.process = subprocess.Popen(
            [PYTHON, "-c", before + _MAIN, "worker"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=shell.process_environment(),
        )

    def until_heard(self) -> None:
        end = time.monotonic() + WAIT
        while not self._answers():
            assert time.monotonic() < end, "nobody listens"
            time.sleep(0.01)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
            folder = hand_in.opened(self.socket.parents[1])
            try:
                probe.connect(hand_in.address(folder))
            finally:
                os.close(folder)
            return True
        return False

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM) -> list[str]:
        """End it; gives what it has said."""
        self.send(signal.SIGCONT)
        self.send(number)
        out, _ = self.process.communicate(timeout=WAIT)
        return out.decode().splitlines()


@contextmanager
def working(shell: Shell, before: str = "") -> Iterator[Worker]:
    worker = Worker(shell, before)
    try:
        worker.until_heard()
        yield worker
    finally:
        if worker.process.poll() is None:
            worker.end(signal.SIGKILL)


def handed_in(log: Sequence[str]) -> int:
    """How many messages the worker has taken in, by its log."""
    return sum("a message was handed in" in line for line in log)


def tickets(shell: Shell) -> int:
    with open_desk(shell.desk) as desk:
        return sum(1 for _ in desk.store.tickets())


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


def alone(shell: Shell) -> Path:
    """A copy of the desk at which nobody listens."""
    copy = shell.desk.parent / "alone"
    subprocess.run(["cp", "-a", shell.desk, copy], check=True)
    return copy


def answer(
    shell: Shell, words: Sequence[str], raw: bytes, environment: dict[str, str]
) -> tuple[int, bytes, bytes]:
    ran = subprocess.run(
        [PYTHON, "-m", "helpdesk", "ingest", *words],
        input=raw,
        capture_output=True,
        env={**shell.process_environment(), **environment},
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr


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


COMMAND_LINES = [
    ["ingest"], ["ingest", "--json"], ["--desk", "a", "ingest"], ["ingest", "--desk", "a"],
    ["--desk", "a", "ingest", "--json"], ["ingest", "--json", "--desk", "a"],
    ["ingest", "--desk", "ingest"], ["--desk", "ingest", "ingest"], ["ingest", "--json", "--json"],
    ["--desk=a", "ingest"], ["ingest", "--desk=a=b", "--json"],
]  # fmt: skip


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


def test_two_hundred_messages_of_eight_who_hand_in_at_once_come_once_each(shell: Shell) -> None:
    with working(shell) as worker, ThreadPoolExecutor(8) as eight:
        said = list(eight.map(lambda number: given(shell, number), range(200)))
        assert {each.code for each in said} == {0}
        log = worker.end()
    assert [each for each in subjects(shell) if subjects(shell).count(each) > 1] == []
    assert len(subjects(shell)) == 200
    # On a slow machine one or another gives up waiting, and takes its message in by itself.
    assert handed_in(log) > 150


def given(shell: Shell, number: int) -> Said:
    raw = letter(f"Number {number}.", subject=f"Zip {number}", sender=f"c{number}@example.com")
    return shell.process("ingest", typed=raw)


def subjects(shell: Shell) -> list[str]:
    with open_desk(shell.desk) as desk:
        return [ticket.subject for ticket in desk.store.tickets()]


def test_however_often_the_worker_is_killed_each_message_comes_once(shell: Shell) -> None:
    count, chance, over = 30, random.Random(5), threading.Event()
    kills = 0

    def kill() -> None:
        nonlocal kills
        while not over.is_set():
            with working(shell) as worker:
                over.wait(0.1 + chance.random() / 2)
                worker.send(signal.SIGKILL)
                worker.process.communicate()
                kills += 1

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        with ThreadPoolExecutor(4) as four:
            said = list(four.map(lambda number: given(shell, number), range(count)))
    finally:
        over.set()
        killing.join()
    assert [each for each in said if each.code != 0] == []
    assert sorted(subjects(shell)) == sorted(f"Zip {number}" for number in range(count))
    assert kills > 3
    shell("check", "--repair")  # clears away what the killed were writing
    shell.ok("check")


def test_a_message_that_a_worker_dies_at_comes_all_the_same(shell: Shell) -> None:
    with working(shell) as worker:
        worker.send(signal.SIGSTOP)
        client = begun(shell)
        until(lambda: waits_for_an_answer(client))
        worker.end(signal.SIGKILL)
        out, _ = client.communicate(timeout=WAIT)
        assert client.returncode == 0
        assert out.startswith(b"Ticket 1: opened by")


def begun(shell: Shell, raw: bytes = letter()) -> subprocess.Popen[bytes]:
    """An `ingest` that has its message."""
    client = subprocess.Popen(
        [PYTHON, "-m", "helpdesk", "ingest"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=shell.process_environment(),
    )
    assert client.stdin is not None
    client.stdin.write(raw)
    client.stdin.close()
    client.stdin = None
    return client


def waits_for_an_answer(client: subprocess.Popen[bytes]) -> bool:
    """Whether it has a socket open."""
    with suppress(OSError):
        open_ = Path(f"/proc/{client.pid}/fd").iterdir()
        return any("socket:" in str(each.readlink()) for each in open_)
    return False


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


@contextmanager
def false_worker(shell: Shell, answer: Callable[[socket.socket], None]) -> Iterator[None]:
    """Somebody listens at the desk who answers as he likes."""
    listener = Listener(shell.desk)

    def serve() -> None:
        while (connection := listener.accept()) is not None:
            with connection, suppress(OSError):
                answer(connection)

    serving = threading.Thread(target=serve)
    serving.start()
    try:
        yield
    finally:
        listener.close()
        serving.join()


def test_killed_when_it_was_durable_and_not_yet_told_it_comes_once(shell: Shell) -> None:
    def die(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(hand_in.BEGUN)
        with open_desk(shell.desk) as desk:
            inbound.take(desk, letter())

    with false_worker(shell, die):
        said = shell.process("ingest", typed=letter())
    assert (said.code, said.out) == (0, "Ticket 1: has that message already\n")
    assert tickets(shell) == 1


def test_a_worker_that_dies_when_it_has_read_the_message_leaves_all_of_it(shell: Shell) -> None:
    read: list[bytes] = []

    def die(connection: socket.socket) -> None:
        _, (file,), *_ = socket.recv_fds(connection, 1000, 1)
        with os.fdopen(file, "rb") as message:
            read.append(message.read())
        connection.sendall(hand_in.BEGUN)

    with false_worker(shell, die):
        said = shell.process("ingest", "--json", typed=letter()).object
    assert read == [letter()]
    assert said["message"]["text"] == "The zip broke."


@pytest.mark.parametrize(
    "answer", [b"", hand_in.BEGUN, b"nonsense\n", hand_in.BEGUN + b"taken 99\nTicket 9: opened"]
)
def test_an_answer_that_is_none_counts_for_nothing(shell: Shell, answer: bytes) -> None:
    def say(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(answer)

    with false_worker(shell, say):
        said = shell.process("ingest", typed=letter())
    assert (said.code, said.out[:19]) == (0, "Ticket 1: opened by")


def test_a_worker_that_says_nothing_is_waited_for_a_few_seconds(shell: Shell) -> None:
    with working(shell) as worker:
        worker.send(signal.SIGSTOP)
        begun = time.monotonic()
        said = shell.process("ingest", typed=letter())
        assert time.monotonic() - begun >= handing_in.TURN
        assert said.out.startswith("Ticket 1: opened by")
        worker.send(signal.SIGCONT)
        assert shell.process("ingest", typed=letter("Another.")).code == 0
        assert handed_in(worker.end()) == 1  # who had given up was not served any more
    assert tickets(shell) == 2


def test_a_worker_of_another_version_is_left_alone(shell: Shell) -> None:
    with working(shell, _OTHER_VERSION) as worker:
        assert shell.process("ingest", typed=letter()).out.startswith("Ticket 1: opened by")
        said = worker.end()
    assert said == ["messages are handed in by another version: start this worker anew"]


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


def test_half_a_message_is_never_taken_for_all_of_it(shell: Shell) -> None:
    with working(shell) as worker:
        ran = subprocess.run(
            [PYTHON, "-c", _BREAKS + _MAIN, "ingest"], input=letter(), capture_output=True,
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


def test_a_worker_that_hangs_up_is_waited_for_no_longer() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()
        begun = time.monotonic()
        assert handing_in._heard(ours) == b""
        assert time.monotonic() - begun < handing_in.TURN


@pytest.mark.parametrize("says", ["nothing", "begun", "a little, again and again"])
def test_no_worker_is_waited_for_without_an_end(says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_in, "TURN", 0.05)
    monkeypatch.setattr(handing_in, "TAKING", 0.1)
    over = threading.Event()
    ours, theirs = socket.socketpair()

    def say() -> None:
        while not over.wait(0.01):
            theirs.sendall(b"x")

    saying = threading.Thread(target=say)
    with ours, theirs:
        if says == "begun":
            theirs.sendall(hand_in.BEGUN)
        if says.endswith("again"):
            saying.start()
        try:
            with pytest.raises(TimeoutError):
                handing_in._heard(ours)
        finally:
            over.set()
            if says.endswith("again"):
                saying.join()


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
