"""What an agent might use instead to go through the same messages: neomutt on a maildir."""

from benchmarks import maildir, neomutt
from benchmarks.bench import Bench
from benchmarks.figures import show


def instead(bench: Bench) -> None:
    """Open the maildir, first reading every message, then from what is kept of them."""
    if not neomutt.PROGRAM:
        print("opening: neomutt is not installed")
        return
    for size, desk in bench.small.items():
        mail = maildir.of(desk, bench.folder / f"maildir-{size}")
        for cached in (False, True):
            how = "with" if cached else "without"
            times = neomutt.starting(mail, bench.rounds, cached=cached)
            show(f"opening: neomutt {how} cache, {size:,} tickets", times)
