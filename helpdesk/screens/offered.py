"""Going on with a draft: the screen that it was written on, filled in as it was left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from helpdesk.desk import drafts
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import HelpdeskError, InvalidInput
from helpdesk.screens.close import CloseScreen
from helpdesk.screens.compose import ComposeScreen
from helpdesk.screens.new_ticket import NewTicketScreen
from helpdesk.screens.promise import PromiseScreen
from helpdesk.screens.writing import WritingScreen
from helpdesk.widgets.fields import ChoiceField, LineField, TextField

if TYPE_CHECKING:
    Writing = WritingScreen[None]
else:
    Writing = object  # styles are inherited from the first base that is a screen

T = TypeVar("T")

_MESSAGES = (None, "answer", "text")
"""What the field of the message is called on the screens."""


class Resumed(Writing):
    """Begins with a draft, which is kept until it is sent or thrown away."""

    draft_kept: Draft

    def _begin(self, read: Any) -> None:
        """Fill in the draft once the ticket is read."""
        super()._begin(read)  # type: ignore[misc]
        self.fill_in()

    def fill_in(self) -> None:
        """Put everything where it stood."""
        draft = self.draft_kept
        for field in self.query("LineField, ChoiceField, TextField"):
            value = draft.fields.get(field.id or "", "")
            if isinstance(field, TextField):
                text = draft.text if field.id in _MESSAGES else value
                if text:
                    field.fill(text, len(text))
            elif isinstance(field, ChoiceField) and value:
                field.choose(value)
            elif isinstance(field, LineField) and value:
                field.value = value

    def send(
        self,
        job: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[HelpdeskError], object] | None = None,
    ) -> None:
        """Send it, and keep the draft no more."""

        def sent() -> T:
            result = job()
            drafts.discard(self.desk, self.draft_kept)
            return result

        super().send(sent, then, failed)

    def _thrown_away(self, sure: bool | None) -> None:
        if sure:
            self.work(lambda: drafts.discard(self.desk, self.draft_kept))
        super()._thrown_away(sure)


class ResumedReply(Resumed, ComposeScreen):
    """A reply or a note."""

    def _begin(self, read: Any) -> None:
        super()._begin(read)
        if self.draft_kept.fields.get("when"):
            self.add_class("-next")


class ResumedPromise(Resumed, PromiseScreen):
    """Another date."""


class ResumedClose(Resumed, CloseScreen):
    """The end of a matter."""


class ResumedTicket(Resumed, NewTicketScreen):
    """A new ticket."""

    def on_mount(self) -> None:
        """There is nothing to read first."""
        self.call_after_refresh(self.fill_in)


def screen_of(draft: Draft) -> WritingScreen[None]:
    """The screen to go on writing on. Raises InvalidInput if the draft is about no ticket."""
    if draft.kind is DraftKind.NEW:
        new = ResumedTicket(draft.customer)
        new.draft_kept = draft
        return new
    if draft.ticket is None:
        raise InvalidInput("this draft tells of no ticket; x throws it away")
    screen: ResumedReply | ResumedPromise | ResumedClose
    match draft.kind:
        case DraftKind.PROMISE:
            screen = ResumedPromise(draft.ticket)
        case DraftKind.CLOSE:
            screen = ResumedClose(draft.ticket)
        case _:
            screen = ResumedReply(draft.ticket, note=draft.kind is DraftKind.NOTE)
    screen.draft_kept = draft
    return screen
