"""Orders of a shop come into the profiles of its customers, whole and once."""

import os
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from helpdesk.desk import customers
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.importing.mapping import OrderMapping, load, parse
from helpdesk.desk.importing.orders import import_orders
from helpdesk.desk.importing.report import Report
from helpdesk.desk.importing.running import ROWS_AT_ONCE, How
from helpdesk.domain.customer import Customer, Order, OrderLine
from helpdesk.domain.errors import InvalidInput
from tests.desk.tables import (
    ORDERS,
    Rows,
    everything_on_disk,
    never_written,
    overtaken,
    read_rows,
    reasons,
    write_rows,
)


def shop(desk: Desk, path: Path, how: How | None = None) -> Report:
    return import_orders(desk, path, load("orders", OrderMapping), how)


def sold(desk: Desk, rows: Rows, how: How | None = None) -> Report:
    """Import these rows of the sample."""
    return shop(desk, write_rows(desk.path.parent / "sold.csv", rows), how)


def orders_of(desk: Desk, name: str) -> tuple[Order, ...]:
    [found] = [profile for profile in desk.store.customers() if profile.name == name]
    return found.orders


def known(desk: Desk, **fields: object) -> Customer:
    return customers.create(
        desk, {"name": "Aida", "emails": [{"address": "Aida@Example.com"}], **fields}
    )


def test_rows_of_one_number_are_one_order_wherever_they_stand(desk: Desk) -> None:
    report = shop(desk, ORDERS)
    assert (report.rows, report.imported, report.orders, report.customers) == (4, 4, 3, 2)
    blanket, jacket = sorted(orders_of(desk, "Aida Asanova"), key=lambda order: order.number)
    assert blanket == Order(
        number="A-1001",
        date=date(2026, 1, 12),
        lines=(
            OrderLine(item="Wool blanket", quantity=2),
            OrderLine(item="Tent pegs", quantity=10),
        ),
        amount=Decimal("1240.00"),
        currency="USD",
        status="delivered",
        promised=date(2026, 1, 20),
    )
    assert (jacket.number, jacket.amount, jacket.promised) == ("A-1003", Decimal(310), None)
    [slippers] = orders_of(desk, "Bakyt Osmonov")
    assert (slippers.date, slippers.currency) == (date(2026, 1, 13), "EUR")


def test_the_same_orders_again_change_nothing(desk: Desk) -> None:
    shop(desk, ORDERS)
    before = everything_on_disk(desk)
    again = shop(never_written(desk), ORDERS)
    assert (again.imported, again.orders, again.already_there, again.customers) == (0, 0, 4, 0)
    assert everything_on_disk(desk) == before


def test_two_imports_at_once_take_each_order_once(desk: Desk) -> None:
    report = shop(overtaken(desk, lambda: shop(desk, ORDERS)), ORDERS)
    assert (report.orders, report.already_there, report.customers) == (0, 4, 0)
    assert len(orders_of(desk, "Aida Asanova")) == 2


def test_customers_put_back_from_a_backup_have_their_orders_already(desk: Desk) -> None:
    shop(desk, ORDERS)
    desk.close()
    shutil.rmtree(desk.path / ".cache")
    with open_desk(desk.path, agent="aibek") as restored:
        assert shop(restored, ORDERS).already_there == 4


def test_orders_go_to_the_customer_whom_the_desk_knows_already(desk: Desk) -> None:
    aida = known(desk)
    report = shop(desk, ORDERS)
    assert report.customers == 1
    profile = desk.store.customer(aida.id)
    assert {order.number for order in profile.orders} == {"A-1001", "A-1003"}
    assert profile.name == "Aida"


