"""What is done while the first rows stand on the screen already, and what is said once the desk is
open all the way."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from helpdesk.desk import preferences
from helpdesk.domain.errors import HelpdeskError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from helpdesk.desk.desk import Desk

MANY = 1000
"""From so many documents on, taking them in is shown as it goes."""


class Opening(Thread):
    """Checks the settings, and takes in documents that were changed from outside.

    Nobody waits for it when the agent leaves. What it is given is called in the thread: ``tell``
    with a line for the agent, ``then`` with how many drafts wait, ``failed`` with what went wrong.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        is_new: bool,
        tell: Callable[[str], object],
        then: Callable[[int], object],
        failed: Callable[[Exception], object],
    ) -> None:
        super().__init__(name="opening", daemon=True)
        self._desk = desk
        self._is_new = is_new
        self._tell = tell
        self._then = then
        self._failed = failed
        self.takes_in = False
        """Whether many documents are being taken in, so that not all tickets are shown yet."""

    def run(self) -> None:
        """Do it, and say how it ended."""
        try:
            self._desk.settings  # noqa: B018
            try:
                self._desk.store.catch_up(thorough=True, resting=True, progress=self._show_progress)
            finally:
                self.takes_in = False
            self._record()
            waiting = self._look_at_own_files()
            import helpdesk.desk.outbox  # noqa: F401 - the first ticket does not wait for it
        except Exception as error:
            self._failed(error)
        else:
            self._then(waiting)

    def _show_progress(self, done: int, total: int) -> None:
        if total >= MANY:
            self.takes_in = True
            self._tell(f"taking in documents that were changed: {done:,} of {total:,}")

    def _record(self) -> None:
        from helpdesk.desk import audit
        from helpdesk.domain.audit import Deed

        desk = self._desk
        with suppress(HelpdeskError):  # who only reads may have no right to write there
            audit.record(desk.path, desk.agent, Deed.OPENED, role=desk.role.value)

    def _look_at_own_files(self) -> int:
        """How many drafts wait for the agent, who is not here for the first time any more."""
        from helpdesk.desk import drafts

        if self._is_new:
            with suppress(HelpdeskError):
                preferences.begin(self._desk)
        return len(drafts.load(self._desk))


def amiss_in_a_line(lines: Sequence[str], key: str) -> str:
    """What is amiss: the one thing, or the first of several and the ``key`` that says each."""
    if len(lines) == 1:
        return lines[0]
    return f"{len(lines)} things are amiss, {key} says each: {lines[0]}"


def news(desk: Desk, waiting: int) -> str | None:
    """What the agent ought to know of a desk where nothing is amiss: what was done to it as it was
    opened, or how many of his drafts wait."""
    done = desk.store.brought_forward() or desk.store.put_right()
    if done is not None or not waiting:
        return done
    drafts = "1 draft waits" if waiting == 1 else f"{waiting} drafts wait"
    return f"{drafts}: press ctrl+d"
