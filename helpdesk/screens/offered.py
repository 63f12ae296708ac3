"""Going on with a draft: the screen that it was written on, filled in as it was left."""

from __future__ import annotations

from typing import Any

from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.domain.errors import InvalidInput
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.close import CloseScreen
from helpdesk.screens.compose import ComposeScreen
from helpdesk.screens.new_ticket import NewTicketScreen
from helpdesk.screens.promise import PromiseScreen


def screen_of(draft: Draft) -> DeskScreen[Any]:
    """The screen to go on writing on. Raises InvalidInput if the draft is about no ticket."""
    if draft.kind is DraftKind.BULK:
        from helpdesk.desk.batch import of_draft
        from helpdesk.screens.bulk import BulkScreen

        return BulkScreen(of_draft(draft), draft)
    if draft.kind is DraftKind.NEW:
        return NewTicketScreen(draft.customer, draft)
    if draft.ticket is None:
        raise InvalidInput("this draft tells of no ticket; x throws it away")
    match draft.kind:
        case DraftKind.PROMISE:
            return PromiseScreen(draft.ticket, draft)
        case DraftKind.CLOSE:
            return CloseScreen(draft.ticket, draft)
        case _:
            return ComposeScreen(draft.ticket, draft.kind is DraftKind.NOTE, draft)
