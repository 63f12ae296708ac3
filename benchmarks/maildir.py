"""The messages of a desk as a maildir, for the programs that an agent might use instead."""

from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from helpdesk.desk.desk import open_desk
from helpdesk.domain.message import Message
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Direction

DESK = "help@aksai.example"


def of(desk: Path, folder: Path) -> Path:
    """The maildir of the desk in ``folder``; made if it is not there yet."""
    if (folder / "made").exists():
        return folder / "mail"
    for name in ("cur", "new", "tmp"):
        (folder / "mail" / name).mkdir(parents=True, exist_ok=True)
    with open_desk(desk, "aibek") as opened:
        for ticket in opened.store.tickets():
            for message in ticket.messages:
                path = folder / "mail" / "cur" / f"{ticket.id}.{message.id}.desk:2,S"
                path.write_bytes(_mail(ticket, message))
    (folder / "made").touch()
    return folder / "mail"


def _mail(ticket: Ticket, message: Message) -> bytes:
    customer = f"customer{ticket.customer}@example.com"
    ours = message.direction is not Direction.IN
    mail = EmailMessage()
    mail["From"], mail["To"] = (DESK, customer) if ours else (customer, DESK)
    mail["Subject"] = ticket.subject
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{ticket.id}.{message.id}@aksai.example>"
    if message.id > 1:
        mail["In-Reply-To"] = f"<{ticket.id}.1@aksai.example>"
    mail.set_content(message.text, cte="8bit")
    return bytes(mail)
