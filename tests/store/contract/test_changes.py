"""A change is all there or not at all, and nobody saves over what another has saved."""

import threading

import pytest

from helpdesk.domain.errors import NotFound
from helpdesk.store.base import Conflict, Store
from tests.store.contract.stores import Opener
from tests.store.making import customer, found, noted, save, ticket


def test_every_save_counts_the_revision_up(store: Store) -> None:
    with store.writing() as writing:
        first = writing.put(ticket(1))
        second = writing.put(noted(first, "called, no answer"))
    assert (first.rev, second.rev, store.ticket(1).rev) == (1, 2, 2)
    assert store.ticket(1) == second


def test_a_change_sees_what_was_put_before_in_it(store: Store) -> None:
    with store.writing() as writing:
        writing.put(customer(1, "Нурлан"))
        assert writing.customer(1).name == "Нурлан"
        writing.remove_customer(1)
        with pytest.raises(NotFound):
            writing.customer(1)
    assert list(store.customers()) == []


def test_a_change_sees_no_more_what_it_has_removed(store: Store) -> None:
    save(store, customer(1))
    with store.writing() as writing:
        seen = writing.customer(1)
        writing.remove_customer(1)
        with pytest.raises(NotFound):
            writing.customer(1)
        with pytest.raises(NotFound):
            writing.remove_customer(1)
        with pytest.raises(Conflict):
            writing.put(seen)
    assert list(store.customers()) == []


def test_nobody_gets_a_number_that_the_same_change_has_removed(store: Store) -> None:
    save(store, customer(1))
    with store.writing() as writing:
        writing.remove_customer(1)
        with pytest.raises(Conflict):
            writing.put(customer(1, "Somebody else"))
        assert writing.new_customer_id() == 2
    assert list(store.customers()) == []
    assert store.list_customers() == []
    assert store.check() == []


def test_a_change_reads_what_others_saved_meanwhile(store: Store, opener: Opener) -> None:
    save(store, ticket(1))
    other = opener()
    with other.writing() as writing:
        writing.put(noted(writing.ticket(1), "from elsewhere"))
    with store.writing() as writing:
        assert writing.ticket(1).messages[-1].text == "from elsewhere"


def test_who_saves_what_he_read_before_another_saved_it_has_a_conflict(
    store: Store, opener: Opener
) -> None:
    save(store, customer(1), ticket(1))
    seen = store.ticket(1)
    other = opener()
    save(other, noted(other.ticket(1), "mine came first"))
    with pytest.raises(Conflict, match="ticket 1 was changed meanwhile") as caught:
        save(store, customer(2), noted(seen, "mine is late"))
    assert caught.value.exit_code == 75
    assert store.ticket(1).messages[-1].text == "mine came first"
    with pytest.raises(NotFound):
        store.customer(2)  # nothing of that change was written


def test_a_document_that_is_gone_cannot_be_saved_over(store: Store) -> None:
    save(store, customer(1))
    seen = store.customer(1)
    with store.writing() as writing:
        writing.remove_customer(1)
    with pytest.raises(Conflict):
        save(store, seen)
    with pytest.raises(NotFound):
        store.customer(1)


def test_a_new_document_never_takes_the_place_of_another(store: Store) -> None:
    save(store, ticket(1, subject="first"))
    with pytest.raises(Conflict):
        save(store, ticket(1, subject="second"))
    assert store.ticket(1).subject == "first"


def test_a_change_that_fails_leaves_nothing(store: Store, opener: Opener) -> None:
    save(store, customer(1), ticket(1))
    version = store.version()
    with pytest.raises(ZeroDivisionError), store.writing() as writing:
        writing.put(noted(writing.ticket(1), "never said"))
        writing.put(ticket(2))
        writing.remove_customer(1)
        raise ZeroDivisionError
    for seen in (store, opener()):
        assert seen.ticket(1) == ticket(1).model_copy(update={"rev": 1})
        assert seen.customer(1).name == "Айгүл Асанова"
        assert found(seen) == [1]
    assert store.version() == version


def test_a_change_of_nothing_changes_nothing(store: Store) -> None:
    save(store, ticket(1))
    version = store.version()
    with store.writing() as writing:
        writing.ticket(1)
    assert store.version() == version


def test_writers_wait_for_each_other(store: Store, opener: Opener) -> None:
    save(store, ticket(1))
    stores = [store, opener(), opener()]
    failed: list[Exception] = []

    def work(mine: Store, name: int) -> None:
        try:
            for turn in range(5):
                with mine.writing() as writing:
                    writing.put(noted(writing.ticket(1), f"{name} {turn}"))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(one, n)) for n, one in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    notes = {message.text for message in store.ticket(1).messages[2:]}
    assert notes == {f"{name} {turn}" for name in range(3) for turn in range(5)}
    assert store.ticket(1).rev == 16
