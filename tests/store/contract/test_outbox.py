"""What every store does with messages on their way out."""

from datetime import timedelta

import pytest

from helpdesk.domain import outgoing as rules
from helpdesk.domain.errors import NotFound
from helpdesk.domain.outgoing import Outgoing, Sending
from helpdesk.store.base import Conflict, Store
from tests.conftest import MONDAY
from tests.store.contract.stores import Opener
from tests.store.making import after, customer, save, ticket


def outgoing(number: int, *, ticket: int = 1, message: int = 2, minutes: int = 0) -> Outgoing:
    """A message that was queued and never saved; to be sent so many minutes after Monday, 10:00."""
    return Outgoing(
        id=number,
        ticket=ticket,
        message=message,
        to="aigul@example.com",
        subject="Re: Zip [#1]",
        created=MONDAY,
        not_before=MONDAY + timedelta(minutes=minutes),
        message_id=f"t{ticket}.{message}@aksai.example",
    )


@pytest.fixture
def matter(store: Store) -> Store:
    """A store with a ticket of a customer."""
    save(store, customer(1), ticket(1))
    return store


def put(store: Store, *found: Outgoing) -> None:
    with store.writing() as writing:
        for each in found:
            writing.put(each)


def test_what_was_queued_comes_back_as_it_was(matter: Store, opener: Opener) -> None:
    put(matter, outgoing(1))
    assert opener().outgoing(1) == outgoing(1).model_copy(update={"rev": 1})
    assert opener().check() == []
    with pytest.raises(NotFound, match="there is no message of the outbox 2"):
        matter.outgoing(2)


def test_it_is_written_with_its_ticket_or_not_at_all(store: Store) -> None:
    save(store, customer(1))
    with pytest.raises(KeyboardInterrupt), store.writing() as writing:
        writing.put(ticket(writing.new_ticket_id()))
        writing.put(outgoing(writing.new_outgoing_id()))
        raise KeyboardInterrupt
    assert store.outbox() == []
    with pytest.raises(NotFound):
        store.ticket(1)


def test_the_outbox_is_in_the_order_in_which_it_is_to_be_sent(matter: Store) -> None:
    put(matter, outgoing(1, minutes=5), outgoing(2, minutes=1), outgoing(3, minutes=1))
    put(matter, rules.held(matter.outgoing(3)))
    assert matter.outbox() == [2, 3, 1]
    assert matter.outbox(Sending.QUEUED) == [2, 1]
    assert matter.outbox(Sending.QUEUED, limit=1) == [2]
    assert matter.outbox(Sending.HELD, Sending.FAILED) == [3]
    put(matter, rules.sent(matter.outgoing(2), after(1), "250"))
    assert matter.outbox(Sending.QUEUED) == [1]


def test_a_ticket_knows_what_takes_its_messages_out(matter: Store) -> None:
    put(matter, outgoing(1, message=2), outgoing(2, message=4), outgoing(3, ticket=7))
    assert matter.outgoing_of(1) == {2: 1, 4: 2}
    assert matter.outgoing_of(2) == {}


def test_who_comes_second_is_refused(matter: Store, opener: Opener) -> None:
    put(matter, outgoing(1))
    seen = opener().outgoing(1)
    put(matter, rules.begun(seen))
    with pytest.raises(Conflict, match="message of the outbox 1"):
        put(matter, rules.held(seen))


def test_what_is_removed_is_gone_and_its_number_never_used_again(
    matter: Store, opener: Opener
) -> None:
    with matter.writing() as writing:
        assert writing.new_outgoing_id() == 1
        writing.put(outgoing(1))
    with matter.writing() as writing:
        writing.remove_outgoing(1)
    assert matter.outbox() == []
    other = opener()
    other.reindex()
    with other.writing() as writing:
        assert writing.new_outgoing_id() == 2
    assert other.check() == []


def test_what_is_to_be_sent_of_no_ticket_is_named(matter: Store) -> None:
    put(matter, outgoing(1, ticket=5))
    (fault,) = matter.check()
    assert fault.what == "refers to ticket 5, which is not there"


def test_what_was_tried_and_has_not_left_is_counted(matter: Store) -> None:
    put(matter, outgoing(1), outgoing(2), outgoing(3))
    assert matter.stuck(after(-1)) == 0
    put(matter, rules.put_off(matter.outgoing(1), after(1), "421 later"))
    put(matter, rules.put_off(matter.outgoing(2), after(1), "421 later"))
    put(matter, rules.put_off(matter.outgoing(2), after(2), "421 later"))
    assert matter.stuck(after(-1)) == 2
    put(matter, rules.sent(matter.outgoing(1), after(3), "250"))
    put(matter, rules.failed(matter.outgoing(2), after(3), "550 no such user"))
    assert matter.stuck(after(-1)) == 0


def test_what_nobody_has_tried_for_long_is_counted(matter: Store) -> None:
    put(matter, outgoing(1), rules.begun(outgoing(2)), rules.held(outgoing(3)))
    assert matter.stuck(after(-1)) == 0
    assert matter.stuck(after(0)) == 2
    put(matter, rules.put_off(matter.outgoing(1), after(1), "421 later"))
    assert matter.stuck(after(600)) == 2
