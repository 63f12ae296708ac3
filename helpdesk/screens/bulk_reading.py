"""Reading what a decision for many tickets does: the tickets, and the letter of each."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ScreenResultType
from textual.widgets import Static

from helpdesk.desk.bulk import Assign, Decision, Step, Tag
from helpdesk.screens import bulk_words
from helpdesk.screens.base import DeskScreen
from helpdesk.terminal.actions import labelled, pick
from helpdesk.widgets.cut_lines import CutLines
from helpdesk.widgets.pick_list import PickList
from helpdesk.widgets.status_line import StatusLine
from helpdesk.widgets.step_list import StepList

ACTIONS = (
    *labelled(pick("send"), {"send": "carry out"}),
    replace(pick("open")[0], label="letter", does="The letter at full height"),
    replace(pick("mark")[0], label="leave out", does="Leave the ticket out, or not"),
    replace(pick("edit")[0], does="Change this letter"),
    *pick("back read_on read_back"),
    replace(pick("next_ticket")[0], keys=("J", "tab"), label="", does="To the next ticket"),
    replace(pick("previous_ticket")[0], keys=("K", "shift+tab"), does="To the ticket before"),
    *pick("down up"),
    replace(pick("page_down")[0], keys=("pagedown",)),  # space scrolls the letter
    *pick("page_up first last help"),
)


class ReadingScreen(DeskScreen[ScreenResultType]):
    """A screen of the tickets that ``decision`` is reviewed for, with their letters.

    The letter stands beside the tickets or below them; at full height the keys that move go
    through the letter instead of the tickets.
    """

    AUTO_FOCUS = "StepList"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-side")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    decision: Decision

    def body(self) -> ComposeResult:
        """What is decided; what it comes to; the tickets; the letter of the selected one."""
        yield Static(Content(""), id="decided")
        yield CutLines(id="told")
        with Container(id="review"):
            yield StepList()
            with Vertical(id="letter"):
                yield CutLines(id="head")
                with VerticalScroll(can_focus=False):
                    yield Static(Content(""))

    def on_mount(self) -> None:
        """Offer no letters where none are written."""
        if isinstance(self.decision, Assign | Tag):
            actions = [each for each in self.ACTIONS if each.name not in ("open", "edit")]
            self.query_one(StatusLine).offer(self.offered(actions))

    @property
    def shown(self) -> StepList:
        """The tickets."""
        return self.query_one(StepList)

    @property
    def step(self) -> Step | None:
        """The selected ticket."""
        return self.shown.selected

    @property
    def _pane(self) -> VerticalScroll:
        return self.query_one("#letter > VerticalScroll", VerticalScroll)

    @property
    def is_reading(self) -> bool:
        """Whether the letter has full height."""
        return self.has_class("-reading")

    def show_letter(self) -> None:
        """Show what the customer of the selected ticket is told."""
        step = self.step
        left_out = step is not None and step.number in self.shown.left_out
        mails = self.desk.settings.mail.leaves
        head = bulk_words.head(step, self.decision, self.desk.zone, left_out=left_out, mails=mails)
        self.query_one("#head", Static).update(head)
        self._pane.query_one(Static).update(bulk_words.letter(step))

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Another ticket: its letter from the beginning."""
        self.show_letter()
        self._pane.scroll_home(animate=False)

    # Reading

    def action_open(self) -> None:
        """The letter at full height, or the tickets again."""
        self.toggle_class("-reading")

    def action_read_on(self) -> None:
        """Scroll the letter down, as far as the last line stays in sight."""
        self._pane.scroll_relative(y=max(1, self._pane.size.height - 1), animate=False)

    def action_read_back(self) -> None:
        """Scroll the letter up."""
        self._pane.scroll_relative(y=-max(1, self._pane.size.height - 1), animate=False)

    # Moving

    def action_next_ticket(self) -> None:
        """To the next ticket."""
        self.shown.move(1)

    def action_previous_ticket(self) -> None:
        """To the ticket before."""
        self.shown.move(-1)

    def action_down(self) -> None:
        """To the next ticket; a line down in the letter."""
        self._move(1, 1)

    def action_up(self) -> None:
        """To the ticket before; a line up in the letter."""
        self._move(-1, -1)

    def action_page_down(self) -> None:
        """A page down."""
        self._move(self.shown.page, self._pane.size.height)

    def action_page_up(self) -> None:
        """A page up."""
        self._move(-self.shown.page, -self._pane.size.height)

    def action_first(self) -> None:
        """To the first ticket; to the beginning of the letter."""
        if self.is_reading:
            self._pane.scroll_home(animate=False)
        else:
            self.shown.move_to(0)

    def action_last(self) -> None:
        """To the last ticket; to the end of the letter."""
        if self.is_reading:
            self._pane.scroll_end(animate=False)
        else:
            self.shown.move_to(self.shown.total - 1)

    def _move(self, tickets: int, lines: int) -> None:
        if self.is_reading:
            self._pane.scroll_relative(y=lines, animate=False)
        else:
            self.shown.move(tickets)
