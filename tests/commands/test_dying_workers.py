"""Whatever becomes of the worker, a message that is handed in comes, and comes once."""

import os
import random
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpdesk import hand_in
from helpdesk.commands import handing_in
from helpdesk.desk import inbound
from helpdesk.desk.desk import open_desk
from tests.commands.conftest import Said, Shell
from tests.commands.workers import (
    WAIT,
    begun,
    false_worker,
    given,
    handed_in,
    subjects,
    tickets,
    until,
    waits_for_an_answer,
    working,
)
from tests.desk.letters import letter

pytestmark = pytest.mark.skipif(not hand_in.is_possible(), reason="needs Linux")

_OTHER_VERSION = "import helpdesk; helpdesk.__version__ = '0.0.9'\n"


def test_two_hundred_messages_of_eight_who_hand_in_at_once_come_once_each(shell: Shell) -> None:
    with working(shell) as worker, ThreadPoolExecutor(8) as eight:
        said = list(eight.map(lambda number: given(shell, number), range(200)))
        assert {each.code for each in said} == {0}
        log = worker.end()
    assert [each for each in subjects(shell) if subjects(shell).count(each) > 1] == []
    assert len(subjects(shell)) == 200
    # On a slow machine one or another gives up waiting, and takes its message in by itself.
    assert handed_in(log) > 150


def test_however_often_the_worker_is_killed_each_message_comes_once(shell: Shell) -> None:
    chance, over = random.Random(5), threading.Event()
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
        said: list[Said] = []
        with ThreadPoolExecutor(4) as four:
            # However quick the machine is, they go on until the worker was killed often enough.
            while len(said) < 30 or (kills <= 3 and killing.is_alive()):
                numbers = range(len(said), len(said) + 10)
                said += four.map(lambda number: given(shell, number), numbers)
    finally:
        over.set()
        killing.join()
    assert [each for each in said if each.code != 0] == []
    assert sorted(subjects(shell)) == sorted(f"Zip {number}" for number in range(len(said)))
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
