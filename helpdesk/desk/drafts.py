"""Drafts: what an agent is writing survives the program, and is offered at the next log-in."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from helpdesk.desk.desk import Desk
from helpdesk.domain.draft import Draft, DraftKind, draft_id, letter_field, read_draft, ticket_of
from helpdesk.domain.errors import CustomerErased, HelpdeskError, InvalidInput, NotFound
from helpdesk.domain.words import Direction, State
from helpdesk.store import joined
from helpdesk.store.base import Fault
from helpdesk.store.personal import Personal, everybody
from helpdesk.store.rows import order_numbers, plain_order
from helpdesk.text import clean_line, fold

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from helpdesk.domain.customer import Customer
    from helpdesk.domain.ticket import Ticket

__all__ = [
    "Draft",
    "DraftKind",
    "begin",
    "discard",
    "drop_if_erased",
    "faults",
    "forget",
    "is_erased",
    "kept",
    "load",
    "of_ticket",
    "out_of_reach",
    "save",
    "save_in_haste",
    "under_another_name",
    "unreadable",
    "waiting",
]

FOLDER = "drafts"


def begin(
    desk: Desk,
    kind: DraftKind,
    *,
    ticket: int | None = None,
    customer: int | None = None,
    seen: int | None = None,
) -> Draft:
    """An empty draft of this agent, which nothing keeps until it is saved."""
    name = draft_id(kind, ticket, os.urandom(4))
    return Draft(name, desk.agent, kind, desk.now(), ticket, customer, seen)


def under_another_name(draft: Draft) -> Draft:
    """The same words as a draft of their own."""
    return replace(draft, id=draft_id(draft.kind, draft.ticket, os.urandom(4)))


def save(desk: Desk, draft: Draft) -> Draft:
    """Keep the draft as it is now; gives it with the time. It is durable when this returns.

    Raises:
        NotPermitted: if the agent may change no tickets.
        CannotCreate: if it cannot be written.
        CustomerErased: if its customer was erased; then nothing of it is left.
    """
    saved = save_in_haste(desk, draft)
    # Asked once it is written: an erasure that comes after that finds it there.
    if drop_if_erased(desk, draft):
        raise CustomerErased("the customer was erased: what was written is dropped")
    return saved


def save_in_haste(desk: Desk, draft: Draft) -> Draft:
    """``save`` without asking after the customer: ``load`` removes what should not be there.

    It takes no lock and may be called by a signal handler, even in the midst of another call: the
    newer text wins.

    Raises:
        NotPermitted: if the agent may change no tickets.
        CannotCreate: if it cannot be written.
    """
    desk.require_to_write()
    draft = replace(draft, saved=desk.now())
    text = json.dumps(draft.document(), ensure_ascii=False, indent=1)
    _personal(desk).write(_file(draft.id), text.encode() + b"\n")
    return draft


def discard(desk: Desk, draft: Draft) -> None:
    """Keep the draft no more: it was sent or thrown away. Raises CannotCreate."""
    _personal(desk).remove(_file(draft.id))


def kept(desk: Desk, name: str) -> Draft | None:
    """This agent's draft of that id as it is kept; None if it is not, or cannot be read."""
    with suppress(HelpdeskError):
        raw = _personal(desk).read(_file(name))
        return None if raw is None else _decoded(name, desk.agent, raw)
    return None


def load(desk: Desk) -> list[Draft]:
    """This agent's drafts, newest first.

    Those that cannot be read are left out (``unreadable``). Those that are of no use any more are
    removed: their customer was erased, or they were held and are carried out.
    """
    with suppress(HelpdeskError):
        _personal(desk).sweep(FOLDER)
    return _still_of_use(desk, _own(desk))


def waiting(desk: Desk, began: datetime, given_up: Collection[str] = ()) -> list[Draft]:
    """The drafts to go on with, newest first: not those held by this program, which ``began``
    then, as they are on their way; but those of the numbers in ``given_up``, which are not."""
    return [
        draft
        for draft in load(desk)
        if not draft.held or draft.saved < began or draft.id in given_up
    ]


def of_ticket(desk: Desk, ticket: int, kind: DraftKind) -> Draft | None:
    """This agent's newest draft of that kind on the ticket."""
    drafts = [draft for draft in _own(desk) if (draft.ticket, draft.kind) == (ticket, kind)]
    return next(iter(_still_of_use(desk, drafts)), None)


def unreadable(desk: Desk) -> list[str]:
    """The files among this agent's drafts that cannot be read; they are left as they are."""
    personal = _personal(desk)
    names = _names(personal)
    readable = {name for name, _ in _readable(personal)}
    return [f"{FOLDER}/{name}" for name in names if name not in readable]


def forget(desk: Desk, customer: Customer, tickets: Collection[int]) -> None:
    """Remove every agent's drafts about an erased customer, as far as they can be reached.

    Others are removed when their agents look at their drafts next (``load``).
    """
    for personal in everybody(desk.path):
        with suppress(HelpdeskError):
            personal.sweep(FOLDER)
        for name in _names(personal):
            with suppress(HelpdeskError):  # one that cannot be reached keeps none of the others
                if _is_about(desk.path, personal, name, customer, tickets):
                    personal.remove(f"{FOLDER}/{name}")


