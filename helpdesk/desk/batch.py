"""A decision on many tickets as one thing: kept as a draft, held, carried out, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event

from helpdesk.desk import bulk, drafts
from helpdesk.desk.bulk import Assign, Close, Decision, Move, Result, Step, Tag
from helpdesk.desk.desk import Desk
from helpdesk.desk.undoing import Quiet
from helpdesk.domain.draft import Draft, DraftKind, letter_field
from helpdesk.domain.errors import HelpdeskError, InvalidInput
from helpdesk.domain.wording import day_and_time


@dataclass(frozen=True, slots=True)
class Batch:
    """A decision on ``tickets``. ``left_out`` are those of them that the agent dropped from it;
    ``letters`` are the letters that he changed, by ticket."""

    decision: Decision
    tickets: tuple[int, ...]
    left_out: frozenset[int] = frozenset()
    letters: Mapping[int, str] = field(default_factory=dict)

    def only(self, tickets: Iterable[int]) -> Batch:
        """The same for these tickets alone."""
        wanted = tuple(tickets)
        letters = {number: text for number, text in self.letters.items() if number in wanted}
        return Batch(self.decision, wanted, self.left_out & set(wanted), letters)


def decision_words(decision: Decision, desk: Desk) -> str:
    """The decision in a line for the agent."""
    match decision:
        case Assign(assignee=assignee):
            return f"assign to {assignee or 'nobody'}"
        case Tag(add=add, remove=remove):
            return f"tags {' '.join([*(f'+{tag}' for tag in add), *(f'-{tag}' for tag in remove)])}"
        case Close(macro=macro, no_answer_reason=reason):
            if macro:
                return f"close with the text {macro}"
            return f"close, no answer needed: {reason}" if reason else "close"
        case Move(due=due, reason=reason):
            return f"another date: {day_and_time(due, desk.zone)}, because: {reason}"


def short_words(decision: Decision, count: int) -> str:
    """What is done to so many tickets, in a few words: ``another date for 12 tickets``."""
    tickets = "1 ticket" if count == 1 else f"{count} tickets"
    match decision:
        case Assign(assignee=assignee):
            return f"{tickets} to {assignee or 'nobody'}"
        case Tag():
            return f"tags of {tickets}"
        case Close():
            return f"end of {tickets}"
        case Move():
            return f"another date for {tickets}"


# As a draft


def in_draft(desk: Desk, draft: Draft, batch: Batch) -> Draft:
    """The draft, holding the batch."""
    fields = _fields(batch.decision) | {"tickets": _listed(batch.tickets)}
    if batch.left_out:
        fields["left-out"] = _listed(sorted(batch.left_out))
    fields |= {letter_field(number): text for number, text in batch.letters.items()}
    return replace(draft, text=decision_words(batch.decision, desk), fields=fields)


def of_draft(draft: Draft) -> Batch:
    """The batch that the draft holds. Raises InvalidInput if it holds none."""
    fields = draft.fields
    try:
        tickets = _numbers(fields["tickets"])
        letters = {
            number: fields[letter_field(number)]
            for number in tickets
            if letter_field(number) in fields
        }
        left_out = frozenset(_numbers(fields.get("left-out", "")))
        return Batch(_decision(fields), tickets, left_out, letters)
    except (KeyError, ValueError):
        raise InvalidInput("this draft holds no decision; x throws it away") from None


def _fields(decision: Decision) -> dict[str, str]:
    match decision:
        case Assign(assignee=assignee):
            return {"decision": "assign", "assignee": assignee or ""}
        case Tag(add=add, remove=remove):
            return {"decision": "tag", "add": " ".join(add), "remove": " ".join(remove)}
        case Close(macro=macro, no_answer_reason=reason):
            return {"decision": "close", "macro": macro, "reason": reason}
        case Move(due=due, reason=reason):
            return {"decision": "move", "due": due.isoformat(), "reason": reason}


def _decision(fields: Mapping[str, str]) -> Decision:
    match fields["decision"]:
        case "assign":
            return Assign(fields["assignee"] or None)
        case "tag":
            return Tag(tuple(fields["add"].split()), tuple(fields["remove"].split()))
        case "close":
            return Close(fields["macro"], fields["reason"])
        case "move":
            due = datetime.fromisoformat(fields["due"])
            if due.tzinfo is None:
                raise ValueError("without an offset")
            return Move(due, fields["reason"])
    raise ValueError("no decision of that name")


def _listed(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


# Carrying it out


class CarryingOut:
    """Carries a reviewed batch out when it is called, a ticket at a time.

    ``results`` grow meanwhile; ``stop`` ends it after the ticket that is being done. What is not
    done then is kept as a draft, to look at again. ``begun`` is set once it is being done, or once
    it is settled that it is held.
    """

    def __init__(self, desk: Desk, batch: Batch, steps: Sequence[Step]) -> None:
        self.desk = desk
        self.batch = batch
        self.steps = [step for step in steps if not step.refused]
        self.results: list[Result] = []
        self.stop = Event()
        self.begun = Event()
        self.is_running = False

    @property
    def words(self) -> str:
        """What it does, in a few words."""
        return short_words(self.batch.decision, len(self.steps))

    @property
    def brief(self) -> str:
        """The same for a narrow terminal."""
        return f"{len(self.steps)} ticket{'s' if len(self.steps) != 1 else ''}"

    @property
    def tells(self) -> bool:
        """Whether any customer is told anything by it."""
        return any(step.letter for step in self.steps)

    @property
    def tickets(self) -> tuple[int, ...]:
        """The tickets that it is done to."""
        return tuple(step.number for step in self.steps)

    @property
    def not_done(self) -> tuple[int, ...]:
        """The tickets that it is not done to, or not yet."""
        done = {result.number for result in self.results if result.done}
        return tuple(number for number in self.tickets if number not in done)

    @property
    def quiet(self) -> Quiet | None:
        """What was done, to be taken back; None if anybody was told, or nothing was done."""
        changes = [result.change for result in self.results if result.done]
        quiet = tuple(each for each in changes if each is not None)
        if not quiet or len(quiet) < len(changes):
            return None
        return Quiet(short_words(self.batch.decision, len(quiet)), quiet)

    @property
    def progress(self) -> str:
        """How far it has come."""
        return f"{self.words}: {len(self.results)} of {len(self.steps)} done"

    @property
    def summary(self) -> str:
        """What came of it, in a line."""
        done = len(self.steps) - len(self.not_done)
        line = f"{self.words}: {done} done"
        if not self.not_done:
            return line
        reasons = [f"#{each.number} {each.what}" for each in self.results if not each.done]
        why = f": {reasons[0]}" if reasons else ""
        return f"{line}, {len(self.not_done)} not done and kept as a draft{why}"

    def __call__(self) -> CarryingOut:
        """Carry it out; gives itself."""
        self.is_running = True
        self.begun.set()
        try:
            for result in bulk.carry_out(self.desk, self.steps, self.batch.decision):
                self.results.append(result)
                if self.stop.is_set():
                    break
        finally:
            self.is_running = False
        if self.not_done:
            try:
                self._keep_the_rest()
            except HelpdeskError:
                if self.not_done == self.tickets:  # whoever decided it still has all of it
                    raise
        return self

    def _keep_the_rest(self) -> None:
        rest = self.batch.only(self.not_done)
        begun = drafts.begin(self.desk, DraftKind.BULK)
        drafts.save(self.desk, in_draft(self.desk, begun, rest))
