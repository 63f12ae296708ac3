"""Following what anybody changes at the desk, whoever and wherever he is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk
    from helpdesk.screens.base import DeskScreen

LOOK_SECONDS = 0.25
"""Between two looks whether anything has changed: one small question to the index."""
REST_LOOKS = 2
"""So many looks are left out after a change is shown."""


class Following:
    """Shows changes on the screen that the agent looks at. Others are shown as he comes to them.

    Where changes come without a pause it rests after each that it shows, or fifty desks would leave
    the machine no time for keys; and none is begun before the one before is shown, or a desk that
    is slow would begin again and again and never come to an end.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._version = -1
        self._rests = 0

    def begin(self) -> None:
        """Take what there is now for known."""
        self._version = self._desk.store.version()

    def look(self, screen: DeskScreen[Any]) -> bool:
        """Have the screen show what has changed; gives whether anything has."""
        if self._rests or screen.jobs.are_under_way:
            self._rests = max(0, self._rests - 1)
            return False
        version = self._desk.store.version()
        if version == self._version:
            return False
        self._version, self._rests = version, REST_LOOKS
        screen.refresh_rows()
        return True
