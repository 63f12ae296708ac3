"""A draft on the disk: what an agent writes is kept there, whatever ends the program."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from helpdesk.desk import drafts
from helpdesk.domain.draft import Draft

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk


class Keeper:
    """Keeps one draft. What is to be kept is said at once; ``settle`` makes it so, in a thread."""

    def __init__(self, desk: Desk, draft: Draft, kept: Draft | None = None) -> None:
        """``draft`` is to be kept; ``kept`` is what the disk has of it."""
        self.draft = draft
        self._desk = desk
        self._wanted = self._done = kept
        self._over = False
        self._one_at_a_time = Lock()

    def want(self, draft: Draft | None) -> bool:
        """Keep the draft as it is now, or no more; whether there is anything to settle."""
        self._wanted = draft
        return self._wanted != self._done

    def settle(self) -> None:
        """Make it so. Raises CannotCreate, CustomerErased."""
        with self._one_at_a_time:
            while self._wanted != self._done and not self._over:
                wanted = self._wanted
                if wanted is not None:
                    drafts.save(self._desk, wanted)
                else:
                    drafts.discard(self._desk, self.draft)
                self._done = wanted

    def keep_now(self, draft: Draft) -> None:
        """Keep it at once, even in the midst of ``settle``. Raises CannotCreate."""
        self._wanted = draft
        if not self._over and draft != self._done:
            drafts.save_in_haste(self._desk, draft)

    def give_away(self) -> None:
        """Leave the draft to whoever carries it out, once nothing is being written to it here."""
        self._over = True
        with self._one_at_a_time:
            pass

    def take_again(self) -> None:
        """Keep the draft again: whoever was to carry it out could not, and has not kept it."""
        self._over, self._done = False, None

    def finish(self) -> None:
        """Keep it no more: it was sent. Raises CannotCreate."""
        self._over = True
        with self._one_at_a_time:
            if self._done is not None:
                drafts.discard(self._desk, self.draft)
