"""What a subject says besides words: the tag of a ticket, and that it is a reply."""

from __future__ import annotations

import re

_LONGEST = 300

_TAG = re.compile(r"\[#([1-9][0-9]{0,14})\]")
_REPLY = re.compile(
    r"^\s*(?:(?:re|aw|sv|antw|odp|vs|ynt|ref|отв)\s*(?:\[\d+\])?\s*[:\uff1a]\s*)+", re.I
)


def tag(ticket: int) -> str:
    """What our subjects carry, so that replies find their ticket."""
    return f"[#{ticket}]"


def tickets(subject: str) -> list[int]:
    """The tickets whose tags a subject carries, from the last to the first, as ours puts its own
    last. They are no authority: anybody can write them."""
    return [int(number) for number in dict.fromkeys(reversed(_TAG.findall(subject)))]


def own_subject(subject: str | None, of_ticket: str) -> str:
    """The subject of a mail where it has words that its ticket's subject has not; else nothing."""
    words = _words(subject or "")
    return words if words.casefold() not in of_ticket.casefold() else ""


def _words(subject: str) -> str:
    return " ".join(_TAG.sub(" ", _REPLY.sub("", subject)).split())


def subject_of(subject: str, ticket: int, *, reply: bool) -> str:
    """The subject of a message about a ticket: "Re:" once where it answers, with its tag once."""
    mark = tag(ticket)
    words = " ".join(_REPLY.sub("", subject).replace(mark, " ").split())
    words = words[:_LONGEST].rstrip()
    return " ".join(part for part in ("Re:" if reply else "", words, mark) if part)
