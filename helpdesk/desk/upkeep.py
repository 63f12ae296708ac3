"""Looking after tickets among agents: notes, assignment, tags, understanding, cause, merging."""

from collections.abc import Iterable
from typing import Any

from helpdesk.desk.desk import Desk
from helpdesk.desk.matters import deed_on, fresh
from helpdesk.domain import actions
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.merge import merge as merged
from helpdesk.domain.rights import is_login
from helpdesk.domain.ticket import Link, Ticket, Understanding
from helpdesk.domain.values import read_tag
from helpdesk.domain.words import Kind, Priority
from helpdesk.text import clean, clean_line


def note(desk: Desk, number: int, text: str) -> Ticket:
    """Add a note that only agents see. Raises NotFound; InvalidInput if it is empty."""
    if not clean(text).strip():
        raise InvalidInput("a note takes a text")
    with desk.writing() as writing:
        ticket = writing.ticket(number)
        return writing.put(actions.note(ticket, deed_on(desk, ticket), text))


def assign(desk: Desk, number: int, assignee: str | None, seen: int | None = None) -> Ticket:
    """Give the ticket to an agent by login name, or to nobody (None).

    Raises:
        NotFound: if there is no such ticket.
        Conflict: if ``seen`` is given and is no longer the ticket's ``rev``.
        InvalidInput: if the name cannot be a login name, or is none that desk.toml lists.
        RuleBroken: if the ticket is closed: it stays whose it was until it is taken up again.
    """
    if assignee is not None:
        require_agent(desk, assignee)
    detail = assignee or "nobody"
    return _change(desk, number, "assigned", detail, seen, assignee=assignee)


def set_tags(
    desk: Desk,
    number: int,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    seen: int | None = None,
) -> Ticket:
    """Add and take away tags. Raises NotFound; Conflict as ``assign``; InvalidInput for an empty
    one."""
    plus = [_tag(tag) for tag in add]
    minus = {_tag(tag) for tag in remove}
    with desk.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        kept = tuple(t for t in dict.fromkeys((*ticket.tags, *plus)) if t not in minus)
        changes = ", ".join([*(f"+{tag}" for tag in plus), *(f"-{tag}" for tag in sorted(minus))])
        deed = deed_on(desk, ticket)
        return writing.put(actions.change(ticket, deed, "tagged", changes, tags=kept))


def set_priority(desk: Desk, number: int, priority: Priority) -> Ticket:
    """Set how much the ticket matters besides its promise. Raises NotFound."""
    return _change(desk, number, "priority", str(priority), priority=priority)


def set_kind(desk: Desk, number: int, kind: Kind) -> Ticket:
    """Say what the ticket is about; the promise that was told stays. Raises NotFound."""
    return _change(desk, number, "kind", str(kind), kind=kind)


def turn_kind(desk: Desk, number: int) -> Ticket:
    """Take the ticket for the next kind: request, complaint, feedback. Raises NotFound."""
    kinds = tuple(Kind)
    with desk.writing() as writing:
        ticket = writing.ticket(number)
        kind = kinds[(kinds.index(ticket.kind) + 1) % len(kinds)]
        deed = deed_on(desk, ticket)
        return writing.put(actions.change(ticket, deed, "kind", str(kind), kind=kind))


def set_subject(desk: Desk, number: int, subject: str) -> Ticket:
    """Name the matter anew. Raises NotFound; InvalidInput if it is empty."""
    if not clean_line(subject):
        raise InvalidInput("a ticket takes a subject")
    with desk.writing() as writing:
        ticket = writing.ticket(number)
        return writing.put(_called(ticket, deed_on(desk, ticket), subject))


def rename(desk: Desk, number: int, subject: str, priority: Priority, seen: int) -> Ticket | None:
    """Name the matter anew and say how much it matters, in one write; what is as it was is not
    noted. Gives None if both are as they were. Raises NotFound; Conflict if ``seen`` is no longer
    its ``rev``; InvalidInput as ``set_subject``."""
    if not clean_line(subject):
        raise InvalidInput("a ticket takes a subject")
    with desk.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        deed = deed_on(desk, ticket)
        changed = ticket
        if clean_line(subject) != ticket.subject:
            changed = _called(changed, deed, subject)
        if priority is not ticket.priority:
            changed = actions.change(changed, deed, "priority", str(priority), priority=priority)
        return None if changed is ticket else writing.put(changed)


