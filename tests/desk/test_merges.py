"""Where a ticket went that was merged, also where documents were lost or edited by hand."""

from typing import cast

import pytest

from helpdesk.desk import answers, inbound, matters, merges, sending, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.outgoing import Sending
from helpdesk.domain.ticket import Link, Ticket
from helpdesk.mail.transport import refused
from helpdesk.store.base import Writing
from tests.desk.outgoing import A_LETTER, Way
from tests.store.making import ticket

ANOTHER = A_LETTER.replace(b"first@", b"second@")
AN_ANSWER = A_LETTER.replace(b"first@", b"third@").replace(b"Subject:", b"Subject: Re: [#1]")


class Few:
    """A writing that gives these tickets, each once."""

    def __init__(self, *tickets: Ticket) -> None:
        self.left = {one.id: one for one in tickets}

    def ticket(self, number: int) -> Ticket:
        return self.left.pop(number)


def merged(number: int, into: int) -> Ticket:
    return ticket(number, links=(Link(ticket=into, relation="merged_into"),))


@pytest.fixture
def lost(mailing: Desk, leaking: Ticket) -> Ticket:
    """A ticket that was merged into one whose document is gone; an answer of it waits to leave."""
    assert inbound.take(mailing, ANOTHER).ticket == 2
    sending.send(mailing, Way())
    answers.reply(mailing, 1, "It is sewn.")
    upkeep.merge(mailing, 1, 2)
    (mailing.path / "tickets/0000/000002.json").unlink()
    mailing.store.catch_up()
    return mailing.store.ticket(1)


def test_a_circle_of_merges_ends() -> None:
    writing = cast(Writing, Few(merged(2, into=1), merged(1, into=2)))
    assert [one.id for one in merges.onward(writing, merged(1, into=2))] == [1, 2]


def test_a_letter_about_what_was_merged_into_a_lost_ticket_opens_another(
    mailing: Desk, lost: Ticket
) -> None:
    taken = inbound.take(mailing, AN_ANSWER)
    assert (taken.ticket, taken.new_ticket) == (3, True)
    assert inbound.take(mailing, AN_ANSWER).duplicate


def test_a_letter_that_came_before_is_known_though_its_ticket_was_lost_by_then(
    mailing: Desk, lost: Ticket
) -> None:
    assert inbound.take(mailing, A_LETTER).duplicate


def test_a_call_about_what_was_merged_into_a_lost_ticket_says_where_it_went(
    mailing: Desk, lost: Ticket
) -> None:
    with pytest.raises(RuleBroken, match="work on ticket 2"):
        matters.take_in(mailing, 1, "She called.")


def test_an_answer_of_what_was_merged_into_a_lost_ticket_fails_once(
    mailing: Desk, lost: Ticket
) -> None:
    way = Way(refused("550 no such user"), refused("550 no such user"))
    assert sending.send(mailing, way).failed == 1
    (number,) = mailing.store.outbox(Sending.FAILED)
    assert mailing.store.outgoing(number).last_words == "550 no such user"
    assert mailing.store.ticket(1).messages[-1].undelivered == "550 no such user"
