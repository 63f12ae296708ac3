"""The small forms of a ticket: reasons, assignment, tags, understanding, cause, merging."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from helpdesk.desk import matters, upkeep
from helpdesk.domain.errors import InvalidInput, NotFound
from helpdesk.domain.rights import Right
from helpdesk.domain.wording import STATE_WORDS, channel_words, day_and_time
from helpdesk.domain.words import Channel, Priority
from helpdesk.screens.prompt import Choice, FormField, Line, PromptScreen, Text
from helpdesk.screens.ticket_form import TicketForm
from helpdesk.screens.ticket_refusals import not_yours
from helpdesk.screens.to_whom import to_whom
from helpdesk.text import clean_line
from helpdesk.widgets.fields import Option
from helpdesk.widgets.message_view import size_words

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk
    from helpdesk.domain.message import Attachment
    from helpdesk.domain.ticket import Ticket

CHANNELS = tuple(Option(str(channel), channel_words(channel)) for channel in Channel)
PRIORITIES = tuple(Option(str(priority), str(priority)) for priority in Priority)
_LISTED = 8
"""So many files of a ticket are named where one is chosen."""
_CONFIRMED = {"": None, "right": True, "wrong": False}
_ANSWERS = (
    Option("", "not asked yet"),
    Option("right", "right"),
    Option("wrong", "not right"),
)


def reopen(desk: Desk, ticket: Ticket) -> TicketForm:
    """Why a closed matter is taken up again; the customer is told by when he hears from us."""

    def explain(ticket: Ticket) -> list[str]:
        due = desk.settings.policy.due(desk.now(), ticket.channel, ticket.kind, ticket.priority)
        return [
            "The customer is told that the matter is open again and promised an answer by "
            f"{day_and_time(due.due, desk.zone)} ({due.rule})."
        ]

    def do(now: Ticket, values: Mapping[str, str]) -> Ticket:
        return matters.reopen(desk, ticket.id, values["reason"], now.rev)

    why = Line("reason", "Why", hint="what is not solved yet")
    return TicketForm(
        desk, ticket, "take up again", lambda _: [why], do, explain=explain, decides="reopen"
    )


def wrote(desk: Desk, ticket: Ticket) -> PromptScreen:
    """What the customer wrote or said again."""
    number, promise = ticket.id, ticket.promise
    if promise is not None:
        explain = (
            f"The promise for {day_and_time(promise.due, desk.zone)} stays as it is: "
            "a further message never changes it."
        )
    else:
        due = desk.settings.policy.due(desk.now(), ticket.channel, ticket.kind, ticket.priority)
        explain = (
            "The customer is promised an answer by "
            f"{day_and_time(due.due, desk.zone)} ({due.rule})."
        )
    return PromptScreen(
        f"#{number}: the customer wrote or called again",
        [
            Text("text", "What", rows=7),
            Choice("channel", "How", CHANNELS, str(ticket.channel)),
        ],
        lambda values: matters.take_in(desk, number, values["text"], Channel(values["channel"])),
        [explain],
    )


def understanding(desk: Desk, ticket: Ticket) -> TicketForm:
    """What we understood, said back, and whether the customer said that it is right."""

    def fields(ticket: Ticket) -> list[FormField]:
        noted = ticket.understanding
        confirmed = noted.confirmed if noted is not None else None
        now = next(word for word, meaning in _CONFIRMED.items() if meaning is confirmed)
        return [
            Text("text", "Understood", noted.text if noted is not None else "", rows=5),
            Choice("confirmed", "Customer says", _ANSWERS, now),
        ]

    def do(now: Ticket, values: Mapping[str, str]) -> Ticket:
        confirmed = _CONFIRMED[values["confirmed"]]
        return upkeep.set_understanding(desk, ticket.id, values["text"], confirmed, now.rev)

    advice = "Say back in your own words what the customer said, and ask whether it is right."
    return TicketForm(
        desk, ticket, "what we understood", fields, do,
        explain=lambda _: [advice], says_one_thing=True,
    )  # fmt: skip


def cause(desk: Desk, ticket: Ticket) -> TicketForm:
    """The root of the problem and how it was solved."""

    def fields(ticket: Ticket) -> list[FormField]:
        return [
            Text("root_cause", "Root cause", ticket.root_cause, rows=4),
            Text("resolution", "Resolution", ticket.resolution, rows=4),
        ]

    def do(now: Ticket, values: Mapping[str, str]) -> Ticket:
        return upkeep.set_cause(desk, ticket.id, seen=now.rev, **values)

    return TicketForm(desk, ticket, "root cause and resolution", fields, do)


def rename(desk: Desk, ticket: Ticket) -> TicketForm:
    """What the matter is called, and how much it matters besides its promise."""

    def fields(ticket: Ticket) -> list[FormField]:
        return [
            Line("subject", "Subject", ticket.subject, "the matter in a few words"),
            Choice("priority", "Priority", PRIORITIES, str(ticket.priority)),
        ]

    def do(now: Ticket, values: Mapping[str, str]) -> Ticket | None:
        priority = Priority(values["priority"])
        return upkeep.rename(desk, ticket.id, values["subject"], priority, now.rev)

    return TicketForm(desk, ticket, "subject and priority", fields, do)


def tags(desk: Desk, ticket: Ticket) -> PromptScreen:
    """The tags, all in a line."""
    number, had = ticket.id, set(ticket.tags)

    def change(line: str) -> Ticket:
        wanted = [tag for tag in line.replace(",", " ").split() if tag != "#"]
        wanted = [tag.removeprefix("#") for tag in wanted]
        return upkeep.set_tags(
            desk, number, [tag for tag in wanted if tag not in had], had - set(wanted)
        )

    in_use = ", ".join(clean_line(tag) for tag in desk.store.tags()[:12])
    return PromptScreen(
        f"#{number}: tags",
        [Line("tags", "Tags", " ".join(ticket.tags), "words parted by spaces", more=True)],
        lambda values: change(values["tags"]),
        [f"In use: {in_use}"] if in_use else [],
    )


def save_file(desk: Desk, ticket: Ticket) -> PromptScreen:
    """Which of the files that came with the ticket is written, and where to."""
    files = ticket.files

    def which(text: str) -> Attachment:
        digits = clean_line(text)
        if not (digits.isascii() and digits.isdigit() and 1 <= int(digits[:9]) <= len(files)):
            raise InvalidInput(f"give its number, 1 to {len(files)}")
        return files[int(digits) - 1]

    def save(values: Mapping[str, str]) -> str:
        from helpdesk.desk.exporting_files import save

        return str(save(desk, which(values["number"]).sha256, values["path"]))

    def meant(text: str) -> str:
        file = which(text)
        return f"{clean_line(file.type, 60)}: {clean_line(file.name)}"

    listed = [
        f"{number} {clean_line(file.name, 32)} ({size_words(file.bytes)})"
        for number, file in enumerate(files[:_LISTED], start=1)
    ]
    if (more := len(files) - _LISTED) > 0:
        listed.append(f"{more} more: helpdesk attachment {ticket.id}")
    return PromptScreen(
        f"#{ticket.id}: save a file that came with it",
        [
            Line("number", "File", "1" if len(files) == 1 else "", "its number", meant),
            Line("path", "Save as", hint="path of a new file, on this server"),
        ],
        save,
        ["; ".join(listed)],
        Right.READ,
    )


def assign_to(desk: Desk, ticket: Ticket) -> PromptScreen:
    """To whom the ticket goes."""
    number = ticket.id
    assign = partial(upkeep.assign, desk, number)
    return to_whom(desk, f"#{number}", assign, had=ticket.assignee)


class Turn(NamedTuple):
    """A ticket turned over to somebody: as it was, as it is, and in words."""

    before: Ticket
    after: Ticket
    words: str


def take(desk: Desk, number: int) -> Turn:
    """Assign the ticket to the agent, whoever had it. Raises NotFound."""
    before = desk.store.ticket(number)
    over = f", taken over from {clean_line(before.assignee)}" if before.assignee else ""
    after = upkeep.assign(desk, number, desk.agent)
    return Turn(before, after, f"ticket {number} is yours{over}")


def leave(desk: Desk, number: int) -> Turn:
    """Leave a ticket of the agent's to nobody. Raises NotFound; InvalidInput if it is not his."""
    before = desk.store.ticket(number)
    if before.assignee != desk.agent:
        raise InvalidInput(not_yours(number))
    after = upkeep.assign(desk, number, None, before.rev)
    return Turn(before, after, f"ticket {number} is nobody's now")


