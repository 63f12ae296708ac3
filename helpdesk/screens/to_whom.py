"""Asking to whom tickets go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk.desk import upkeep
from helpdesk.domain.errors import InvalidInput
from helpdesk.screens.prompt import Line, PromptScreen
from helpdesk.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from helpdesk.desk.desk import Desk


def to_whom(
    desk: Desk,
    which: str,
    do: Callable[[str | None], object],
    *,
    had: str | None = None,
    needed: bool = False,
    form: type[PromptScreen] = PromptScreen,
) -> PromptScreen:
    """Asks to whom ``which`` tickets go, and does ``do`` with the login name, None for nobody.

    ``had`` has them now. Nothing typed is nobody, unless an answer is ``needed``. ``form`` is how
    it is asked.
    """

    def chosen(text: str) -> str | None:
        name = clean_line(text).removeprefix("@")
        if needed and not name:
            raise InvalidInput("say to whom: a login name, me, or none")
        if name in ("", "none", "nobody"):
            return None
        login = desk.agent if name == "me" else _begun(name, desk.settings.agents)
        upkeep.require_agent(desk, login)
        return login

    def meant(text: str) -> str:
        login = chosen(text)
        return f"to {desk.settings.agent_name(login)}" if login else "to nobody"

    agents = tuple(sorted(desk.settings.agents))
    hint = "login name, me or none; ↓ offers them" if agents else "login name, me or none"
    return form(
        f"{which}: assign to",
        [Line("login", "Agent", had or "", hint, meant, offers=(*agents, "none"))],
        lambda values: do(chosen(values["login"])),
        [f"Agents of the desk (↓): {', '.join(agents)}"] if agents else [],
    )


def _begun(name: str, listed: Iterable[str]) -> str:
    """The only one of the ``listed`` agents whose login begins like that; else as it was typed."""
    begun = [login for login in listed if login.startswith(name)]
    return begun[0] if len(begun) == 1 and name not in listed else name
