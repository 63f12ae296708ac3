"""How long `check` takes: every document is read, and what the index says of it compared."""

import subprocess
import sys
import time

from benchmarks.bench import HELPDESK, Bench


def checking(bench: Bench) -> None:
    """Check each desk once."""
    for size, desk in bench.desks.items():
        start = time.perf_counter()
        subprocess.run([*HELPDESK, str(desk), "check"], stdout=sys.stderr, check=True)
        print(f"check: desk of {size:,} tickets: {time.perf_counter() - start:.1f} s", flush=True)
