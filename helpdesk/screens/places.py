"""Going to a ticket, a customer, the queue or a search, from anywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from helpdesk.domain.errors import HelpdeskError, InvalidInput, NotFound
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.history import CUSTOMER, QUEUE, TICKET, Place

if TYPE_CHECKING:
    from textual.screen import Screen

    from helpdesk.desk.desk import Desk

_NUMBER = re.compile(r"(?P<sign>[#№c]?)\s*(?P<digits>[0-9]{1,15})")


def read_place(text: str) -> Place | None:
    """The ticket (``12``, ``#12``) or customer (``c12``) that ``text`` names, if it names one.

    A Cyrillic с, which the same key sends, is as good as a Latin one.
    """
    plain = unicodedata.normalize("NFKC", text.strip().replace("№", "#")).lower()
    match = _NUMBER.fullmatch(plain.replace("с", "c"))
    if match is None or not int(match["digits"]):
        return None
    return Place(CUSTOMER if match["sign"] == "c" else TICKET, int(match["digits"]))


def make_sure(desk: Desk, place: Place) -> None:
    """Raise NotFound, or another HelpdeskError, if the ticket or customer cannot be shown."""
    if place.kind == TICKET:
        desk.store.ticket(place.number)
    elif place.kind == CUSTOMER:
        desk.store.customer(place.number)


def go_to(screen: DeskScreen[Any], place: Place, *, along: bool = False) -> None:
    """Go from ``screen`` to ``place``, if it is there; else its line says that it is not.

    With ``along`` it is a step back or forward among the places visited.
    """
    history = screen.history

    def there(_: object) -> None:
        if along:
            history.go(place)
        open_place(screen, place)

    def gone(error: HelpdeskError) -> None:
        if isinstance(error, NotFound):
            history.forget(place)
        screen.complain(error)

    screen.work(
        partial(make_sure, screen.desk, place), there, group="go", failed=gone, keys_wait=True
    )


def open_place(screen: DeskScreen[Any], place: Place) -> None:
    """Show ``place``: go back down to it where it lies below, else open it above.

    Raises:
        InvalidInput: if the queue is wanted but something is being written above it.
    """
    stack = screen.app.screen_stack
    above = _above(stack, place)
    if above is not None:
        for _ in range(above):
            screen.app.pop_screen()
        below = screen.app.screen
        if above and isinstance(below, DeskScreen):
            below.come_back()
    elif place.kind == QUEUE:
        raise InvalidInput("something is being written here: send it or leave it with esc first")
    else:
        screen.app.push_screen(_screen_of(place))


def can_open(screen: DeskScreen[Any], place: Place) -> bool:
    """Whether ``open_place`` can: to the queue there is no way while something is written."""
    return place.kind != QUEUE or _above(screen.app.screen_stack, place) is not None


def _above(stack: Sequence[Screen[Any]], place: Place) -> int | None:
    """How many screens lie above that place; None if it is not there or would lose what is
    written above it."""
    for above, screen in enumerate(reversed(stack)):
        shown = screen.place if isinstance(screen, DeskScreen) else None
        if shown is None:
            return None
        if shown.same(place):
            return above
    return None


def _screen_of(place: Place) -> Screen[None]:
    if place.kind == TICKET:
        from helpdesk.screens.ticket import TicketScreen

        return TicketScreen(place.number)
    if place.kind == CUSTOMER:
        from helpdesk.screens.customer import CustomerScreen

        return CustomerScreen(place.number)
    from helpdesk.screens.search import SearchScreen

    return SearchScreen(place.text)
