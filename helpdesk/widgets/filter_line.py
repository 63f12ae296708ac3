"""The line in which an agent narrows the queue down by a query."""

from contextlib import suppress
from dataclasses import dataclass

from textual.message import Message
from textual.widgets import Input

from helpdesk.desk.finding import known
from helpdesk.domain.completion import Known
from helpdesk.domain.errors import HelpdeskError
from helpdesk.widgets.at_desk import desk_of
from helpdesk.widgets.completed_line import ONE_OF_THESE, CompletedLine
from helpdesk.widgets.slash_line import SlashLine

HINT = "words, is:overdue, kind:complaint, assignee:me, due:<2d, from:name …"


class FilterLine(SlashLine):
    """A query, and beside it what is wrong with it or how much it found."""

    DEFAULT_CSS = """
    FilterLine.-wrong > .slash-line--answer { color: $error; text-style: bold; }
    """

    @dataclass
    class Applied(Message):
        """The agent pressed enter."""

        line: "FilterLine"
        text: str

    def field_to_type_in(self) -> CompletedLine:
        """A line for a query."""
        return CompletedLine(hint=HINT)

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
        return bool(self.query(CompletedLine) and self.query(".slash-line--answer"))

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
        super().answer(text)

    def refuse(self, reason: str) -> None:
        """Say what is wrong; while it is offered how the query could go on, only that it has to."""
        offers = self.query_one(CompletedLine).offers.is_open
        self.answer(ONE_OF_THESE if offers else reason, wrong=not offers)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter applies the query as it is typed."""
        event.stop()
        self.post_message(self.Applied(self, event.value))
