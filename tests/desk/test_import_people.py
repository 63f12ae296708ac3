"""Customers whom a table names are found again, or made new."""

from helpdesk.desk import customers, matters
from helpdesk.desk.desk import Desk
from helpdesk.desk.importing.mapping import TicketMapping, parse
from helpdesk.desk.importing.report import Report
from helpdesk.desk.importing.tickets import import_tickets
from helpdesk.domain.invariants import faults
from tests.desk.tables import (
    write_rows,
)


def named(**customer: object) -> TicketMapping:
    return parse(
        {
            "source": "Old desk",
            "timezone": "UTC",
            "fields": {
                "external_id": "id",
                "received": "day",
                "subject": "subject",
                "text": "subject",
                "channel": {"value": "email"},
            },
            "customer": {"email": "email", "key": "number", "name": "name", **customer},
        },
        "old.toml",
        TicketMapping,
    )


def old_desk(desk: Desk, *rows: tuple[str, str, str]) -> Report:
    """Import open tickets of (customer's number, e-mail address, name) each."""
    table = [
        {"id": str(n), "day": "2026-02-02", "subject": "Where is it?",
         "number": number, "email": email, "name": name}
        for n, (number, email, name) in enumerate(rows)
    ]  # fmt: skip
    path = write_rows(desk.path.parent / "old.csv", table)
    return import_tickets(desk, path, named())


def who_asked(desk: Desk) -> list[int | None]:
    return [ticket.customer for ticket in desk.store.tickets()]


def test_customers_are_known_by_their_number_or_else_by_their_address(desk: Desk) -> None:
    report = old_desk(
        desk,
        ("K1", "aida@example.com", "Aida"),
        ("", "AIDA@example.com", "A. Asanova"),
        ("K1", "", "Aida"),
        ("K2", "", "Bakyt"),
        ("", "", "Bakyt"),
        ("K1", "other@example.com", "Aida"),
    )
    assert who_asked(desk) == [1, 1, 1, 2, 3, 1]
    assert report.customers == 3
    aida = desk.store.customer(1)
    assert (aida.name, aida.external_id) == ("Aida", "K1")
    assert [email.address for email in aida.emails] == ["aida@example.com"]


def test_people_of_one_name_with_different_addresses_are_different_customers(desk: Desk) -> None:
    old_desk(desk, ("", "aida@example.com", "Aida"), ("", "other@example.com", "Aida"))
    assert who_asked(desk) == [1, 2]
    assert desk.store.customer(1).external_id is None


def test_a_customer_whom_the_desk_knows_by_that_address_stays_as_he_is(desk: Desk) -> None:
    known = customers.create(
        desk, {"name": "Aida Asanova", "emails": [{"address": "aida@example.com"}]}
    )
    old_desk(desk, ("K1", "aida@example.com", "Somebody else"))
    assert who_asked(desk) == [known.id]
    assert desk.store.customer(known.id) == known


def test_who_is_not_named_or_has_a_broken_address_is_rejected(desk: Desk) -> None:
    report = old_desk(desk, ("", "", ""), ("K1", "aida at example", "Aida"))
    assert [why for _, why in report.first_rejects] == [
        "customer: is not named",
        "customer: email: is not an e-mail address",
    ]
    assert list(desk.store.customers()) == []


def test_an_address_that_several_customers_share_names_nobody(desk: Desk) -> None:
    for name in ("Aida", "Bakyt"):
        customers.create(desk, {"name": name, "emails": [{"address": "home@example.com"}]})
    report = old_desk(desk, ("", "home@example.com", "Aida"))
    assert report.first_rejects == [(2, "customer: several customers have that e-mail address")]


def test_an_imported_ticket_is_worked_like_any_other(desk: Desk) -> None:
    old_desk(desk, ("K1", "aida@example.com", "Aida"))
    again = matters.take_in(desk, 1, "Any news?")
    assert len(again.promises) == 1
    assert faults(again) == []
