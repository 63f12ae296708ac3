"""What an agent was writing when the program ended, or left for later."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk import drafts
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import HelpdeskError, InvalidInput
from helpdesk.domain.wording import short_time
from helpdesk.screens.dialog import DeskDialog
from helpdesk.screens.offered import screen_of
from helpdesk.screens.picking import PickingScreen
from helpdesk.terminal.actions import Action, bindings, pick
from helpdesk.text import clean, clean_line
from helpdesk.widgets.hanging import Hanging
from helpdesk.widgets.pick_list import Part, PickList

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from helpdesk.desk.desk import Desk

COLUMNS_FROM = 60
"""A narrower list has no room for columns."""

_KINDS = {
    DraftKind.REPLY: "reply",
    DraftKind.NOTE: "note",
    DraftKind.PROMISE: "another date",
    DraftKind.CLOSE: "end",
    DraftKind.NEW: "new ticket",
    DraftKind.BULK: "many at once",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft, and the subject of its ticket as far as it can be read."""

    draft: Draft
    subject: str


def waiting(desk: Desk, began: datetime, given_up: Collection[str]) -> list[Waiting]:
    """The agent's drafts, newest first; may be called in any thread. As ``drafts.waiting``."""
    found = drafts.waiting(desk, began, given_up)
    return [Waiting(draft, _subject(desk, draft)) for draft in found]


def _subject(desk: Desk, draft: Draft) -> str:
    if draft.ticket is None:
        about = (draft.fields.get("subject", ""), draft.fields.get("customer", ""))
        return " · ".join(clean_line(part) for part in about if part)
    try:
        return desk.store.ticket(draft.ticket).subject
    except HelpdeskError:
        return "(this ticket cannot be read)"


class DraftList(PickList):
    """The drafts: what it is, when it was written, about what."""

    def __init__(self, zone: ZoneInfo, now: datetime) -> None:
        super().__init__()
        self.found: list[Waiting] = []
        self.empty = "No draft waits."
        self._zone, self._now = zone, now

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.found)

    @property
    def selected(self) -> Draft:
        """The selected draft. Raises InvalidInput if there is none."""
        if not self.found:
            raise InvalidInput("no draft waits; esc goes back")
        return self.found[self.cursor].draft

    def show(self, found: list[Waiting]) -> None:
        """Show these."""
        self.found = found
        self.renew(self.cursor)

    def parts(self, index: int, line: int, cells: int) -> Iterable[Part]:
        """The one line; people's words last."""
        draft, subject = self.found[index].draft, self.found[index].subject
        words = _KINDS[draft.kind] + (f" on #{draft.ticket}" if draft.ticket is not None else "")
        when = short_time(draft.saved, self._zone, self._now)
        roomy = cells >= COLUMNS_FROM
        yield f" ✎ {words:<20} " if roomy else f" ✎ {words} ", "strong"
        yield f"{when:<16} " if roomy else f"{when} ", "quiet"
        yield clean_line(subject or draft.text, 200), "text"


class DraftsScreen(DeskDialog[None], PickingScreen[None]):
    """Offers the drafts again."""

    ACTIONS = (
        replace(pick("open")[0], label="go on writing", does="Go on writing"),
        *pick("back"),
        Action("discard", ("x", "delete"), "throw away", "Throw the draft away", "The ticket"),
        *pick("down up first last help"),
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = " what you were writing "
    AUTO_FOCUS = "DraftList"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    DEFAULT_CSS = """
    DraftsScreen {
        DraftList { height: auto; min-height: 1; max-height: 8; }
        #text { height: 6; margin-top: 1; background: $panel; padding: 0 1; }
        #text > Static { height: auto; }
        &.-low DraftList { max-height: 4; }
        &.-low #text { height: 3; margin-top: 0; }
    }
    """

    def __init__(self, began: datetime) -> None:
        super().__init__()
        self._began = began
        self._to_discard = ""

    def body(self) -> ComposeResult:
        """The drafts, and the beginning of the selected one."""
        yield DraftList(self.desk.zone, self.desk.now())
        with VerticalScroll(id="text", can_focus=False):
            yield Static(Content(""))

    def on_screen_resume(self) -> None:
        """Read them; one may have been sent since."""
        super().on_screen_resume()
        # Keys that are typed right behind the one that opened this are for the drafts.
        self.work(self._waiting, self.list_of_drafts.show, group="read", keys_wait=True)

    @property
    def list_of_drafts(self) -> DraftList:
        """The list."""
        return self.query_one(DraftList)

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Show what was written."""
        found = self.list_of_drafts.found
        text = clean(found[self.list_of_drafts.cursor].draft.text).strip() if found else ""
        lines = Hanging((Content(""), Content(line)) for line in text.split("\n"))
        self.query_one("#text > Static", Static).update(lines)

    def action_open(self) -> None:
        """Go on writing."""
        screen = screen_of(self.list_of_drafts.selected)
        self.dismiss()
        self.app.push_screen(screen)

    def action_discard(self) -> None:
        """Throw the draft away, when the key is pressed twice."""
        draft = self.list_of_drafts.selected
        if self._to_discard != draft.id:
            self._to_discard = draft.id
            self.tell("x again throws this draft away for good")
            return
        self._to_discard = ""
        self.work(partial(self._discard, draft), self.list_of_drafts.show, group="read")

    def _discard(self, draft: Draft) -> list[Waiting]:
        drafts.discard(self.desk, draft)
        return self._waiting()

    def _waiting(self) -> list[Waiting]:
        return waiting(self.desk, self._began, self.held.given_up)

    def move_to(self, index: int) -> None:
        """Elsewhere the key has to be pressed twice again."""
        self._to_discard = ""
        super().move_to(index)

    async def on_pick_list_clicked(self, event: PickList.Clicked) -> None:
        """A double click goes on writing."""
        if event.times == 2:
            await self.action_do("open")
