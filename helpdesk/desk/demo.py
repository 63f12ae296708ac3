"""The demo: a copy of the shipped documents, moved in time so that the desk is alive at any hour.

The documents of data/demo are written for one moment, their anchor. In the copy every moment
moves by the time gone by since then. Where a letter tells the customer when promise 1 is due, the
shipped text has ``{due 1}``: how a date is written, only the library that writes it can say.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from helpdesk.config import Settings, load
from helpdesk.desk.texts import Texts
from helpdesk.domain.customer import Customer, Order
from helpdesk.domain.errors import CannotCreate
from helpdesk.domain.message import Message
from helpdesk.domain.rights import is_login
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.values import Value
from helpdesk.domain.words import Direction
from helpdesk.glance import SETTINGS_FILE
from helpdesk.resources import data_folder
from helpdesk.store import formats
from helpdesk.store.open import open_store

PLACEHOLDER = "me"
"""The login in the shipped documents that stands for whoever opens the demo."""

DUE = re.compile(r"\{due (\d+)\}")
"""Stands in the shipped letters for when the promise of that number is due."""

STEP = timedelta(minutes=5)
"""Documents move by whole steps, so that a date told for five o'clock stays a round one."""

V = TypeVar("V", bound=Value)


def make_demo(folder: Path | None, now: datetime, agent: str) -> Path:
    """Make a copy of the demo as if it were ``now`` (aware); gives its folder.

    Without ``folder`` it lies in a new temporary one. What is assigned to the placeholder is
    assigned to ``agent``.

    Raises:
        CannotCreate: if there is something in ``folder``, or it cannot be written.
    """
    source = data_folder() / "demo"
    place = _new_folder(folder)
    try:
        shutil.copyfile(source / SETTINGS_FILE, place / SETTINGS_FILE)
        _write(place, source, Moving.to(now, source, load(source / SETTINGS_FILE), agent))
    except BaseException:
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)
        raise
    return place


@dataclass(frozen=True, slots=True)
class Moving:
    """How the shipped documents become those of the copy: moments move ``by``, days by ``days``."""

    by: timedelta
    days: timedelta
    agent: str
    texts: Texts

    @classmethod
    def to(cls, now: datetime, source: Path, settings: Settings, agent: str) -> Moving:
        """From the anchor to ``now``; the day of an order moves by the days of the desk's zone."""
        anchor = read_anchor(source)
        by = (now - anchor) // STEP * STEP
        then = anchor.astimezone(settings.zone).date()
        days = (anchor + by).astimezone(settings.zone).date() - then
        login = agent if is_login(agent) else PLACEHOLDER
        return cls(by, days, login, Texts(settings))

    def customer(self, customer: Customer) -> Customer:
        """The profile, moved: what lies behind and ahead of us, but no birthday and no consent."""
        return self._value(customer)

    def ticket(self, ticket: Ticket, customer: Customer) -> Ticket:
        """The ticket, moved, with the dates in what ``customer`` was told."""
        moved = self._value(ticket)
        dates = {str(p.id): self.texts.moment(customer, p.due) for p in moved.promises}

        def retold(message: Message) -> Message:
            if message.direction is not Direction.OUT:
                return message
            text = DUE.sub(lambda found: dates[found[1]], message.text)
            return message.model_copy(update={"text": text})

        return moved.model_copy(update={"messages": tuple(map(retold, moved.messages))})

    def _value(self, value: V) -> V:
        return value.model_copy(update={name: self._part(part) for name, part in value})

    def _part(self, part: Any) -> Any:
        match part:
            case datetime():
                return part + self.by
            case tuple():
                return tuple(map(self._part, part))
            case Order():
                return self._order(part)
            case Value():
                return self._value(part)
            case _:
                return self.agent if part == PLACEHOLDER else part

    def _order(self, order: Order) -> Order:
        promised = order.promised and order.promised + self.days
        return order.model_copy(update={"date": order.date + self.days, "promised": promised})


def read_anchor(source: Path) -> datetime:
    """The moment for which the documents in ``source`` are written."""
    anchor = tomllib.loads((source / "anchor.toml").read_text(encoding="utf-8"))["anchor"]
    assert isinstance(anchor, datetime)
    return anchor


def shipped_customers(source: Path) -> Iterator[Customer]:
    """The profiles in ``source`` as they are shipped, by number."""
    for path in sorted((source / "customers").rglob("*.json")):
        yield Customer.model_validate_json(path.read_bytes())


def shipped_tickets(source: Path) -> Iterator[Ticket]:
    """The tickets in ``source`` as they are shipped, by number."""
    for path in sorted((source / "tickets").rglob("*.json")):
        yield Ticket.model_validate_json(path.read_bytes())


def _new_folder(folder: Path | None) -> Path:
    if folder is None:
        return _temporary_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        filled = any(folder.iterdir())
    except OSError as error:
        raise CannotCreate(f"{folder}: {error.strerror}; name another folder") from None
    if filled:
        raise CannotCreate(f"{folder} is not empty: name a new folder for the demo")
    return folder


def _temporary_folder() -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix="helpdesk-demo-"))
    except OSError as error:
        raise CannotCreate(
            f"no temporary folder can be made: {error.strerror}; name a folder with --folder"
        ) from None


def _write(place: Path, source: Path, moving: Moving) -> None:
    customers = {customer.id: customer for customer in shipped_customers(source)}
    with closing(open_store(place)) as store, store.writing() as writing:
        for customer in customers.values():
            writing.put(moving.customer(customer))
        for ticket in shipped_tickets(source):
            assert ticket.customer is not None
            writing.put(moving.ticket(ticket, customers[ticket.customer]))
    formats.note(place)