def set_understanding(
    desk: Desk,
    number: int,
    text: str | None,
    confirmed: bool | None = None,
    seen: int | None = None,
) -> Ticket:
    """Note what we understood, and whether the customer said that it is right.

    With ``text`` None the noted text stays and only ``confirmed`` is set.

    Raises:
        NotFound: if there is no such ticket.
        Conflict: if ``seen`` is given and is no longer the ticket's ``rev``.
        InvalidInput: if there is no text to confirm.
    """
    with desk.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        words = (
            text
            if text is not None
            else (ticket.understanding or Understanding(text="", by=desk.agent, at=desk.now())).text
        )
        if not clean(words).strip():
            raise InvalidInput("say first what was understood, then whether it is right")
        understanding = Understanding(text=words, by=desk.agent, at=desk.now(), confirmed=confirmed)
        word = {None: "noted", True: "confirmed", False: "not right"}[confirmed]
        old = ticket.understanding.text if ticket.understanding is not None else ""
        word += _in_place_of(old, understanding.text)
        deed = deed_on(desk, ticket)
        return writing.put(
            actions.change(ticket, deed, "understanding", word, understanding=understanding)
        )


def set_cause(
    desk: Desk,
    number: int,
    *,
    root_cause: str | None = None,
    resolution: str | None = None,
    seen: int | None = None,
) -> Ticket:
    """Note the root of the problem and how it was solved. Raises NotFound; Conflict as
    ``assign``."""
    fields = {"root_cause": root_cause, "resolution": resolution}
    given: dict[str, Any] = {name: text for name, text in fields.items() if text is not None}
    if not given:
        raise InvalidInput("say the root cause, the resolution, or both")
    with desk.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        was = [_in_place_of(getattr(ticket, name), text) for name, text in given.items()]
        detail = "; ".join(part for part in was if part).removeprefix(", ")
        what = " and ".join(given).replace("_", " ")
        return writing.put(actions.change(ticket, deed_on(desk, ticket), what, detail, **given))


def link(desk: Desk, number: int, other: int) -> Ticket:
    """Tie two tickets together as related, on both. Raises NotFound; InvalidInput."""
    if number == other:
        raise InvalidInput("a ticket cannot be linked to itself")
    with desk.writing() as writing:
        first, second = writing.ticket(number), writing.ticket(other)
        writing.put(_linked(desk, second, number))
        return writing.put(_linked(desk, first, other))


def merge(desk: Desk, away: int, into: int, seen: int | None = None) -> Ticket:
    """Merge ticket ``away`` into ``into``; the earliest promise holds. Gives ``into``.

    Raises:
        NotFound: if one of them does not exist.
        RuleBroken: if they are the same, of different customers, or merged already.
    """
    with desk.writing() as writing:
        leaving = fresh(writing.ticket(away), seen)
        staying = writing.ticket(into)
        closed, grown = merged(leaving, staying, deed_on(desk, staying))
        writing.put(closed)
        return writing.put(grown)


def require_agent(desk: Desk, login: str) -> None:
    """Refuse a login that cannot be one, or is not among those that desk.toml lists."""
    if login == desk.agent:
        return
    if not is_login(login):
        raise InvalidInput("not a login name: write it as the agent logs in, or 'none'")
    listed = desk.settings.agents
    if listed and login not in listed:
        raise InvalidInput(f"no agent {login} here; desk.toml lists {', '.join(sorted(listed))}")


def _called(ticket: Ticket, deed: actions.Deed, subject: str) -> Ticket:
    detail = _in_place_of(ticket.subject, subject).removeprefix(", ")
    return actions.change(ticket, deed, "subject", detail, subject=subject)


def _linked(desk: Desk, ticket: Ticket, other: int) -> Ticket:
    links = ticket.links
    if not any(known.ticket == other for known in links):
        links = (*links, Link(ticket=other))
    return actions.change(ticket, deed_on(desk, ticket), "linked", str(other), links=links)


def _change(
    desk: Desk, number: int, what: str, detail: str, seen: int | None = None, **fields: Any
) -> Ticket:
    with desk.writing() as writing:
        ticket = fresh(writing.ticket(number), seen)
        deed = deed_on(desk, ticket)
        return writing.put(actions.change(ticket, deed, what, detail, **fields))


def _in_place_of(old: str, new: str) -> str:
    """For the history: the words that others replace, so that nobody's are gone without a trace."""
    same = not old.strip() or clean_line(old) == clean_line(new)
    return "" if same else f", in place of: {clean_line(old)}"


def _tag(text: str) -> str:
    try:
        return read_tag(text)
    except ValueError as error:
        raise InvalidInput(str(error)) from None
