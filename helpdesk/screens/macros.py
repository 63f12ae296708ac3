"""Choosing one of the texts for frequent answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk import macros
from helpdesk.domain.errors import HelpdeskError, InvalidInput
from helpdesk.screens.dialog import DeskDialog
from helpdesk.screens.picking import PickingScreen, choosing
from helpdesk.terminal.actions import bindings
from helpdesk.terminal.layouts import as_latin
from helpdesk.text import clean_line, fold
from helpdesk.widgets.line_field import LineField
from helpdesk.widgets.pick_list import Part, PickList

if TYPE_CHECKING:
    from datetime import datetime

    from textual.widgets import Input

    from helpdesk.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class FilledText:
    """A text as it goes into the message; ``why_not`` says why it cannot be used now, if so."""

    title: str
    name: str
    text: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that there are for a customer, and what is wrong in the desk's own files."""

    found: tuple[FilledText, ...]
    faults: tuple[str, ...]


def read(desk: Desk, number: int, due: datetime | None) -> Texts:
    """The texts filled in for the ticket; ``due`` is the date that is told. For any thread.

    Raises:
        InvalidInput: if the customer was erased.
    """
    ticket = desk.store.ticket(number)
    if ticket.customer is None:
        raise InvalidInput("the customer's data was erased: there is nobody to fill a text for")
    customer = desk.store.customer(ticket.customer)
    found = []
    for macro in macros.list_macros(desk, customer):
        try:
            text, why_not = macros.body(desk, macro, ticket, customer, due=due), ""
        except HelpdeskError as error:
            text, why_not = macro.text, error.message
        found.append(FilledText(clean_line(macro.title), macro.name, text, why_not))
    return Texts(tuple(found), macros.faults(desk))


class TextList(PickList, can_focus=False):
    """The texts: title and name, or why one cannot be used."""

    def __init__(self, found: Sequence[FilledText]) -> None:
        super().__init__()
        self.found = list(found)
        self.empty = "No text is called that, or says that."

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.found)

    @property
    def selected(self) -> FilledText | None:
        """The text under the cursor."""
        return self.found[self.cursor] if self.found else None

    def show(self, found: Sequence[FilledText]) -> None:
        """Show these, the cursor on the first."""
        self.found = list(found)
        self.renew(0)

    def parts(self, index: int, line: int, cells: int) -> Iterable[Part]:
        """The one line."""
        text = self.found[index]
        yield f" {text.title}", "quiet" if text.why_not else "strong"
        yield f"  ✗ {text.why_not}" if text.why_not else f"  {text.name}", "quiet"


class MacrosScreen(DeskDialog[str], PickingScreen[str]):
    """Offers the texts; gives the one chosen, as it goes into the message."""

    ACTIONS = choosing("put in", "Put it into the message")
    BINDINGS = bindings(ACTIONS)
    PLACE = " texts "
    AUTO_FOCUS = "LineField"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    DEFAULT_CSS = """
    MacrosScreen {
        & > #dialog { height: 100%; max-height: 26; }
        TextList { height: 1fr; margin-top: 1; }
        #preview { height: 9; margin-top: 1; background: $panel; padding: 0 1; }
        #preview > Static { height: auto; }
        &.-low TextList { margin-top: 0; }
        &.-low #preview { height: 3; margin-top: 0; }
        &.-low > #dialog > StatusLine { margin-top: 0; }
    }
    """

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts

    def body(self) -> ComposeResult:
        """A line to narrow them down, the texts, the selected one as it will be."""
        yield LineField(hint="a few letters of its title or its words")
        yield TextList(self._texts.found)
        with VerticalScroll(id="preview", can_focus=False):
            yield Static(Content(""))

    def on_mount(self) -> None:
        """Show the first one; say what is wrong in the desk's own files."""
        self._list.renew(0)
        if self._texts.faults:
            self.complain(self._texts.faults[0])

    @property
    def _list(self) -> TextList:
        return self.query_one(TextList)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show those that hold every word typed, on whichever keyboard layout."""
        wanted = [fold(event.value).split(), fold(as_latin(event.value)).split()]
        self._list.show(
            [text for text in self._texts.found if any(_holds(text, words) for words in wanted)]
        )

    def on_pick_list_moved(self) -> None:
        """Show the selected text."""
        text = self._list.selected
        preview = self.query_one("#preview", VerticalScroll)
        preview.query_one(Static).update(Content(text.text if text is not None else ""))
        preview.scroll_home(animate=False)

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter puts it in."""
        event.stop()
        await self.action_do("open")

    async def on_pick_list_clicked(self, event: PickList.Clicked) -> None:
        """A double click puts it in."""
        if event.times == 2:
            await self.action_do("open")

    def why_not(self, name: str) -> str | None:
        """Why no text can be put in."""
        if name != "open":
            return None
        text = self._list.selected
        return (text.why_not or None) if text is not None else "no text is called that"

    def action_open(self) -> None:
        """Put it in."""
        text = self._list.selected
        if text is not None:
            self.dismiss(text.text)


def _holds(text: FilledText, words: Sequence[str]) -> bool:
    said = fold(f"{text.title} {text.name} {text.text}")
    return all(word in said for word in words)
