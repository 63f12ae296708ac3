"""`new`, `incoming` and `reopen`: matters that come in, or come back."""

from __future__ import annotations

import click

from helpdesk.commands.options import (
    LINE,
    body_option,
    came_by_option,
    channel_option,
    json_option,
    kind_option,
    priority_option,
    read_body,
    ticket_argument,
    with_desk,
)
from helpdesk.commands.output import warn
from helpdesk.commands.reading import read_agent, read_due, read_past
from helpdesk.commands.telling import tell, tell_if_closed
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.words import Channel, Kind, Priority


@click.command()
@click.option(
    "--customer",
    type=LINE,
    metavar="WHO",
    help="A number, an e-mail address or a phone; who is not known yet gets a profile.",
)
@click.option(
    "--name",
    type=LINE,
    help="The name of a new customer; alone, of one of whom nothing else is known.",
)
@kind_option
@came_by_option
@click.option("--subject", required=True, type=LINE, help="The matter in a few words.")
@body_option("What the customer wrote or said.")
@priority_option
@click.option("--assign", type=LINE, metavar="me|LOGIN", help="Who works on it.")
@click.option("--tag", "tags", multiple=True, type=LINE, help="A tag; may be given again.")
@click.option(
    "--received",
    type=LINE,
    metavar="TIME",
    help="When the customer wrote or called, if not just now.",
)
@click.option(
    "--promise",
    "when",
    type=LINE,
    metavar="WHEN",
    help="By when an answer was told, if not as policy says: +2h, fri 14:00.",
)
@json_option
@with_desk
def new(
    desk: Desk,
    *,
    customer: str | None,
    name: str | None,
    kind: Kind,
    channel: Channel,
    subject: str,
    body: str,
    priority: Priority,
    assign: str | None,
    tags: tuple[str, ...],
    received: str | None,
    when: str | None,
    as_json: bool,
) -> None:
    """Take in a new matter; the customer is told by when the answer comes."""
    from helpdesk.desk import matters
    from helpdesk.desk.customers import Named

    if not customer and not name:
        raise InvalidInput("say whose it is: --customer WHO, or --name of somebody new")
    text = read_body(body)
    if not subject:
        raise InvalidInput("a ticket takes a subject: say in a few words what it is about")
    assignee = read_agent(desk, assign) if assign else None
    since = read_past(desk, received) if received else None
    told = read_due(desk, when) if when is not None else None
    ticket = matters.new_ticket(
        desk,
        Named(customer or "", name or ""),
        kind=kind,
        channel=channel,
        subject=subject,
        text=text,
        priority=priority,
        assignee=assignee,
        tags=tags,
        received=since,
        told=told,
    )
    tell(desk, ticket, "", as_json)
    tell_if_closed(desk, told)
    told_at = ticket.updated
    if told is not None:
        return
    if since is not None and matters.promised_late(desk, since, told_at, channel, kind, priority):
        warn("what policy promises of that time has gone by: it was promised by policy from now on")


@click.command()
@ticket_argument
@body_option("What the customer wrote or said.")
@channel_option
@json_option
@with_desk
def incoming(desk: Desk, ticket: int, body: str, channel: Channel | None, as_json: bool) -> None:
    """Note that the customer wrote or called again about a TICKET.

    A promise that stands stays as it is; if none stands, a new one is made. A closed ticket is
    taken up again by it.
    """
    from helpdesk.desk import matters

    tell(desk, matters.take_in(desk, ticket, read_body(body), channel), "customer wrote", as_json)


@click.command()
@ticket_argument
@click.option("--reason", type=LINE, default="taken up again", show_default=True)
@json_option
@with_desk
def reopen(desk: Desk, ticket: int, reason: str, as_json: bool) -> None:
    """Take a closed TICKET up again; the customer is told by when the answer comes."""
    from helpdesk.desk import matters

    tell(desk, matters.reopen(desk, ticket, reason), "reopened", as_json)
