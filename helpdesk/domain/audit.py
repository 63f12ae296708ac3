"""What the audit log records: who did, at what time, what concerns more than a ticket at hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from helpdesk.domain.errors import InvalidInput
from helpdesk.text import clean_line


class Deed(StrEnum):
    """What is put on record."""

    OPENED = "opened"
    EXPORTED = "exported"
    ERASED = "erased"
    MERGED = "merged customers"
    IMPORTED = "imported"
    SETTINGS = "changed settings"
    BROUGHT = "brought the desk forward"
    PUT_RIGHT = "put a copy right"
    READ_LOG = "read the audit log"
    REFUSED = "refused"


Detail = str | int
"""A number, or a word of the program's own; never what a customer or an agent wrote."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. ``at`` is in UTC."""

    at: datetime
    agent: str
    what: Deed
    details: dict[str, Detail] = field(default_factory=dict)

    def as_line(self) -> str:
        """The entry as it is kept: one JSON object."""
        return json.dumps({"at": self.at.isoformat(), "agent": self.agent, "what": self.what,
                           **self.details}, ensure_ascii=False)  # fmt: skip


def read_entry(line: str) -> Entry:
    """An entry from its line. Raises InvalidInput."""
    try:
        found = json.loads(line)
        at = datetime.fromisoformat(found.pop("at"))
        agent, what = found.pop("agent"), Deed(found.pop("what"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise InvalidInput("cannot be read") from None
    plain = all(isinstance(value, str | int) for value in found.values())
    if not isinstance(agent, str) or at.tzinfo is None or not plain:
        raise InvalidInput("cannot be read")
    return Entry(at, clean_line(agent), what, found)
