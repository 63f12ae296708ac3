"""Where in a conversation the words stand that an agent looks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpdesk.domain.matching import standing_in


@dataclass(frozen=True, slots=True)
class Spot:
    """One place that holds the words: the number of its message, and the how many-th there."""

    message: int
    nth: int


class Finding:
    """The places that hold the words, in the order in which they are read, and which is looked at.

    Found is what stands there as it was typed. If that stands nowhere, it is each of its words.
    """

    def __init__(self, text: str, texts: Mapping[int, str]) -> None:
        self.text = text
        self.words: tuple[str, ...] = (text,)
        self.times = self._times(texts)
        """How often they stand in each message."""
        if not any(self.times.values()):
            self.words = tuple(text.split())
            self.times = self._times(texts)
        self.spots = [
            Spot(message, nth) for message, times in self.times.items() for nth in range(times)
        ]
        self.at = 0

    def _times(self, texts: Mapping[int, str]) -> Mapping[int, int]:
        return {message: len(standing_in(text, self.words)) for message, text in texts.items()}

    @property
    def spot(self) -> Spot | None:
        """The place that is looked at; None if nothing is found."""
        return self.spots[self.at] if self.spots else None

    def begin_in(self, messages: Sequence[int]) -> None:
        """Look at the first place within ``messages``; if none is there, at the very last."""
        wanted = frozenset(messages)
        here = (at for at, spot in enumerate(self.spots) if spot.message in wanted)
        self.at = next(here, len(self.spots) - 1)

    def go(self, by: int) -> bool:
        """Look at the next place, or the one before; whether that led past the last or first."""
        wanted = self.at + by
        self.at = wanted % len(self.spots)
        return self.at != wanted

    def keep(self, spot: Spot | None) -> None:
        """Stay at that place, if the words still stand there."""
        if spot in self.spots:
            self.at = self.spots.index(spot)

    def __str__(self) -> str:
        """How many there are, as agents read it."""
        if not self.spots:
            return "not in these messages"
        split = "" if self.words == (self.text,) else " · its words apart"
        return f"{self.at + 1} of {len(self.spots)}{split}"
