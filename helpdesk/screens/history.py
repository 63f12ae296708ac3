"""The places an agent has been to, to go back and forward among them."""

from dataclasses import dataclass

QUEUE, TICKET, CUSTOMER, SEARCH = "queue", "ticket", "customer", "search"

KEPT = 50
"""So many places are remembered."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an agent can be: ``kind`` is one of the words above.

    ``number`` is that of the ticket or customer, ``text`` what was searched for.
    """

    kind: str
    number: int = 0
    text: str = ""

    def same(self, other: "Place") -> bool:
        """Whether both are one place: there is one queue and one search, whatever they show."""
        return (self.kind, self.number) == (other.kind, other.number)

    def __str__(self) -> str:
        """The place as agents read it."""
        return f"{self.kind} {self.number}" if self.number else f"the {self.kind}"


class History:
    """Places in the order in which they were last gone to, each once, and which of them is here.

    Going back and forward changes no order. Going elsewhere puts the new place at the end, right
    after the one that was left, so that nothing is forgotten and back leads where one came from.
    """

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._at = -1

    @property
    def here(self) -> Place | None:
        """The place that the agent is at."""
        return self._places[self._at] if self._places else None

    @property
    def before(self) -> Place | None:
        """Where back leads."""
        return self._places[self._at - 1] if self._at > 0 else None

    @property
    def after(self) -> Place | None:
        """Where forward leads."""
        return self._places[self._at + 1] if self._at + 1 < len(self._places) else None

    @property
    def others(self) -> list[Place]:
        """All places but this one, those gone to last first."""
        return [place for place in reversed(self._places) if place is not self.here]

    def visit(self, place: Place) -> None:
        """The agent is at ``place`` now; if that is here, it may show something else by now."""
        here = self.here
        if here is not None and here.same(place):
            self._places[self._at] = place
            return
        self._places = [each for each in self._places if each is not here and not each.same(place)]
        if here is not None:
            self._places.append(here)
        self._places.append(place)
        del self._places[:-KEPT]
        self._at = len(self._places) - 1

    def go(self, place: Place) -> None:
        """The agent went to ``place``, which is one of those remembered, back or forward."""
        found = (at for at, each in enumerate(self._places) if each.same(place))
        self._at = next(found, self._at)

    def forget(self, place: Place) -> None:
        """``place`` is no more; not for the one that is here."""
        here = self.here
        if here is None or here.same(place):
            return
        self._places = [each for each in self._places if not each.same(place)]
        self._at = self._places.index(here)

    def close(self, place: Place) -> None:
        """``place`` is no more, even if it is here: then the agent is at the one before."""
        here = self.here
        if here is not None and here.same(place):
            del self._places[self._at]
            self._at = min(max(0, self._at - 1), len(self._places) - 1)
        else:
            self.forget(place)
