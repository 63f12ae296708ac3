"""What a search found: two lines a ticket, the second with the words where they were found."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from helpdesk import clock
from helpdesk.domain.matching import brought_in_sight, found_in
from helpdesk.domain.query import Query
from helpdesk.domain.queue import Hit, QueueRow
from helpdesk.text import list_cell
from helpdesk.widgets.detail_lines import facts
from helpdesk.widgets.pick_list import Part, PickList
from helpdesk.widgets.queue_columns import how_long, tone_of

OPENING, CLOSING = "‹", "›"
"""Stand around what was found, for those who see no colours."""

_STATE_CELLS = 15
_ROOMY = 60
_TONES = {"late": "late", "soon": "soon", "waiting": "text"}


class HitList(PickList):
    """Tickets that were found, best first."""

    LINES = 2

    def __init__(self, zone: ZoneInfo, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.zone = zone
        self.hits: Sequence[Hit] = ()
        self._words: tuple[str, ...] = ()
        self._last_is_whole = False
        self._digits = 1
        self._told: list[str] = []

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.hits)

    @property
    def selected(self) -> QueueRow | None:
        """The ticket under the cursor."""
        return self.hits[self.cursor].row if self.hits else None

    @property
    def words(self) -> str:
        """The words that were searched for."""
        return " ".join(self._words)

    def show(self, hits: Sequence[Hit], query: Query | None, *, keep: bool = False) -> None:
        """Show what was found for the query; the cursor goes to the best, or keeps its ticket."""
        ticket = self.selected.id if keep and self.selected else None
        self.hits = hits
        self._words = query.words if query else ()
        self._last_is_whole = query.last_is_whole if query else False
        self._digits = max((len(str(hit.row.id)) for hit in hits), default=1)
        places = [place for place, hit in enumerate(hits) if hit.row.id == ticket]
        self.tick(clock.now())
        self.renew(places[0] if places else 0)

    def tick(self, now: datetime) -> None:
        """Draw anew if time has changed any words."""
        told = [how_long(hit.row, now) for hit in self.hits]
        if told != self._told:
            self._told = told
            self.refresh()

    def parts(self, index: int, line: int, cells: int) -> Iterable[Part]:
        """The ticket, its subject and customer; below it the words that were found."""
        hit = self.hits[index]
        return self._ticket(hit.row, cells) if line == 0 else self._match(hit, cells)

    def _ticket(self, row: QueueRow, cells: int) -> Iterator[Part]:
        now = clock.now()
        roomy = cells >= _ROOMY
        number = f"#{row.id}"
        state = how_long(row, now)
        yield number.rjust(self._digits + 1) if roomy else number, "quiet"
        yield (
            f"  {state.ljust(_STATE_CELLS)} " if roomy else f" {state} ",
            _TONES.get(tone_of(row, now), "quiet"),
        )
        yield from self._marked(list_cell(row.subject), "strong")
        yield " · ", "quiet"
        yield from self._marked(list_cell(row.customer_name), "quiet")

    def _match(self, hit: Hit, cells: int) -> Iterator[Part]:
        indent = " " * (self._digits + 3 if cells >= _ROOMY else 2)
        yield indent, "quiet"
        text = list_cell(hit.match)
        spans = self._found(text)
        if not spans or text == list_cell(hit.row.subject):
            yield facts(hit.row, self.zone), "quiet"
            return
        room = cells - len(indent) - len(OPENING + CLOSING)
        yield from self._marked(brought_in_sight(text, spans[0], room), "quiet")

    def _found(self, text: str) -> list[tuple[int, int]]:
        return found_in(text, self._words, last_is_whole=self._last_is_whole)

    def _marked(self, text: str, tone: str) -> Iterator[Part]:
        """The text in parts, those that were searched for between brackets."""
        place = 0
        for start, end in self._found(text):
            yield text[place:start], tone
            yield f"{OPENING}{text[start:end]}{CLOSING}", "found"
            place = end
        yield text[place:], tone
