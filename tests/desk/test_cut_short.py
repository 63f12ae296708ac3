"""Whoever sends is killed, or asked to end: what may have left twice at most, and what has not."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import erasing, handing_over, inbound, outbox, sending
from helpdesk.desk.desk import Desk
from helpdesk.domain import outgoing as rules
from helpdesk.domain.errors import CannotCreate
from helpdesk.domain.outgoing import Sending
from helpdesk.domain.untried import UNTRIED
from helpdesk.mail.parsing import read
from helpdesk.mail.smtp import Smtp
from helpdesk.mail.transport import LastStep, Result, later
from tests.conftest import MONDAY
from tests.desk.outgoing import A_LETTER, Way, states
from tests.mail.servers import Letterbox, smtp_server


class Killed(BaseException):
    """Stands for kill -9: nothing is written down after it."""


class Deadly(Way):
    """Whoever sends by it dies, before the last step or after the message has left."""

    def __init__(self, *, left: bool) -> None:
        super().__init__()
        self.left = left

    def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
        if self.left:
            super().send(sender, to, message, last_step)
        raise Killed


def letters_come_in(desk: Desk, count: int) -> None:
    """So many, each from somebody else and each acknowledged."""
    for number in range(1, count + 1):
        who = b"c%d@people.example" % number
        letter = A_LETTER.replace(b"first@", b"m%d@" % number)
        inbound.take(desk, letter.replace(b"asel@people.example", who))


def to_whom(way: Way) -> list[str]:
    """Whom its messages went to, in that order."""
    return [to.partition("@")[0] for _, to, _ in way.taken]


def killed(desk: Desk, *, left: bool) -> list[str]:
    """Send, and be killed at the first message; gives whom it has reached."""
    way = Deadly(left=left)
    with pytest.raises(Killed):
        sending.send(desk, way)
    return to_whom(way)


def test_what_may_have_left_goes_first_and_never_a_third_time(mailing: Desk) -> None:
    letters_come_in(mailing, 3)
    assert killed(mailing, left=True) == ["c1"]
    assert states(mailing) == ["sending", "queued", "queued"]
    assert killed(mailing, left=True) == ["c1"]
    way = Way()
    assert sending.send(mailing, way).sent == 2
    assert to_whom(way) == ["c2", "c3"]
    held = mailing.store.outgoing(1)
    assert (held.state, held.may_have_arrived) == (Sending.HELD, True)
    said = outbox.words(held, mailing.zone, mailing.now())
    assert (
        said
        == "held, may have arrived: sending was cut short: helpdesk outbox retry 1, or cancel 1"
    )
    outbox.retry(mailing, 1)
    sending.send(mailing, way)
    assert to_whom(way) == ["c2", "c3", "c1"]


def test_killed_once_it_is_sent_once_more_before_the_others(mailing: Desk) -> None:
    letters_come_in(mailing, 3)
    deadly, way = Deadly(left=True), Way()
    with pytest.raises(Killed):
        sending.send(mailing, deadly)
    with clock.hold(MONDAY + timedelta(minutes=5)):
        assert sending.send(mailing, way).sent == 3
    assert to_whom(way) == ["c1", "c2", "c3"]
    first, second = read(deadly.taken[0][2]), read(way.taken[0][2])
    assert first.message_id == second.message_id


def test_what_has_not_left_is_never_held_and_holds_up_no_other(mailing: Desk) -> None:
    letters_come_in(mailing, 3)
    killed(mailing, left=False)
    assert killed(mailing, left=False) == []
    way = Way()
    with clock.hold(MONDAY + timedelta(minutes=5)):
        assert sending.send(mailing, way).sent == 3
    assert to_whom(way) == ["c2", "c3", "c1"]
    assert not any(each.may_have_arrived for each in outbox.entries(mailing))


class Silent(Way):
    """A mail server that says nothing until we hang up."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self.meanwhile = meanwhile
        self.hung_up = threading.Event()

    def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
        self.meanwhile()
        self.hung_up.wait()
        return later("hung up", ours=True)

    def break_off(self) -> None:
        self.hung_up.set()


class SilentAtTheEnd(Silent):
    """One that says nothing to a whole message."""

    def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
        assert last_step()
        super().send(sender, to, message, last_step)
        return later("hung up", ours=True, unsure=True)


def test_asked_to_end_it_waits_for_no_server_that_is_silent(mailing: Desk) -> None:
    letters_come_in(mailing, 2)
    asked: list[bool] = []
    way = Silent(lambda: asked.append(True))
    session = sending.send(mailing, way, stopped=lambda: bool(asked))
    assert (session.sent, session.later) == (0, 1)
    assert states(mailing) == ["queued", "queued"]
    # Nothing is wrong with it: it keeps its place, and nobody is told of trouble.
    assert mailing.store.stuck(MONDAY - UNTRIED) == 0
    good = Way()
    sending.send(mailing, good)
    assert to_whom(good) == ["c1", "c2"]


def test_asked_to_end_it_waits_a_little_for_the_answer_to_a_whole_message(
    mailing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 10 <= handing_over.LAST_WAIT <= 60, "longer than most servers, less than systemd gives"
    monkeypatch.setattr(handing_over, "LAST_WAIT", 0.01)
    letters_come_in(mailing, 1)
    asked: list[bool] = []
    sending.send(mailing, SilentAtTheEnd(lambda: asked.append(True)), stopped=lambda: bool(asked))
    (waiting,) = (each for each in outbox.entries(mailing) if each.is_stuck)
    assert mailing.store.stuck(MONDAY - UNTRIED) == 1
    assert waiting.last_words.startswith("may have arrived")


def test_asked_to_end_nothing_leaves_afterwards(
    mailing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over, "_BREAKING_OFF", 0.01)
    letters_come_in(mailing, 1)
    asked: list[bool] = []
    allowed: list[bool] = []
    over = threading.Event()

    class Deaf(Silent):
        def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
            self.meanwhile()
            settled.wait()
            allowed.append(last_step())
            over.set()
            return later("hung up")

    settled = threading.Event()
    sending.send(mailing, Deaf(lambda: asked.append(True)), stopped=lambda: bool(asked))
    settled.set()
    over.wait()
    assert allowed == [False]
    assert states(mailing) == ["queued"]


def test_what_cannot_be_put_on_record_does_not_leave(
    mailing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters_come_in(mailing, 1)
    letterbox = Letterbox()

    def full(*_: object) -> None:
        raise CannotCreate("no space left")

    with smtp_server(letterbox) as port:
        way = Smtp("127.0.0.1", port, "none")
        with monkeypatch.context() as patch, pytest.raises(CannotCreate):
            patch.setattr(rules, "handed_over", full)
            sending.send(mailing, way)
        assert letterbox.taken == []
        assert sending.send(mailing, way).sent == 1
        way.close()
    assert [to for _, to, _ in letterbox.taken] == ["c1@people.example"]


class Late(Way):
    """A way out; somebody does something right before the last step of the first message."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self.meanwhile = [meanwhile]

    def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
        while self.meanwhile:
            self.meanwhile.pop()()
        return super().send(sender, to, message, last_step)


def test_one_whose_customer_is_erased_right_before_it_leaves_holds_up_no_other(
    mailing: Desk,
) -> None:
    letters_come_in(mailing, 2)
    way = Late(lambda: erasing.erase(mailing, 1))
    assert sending.send(mailing, way).sent == 1
    assert to_whom(way) == ["c2"]
    assert states(mailing) == ["sent"]
