"""The line in which an agent narrows the queue down by a query."""

from contextlib import suppress
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from helpdesk.desk.finding import known
from helpdesk.domain.completion import Known
from helpdesk.domain.errors import HelpdeskError
from helpdesk.text import clean_line
from helpdesk.widgets.at_desk import desk_of
from helpdesk.widgets.completed_line import ONE_OF_THESE, CompletedLine

HINT = "words, is:overdue, kind:complaint, assignee:me, due:<2d, from:name …"


class FilterLine(Horizontal):
    """A query, and beside it what is wrong with it or how much it found."""

    DEFAULT_CSS = """
    FilterLine { height: 1; background: $surface; }
    FilterLine > .filter-line--sign { width: 3; color: $accent; text-style: bold; }
    FilterLine > .filter-line--answer {
        width: auto; max-width: 60%; height: 1; padding: 0 1; color: $text-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    FilterLine.-wrong > .filter-line--answer { color: $error; text-style: bold; }
    """

    @dataclass
    class Applied(Message):
        """The agent pressed enter."""

        line: "FilterLine"
        text: str

    def compose(self) -> ComposeResult:
        """A slash, the query, the answer."""
        yield Static(Content(" /"), classes="filter-line--sign")
        yield CompletedLine(hint=HINT)
        yield Static(Content(""), classes="filter-line--answer")

    def on_mount(self) -> None:
        """Learn which tags and agents there are, in a thread; until then they are not offered."""
        self.run_worker(self._learn, thread=True, exit_on_error=False)

    def _learn(self) -> None:
        with suppress(HelpdeskError):  # the desk itself says what is wrong with it
            self.call_later(self._learned, known(desk_of(self)))

    def _learned(self, what: Known) -> None:
        self.query_one(CompletedLine).known = what

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there: not while it is opened or goes away."""
        return bool(self.query(CompletedLine) and self.query(".filter-line--answer"))

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(CompletedLine).value

    def edit(self) -> None:
        """Let the agent type."""
        self.query_one(CompletedLine).edit()

    def answer(self, text: str, *, wrong: bool = False) -> None:
        """Say how much was found, or what is wrong; what is typed stays."""
        self.set_class(wrong, "-wrong")
        self.query_one(".filter-line--answer", Static).update(Content(clean_line(text)))

    def refuse(self, reason: str) -> None:
        """Say what is wrong; while it is offered how the query could go on, only that it has to."""
        offers = self.query_one(CompletedLine).offers.is_open
        self.answer(ONE_OF_THESE if offers else reason, wrong=not offers)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter applies the query as it is typed."""
        event.stop()
        self.post_message(self.Applied(self, event.value))
