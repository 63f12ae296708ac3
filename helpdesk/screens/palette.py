"""Everything that can be done now, found by typing a few letters of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual._callback import invoke
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from helpdesk.screens.base import DeskScreen
from helpdesk.screens.dialog import DeskDialog
from helpdesk.screens.offers import Offer, offers_for, offers_of
from helpdesk.screens.picking import PickingScreen, choosing
from helpdesk.terminal.actions import bindings
from helpdesk.text import clean_line, fit
from helpdesk.widgets.line_field import LineField
from helpdesk.widgets.pick_list import Part, PickList

if TYPE_CHECKING:
    from textual.widgets import Input

_KEY_CELLS = 6


class OfferList(PickList, can_focus=False):
    """What can be done: its key, what it is, and why it can't be done if so."""

    def __init__(self) -> None:
        super().__init__()
        self.offers: list[Offer] = []

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.offers)

    @property
    def selected(self) -> Offer | None:
        """The offer under the cursor."""
        return self.offers[self.cursor] if self.offers else None

    def show(self, offers: list[Offer]) -> None:
        """Show other ones, the cursor on the first."""
        self.offers = offers
        self.renew(0)

    def parts(self, index: int, line: int, cells: int) -> Iterable[Part]:
        """The one line."""
        offer = self.offers[index]
        yield f" {fit(offer.key, _KEY_CELLS)} ", "quiet"
        yield offer.words, "quiet" if offer.reason else "strong"
        if offer.reason:
            yield f"  ✗ {offer.reason}", "quiet"


class PaletteScreen(DeskDialog[None], PickingScreen[None]):
    """Offers what the screen below can do, and where one can go from it."""

    ACTIONS = choosing("do", "Do it")
    BINDINGS = bindings(ACTIONS)
    PLACE = " what can be done "
    CSS_PATH = "palette.tcss"
    AUTO_FOCUS = "LineField"

    def __init__(self, below: DeskScreen[Any]) -> None:
        super().__init__()
        self._below = below
        self._offers = offers_of(below)

    def body(self) -> ComposeResult:
        """The line, and what fits it."""
        yield LineField(hint="a few letters, or a number to go to")
        offers = OfferList()
        offers.empty = "Nothing here is called that."
        yield offers
        yield Static(Content(""), id="reason")

    def on_mount(self) -> None:
        """Offer everything."""
        self._list.show(offers_for(self._below, "", self._offers))

    @property
    def _list(self) -> OfferList:
        return self.query_one(OfferList)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer what fits."""
        self.tell("")
        with self.careful():
            self._list.show(offers_for(self._below, event.value, self._offers))

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter does what the cursor is on."""
        event.stop()
        await self.action_do("open")

    def on_pick_list_moved(self) -> None:
        """Say in full why what the cursor is on cannot be done."""
        offer = self._list.selected
        reason = clean_line(offer.reason) if offer is not None and offer.reason else ""
        said = self.query_one("#reason", Static)
        said.set_class(bool(reason), "-said")
        said.update(Content(f"✗ {reason}" if reason else ""))

    async def on_pick_list_clicked(self) -> None:
        """A click does it."""
        await self.action_do("open")

    def why_not(self, name: str) -> str | None:
        """Why it cannot be done."""
        offer = self._list.selected
        if name != "open":
            return None
        return offer.reason if offer is not None else "nothing here is called that"

    def action_open(self) -> None:
        """Do it, on the screen below."""
        offer = self._list.selected
        if offer is not None:
            self.dismiss()
            self._below.call_next(_do, self._below, offer)

    def action_palette(self) -> None:
        """The key that opened it closes it."""
        self.dismiss()


async def _do(below: DeskScreen[Any], offer: Offer) -> None:
    with below.careful():
        await invoke(offer.run)
