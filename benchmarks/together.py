"""Many desks open at once: what they take, and how soon each shows what somebody else did."""

import os
import select
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench import HELPDESK, Bench
from benchmarks.desks import desk_of
from benchmarks.figures import late
from benchmarks.terminal import Terminal
from helpdesk.desk import upkeep
from helpdesk.desk.desk import open_desk

TICKETS = 30
"""So few that each of them stands on the screen."""
CHANGES = 20
_KIB_A_MB = 1024


@dataclass(frozen=True, slots=True)
class Together:
    """What was measured: megabytes a program, seconds of processor a second, seconds."""

    megabytes: list[float]
    idle: float
    shown: list[float]


def many(bench: Bench) -> None:
    """Open as many desks as were asked for, and change something at them."""
    if bench.open:
        print(words(together(HELPDESK, bench.folder, bench.open)), flush=True)


def together(command_for: Sequence[str], folder: Path, desks: int) -> Together:
    """Open so many programs on one desk and change something ``CHANGES`` times.

    ``command_for`` is the command without the folder of the desk.
    """
    desk = desk_of(TICKETS, folder)
    with ExitStack() as stack:
        terminals = [stack.enter_context(Terminal([*command_for, str(desk)])) for _ in range(desks)]
        for terminal in terminals:
            terminal.until(b"late")
        for terminal in terminals:
            terminal.quiet()
        idle = _processor_taken(terminals, 5)
        megabytes = [memory(terminal.pid) for terminal in terminals]
        with open_desk(desk, "asel") as opened:
            first = opened.store.queue(opened.query(""), limit=1)[0].id
            shown: list[float] = []
            for change in range(CHANGES):
                mark = f"changed{os.getpid()}x{change}"
                upkeep.set_subject(opened, first, mark)
                shown += _shown(terminals, mark.encode())
    return Together(megabytes, idle, shown)


def memory(pid: int) -> float:
    """Megabytes that a program takes: its own, and its part of what it shares with others."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / _KIB_A_MB
    raise LookupError(f"/proc/{pid}/smaps_rollup says nothing of Pss")


def words(found: Together) -> str:
    """What was found, in a line."""
    return (
        f"{len(found.megabytes)} desks open: {statistics.median(found.megabytes):.0f} MB each; "
        f"idle {found.idle * 100:.0f} % of a core; another's change is shown after "
        f"{statistics.median(found.shown):.2f} s (p95 {late(found.shown):.2f}, "
        f"at most {max(found.shown):.2f}; goal 1)"
    )


def _shown(terminals: Sequence[Terminal], mark: bytes, seconds: float = 30) -> list[float]:
    """Seconds until each of the terminals has painted ``mark``."""
    start = time.perf_counter()
    seen = {terminal.fd: b"" for terminal in terminals}
    took: list[float] = []
    while seen:
        ready = select.select(list(seen), [], [], seconds)[0]
        if not ready:
            raise TimeoutError(f"{len(seen)} desks did not show a change within {seconds} s")
        for fd in ready:
            seen[fd] += os.read(fd, 1 << 16)
            if mark in seen[fd]:
                took.append(time.perf_counter() - start)
                del seen[fd]
    return took


def _processor_taken(terminals: Sequence[Terminal], seconds: float) -> float:
    """Seconds of processor that all of them take in a second, while nothing happens."""
    before, start = _processor(terminals), time.perf_counter()
    deadline = start + seconds
    while (left := deadline - time.perf_counter()) > 0:  # what they paint has to be read
        for fd in select.select([terminal.fd for terminal in terminals], [], [], left)[0]:
            os.read(fd, 1 << 16)
    return (_processor(terminals) - before) / (time.perf_counter() - start)


def _processor(terminals: Sequence[Terminal]) -> float:
    """Seconds of processor that the programs have taken since they began."""
    ticks = 0
    for terminal in terminals:
        fields = Path(f"/proc/{terminal.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
