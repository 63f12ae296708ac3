"""A worker takes in what is handed in; whoever hands in rubbish, or nothing, holds up nobody."""

import os
import shutil
import socket
import stat
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from helpdesk import clock, hand_in
from helpdesk.commands.mail import said
from helpdesk.desk import inbound, reception
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.listening import Listener
from helpdesk.desk.reception import Reception
from helpdesk.domain.errors import HelpdeskError, NotPermitted, TryAgain
from tests.conftest import MONDAY
from tests.desk.letters import letter

PATIENCE = 20.0
"""Seconds after which a story has gone wrong, however slow the machine."""

pytestmark = pytest.mark.skipif(not hand_in.is_possible(), reason="needs Linux")


class There(list[str]):
    """A worker's reception, and what it has told for the log."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.duty = Reception(path, said, self.append)

    def be(self) -> None:
        """One turn of the worker."""
        if self.duty.is_due(MONDAY):
            self.duty.do(lambda: False, self.append)

    def is_heard(self) -> bool:
        return Hand(self.path).whole() is not None


HANDS: list[socket.socket] = []


@pytest.fixture(autouse=True)
def _withdrawn() -> Iterator[None]:
    yield
    for each in HANDS:
        each.close()
    HANDS.clear()


class Hand:
    """One who hands something in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX)
        HANDS.append(self.socket)
        self.socket.settimeout(PATIENCE)
        folder = hand_in.opened(path)
        try:
            self.socket.connect(hand_in.address(folder))
        finally:
            os.close(folder)

    def request(self, **other: object) -> bytes:
        asked = hand_in.Request(hand_in.program(), hand_in.desk(self.path), hand_in.WORDS)
        for name, value in other.items():
            setattr(asked, name, value)
        return asked.line()

    def give(self, line: bytes, message: bytes = b"") -> None:
        file = os.memfd_create("message")
        os.write(file, message)
        os.lseek(file, 0, os.SEEK_SET)
        self.send(line, file)
        os.close(file)

    def send(self, line: bytes, *files: int) -> None:
        """Send it, if it has not been hung up by then."""
        with suppress(BrokenPipeError):
            socket.send_fds(self.socket, [line], files)

    def heard(self) -> bytes:
        """All that is answered, until it hangs up."""
        heard = b""
        try:
            while piece := self.socket.recv(1 << 16):
                heard += piece
        except ConnectionResetError:
            pass  # hung up without reading all
        return heard

    def whole(self, message: bytes = b"Subject: Zip\n\nIt broke.") -> str | None:
        """What became of a message that is handed in as it should be."""
        self.give(self.request(), message)
        return hand_in.text_of(self.heard())


@contextmanager
def receiving(path: Path) -> Iterator[There]:
    there = There(path)
    with there.duty:
        there.be()
        yield there


@pytest.fixture
def there(desk_path: Path) -> Iterator[There]:
    with clock.hold(MONDAY), receiving(desk_path) as made:
        yield made


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def tickets(path: Path) -> int:
    with open_desk(path) as desk:
        return sum(1 for _ in desk.store.tickets())


def test_what_is_handed_in_is_taken_in_once(there: There, desk_path: Path) -> None:
    first = Hand(desk_path).whole(letter())
    assert first == "Ticket 1: opened by a message from aigul@example.com: Zip; acknowledged\n"
    assert Hand(desk_path).whole(letter()) == "Ticket 1: has that message already\n"
    until(lambda: there == ["ticket 1: a message was handed in"] * 2)
    assert tickets(desk_path) == 1


