"""How long `check` takes: every document is read, and what the index says of it compared."""

from benchmarks.bench import HELPDESK, Bench
from benchmarks.child import ran


def checking(bench: Bench) -> None:
    """Check each desk once."""
    for size, desk in bench.desks.items():
        took = ran([*HELPDESK, str(desk), "check"])
        taken = f"{took.seconds:.1f} s ({took.megabytes:.0f} MB at most)"
        print(f"check: desk of {size:,} tickets: {taken}", flush=True)
