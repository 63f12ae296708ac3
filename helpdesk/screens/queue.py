"""The queue: what waits, ordered by what was promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical

from helpdesk import clock
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.has_desk import HasDesk
from helpdesk.screens.history import QUEUE, Place
from helpdesk.screens.marks import MOST, Marks
from helpdesk.screens.queue_pages import Look, QueuePages, look, numbers
from helpdesk.screens.queue_rows import MARKING, TOO_MANY
from helpdesk.screens.queue_views import ViewedScreen
from helpdesk.screens.queue_words import TAKING_IN, marked_words, place_words, when_empty
from helpdesk.terminal.actions import bindings, pick, unlabelled
from helpdesk.terminal.typeahead import KEYS_WAIT
from helpdesk.widgets.detail_lines import DetailLines
from helpdesk.widgets.queue_table import QueueHeading, QueueTable
from helpdesk.widgets.title_line import TitleLine
from helpdesk.widgets.views_bar import ViewsBar

if TYPE_CHECKING:
    from textual.timer import Timer

    from helpdesk.desk.holding import Held
    from helpdesk.domain.errors import HelpdeskError
    from helpdesk.screens.queue_beside import QueueBeside

LOOK_AGAIN = timedelta(seconds=30)
"""Promises fall due without anybody changing anything."""

PREVIEW_DELAY = 0.12
"""Seconds the cursor rests before a ticket is read for the preview."""


class QueueScreen(ViewedScreen, DeskScreen[None]):
    """The first screen: views, the tickets of one of them, and the selected one beside."""

    ACTIONS = (
        *pick(
            "open peek reply note promise assign close triage filter new customer next_view "
            "previous_view view down up"
        ),
        replace(pick("page_down")[0], keys=("pagedown",)),  # space looks into the ticket
        *unlabelled(pick("page_up first last back theme help quit"), "back"),
        *MARKING,
        *pick("no_answer assign_to leave tags save_view drafts"),
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = "queue"
    AUTO_FOCUS = "QueueTable"
    HORIZONTAL_BREAKPOINTS = [
        (0, "-narrow"), (100, "-side"), (120, "-wide"), (160, "-roomy"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    def __init__(self, *, welcome: bool = False) -> None:
        super().__init__()
        self.drafts = 0
        """How many drafts wait for the agent."""
        self.began = clock.now()
        """When the program began (UTC)."""
        self._welcome = welcome
        self._counts: dict[str, int] = {}
        self._looked: datetime | None = None
        self._resting: Timer | None = None
        self._beside: QueueBeside | None = None
        self._decided: set[int] = set()
        """The tickets that the agent has decided on since the last look, which may go to other
        places by that."""

    def body(self) -> ComposeResult:
        """Views, the table with its heading, two lines of detail."""
        table = QueueTable(self.desk.zone)
        table.heading = QueueHeading()
        views = ViewsBar(self.with_own_keys(pick("next_view"))[0].key)
        views.set_reactive(ViewsBar.own, tuple(self.preferences.views))
        with Container(id="desk"):
            yield views
            with Vertical(id="list"):
                yield table.heading
                yield table
                if self._welcome:
                    from helpdesk.widgets.welcome import Welcome

                    yield Welcome()
                yield DetailLines(self.desk.zone)
            yield Horizontal(id="beside")

    def on_mount(self) -> None:
        """The first rows come with the first frame; everything else after it."""
        with self.careful():
            self.pages = QueuePages(self.desk, self.query_text)
            self.table.show(self.pages, 0)
        self.held.watchers.append(self)
        self.held.learners.append(self._learn)
        self.call_after_refresh(self.refresh_rows)

    @property
    def place(self) -> Place:
        """The queue, whatever it shows."""
        return Place(QUEUE)

    # Looking at the desk

    def refresh_rows(self) -> None:
        """Look at the desk anew, in a thread; the cursor stays on its ticket."""
        self._looked = self.desk.now()
        text, queries = self.query_text, self.queries
        ticket, near, decided = self.ticket, self.table.cursor, frozenset(self._decided)
        self.work(
            lambda: look(self.desk, text, queries, ticket, near),
            partial(self._seen, decided),
            group="look",
        )

    def _seen(self, decided: frozenset[int], seen: Look) -> None:
        """Show what was seen; ``decided`` are the decisions that it came after."""
        self._counts = seen.counts
        self.query_one(ViewsBar).counts = seen.counts
        # The agent may have moved on while the thread was looking.
        if seen.text == self.query_text:
            self.show_rows(seen.pages, self._cursor_in(seen))
        self._decided -= decided
        self.say_found()

    def _learn(self, held: Held, _: object) -> None:
        """In a thread: something was carried out."""
        if held.ticket is not None:
            self._decided.add(held.ticket)

    def _cursor_in(self, seen: Look) -> int:
        """Where the cursor goes: with its ticket, unless the agent has sent that elsewhere himself
        by promising another time."""
        cursor, row = seen.cursor_for(self.ticket, self.table.cursor), self.table.selected
        if row is None or row.id not in self._decided:
            return cursor
        now = seen.pages.row(cursor)
        if now is None or now.id != row.id or now.due == row.due:
            return cursor
        self._decided.discard(row.id)
        return min(self.table.cursor, seen.pages.total - 1)

    def show_rows(self, pages: QueuePages, cursor: int) -> None:
        """Show other rows; what else shows them follows."""
        self.pages = pages
        self.query_one(ViewsBar).active = self.view
        self.show_marks()
        self.table.show(pages, cursor)

    def say_found(self) -> None:
        """How many tickets there are; where there are none, what to do."""
        total = self.pages.total if self.pages is not None else 0
        words = self._when_empty()
        if words != self.table.empty:
            self.table.empty = words
            self.table.refresh()
        self.say_place()
        line = self.filter_line
        if line is not None and line.text.strip() == self.narrowed:
            line.answer(f"{total} found" if self.narrowed else "")

    def _when_empty(self) -> str:
        if cast(HasDesk, self.app).takes_in:
            return TAKING_IN
        return when_empty(self.view, self.narrowed, self._counts)

    def say_place(self) -> None:
        """The title: the view, how many tickets, how many are marked, what waits to be sent."""
        total = self.pages.total if self.pages is not None and self._counts else None
        marked = marked_words(
            len(self.marked), len(self.marks), self.marked_elsewhere, filtered=bool(self.narrowed)
        )
        self.query_one(TitleLine).place = place_words(self.view, marked, total, self.drafts)

    def show_marks(self) -> None:
        """Draw the marks, and say how many there are."""
        super().show_marks()
        self.say_place()

    def tick(self, now: datetime) -> None:
        """Bring the words of time up to date; look again now and then."""
        super().tick(now)
        self.table.tick(now)
        if self._beside is not None:
            self._beside.tick(now)
        looked = self._looked
        if looked is not None and (
            not timedelta() <= now - looked < LOOK_AGAIN  # nor does a clock that was set back wait
            or self.table.has_become_overdue(looked, now)
        ):
            self.refresh_rows()

    def on_screen_suspend(self) -> None:
        """Whoever has found another screen has begun."""
        self.begun()

    def on_screen_resume(self) -> None:
        """Something may have been done on the screen that was above."""
        if self._looked is not None:
            self.refresh_rows()
            self.look_for_drafts()

    # The ticket beside

    @property
    def is_peeking(self) -> bool:
        """Whether the agent looks into tickets, whatever the width."""
        return self.has_class("-peek")

    def action_peek(self) -> None:
        """Look into the selected ticket without opening it, or no longer; moving goes on."""
        self.toggle_class("-peek")
        self.run_worker(self._preview(), group=KEYS_WAIT)

    async def action_back(self) -> None:
        """Look into tickets no longer; else what back does."""
        if self.is_peeking:
            self.remove_class("-peek")
        else:
            await super().action_back()

    def on_queue_table_highlighted(self, message: QueueTable.Highlighted) -> None:
        """Another ticket is under the cursor."""
        self.query_one(DetailLines).show(message.row)
        self._preview_soon()
        with self.careful():
            self.follow_run()
        pages = self.pages
        if pages is not None:
            wanted = pages.missing_near(self.table.cursor)
            if wanted is not None:
                self.work(partial(pages.load, wanted), group="ahead")

    def on_resize(self) -> None:
        """There may be room for the preview now."""
        self._preview_soon()

    def _preview_soon(self) -> None:
        """Show the selected ticket beside once the cursor rests."""
        if self._resting is not None:
            self._resting.stop()
        if self._looked is not None and (self.is_peeking or self.query_one("#beside").display):
            self._resting = self.set_timer(PREVIEW_DELAY, self._preview)

    async def _preview(self) -> None:
        from helpdesk.screens.queue_beside import QueueBeside, read

        if self._beside is None:
            self._beside = QueueBeside()
            await self.query_one("#beside").mount(self._beside)
        row = self.table.selected
        if row is None:
            self._beside.show(None)
        else:
            read_it = partial(read, self.desk, row)
            self.work(read_it, self._beside.show, group="preview", failed=self._not_read_beside)

    def _not_read_beside(self, error: HelpdeskError) -> None:
        """Leave no other ticket beside one that cannot be read."""
        if self._beside is not None:
            self._beside.show(None)
        self.complain(error)

    def on_queue_table_opened(self) -> None:
        """A click on the selected ticket opens it."""
        self.run_worker(self.action_do("open"))

    # Marks, triage, drafts

    def action_mark_all(self) -> None:
        """Mark all of the view, whether in sight or not."""
        text = self.query_text
        find = partial(numbers, self.desk, text, MOST + 1)
        self.work(find, partial(self._mark_all, self.marks), group="mark", keys_wait=True)

    def _mark_all(self, marks: Marks, found: list[int]) -> None:
        marks.stop()
        whole = marks.add(found)
        self.show_marks()
        if not whole:
            self.tell(TOO_MANY)

    def action_triage(self) -> None:
        """Go through what waits on us here, one ticket after another."""
        from helpdesk.screens.triage import TriageScreen

        self.app.push_screen(TriageScreen(self.query_text), self._triaged)

    def _triaged(self, done: str | None) -> None:
        if done:
            self.sum_up(done)

    def look_for_drafts(self) -> None:
        """See how many drafts wait."""
        from helpdesk.desk import drafts

        began, given_up = self.began, self.held.given_up
        self.work(
            lambda: len(drafts.waiting(self.desk, began, given_up)),
            self.found_drafts,
            group="drafts",
        )

    def found_drafts(self, count: int) -> None:
        """So many drafts wait."""
        self.drafts = count
        self.say_place()

    def action_drafts(self) -> None:
        """Show what the agent was writing."""
        from helpdesk.screens.drafts import DraftsScreen

        self.app.push_screen(DraftsScreen(self.began))

    def begun(self) -> None:
        """How to begin is read."""
        if self._welcome:
            self._welcome = False
            self.query("Welcome").remove()
