"""Tickets read before their turn comes, so that going on to the next takes no time."""

from __future__ import annotations

from collections.abc import Iterable

from helpdesk.desk.desk import Desk
from helpdesk.screens.ticket import Sight


class ReadAhead:
    """Keeps what was read for as long as nothing in the desk changes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: dict[int, tuple[int, Sight]] = {}

    @property
    def version(self) -> int:
        """The desk's version, to be asked for before a ticket is read."""
        return self._desk.store.version()

    def keep(self, number: int, version: int, sight: Sight) -> None:
        """Keep a ticket as it was read when the desk was at ``version``."""
        self._kept[number] = (version, sight)

    def take(self, number: int) -> Sight | None:
        """The ticket, if it was read and nothing has changed since; it is kept no longer."""
        version, sight = self._kept.pop(number, (-1, None))
        return sight if version == self.version else None

    def missing(self, numbers: Iterable[int]) -> list[int]:
        """Those of the tickets that are still to be read; all others are forgotten."""
        version, wanted = self.version, set(numbers)
        self._kept = {n: kept for n, kept in self._kept.items() if n in wanted}
        return [n for n in sorted(wanted) if n not in self._kept or self._kept[n][0] != version]
