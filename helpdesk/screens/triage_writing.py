"""Writing in a triage: what is sent is given to the triage, which holds it for some seconds.

Each screen can begin with what was sent from it before and taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import HelpdeskError
from helpdesk.screens.close import CloseScreen
from helpdesk.screens.compose import ComposeScreen
from helpdesk.screens.promise import PromiseScreen
from helpdesk.screens.sending import Deed, SendingScreen
from helpdesk.screens.writing import WritingScreen

if TYPE_CHECKING:
    Writing = SendingScreen[None]
else:
    Writing = object  # styles are inherited from the first base that is a screen

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sent:
    """What an agent sent: ``carry_out`` does it; ``draft`` is what he wrote."""

    carry_out: Callable[[], object]
    draft: Draft


Give = Callable[[Sent], None]


class SendsLater(Writing):
    """Gives away what is sent, once nothing has come in on the ticket since it was read."""

    give: Give

    def send(
        self,
        job: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[HelpdeskError], object] | None = None,
    ) -> None:
        """Look whether the ticket is as it was read, and give the job away."""
        WritingScreen.send(self, self.look_again, lambda _: self._give(job), failed)

    def send_held(self, words: str, deed: Deed) -> None:
        """The triage holds it."""
        if self.about is not None:
            self.send(partial(deed, self.about.rev), lambda _: None, self.not_sent)

    def _give(self, job: Callable[[], object]) -> None:
        draft = self.as_draft()
        self.give_draft_away()
        self.dismiss()
        self.give(Sent(job, draft))


class TriageReply(SendsLater, ComposeScreen):
    """A reply, or a note."""


class TriagePromise(SendsLater, PromiseScreen):
    """Another date."""


class TriageClose(SendsLater, CloseScreen):
    """The end of a matter."""


def writing(kind: DraftKind, number: int, give: Give, taken_back: Draft | None) -> SendsLater:
    """The screen to write in on a ticket; ``taken_back`` is of any kind, or None."""
    draft = taken_back if taken_back and taken_back.kind is kind else None
    screen: SendsLater
    match kind:
        case DraftKind.PROMISE:
            screen = TriagePromise(number, draft)
        case DraftKind.CLOSE:
            screen = TriageClose(number, draft)
        case _:
            screen = TriageReply(number, kind is DraftKind.NOTE, draft)
    screen.give = give
    return screen
