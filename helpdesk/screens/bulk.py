"""One decision for many tickets: what it would do to each and tell to whom; then it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice
from threading import Event
from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk import bulk
from helpdesk.desk.bulk import Assign, Close, Decision, Result, Step, Tag
from helpdesk.domain.wording import channel_words, day_and_time
from helpdesk.screens.base import DeskScreen
from helpdesk.terminal.actions import bindings, labelled, pick
from helpdesk.text import clean, clean_line
from helpdesk.widgets.customer_card import contact
from helpdesk.widgets.pick_list import PickList
from helpdesk.widgets.step_list import StepList
from helpdesk.widgets.title_line import TitleLine

T = TypeVar("T")

AT_ONCE = 5
"""So many tickets are looked at, or done, between two looks at the progress."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of it: the tickets that were ``done``, and all in a line."""

    done: tuple[int, ...]
    words: str


class Stage(Enum):
    """How far it has come."""

    REVIEWING = "looking what it would do"
    READY = "reviewed"
    CARRYING_OUT = "carrying it out"
    OVER = "over"


class BulkScreen(DeskScreen[Carried]):
    """Reviews the decision for those tickets, and carries it out when the agent says so."""

    ACTIONS = (
        *labelled(pick("send back"), {"send": "carry out"}),
        replace(pick("down")[0], label="next"),
        *pick("up page_down page_up first last help"),
    )
    BINDINGS = bindings(ACTIONS)
    PLACE = "review"
    CSS_PATH = "bulk.tcss"
    AUTO_FOCUS = "StepList"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-side")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    def __init__(self, tickets: Sequence[int], decision: Decision) -> None:
        super().__init__()
        self.tickets = tuple(tickets)
        self.decision = decision
        self.stage = Stage.REVIEWING
        self._stop = Event()
        self._stopped = False

    def body(self) -> ComposeResult:
        """What is decided and how far it has come; the tickets; the letter of the selected one."""
        yield Static(Content(""), id="decided")
        with Horizontal(id="review"):
            yield StepList()
            with VerticalScroll(id="letter", can_focus=False):
                yield Static(Content(""))

    def on_mount(self) -> None:
        """Look what it would do."""
        self.query_one(TitleLine).place = f"review · {_tickets(len(self.tickets))}"
        self._say()
        self.work(self._review, self._reviewed)

    def on_unmount(self) -> None:
        """Whichever way the agent leaves: what is done is done, and nothing more."""
        self._stop.set()

    @property
    def shown(self) -> StepList:
        """The tickets."""
        return self.query_one(StepList)

    # Reviewing

    def _review(self) -> None:
        for steps in self._some(bulk.preview(self.desk, self.tickets, self.decision)):
            self.call_later(self._looked_at, steps)

    def _some(self, all_of_it: Iterator[T]) -> Iterator[Sequence[T]]:
        """A few at a time, until it is over or is to stop. In a thread."""
        while not self._stop.is_set():
            some = []
            for each in islice(all_of_it, AT_ONCE):
                some.append(each)
                if self._stop.is_set():
                    break
            if not some:
                return
            yield some

    def _looked_at(self, steps: Iterable[Step]) -> None:
        with self.careful():
            self.shown.add(steps)
            self._say()

    def _reviewed(self, _: None) -> None:
        if self.stage is Stage.REVIEWING:
            self.stage = Stage.READY
            self._say()

    # Carrying out

    def why_not(self, name: str) -> str | None:
        """Why it cannot be carried out."""
        if name != "send":
            return None
        if self.stage is Stage.REVIEWING:
            return "it is not all reviewed yet; try again"
        if self.stage is Stage.CARRYING_OUT:
            return "it is being carried out; esc stops it"
        if self.stage is Stage.OVER:
            return "it is carried out; esc goes back"
        if not self._to_do:
            return "nothing of it can be done; esc goes back"
        return None

    @property
    def _to_do(self) -> list[Step]:
        return [step for step in self.shown.steps if not step.refused]

    def action_send(self) -> None:
        """Carry it out."""
        self.stage = Stage.CARRYING_OUT
        self._say()
        steps = list(self.shown.steps)
        self.work(lambda: self._carry_out(steps))

    def _carry_out(self, steps: Sequence[Step]) -> None:
        try:
            for results in self._some(bulk.carry_out(self.desk, steps, self.decision)):
                self.call_later(self._did, results)
        finally:
            self.call_later(self._carried_out)

    def _did(self, results: Iterable[Result]) -> None:
        with self.careful():
            self.shown.settle(results)
            self._say()

    def _carried_out(self) -> None:
        self.stage = Stage.OVER
        self._stopped = len(self.shown.results) < len(self._to_do)
        self._say()
        self.tell("esc goes back")

    def action_back(self) -> None:
        """Stop what goes on, or leave; nothing that is done is undone."""
        if self.stage is Stage.CARRYING_OUT:
            self._stop.set()
            self.tell("stopping after the ticket that is being done")
            return
        done = tuple(result.number for result in self.shown.results.values() if result.done)
        self.dismiss(Carried(done, self.summary) if self.stage is Stage.OVER else None)

    def action_quit(self) -> None:
        """Stop what goes on first."""
        self.action_back()

    # Showing

    @property
    def summary(self) -> str:
        """What came of it, in a line."""
        results = self.shown.results.values()
        done = sum(result.done for result in results)
        not_done = len(results) - done
        untouched = len(self.tickets) - len(results)
        parts = [f"{done} done"]
        if not_done:
            parts.append(f"{not_done} not done")
        if untouched:
            parts.append(f"{untouched} {'left as they were' if self._stopped else 'left out'}")
        return f"{decision_words(self.decision, self)}: {', '.join(parts)}"

    def _say(self) -> None:
        """The lines above the list."""
        words = Content.styled(clean_line(decision_words(self.decision, self)), "$foreground bold")
        self.query_one("#decided", Static).update(Content("\n").join([words, self._progress()]))

    def _progress(self) -> Content:
        steps, results = self.shown.steps, self.shown.results
        if self.stage is Stage.REVIEWING:
            return _quiet(f"{self.stage.value}: {len(steps)} of {len(self.tickets)}; esc leaves")
        to_do = len(self._to_do)
        if self.stage is Stage.CARRYING_OUT:
            return Content.styled(
                f"{self.stage.value}: {len(results)} of {to_do}; esc stops", "$accent bold"
            )
        if self.stage is Stage.OVER:
            return Content.styled(self.summary.rpartition(": ")[2], "$success bold")
        told = sum(1 for step in self._to_do if step.letter)
        refused = len(steps) - to_do
        line = Content(f"{to_do} to do")
        if refused:
            line += Content.styled(f" · ✗ {refused} left out", "$error bold")
        return line + Content(f" · {_letters(told)}") + _quiet(" · nothing is done yet")

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Show what the customer of the selected ticket is told."""
        self.query_one("#letter > Static", Static).update(letter(self.shown.selected))
        self.query_one("#letter", VerticalScroll).scroll_home(animate=False)

    def action_down(self) -> None:
        """To the next ticket."""
        self.shown.move(1)

    def action_up(self) -> None:
        """To the ticket before."""
        self.shown.move(-1)

    def action_page_down(self) -> None:
        """A page down."""
        self.shown.move(self.shown.page)

    def action_page_up(self) -> None:
        """A page up."""
        self.shown.move(-self.shown.page)

    def action_first(self) -> None:
        """To the first ticket."""
        self.shown.move_to(0)

    def action_last(self) -> None:
        """To the last ticket."""
        self.shown.move_to(self.shown.total - 1)


def decision_words(decision: Decision, screen: DeskScreen[Carried]) -> str:
    """The decision in a line."""
    match decision:
        case Assign(assignee=assignee):
            return f"assign to {assignee or 'nobody'}"
        case Tag(add=add, remove=remove):
            return f"tags {' '.join([*(f'+{tag}' for tag in add), *(f'-{tag}' for tag in remove)])}"
        case Close(macro=macro, no_answer_reason=reason):
            if macro:
                return f"close with the text {macro}"
            return f"close, no answer needed: {reason}" if reason else "close"
        case _:
            due = day_and_time(decision.due, screen.desk.zone)
            return f"another date: {due}, because: {decision.reason}"


def letter(step: Step | None) -> Content:
    """What the customer is told and how; or that nothing is."""
    if step is None:
        return Content("")
    if step.refused:
        return Content.styled(f"✗ left out: {clean_line(step.what, 400)}", "$error")
    if not step.letter or step.customer is None or step.channel is None:
        return _quiet("The customer is told nothing.")
    address = contact(step.customer, step.channel)
    how = f"to  {channel_words(step.channel)} {address}".rstrip()
    head = Content.assemble((how, "bold"), f" · {clean_line(step.customer.name)}")
    return Content("\n").join([head, Content(clean(step.letter).strip("\n"))])


def _letters(count: int) -> str:
    if not count:
        return "no customer is told"
    return "1 customer is told" if count == 1 else f"{count} customers are told"


def _quiet(text: str) -> Content:
    return Content.styled(text, "$text-muted")


def _tickets(count: int) -> str:
    return "1 ticket" if count == 1 else f"{count} tickets"
