"""What was saved comes back as it was, and a number is given once."""

import pytest

from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import NotFound, Unavailable
from helpdesk.domain.invariants import faults
from helpdesk.domain.ticket import Ticket
from helpdesk.store.base import Store
from tests.store.contract.stores import Opener
from tests.store.making import answered, asked, customer, found, save, ticket


def test_what_was_saved_comes_back_as_it_was(store: Store) -> None:
    aigul = customer(1, emails=[{"address": "aigul@example.com", "label": "home"}])
    matter = answered(ticket(1, tags=("zip", "jacket")), 1)
    save(store, aigul, matter)
    assert store.customer(1) == aigul.model_copy(update={"rev": 1})
    assert store.ticket(1) == matter.model_copy(update={"rev": 1})
    assert faults(store.ticket(1)) == []


def test_what_was_saved_is_there_for_whoever_opens_next(store: Store, opener: Opener) -> None:
    save(store, customer(1), ticket(1))
    other = opener()
    assert other.ticket(1) == store.ticket(1)
    assert found(other) == [1]


def test_a_document_that_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match=r"^there is no ticket 99$"):
        store.ticket(99)
    with pytest.raises(NotFound, match=r"^there is no customer 99$"):
        store.customer(99)
    for number in (0, -1):
        with pytest.raises(NotFound):
            store.ticket(number)
    with store.writing() as writing:
        with pytest.raises(NotFound, match=r"^there is no ticket 99$"):
            writing.ticket(99)
        with pytest.raises(NotFound, match=r"^there is no customer 99$"):
            writing.customer(99)
        with pytest.raises(NotFound, match=r"^there is no customer 99$"):
            writing.remove_customer(99)


def test_documents_are_listed_by_number(store: Store) -> None:
    save(store, *(customer(n) for n in (2, 1, 3)), *(ticket(n) for n in (3, 1, 2)))
    assert [one.id for one in store.customers()] == [1, 2, 3]
    assert [one.id for one in store.tickets()] == [1, 2, 3]
    assert all(isinstance(one, Customer) for one in store.customers())
    assert all(isinstance(one, Ticket) for one in store.tickets())


def test_numbers_start_at_1_and_follow_each_other(store: Store, opener: Opener) -> None:
    with store.writing() as writing:
        assert [writing.new_ticket_id(), writing.new_ticket_id()] == [1, 2]
        assert writing.new_customer_id() == 1
        writing.put(customer(1))
        writing.put(ticket(1))
        writing.put(ticket(2))
    with opener().writing() as writing:
        assert writing.new_ticket_id() == 3
        assert writing.new_customer_id() == 2


def test_a_number_is_never_used_again(store: Store, opener: Opener) -> None:
    save(store, customer(1), customer(2), customer(3))
    with store.writing() as writing:
        writing.remove_customer(3)
    for again in (store, opener()):
        with again.writing() as writing:
            assert writing.new_customer_id() == 4
    store.reindex()
    with opener().writing() as writing:
        assert writing.new_customer_id() == 4


def test_a_closed_store_says_so(store: Store) -> None:
    save(store, ticket(1))
    store.close()
    store.close()
    with pytest.raises(Unavailable, match="the desk is closed"):
        store.count(asked())
