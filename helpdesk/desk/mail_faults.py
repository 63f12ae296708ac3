"""What is wrong with how mail comes and goes, as far as the machine shows without sending any."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from helpdesk.desk import secrets
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import BadConfiguration
from helpdesk.mail_settings import MailOutSection


def faults(desk: Desk) -> list[str]:
    """A line for each thing that is wrong; nothing while the settings cannot be read."""
    try:
        mail = desk.settings.mail
    except BadConfiguration:
        return []
    found = [(f"account {account.name}", secrets.fault(desk.path, account)) for account in mail.in_]
    if mail.out is not None:
        found += [("mail.out", secrets.fault(desk.path, mail.out))]
        found += [("mail.out.command", why) for why in _no_program(mail.out)]
    return [f"{where}: {why}" for where, why in found if why]


def _no_program(out: MailOutSection) -> Iterator[str]:
    if out.by != "sendmail":
        return
    try:
        words = shlex.split(out.command)
    except ValueError as error:
        yield f"{out.command}: {error}"
        return
    if not words or shutil.which(words[0]) is None:
        there = bool(words) and Path(words[0]).exists()
        yield f"{out.command}: {'it cannot be run' if there else 'there is no such program'}"
