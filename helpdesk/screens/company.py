"""Others at the same ticket: they see where this agent is, and he sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.screen import Screen

from helpdesk.domain.presence import Doing, in_order, presence_words
from helpdesk.screens.base import DeskScreen
from helpdesk.widgets.presence_line import PresenceLine

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk


def tick(desk: Desk, screens: Sequence[Screen[object]], now: datetime) -> None:
    """Tell at which ticket the agent is, by the topmost screen that is about one, and whether he
    writes there, on it or in a form over it; say who else is there."""
    about = [place for place, screen in enumerate(screens) if _at(screen) is not None]
    here = _at(screens[about[-1]]) if about else None
    if here is None:
        desk.presence.leave()
        return
    ticket, doing = here
    if any(isinstance(over, DeskScreen) and over.takes_text for over in screens[about[-1] :]):
        doing = Doing.WRITES
    desk.presence.be_at(ticket, doing, now)
    others = in_order(desk.presence.others(ticket))
    parts = tuple(
        (presence_words(one, desk.agent, desk.zone, now), one.doing is Doing.WRITES)
        for one in others
    )
    for line in screens[-1].query(PresenceLine):
        line.say(parts)


def _at(screen: Screen[object]) -> tuple[int, Doing] | None:
    return screen.is_at if isinstance(screen, DeskScreen) else None
