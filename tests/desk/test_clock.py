"""A clock that jumps breaks no rule of a promise, loses nothing, and holds nothing up for long."""

from datetime import datetime, timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, matters, sending, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.holding import Holding
from helpdesk.domain.presence import Doing, presence_words
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Outcome
from helpdesk.mail.transport import later
from tests.conftest import MONDAY
from tests.desk.outgoing import Way, states
from tests.desk.test_matters import complaint

BACK = MONDAY - timedelta(hours=1)
FORWARD = MONDAY + timedelta(days=1)


@pytest.mark.parametrize("jump", [BACK, FORWARD], ids=["back", "forward"])
@pytest.mark.parametrize("returns", [False, True], ids=["for good", "and returns"])
def test_whatever_is_done_after_a_jump_every_rule_holds(
    desk: Desk, jump: datetime, returns: bool
) -> None:
    number = complaint(desk).id
    with clock.hold(jump):
        upkeep.note(desk, number, "Seen.")
        upkeep.assign(desk, number, "aibek")
        answers.tell_date(desk, number, jump + timedelta(days=3), "the cloth is late")
    with clock.hold(MONDAY if returns else jump):
        matters.take_in(desk, number, "And the poles?")
        answers.reply(desk, number, "Both are on their way.")
        matters.take_in(desk, number, "One pole is missing.")
        answers.reply(desk, number, "It comes too.")
        answers.close(desk, number, resolution="Replaced")
        matters.reopen(desk, number, "not the right one")
        answers.no_answer_needed(desk, number, "they found it")
    ticket = desk.store.ticket(number)
    assert desk.store.check() == []
    assert Outcome.OPEN not in [promise.outcome for promise in ticket.promises]
    assert [message.id for message in ticket.messages] == list(range(1, len(ticket.messages) + 1))


def test_mail_that_is_to_be_tried_again_is_not_held_up_by_a_clock_that_was_wrong(
    mailing: Desk, leaking: Ticket
) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    with clock.hold(FORWARD):
        assert sending.send(mailing, Way(later("451 busy"))).sent == 0
    assert states(mailing)[-1] == "queued"
    assert sending.send(mailing, Way()).sent == 1


def test_a_clock_set_back_by_an_hour_holds_mail_up_by_no_more_than_that(
    mailing: Desk, leaking: Ticket
) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    sending.send(mailing, Way(later("451 busy")))
    with clock.hold(BACK):
        assert sending.send(mailing, Way()).sent == 0
    with clock.hold(MONDAY + timedelta(minutes=2)):
        assert sending.send(mailing, Way()).sent == 1


def test_a_decision_that_is_held_waits_for_no_clock_that_was_set_back(desk: Desk) -> None:
    number = complaint(desk).id
    holding = Holding(desk, 5, failed=lambda *_: None)
    holding.hold("note", lambda: upkeep.note(desk, number, "Seen."), now=desk.now(), ticket=number)
    holding.carry_out_due(BACK)
    assert desk.store.ticket(number).messages[-1].text == "Seen."


def test_who_is_at_a_ticket_stays_there_whatever_the_clock_says(desk: Desk) -> None:
    number = complaint(desk).id
    with open_desk(desk.path, "kim") as other:
        other.presence.be_at(number, Doing.WRITES, FORWARD)
        for now in (BACK, MONDAY, FORWARD):
            other.presence.be_at(number, Doing.WRITES, now)
            [present] = desk.presence.others(number)
            assert presence_words(present, desk.agent, desk.zone, now).startswith("kim writes here")
    assert desk.presence.others(number) == []


def test_what_is_written_while_the_clock_is_set_back_is_seen_by_others(desk: Desk) -> None:
    number = complaint(desk).id
    with clock.hold(BACK), open_desk(desk.path, "kim") as other:
        desk.store.catch_up()
        before = desk.store.version()
        upkeep.note(other, number, "The parcel came back.")
        assert desk.store.version() != before
        assert [hit.row.id for hit in desk.store.search(desk.query("parcel"))] == [number]
