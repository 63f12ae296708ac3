"""What every part of the benchmark needs: the desks, the programs, and how often to measure."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.desks import desk_of

BARE = (sys.executable, "-m", "benchmarks.bare_app")
HELPDESK = (sys.executable, "-m", "helpdesk", "--desk")
FIRST_ROW = b"FIRST-ROW"
"""Stands in the rows of the bare app."""
LATE = b"late"
"""Stands in the first rows of every desk."""


@dataclass(frozen=True)
class Bench:
    """What was asked for. ``others_up_to``: notmuch and neomutt get the messages of desks of so
    many tickets, as they take long to take in more."""

    sizes: Sequence[int]
    rounds: int
    folder: Path
    messages: int
    open: int
    others_up_to: int

    @cached_property
    def desks(self) -> dict[int, Path]:
        """The desks by size; made if they are not there yet."""
        return {size: desk_of(size, self.folder) for size in self.sizes}

    @property
    def small(self) -> dict[int, Path]:
        """The desks whose messages the other programs get."""
        return {size: desk for size, desk in self.desks.items() if size <= self.others_up_to}


def helpdesk(desk: Path) -> list[str]:
    """The command that opens a desk."""
    return [*HELPDESK, str(desk)]
