"""What a desk does by itself goes on, whatever stood in its way once."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import inbound, sending, working
from helpdesk.desk.desk import Desk
from helpdesk.desk.working import LONGEST_PAUSE, SendingDuty
from helpdesk.domain.errors import CannotCreate
from tests.conftest import MONDAY
from tests.desk.outgoing import A_LETTER, Way, states
from tests.desk.test_cut_short import Deadly, Killed


def another(number: int) -> bytes:
    return A_LETTER.replace(b"first@", b"m%d@" % number)


def done(duty: SendingDuty) -> None:
    duty.do(lambda: False, lambda _: None)


@pytest.mark.parametrize("lost", ["removed", "damaged"])
def test_a_message_that_is_lost_holds_up_no_other(mailing: Desk, lost: str) -> None:
    way = Way()
    duty = SendingDuty(mailing, way)
    done(duty)
    for number in (1, 2):
        inbound.take(mailing, another(number))
    file = mailing.path / "outbox" / "0000" / "000001.json"
    if lost == "removed":
        file.unlink()
    else:
        file.write_text("{")
    assert duty.is_due(mailing.now())
    done(duty)
    assert len(way.taken) == 1
    assert not duty.is_due(mailing.now())


def test_what_could_not_be_written_down_is_taken_up_again(
    mailing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    duty = SendingDuty(mailing, Way())
    done(duty)
    inbound.take(mailing, A_LETTER)

    def full(*_: object) -> None:
        raise CannotCreate("no space left")

    with monkeypatch.context() as patch, pytest.raises(CannotCreate):
        patch.setattr(sending, "_settle", full)
        done(duty)
    assert states(mailing) == ["sending"]
    assert duty.is_due(mailing.now())
    done(duty)
    assert states(mailing) == ["sent"]


def test_what_another_program_was_killed_at_is_taken_up(mailing: Desk) -> None:
    way = Way()
    duty = SendingDuty(mailing, way)
    done(duty)
    inbound.take(mailing, A_LETTER)
    with pytest.raises(Killed):
        sending.send(mailing, Deadly(left=False))
    assert states(mailing) == ["sending"]
    assert duty.is_due(mailing.now())
    done(duty)
    assert (len(way.taken), states(mailing)) == (1, ["sent"])
    assert not duty.is_due(mailing.now())


def test_a_clock_set_back_makes_no_pause_of_days(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)

    class Failing(SendingDuty):
        def do(self, *_: object) -> None:
            raise CannotCreate("no space left")

    turn = working._Turn(Failing(mailing, Way()))
    told: list[str] = []
    for at in (MONDAY + timedelta(days=9), MONDAY, MONDAY + LONGEST_PAUSE / 100):
        with clock.hold(at):
            turn.take(mailing.now(), lambda: False, told.append)
    assert len(told) == 2
