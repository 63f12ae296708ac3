"""The app, as far as screens know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from helpdesk.desk.amiss import Amiss
    from helpdesk.desk.desk import Desk
    from helpdesk.desk.preferences import Preferences
    from helpdesk.screens.held import HeldSends
    from helpdesk.screens.history import History
    from helpdesk.screens.taking_back import TakingBack
    from helpdesk.terminal.actions import OwnKeys


class HasDesk(Protocol):
    """The app, as far as screens know it."""

    desk: Desk
    history: History
    preferences: Preferences
    own_keys: OwnKeys
    held: HeldSends
    taking_back: TakingBack

    @property
    def takes_in(self) -> bool:
        """Whether many documents are being taken in, so that not all tickets are shown yet."""

    @property
    def amiss(self) -> Amiss:
        """What is amiss with the desk."""

    def remember(self, **changes: Any) -> None:
        """Change the agent's settings, by the names of Preferences, and keep them."""

    def what_is_amiss(self) -> list[str]:
        """What is amiss with the desk, and with the agent's settings: a line for each thing."""

    def be_seen(self) -> None:
        """Let the others see at which ticket the agent is now, and him see them."""

    def mishap(self, error: Exception) -> str:
        """Note an unexpected error for the maintainers; gives the line to show."""
