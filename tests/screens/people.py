"""Gulnara and what she wants: a customer with a whole profile, and tickets of hers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from textual.screen import Screen

from helpdesk import clock
from helpdesk.desk import customers, matters, preferences
from helpdesk.desk.desk import Desk
from helpdesk.domain.customer import Customer
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind
from tests.conftest import MONDAY
from tests.screens.driver import ScreenDriver, desk_screen


def gulnara(desk: Desk) -> Customer:
    """A customer of whom much is known."""
    return customers.create(
        desk,
        {
            "name": "Gulnara Asanova",
            "given": "Gulnara",
            "family": "Asanova",
            "salutation": "Ms",
            "language": "en",
            "emails": [{"address": "gulnara@example.org", "label": "work"}],
            "phones": [{"number": "+996 555 010203"}],
            "wishes": ["no calls before ten"],
            "people": [{"name": "Bektur", "relation": "son", "birthday": "2015-04-12"}],
            "notes": [{"at": MONDAY, "by": "asel", "text": "Leads hikes at Ala-Archa."}],
            "orders": [
                {
                    "number": "A-17",
                    "date": "2026-02-01",
                    "lines": [{"item": "Tent Ala-Too", "quantity": 2}],
                    "amount": "180.00",
                    "currency": "USD",
                    "status": "delivered",
                }
            ],
            "ratings": [{"at": MONDAY, "score": 2, "comment": "Too slow."}],
        },
    )


def matter(
    desk: Desk,
    subject: str = "The tent came torn",
    *,
    text: str = "The seam is torn.\nPlease help.",
    kind: Kind = Kind.COMPLAINT,
    channel: Channel = Channel.EMAIL,
    at: datetime = MONDAY,
    customer: int = 1,
    assignee: str | None = None,
) -> Ticket:
    """A ticket of hers; a complaint is promised an answer after 4 working hours, at 15:00."""
    with clock.hold(at):
        return matters.new_ticket(
            desk,
            customer,
            kind=kind,
            channel=channel,
            subject=subject,
            text=text,
            assignee=assignee,
        )


def torn_tent(desk: Desk) -> Ticket:
    """Gulnara, and her complaint that the tent came torn: ticket 1, due on Monday at 15:00."""
    gulnara(desk)
    return matter(desk)


@asynccontextmanager
async def on_screen(
    desk: Desk, screen: Screen[None], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[ScreenDriver]:
    """The desk with that screen opened over the queue."""
    async with desk_screen(desk, size) as driver:
        driver.app.push_screen(screen)
        await driver.settle()
        yield driver


def sends_at_once(desk: Desk) -> None:
    """The agent wishes nothing to be held that he sends."""
    preferences.change(desk, hold_seconds=0)
