"""Merging two tickets of one customer about the same matter."""

from helpdesk.domain import promise as rules
from helpdesk.domain.actions import Deed
from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.message import Message
from helpdesk.domain.promise import Ledger
from helpdesk.domain.ticket import Event, Link, Ticket
from helpdesk.domain.words import State

MERGED = "merged into"
"""The event of a merge on the ticket that it closes."""


def merge(away: Ticket, into: Ticket, deed: Deed) -> tuple[Ticket, Ticket]:
    """Merge ``away`` into ``into``; the earliest standing promise that was told holds (rule 7).

    The conversation of ``away`` is copied behind that of ``into`` (shown in order of time);
    ``away`` is closed and linked. Gives both as they are then.

    Raises:
        RuleBroken: if they are the same ticket, of different customers, merged already, or if the
            merge would hide that the customer has an apology coming.
    """
    if away.id == into.id:
        raise RuleBroken("a ticket cannot be merged into itself")
    if away.erased or into.erased:
        raise RuleBroken("a ticket whose customer was erased cannot be merged")
    if away.customer != into.customer:
        raise RuleBroken("only tickets of the same customer can be merged")
    if away.merged_into is not None or into.merged_into is not None:
        raise RuleBroken("one of the two was merged into another ticket already")
    shift = len(into.messages)
    messages = (*into.messages, *(_renumbered(message, shift) for message in away.messages))
    left, joined = rules.carry(
        away.promises, into.promises, at=deed.at, ticket=into.id, stays=_stays(away, into)
    )
    joined = _told_in_copy(joined, len(into.promises), shift)
    grown = _grown(into, away, messages, joined, deed)
    owing = next((ticket for ticket in (away, into) if ticket.owes_apology(deed.at)), None)
    if owing is not None and not grown.owes_apology(deed.at):
        raise RuleBroken(
            f"ticket {owing.id}: a promise was broken there; answer the customer first, then merge"
        )
    return closed(away, into.id, left, deed), grown


def _stays(away: Ticket, into: Ticket) -> bool:
    """Whether the promise of ``into`` holds, where both have one: one that the customer was told
    goes before one that he was not, such as one in a message that is held; else the earliest."""
    leaving, staying = away.promise, into.promise
    if leaving is None or staying is None:
        return leaving is None
    told = into.was_told(staying)
    return told if told is not away.was_told(leaving) else staying.due <= leaving.due


def _renumbered(message: Message, shift: int) -> Message:
    return message.model_copy(update={"id": message.id + shift})


def _told_in_copy(ledger: Ledger, known: int, shift: int) -> Ledger:
    """Let a promise that came along name the copy of the message that told it."""
    came = (p.model_copy(update={"told_in": p.told_in + shift}) for p in ledger[known:])
    return (*ledger[:known], *came)


def closed(away: Ticket, into: int, ledger: Ledger, deed: Deed) -> Ticket:
    """The ticket as merged into number ``into``, with its ledger as it is then."""
    event = Event(at=deed.at, by=deed.by, what=MERGED, detail=str(into))
    return away.model_copy(
        update={
            "state": State.CLOSED,
            "promises": ledger,
            "links": (*away.links, Link(ticket=into, relation="merged_into")),
            "history": (*away.history, event),
            "updated": max(away.updated, deed.at),
        }
    )


def _grown(
    into: Ticket, away: Ticket, messages: tuple[Message, ...], ledger: Ledger, deed: Deed
) -> Ticket:
    event = Event(at=deed.at, by=deed.by, what="merged from", detail=str(away.id))
    state = into.state
    if rules.standing(ledger) is not None:
        state = State.ON_US
    elif state is State.CLOSED and away.state is not State.CLOSED:
        state = State.ON_CUSTOMER
    return into.model_copy(
        update={
            "state": state,
            "messages": messages,
            "promises": ledger,
            "tags": tuple(dict.fromkeys((*into.tags, *away.tags))),
            "links": (*into.links, Link(ticket=away.id, relation="merged_from")),
            "history": (*into.history, event),
            "created": min(into.created, away.created),
            "updated": max(into.updated, deed.at),
        }
    )
