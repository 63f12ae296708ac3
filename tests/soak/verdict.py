"""Whether a desk holds after a soak what its agents were told that it holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from helpdesk.desk.desk import Desk
from helpdesk.domain.invariants import faults
from helpdesk.domain.ticket import Ticket

_MARK = re.compile(r"[a-z]+-[a-z]+[0-9]+-[0-9]+-[0-9]+\.")


@dataclass
class Told:
    """What the ledgers say: the marks that were confirmed, each with how many seconds it took;
    those that were refused, with the reason; and those of which nobody knows."""

    done: dict[str, float] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)


def read(ledgers: Iterable[Path]) -> Told:
    """Put the ledgers together."""
    told = Told()
    for ledger in ledgers:
        for line in ledger.read_text().splitlines():
            what, mark, *more = line.split()
            if what == "begun":
                told.unknown.add(mark)
                continue
            told.unknown.discard(mark)
            if what == "done":
                told.done[mark] = float(more[0])
            else:
                told.refused[mark] = more[0]
    return told


def wrong(desk: Desk, told: Told) -> list[str]:
    """What is not as it was told, a line each; none if all is."""
    found: Counter[str] = Counter()
    lines: list[str] = []
    for ticket in desk.store.tickets():
        found.update(_marks(ticket))
        lines.extend(f"ticket {ticket.id}: {fault}" for fault in faults(ticket))
    lines.extend(f"lost: {mark}" for mark in told.done if not found[mark])
    lines.extend(f"done {times} times: {mark}" for mark, times in found.items() if times > 1)
    lines.extend(f"refused and done: {mark}" for mark in told.refused if found[mark])
    known = told.done.keys() | told.refused.keys() | told.unknown
    lines.extend(f"nobody did: {mark}" for mark in found.keys() - known)
    lines.extend(f"check: {fault.place}: {fault.what}" for fault in desk.store.check())
    return lines


def _marks(ticket: Ticket) -> Iterator[str]:
    """The mark of each action that the ticket tells of."""
    for message in ticket.messages:
        yield from set(_MARK.findall(message.text))
    for change in ticket.history:
        if change.what == "assigned":
            yield from _MARK.findall(change.detail)
