"""`send` and `worker`: what is in the outbox leaves."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import click

from helpdesk.commands.mail import said
from helpdesk.commands.options import json_option, with_desk
from helpdesk.commands.output import json_line, line
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import BadConfiguration, Unavailable
from helpdesk.domain.rights import Right

if TYPE_CHECKING:
    from helpdesk.desk.fetching import Fetched
    from helpdesk.desk.working import Duty, Stop


@click.command()
@json_option
@with_desk
def send(desk: Desk, as_json: bool) -> int:
    """Send once all that is due in the outbox, and say what became of it.

    Ends with 75 if the mail server could not be reached, as what is left is sent the next time;
    else with 69 if a message failed for good.
    """
    from helpdesk.commands.fetching import until_stopped
    from helpdesk.desk import sending

    way = sending.transport(desk)
    try:
        with until_stopped() as stop:
            session = sending.send(desk, way, stopped=stop.is_set)
    finally:
        way.close()
    if as_json:
        json_line({"sent": session.sent, "failed": session.failed, "later": session.later})
    else:
        line(f"{session.sent} sent, {session.failed} failed, {session.later} to be tried again")
    if session.trouble:
        raise sending.Trouble(session.trouble)
    return Unavailable.exit_code if session.failed else 0


@click.command()
@with_desk
def worker(desk: Desk) -> None:
    """Send what comes into the outbox, fetch mail, and take in what 'helpdesk ingest' is given,
    until the program is stopped.

    For a service of the system: docs/admin.md has the unit. It says on standard output what it
    does, and ends within a minute of SIGTERM, whatever the mail servers do. Of several workers
    one sends, and one takes in.
    When desk.toml is changed it goes on by what it says then.
    """
    from helpdesk.commands.fetching import until_stopped
    from helpdesk.desk import reception

    desk.require(Right.WORK)
    mail = desk.settings.mail
    if not (mail.leaves or mail.in_ or reception.is_possible()):
        raise BadConfiguration(
            "there is nothing to do: desk.toml has neither [mail.out] nor [[mail.in]]"
        )
    with until_stopped() as stop, ExitStack() as stack:
        lasting: list[Duty] = []
        if reception.is_possible():
            lasting.append(stack.enter_context(reception.Reception(desk.path, said, _tell)))
        while not stop.for_good:
            stop.clear()
            if not stop.for_good:  # or it was asked to end just before
                _work(desk, lasting, stop)


def _work(desk: Desk, lasting: Sequence[Duty], stop: Stop) -> None:
    """Work by the settings as they are, until ``stop`` is set; ``lasting`` are the duties that do
    not go by them."""
    from helpdesk.commands.fetching import begin_watching, wait_for
    from helpdesk.desk.working import RereadingDuty, work

    duties = [RereadingDuty(desk, stop), *lasting, *_duties(desk)]
    watching = begin_watching(desk, desk.settings.mail.in_, _tell_fetched, stop)
    work(desk, duties, stop, _tell)
    wait_for(watching, stop)


def _duties(desk: Desk) -> list[Duty]:
    """What the settings of the desk ask for, besides fetching. Raises BadConfiguration."""
    from helpdesk.desk import sending
    from helpdesk.desk.working import SendingDuty

    duties: list[Duty] = []
    if desk.settings.mail.leaves:
        duties.append(SendingDuty(desk, sending.transport(desk)))
    return duties


def _tell_fetched(report: Fetched) -> None:
    if report.taken:
        _tell(f"{report.account}: {report.taken} taken in")
    if report.fault:
        _tell(f"{report.account}: {report.fault}")


def _tell(text: str) -> None:
    """Write a line for the log; whether anybody keeps it does not stop the work."""
    with suppress(OSError):
        line(text)
        sys.stdout.flush()
