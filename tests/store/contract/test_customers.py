"""A customer is found by what is known of him."""

from helpdesk.store.base import Store
from tests.store.making import answered, asked, closed, customer, found, save, ticket


def test_a_customer_is_found_by_any_contact(store: Store) -> None:
    save(
        store,
        customer(
            1,
            emails=[{"address": "Aigul@Example.com"}, {"address": "a@work.example"}],
            phones=[{"number": "+996 (555) 12-34-56"}],
            handles=[{"network": "telegram", "handle": "@Aigul_A"}],
        ),
        customer(2, "Нурлан", phones=[{"number": "00996555123456"}]),
    )
    assert store.find_customers("aigul@example.COM") == [1]
    assert store.find_customers("a@work.example") == [1]
    assert store.find_customers("996 555 123456") == [1, 2]
    assert store.find_customers("+996555123456") == [1, 2]
    assert store.find_customers("aigul_a") == store.find_customers("@AIGUL_A") == [1]
    assert store.find_customers("igul@example.com") == []
    assert store.find_customers("555123456") == []
    assert store.find_customers("") == []


def test_customers_are_found_by_an_order_however_it_is_written(store: Store) -> None:
    save(
        store,
        customer(1, orders=[{"number": "AS-31477", "date": "2026-02-01"}]),
        customer(2, orders=[{"number": "A-17", "date": "2026-02-01"}]),
        ticket(1, 1),
        ticket(2, 2),
    )
    for number in ("AS-31477", "as31477", "AS 31477", "31477"):
        assert store.with_order(number) == [1]
    assert store.with_order("a-17") == [2]
    assert store.with_order("17") == store.with_order("3147") == store.with_order("") == []
    assert store.find_customers("31477") == []  # it is nobody's address: no mail is his by it
    assert found(store, "AS-31477") == [1]
    assert {hit.row.id for hit in store.search(asked("as-31477"))} == {1}
    save(store, store.customer(1).model_copy(update={"orders": ()}))
    assert store.with_order("AS-31477") == [] and found(store, "AS-31477") == []


def test_a_ticket_is_found_by_its_customers_address(store: Store) -> None:
    emails = [{"address": "ann.lee@example.com"}]
    save(
        store,
        customer(1, emails=emails, handles=[{"network": "telegram", "handle": "@annlee"}]),
        customer(2, "Ann"),
    )
    save(store, ticket(1, 1), ticket(2, 2), ticket(3, 2, text="Ask ann.lee@example.com instead."))
    for text in ("ann.lee@example.com", "Ann.Lee@EXAMPLE.com", '"ann.lee@example.com"'):
        assert set(found(store, text)) == {1, 3}
        assert {hit.row.id for hit in store.search(asked(text))} == {1, 3}
    assert found(store, "@annlee") == [1]
    save(store, store.customer(1).model_copy(update={"emails": ()}))
    assert found(store, "ann.lee@example.com") == [3]


def test_a_contact_that_was_taken_away_finds_nobody(store: Store) -> None:
    save(store, customer(1, emails=[{"address": "old@example.com"}]))
    save(store, store.customer(1).model_copy(update={"emails": ()}))
    assert store.find_customers("old@example.com") == []


def test_customers_are_listed_by_name(store: Store) -> None:
    save(
        store,
        customer(1, "нурлан"),
        customer(2, "Айгүл", emails=[{"address": "aigul@example.com"}]),
        customer(3, "Бермет", phones=[{"number": "+996 555 12 34 56"}]),
        ticket(1, 3),
        ticket(2, 3),
        closed(answered(ticket(3, 3), 1), 1),
    )
    rows = store.list_customers()
    assert [(row.id, row.name, row.contact, row.open_tickets) for row in rows] == [
        (2, "Айгүл", "aigul@example.com", 0),
        (3, "Бермет", "+996 555 12 34 56", 2),
        (1, "нурлан", "", 0),
    ]
    assert [row.id for row in store.list_customers(limit=1)] == [2]
    assert [row.id for row in store.list_customers("НУР")] == [1]
    assert [row.id for row in store.list_customers("aigul айг")] == [2]
    assert [row.id for row in store.list_customers("99655512")] == [3]
    assert store.list_customers("nobody") == []


def test_what_an_import_made_is_found_by_its_record(store: Store) -> None:
    save(
        store,
        customer(1, source="cfpb", external_id="17"),
        ticket(1, source="cfpb", external_id="17"),
        ticket(2, source="boston-311", external_id="17"),
    )
    assert store.imported_ticket("cfpb", "17") == 1
    assert store.imported_ticket("boston-311", "17") == 2
    assert store.imported_ticket("cfpb", "18") is None
    assert store.imported_customer("cfpb", "17") == 1
    assert store.imported_customer("boston-311", "17") is None
