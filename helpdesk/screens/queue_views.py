"""The views of the queue: going from one to another, narrowing down, keeping a filter as one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from helpdesk.domain.errors import HelpdeskError, InvalidInput
from helpdesk.domain.query import VIEWS, awaited
from helpdesk.screens.marks import Marks
from helpdesk.screens.queue_deeds import DeedsScreen
from helpdesk.screens.queue_pages import QueuePages, find, narrowed_by
from helpdesk.widgets.views_bar import KEYS, ViewsBar

if TYPE_CHECKING:
    from textual.timer import Timer

    from helpdesk.desk.preferences import Preferences
    from helpdesk.widgets.filter_line import FilterLine

FIRST_VIEW = "on-us"

TYPING_DELAY = 0.15
"""Seconds without a key until what is typed narrows the view."""


class ViewedScreen(DeedsScreen):
    """A screen with rows of tickets, which are those of a view."""

    def __init__(self) -> None:
        super().__init__()
        self.view = FIRST_VIEW
        self.narrowed = ""
        self._marks_of = {FIRST_VIEW: self.marks}
        self._left_at: dict[str, int | None] = {}
        self._typing: Timer | None = None

    def show_rows(self, pages: QueuePages, cursor: int) -> None:
        """Show other rows."""

    def say_found(self) -> None:
        """Say how many there are."""

    def begun(self) -> None:
        """How to begin needs to be shown no more."""

    @property
    def queries(self) -> dict[str, str]:
        """All views as queries, by name: those of the desk, then the agent's own."""
        return {**VIEWS, **self.preferences.views}

    @property
    def query_text(self) -> str:
        """What is shown now, as a query."""
        return narrowed_by(self.queries[self.view], self.narrowed)

    @property
    def marked_elsewhere(self) -> int:
        """How many tickets are marked in other views."""
        return sum(
            len(self._marks_of[view])
            for view in self.queries
            if view in self._marks_of and view != self.view
        )

    @property
    def filter_line(self) -> FilterLine | None:
        """The line of the filter, while it is open."""
        from helpdesk.widgets.filter_line import FilterLine

        return next((line for line in self.query(FilterLine) if line.is_whole), None)

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
        self._stop_narrowing()
        self.marks.stop()
        self.view, self.narrowed = view, narrowed
        # Marks belong to the view they were set in: nothing is done to what is not in sight.
        self.marks = self._marks_of.setdefault(view, Marks())
        self.show_rows(pages, pages.cursor_at(ticket))
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
        if waits_for := awaited(line.text):
            self.jobs.drop("filter")
            line.answer(f"… {waits_for}")
            return
        typed = line.text.strip()
        # What is found anew is looked at from its most urgent ticket on.
        ticket = self.ticket if typed in ("", self.narrowed) else None
        text = narrowed_by(self.queries[self.view], typed)
        self.work(
            lambda: find(self.desk, text, ticket),
            partial(self._typed, typed),
            group="filter",
            failed=self._wrong,
        )

    def _typed(self, typed: str, found: tuple[QueuePages, int]) -> None:
        line = self.filter_line
        if line is None or line.text.strip() != typed:
            return
        self.narrowed = typed
        self.show_rows(*found)
        self.say_found()

    def _wrong(self, error: HelpdeskError) -> None:
        """Say what is wrong; not while the agent is being offered how it could go on."""
        line = self.filter_line
        if line is not None:
            line.refuse(error.message)

    async def on_filter_line_applied(self, message: FilterLine.Applied) -> None:
        """Narrow down as typed, at once, and go back to the rows."""
        text = message.text.strip()
        with self.careful():
            if not text:
                await self._clear_filter()
                return
            self._stop_narrowing()
            try:
                if text != self.narrowed:
                    self._go_to(self.view, text, None)
            except InvalidInput as error:
                message.line.answer(error.message, wrong=True)
                message.line.edit()
                return
            self.screen.set_focus(self.table)

    async def action_back(self) -> None:
        """Unmark what is marked, else clear the filter, else hide how to begin."""
        if self.marks:
            self.marks.clear()
            self.show_marks()
        elif self.filter_line is not None or self.narrowed:
            await self._clear_filter()
        else:
            self.begun()

    async def _clear_filter(self) -> None:
        await self._close_filter()
        if self.narrowed:
            self._go_to(self.view, "", self.ticket)

    def _stop_narrowing(self) -> None:
        """No rows come any more for what is typed: they would come under the next key."""
        self.jobs.drop("filter")
        if self._typing is not None:
            self._typing.stop()

    async def _close_filter(self) -> None:
        self._stop_narrowing()
        line = self.filter_line
        if line is not None:
            self.table.focus()
            await line.remove()
