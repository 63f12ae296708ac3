"""A line to type a query in, with what could stand next offered below it."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input

from helpdesk.domain.completion import Completion, Known, complete, is_mistaken
from helpdesk.text import fit, width
from helpdesk.widgets.line_field import LineField
from helpdesk.widgets.pick_list import Part, PickList

OFFERED = 20
"""So many completions are offered; those beyond the height of the list by scrolling."""

OFFERS_SHOWN = 6
"""So many of them are in sight."""

_TERM_CELLS = 24
_HINT_LEAST = 8
_BOX_CELLS = 64
_BESIDE_FROM = 100
"""On narrower screens the box goes from edge to edge."""

ONE_OF_THESE = "… one of these"
"""Said of a term that what is offered would make whole."""


class CompletionList(PickList, can_focus=False):
    """What could stand next; hidden while there is nothing to offer."""

    DEFAULT_CSS = """
    CompletionList {
        overlay: screen; constrain: inside; display: none;
        width: 64; height: auto; background: $panel;
        border: round $rule; padding: 0 1;
        &.-open { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.offers: list[Completion] = []
        self.was_chosen = False
        """Whether the agent went to one of them."""
        self.typed = ""

    @property
    def total(self) -> int:
        """How many are offered."""
        return len(self.offers)

    @property
    def is_open(self) -> bool:
        """Whether anything is offered."""
        return bool(self.offers)

    @property
    def shows_cursor(self) -> bool:
        """Whether enter takes the offer that the cursor is on: one that was chosen, or the first
        for a value that is no value yet."""
        return self.was_chosen or is_mistaken(self.typed)

    def parts(self, index: int, line: int, cells: int) -> Iterable[Part]:
        """The term, and what it finds."""
        offer = self.offers[index]
        term = min(_TERM_CELLS, max(width(each.text) for each in self.offers))
        yield fit(offer.text, max(term, width(offer.text))), "strong"
        if offer.hint and width(offer.text) + _HINT_LEAST < cells:
            yield f"  {offer.hint}", "quiet"

    def show(self, offers: list[Completion], typed: str = "") -> None:
        """Offer other terms for the one that is ``typed``; none closes the list."""
        self.offers = offers
        self.typed = typed
        self.was_chosen = False
        self.set_class(self.is_open, "-open")
        cells = self.screen.size.width
        self.styles.width = cells if cells < _BESIDE_FROM else _BOX_CELLS
        self.styles.height = min(OFFERS_SHOWN, max(1, len(offers))) + self.gutter.height
        self.renew(0)


class QueryField(LineField):
    """The line itself. Its keys work the list while that is open, else they are the screen's."""

    BINDINGS = [
        Binding("tab", "accept", "Take what is offered", show=False),
        Binding("down", "choose(1)", "The next offer", show=False),
        Binding("up", "choose(-1)", "The offer before", show=False),
        Binding("enter", "enter", "Take what was chosen, or go", show=False),
        Binding("escape", "leave_offers", "Take none of the offers", show=False),
    ]

    @property
    def line(self) -> "CompletedLine":
        """The line that it belongs to."""
        assert isinstance(self.parent, CompletedLine)
        return self.parent

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of the list that do nothing now go on to the screen."""
        if action == "accept":
            return self.line.offers.is_open or self.line.could_offer
        if action == "choose":
            return self.line.offers.is_open
        if action == "leave_offers":
            return self.line.offers.was_chosen
        return super().check_action(action, parameters)

    def action_accept(self) -> None:
        """Take what is offered; where nothing is typed yet, offer everything."""
        if self.line.offers.is_open:
            self.line.accept()
        else:
            self.line.offer(anything=True)

    def action_choose(self, by: int) -> None:
        """Choose another offer; the first key chooses the first."""
        offers = self.line.offers
        if offers.was_chosen:
            offers.move_to((offers.cursor + by) % offers.total)
        else:
            offers.was_chosen = True
            offers.renew(0 if by > 0 else offers.total - 1)

    async def action_enter(self) -> None:
        """Take the offer that was chosen, or the first for a value that is no value yet; else what
        is typed is to be applied."""
        if self.line.offers.is_open and self.line.offers.shows_cursor:
            self.line.accept()
        else:
            self.line.offers.show([])
            await self.action_submit()

    def action_leave_offers(self) -> None:
        """Take none of them."""
        self.line.offers.show([])


class CompletedLine(Vertical):
    """A query to type: Input.Changed and Input.Submitted come from it.

    Tab takes what is offered first, or was chosen by the arrows; enter takes what was chosen, or
    makes a value of the beginning of one.
    """

    DEFAULT_CSS = """
    CompletedLine { height: 1; width: 1fr; }
    CompletedLine > QueryField {
        padding: 0; background: transparent;
        &:focus { background: transparent; }
    }
    """

    def __init__(self, value: str = "", *, hint: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.known = Known()
        self._field = QueryField(value, hint=hint)
        self.offers = CompletionList()

    def compose(self) -> ComposeResult:
        """The field, and the list below it."""
        yield self._field
        yield self.offers

    @property
    def value(self) -> str:
        """What is typed."""
        return self._field.value

    @property
    def is_edited(self) -> bool:
        """Whether keys go to the line."""
        return self._field.has_focus

    @property
    def could_offer(self) -> bool:
        """Whether a term could begin at the cursor."""
        return bool(self._found(anything=True))

    def edit(self) -> None:
        """Let the agent type."""
        self.screen.set_focus(self._field)  # at once: the next key may be on its way

    def put(self, value: str, cursor: int | None = None) -> None:
        """Put ``value`` in place of what is typed, the cursor at its end or as given."""
        self._field.value = value
        self._field.cursor_position = len(value) if cursor is None else cursor

    def offer(self, *, anything: bool = False) -> None:
        """Offer what could stand at the cursor."""
        found = self._found(anything=anything)
        self.offers.show(found, self.value[found[0].start : found[0].end] if found else "")

    def accept(self) -> None:
        """Take the offer that the list is on."""
        offer = self.offers.offers[self.offers.cursor]
        self.put(*offer.accepted(self.value))

    def _found(self, *, anything: bool) -> list[Completion]:
        cursor = self._field.cursor_position
        return complete(self.value, cursor, self.known, limit=OFFERED, anything=anything)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What is offered follows what is typed."""
        if self.is_edited:
            self.offer()

    def on_descendant_blur(self) -> None:
        """Nothing is offered while the agent is elsewhere."""
        self.offers.show([])

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """The list is a part of the line: nobody else needs to know."""
        event.stop()

    def on_pick_list_clicked(self, event: PickList.Clicked) -> None:
        """A click takes an offer."""
        event.stop()
        self.accept()
        self.edit()
