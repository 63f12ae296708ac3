"""The review of one decision for many tickets: what it does to each, and what became of it."""

from collections.abc import Iterable

from helpdesk.desk.bulk import Result, Step
from helpdesk.domain.wording import channel_words
from helpdesk.text import list_cell
from helpdesk.widgets.pick_list import Part, PickList


class StepList(PickList):
    """Two lines a ticket: what is done, then the subject, and who is told."""

    LINES = 2

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self.results: dict[int, Result] = {}

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

    def settle(self, results: Iterable[Result]) -> None:
        """Show what became of some."""
        self.results |= {result.number: result for result in results}
        self.refresh()

    def parts(self, index: int, line: int, cells: int) -> Iterable[Part]:
        """One of the two lines; people's words stand last."""
        step = self.steps[index]
        result = self.results.get(step.number)
        if line == 0:
            glyph, tone, what = _standing(step, result)
            yield f" {glyph} ", tone
            yield f"#{step.number} ", "quiet"
            yield what, tone if tone == "late" else "strong"
            return
        yield "   ", "quiet"
        if step.channel is not None:
            yield f"→ {channel_words(step.channel)} · ", "soon"
        name = step.customer.name if step.customer is not None else ""
        yield " · ".join(list_cell(each) for each in (name, step.subject) if each), "quiet"


def _standing(step: Step, result: Result | None) -> tuple[str, str, str]:
    """Glyph, tone and words: what is to be done, what was, or why it is not."""
    if result is not None and result.done:
        return "✓", "text", f"done: {result.what}"
    if result is not None:
        return "✗", "late", f"not done: {result.what}"
    if step.refused:
        return "✗", "late", f"left out: {step.what}"
    return "·", "text", step.what
