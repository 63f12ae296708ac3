"""A small form over the screen: a reason, a name, a few fields; what they are for is done here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.rights import Right
from helpdesk.screens.dialog import DeskDialog
from helpdesk.screens.writing import Trouble, WritingScreen
from helpdesk.terminal.actions import bindings, pick
from helpdesk.text import clean_line, width
from helpdesk.widgets.fields import ChoiceField, Option, TextField
from helpdesk.widgets.line_field import LineField

Check = Callable[[str], str]
"""Given what is typed: what it means, shown beside it. Raises HelpdeskError if it can't be taken"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line to type."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    check: Check | None = None
    field: type[LineField] = LineField
    more: bool = False
    """Whether what is typed goes behind the value, as one more word"""
    offers: tuple[str, ...] = ()
    """What down and up go through; a key typed first takes the place of the value"""


@dataclass(frozen=True, slots=True)
class Text:
    """Several lines to type, of which ``rows`` are in sight."""

    name: str
    label: str
    value: str = ""
    rows: int = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: str


FormField = Line | Text | Choice


class PromptScreen(DeskDialog[object], WritingScreen[object]):
    """Asks for ``fields`` and does ``do`` with them, in a thread; gives what ``do`` gives.

    An error of ``do`` is shown here, and what was typed stays. None is given if the agent left.
    """

    ACTIONS = (replace(pick("send")[0], label="save"), *pick("back"))
    BINDINGS = [*bindings(ACTIONS), ("down", "offer(1)"), ("up", "offer(-1)")]
    CSS_PATH = "prompt.tcss"
    AUTO_FOCUS = "LineField, TextField, ChoiceField"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    def __init__(
        self,
        title: str,
        fields: Sequence[FormField],
        do: Callable[[Mapping[str, str]], object],
        explain: Sequence[str] = (),
        right: Right = Right.WORK,
    ) -> None:
        """``right`` is what it takes to send it."""
        super().__init__()
        self._right = right
        self._title = clean_line(title, 200)
        self._fields = tuple(fields)
        self.takes_text = any(isinstance(field, Text) for field in self._fields)
        self._do = do
        self._explain = explain

    def right_to(self, name: str) -> Right:
        """To send it takes the right to what it is for."""
        return self._right if name == "send" else super().right_to(name)

    def body(self) -> ComposeResult:
        """What it is about, the fields, what is wrong with them."""
        for line in self._explain:
            yield Static(explained(line), classes="explain")
        cells = max(width(field.label) for field in self._fields) + 2
        with VerticalScroll(id="fields", can_focus=False):
            for field in self._fields:
                yield from _row(field, cells)
        yield Trouble()

    def on_mount(self) -> None:
        """Say what the dialog is about, and check what stands in it already."""
        self.query_one("#dialog").border_title = cast(Any, Content(f" {self._title} "))
        for field in self._fields:
            if isinstance(field, Line) and field.value:
                self._check(field, field.value)
                if field.offers:
                    self.query_one(f"#field-{field.name}", LineField).select_all()

    def action_offer(self, by: int) -> None:
        """Put the next of what is offered into the line that is typed in, or the one before."""
        line = self.focused
        for field in self._fields:
            if isinstance(line, LineField) and line.id == f"field-{field.name}":
                offers = field.offers if isinstance(field, Line) else ()
                if offers:
                    begin = -1 if by > 0 else 0
                    here = offers.index(line.value) if line.value in offers else begin
                    line.value = offers[(here + by) % len(offers)]
                    line.select_all()

    def values(self) -> dict[str, str]:
        """What is typed and chosen, by the names of the fields."""
        found: dict[str, str] = {}
        for field in self._fields:
            widget = self.query_one(f"#field-{field.name}")
            if isinstance(widget, TextField):
                found[field.name] = widget.text
            elif isinstance(widget, LineField | ChoiceField):
                found[field.name] = widget.value
        return found

    def fill(self, name: str, value: str) -> None:
        """Put ``value`` into the field of that name, as if it had stood there."""
        widget = self.query_one(f"#field-{name}")
        with self.prevent(Input.Changed, TextArea.Changed):  # what is said stays: nobody typed
            if isinstance(widget, TextField):
                widget.fill(value, len(value))
            elif isinstance(widget, LineField | ChoiceField):
                widget.value = value
        for field in self._fields:
            if isinstance(field, Line) and field.name == name:
                self._check(field, value)

    def is_written(self) -> bool:
        """Whether anything typed differs from how the form began."""
        began = {field.name: field.value for field in self._fields}
        return any(value.strip() != began[name].strip() for name, value in self.values().items())

    def action_back(self) -> None:
        """Leave; a single line is typed again sooner than a question is answered."""
        if len(self._fields) == 1 and isinstance(self._fields[0], Line):
            self.dismiss()
        else:
            super().action_back()

    def complain(self, error: HelpdeskError | str) -> None:
        """Say what went wrong, unless it stands below its field already."""
        words = error if isinstance(error, str) else error.message
        said = {str(note.visual) for note in self.query(".note.-said").results(Static)}
        if f"✗ {clean_line(words)}" not in said:
            super().complain(error)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is typed means, or what is wrong with it."""
        for field in self._fields:
            if isinstance(field, Line) and event.input.id == f"field-{field.name}":
                self._check(field, event.value)

    def on_input_submitted(self) -> None:
        """Enter goes to the next field, and from the last one sends."""
        if self.focused is not None and self.focused.id == f"field-{self._fields[-1].name}":
            self.action_send()
        else:
            self.focus_next()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """What was wrong may be right now."""
        self.tell("")

    def action_send(self) -> None:
        """Do what the form is for."""
        values = self.values()
        self.send(lambda: self._do(values), self.leave)

    def _check(self, field: Line, value: str) -> None:
        self.tell("")
        if field.check is None:
            return
        note = self.query_one(f"#note-{field.name}", Static)
        words, style = "", "$text-muted"
        try:
            words = field.check(value) if value.strip() else ""
        except HelpdeskError as error:
            words, style = f"✗ {error.message}", "$error"
        note.set_class(bool(words), "-said")
        note.update(Content.styled(clean_line(words), style))


def explained(text: str) -> Content:
    """What is said of a form, in one line or several."""
    return Content.styled("\n".join(map(clean_line, text.split("\n"))), "$text-muted")


def _row(field: FormField, cells: int) -> ComposeResult:
    """The label, ``cells`` wide, and the field beside it; below it what is typed means."""
    with Horizontal(classes="row"):
        label = Static(Content.styled(field.label, "$text-muted"), classes="label")
        label.styles.width = cells
        yield label
        widget = _widget(field)
        if isinstance(field, Text):
            widget.styles.height = field.rows
        yield widget
    if isinstance(field, Line) and field.check is not None:
        note = Static(Content(""), id=f"note-{field.name}", classes="note")
        note.styles.padding = (0, 1, 0, cells + 1)
        yield note


def _widget(field: FormField) -> Widget:
    name = f"field-{field.name}"
    if isinstance(field, Line):
        line = field.field(field.value, hint=field.hint, id=name)
        if field.more and line.value:
            line.value += " "
            line.cursor_position = len(line.value)
        return line
    if isinstance(field, Text):
        return TextField(field.value, id=name)
    return ChoiceField(field.options, field.value, id=name)
