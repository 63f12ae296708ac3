"""The review of one decision for many tickets: what it does to each."""

from collections.abc import Iterable

from helpdesk.desk.bulk import Step
from helpdesk.domain.wording import channel_words
from helpdesk.text import list_cell
from helpdesk.widgets.customer_card import reaches
from helpdesk.widgets.pick_list import Part, PickList


class StepList(PickList):
    """Two lines a ticket: what is done, then the subject, and who is told."""

    LINES = 2

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self.left_out: set[int] = set()
        """The tickets that the agent dropped from the decision."""

    @property
    def total(self) -> int:
        """How many tickets were looked at."""
        return len(self.steps)

    @property
    def selected(self) -> Step | None:
        """The ticket under the cursor."""
        return self.steps[self.cursor] if self.steps else None

    def add(self, steps: Iterable[Step]) -> None:
        """Show some more."""
        self.steps += steps
        self.renew(self.cursor)

    def put(self, steps: Iterable[Step]) -> None:
        """Show some as they are now."""
        fresh = {step.number: step for step in steps}
        self.steps = [fresh.get(step.number, step) for step in self.steps]
        self.renew(self.cursor)

    def turn(self, ticket: int) -> None:
        """Drop the ticket, or put it back."""
        self.left_out ^= {ticket}
        self.refresh()

    @property
    def to_do(self) -> list[Step]:
        """What is to be done."""
        return [
            step for step in self.steps if not step.refused and step.number not in self.left_out
        ]

    def parts(self, index: int, line: int, cells: int) -> Iterable[Part]:
        """One of the two lines; people's words stand last."""
        step = self.steps[index]
        if line == 0:
            glyph, tone, what = _standing(step, step.number in self.left_out)
            yield f" {glyph} ", tone
            yield f"#{step.number} ", "quiet"
            yield what, tone if tone == "late" else "strong"
            return
        yield "   ", "quiet"
        if step.channel is not None and step.customer is not None:
            reached = reaches(step.customer, step.channel)
            how = "→" if reached else "✗ no address for"
            yield f"{how} {channel_words(step.channel)} · ", "soon" if reached else "late"
        name = step.customer.name if step.customer is not None else ""
        yield " · ".join(list_cell(each) for each in (name, step.subject) if each), "quiet"


def _standing(step: Step, left_out: bool) -> tuple[str, str, str]:
    """Glyph, tone and words: what is to be done, or why it is not."""
    if step.refused:
        return "✗", "late", f"left out: {step.what}"
    if left_out:
        return "–", "quiet", "left out by you; x puts it back"
    return "·", "text", step.what