def merge(desk: Desk, ticket: Ticket) -> TicketForm:
    """Into which ticket of the same customer this one goes; the earliest promise holds."""
    number = ticket.id

    def other(text: str) -> Ticket:
        digits = clean_line(text).removeprefix("#")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
            raise InvalidInput("give the number of the ticket that goes on")
        into = desk.store.ticket(int(digits))
        if into.customer != ticket.customer:
            raise InvalidInput(f"#{into.id} is of another customer")
        if into.id == number:
            raise InvalidInput("that is this ticket")
        return into

    def check(text: str) -> str:
        into = other(text)
        return f"{STATE_WORDS[into.state]} · {into.subject}"

    others = [
        row
        for row in desk.store.queue(desk.query(f"customer:{ticket.customer}"), limit=8)
        if row.id != number
    ]
    listed = [
        f"#{row.id} {STATE_WORDS[row.state]} · {clean_line(row.subject, 60)}" for row in others
    ]
    if not others:
        raise NotFound("the customer has no other ticket to merge this one into")

    def do(now: Ticket, values: Mapping[str, str]) -> Ticket:
        return upkeep.merge(desk, number, other(values["into"]).id, now.rev)

    explain = [
        "This ticket is closed and its conversation goes on in the other. The earliest promise "
        "holds.",
        "\n".join(["Of this customer (↓):", *listed]),
    ]
    numbers = tuple(str(row.id) for row in others)
    only = numbers[0] if len(numbers) == 1 else ""
    into = Line("into", "Ticket", only, "its number; ↓ goes through them", check, offers=numbers)
    return TicketForm(
        desk,
        ticket,
        "merge into",
        lambda _: [into],
        do,
        explain=lambda _: explain,
        decides="merge",
    )
