"""Patterns of words in many languages, built only for a text that may hold some of them.

Building all of them takes longer than to read a message and write its ticket.
"""

from __future__ import annotations

import re
from functools import cached_property


class Wording:
    """A case-insensitive pattern, built when a text is first looked through for it.

    A text that holds none of ``needs`` (words or parts of them, case-folded, split by spaces) is
    known not to match without it. ``needs`` must then hold a part of whatever the pattern finds.
    """

    def __init__(self, pattern: str, needs: str = "", flags: re.RegexFlag = re.VERBOSE) -> None:
        self._source = pattern
        self._flags = re.IGNORECASE | flags
        self._needs = tuple(needs.split())

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern itself."""
        return re.compile(self._source, self._flags)

    def may_match(self, text: str) -> bool:
        """Whether the text holds anything that the pattern needs."""
        if not self._needs:
            return True
        # Case-insensitive patterns take the Turkish i's, which folding leaves apart, for an i.
        folded = text.casefold().replace("ı", "i").replace("\u0307", "")
        return any(word in folded for word in self._needs)

    def match(self, text: str) -> re.Match[str] | None:
        """What is found at the beginning of the text."""
        return self.pattern.match(text) if self.may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The text, if all of it is such words."""
        return self.pattern.fullmatch(text) if self.may_match(text) else None

    def search(self, text: str) -> re.Match[str] | None:
        """What is found first in the text."""
        return self.pattern.search(text) if self.may_match(text) else None
