"""What a subject says besides words: the tag of a ticket, and that it is a reply."""

from __future__ import annotations

import re

_TAG = re.compile(r"\[#([1-9][0-9]{0,14})\]")


def tag(ticket: int) -> str:
    """What our subjects carry, so that replies find their ticket."""
    return f"[#{ticket}]"


def tickets(subject: str) -> list[int]:
    """The tickets whose tags a subject carries. They are no authority: anybody can write them."""
    return [int(number) for number in dict.fromkeys(_TAG.findall(subject))]
