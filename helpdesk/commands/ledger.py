"""`promises`, the ledger, and `due`, which promise would be made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from helpdesk.commands.care import catch_up, tell_amiss
from helpdesk.commands.options import (
    LINE,
    OUTCOME,
    PATH,
    came_by_option,
    desk_path,
    json_option,
    kind_option,
    priority_option,
    record_start,
    with_desk,
)
from helpdesk.commands.output import columns, json_line, line, nothing
from helpdesk.commands.reading import read_moment
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import BadConfiguration, NotFound
from helpdesk.domain.queue import LedgerRow
from helpdesk.domain.wording import day_and_time, outcome_words
from helpdesk.domain.words import Channel, Kind, Outcome, Priority
from helpdesk.glance import SETTINGS_FILE
from helpdesk.text import clean_line

if TYPE_CHECKING:
    from helpdesk.config import Settings

_PAGE = 500


@click.command()
@click.argument("query", nargs=-1, type=LINE)
@click.option(
    "--outcome",
    type=OUTCOME,
    metavar="OUTCOME",
    help="Only those that are open, kept, moved, broken or withdrawn.",
)
@json_option
@with_desk
def promises(desk: Desk, query: tuple[str, ...], outcome: Outcome | None, as_json: bool) -> None:
    """List the ledger: every promise told, and what became of it, by due time.

    QUERY narrows down the tickets, as in 'helpdesk queue'.
    """
    from helpdesk.desk.exporting import ledger_object

    catch_up(desk)
    widths: list[int] = []
    page: list[tuple[str, ...]] = []
    for row in desk.store.promises(desk.query(" ".join(query))):
        if outcome is not None and row.outcome is not outcome:
            continue
        if as_json:
            json_line(ledger_object(row, desk.zone))
            continue
        page.append(_cells(desk, row))
        if len(page) == _PAGE:
            widths = columns(page, widths)
            page.clear()
    columns(page, widths)
    if not (page or widths or as_json):
        nothing("No promise fits." if query or outcome else "No promise was told yet.")
    tell_amiss(desk)


def _cells(desk: Desk, row: LedgerRow) -> tuple[str, ...]:
    return (
        f"ticket {row.ticket}",
        day_and_time(row.due, desk.zone),
        outcome_words(row.outcome, row.due, desk.now()),
        f"told {day_and_time(row.told_at, desk.zone)} by {row.told_by}"
        if row.told_at
        else "not told",
        row.reason or row.rule,
    )


@click.command()
@click.option(
    "--received",
    required=True,
    type=LINE,
    metavar="TIME",
    help="Such as '2026-11-25 14:00'; without an offset, in the desk's zone.",
)
@came_by_option
@kind_option
@priority_option
@click.option(
    "--policy",
    type=PATH,
    metavar="FILE",
    help="Settings to try out, instead of the desk's: [hours], [[promise]] and [desk].",
)
@json_option
@click.pass_context
def due(
    context: click.Context,
    received: str,
    channel: Channel,
    kind: Kind,
    priority: Priority,
    policy: Path | None,
    as_json: bool,
) -> None:
    """Say which promise a matter received at that TIME would get, and by which rule."""
    desk = desk_path(context)
    record_start(context)
    settings = _settings(desk, policy)
    moment = read_moment(received, settings.zone)
    try:
        made = settings.policy.due(moment, channel, kind, priority)
    except BadConfiguration as error:
        if policy is None:
            raise
        name = clean_line(policy.name)
        raise BadConfiguration(error.message.replace(SETTINGS_FILE, name)) from None
    if as_json:
        json_line({"due": made.due.astimezone(settings.zone).isoformat(), "rule": made.rule})
    else:
        line(f"{day_and_time(made.due, settings.zone)} ({made.rule})")


def _settings(desk: Path, policy: Path | None) -> Settings:
    """The desk's settings, or those of the ``policy`` file, which needs no desk.

    A file without a time zone is read in the desk's, and where there is no desk in UTC.
    """
    from helpdesk.config import load, parse
    from helpdesk.glance import glance, read_toml

    if policy is None:
        if not (desk / SETTINGS_FILE).is_file():
            from helpdesk.desk.desk import no_desk

            raise no_desk(desk)
        return load(desk / SETTINGS_FILE)
    if policy.is_dir():
        raise NotFound(
            f"{clean_line(str(policy))} is a folder: name a file with [hours] and [[promise]]"
        )
    if not policy.is_file():
        raise NotFound(
            f"there is no file {clean_line(str(policy))}: name one with [hours] and [[promise]]"
        )
    data: dict[str, Any] = read_toml(policy)
    section = data.setdefault("desk", {})
    if isinstance(section, dict):
        section.setdefault("name", "desk")
        if "timezone" not in section:
            has_desk = (desk / SETTINGS_FILE).is_file()
            section["timezone"] = glance(desk).zone.key if has_desk else "UTC"
    return parse(data, policy.name)
