"""`outbox`: what is on its way to customers by mail, and what agents may do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from helpdesk.commands.options import Number, json_option, with_desk
from helpdesk.commands.output import columns, json_line, line
from helpdesk.desk.desk import Desk

if TYPE_CHECKING:
    from helpdesk.domain.outgoing import Outgoing

STATES = ("queued", "held", "sending", "sent", "failed")
WAITING = ("queued", "held", "sending", "failed")

message_argument = click.argument("message", type=Number("message"))


@click.group(invoke_without_command=True)
@click.option(
    "--state",
    type=click.Choice(STATES),
    multiple=True,
    help="Only these; default: all that has not been sent.",
)
@json_option
@click.pass_context
def outbox(context: click.Context, state: tuple[str, ...], as_json: bool) -> None:
    """Show the messages that are on their way out by mail: what waits and what failed.

    With --json one object a line; docs/commands.md names its keys.
    """
    if context.invoked_subcommand is None:
        context.invoke(_list, state=state or WAITING, as_json=as_json)


@click.command("list")
@with_desk
def _list(desk: Desk, state: tuple[str, ...], as_json: bool) -> None:
    from helpdesk.desk.outbox import SENDS_NOTHING, entries
    from helpdesk.domain.outgoing import Sending

    found = entries(desk, *map(Sending, state))
    if as_json:
        for outgoing in found:
            json_line(_object(desk, outgoing))
        return
    columns([_row(desk, outgoing) for outgoing in found])
    if not desk.settings.mail.leaves:
        line(SENDS_NOTHING)


@outbox.command()
@message_argument
@json_option
@with_desk
def hold(desk: Desk, message: int, as_json: bool) -> None:
    """Keep a MESSAGE back until it is released."""
    from helpdesk.desk import outbox as use_cases

    _tell(desk, use_cases.hold, message, as_json)


@outbox.command()
@message_argument
@json_option
@with_desk
def release(desk: Desk, message: int, as_json: bool) -> None:
    """Let a MESSAGE that was held go."""
    from helpdesk.desk import outbox as use_cases

    _tell(desk, use_cases.release, message, as_json)


@outbox.command()
@message_argument
@json_option
@with_desk
def retry(desk: Desk, message: int, as_json: bool) -> None:
    """Try a MESSAGE that waits for another attempt at once; send an answer that failed anew.

    An answer that failed goes out as a new message in the same words, to where the customer is
    written to now; that one counts from now on.
    """
    from helpdesk.desk import answers

    _tell(desk, answers.retry, message, as_json)


@outbox.command()
@message_argument
@json_option
@with_desk
def cancel(desk: Desk, message: int, as_json: bool) -> None:
    """Never send a MESSAGE. What it answered waits on us again; what it told was not told."""
    from helpdesk.desk import outbox as use_cases

    _tell(desk, use_cases.cancel, message, as_json)


def _tell(
    desk: Desk, use_case: Callable[[Desk, int], Outgoing], message: int, as_json: bool
) -> None:
    from helpdesk.desk.outbox import words

    after = use_case(desk, message)
    if as_json:
        json_line(_object(desk, after))
    else:
        line(f"Message {after.id} (ticket {after.ticket}): {words(after, desk.zone, desk.now())}")


def _row(desk: Desk, outgoing: Outgoing) -> tuple[str, ...]:
    from helpdesk.desk.outbox import words

    return (
        str(outgoing.id),
        f"#{outgoing.ticket}",
        words(outgoing, desk.zone, desk.now()),
        outgoing.to,
        outgoing.subject,
    )


def _object(desk: Desk, outgoing: Outgoing) -> dict[str, Any]:
    from helpdesk.desk.exporting import outgoing_object

    return outgoing_object(outgoing, desk.zone)
