"""Writing in a triage: what is sent is given to the triage, which holds it for some seconds.

Each screen can begin with what was sent from it before and taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from helpdesk.desk import drafts
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import HelpdeskError, TryAgain
from helpdesk.domain.ticket import Ticket
from helpdesk.screens import drafting
from helpdesk.screens.close import CloseScreen
from helpdesk.screens.compose import ComposeScreen, Matter
from helpdesk.screens.promise import PromiseScreen
from helpdesk.screens.writing import WritingScreen
from helpdesk.widgets.fields import ChoiceField, LineField, TextField

if TYPE_CHECKING:
    from helpdesk.domain.customer import Customer

    Writing = WritingScreen[None]
else:
    Writing = object  # styles are inherited from the first base that is a screen

T = TypeVar("T")

_MESSAGE = "answer"
"""The name of the message's text field, where it has one."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What an agent sent: ``carry_out`` does it; ``draft`` is what he wrote."""

    carry_out: Callable[[], object]
    draft: Draft


Give = Callable[[Sent], None]


class SendsLater(Writing):
    """Gives away what is sent, once nothing has come in on the ticket since it was read."""

    number: int
    kind: DraftKind
    give: Give
    taken_back: Draft | None
    """What was sent from here and taken back; the screen begins with it."""

    def seen(self) -> int | None:
        """The ``rev`` of the ticket as it was read; None where it does not matter."""
        return None

    def send(
        self,
        job: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[HelpdeskError], object] | None = None,
    ) -> None:
        """Look whether the ticket is as it was read, and give the job away."""
        super().send(self._look_again, lambda _: self._give(job), failed)

    def _look_again(self) -> None:
        seen = self.seen()
        if seen is not None and self.desk.store.ticket(self.number).rev != seen:
            raise TryAgain(f"ticket {self.number} was changed meanwhile; look at it again")

    def _give(self, job: Callable[[], object]) -> None:
        draft = drafts.begin(self.desk, self.kind, ticket=self.number, seen=self.seen())
        draft = replace(draft, text=self.message(), fields=self.typed())
        self.dismiss()
        self.give(Sent(job, draft))

    def message(self) -> str:
        """The text of the message as it is written."""
        return "".join(
            field.text for field in self.query(TextField) if field.id in (None, _MESSAGE)
        )

    def typed(self) -> dict[str, str]:
        """What else is typed and chosen, by the names of the fields."""
        found: dict[str, str] = {}
        for field in self.query("LineField, ChoiceField, TextField"):
            if isinstance(field, TextField) and field.id not in (None, _MESSAGE):
                found[field.id] = field.text
            elif isinstance(field, LineField | ChoiceField) and field.id is not None:
                found[field.id] = field.value
        return {name: value for name, value in found.items() if value}

    def restore(self, began: str = "") -> None:
        """Begin with what was taken back; ``began`` is how the message began then.

        The cursor stands before the signature again, if that is still there.
        """
        draft = self.taken_back
        if draft is None:
            return
        signature = began[drafting.gap(began) :]
        for field in self.query("LineField, ChoiceField, TextField"):
            value = draft.fields.get(field.id or "")
            if isinstance(field, TextField) and field.id in (None, _MESSAGE):
                if draft.text:
                    field.fill(draft.text, len(draft.text.removesuffix(signature)))
            elif isinstance(field, TextField):
                field.fill(value or "", 0)
            elif isinstance(field, ChoiceField) and value is not None:
                field.choose(value)
            elif isinstance(field, LineField):
                field.value = value or ""


class TriageReply(SendsLater, ComposeScreen):
    """A reply."""

    kind = DraftKind.REPLY

    def seen(self) -> int | None:
        """The reply is written about the ticket as it was read."""
        return self.matter.ticket.rev if self.matter is not None else None

    def _begin(self, matter: Matter) -> None:
        super()._begin(matter)
        self.restore(matter.draft)
        if self.taken_back is not None and self.taken_back.fields.get("when"):
            self.add_class("-next")


class TriageNote(SendsLater, ComposeScreen):
    """A note, which is right whatever came in meanwhile."""

    kind = DraftKind.NOTE

    def _begin(self, matter: Matter) -> None:
        super()._begin(matter)
        self.restore()


class TriagePromise(SendsLater, PromiseScreen):
    """Another date."""

    kind = DraftKind.PROMISE

    def seen(self) -> int | None:
        """The letter is written about the promise as it was read."""
        return self.ticket.rev if self.ticket is not None else None

    def message(self) -> str:
        """The letter, if the agent changed it; else it is drafted anew."""
        return super().message() if self._is_edited() else ""

    def _begin(self, read: tuple[Ticket, Customer]) -> None:
        super()._begin(read)
        self.restore()


class TriageClose(SendsLater, CloseScreen):
    """The end of a matter."""

    kind = DraftKind.CLOSE

    def seen(self) -> int | None:
        """The last word is written about the ticket as it was read."""
        return self.ticket.rev if self.ticket is not None else None

    def _begin(self, read: tuple[Ticket, Customer, str]) -> None:
        super()._begin(read)
        self.restore(self.draft)


def writing(kind: DraftKind, number: int, give: Give, taken_back: Draft | None) -> SendsLater:
    """The screen to write in on a ticket; ``taken_back`` is of any kind, or None."""
    screen: SendsLater
    match kind:
        case DraftKind.NOTE:
            screen = TriageNote(number, note=True)
        case DraftKind.PROMISE:
            screen = TriagePromise(number)
        case DraftKind.CLOSE:
            screen = TriageClose(number)
        case _:
            screen = TriageReply(number, note=False)
    screen.give = give
    screen.taken_back = taken_back if taken_back and taken_back.kind is kind else None
    return screen
