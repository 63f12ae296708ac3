"""Looking every now and then at what nobody tells of: what is amiss, what was changed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk.desk.amiss import Amiss, look

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk.desk.desk import Desk

LOOK_AGAIN_TICKS = 20
"""Between two looks whether a document that could not be read was mended."""
LOOK_OUTSIDE_TICKS = 120
"""Between two looks whether documents were restored, removed or edited from outside."""


class Lookout:
    """Knows what is amiss with the desk, and takes in what was mended or changed from outside.

    ``in_thread`` has a look at the documents done in a thread; whatever comes of it, there will be
    another one.
    """

    def __init__(self, desk: Desk, in_thread: Callable[[Callable[[], object]], object]) -> None:
        self.amiss = Amiss()
        self._desk = desk
        self._in_thread = in_thread
        self._ticks = 0

    def look(self) -> None:
        """See what is amiss now."""
        self.amiss = look(self._desk)

    def tick(self, *, is_open: bool) -> None:
        """Called twice a second; ``is_open`` once all documents were looked at for the first time.

        Documents are looked at every now and then, settings each time.
        """
        self._ticks += 1
        if self.amiss.unreadable and self._ticks % LOOK_AGAIN_TICKS == 0:
            self._in_thread(self._desk.store.take_in_mended)
        if self._ticks % LOOK_OUTSIDE_TICKS == 0:
            self.look()  # some of it comes with time alone
            if is_open:
                self._in_thread(self._desk.store.catch_up)
        self._desk.take_up_settings()
        if self._desk.settings_fault != self.amiss.settings:
            self.look()
