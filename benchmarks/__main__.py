"""``make bench``: opening, moving and replying, each beside its reference in the same run."""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tinydb import TinyDB

from benchmarks import mail
from benchmarks.desks import desk_of
from benchmarks.terminal import Terminal
from benchmarks.together import memory, together, words
from helpdesk.desk.answers import reply
from helpdesk.desk.desk import open_desk

_BARE = [sys.executable, "-m", "benchmarks.bare_app"]
_HELPDESK = [sys.executable, "-m", "helpdesk", "--desk"]
REPLY = "We send you a new tent tomorrow; keep the old one until it is there."


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="make bench")
    options.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000])
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "helpdesk-bench"
    )
    options.add_argument("--messages", type=int, default=mail.MESSAGES, help="of the mbox")
    options.add_argument("--mail", action="store_true", help="measure mail only")
    options.add_argument(
        "--notmuch", action="store_true", help="measure `notmuch new` on the same mail too"
    )
    options.add_argument("--open", type=int, default=50, help="so many desks at once; 0 for none")
    chosen = options.parse_args()
    if chosen.mail:
        mailing(chosen.rounds, chosen.messages, chosen.notmuch)
        return
    desks = {size: desk_of(size, chosen.folder) for size in chosen.sizes}
    print(
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, median of {chosen.rounds} rounds"
    )
    opening(desks, chosen.rounds)
    moving(desks, chosen.rounds)
    replying(desks, chosen.rounds, chosen.folder)
    stock_tinydb(chosen.folder, min(chosen.sizes))
    if chosen.open:
        print(f"\n{words(together(_HELPDESK, chosen.folder, chosen.open))}")
    mailing(chosen.rounds, chosen.messages, chosen.notmuch)


def mailing(rounds: int, messages: int, notmuch: bool) -> None:
    """Mail from the pipe and from an mbox; the large message first, as memory only grows."""
    print(f"\n25 MB attachment taken in: {mail.large():.0f} MB (goal 150 MB)")
    print(f"one message by ingest: {_ms(mail.ingesting(rounds))}  (goal 200 ms)")
    print(f"Python with the libraries alone: {_ms(mail.bare(rounds))}")
    speed, memory = mail.importing(messages)
    print(f"mbox of {messages:,}: {speed:.0f} messages a second (goal 500), {memory:.0f} MB")
    if notmuch:
        other = mail.beside_notmuch(messages)
        said = "it is not installed" if other is None else f"{other:.0f} messages a second"
        print(f"notmuch new on the same {messages:,}: {said}")


def opening(desks: dict[int, Path], rounds: int) -> None:
    """From the start of the process to the first painted rows, in turns with the bare app."""
    bare: list[float] = []
    ours: dict[int, list[float]] = {size: [] for size in desks}
    _start_once(desks)
    for _ in range(rounds):
        with Terminal(_BARE) as terminal:
            bare.append(terminal.until(b"FIRST-ROW"))
        for size, desk in desks.items():
            with Terminal(_helpdesk(desk)) as terminal:
                ours[size].append(terminal.until(b"late"))
    print(f"\nopening: bare Textual app with 200 rows   {_ms(bare)}")
    for size, times in ours.items():
        ratio = statistics.median(times) / statistics.median(bare)
        print(
            f"opening: desk of {size:>9,} tickets       {_ms(times)}  {ratio:.2f} times (goal 1.35)"
        )


def _start_once(desks: dict[int, Path]) -> None:
    """Start both once untimed, so that Python has compiled both."""
    for command, seen in ((_BARE, b"FIRST-ROW"), (_helpdesk(min(desks.values())), b"late")):
        with Terminal(command) as terminal:
            terminal.until(seen)
            terminal.quiet()


def moving(desks: dict[int, Path], rounds: int) -> None:
    """From the key to the first bytes of the moved cursor."""
    print()
    commands = {"bare": _BARE}
    took: dict[str, float] = {}
    commands |= {f"{size:,} tickets": _helpdesk(desk) for size, desk in desks.items()}
    for name, command in commands.items():
        with Terminal(command) as terminal:
            terminal.until(b"FIRST-ROW" if name == "bare" else b"late")
            terminal.quiet()
            down = b"\x1b[B"
            times = [_settled(terminal, down) for _ in range(rounds * 4)]
            took[name] = memory(terminal.pid)
        print(f"moving the cursor: {name:<20} {_ms(times)}  (goal 5 ms)")
    for name, megabytes in took.items():
        times_bare = f"{megabytes / took['bare']:.2f} times (goal 1.5)"
        print(f"memory: {name:<20} {megabytes:6.0f} MB  {times_bare}")


def replying(desks: dict[int, Path], rounds: int, folder: Path) -> None:
    """A durable reply, beside writing, syncing and renaming a file of the same bytes.

    The bare file takes the place of one among a thousand in a folder, as a document does. Desks
    and bare file take turns, so that what else the machine does falls on all alike.
    """
    place = _among_a_thousand(folder / "bare")
    print()
    ours: dict[int, list[float]] = {size: [] for size in desks}
    bare: dict[int, list[float]] = {size: [] for size in desks}
    with ExitStack() as stack:
        opened = {
            size: stack.enter_context(open_desk(path, "aibek")) for size, path in desks.items()
        }
        for desk in opened.values():
            desk.store.catch_up()
            for number in range(1, 21):  # what is loaded once is no part of a reply
                reply(desk, number, REPLY, owns_delay=True)
        for number in range(21, 21 + rounds * 10):
            for size, desk in opened.items():
                ours[size].append(_timed(partial(reply, desk, number, REPLY, owns_delay=True)))
                content = _document(desk.path, number).read_bytes()
                bare[size].append(_timed(partial(_bare_write, place, content)))
    for size in desks:
        ratio = statistics.median(ours[size]) / statistics.median(bare[size])
        print(
            f"durable reply among {size:>9,}: {_ms(ours[size])}  "
            f"bare file {_ms(bare[size])}  {ratio:.2f} times (goal 3)"
        )
    small, large = (statistics.median(ours[size]) for size in (min(desks), max(desks)))
    print(f"durable reply, largest to smallest desk: {large / small:.2f} (goal 0.80 to 1.20)")


def _among_a_thousand(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(1000):
        (folder / f"{number:06}.json").write_bytes(b"{}" * 1000)
    return folder / "000500.json"


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _document(desk: Path, ticket: int) -> Path:
    return desk / "tickets" / f"{ticket // 1000:04}" / f"{ticket:06}.json"


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


def stock_tinydb(folder: Path, documents: int) -> None:
    """One insert into a stock TinyDB file, for comparison."""
    path = folder / "stock.json"
    path.write_text(
        json.dumps({"tickets": {str(n): {"subject": "tent " * 60} for n in range(documents)}})
    )
    with TinyDB(path) as database:
        table = database.table("tickets")
        times = [_timed(lambda: table.insert({"subject": "tent"})) for _ in range(5)]
    path.unlink()
    print(f"\nstock TinyDB, one insert among {documents:,}: {_ms(times)} (not durable)")


def _settled(terminal: Terminal, key: bytes) -> float:
    took = terminal.key(key)
    terminal.quiet(0.05)
    return took


def _helpdesk(desk: Path) -> list[str]:
    return [*_HELPDESK, str(desk)]


def _ms(times: list[float]) -> str:
    ordered = sorted(times)
    worst = ordered[int(len(ordered) * 0.95)]
    return f"{statistics.median(times) * 1000:8.2f} ms (p95 {worst * 1000:.2f})"


if __name__ == "__main__":
    main()
