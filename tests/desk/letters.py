"""Letters as customers and programs send them, and a desk that takes them in."""

from collections.abc import Mapping
from pathlib import Path

from helpdesk.desk.desk import Desk
from helpdesk.desk.inbound import Taken, take

MAIL_TOML = """
[mail]
address = "help@aksai.example"
addresses = { "complaints@aksai.example" = "complaint" }

[[mail.rule]]
subject = "invoice"
tags = ["billing"]
priority = "high"

[[mail.rule]]
from = "@city.example"
kind = "feedback"
"""


def letter(
    text: str = "The zip broke.",
    *,
    sender: str = "Aigul Asanova <aigul@example.com>",
    to: str = "help@aksai.example",
    subject: str = "Zip",
    id: str = "",
    **headers: str,
) -> bytes:
    """The bytes of a letter; ``in_reply_to="x"`` becomes ``In-Reply-To: <x>``."""
    lines = [f"From: {sender}"] if sender else []
    lines += [f"To: {to}", f"Subject: {subject}"]
    if id:
        lines.append(f"Message-ID: <{id}>")
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", text, ""]).encode()


def with_mail(path: Path) -> None:
    """Let the desk in that folder have addresses and rules."""
    settings = path / "desk.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + MAIL_TOML, encoding="utf-8")


def came(desk: Desk, text: str = "The zip broke.", **more: str) -> Taken:
    """A letter that comes in now."""
    return take(desk, letter(text, **more))


def outcome(taken: Taken) -> Mapping[str, bool]:
    """What is true of what became of a message."""
    names = ("new_ticket", "duplicate", "automatic", "acknowledged")
    return {name: True for name in names if getattr(taken, name)}
