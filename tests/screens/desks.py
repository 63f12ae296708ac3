"""Tickets for the stories told on the screen."""

from datetime import datetime, timedelta
from itertools import count

from helpdesk import clock
from helpdesk.desk import answers, customers, matters
from helpdesk.desk.desk import Desk
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind
from tests.conftest import MONDAY

FRIDAY = MONDAY - timedelta(days=3)

_CUSTOMERS = count(1)


def ticket(
    desk: Desk,
    subject: str,
    *,
    at: datetime = MONDAY,
    who: str = "Aigul Toktogulova",
    kind: Kind = Kind.REQUEST,
    channel: Channel = Channel.EMAIL,
    assignee: str | None = None,
    text: str = "Please help me.",
) -> Ticket:
    """A new ticket of a new customer, taken in at that moment.

    By the desk's policy a request by mail is due at 18:00 the same day, one by phone after 15
    working minutes, a complaint by mail after 4 working hours.
    """
    with clock.hold(at):
        address = f"customer{next(_CUSTOMERS):04}@example.org"
        number = customers.create(desk, {"name": who, "emails": [{"address": address}]}).id
        return matters.new_ticket(
            desk, number, kind=kind, channel=channel, subject=subject, text=text, assignee=assignee
        )


def answered(desk: Desk, subject: str, *, at: datetime = MONDAY, close: bool = False) -> Ticket:
    """A ticket answered at once, which waits on the customer, or is closed."""
    made = ticket(desk, subject, at=at)
    with clock.hold(at):
        return answers.reply(desk, made.id, "Here is the answer.", close=close)


def busy_desk(desk: Desk) -> None:
    """Two tickets late since Friday, one due in 15 minutes, two later, one in each other state."""
    ticket(desk, "Tent leaks", at=FRIDAY, kind=Kind.COMPLAINT, who="Bektur Asanov")
    ticket(desk, "Where is my order", at=FRIDAY, assignee="aibek")
    ticket(desk, "Calls about a refund", channel=Channel.PHONE)
    ticket(desk, "Opening hours", assignee="gulnara")
    ticket(desk, "Broken zip", kind=Kind.COMPLAINT, assignee="aibek")
    answered(desk, "Asked for the size")
    answered(desk, "Thanks for the help", close=True)
