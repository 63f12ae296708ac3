"""Customers of the tests, by an e-mail address."""

from helpdesk.desk import customers
from helpdesk.desk.customers import Named
from helpdesk.desk.desk import Desk


def whoever_has(desk: Desk, address: str, name: str = "") -> int:
    """The number of the customer who has that address; somebody new if nobody does."""
    with desk.writing() as writing:
        return customers.found_or_made(desk, writing, Named(address, name)).id
