"""From the start of the process to the first painted rows, in turns with the bare app."""

from benchmarks.bench import BARE, FIRST_ROW, LATE, Bench, helpdesk
from benchmarks.figures import ratio, show
from benchmarks.terminal import Terminal


def opening(bench: Bench) -> None:
    """Open the desks and the bare app in turns, so that what else goes on falls on all alike."""
    bare: list[float] = []
    ours: dict[int, list[float]] = {size: [] for size in bench.desks}
    _start_once(bench)
    for _ in range(bench.rounds):
        with Terminal(BARE) as terminal:
            bare.append(terminal.until(FIRST_ROW))
        for size, desk in bench.desks.items():
            with Terminal(helpdesk(desk)) as terminal:
                ours[size].append(terminal.until(LATE))
    show("opening: bare Textual app with 200 rows", bare)
    for size, times in ours.items():
        grown = ratio(times, ours[min(ours)])
        beside = f"{ratio(times, bare):.2f} times (goal 1.25), {grown:.2f} of the smallest (1.10)"
        show(f"opening: desk of {size:,} tickets", times, beside)


def _start_once(bench: Bench) -> None:
    """Start each once untimed: Python compiles both, and each desk takes in what has changed."""
    with Terminal(BARE) as terminal:
        terminal.until(FIRST_ROW)
    for desk in bench.desks.values():
        with Terminal(helpdesk(desk)) as terminal:
            terminal.until(LATE, seconds=3600)
            terminal.quiet()
