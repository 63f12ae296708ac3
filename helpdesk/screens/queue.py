"""The queue: what waits, ordered by what was promised."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.css.query import NoMatches

from helpdesk import clock
from helpdesk.domain.errors import HelpdeskError, InvalidInput
from helpdesk.domain.query import VIEWS
from helpdesk.screens.history import QUEUE, Place
from helpdesk.screens.marks import MOST
from helpdesk.screens.queue_deeds import DeedsScreen
from helpdesk.screens.queue_pages import Look, QueuePages, find, look, narrowed_by, numbers
from helpdesk.screens.queue_rows import MARKING, TOO_MANY
from helpdesk.screens.queue_words import place_words, when_empty
from helpdesk.terminal.actions import bindings, pick, unlabelled
from helpdesk.widgets.detail_lines import DetailLines
from helpdesk.widgets.queue_table import QueueHeading, QueueTable
from helpdesk.widgets.title_line import TitleLine
from helpdesk.widgets.views_bar import KEYS, ViewsBar

if TYPE_CHECKING:
    from textual.timer import Timer

    from helpdesk.desk.preferences import Preferences
    from helpdesk.screens.queue_beside import QueueBeside
    from helpdesk.widgets.filter_line import FilterLine

FIRST_VIEW = "on-us"
LOOK_AGAIN = timedelta(seconds=30)
"""Promises fall due without anybody changing anything."""

PREVIEW_DELAY = 0.12
"""Seconds the cursor rests before a ticket is read for the preview."""

TYPING_DELAY = 0.15
"""Seconds without a key until what is typed narrows the view."""


class QueueScreen(DeedsScreen):
    """The first screen: views, the tickets of one of them, and the selected one beside."""

    ACTIONS = (
        *unlabelled(
            pick(
                "open reply note promise assign close triage filter new customer next_view "
                "previous_view view down up page_down page_up first last back theme help quit"
            ),
            "back",
        ),
        *MARKING,
        *pick("assign_to tags save_view drafts"),
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
        self.view = FIRST_VIEW
        self.narrowed = ""
        self.drafts = 0
        """How many drafts wait for the agent."""
        self.began = clock.now()
        """When the program began (UTC)."""
        self._welcome = welcome
        self._counts: dict[str, int] = {}
        self._left_at: dict[str, int | None] = {}
        self._looked: datetime | None = None
        self._resting: Timer | None = None
        self._typing: Timer | None = None
        self._beside: QueueBeside | None = None

    def body(self) -> ComposeResult:
        """Views, the table with its heading, two lines of detail."""
        table = QueueTable(self.desk.zone)
        table.heading = QueueHeading()
        views = ViewsBar()
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
        self.call_after_refresh(self.refresh_rows)

    @property
    def queries(self) -> dict[str, str]:
        """All views as queries, by name: those of the desk, then the agent's own."""
        return {**VIEWS, **self.preferences.views}

    @property
    def query_text(self) -> str:
        """What is shown now, as a query."""
        return narrowed_by(self.queries[self.view], self.narrowed)

    @property
    def filter_line(self) -> FilterLine | None:
        """The line of the filter, while it is open."""
        from helpdesk.widgets.filter_line import FilterLine

        try:
            return self.query_one(FilterLine)
        except NoMatches:
            return None

    @property
    def place(self) -> Place:
        """The queue, whatever it shows."""
        return Place(QUEUE)

    # Looking at the desk

    def refresh_rows(self) -> None:
        """Look at the desk anew, in a thread; the cursor stays on its ticket."""
        self._looked = self.desk.now()
        text, queries = self.query_text, self.queries
        ticket, near = self.ticket, self.table.cursor
        self.work(lambda: look(self.desk, text, queries, ticket, near), self._seen, group="look")

    def _seen(self, seen: Look) -> None:
        self._counts = seen.counts
        self.query_one(ViewsBar).counts = seen.counts
        # The agent may have moved on while the thread was looking.
        if seen.text == self.query_text:
            self._show(seen.pages, seen.cursor_for(self.ticket))
        self._say_found()

    def _show(self, pages: QueuePages, cursor: int) -> None:
        self.pages = pages
        self.query_one(ViewsBar).active = self.view
        self.table.show(pages, cursor)
        self._preview_soon()

    def _say_found(self) -> None:
        """How many tickets there are; where there are none, what to do."""
        total = self.pages.total if self.pages is not None else 0
        self.table.empty = when_empty(self.view, self.narrowed, self._counts)
        self.say_place()
        line = self.filter_line
        if line is not None and line.text.strip() == self.narrowed:
            line.answer(f"{total} found" if self.narrowed else "")

    def say_place(self) -> None:
        """The title: the view, how many tickets, how many are marked, what waits to be sent."""
        total = self.pages.total if self.pages is not None and self._counts else None
        words = place_words(self.view, total, len(self.marks), self.drafts)
        self.query_one(TitleLine).place = words

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
        if self._looked is not None and now - self._looked >= LOOK_AGAIN:
            self.refresh_rows()

    def on_screen_suspend(self) -> None:
        """Whoever has found another screen has begun."""
        self._begun()

    def on_screen_resume(self) -> None:
        """Something may have been done on the screen that was above."""
        if self._looked is not None:
            self.refresh_rows()
            self.look_for_drafts()

    # The ticket beside

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
        if self._looked is not None and self.query_one("#beside").display:
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
            self.work(partial(read, self.desk, row), self._beside.show, group="preview")

    def on_queue_table_opened(self) -> None:
        """A click on the selected ticket opens it."""
        self.run_worker(self.action_do("open"))

    # Views

    def on_views_bar_chosen(self, message: ViewsBar.Chosen) -> None:
        """A view was clicked."""
        self.go_to_view(message.view)

    def action_next_view(self) -> None:
        """The view after this one."""
        self._step(1)

    def action_previous_view(self) -> None:
        """The view before this one."""
        self._step(-1)

    def _step(self, by: int) -> None:
        names = list(self.queries)
        self.go_to_view(names[(names.index(self.view) + by) % len(names)])

    def action_view(self, key: str) -> None:
        """The view of that number; the agent's own ones come after those of the desk."""
        names, place = list(self.queries), KEYS.index(key)
        if place >= len(names):
            raise InvalidInput(f"there is no view {key} yet; V keeps a filter as a view")
        self.go_to_view(names[place])

    def go_to_view(self, view: str) -> None:
        """Show a view, by its name, the cursor where it was left there."""
        self._left_at[self.view] = self.ticket
        self._go_to(view, self.narrowed, self._left_at.get(view))

    def _go_to(self, view: str, narrowed: str, ticket: int | None) -> None:
        """Show other rows at once, so that the next key meets them; counts follow."""
        pages = QueuePages(self.desk, narrowed_by(self.queries[view], narrowed))
        self.drop("filter")
        self.marks.stop()
        self.view, self.narrowed = view, narrowed
        self._show(pages, pages.cursor_at(ticket))
        self.refresh_rows()

    def action_save_view(self) -> None:
        """Keep what is shown as a view; or see the agent's own ones, to change them."""
        from helpdesk.screens.views import ViewsScreen, keep_as_view

        text = self.query_text if self.narrowed else ""
        if text:
            self.app.push_screen(keep_as_view(self.desk, text), self._views_changed)
        elif self.preferences.views:
            self.app.push_screen(ViewsScreen(), self._view_chosen)
        else:
            raise InvalidInput("filter the view first (/): V then keeps it as a view of your own")

    def _view_chosen(self, view: str | None) -> None:
        if view is not None:
            self.go_to_view(view)

    def _views_changed(self, kept: object) -> None:
        """A view was kept: go there, without the filter, which it holds now."""
        from helpdesk.screens.views import Kept

        if isinstance(kept, Kept):
            self.take_views(kept.preferences)
            self.run_worker(self._go_to_kept(kept.name))

    async def _go_to_kept(self, name: str) -> None:
        with self.careful():
            self.narrowed = ""
            await self._close_filter()
            self._go_to(name, "", self.ticket)
            self.tell(f"kept as the view {name}")

    def take_views(self, preferences: Preferences) -> None:
        """The agent's views are others now."""
        self.preferences_are(preferences)
        self.query_one(ViewsBar).own = tuple(preferences.views)
        if self.view not in self.queries:
            self.view = FIRST_VIEW
            self._go_to(self.view, self.narrowed, self.ticket)
        else:
            self.refresh_rows()

    # The filter

    async def action_filter(self) -> None:
        """Open the filter line, or go back into it."""
        from helpdesk.widgets.filter_line import FilterLine

        line = self.filter_line
        if line is None:
            line = FilterLine()
            await self.query_one("#list").mount(line, before=0)
        line.edit()

    def on_input_changed(self) -> None:
        """Narrow down as it is typed, once the agent rests for a moment."""
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(TYPING_DELAY, self._narrow)

    def _narrow(self) -> None:
        line = self.filter_line
        if line is None:
            return
        view, typed, ticket = self.view, line.text.strip(), self.ticket
        text = narrowed_by(self.queries[view], typed)
        self.work(
            lambda: find(self.desk, text, ticket),
            partial(self._typed, view, typed),
            group="filter",
            failed=self._wrong,
        )

    def _typed(self, view: str, typed: str, found: tuple[QueuePages, int]) -> None:
        line = self.filter_line
        if line is None or line.text.strip() != typed or view != self.view:
            return
        self.narrowed = typed
        self._show(*found)
        self._say_found()

    def _wrong(self, error: HelpdeskError) -> None:
        """Say what is wrong; not while the agent is being offered how it could go on."""
        line = self.filter_line
        if line is not None:
            line.answer("" if line.is_offering else error.message, wrong=not line.is_offering)

    async def on_filter_line_applied(self, message: FilterLine.Applied) -> None:
        """Narrow down as typed, at once, and go back to the rows."""
        text = message.text.strip()
        with self.careful():
            if not text:
                await self._clear_filter()
                return
            try:
                if text != self.narrowed:
                    self._go_to(self.view, text, None)
            except InvalidInput as error:
                message.line.answer(error.message, wrong=True)
                return
            self.table.focus()

    async def action_back(self) -> None:
        """Unmark what is marked, else clear the filter, else hide how to begin."""
        if self.marks:
            self.marks.clear()
            self.show_marks()
        elif self.filter_line is not None or self.narrowed:
            await self._clear_filter()
        else:
            self._begun()

    async def _clear_filter(self) -> None:
        await self._close_filter()
        if self.narrowed:
            self._go_to(self.view, "", self.ticket)

    async def _close_filter(self) -> None:
        self.drop("filter")
        if self._typing is not None:
            self._typing.stop()
        line = self.filter_line
        if line is not None:
            self.table.focus()
            await line.remove()

    # Marks, triage, drafts

    def action_mark_all(self) -> None:
        """Mark all of the view, whether in sight or not."""
        text = self.query_text
        self.work(lambda: numbers(self.desk, text, MOST + 1), self._mark_all, group="mark")

    def _mark_all(self, found: list[int]) -> None:
        self.marks.stop()
        whole = self.marks.add(found)
        self.show_marks()
        if not whole:
            self.tell(TOO_MANY)

    def action_triage(self) -> None:
        """Go through what waits on us here, one ticket after another."""
        from helpdesk.screens.triage import TriageScreen

        self.app.push_screen(TriageScreen(self.query_text), self._triaged)

    def _triaged(self, done: str | None) -> None:
        if done:
            self.tell(done)

    def look_for_drafts(self) -> None:
        """See how many drafts wait."""
        from helpdesk.desk import drafts

        began = self.began
        self.work(lambda: len(drafts.waiting(self.desk, began)), self.found_drafts, group="drafts")

    def found_drafts(self, count: int) -> None:
        """So many drafts wait."""
        self.drafts = count
        self.say_place()

    def action_drafts(self) -> None:
        """Show what the agent was writing."""
        from helpdesk.screens.drafts import DraftsScreen

        self.app.push_screen(DraftsScreen(self.began))

    def _begun(self) -> None:
        """How to begin is read."""
        if self._welcome:
            self._welcome = False
            self.query("Welcome").remove()
