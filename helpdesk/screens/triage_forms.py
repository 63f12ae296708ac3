"""To whom a ticket goes in a triage; done by the triage, which holds it for some seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk.desk import upkeep
from helpdesk.screens.prompt import Line, PromptScreen
from helpdesk.text import clean_line

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk
    from helpdesk.domain.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Chosen:
    """The agent chosen, by login; None is nobody."""

    login: str | None


def assign_to(desk: Desk, ticket: Ticket) -> PromptScreen:
    """Asks to whom the ticket goes; gives a Chosen."""

    def chosen(text: str) -> Chosen:
        name = clean_line(text).removeprefix("@")
        if name in ("", "none", "nobody"):
            return Chosen(None)
        login = desk.agent if name == "me" else name
        upkeep.require_agent(desk, login)
        return Chosen(login)

    def meant(text: str) -> str:
        login = chosen(text).login
        return f"to {desk.settings.agent_name(login)}" if login else "to nobody"

    listed = ", ".join(sorted(desk.settings.agents))
    return PromptScreen(
        f"#{ticket.id}: assign to",
        [Line("login", "Agent", hint="login name, me or none", check=meant)],
        lambda values: chosen(values["login"]),
        [f"Agents of the desk: {listed}"] if listed else [],
    )