def test_begun_is_said_before_it_is_durable_and_taken_after(
    there: There, desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    take = inbound.take

    def slow(desk: Desk, raw: bytes) -> inbound.Taken:
        assert go.wait(PATIENCE)
        return take(desk, raw)

    monkeypatch.setattr(inbound, "take", slow)
    hand = Hand(desk_path)
    hand.give(hand.request(), letter())
    assert hand.socket.recv(100) == hand_in.BEGUN
    assert tickets(desk_path) == 0
    go.set()
    assert hand.heard().startswith(b"taken ")


@pytest.mark.parametrize("line", [b"GET / HTTP/1.1\r\n\r\n", b"\n", os.urandom(900)])
def test_rubbish_is_hung_up_on(there: There, desk_path: Path, line: bytes) -> None:
    hand = Hand(desk_path)
    hand.give(line, letter())
    assert hand.heard() == b""
    assert tickets(desk_path) == 0
    assert there.is_heard()


def test_a_request_without_a_message_is_hung_up_on(there: There, desk_path: Path) -> None:
    hand = Hand(desk_path)
    hand.send(hand.request())
    assert hand.heard() == b""
    assert there.is_heard()


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_file_is_not_read(there: There, desk_path: Path, kind: str) -> None:
    reading, writing = os.pipe()
    named = {"folder": "/", "device": "/dev/zero"}
    file = os.open(named[kind], os.O_RDONLY) if kind in named else reading
    hand = Hand(desk_path)
    hand.send(hand.request(), file)
    assert hand.heard() == hand_in.BEGUN
    for each in {file, reading, writing}:
        os.close(each)
    assert there.is_heard()


def test_descriptors_that_are_handed_in_are_let_go_of(there: There, desk_path: Path) -> None:
    before = open_files()
    for _ in range(20):
        hand = Hand(desk_path)
        file = os.open(os.devnull, os.O_RDONLY)
        hand.send(b"rubbish", file, file, file)
        os.close(file)
        hand.heard()
        hand.socket.close()
    assert Hand(desk_path).whole() is not None
    until(lambda: open_files() <= before + 1)


def test_too_many_open_files_are_said_once_and_no_hindrance_for_ever(
    there: There, desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> tuple[bytes, list[int], int, None]:
        return b"helpdesk 0 0 0 words\n", [], socket.MSG_CTRUNC, None

    with monkeypatch.context() as patch:
        patch.setattr(socket, "recv_fds", full)
        for _ in range(3):
            assert Hand(desk_path).heard() == b""
    until(lambda: there == ["no message can be handed in: Too many open files"])
    assert there.is_heard()


def test_another_program_is_not_served_and_that_is_said_once(there: There, desk_path: Path) -> None:
    for _ in range(2):
        hand = Hand(desk_path)
        hand.give(hand.request(program="0.0.9/1/2/3"), letter())
        assert hand.heard() == b""
    until(lambda: sum(each.name == "reception" for each in threading.enumerate()) == 1)
    assert there == ["messages are handed in by another version: start this worker anew"]
    assert tickets(desk_path) == 0


def test_a_message_for_another_desk_is_not_taken_in(there: There, desk_path: Path) -> None:
    hand = Hand(desk_path)
    hand.give(hand.request(desk=hand_in.desk(desk_path.parent)), letter())
    assert hand.heard() == b""
    assert tickets(desk_path) == 0


def test_only_the_user_of_the_worker_is_served(
    there: There, desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_in, "user_of", lambda _: os.geteuid() + 1)
    assert Hand(desk_path).whole() is None
    assert tickets(desk_path) == 0
    monkeypatch.undo()
    assert there.is_heard()


def test_the_socket_is_its_users_alone(there: There, desk_path: Path) -> None:
    for folder in (desk_path, desk_path / ".cache"):
        folder.chmod(0o2770)
    there.duty._leave()
    there.be()
    lies = (desk_path / ".cache/worker.sock").lstat()
    assert stat.S_ISSOCK(lies.st_mode)
    assert stat.S_IMODE(lies.st_mode) == 0o600


def test_who_says_nothing_holds_up_nobody(there: There, desk_path: Path) -> None:
    silent = [Hand(desk_path) for _ in range(reception.AT_ONCE - 1)]
    begun = time.monotonic()
    assert there.is_heard()
    assert time.monotonic() - begun < reception._PATIENCE
    for hand in silent:
        hand.socket.close()


def test_who_comes_when_too_many_are_heard_is_hung_up_on(there: There, desk_path: Path) -> None:
    silent = [Hand(desk_path) for _ in range(reception.AT_ONCE)]
    late = Hand(desk_path)
    late.give(late.request(), letter())
    assert late.heard() == b""
    assert tickets(desk_path) == 0
    for hand in silent:
        hand.socket.close()
    until(there.is_heard)


def test_who_says_nothing_is_hung_up_on(
    there: There, desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "_PATIENCE", 0.05)
    assert Hand(desk_path).heard() == b""


def test_who_does_not_read_the_answer_is_not_waited_for(
    there: There, desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "_PATIENCE", 0.2)
    deaf = Hand(desk_path)
    deaf.give(deaf.request(form=hand_in.JSON), letter("A long tale. " * 50_000))
    assert Hand(desk_path).whole() is not None
    until(lambda: "ticket 1: a message was handed in" in there)


def test_who_has_given_up_has_taken_it_in_himself(
    there: There, desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with there.duty._one:  # another message is under way
        hand = Hand(desk_path)
        hand.give(hand.request(), letter())
        hand.socket.close()
        other = Hand(desk_path)
        other.give(other.request(), b"Subject: Rope\n\nRed?")
    assert hand_in.text_of(other.heard()) is not None
    assert tickets(desk_path) == 1


def test_trouble_is_told_and_the_message_left_to_who_handed_it_in(
    there: There, desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("words of a customer")

    with monkeypatch.context() as patch:
        patch.setattr(inbound, "take", fail)
        assert Hand(desk_path).whole() is None
    until(lambda: bool(there))
    (told,) = there
    assert "left to 'ingest' itself: a message could not be taken in (ZeroDivisionError)" in told
    assert there.is_heard()


def test_each_message_is_taken_in_by_desk_toml_as_it_is(there: There, desk_path: Path) -> None:
    settings = desk_path / "desk.toml"
    good = settings.read_text()
    Hand(desk_path).whole(letter(id="1@x"))
    settings.write_text(good + '[[mail.rule]]\nsubject = "zip"\ntags = ["tent"]\n')
    Hand(desk_path).whole(letter("Another.", id="2@x"))
    settings.write_text(good + "[mail]\nadress = 1\n")
    assert Hand(desk_path).whole(letter("Broken.", id="3@x")) is None
    settings.write_text(good)
    with open_desk(desk_path) as desk:
        assert [ticket.tags for ticket in desk.store.tickets()] == [(), ("tent",)]


def test_whoever_became_an_auditor_has_nothing_taken_in(
    there: There, desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.desk.desk.login_name", lambda: "aibek")
    settings = desk_path / "desk.toml"
    settings.write_text(settings.read_text() + '[roles]\nauditor = ["aibek"]\n')
    assert Hand(desk_path).whole() is None
    assert tickets(desk_path) == 0


def taking_waits(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Have a message at hand, as the first event tells, taken in only once the second is set."""
    at_hand, go = threading.Event(), threading.Event()
    take = inbound.take

    def slow(desk: Desk, raw: bytes) -> inbound.Taken:
        at_hand.set()
        assert go.wait(PATIENCE)
        return take(desk, raw)

    monkeypatch.setattr(inbound, "take", slow)
    return at_hand, go


def test_a_worker_that_ends_finishes_the_message_at_hand_and_begins_no_other(
    there: There, desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_hand, go = taking_waits(monkeypatch)
    first, second = Hand(desk_path), Hand(desk_path)
    first.give(first.request(), letter())
    assert at_hand.wait(PATIENCE)
    second.give(second.request(), letter("Another."))
    ending = threading.Thread(target=there.duty.close)
    ending.start()
    until(lambda: not (desk_path / ".cache/worker.sock").exists())
    go.set()
    ending.join()
    assert hand_in.text_of(first.heard()) is not None
    assert second.heard() == b""
    assert tickets(desk_path) == 1


def test_a_message_at_hand_that_takes_long_is_left_at_the_end(
    there: There, desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_hand, go = taking_waits(monkeypatch)
    monkeypatch.setattr(reception, "_LAST_WAIT", 0.05)
    hand = Hand(desk_path)
    hand.give(hand.request(), letter())
    assert at_hand.wait(PATIENCE)
    there.duty.close()
    assert not go.is_set()
    go.set()
    hand.heard()


def test_a_worker_that_ends_says_first_what_became_of_the_message_at_hand(
    there: There, desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []
    at_hand = threading.Event()
    taken = hand_in.taken

    def end() -> None:
        there.duty.close()
        done.append("ended")

    ending = threading.Thread(target=end)

    def slow(said: str) -> bytes:
        at_hand.set()
        until(lambda: not (desk_path / ".cache/worker.sock").exists())
        ending.join(0.3)  # which is long enough for one that does not wait
        done.append("answered")
        return taken(said)

    monkeypatch.setattr(hand_in, "taken", slow)
    hand = Hand(desk_path)
    hand.give(hand.request(), letter())
    assert at_hand.wait(PATIENCE)
    ending.start()
    assert hand_in.text_of(hand.heard()) is not None
    ending.join()
    assert done == ["answered", "ended"]


@pytest.mark.parametrize("message", [b"Subject: Zip\n\nIt broke.", None])
def test_nobody_waits_for_whoever_keeps_the_log(
    there: There, desk_path: Path, monkeypatch: pytest.MonkeyPatch, message: bytes | None
) -> None:
    telling, read = threading.Event(), threading.Event()

    def slow(_: str) -> None:
        telling.set()
        assert read.wait(2 * PATIENCE)

    monkeypatch.setattr(there.duty, "_tell", slow)
    if message is None:
        (desk_path / "desk.toml").write_text("wrong")
    try:
        said = Hand(desk_path).whole(message or letter())
        assert (said is not None) == (message is not None)
        assert telling.wait(PATIENCE)
    finally:
        read.set()


def test_of_two_workers_one_listens_and_then_the_other(there: There, desk_path: Path) -> None:
    with receiving(desk_path) as second:
        assert second.duty.is_due(MONDAY)
        assert there.is_heard()
        there.duty.close()
        second.be()
        assert second.is_heard()
    assert not (desk_path / ".cache/worker.sock").exists()
    assert (second, there) == (["ticket 1: a message was handed in"],) * 2


def test_a_socket_that_was_removed_is_made_anew(there: There, desk_path: Path) -> None:
    shutil.rmtree(desk_path / ".cache")
    assert there.duty.is_due(MONDAY)
    there.be()
    assert there.is_heard()
    assert not there.duty.is_due(MONDAY)


def test_a_desk_that_was_restored_in_its_place_is_listened_at(
    there: There, desk_path: Path, tmp_path: Path
) -> None:
    subprocess.run(["cp", "-a", desk_path, tmp_path / "backup"], check=True)
    desk_path.rename(tmp_path / "lost")
    (tmp_path / "backup").rename(desk_path)
    with pytest.raises(ConnectionRefusedError):
        Hand(desk_path)
    assert Hand(tmp_path / "lost").whole() is None  # another desk than the worker's by now
    there.be()
    assert there.is_heard()


def test_a_hard_link_to_the_socket_leads_to_no_other_desk(
    there: There, desk_path: Path, tmp_path: Path
) -> None:
    subprocess.run(["cp", "-al", desk_path, tmp_path / "snapshot"], check=True)
    assert Hand(tmp_path / "snapshot").whole() is None
    assert tickets(desk_path) == 0


def test_what_a_killed_worker_left_is_replaced(desk_path: Path) -> None:
    (desk_path / ".cache").mkdir()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(desk_path / ".cache/worker.sock"))
    with receiving(desk_path) as there:
        assert there.is_heard()


def test_a_path_longer_than_an_address_can_be_is_no_hindrance(desk_path: Path) -> None:
    long = desk_path.parent / ("long" * 40) / "desk"
    long.parent.mkdir()
    desk_path.rename(long)
    with receiving(long) as there:
        assert there.is_heard()


def test_where_there_can_be_no_socket_that_is_said_once(
    desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> Listener:
        raise NotPermitted("cannot write .cache/worker.sock: Permission denied; ask")

    with monkeypatch.context() as patch, receiving(desk_path) as there:
        there.duty._leave()
        patch.setattr(reception, "Listener", refused)
        for _ in range(3):
            there.be()
        assert len(there) == 1
        assert "no message can be handed in: cannot write .cache/worker.sock" in there[0]
        patch.undo()
        there.be()
        assert there.is_heard()


def test_a_folder_in_the_place_of_the_socket_is_a_hindrance(desk_path: Path) -> None:
    (desk_path / ".cache/worker.sock").mkdir(parents=True)
    with pytest.raises(HelpdeskError, match=r"worker\.sock"):
        Listener(desk_path)
    (desk_path / ".cache/worker.sock").rmdir()
    Listener(desk_path).close()  # nothing was left locked


def test_a_second_listener_is_refused(desk_path: Path) -> None:
    first = Listener(desk_path)
    with pytest.raises(TryAgain):
        Listener(desk_path)
    assert first.is_there()
    first.close()
    assert first.accept() is None


def test_in_service_mode_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reception.is_possible()
    monkeypatch.setattr("helpdesk.desk.serving.service", lambda: ("aibek", "/desk"))
    assert not reception.is_possible()
