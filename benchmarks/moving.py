"""From the key to the first bytes of the moved cursor, and the memory of a desk that is open."""

from contextlib import ExitStack

from benchmarks.bench import BARE, FIRST_ROW, LATE, Bench, helpdesk
from benchmarks.figures import ratio, show
from benchmarks.terminal import Terminal
from benchmarks.together import memory

DOWN, UP = b"\x1b[B", b"\x1b[A"
A_ROUND = 4
_BARE = 0


def moving(bench: Bench) -> None:
    """Move in all of them in turns, down and up, so that what else goes on falls on all alike."""
    commands = {_BARE: list(BARE)} | {size: helpdesk(desk) for size, desk in bench.desks.items()}
    times: dict[int, list[float]] = {size: [] for size in commands}
    with ExitStack() as stack:
        terminals = {
            size: stack.enter_context(Terminal(command)) for size, command in commands.items()
        }
        for size, terminal in terminals.items():
            terminal.until(LATE if size else FIRST_ROW)
            terminal.quiet()
        for move in range(bench.rounds * A_ROUND):
            for size, terminal in terminals.items():
                terminal.quiet(0.05)  # what it has painted meanwhile is no answer to the key
                times[size].append(terminal.key(UP if move % 8 > 3 else DOWN))
        took = {size: memory(terminal.pid) for size, terminal in terminals.items()}
    _show(times, took)


def _show(times: dict[int, list[float]], took: dict[int, float]) -> None:
    show("moving: bare Textual app", times[_BARE])
    sizes = sorted(size for size in times if size)
    for size in sizes:
        grown = ratio(times[size], times[sizes[0]])
        show(
            f"moving: desk of {size:,} tickets",
            times[size],
            f"{grown:.2f} of the smallest (goal 1.10)",
        )
    print(f"memory: bare Textual app {took[_BARE]:.0f} MB")
    for size in sizes:
        beside = f"{took[size] / took[_BARE]:.2f} times (goal 1.5)"
        print(f"memory: desk of {size:,} tickets {took[size]:.0f} MB, {beside}", flush=True)