def faults(desk: Desk, *, repair: bool) -> list[Fault]:
    """The drafts about customers who were erased, of every agent as far as they can be reached.

    With ``repair`` they are removed. Raises CannotCreate.
    """
    found = []
    for personal in everybody(desk.path):
        for name, draft in _readable(personal):
            if is_erased(desk, draft):
                if repair:
                    personal.remove(f"{FOLDER}/{name}")
                place = f"{personal.folder.relative_to(desk.path)}/{FOLDER}/{name}"
                what = "is a draft about a customer who was erased"
                found.append(Fault(clean_line(place), what, repaired=repair, repairable=True))
    return found


def out_of_reach(desk: Desk) -> int:
    """How many agents have drafts that whoever runs this may not look through."""
    return sum(1 for personal in everybody(desk.path) if not personal.is_open)


def is_erased(desk: Desk, draft: Draft) -> bool:
    """Whether the customer whom the draft is about was erased."""
    try:
        if draft.ticket is not None:
            return desk.store.ticket(draft.ticket).erased
        if draft.customer is not None:
            desk.store.customer(draft.customer)
    except NotFound:
        return draft.ticket is None
    except HelpdeskError:
        pass
    return False


def drop_if_erased(desk: Desk, draft: Draft) -> bool:
    """Keep the draft no more if its customer was erased; whether he was. Raises CannotCreate."""
    erased = is_erased(desk, draft)
    if erased:
        discard(desk, draft)
    return erased


def _still_of_use(desk: Desk, drafts: list[Draft]) -> list[Draft]:
    """The drafts, newest first; those that are of no use any more are removed."""
    kept = []
    for draft in drafts:
        if _is_over(desk, draft):
            with suppress(HelpdeskError):
                discard(desk, draft)
        else:
            kept.append(draft)
    return sorted(kept, key=lambda draft: (draft.saved, draft.id), reverse=True)


def _is_over(desk: Desk, draft: Draft) -> bool:
    if is_erased(desk, draft):
        return True
    if not draft.held or draft.ticket is None:
        return False
    with suppress(HelpdeskError):
        return _is_carried_out(desk.store.ticket(draft.ticket), draft)
    return False


def _is_carried_out(ticket: Ticket, draft: Draft) -> bool:
    """Whether the program died after carrying out what the draft says, and before removing it."""
    if ticket.rev == draft.seen:
        return False
    if not draft.text.strip():
        return draft.kind is DraftKind.CLOSE and ticket.state is State.CLOSED
    lines = [line.strip() for line in draft.text.splitlines() if line.strip()]
    since = (message for message in ticket.messages if message.at >= draft.saved)
    # An apology or a date may have been put between the lines.
    return any(
        message.direction is not Direction.IN and all(line in message.text for line in lines)
        for message in since
    )


def _is_about(
    desk: Path, personal: Personal, name: str, customer: Customer, tickets: Collection[int]
) -> bool:
    """Whether the draft in that file is about the customer; one that cannot be read is searched
    for the customer's name and contacts, and so is a new matter of nobody known yet."""
    draft_name = name.removesuffix(".json")
    if ticket_of(draft_name) in tickets:
        return True
    raw = personal.read(f"{FOLDER}/{name}") or b""
    try:
        draft = _decoded(draft_name, personal.login, raw)
    except InvalidInput:
        return _mentions(raw.decode("utf-8", "replace"), customer)
    if any(letter_field(ticket) in draft.fields for ticket in tickets):
        return True
    if draft.ticket is not None or draft.customer is not None:
        number = draft.customer and joined.followed(desk, draft.customer)
        return draft.ticket in tickets or number == customer.id
    return _names_order(draft, customer) or _mentions(
        "\n".join([draft.text, *draft.fields.values()]), customer
    )


def _names_order(draft: Draft, customer: Customer) -> bool:
    """Whether the customer was looked for by the number of an order of his."""
    typed = plain_order(draft.fields.get("customer", ""))
    return any(typed in order_numbers(order.number) for order in customer.orders if typed)


def _mentions(text: str, customer: Customer) -> bool:
    folded = fold(text)
    contacts = [
        *(email.address for email in customer.emails),
        *(phone.number for phone in customer.phones),
        *(handle.handle for handle in customer.handles),
        customer.name,
    ]
    return any(re.search(rf"(?<!\w){re.escape(fold(each))}(?!\w)", folded) for each in contacts)


def _readable(personal: Personal) -> Iterator[tuple[str, Draft]]:
    """The drafts of an agent, each with the name of its file."""
    for name in _names(personal):
        with suppress(HelpdeskError):
            raw = personal.read(f"{FOLDER}/{name}")
            if raw is not None and name.endswith(".json"):
                yield name, _decoded(name.removesuffix(".json"), personal.login, raw)


def _own(desk: Desk) -> list[Draft]:
    return [draft for _, draft in _readable(_personal(desk))]


def _names(personal: Personal) -> list[str]:
    with suppress(HelpdeskError):
        return personal.names(FOLDER)
    return []


def _decoded(name: str, agent: str, raw: bytes) -> Draft:
    try:
        document = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise InvalidInput("is no draft") from None
    return read_draft(name, agent, document)


def _personal(desk: Desk) -> Personal:
    return Personal(desk.path, desk.agent)


def _file(name: str) -> str:
    return f"{FOLDER}/{name}.json"
