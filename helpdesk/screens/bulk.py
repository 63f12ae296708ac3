"""One decision for many tickets: what it would do to each and tell to whom; then it is held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import partial
from itertools import islice
from threading import Event
from typing import cast

from textual.content import Content
from textual.widgets import Static

from helpdesk.desk import bulk, drafts
from helpdesk.desk.batch import Batch, CarryingOut, decision_words, in_draft
from helpdesk.desk.bulk import Close, Move, Step
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import HelpdeskError, InvalidInput, TryAgain
from helpdesk.screens import bulk_words
from helpdesk.screens.bulk_reading import ACTIONS, ReadingScreen
from helpdesk.screens.keeper import Keeper
from helpdesk.screens.keeping import KEEP_SECONDS, EndsByHand
from helpdesk.screens.prompt import PromptScreen, Text
from helpdesk.terminal.actions import bindings
from helpdesk.terminal.typeahead import PATIENCE_SECONDS
from helpdesk.text import clean_line
from helpdesk.widgets.title_line import TitleLine

AT_ONCE = 5
"""So many tickets are looked at between two looks at the progress."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The agent had the decision carried out: on these tickets it is held, or done."""

    tickets: tuple[int, ...]


class Stage(Enum):
    """How far it has come."""

    REVIEWING = "looking what it would do"
    READY = "reviewed"
    SENDING = "carrying it out"


