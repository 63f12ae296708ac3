"""What is amiss with a desk, for as long as it is: in a sign for the title line, and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk.domain.untried import UNTRIED

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class Amiss:
    """How many documents cannot be read, what hinders the desk from being written to, what is wrong
    with its settings, and how many letters were tried and have not left, or wait in vain."""

    unreadable: int = 0
    hindrance: str | None = None
    settings: str | None = None
    letters: int = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """What is amiss and what to do, a line for each thing."""
        parts = []
        if self.hindrance is not None:
            parts.append(f"the desk can only be read: {self.hindrance}")
        if self.unreadable:
            line = "cannot be read and are left out" if self.unreadable > 1 else "cannot be read"
            parts.append(f"{self._documents} {line}; 'helpdesk check' says which")
        if self.settings is not None:
            parts.append(f"{self.settings}; tell whoever runs the desk to mend it")
        if self.letters:
            parts.append(f"{self._letters} could not leave yet; O or 'helpdesk outbox' says why")
        return tuple(parts)

    @property
    def signs(self) -> tuple[str, ...]:
        """The same as a sign, the longest first, for as much room as there is."""
        if self.unreadable:
            count = f"⚠ {self.unreadable}"
            full = f"⚠ {self._documents} can't be read: helpdesk check"
            return full, f"{count} can't be read", f"{count} unreadable", count
        if self.hindrance is not None:
            return "⚠ can only be read", "⚠ only read", "⚠"
        if self.settings is not None:
            return "⚠ desk.toml is wrong", "⚠ desk.toml", "⚠"
        if self.letters:
            full = f"⚠ {self._letters} could not leave"
            return (
                f"{full}: O says why",
                full,
                f"⚠ {self.letters} not sent",
                f"⚠ {self.letters}",
            )
        return ()

    @property
    def _letters(self) -> str:
        return "1 letter" if self.letters == 1 else f"{self.letters} letters"

    @property
    def _documents(self) -> str:
        return "1 document" if self.unreadable == 1 else f"{self.unreadable} documents"


def letter_lines(desk: Desk) -> tuple[str, ...]:
    """The line that says of letters which could not leave, if there are any."""
    return Amiss(letters=_letters(desk)).lines


def _letters(desk: Desk) -> int:
    return desk.store.stuck(desk.now() - UNTRIED)


def look(desk: Desk) -> Amiss:
    """What is amiss now, for as far as is known. Raises as every question to the store."""
    return Amiss(
        len(desk.store.unreadable()),
        desk.store.hindrance(),
        desk.settings_fault,
        _letters(desk),
    )
