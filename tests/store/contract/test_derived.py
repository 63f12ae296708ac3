"""A change shows to everybody, and what is derived can be checked and made anew."""

import threading

from helpdesk.domain.ticket import Ticket
from helpdesk.store.base import Store
from tests.store.contract.stores import Opener, a_mixed_desk
from tests.store.making import asked, customer, found, noted, save, ticket


def test_a_change_shows_to_everybody(store: Store, opener: Opener) -> None:
    other = opener()
    seen = {store.version()}
    assert other.version() in seen
    for change in (ticket(1), customer(1), noted(ticket(1), "more").model_copy(update={"rev": 1})):
        save(store, change)
        assert other.version() == store.version()
        assert store.version() not in seen
        seen.add(store.version())


def test_reading_and_catching_up_with_nothing_new_change_nothing(store: Store) -> None:
    a_mixed_desk(store)
    store.catch_up()
    version = store.version()
    assert store.catch_up() == store.catch_up(thorough=True) == 0
    found(store, "zip")
    list(store.promises(asked()))
    assert store.version() == version


def test_what_is_derived_can_be_built_anew(store: Store) -> None:
    a_mixed_desk(store)
    queue, ledger = store.queue(asked()), list(store.promises(asked()))
    steps: list[tuple[int, int]] = []
    assert store.reindex(lambda done, total: steps.append((done, total))) == 9
    assert steps[-1] == (9, 9)
    assert store.queue(asked()) == queue
    assert list(store.promises(asked())) == ledger
    assert set(found(store, "zip")) == {1, 2, 3, 4, 5, 6, 7}
    assert store.find_customers("aigul@example.com") == [1]


def test_a_sound_desk_has_no_faults(store: Store) -> None:
    a_mixed_desk(store)
    steps: list[tuple[int, int]] = []
    assert store.check(progress=lambda done, total: steps.append((done, total))) == []
    assert steps[-1] == (9, 9)
    assert store.check(repair=True) == []
    assert store.unreadable() == []


def test_a_reference_to_what_is_not_there_is_a_fault(store: Store) -> None:
    links = {"links": [{"ticket": 8}]}
    save(store, Ticket.model_validate({**dict(ticket(1, customer=5)), **links}))
    whats = [fault.what for fault in store.check(repair=True)]
    assert whats == [
        "refers to customer 5, which is not there",
        "refers to ticket 8, which is not there",
    ]


def test_a_ticket_that_breaks_a_rule_is_a_fault_that_is_only_reported(store: Store) -> None:
    save(store, customer(1), ticket(1, promises=()))
    for repair in (False, True):
        (fault,) = store.check(repair=repair)
        assert "standing promises" in fault.what
        assert not fault.repaired
    assert store.ticket(1).promises == ()


def test_what_was_removed_leaves_no_trace(store: Store) -> None:
    a_mixed_desk(store)
    with store.writing() as writing:
        writing.remove_customer(2)
    store.forget()
    assert store.find_customers("+996555123456") == []
    assert [row.id for row in store.list_customers()] == [1]
    assert found(store, "acme") == []
    assert found(store) == [1, 2, 3, 5, 4, 7, 6]


def test_a_store_is_read_in_many_threads_at_once(store: Store) -> None:
    a_mixed_desk(store)
    results: list[list[int]] = []
    threads = [
        threading.Thread(target=lambda: results.append(found(store, "zip"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[1, 2, 3, 5, 4, 7, 6]] * 8


def test_many_documents_saved_at_once_are_all_there(store: Store, opener: Opener) -> None:
    save(store, customer(1), *(ticket(n, due=n) for n in range(1, 41)))
    for seen in (store, opener()):
        assert [row.id for row in seen.queue(asked(), limit=100)] == list(range(1, 41))
        assert len(list(seen.tickets())) == 40