class BulkScreen(ReadingScreen[Sent]):
    """Reviews a decision for many tickets, which is held as one when the agent says so.

    ``draft`` is the one that it was kept in, if it is taken up again.
    """

    ACTIONS = ACTIONS
    BINDINGS = bindings(ACTIONS)
    PLACE = "review"
    CSS_PATH = "bulk.tcss"

    def __init__(self, batch: Batch, draft: Draft | None = None) -> None:
        super().__init__()
        self.tickets = tuple(dict.fromkeys(batch.tickets))
        self.decision = batch.decision
        self.letters = dict(batch.letters)
        self.stage = Stage.REVIEWING
        self._left_out = batch.left_out
        self._taken_up = draft
        self._keeper: Keeper | None = None
        self._keep_soon = False
        self._editing: tuple[int, str] | None = None
        self._leaving = Event()
        self._carrying: CarryingOut | None = None

    def on_mount(self) -> None:
        """Look what it would do."""
        self.query_one(TitleLine).place = f"review · {_tickets(len(self.tickets))}"
        self.shown.left_out = set(self._left_out)
        begun = self._taken_up or drafts.begin(self.desk, DraftKind.BULK)
        self._keeper = Keeper(self.desk, replace(begun, held=False), self._taken_up)
        cast(EndsByHand, self.app).before_the_end.insert(0, self.keep_at_once)
        self._say()
        self.work(self._review, self._reviewed)

    def on_unmount(self) -> None:
        """Look no further; what is being carried out goes on."""
        self._leaving.set()
        if self._carrying is not None:
            self._carrying.begun.set()
        with suppress(ValueError):
            cast(EndsByHand, self.app).before_the_end.remove(self.keep_at_once)

    @property
    def decided(self) -> Batch:
        """The decision as it is now."""
        letters = dict(self.letters)
        if self._editing is not None:
            letters |= [self._editing]
        return Batch(self.decision, self.tickets, frozenset(self.shown.left_out), letters)

    # Reviewing

    def _review(self) -> None:
        found = bulk.preview(self.desk, self.tickets, self.decision, self.letters)
        for steps in self._some(found):
            self.call_later(self._looked_at, steps)

    def _some(self, found: Iterator[Step]) -> Iterator[Sequence[Step]]:
        """A few at a time, until it is over or the agent leaves. In a thread."""
        while not self._leaving.is_set():
            some = list(islice(found, AT_ONCE))
            if not some:
                return
            yield some

    def _looked_at(self, steps: Iterable[Step]) -> None:
        with self.careful():
            self.shown.add(steps)
            self._say()

    def _reviewed(self, _: None) -> None:
        self.stage = Stage.READY
        self._say()

    def why_not(self, name: str) -> str | None:
        """Why it cannot be carried out or changed."""
        if name not in ("send", "mark", "edit", "take_back"):
            return None
        if name == "take_back" and self.stage is not Stage.SENDING:
            return None
        if self.stage is Stage.REVIEWING:
            return "it is not all reviewed yet; try again"
        if self.stage is Stage.SENDING:
            return "it is being carried out; esc stops it"
        if name == "send":
            return None if self.shown.to_do else "nothing of it can be done; esc goes back"
        if self.step is None or self.step.refused:
            return "this ticket is left out already: it says why"
        if name == "edit" and not self.step.letter:
            return "the customer is told nothing here"
        return None

    # Changing it

    def action_mark(self) -> None:
        """Leave the ticket out, or put it back, and go on to the next."""
        assert self.step is not None
        self.shown.turn(self.step.number)
        self._changed()
        self.show_letter()
        if not self.is_reading:
            self.shown.move(1)

    def action_edit(self) -> None:
        """Change the letter of the selected ticket."""
        step = self.step
        assert step is not None
        number, rows = step.number, max(3, min(14, self.size.height - 8))
        screen = LetterScreen(
            f"letter on #{number}",
            [Text("letter", "", step.letter, rows)],
            lambda values: self._rehearse(number, values["letter"]),
        )
        screen.keep = partial(self._typed, number)
        self.app.push_screen(screen, lambda result: self._edited(number, result))

    def _rehearse(self, number: int, text: str) -> Step:
        """The ticket with that letter. Raises InvalidInput if it cannot be sent."""
        [step] = bulk.preview(self.desk, [number], self.decision, {number: text})
        if step.refused:
            raise InvalidInput(step.what)
        if not step.letter:
            raise InvalidInput("the letter has no words: say what the customer is told")
        return step

    def _typed(self, number: int, text: str) -> None:
        self._editing = (number, text)
        self._changed()

    def _edited(self, number: int, result: object) -> None:
        """Take the letter as it will be sent, or leave it as it was."""
        self._editing = None
        if isinstance(result, Step):
            self.letters[number] = result.letter
            self.shown.put([result])
        self._changed()

    # Keeping it

    def _is_written(self) -> bool:
        """Whether something would be lost that the agent wrote."""
        again = self._taken_up is not None and isinstance(self.decision, Close | Move)
        return bool(self.decided.letters) or again

    def _draft(self) -> Draft:
        assert self._keeper is not None
        return in_draft(self.desk, self._keeper.draft, self.decided)

    def _changed(self) -> None:
        """Keep it soon."""
        self._say()
        if not self._keep_soon:
            self._keep_soon = True
            self.set_timer(KEEP_SECONDS, self._keep)

    def _keep(self) -> None:
        self._keep_soon = False
        keeper = self._keeper
        if keeper is not None and self.stage is Stage.READY and keeper.want(self._wanted()):
            self.work(keeper.settle)

    def _wanted(self) -> Draft | None:
        return self._draft() if self._is_written() else None

    def keep_at_once(self) -> None:
        """Called in the midst of anything when the program ends."""
        draft = self._wanted()
        if draft is not None and self._keeper is not None and self.stage is not Stage.SENDING:
            self._keeper.keep_now(draft)

    # Carrying it out

    def action_send(self) -> None:
        """Hold it, to be carried out soon."""
        self.stage = Stage.SENDING
        carrying = CarryingOut(self.desk, self.decided, self.shown.to_do)
        self._carrying, draft = carrying, self._draft()
        self._say()
        self.work(lambda: self._hold(carrying, draft), self._held, failed=self._not_held)
        # Keys typed meanwhile are for the queue; once it is being done, esc is to stop it.
        self.work(partial(carrying.begun.wait, PATIENCE_SECONDS), keys_wait=True)

    def _hold(self, carrying: CarryingOut, draft: Draft) -> list[Step]:
        """In a thread: hold it, unless something changed since it was reviewed; gives that.

        Raises:
            TryAgain: if the agent has stopped it.
        """
        try:
            fresh = bulk.look_again(self.desk, carrying.steps, self.decision, self.letters)
            if carrying.stop.is_set():
                raise TryAgain("stopped: nothing is done")
            if fresh:
                return fresh
            if self._keeper is not None:
                draft = self._keeper.give_away(draft)
            due = bulk.promise_at_stake(carrying.steps, self.decision, self.desk.now())
            self.held.hold_batch(carrying, draft, due)
        except Exception:
            self.stage = Stage.READY
            carrying.begun.set()
            if self._keeper is not None:
                self._keeper.take_again()
            raise
        return []

    def _held(self, fresh: list[Step]) -> None:
        assert self._carrying is not None
        self._carrying.begun.set()
        if not fresh:
            self.leave(Sent(self._carrying.tickets))
            self.app.call_later(self.held.show)
            return
        self.stage = Stage.READY
        self.shown.put(fresh)
        self._say()
        named = ", ".join(f"#{step.number}" for step in fresh[:5])
        changed = f"{_tickets(len(fresh))} changed meanwhile ({named})"
        self.complain(f"not done yet: {changed}: look, then ^s")

    def _not_held(self, error: HelpdeskError) -> None:
        self._say()
        self.complain(error)

    def action_back(self) -> None:
        """From the letter to the tickets; from there, leave. Nothing that is done is undone."""
        if self.stage is Stage.SENDING and self._carrying is not None:
            self._carrying.stop.set()
            now = "after the ticket that is being done" if self._carrying.is_running else "it"
            self.tell(f"stopping {now}")
        elif self.is_reading:
            self.action_open()
        else:
            self._leave()

    def _leave(self) -> None:
        draft, keeper = self._wanted(), self._keeper
        if keeper is not None:
            keeper.keep(draft)
        app = self.app
        self.dismiss()
        if draft is not None:
            app.call_later(self.held.say_below, "it is kept as a draft: ^d in the queue shows it")

    def action_quit(self) -> None:
        """Not by one key."""
        self.action_back()

    # Showing

    def tick(self, now: datetime) -> None:
        """Say how far it has come."""
        super().tick(now)
        if self.stage is Stage.SENDING:
            self._say()

    def _say(self) -> None:
        """The lines above the tickets."""
        words = Content.styled(clean_line(decision_words(self.decision, self.desk)), "bold")
        self.query_one("#decided", Static).update(words)
        self.query_one("#told", Static).update(self._progress())

    def _progress(self) -> Content:
        steps = self.shown.steps
        if self.stage is Stage.REVIEWING:
            words = f"{self.stage.value}: {len(steps)} of {len(self.tickets)}; esc leaves"
            return Content.styled(words, "$text-muted")
        if self.stage is Stage.SENDING and self._carrying is not None:
            looking = "looking whether all is as it was reviewed"
            words = self._carrying.progress if self._carrying.is_running else looking
            return Content.styled(f"{words}; esc stops", "$accent bold")
        to_do = self.shown.to_do
        return bulk_words.counts(to_do, len(steps) - len(to_do))


class LetterScreen(PromptScreen):
    """Changes one letter; what is typed is kept with the review."""

    PLACE = " letter "

    keep: Callable[[str], None]
    """Takes what is typed."""

    def on_text_area_changed(self) -> None:  # type: ignore[override]
        """Keep it."""
        self.tell("")
        if self.is_written():
            self.keep(self.values()["letter"])


def _tickets(count: int) -> str:
    return "1 ticket" if count == 1 else f"{count} tickets"
