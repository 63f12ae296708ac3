"""``make bench``: what the desk does, each figure beside a reference measured in the same run."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.checking import checking
from benchmarks.figures import by_processor
from benchmarks.importing import importing
from benchmarks.instead import instead
from benchmarks.mail import MESSAGES, mailing
from benchmarks.moving import moving
from benchmarks.opening import opening
from benchmarks.replying import replying
from benchmarks.searching import searching
from benchmarks.stock import stock_tinydb
from benchmarks.ticket import ticket
from benchmarks.together import many
from benchmarks.views import filters, views

PARTS: dict[str, Callable[[Bench], None]] = {
    "opening": opening,
    "instead": instead,
    "moving": moving,
    "ticket": ticket,
    "reply": replying,
    "tinydb": stock_tinydb,
    "search": searching,
    "filter": filters,
    "queue": views,
    "import": importing,
    "check": checking,
    "many": many,
    "mail": mailing,
}


def main() -> None:
    """Measure and print."""
    chosen = _options().parse_args()
    bench = Bench(
        sizes=sorted(chosen.sizes),
        rounds=chosen.rounds,
        folder=chosen.folder,
        messages=chosen.messages,
        open=chosen.open,
        others_up_to=chosen.others_up_to,
    )
    if chosen.processor:
        by_processor()
    version = sys.version.split()[0]
    print(f"{os.cpu_count()} cores, Python {version}, median of {bench.rounds} rounds")
    for part in chosen.only:
        print()
        PARTS[part](bench)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="make bench")
    options.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART",
                         help=f"of {', '.join(PARTS)}")  # fmt: skip
    options.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000],
                         help="of the desks, in tickets")  # fmt: skip
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--folder", type=Path, help="where desks are kept for the next run",
                         default=Path(tempfile.gettempdir()) / "helpdesk-bench")  # fmt: skip
    options.add_argument("--others-up-to", type=int, default=1_000, metavar="TICKETS",
                         help="notmuch and neomutt get the messages of no larger desk")  # fmt: skip
    options.add_argument("--messages", type=int, default=MESSAGES, help="of the mbox")
    options.add_argument("--open", type=int, default=50, help="so many desks at once; 0 for none")
    options.add_argument("--processor", action="store_true",
                         help="of what runs in this process, the processor's time alone: "
                         "for a machine that does other work")  # fmt: skip
    return options


if __name__ == "__main__":
    main()
