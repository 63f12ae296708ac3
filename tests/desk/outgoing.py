"""A desk that sends mail: its settings, a letter that comes in, a way out."""

from helpdesk.desk.desk import Desk
from helpdesk.mail.transport import LastStep, Result, Verdict, accepted, stopped

MAIL_OUT = """
[mail]
address = "help@aksai.example"

[mail.out]
by = "smtp"
host = "127.0.0.1"
security = "none"
"""

A_LETTER = (
    b"From: Asel <asel@people.example>\r\nTo: help@aksai.example\r\nSubject: Tent\r\n"
    b"Message-ID: <first@people.example>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0600\r\n"
    b"\r\nThe tent leaks.\r\n"
)


class Way:
    """A way out that keeps what it takes, and says what it is told to say."""

    def __init__(self, *results: Result) -> None:
        self.results = list(results)
        self.taken: list[tuple[str, str, bytes]] = []

    def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
        if not last_step():
            return stopped()
        result = self.results.pop(0) if self.results else accepted("250 taken")
        if result.verdict is Verdict.ACCEPTED:
            self.taken.append((sender, to, message))
        return result

    def break_off(self) -> None:
        pass

    def close(self) -> None:
        pass


def states(desk: Desk) -> list[str]:
    return [str(desk.store.outgoing(number).state) for number in sorted(desk.store.outbox())]


def bounced(sent: bytes, to: str = "asel@people.example", action: str = "failed") -> bytes:
    """What the customer's mail server says of a message that it had to give up."""
    status = "5.1.1" if action == "failed" else "4.4.1"
    return (
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@people.example\r\nTo: help@aksai.example\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\n\r\nIt could not be delivered.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.people.example\r\n\r\n"
        + f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no such user\r\n\r\n".encode()
        + b"--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + sent
        + b"\r\n--b--\r\n"
    )
