"""`who`: the agents who have a ticket open at the moment."""

from __future__ import annotations

import click

from helpdesk.commands.options import json_option, with_desk
from helpdesk.commands.output import columns, json_line, line
from helpdesk.desk.desk import Desk
from helpdesk.domain.presence import in_order
from helpdesk.domain.wording import short_time


@click.command()
@json_option
@with_desk
def who(desk: Desk, as_json: bool) -> None:
    """List who has a ticket open now, and whether he writes on it."""
    present = sorted(in_order(desk.presence.others()), key=lambda one: one.ticket)
    if as_json:
        for one in present:
            since = desk.local(one.since).isoformat(timespec="seconds")
            json_line(
                {"ticket": one.ticket, "agent": one.agent, "doing": one.doing, "since": since}
            )
        return
    now = desk.now()
    columns(
        [
            (str(one.ticket), one.agent, str(one.doing), short_time(one.since, desk.zone, now))
            for one in present
        ]
    )
    if not present:
        line("Nobody has a ticket open.")
