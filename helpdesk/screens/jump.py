"""Asks which ticket or customer is meant, and opens it, from anywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from helpdesk.domain.customer import is_phone, known_as
from helpdesk.domain.errors import HelpdeskError, InvalidInput, NotFound
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.dialog import DeskDialog
from helpdesk.screens.history import CUSTOMER, TICKET, Place
from helpdesk.screens.places import open_place, read_place
from helpdesk.terminal.actions import bindings, pick
from helpdesk.text import clean_line, list_cell
from helpdesk.widgets.line_field import LineField

if TYPE_CHECKING:
    from textual.widgets import Input

    from helpdesk.desk.desk import Desk

HINT = "12, c12, or a customer's name"
_WHAT = "a ticket's number, here or elsewhere; a customer's name, e-mail address, phone or order"
NAMED = 3
"""So many customers of one name are listed."""


class JumpScreen(DeskDialog[None]):
    """A line to type in, and below it what is meant."""

    ACTIONS = (
        replace(pick("open")[0], does="Open what has that number"),
        *pick("back"),
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = " go to "
    AUTO_FOCUS = "LineField"

    DEFAULT_CSS = """
    JumpScreen {
        & > #dialog { width: 52; }
        #there { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
        #there.-wrong { color: $error; }
    }
    """

    def __init__(self, below: DeskScreen[Any]) -> None:
        super().__init__()
        self._below = below

    def body(self) -> ComposeResult:
        """The line, and what is there."""
        yield LineField(hint=HINT)
        yield Static(Content(_WHAT), id="there")

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(LineField).value.strip()

    def on_input_changed(self) -> None:
        """Say what has that number."""
        text = self.text
        if not text:
            self._say(_WHAT)
            return
        self.work(
            lambda: find_place(self.desk, text),
            lambda found: self._say(found[1]),
            group="there",
            failed=self._wrong,
        )

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter opens it."""
        event.stop()
        await self.action_do("open")

    def why_not(self, name: str) -> str | None:
        """Why there is nothing to open."""
        return "type a number or a name first" if name == "open" and not self.text else None

    def action_open(self) -> None:
        """Open what has that number, if anything has."""
        text = self.text
        self.work(
            lambda: find_place(self.desk, text),
            lambda found: self._go(found[0]),
            group="go",
            keys_wait=True,
            failed=self._wrong,
        )

    def _go(self, place: Place) -> None:
        self.dismiss()
        below = self._below
        if below.place is not None and below.place.same(place):
            below.tell(f"{place} is open here")
        else:
            below.call_next(open_place, below, place)

    def _wrong(self, error: HelpdeskError) -> None:
        self._say(f"✗ {error.message}", wrong=True)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        there = self.query_one("#there", Static)
        there.set_class(wrong, "-wrong")
        there.update(Content(clean_line(text)))


def find_place(desk: Desk, text: str) -> tuple[Place, str]:
    """The ticket or customer that ``text`` names, and a line about it.

    What is no number of ours may be that of a ticket in another system, of an order, or a phone.

    Raises:
        NotFound: if there is no such ticket or customer.
        InvalidInput: if ``text`` names none, or several.
    """
    place = read_place(text)
    if place is None:
        return _imported(desk, text)
    if place.kind == CUSTOMER:
        customer = desk.store.customer(place.number)
        return place, f"customer {customer.id}: {list_cell(customer.name)}"
    try:
        ticket = desk.store.ticket(place.number)
    except NotFound:
        if desk.store.with_order(text) or (is_phone(text) and _called(desk, text)):
            return _named(desk, text)
        raise
    return place, f"#{ticket.id} {list_cell(ticket.subject)}"


def _imported(desk: Desk, text: str) -> tuple[Place, str]:
    found = []
    if '"' not in text:
        found = desk.store.queue(desk.query(f'external:"{text}"'), limit=2)
    if len(found) > 1:
        raise InvalidInput("several tickets have that number elsewhere: S finds them by external:")
    if not found:
        return _named(desk, text)
    row = found[0]
    return Place(TICKET, row.id), f"#{row.id} {list_cell(row.subject)}"


def _named(desk: Desk, text: str) -> tuple[Place, str]:
    """The customer of that name or contact."""
    found = _called(desk, text)
    if not found:
        raise InvalidInput("no ticket and no customer is called that: type 12, c12 or a name")
    if len(found) > 1:
        names = "; ".join(f"c{number} {clean_line(name, 24)}" for number, name in found[:NAMED])
        more = " ..." if len(found) > NAMED else ""
        raise InvalidInput(f"which of them: {names}{more}")
    number, name = found[0]
    return Place(CUSTOMER, number), f"customer {number}: {list_cell(name)}"


def _called(desk: Desk, text: str) -> list[tuple[int, str]]:
    """Number and name of whoever has that address, handle, phone or order, however it is written;
    else of those in whose name or contact it stands."""
    contact = known_as(clean_line(text))
    having = desk.store.with_order(text)
    if "@" in contact or is_phone(contact):
        having = desk.store.find_customers(contact) or having
    if having:
        return [(number, desk.store.customer(number).name) for number in having[: NAMED + 1]]
    found = desk.store.list_customers(contact, limit=NAMED + 1)
    return [(row.id, row.name) for row in found]
