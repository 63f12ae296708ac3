"""Looking after tickets among agents: `note`, `assign`, `tag`, `set`, `understand`, and more."""

from __future__ import annotations

import click

from helpdesk.commands.options import (
    KIND,
    LINE,
    PRIORITY,
    TICKET,
    body_option,
    json_option,
    optional_body,
    read_body,
    ticket_argument,
    with_desk,
)
from helpdesk.commands.reading import read_agent
from helpdesk.commands.telling import tell
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.words import Kind, Priority


@click.command()
@ticket_argument
@body_option("What other agents should know.")
@json_option
@with_desk
def note(desk: Desk, ticket: int, body: str, as_json: bool) -> None:
    """Add a note to a TICKET that only agents see."""
    from helpdesk.desk import upkeep

    tell(desk, upkeep.note(desk, ticket, read_body(body)), "noted", as_json)


@click.command()
@ticket_argument
@click.argument("agent", type=LINE, metavar="me|none|LOGIN")
@json_option
@with_desk
def assign(desk: Desk, ticket: int, agent: str, as_json: bool) -> None:
    """Give a TICKET to an agent, or to nobody."""
    from helpdesk.desk import upkeep

    done = upkeep.assign(desk, ticket, read_agent(desk, agent))
    tell(desk, done, f"assigned to {done.assignee or 'nobody'}", as_json)


@click.command()
@ticket_argument
@click.argument("tags", nargs=-1, required=True, type=LINE, metavar="TAG...")
@click.option("--remove", is_flag=True, help="Take them away instead.")
@json_option
@with_desk
def tag(desk: Desk, ticket: int, tags: tuple[str, ...], remove: bool, as_json: bool) -> None:
    """Add tags to a TICKET, or take them away."""
    from helpdesk.desk import upkeep

    done = upkeep.set_tags(desk, ticket, () if remove else tags, tags if remove else ())
    tell(desk, done, f"tags: {', '.join(done.tags) or 'none'}", as_json)


@click.command("set")
@ticket_argument
@click.option("--priority", type=PRIORITY, metavar="PRIORITY", help="low, normal, high, urgent.")
@click.option("--kind", type=KIND, metavar="KIND", help="request, complaint or feedback.")
@click.option("--subject", type=LINE, help="The matter in a few words.")
@json_option
@with_desk
def set_(
    desk: Desk,
    ticket: int,
    priority: Priority | None,
    kind: Kind | None,
    subject: str | None,
    as_json: bool,
) -> None:
    """Set what a TICKET is about and how much it matters; the promise that was told stays."""
    from helpdesk.desk import upkeep

    done = None
    if priority is not None:
        done = upkeep.set_priority(desk, ticket, priority)
    if kind is not None:
        done = upkeep.set_kind(desk, ticket, kind)
    if subject is not None:
        done = upkeep.set_subject(desk, ticket, subject)
    if done is None:
        raise InvalidInput("nothing to set: give --priority, --kind or --subject")
    tell(desk, done, f"{done.priority} {done.kind}, {done.subject!r}", as_json)


@click.command()
@ticket_argument
@body_option("What we understood, in our own words.", required=False)
@click.option("--confirmed/--not-right", default=None, help="What the customer said to it.")
@json_option
@with_desk
def understand(
    desk: Desk, ticket: int, body: str | None, confirmed: bool | None, as_json: bool
) -> None:
    """Note on a TICKET what we understood, and whether the customer says that it is right."""
    from helpdesk.desk import upkeep

    text = optional_body(body)
    if text is None and confirmed is None:
        raise InvalidInput("give --body with what was understood, --confirmed or --not-right")
    word = {None: "noted", True: "confirmed", False: "not right"}[confirmed]
    done = upkeep.set_understanding(desk, ticket, text, confirmed)
    tell(desk, done, f"understanding {word}", as_json)


@click.command()
@ticket_argument
@click.option("--root-cause", type=LINE, help="What lay at the root of it.")
@click.option("--resolution", type=LINE, help="How it was solved.")
@json_option
@with_desk
def cause(
    desk: Desk, ticket: int, root_cause: str | None, resolution: str | None, as_json: bool
) -> None:
    """Note the root cause and the resolution of a TICKET."""
    from helpdesk.desk import upkeep

    done = upkeep.set_cause(desk, ticket, root_cause=root_cause, resolution=resolution)
    tell(desk, done, "noted", as_json)


@click.command()
@ticket_argument
@click.argument("other", type=TICKET)
@json_option
@with_desk
def link(desk: Desk, ticket: int, other: int, as_json: bool) -> None:
    """Tie a TICKET and an OTHER one together as related."""
    from helpdesk.desk import upkeep

    tell(desk, upkeep.link(desk, ticket, other), f"related to ticket {other}", as_json)


@click.command()
@ticket_argument
@click.argument("into", type=TICKET)
@json_option
@with_desk
def merge(desk: Desk, ticket: int, into: int, as_json: bool) -> None:
    """Merge a TICKET into another of the same customer; the earliest promise holds."""
    from helpdesk.desk import upkeep

    done = upkeep.merge(desk, ticket, into)
    tell(desk, done, f"ticket {ticket} merged into it", as_json)
