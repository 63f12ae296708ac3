"""A durable reply, beside writing, syncing and renaming a file of the same bytes."""

import os
import statistics
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.figures import ms, ratio, show, timed
from helpdesk.desk.answers import reply
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.ticket import Ticket

REPLY = "We send you a new tent tomorrow; keep the old one until it is there."
FIRST = 20
"""So many replies are not measured: what is loaded once is no part of a reply."""


def replying(bench: Bench) -> None:
    """Reply at the desks in turns with the bare file.

    That takes the place of one among a thousand in a folder, as a document does.
    """
    place = _among_a_thousand(bench.folder / "bare")
    ours: dict[int, list[float]] = {size: [] for size in bench.desks}
    bare: dict[int, list[float]] = {size: [] for size in bench.desks}
    with ExitStack() as stack:
        desks = {
            size: stack.enter_context(open_desk(path, "aibek"))
            for size, path in bench.desks.items()
        }
        numbers = range(1, FIRST + bench.rounds * 10 + 1)
        for desk in desks.values():
            desk.store.catch_up()
            stack.enter_context(_left_as_it_was(desk, numbers))
        for number in numbers:
            for size, desk in desks.items():
                opened = _opened(desk, number)
                ours[size].append(timed(partial(_reply, desk, opened)))
                content = _document(desk, number).read_bytes()
                bare[size].append(timed(partial(_bare_write, place, content)))
    for size in desks:
        del ours[size][:FIRST], bare[size][:FIRST]
    for size in ours:
        beside = f"bare file {ms(bare[size])}  {ratio(ours[size], bare[size]):.2f} times (goal 3)"
        show(f"durable reply: desk of {size:,} tickets", ours[size], beside)
    small, large = (statistics.median(ours[size]) for size in (min(ours), max(ours)))
    print(f"durable reply: largest to smallest desk {large / small:.2f} (goal 0.80 to 1.20)")


@contextmanager
def _left_as_it_was(desk: Desk, numbers: Iterable[int]) -> Iterator[None]:
    """Put the tickets back after the block: the next run is not to answer longer ones."""
    before = {number: _document(desk, number).read_bytes() for number in numbers}
    try:
        yield
    finally:
        for number, content in before.items():
            _bare_write(_document(desk, number), content)
        desk.store.catch_up()


def _opened(desk: Desk, number: int) -> Ticket:
    """The ticket, read with its customer, as the screen does before anybody answers."""
    ticket = desk.store.ticket(number)
    assert ticket.customer is not None
    desk.store.customer(ticket.customer)
    return ticket


def _reply(desk: Desk, ticket: Ticket) -> None:
    reply(desk, ticket.id, REPLY, owns_delay=True, seen=ticket.rev)


def _among_a_thousand(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1000):
        (folder / f"{number:06}.json").write_bytes(b"{}" * 1000)
    return folder / "000500.json"


def _document(desk: Desk, ticket: int) -> Path:
    return desk.path / "tickets" / f"{ticket // 1000:04}" / f"{ticket:06}.json"


def _bare_write(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
