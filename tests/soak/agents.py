"""What one agent's program does in a soak, and the ledger in which it notes what was confirmed.

A line of the ledger is ``begun``, ``done`` or ``refused``, and the mark of an action; the mark
stands in what the action writes, so that it can be found there, or not, whatever happened since.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from helpdesk.desk import answers, matters, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.words import Channel, Kind

Action = Callable[[Desk, int, str], object]


def reply(desk: Desk, ticket: int, mark: str) -> object:
    """Answer the customer."""
    return answers.reply(desk, ticket, f"We looked into it: {mark}")


def note(desk: Desk, ticket: int, mark: str) -> object:
    """Note something for the other agents."""
    return upkeep.note(desk, ticket, f"Seen: {mark}")


def assign(desk: Desk, ticket: int, mark: str) -> object:
    """Give the ticket to somebody who is named by the mark."""
    return upkeep.assign(desk, ticket, mark)


def move(desk: Desk, ticket: int, mark: str) -> object:
    """Tell the customer another date."""
    return answers.tell_date(desk, ticket, desk.now() + timedelta(days=2), f"the part: {mark}")


def wrote(desk: Desk, ticket: int, mark: str) -> object:
    """The customer writes again: a promise is told anew where none stands."""
    return matters.take_in(desk, ticket, f"And what about {mark}?")


def new(desk: Desk, ticket: int, mark: str) -> object:
    """A customer comes with another matter."""
    who = desk.store.ticket(ticket).customer
    assert who is not None
    return matters.new_ticket(
        desk, who, kind=Kind.REQUEST, channel=Channel.PHONE, subject=mark, text=f"I ask: {mark}"
    )


ACTIONS: tuple[Action, ...] = (reply, reply, note, assign, move, wrote, wrote, new)


@dataclass(frozen=True, slots=True)
class Work:
    """What an agent is to do: so many actions, or until a moment of the monotonic clock, at the
    tickets up to ``tickets``."""

    desk: Path
    ledger: Path
    agent: str
    tickets: int
    actions: int = 0
    until: float = 0.0


def work(what: Work) -> None:
    """Do it; runs in a process of its own, which may be killed at any moment."""
    ledger = os.open(what.ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    chance = random.Random(os.getpid())
    with open_desk(what.desk, what.agent) as desk:
        number = 0
        while number < what.actions or time.monotonic() < what.until:
            number += 1
            action = chance.choice(ACTIONS)
            mark = f"{action.__name__}-{what.agent}-{os.getpid()}-{number}."
            _line(ledger, "begun", mark)
            began = time.monotonic()
            try:
                action(desk, chance.randint(1, what.tickets), mark)
            except HelpdeskError as error:
                _line(ledger, "refused", mark, type(error).__name__)
            else:
                _line(ledger, "done", mark, f"{time.monotonic() - began:.6f}")
    os.close(ledger)


def _line(ledger: int, *words: str) -> None:
    os.write(ledger, (" ".join(words) + "\n").encode())
