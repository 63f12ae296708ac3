"""What becomes of a change of several documents that a copy of the desk holds by half.

A desk that is copied while it is worked at may lack what was begun meanwhile: of a letter the
profile or the files, of a merge one side. What the copy holds is made whole; no words are lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from helpdesk.domain import promise as rules
from helpdesk.domain.customer import Customer, Email, Note, read_email
from helpdesk.domain.merge import MERGED, closed
from helpdesk.domain.message import Message
from helpdesk.domain.steps import Deed, noted, with_
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Direction, State

BY = "helpdesk"
"""Who puts a copy right, in histories and notes."""

_MISSING = "not in this copy of the desk"


def profile_of(number: int, tickets: Sequence[Ticket], at: datetime) -> Customer:
    """Customer ``number``, whose profile is not there, by what the tickets tell; at least one."""
    first = [m for ticket in tickets for m in ticket.messages if m.direction is Direction.IN][:1]
    names = [m.mail.from_name if m.mail else m.author for m in first]
    addresses = list(dict.fromkeys(_addresses(tickets)))
    told = ", ".join(str(ticket.id) for ticket in tickets)
    text = (
        f"The desk was copied while this profile was made: what ticket {told} tells of it is all "
        "that the copy holds."
    )
    return Customer(
        id=number,
        name=next((name for name in (*names, *addresses) if name), f"Customer {number}"),
        emails=tuple(Email(address=address) for address in addresses),
        notes=(Note(at=at, by=BY, text=text),),
        created=min(ticket.created for ticket in tickets),
        updated=at,
    )


def without_files(ticket: Ticket, missing: Collection[str], at: datetime) -> Ticket:
    """The ticket without the files of the archive, by SHA-256, that did not come with the copy.

    Each message names what it had, and the history where it would lie.
    """
    gone = [sha256 for sha256 in sorted(ticket.kept) if sha256 in missing]
    places = ", ".join(f"archive/{sha256[:2]}/{sha256}" for sha256 in gone)
    messages = tuple(_without_files(message, missing) for message in ticket.messages)
    return _changed(ticket, at, f"files {_MISSING}", places, messages=messages)


def unmerged(ticket: Ticket, into: int, at: datetime) -> Ticket:
    """The ticket as before it was merged into ticket ``into``, which does not know of it.

    The ledger is not changed: the promise that the merge settled stands again by a new entry.
    """
    links = tuple(each for each in ticket.links if each.relation != "merged_into")
    merged = next((e for e in reversed(ticket.history) if e.what == MERGED), None)
    settled = [p for p in ticket.promises if merged is not None and p.settled_at == merged.at]
    fields: dict[str, Any] = {"links": links}
    if settled and ticket.promise is None:
        place = {"id": len(ticket.promises) + 1, "follows": settled[-1].id, "carried_to": None}
        again = rules.standing_again(settled[-1], **place)
        fields |= {"promises": (*ticket.promises, again), "state": State.ON_US}
    return _changed(ticket, at, "merge undone", f"ticket {into} is {_MISSING}", **fields)


def closed_by_merge(ticket: Ticket, into: Ticket, at: datetime) -> Ticket:
    """The ticket closed, as ``into`` holds all of it already."""
    deed = _deed(ticket, at)
    standing, goes_on = ticket.promise, None
    if standing is not None:
        told = (standing.due, standing.told_at)
        goes_on = next((p.id for p in into.promises if (p.due, p.told_at) == told), None)
    left = rules.leave(ticket.promises, at=deed.at, ticket=into.id, goes_on=goes_on)
    return closed(ticket, into.id, left, deed)


def merged_from(ticket: Ticket) -> list[int]:
    """The tickets that were merged into this one."""
    return [link.ticket for link in ticket.links if link.relation == "merged_from"]


def _without_files(message: Message, missing: Collection[str]) -> Message:
    if not message.kept.intersection(missing):
        return message
    kept = tuple(each for each in message.attachments if each.sha256 not in missing)
    fields: dict[str, Any] = {"attachments": kept}
    if message.mail is not None:
        gone = [each.name for each in message.attachments if each.sha256 in missing]
        raw = message.mail.raw if message.mail.raw not in missing else None
        lines = [f"{name} is {_MISSING}" for name in gone]
        if raw is None and message.mail.raw is not None:
            lines.append(f"the message as it came is {_MISSING}")
        faults = (*message.mail.faults, *lines)
        fields["mail"] = message.mail.model_copy(update={"raw": raw, "faults": faults})
    return message.model_copy(update=fields)


def _addresses(tickets: Iterable[Ticket]) -> Iterable[str]:
    """Where we wrote to, then where the first letters came from, as far as these are addresses."""
    messages = [message for ticket in tickets for message in ticket.messages if message.mail]
    written = [m.mail.to for m in messages if m.mail and m.direction is Direction.OUT]
    came = [(m.mail.from_email,) for m in messages if m.mail and m.direction is Direction.IN][:1]
    for address in (address for some in (*written, *came) for address in some):
        with suppress(ValueError):
            yield read_email(address or "")


def _changed(ticket: Ticket, at: datetime, what: str, detail: str, **fields: Any) -> Ticket:
    return noted(with_(ticket, **fields), _deed(ticket, at), what, detail)


def _deed(ticket: Ticket, at: datetime) -> Deed:
    return Deed(at=max(at, ticket.updated), by=BY, channel=ticket.channel)
