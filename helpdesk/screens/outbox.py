"""Letters that are on their way out, and those that never left: what agents may do with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk import answers, on_the_way, outbox
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.outgoing import Outgoing, Sending
from helpdesk.domain.wording import short_time
from helpdesk.screens.dialog import DeskDialog
from helpdesk.screens.history import TICKET, Place
from helpdesk.screens.picking import PickingScreen
from helpdesk.screens.places import go_to
from helpdesk.terminal.actions import Action, bindings, pick
from helpdesk.text import clean_line, list_cell
from helpdesk.widgets.hanging import Hanging
from helpdesk.widgets.pick_list import Part, PickList

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from helpdesk.desk.desk import Desk
    from helpdesk.screens.base import DeskScreen

NOTHING_WAITS = "Nothing waits to be sent, and nothing failed."


class LetterList(PickList):
    """The letters: whose ticket, to whom, about what; below it how far each has come."""

    LINES = 2

    def __init__(self, zone: ZoneInfo, now: datetime) -> None:
        super().__init__()
        self.letters: list[Outgoing] = []
        self.empty = NOTHING_WAITS
        self._zone, self._now = zone, now

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.letters)

    @property
    def selected(self) -> Outgoing:
        """The selected letter. Raises InvalidInput if there is none."""
        if not self.letters:
            raise InvalidInput("there is no letter here; esc goes back")
        return self.letters[self.cursor]

    def show(self, letters: list[Outgoing], now: datetime) -> None:
        """Show these; the cursor stays on its letter."""
        before = self.letters[self.cursor].id if self.letters else None
        self.letters, self._now = letters, now
        places = [place for place, letter in enumerate(letters) if letter.id == before]
        self.renew(places[0] if places else self.cursor)

    def parts(self, index: int, line: int, cells: int) -> Iterable[Part]:
        """The letter; below it how far it has come."""
        letter = self.letters[index]
        if line == 0:
            yield f"#{letter.ticket} {letter.to} ", "strong"
            if letter.automatic:
                yield "acknowledgement ", "quiet"
            yield list_cell(letter.subject), "text"
        else:
            said = clean_line(outbox.words(letter, self._zone, self._now))
            yield f"  {said}", self._tone(letter)

    def _tone(self, letter: Outgoing) -> str:
        if letter.state is Sending.FAILED or letter.needs_a_person(self._now):
            return "late"
        return "soon" if letter.is_stuck else "quiet"


class OutboxScreen(DeskDialog[None], PickingScreen[None]):
    """What waits and what failed; it can be sent now, kept back, let go, or never sent."""

    ACTIONS = (
        replace(pick("open")[0], label="ticket", does="Open its ticket"),
        *pick("back"),
        Action("send_now", ("r",), "send now", "Send it now, or once more", "The ticket"),
        Action("keep_back", ("h",), "hold", "Keep it back, or let it go", "The ticket"),
        Action("never_send", ("x", "delete"), "never", "Never send it", "The ticket"),
        *pick("down up page_down page_up first last help"),
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = " letters on their way out "
    AUTO_FOCUS = "LetterList"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    DEFAULT_CSS = """
    OutboxScreen {
        & > #dialog { width: 100; }
        LetterList { height: auto; min-height: 2; max-height: 12; }
        #said { height: 5; margin-top: 1; background: $panel; padding: 0 1; }
        #said > Static { height: auto; }
        &.-low LetterList { max-height: 4; }
        &.-low #said { height: 2; margin-top: 0; }
    }
    """

    def __init__(self, below: DeskScreen[Any]) -> None:
        super().__init__()
        self._below = below
        self._ticket = 0
        """Whose letter the cursor begins on."""
        if below.place is not None and below.place.kind == TICKET:
            self._ticket = below.place.number
        self._to_drop = 0

    def body(self) -> ComposeResult:
        """The letters, and all that was said of the selected one."""
        yield LetterList(self.desk.zone, self.desk.now())
        with VerticalScroll(id="said", can_focus=False):
            yield Static(Content(""))

    def on_screen_resume(self) -> None:
        """Read them."""
        super().on_screen_resume()
        self.refresh_rows()

    def refresh_rows(self) -> None:
        """Somebody has changed something, or a letter has left."""
        self.work(partial(on_the_way.to_look_at, self.desk), self._show, group="read")

    @property
    def letters(self) -> LetterList:
        """The list."""
        return self.query_one(LetterList)

    def _show(self, letters: list[Outgoing]) -> None:
        if not self.desk.settings.mail.leaves:
            self.letters.empty = f"{NOTHING_WAITS}\n{outbox.SENDS_NOTHING}"
        self.letters.show(letters, self.desk.now())
        if self._ticket:
            tickets = [letter.ticket for letter in letters]
            self.move_to(tickets.index(self._ticket) if self._ticket in tickets else 0)
            self._ticket = 0

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Say in full how far it has come, and what was said at each attempt."""
        letters = self.letters.letters
        said = list(self._said(letters[self.letters.cursor])) if letters else []
        lines = Hanging((Content(""), Content(clean_line(line))) for line in said)
        self.query_one("#said > Static", Static).update(lines)

    def _said(self, letter: Outgoing) -> Iterable[str]:
        zone, now = self.desk.zone, self.desk.now()
        yield outbox.words(letter, zone, now)
        yield f"written {short_time(letter.created, zone, now)}"
        for attempt in reversed(letter.attempts):
            yield f"{short_time(attempt.at, zone, now)}: {attempt.words}"

    def action_open(self) -> None:
        """Open its ticket."""
        place = Place(TICKET, self.letters.selected.ticket)
        self.dismiss()
        self._below.call_next(go_to, self._below, place)

    def action_send_now(self) -> None:
        """Send at once what waits, let go what is held, send again what failed."""
        held = self.letters.selected.state is Sending.HELD
        self._do(outbox.release if held else answers.retry)

    def action_keep_back(self) -> None:
        """Keep it back; let it go if it was kept back."""
        held = self.letters.selected.state is Sending.HELD
        self._do(outbox.release if held else outbox.hold)

    def action_never_send(self) -> None:
        """Never send it, when the key is pressed twice."""
        letter = self.letters.selected
        if letter.state is Sending.FAILED:
            raise InvalidInput("this letter has failed: it does not leave as it is")
        if self._to_drop != letter.id:
            self._to_drop = letter.id
            waits = f"#{letter.ticket} waits on us again"
            then = "its date is never told" if letter.automatic else waits
            self.tell(f"x again: this letter never leaves, and {then}")
            return
        self._do(outbox.cancel)

    def _do(self, use_case: Callable[[Desk, int], Outgoing]) -> None:
        self._to_drop = 0
        letter = self.letters.selected.id
        self.work(partial(use_case, self.desk, letter), self._done, group="do", keys_wait=True)

    def _done(self, letter: Outgoing) -> None:
        said = outbox.words(letter, self.desk.zone, self.desk.now())
        self.tell(f"#{letter.ticket}: {clean_line(said)}")
        self.refresh_rows()

    def move_to(self, index: int) -> None:
        """Elsewhere the key has to be pressed twice again."""
        self._to_drop = 0
        super().move_to(index)

    async def on_pick_list_clicked(self, event: PickList.Clicked) -> None:
        """A double click opens the ticket."""
        if event.times == 2:
            await self.action_do("open")