def test_a_customer_may_be_named_by_his_number_at_the_desk(desk: Desk) -> None:
    aida = known(desk)
    mapping = parse(
        {
            "source": "Shop",
            "timezone": "UTC",
            "order": {"number": "nr", "date": "day", "amount": "price", "amount_of": "row"},
            "customer": {"number": "who"},
        },
        "own.toml",
        OrderMapping,
    )
    rows = [
        {"nr": "1", "day": "2026-01-02", "price": "2.50", "who": f"#{aida.id}"},
        {"nr": "1", "day": "", "price": "0.25", "who": ""},
        {"nr": "2", "day": "2026-01-02", "price": "1", "who": "77"},
        {"nr": "3", "day": "2026-01-02", "price": "1", "who": "Aida"},
    ]
    path = write_rows(desk.path.parent / "own.csv", rows)
    report = import_orders(desk, path, mapping)
    [order] = desk.store.customer(aida.id).orders
    assert order.amount == Decimal("2.75")
    assert report.first_rejects == [
        (4, "customer: there is none of that number"),
        (5, "customer: number: is not the number of a customer"),
    ]


def test_who_is_unknown_and_has_no_address_is_rejected(desk: Desk) -> None:
    rows = read_rows(ORDERS)[3:]
    report = sold(desk, rows)
    assert report.first_rejects == [
        (2, "customer: is not known, and has no e-mail address to make a profile of")
    ]
    assert list(desk.store.customers()) == []


@pytest.mark.parametrize(
    ("place", "change", "reason"),
    [
        (0, {"date": "soon"}, "date: cannot be read as a date; "),
        (2, {"quantity": "many"}, "quantity: is not a number"),
        (2, {"quantity": "1.5"}, "quantity: is not a whole number"),
        (2, {"quantity": "0"}, "quantity: is less than 1"),
        (2, {"quantity": "-2"}, "quantity: is less than 1"),
        (0, {"total": "12,50"}, "amount: is not a number"),
        (0, {"currency": "Dollar"}, "currency: "),
        (0, {"email": "aida at home"}, "customer: email: is not an e-mail address"),
        (0, {"promised": "31.02.2026"}, "promised: cannot be read as a date; "),
    ],
)
def test_a_row_that_cannot_be_taken_keeps_its_whole_order_out(
    desk: Desk, place: int, change: dict[str, str], reason: str
) -> None:
    rows = read_rows(ORDERS)
    rows[place] = {**rows[place], **change}
    report = sold(desk, rows)
    told = dict(reasons(desk.path.parent / "sold.rejects.csv"))
    assert told[place + 2].startswith(reason)
    other = 2 - place
    assert told[other + 2].startswith((reason, f"belongs to the same order as line {place + 2}"))
    numbers = {order.number for profile in desk.store.customers() for order in profile.orders}
    assert "A-1001" not in numbers
    assert report.rejected == len(told)


def test_an_order_without_a_number_or_a_date_or_of_two_customers_is_rejected(desk: Desk) -> None:
    blanket, slippers, pegs, _ = read_rows(ORDERS)
    rows = [
        {**blanket, "order": " "},
        {**slippers, "date": ""},
        {**blanket, "order": "A-7"},
        {**pegs, "order": "A-7", "customer": "C-2"},
        {**blanket, "order": "A-8", "customer": "", "email": ""},
    ]
    report = sold(desk, rows)
    assert report.first_rejects == [
        (2, "order number: is empty"),
        (3, "date: is empty"),
        (4, "customer: the order's rows name several"),
        (5, "customer: the order's rows name several"),
        (6, "customer: the order's rows name nobody"),
    ]


def test_an_order_may_be_longer_than_a_batch(desk: Desk) -> None:
    blanket, slippers, _, _ = read_rows(ORDERS)
    rows = [
        blanket,
        *({**slippers, "order": f"B-{n}"} for n in range(ROWS_AT_ONCE)),
        {**blanket, "item": "Tent"},
    ]
    report = sold(desk, rows)
    assert report.orders == ROWS_AT_ONCE + 1
    assert len(orders_of(desk, "Bakyt Osmonov")) == ROWS_AT_ONCE
    assert [line.item for line in orders_of(desk, "Aida Asanova")[0].lines] == [
        "Wool blanket",
        "Tent",
    ]


def test_orders_from_a_pipe_are_refused(desk: Desk, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with pytest.raises(InvalidInput, match="give a file"):
        shop(desk, pipe)


def test_a_dry_run_of_orders_writes_nothing(desk: Desk) -> None:
    dry = shop(desk, ORDERS, How(dry_run=True))
    assert list(desk.store.customers()) == []
    assert (dry.orders, dry.imported, dry.customers, dry.rejected) == (3, 4, 2, 0)
