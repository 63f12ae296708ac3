"""``make bench``: opening, moving and replying, each beside its reference in the same run."""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tinydb import TinyDB

from benchmarks.desks import desk_of
from benchmarks.terminal import Terminal
from helpdesk.desk.answers import reply
from helpdesk.desk.desk import open_desk

REPLY = "We send you a new tent tomorrow; keep the old one until it is there."


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="make bench")
    options.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000])
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "helpdesk-bench"
    )
    chosen = options.parse_args()
    desks = {size: desk_of(size, chosen.folder) for size in chosen.sizes}
    print(
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, median of {chosen.rounds} rounds"
    )
    opening(desks, chosen.rounds)
    moving(desks, chosen.rounds)
    replying(desks, chosen.rounds, chosen.folder)
    stock_tinydb(chosen.folder, min(chosen.sizes))


def opening(desks: dict[int, Path], rounds: int) -> None:
    """From the start of the process to the first painted rows, in turns with the bare app."""
    bare: list[float] = []
    ours: dict[int, list[float]] = {size: [] for size in desks}
    for _ in range(rounds):
        with Terminal([sys.executable, "-m", "benchmarks.bare_app"]) as terminal:
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


def moving(desks: dict[int, Path], rounds: int) -> None:
    """From the key to the first bytes of the moved cursor."""
    print()
    commands = {"bare": [sys.executable, "-m", "benchmarks.bare_app"]}
    commands |= {f"{size:,} tickets": _helpdesk(desk) for size, desk in desks.items()}
    for name, command in commands.items():
        with Terminal(command) as terminal:
            terminal.until(b"FIRST-ROW" if name == "bare" else b"late")
            terminal.quiet()
            down = b"\x1b[B"
            times = [_settled(terminal, down) for _ in range(rounds * 4)]
        print(f"moving the cursor: {name:<20} {_ms(times)}  (goal 5 ms)")


def replying(desks: dict[int, Path], rounds: int, folder: Path) -> None:
    """A durable reply, beside writing, syncing and renaming a file of the same bytes."""
    print()
    medians = {}
    for size, path in desks.items():
        with open_desk(path, "aibek") as desk:
            desk.store.catch_up()
            numbers = iter(range(1, size))
            for _ in range(20):  # what is loaded once is no part of a reply
                reply(desk, next(numbers), REPLY, owns_delay=True)
            ours, bare = _replies(rounds * 10, numbers, desk.path, folder, lambda number: reply(
                desk, number, REPLY, owns_delay=True
            ))  # fmt: skip
        medians[size] = statistics.median(ours)
        ratio = medians[size] / statistics.median(bare)
        print(
            f"durable reply among {size:>9,}: {_ms(ours)}  "
            f"bare file {_ms(bare)}  {ratio:.2f} times (goal 3)"
        )
    if len(medians) > 1:
        small, large = medians[min(medians)], medians[max(medians)]
        print(f"durable reply, largest to smallest desk: {large / small:.2f} (goal 0.80 to 1.20)")


def _replies(
    rounds: int, numbers: Iterator[int], desk: Path, folder: Path, act: Callable[[int], object]
) -> tuple[list[float], list[float]]:
    ours, bare = [], []
    for number in (next(numbers) for _ in range(rounds)):
        start = time.perf_counter()
        act(number)
        ours.append(time.perf_counter() - start)
        document = desk / "tickets" / f"{number // 1000:04}" / f"{number:06}.json"
        content = document.read_bytes()
        start = time.perf_counter()
        _bare_write(folder / "bare.json", content)
        bare.append(time.perf_counter() - start)
    return ours, bare


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
        times = []
        for _ in range(5):
            start = time.perf_counter()
            table.insert({"subject": "tent"})
            times.append(time.perf_counter() - start)
    path.unlink()
    print(f"\nstock TinyDB, one insert among {documents:,}: {_ms(times)} (not durable)")


def _settled(terminal: Terminal, key: bytes) -> float:
    took = terminal.key(key)
    terminal.quiet(0.05)
    return took


def _helpdesk(desk: Path) -> list[str]:
    return [sys.executable, "-m", "helpdesk", "--desk", str(desk)]


def _ms(times: list[float]) -> str:
    ordered = sorted(times)
    worst = ordered[int(len(ordered) * 0.95)]
    return f"{statistics.median(times) * 1000:8.2f} ms (p95 {worst * 1000:.2f})"


if __name__ == "__main__":
    main()
