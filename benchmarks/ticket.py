"""From the key to the text of the ticket on the screen; beside it a message in neomutt."""

from pathlib import Path

from benchmarks import maildir, neomutt
from benchmarks.bench import LATE, Bench, helpdesk
from benchmarks.desks import ACKNOWLEDGED
from benchmarks.figures import show
from benchmarks.moving import DOWN
from benchmarks.terminal import Terminal

OPEN, BACK = b"\r", b"\x1b"


def ticket(bench: Bench) -> None:
    """Open one ticket after the other."""
    for size, desk in bench.desks.items():
        show(f"ticket: desk of {size:,} tickets", _times(desk, bench.rounds))
    if not neomutt.PROGRAM:
        print("ticket: neomutt is not installed")
        return
    for size, desk in bench.small.items():
        mail = maildir.of(desk, bench.folder / f"maildir-{size}")
        show(f"ticket: neomutt, messages of {size:,} tickets", neomutt.opening(mail, bench.rounds))


def _times(desk: Path, rounds: int) -> list[float]:
    times = []
    with Terminal(helpdesk(desk)) as terminal:
        terminal.until(LATE)
        terminal.quiet()
        for _ in range(rounds + 1):
            times.append(terminal.shows(ACKNOWLEDGED.encode(), OPEN))
            terminal.quiet()
            terminal.key(BACK)
            terminal.quiet()
            terminal.key(DOWN)
            terminal.quiet(0.1)
    return times[1:]  # the first one loads the screen
