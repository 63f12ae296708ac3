"""`queue` and `search`: tickets as rows."""

from collections.abc import Iterator

import click

from helpdesk.commands.care import catch_up, tell_amiss
from helpdesk.commands.options import LINE, json_option, with_desk
from helpdesk.commands.output import Matter, columns, json_line, nothing
from helpdesk.desk.desk import Desk
from helpdesk.domain.query import VIEWS, Query
from helpdesk.domain.queue import QueueRow
from helpdesk.domain.wording import STATE_WORDS, channel_words, how_long, short_time
from helpdesk.domain.words import Priority

_PAGE = 500

GIVE_WAY = (4, 1, 3)
"""The columns that a narrow terminal goes without, the first of them first: the agent, the due
time (how long there is left is told beside it), the channel and kind."""


@click.command()
@click.argument("query", nargs=-1, type=LINE)
@click.option("--view", type=click.Choice(list(VIEWS)), help="One of the views of the queue.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many rows.")
@json_option
@with_desk
def queue(
    desk: Desk, query: tuple[str, ...], view: str | None, limit: int | None, as_json: bool
) -> None:
    """List tickets by due time, overdue first.

    QUERY narrows them down: words, "exact words", and terms such as is:overdue kind:complaint
    channel:phone assignee:me from:"Acme" tag:vip due:<2d created:today; a minus turns a term
    round. Put '--' before a QUERY that begins with a minus.
    """
    catch_up(desk)
    wanted = desk.query(" ".join((VIEWS[view] if view else "", *query)).strip())
    widths: list[int] = []
    found = False
    for page in _pages(desk, wanted, limit):
        found = True
        if as_json:
            _write_json(desk, page)
        else:
            widths = columns([queue_cells(desk, row) for row in page], widths, GIVE_WAY)
    if not found and not as_json:
        nothing("No ticket fits." if view or query else "There is no ticket yet.")
    tell_amiss(desk)


@click.command()
@click.argument("words", nargs=-1, required=True, type=LINE)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@json_option
@with_desk
def search(desk: Desk, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find tickets by what was written in them, best match first.

    WORDS may hold the terms of a queue's QUERY as well.
    """
    from helpdesk.desk.exporting import queue_object

    catch_up(desk)
    hits = desk.store.search(desk.query(" ".join(words)), limit=limit)
    if as_json:
        for hit in hits:
            json_line({**queue_object(hit.row, desk.now(), desk.zone), "match": hit.match})
    else:
        columns(
            [
                (f"{hit.row.id}", _standing(desk, hit.row), _matter(hit.row, f" - {hit.match}"))
                for hit in hits
            ],
            give_way=[1],
        )
        if not hits:
            nothing("Nothing is found.")
    tell_amiss(desk)


def queue_cells(desk: Desk, row: QueueRow) -> tuple[str, str, str, str, str, Matter]:
    """A row as the list shows it; who asks, and what about, stands last."""
    priority = "" if row.priority is Priority.NORMAL else f" {row.priority}"
    return (
        f"{row.id}",
        short_time(row.due, desk.zone, desk.now()) if row.due else "",
        _standing(desk, row),
        f"{channel_words(row.channel)} {row.kind}{priority}",
        row.assignee or "-",
        _matter(row),
    )


def _standing(desk: Desk, row: QueueRow) -> str:
    return how_long(row.due, desk.now()) if row.due else STATE_WORDS[row.state]


def _matter(row: QueueRow, more: str = "") -> Matter:
    sign = "not sent! " if row.undelivered else ""
    if row.customer_id:
        return Matter(f"{sign}{row.customer_name}", f"{row.subject}{more}")
    return Matter("", f"{sign}{row.subject}{more}")


def _pages(desk: Desk, query: Query, limit: int | None) -> Iterator[list[QueueRow]]:
    done = 0
    while limit is None or done < limit:
        size = _PAGE if limit is None else min(_PAGE, limit - done)
        page = desk.store.queue(query, offset=done, limit=size)
        if page:
            yield page
        if len(page) < size:
            return
        done += len(page)


def _write_json(desk: Desk, page: list[QueueRow]) -> None:
    from helpdesk.desk.exporting import queue_object

    for row in page:
        json_line(queue_object(row, desk.now(), desk.zone))
