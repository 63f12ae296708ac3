"""Moving about in the rows of the queue, and marking them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk.domain.errors import InvalidInput
from helpdesk.screens.marks import MOST, Marks
from helpdesk.terminal.actions import labelled, pick
from helpdesk.widgets.queue_table import QueueTable
from helpdesk.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpdesk.screens.base import DeskScreen
    from helpdesk.screens.queue_pages import QueuePages
    from helpdesk.terminal.actions import Action

    Base = DeskScreen[None]
else:
    Base = object  # one class of a screen is made, not four: each takes time before the first rows

MARKING = pick("mark mark_range mark_run mark_down mark_up mark_all")
_WITH_MARKS = "mark assign assign_to tags close promise back help quit"
_WORDS_WITH_MARKS = {
    "mark": "mark", "assign": "take", "assign_to": "assign", "tags": "tags", "close": "close",
    "promise": "move", "back": "unmark",
}  # fmt: skip

ON_A_TICKET = frozenset(
    {
        "open", "peek", "reply", "note", "promise", "assign", "assign_to", "leave", "tags",
        "close", "no_answer", "customer", "mark", "mark_range", "mark_run", "mark_down", "mark_up",
        "mark_all",
    }
)  # fmt: skip
"""What is done to the ticket under the cursor."""

TOO_MANY = f"at most {MOST} tickets can be marked; the others are not"


class RowsScreen(Base):
    """What a screen has that holds a QueueTable, whose rows can be marked."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = Marks()
        """The marks of what is shown."""
        self.marked: tuple[int, ...] = ()
        """The marked tickets that are among the rows, which is what a deed is done to."""
        self.pages: QueuePages | None = None

    @property
    def table(self) -> QueueTable:
        """The rows."""
        return self.query_one(QueueTable)

    @property
    def ticket(self) -> int | None:
        """The number of the selected ticket; None if there is none."""
        row = self.table.selected
        return row.id if row is not None else None

    def show_marks(self) -> None:
        """Draw the marks as they are now; the key line says what can be done with them."""
        self.marked = self.pages.which(self.marks.tickets) if self.pages is not None else ()
        self.table.mark(frozenset(self.marked))
        for line in self.query(StatusLine):
            line.offer(self._key_line())

    def _key_line(self) -> Sequence[Action]:
        if not self.marked:
            none = self.pages is not None and not self.pages.total
            shown = [each for each in self.ACTIONS if not none or each.name not in ON_A_TICKET]
            return self.offered(shown)
        return self.offered(labelled(pick(_WITH_MARKS), _WORDS_WITH_MARKS))

    # Moving

    def action_down(self) -> None:
        """One row down."""
        self.table.move(1)

    def action_up(self) -> None:
        """One row up."""
        self.table.move(-1)

    def action_page_down(self) -> None:
        """A page down."""
        self.table.move(self.table.page)

    def action_page_up(self) -> None:
        """A page up."""
        self.table.move(-self.table.page)

    def action_first(self) -> None:
        """To the first row."""
        self.table.move_to(0)

    def action_last(self) -> None:
        """To the last row."""
        self.table.move_to(self.table.rows.total - 1)

    # Marking

    def action_mark(self) -> None:
        """Mark the selected ticket, or no longer, and go on to the next."""
        number = self._selected()
        before = len(self.marks)
        self.marks.turn(number)
        self._marked(len(self.marks) != before)
        self.table.move(1)

    def action_mark_range(self) -> None:
        """Mark all between the ticket marked last and this one."""
        here = self._selected()
        last = self._place_of_last()
        self.marks.stop()
        whole = self.marks.add(self._between(last, self.table.cursor))
        self.marks.last = here
        self._marked(whole)

    def action_mark_run(self) -> None:
        """Let moving mark, or no longer."""
        if self.marks.running:
            self.marks.stop()
            self.tell(f"{_tickets(len(self.marked))} marked")
            return
        self.marks.run(self._selected())
        self._marked(True)

    def action_mark_down(self) -> None:
        """Mark this ticket and the next."""
        self._mark_on(1)

    def action_mark_up(self) -> None:
        """Mark this ticket and the one before."""
        self._mark_on(-1)

    def _mark_on(self, by: int) -> None:
        self.marks.stop()
        first = self._selected()
        self.table.move(by)
        here = self._selected()
        whole = self.marks.add([first, here])
        self.marks.last = here
        self._marked(whole)

    def follow_run(self) -> None:
        """The cursor has moved: if a run goes on, mark all that it goes over."""
        if not self.marks.running or self.ticket is None:
            return
        last = self.pages.place_of(self.marks.last) if self.pages and self.marks.last else None
        if last is None:
            self.marks.stop()
            return
        self._marked(self.marks.run_over(self._between(last, self.table.cursor)))

    def _selected(self) -> int:
        number = self.ticket
        if number is None:
            raise InvalidInput("no ticket is selected here")
        return number

    def _place_of_last(self) -> int:
        last = self.marks.last
        place = self.pages.place_of(last) if self.pages is not None and last is not None else None
        if place is None:
            raise InvalidInput("mark the first one of the range (x), then go to the last (X)")
        return place

    def _between(self, one: int, other: int) -> list[int]:
        """The tickets from one row to the other, both too; no more than can be marked."""
        step = 1 if one <= other else -1
        rows = (self.table.rows.row(place) for place in range(one, other + step, step))
        return [row.id for row, _ in zip(rows, range(MOST + 1), strict=False) if row is not None]

    def _marked(self, whole: bool) -> None:
        self.show_marks()
        if not whole:
            self.tell(TOO_MANY)


def _tickets(count: int) -> str:
    return "1 ticket" if count == 1 else f"{count} tickets"
