"""Workers at which `ingest` hands its message in: in processes of their own, and false ones."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from helpdesk import hand_in
from helpdesk.desk.desk import open_desk
from helpdesk.desk.listening import Listener
from tests.commands.conftest import PYTHON, Said, Shell
from tests.desk.letters import letter

WAIT = 60.0
"""Seconds after which a story has gone wrong, however slow the machine."""

MAIN = "from helpdesk.cli import main\nmain()"


class Worker:
    """A worker of a desk in a process of its own."""

    def __init__(self, shell: Shell, before: str = "") -> None:
        self.socket = shell.desk / ".cache/worker.sock"
        self.process = subprocess.Popen(
            [PYTHON, "-c", before + MAIN, "worker"],
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


def handed_in(log: Sequence[str]) -> int:
    """How many messages the worker has taken in, by its log."""
    return sum("a message was handed in" in line for line in log)


def tickets(shell: Shell) -> int:
    with open_desk(shell.desk) as desk:
        return sum(1 for _ in desk.store.tickets())


def subjects(shell: Shell) -> list[str]:
    with open_desk(shell.desk) as desk:
        return [ticket.subject for ticket in desk.store.tickets()]


def given(shell: Shell, number: int) -> Said:
    raw = letter(f"Number {number}.", subject=f"Zip {number}", sender=f"c{number}@example.com")
    return shell.process("ingest", typed=raw)


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
