"""`reply`, `promise`, `no-answer-needed` and `close`: what the customer is told."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpdesk.commands.options import (
    LINE,
    PATH_OR_STREAM,
    STREAM,
    body_option,
    channel_option,
    json_option,
    optional_body,
    read_body,
    ticket_argument,
    with_desk,
)
from helpdesk.commands.reading import read_due
from helpdesk.commands.telling import settled_words, tell, tell_if_closed
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.words import Channel

if TYPE_CHECKING:
    from helpdesk.desk.attaching import Enclosed

_WHEN = "+2h, today 17:00, tomorrow, fri 14:00, eod, 25 Nov 14:00, 2026-11-25"


@click.command()
@ticket_argument
@body_option("What the customer is told.")
@channel_option
@click.option(
    "--owns-delay",
    is_flag=True,
    help="The text owns the broken promise; else it begins with an apology.",
)
@click.option(
    "--promise", "when", type=LINE, metavar="WHEN", help=f"Another answer follows by then: {_WHEN}."
)
@click.option("--reason", type=LINE, default="", help="Why; the customer is told it.")
@click.option("--close", "close_", is_flag=True, help="The matter ends with it.")
@click.option(
    "--attach",
    "paths",
    type=PATH_OR_STREAM,
    multiple=True,
    metavar="FILE",
    help="A file that goes with it; may be given again. - is standard input.",
)
@click.option("--attach-as", type=LINE, metavar="NAME", help="The name of --attach -.")
@click.option("--greet", is_flag=True, help="Begin with the greeting, end with the signature.")
@json_option
@with_desk
def reply(
    desk: Desk,
    *,
    ticket: int,
    body: str,
    channel: Channel | None,
    owns_delay: bool,
    when: str | None,
    reason: str,
    close_: bool,
    paths: tuple[Path, ...],
    attach_as: str | None,
    greet: bool,
    as_json: bool,
) -> None:
    """Answer the customer of a TICKET; this keeps the promise, if it is not too late.

    With --promise the customer is told by when the next answer comes. Files that are attached go
    by mail, and are kept with the ticket.
    """
    from helpdesk.desk import answers

    if body == "-" and STREAM in paths:
        raise InvalidInput("standard input is either the text or a file: give the other by name")
    text = read_body(body)
    files = _files(desk, paths, attach_as)
    due = _next_due(desk, when, reason)
    if greet:
        text = _letter(desk, ticket, text)
    done = answers.reply(
        desk,
        ticket,
        text,
        channel=channel,
        owns_delay=owns_delay,
        next_due=due,
        next_reason=reason,
        close=close_,
        files=files,
    )
    tell(desk, done, ", ".join(part for part in ("answered", settled_words(done)) if part), as_json)
    tell_if_closed(desk, due)


@click.command()
@ticket_argument
@click.option("--due", required=True, type=LINE, metavar="WHEN", help=f"By when: {_WHEN}.")
@click.option("--reason", required=True, type=LINE, help="Why; the customer is told it.")
@body_option("The message to the customer, instead of the desk's own text.", required=False)
@channel_option
@json_option
@with_desk
def promise(
    desk: Desk,
    ticket: int,
    due: str,
    reason: str,
    body: str | None,
    channel: Channel | None,
    as_json: bool,
) -> None:
    """Tell the customer of a TICKET another date, and why.

    Before the promise is due it is moved. After that it stays broken, the message owns the delay
    and a new promise is made.
    """
    from helpdesk.desk import answers

    text = optional_body(body)
    moment = read_due(desk, due)
    done = answers.tell_date(desk, ticket, moment, reason, text=text, channel=channel)
    tell(desk, done, settled_words(done), as_json)
    tell_if_closed(desk, moment)


@click.command("no-answer-needed")
@ticket_argument
@click.option("--reason", required=True, type=LINE, help="Why, such as 'a thank-you'.")
@json_option
@with_desk
def no_answer_needed(desk: Desk, ticket: int, reason: str, as_json: bool) -> None:
    """Say that the customer of a TICKET waits for nothing: the promise is withdrawn."""
    from helpdesk.desk import answers

    tell(desk, answers.no_answer_needed(desk, ticket, reason), "no answer needed", as_json)


@click.command()
@ticket_argument
@body_option("A last answer to the customer.", required=False)
@click.option("--resolution", type=LINE, default="", help="How it was solved.")
@click.option("--root-cause", type=LINE, default="", help="What lay at the root of it.")
@click.option(
    "--no-answer-needed",
    "no_answer",
    type=LINE,
    default="",
    metavar="REASON",
    help="Why the customer needs no answer.",
)
@click.option(
    "--greet",
    is_flag=True,
    help="Begin with the greeting; end with the question whether it is solved, and the signature.",
)
@json_option
@with_desk
def close(
    desk: Desk,
    *,
    ticket: int,
    body: str | None,
    resolution: str,
    root_cause: str,
    no_answer: str,
    greet: bool,
    as_json: bool,
) -> None:
    """End a TICKET. If it waits on us: with a last answer, or why none is needed."""
    from helpdesk.desk import answers

    text = optional_body(body)
    if greet and text is None:
        raise InvalidInput("--greet goes with --body: what is the last answer?")
    if greet and text is not None:
        text = _letter(desk, ticket, text, last=True)
    done = answers.close(
        desk,
        ticket,
        text=text,
        resolution=resolution,
        root_cause=root_cause,
        no_answer_reason=no_answer,
    )
    tell(desk, done, settled_words(done), as_json)


def _files(desk: Desk, paths: tuple[Path, ...], name: str | None) -> tuple[Enclosed, ...]:
    """The files to be sent, in the order in which they were given."""
    from helpdesk.desk import attaching

    streams = paths.count(STREAM)
    if streams > 1 or (streams == 1) != (name is not None):
        raise InvalidInput("--attach - is given once, and takes the file's name: --attach-as NAME")
    return tuple(
        attaching.from_stream(desk, sys.stdin.buffer, name)
        if path == STREAM and name is not None
        else attaching.read_files(desk, [path])[0]
        for path in paths
    )


def _next_due(desk: Desk, when: str | None, reason: str) -> datetime | None:
    if reason and not when:
        raise InvalidInput("--reason goes with --promise: by when does the next answer come?")
    return read_due(desk, when) if when is not None else None


def _letter(desk: Desk, number: int, text: str, *, last: bool = False) -> str:
    """The text between greeting and signature; the last one asks whether the matter is solved."""
    from helpdesk.desk import answers, matters
    from helpdesk.desk.letters import require_words

    require_words(text, "the message has no words: say what the customer is told")
    ticket = desk.store.ticket(number)
    customer = desk.store.customer(matters.customer_of(ticket))
    if last:
        text = f"{text.rstrip()}\n\n{answers.last_words(desk, ticket, customer)}"
    return desk.texts.letter(customer, desk.agent, text)
