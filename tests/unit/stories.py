"""Small pieces that stories about tickets are told with."""

from datetime import UTC, datetime, timedelta

from helpdesk.domain import actions
from helpdesk.domain.actions import Deed, Telling
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind

START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def deed(minutes: float = 0, by: str = "aibek", channel: Channel = Channel.EMAIL) -> Deed:
    """What ``by`` does so many minutes after START."""
    return Deed(at=START + timedelta(minutes=minutes), by=by, channel=channel)


def telling(minutes: float, text: str = "You will have our answer by then.") -> Telling:
    """A promise due so many minutes after START."""
    return Telling(due=START + timedelta(minutes=minutes), rule="same day", text=text)


def a_ticket(due: float = 60, number: int = 1, customer: int = 7) -> Ticket:
    """A complaint that came in at START and is promised an answer ``due`` minutes later."""
    return actions.open_ticket(
        deed(),
        telling(due),
        number=number,
        customer=customer,
        kind=Kind.COMPLAINT,
        subject="The tent leaks",
        text="It rained and the tent leaked.",
        author="Aigul Toktogulova",
    )
