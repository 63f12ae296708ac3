"""Merging two profiles of one customer: everything that is known goes into the one that stays."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from helpdesk.domain.customer import Consent, Customer, Note
from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.ticket import Event, Ticket

_ALONE = (
    "name", "given", "family", "salutation", "preferred", "language", "timezone",
    "looked_after_by",
)  # fmt: skip
"""What a profile has one of: that of the profile which stays holds, if it has any."""

_TOLD = "Customer {} was merged into this profile."
_TELLS = re.compile(_TOLD.replace(".", r"\.").format("([0-9]{1,12})"))

_LISTS = ("addresses", "people", "wishes", "tags")
_MANY = ("emails", "phones", "handles", "orders")

T = TypeVar("T")


def join(away: Customer, into: Customer, *, at: datetime, by: str) -> Customer:
    """``into`` with all that is known of ``away``.

    What there can be one of, and differs, is kept in a note, so that nothing is lost. A first
    name is permitted only where the profile that stays says so: that is asked of a person.

    Raises:
        RuleBroken: if they are one and the same.
    """
    if away.id == into.id:
        raise RuleBroken("a customer cannot be merged into the same customer")
    changes: dict[str, Any] = {name: _union(getattr(into, name), getattr(away, name))
                               for name in _LISTS}  # fmt: skip
    for name in _ALONE:
        if not getattr(into, name):
            changes[name] = getattr(away, name)
    if into.external_id is None:
        changes |= {"source": away.source, "external_id": away.external_id}
    changes |= {
        "emails": _by(lambda each: each.address.casefold(), into.emails, away.emails),
        "phones": _by(lambda each: each.number, into.phones, away.phones),
        "handles": _by(lambda each: (each.network, each.handle), into.handles, away.handles),
        "orders": _union(into.orders, away.orders),
        "ratings": tuple(sorted((*into.ratings, *away.ratings), key=lambda each: each.at)),
        "preferences": _preferences(away, into),
        "created": min(into.created, away.created),
        "updated": max(into.updated, at),
    }
    told = Note(at=at, by=by, text=_told(away, into))
    notes = sorted((*into.notes, *away.notes), key=lambda each: each.at)
    changes["notes"] = (*notes, told)
    return into.model_copy(update=changes)


def hand_over(ticket: Ticket, into: int, *, at: datetime, by: str) -> Ticket:
    """A ticket of the profile that goes, as one of customer ``into``."""
    event = Event(at=max(at, ticket.updated), by=by, what="customer merged into",
                  detail=str(into))  # fmt: skip
    return ticket.model_copy(
        update={
            "customer": into,
            "history": (*ticket.history, event),
            "updated": max(at, ticket.updated),
        }
    )


def merged_into(customer: Customer) -> list[int]:
    """The numbers of the profiles that were merged into this one, as its notes tell."""
    told = (_TELLS.match(note.text) for note in customer.notes)
    return [int(found[1]) for found in told if found]


def holds(into: Customer, away: Customer) -> bool:
    """Whether ``into`` has all that profile ``away`` has any number of, as addresses and notes, so
    that it may have been merged into it. Raises RuleBroken as ``join``."""
    grown = join(away, into, at=into.updated, by="")
    same = all(getattr(grown, name) == getattr(into, name) for name in (*_LISTS, *_MANY))
    return same and {*away.notes} <= {*into.notes} and {*away.ratings} <= {*into.ratings}


def _told(away: Customer, into: Customer) -> str:
    """Where it came from, and what the profile that stays could not take."""
    lines = [_TOLD.format(away.id)]
    for name in (*_ALONE, "source", "external_id"):
        old, kept = getattr(away, name), getattr(into, name)
        if old and kept and old != kept:
            lines.append(f"{name.replace('_', ' ')} there: {old}")
    for name in ("channel", "times"):
        old, kept = getattr(away.preferences, name), getattr(into.preferences, name)
        if old and kept and old != kept:
            lines.append(f"preferred {name} there: {old}")
    said = away.preferences.newsletter, into.preferences.newsletter
    holds = _consent(*said)
    lines += [f"newsletter before: {each.model_dump_json()}" for each in said
              if each and each != holds]  # fmt: skip
    if away.first_name_permitted and not into.first_name_permitted:
        lines.append("the first name was permitted there")
    return "\n".join(lines)


def _preferences(away: Customer, into: Customer) -> Any:
    old, kept = away.preferences, into.preferences
    return kept.model_copy(
        update={
            "channel": kept.channel or old.channel,
            "times": kept.times or old.times,
            "newsletter": _consent(old.newsletter, kept.newsletter),
        }
    )


def _consent(*said: Consent | None) -> Consent | None:
    """What was said last about newsletters; of two that were said on one day the refusal."""
    given = [each for each in said if each is not None]
    return max(given, key=lambda each: (each.on, not each.given), default=None)


def _union(kept: Iterable[T], came: Iterable[T]) -> tuple[T, ...]:
    found = list(kept)
    found += [each for each in came if each not in found]
    return tuple(found)


def _by(name: Any, kept: Iterable[T], came: Iterable[T]) -> tuple[T, ...]:
    known = {name(each) for each in kept}
    return (*kept, *(each for each in came if name(each) not in known))
