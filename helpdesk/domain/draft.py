"""What an agent is writing, kept as it is typed: a draft is nobody's but the agent's.

Kept free of pydantic, as a signal handler saves drafts while the program ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from helpdesk.domain.errors import InvalidInput
from helpdesk.text import clean

_ID = re.compile(r"(?P<kind>[a-z]+)(?:-(?P<ticket>[0-9]{1,15}))?-[0-9a-f]{8}")
_KEYS = frozenset(
    {"kind", "ticket", "customer", "seen", "saved", "held", "text", "fields"}
)  # fmt: skip


class DraftKind(StrEnum):
    """What becomes of a draft when it is sent."""

    REPLY = "reply"
    NOTE = "note"
    PROMISE = "promise"
    CLOSE = "close"
    NEW = "new"
    BULK = "bulk"
    """A decision on many tickets."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What ``agent`` is writing.

    ``id`` names it for as long as it is kept; a ticket may have several. ``ticket`` is None for a
    new matter. ``customer`` is whom it is about, if that is known. ``fields`` holds what else was
    typed or chosen, by names that the writing screen gives them. ``seen`` is the ticket's ``rev``
    as the agent saw it. ``saved`` (UTC) is when it was saved last. A ``held`` draft was sent by
    the agent, and was waiting to be carried out when it was saved.
    """

    id: str
    agent: str
    kind: DraftKind
    saved: datetime
    ticket: int | None = None
    customer: int | None = None
    seen: int | None = None
    held: bool = False
    text: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The draft as it is kept, made harmless."""
        return {
            "kind": str(self.kind),
            "ticket": self.ticket,
            "customer": self.customer,
            "seen": self.seen,
            "saved": self.saved.isoformat(),
            "held": self.held,
            "text": clean(self.text),
            "fields": {clean(name): clean(value) for name, value in self.fields.items()},
        }

    def says_what(self, other: Draft) -> bool:
        """Whether ``other`` holds the same words."""
        mine, theirs = self.document(), other.document()
        return all(mine[part] == theirs[part] for part in ("text", "fields"))


def draft_id(kind: DraftKind, ticket: int | None, random: bytes) -> str:
    """A name for a draft that tells what it is: ``reply-12-1f00ab3c``. Takes 4 random bytes."""
    return "-".join([str(kind), *([] if ticket is None else [str(ticket)]), random.hex()])


def letter_field(ticket: int) -> str:
    """The field of a decision on many tickets that holds the letter on that one."""
    return f"letter-{ticket}"


def ticket_of(name: str) -> int | None:
    """The ticket that the id of a draft tells of, if it tells any."""
    found = _ID.fullmatch(name)
    return int(found["ticket"]) if found and found["ticket"] else None


def read_draft(name: str, agent: str, document: object) -> Draft:
    """The draft of that id as it was kept.

    Raises:
        InvalidInput: if it is none; the reason never quotes it.
    """
    if not _ID.fullmatch(name) or not isinstance(document, dict) or not document.keys() <= _KEYS:
        raise InvalidInput("is no draft")
    try:
        return Draft(
            id=name,
            agent=agent,
            kind=DraftKind(document["kind"]),
            saved=_moment(document["saved"]),
            ticket=_number(document.get("ticket")),
            customer=_number(document.get("customer")),
            seen=_number(document.get("seen")),
            held=document.get("held") is True,
            text=_text(document.get("text", "")),
            fields=_fields(document.get("fields", {})),
        )
    except (KeyError, ValueError, TypeError, OverflowError):
        raise InvalidInput("is no draft") from None


def _moment(text: object) -> datetime:
    moment = datetime.fromisoformat(_text(text))
    if moment.tzinfo is None:
        raise ValueError("without an offset")
    return moment.astimezone(UTC)


def _number(value: object) -> int | None:
    if value is not None and (type(value) is not int or value < 0):
        raise ValueError("not a number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return clean(value)


def _fields(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError("not a table")
    return {_text(name): _text(part) for name, part in value.items()}
