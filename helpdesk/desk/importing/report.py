"""What an import did."""

from dataclasses import dataclass, field
from typing import Any

SHOWN = 5
"""So many rows of a sort are named; of the others it is told how many there are."""


@dataclass(slots=True)
class Report:
    """How many rows were read, taken, known already and rejected; how many customers were new.

    ``brought_forward`` counts the tickets that a newer row changed, ``differing`` the rows that say
    otherwise than a ticket which was left as it is; ``told`` holds line and reason of the first of
    these. ``repeated`` counts the rejected rows that say otherwise than an earlier row of the same
    number.
    ``orders`` counts the orders that were new, each of one or more rows; None for an import of
    tickets. ``unused`` are the table's columns that the mapping doesn't read; ``rejects`` names
    the file of rejected and differing rows; ``first_rejects`` holds line and reason of a few.
    ``stopped`` tells that the agent stopped it: what was imported until then is kept.
    """

    source: str
    dry_run: bool
    rows: int = 0
    imported: int = 0
    already_there: int = 0
    brought_forward: int = 0
    differing: int = 0
    repeated: int = 0
    rejected: int = 0
    customers: int = 0
    orders: int | None = None
    unused: tuple[str, ...] = ()
    rejects: str | None = None
    first_rejects: list[tuple[int, str]] = field(default_factory=list)
    told: list[tuple[int, str]] = field(default_factory=list)
    stopped: bool = False

    @property
    def took_nothing(self) -> bool:
        """Whether not one row of the table could be taken, now or before."""
        known = self.already_there + self.brought_forward + self.differing
        return not self.stopped and self.imported == 0 and known == 0

    def tell(self, line: int, reason: str) -> None:
        """Note a row that was left alone, if it is among the first."""
        if len(self.told) < SHOWN:
            self.told.append((line, reason))

    def as_json(self) -> dict[str, Any]:
        """The keys of ``--json``."""
        orders = {} if self.orders is None else {"orders": self.orders}
        forward = (
            {
                "brought_forward": self.brought_forward,
                "differing": self.differing,
                "repeated": self.repeated,
            }
            if self.orders is None
            else {}
        )
        return {
            "source": self.source,
            "rows": self.rows,
            "imported": self.imported,
            "already_there": self.already_there,
            **forward,
            "rejected": self.rejected,
            "customers": self.customers,
            **orders,
            "unused_columns": list(self.unused),
            "rejects": self.rejects,
            "dry_run": self.dry_run,
            "stopped": self.stopped,
        }
