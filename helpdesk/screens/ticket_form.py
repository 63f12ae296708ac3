"""A form on a ticket that shows what others did to it while it is filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from helpdesk.desk.own_changes import only_own
from helpdesk.domain.ticket import Ticket
from helpdesk.screens.changing import ChangeForm
from helpdesk.screens.prompt import FormField
from helpdesk.widgets.message_view import told_since

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk


class TicketForm(ChangeForm[Ticket]):
    """A ChangeForm on a ticket; ``what`` it is for stands behind the ticket's number."""

    def __init__(
        self,
        desk: Desk,
        ticket: Ticket,
        what: str,
        fields: Callable[[Ticket], Sequence[FormField]],
        do: Callable[[Ticket, Mapping[str, str]], object],
        *,
        explain: Callable[[Ticket], Sequence[str]] = lambda _: (),
        decides: str = "",
        says_one_thing: bool = False,
    ) -> None:
        super().__init__(
            f"#{ticket.id}: {what}",
            ticket,
            look=partial(desk.store.ticket, ticket.id),
            fields=fields,
            do=do,
            explain=explain,
            news=lambda old, new: told_since(old, new, desk.zone),
            is_own=lambda old, new: only_own(old, new, desk.agent),
            decides=decides,
            says_one_thing=says_one_thing,
        )
