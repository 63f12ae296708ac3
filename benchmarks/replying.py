"""A durable reply, beside writing, syncing and renaming a file of the same bytes."""

import os
import statistics
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.figures import ms, ratio, show, timed
from helpdesk.desk.answers import reply
from helpdesk.desk.desk import Desk, open_desk

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
        for desk in desks.values():
            desk.store.catch_up()
            for number in range(1, FIRST + 1):
                reply(desk, number, REPLY, owns_delay=True)
        for number in range(FIRST + 1, FIRST + 1 + bench.rounds * 10):
            for size, desk in desks.items():
                ours[size].append(timed(partial(reply, desk, number, REPLY, owns_delay=True)))
                content = _document(desk, number).read_bytes()
                bare[size].append(timed(partial(_bare_write, place, content)))
    for size in ours:
        beside = f"bare file {ms(bare[size])}  {ratio(ours[size], bare[size]):.2f} times (goal 3)"
        show(f"durable reply: desk of {size:,} tickets", ours[size], beside)
    small, large = (statistics.median(ours[size]) for size in (min(ours), max(ours)))
    print(f"durable reply: largest to smallest desk {large / small:.2f} (goal 0.80 to 1.20)")


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
