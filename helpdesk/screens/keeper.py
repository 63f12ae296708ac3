"""A draft on the disk: what an agent writes is kept there, whatever ends the program.

An agent may go on with one draft in two windows, as after a link that hangs: whose words are
written over in the one is kept as a draft of its own in the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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
        self._wanted = self._done = self._on_disk = self._coming = kept
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
                    self._save(drafts.save, wanted)
                else:
                    self._discard()
                self._done = wanted

    def keep(self, draft: Draft | None) -> None:
        """Keep the draft as it is now before its screen is gone, even if another window has written
        over it, or sent it. Raises as ``settle``."""
        self.want(draft)
        if self._done is not None:
            there = drafts.kept(self._desk, self.draft.id)
            if there is None or self._is_other(there):
                self._done = None
        self.settle()

    def keep_now(self, draft: Draft) -> None:
        """Keep it at once, even in the midst of ``settle``. Raises CannotCreate."""
        self._wanted = draft
        if not self._over and draft != self._done:
            self._save(drafts.save_in_haste, draft)

    def give_away(self, draft: Draft) -> Draft:
        """Leave the draft to whoever carries it out, once nothing is being written to it here;
        gives it by the name that is its own."""
        self._over = True
        with self._one_at_a_time:
            return self._own(draft)

    def take_again(self) -> None:
        """Keep the draft again: whoever was to carry it out could not, and has not kept it."""
        self._over, self._done, self._on_disk = False, None, None

    def finish(self) -> None:
        """Keep it no more: it was sent. Raises CannotCreate."""
        self._over = True
        with self._one_at_a_time:
            if self._done is not None:
                self._discard()

    def _save(self, save: Callable[[Desk, Draft], Draft], draft: Draft) -> None:
        self._coming = own = self._own(draft)
        self._on_disk = save(self._desk, own)

    def _discard(self) -> None:
        there = drafts.kept(self._desk, self.draft.id)
        if there is None or not self._is_other(there):
            drafts.discard(self._desk, self.draft)
        self._on_disk = None

    def _own(self, draft: Draft) -> Draft:
        """The draft by a name of its own, if other words are kept by the one that it had."""
        there = drafts.kept(self._desk, self.draft.id)
        if there is not None and self._is_other(there):
            self.draft = drafts.under_another_name(self.draft)
            self._on_disk = None
        return replace(draft, id=self.draft.id)

    def _is_other(self, there: Draft) -> bool:
        """Whether the disk has other words than were kept here, or are just being kept."""
        ours = (self._on_disk, self._coming)
        return self._on_disk is not None and not any(
            each and there.says_what(each) for each in ours
        )
