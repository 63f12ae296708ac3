"""What a desk does by itself, all the time: a list of duties, taken in turn until it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from helpdesk.desk import sending
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import HelpdeskError, NotFound
from helpdesk.domain.outgoing import Sending
from helpdesk.glance import SETTINGS_FILE
from helpdesk.mail.transport import Transport
from helpdesk.store.folder import UnreadableDocument

TICK = 1.0
"""Seconds between two looks at whether there is something to do."""

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=5)

_MOST_PASSED_BY = 100

Tell = Callable[[str], None]
"""Called with a line for the log; it names numbers, never a customer."""


class Stop(threading.Event):
    """Set when what is under way is to end; ``for_good`` if nothing is begun after it."""

    for_good = False

    def end(self) -> None:
        """Nothing is to be begun any more."""
        self.for_good = True
        self.set()


class Duty(Protocol):
    """Something to be done again and again."""

    def is_due(self, now: datetime) -> bool:
        """Whether there is something to do; cheap."""

    def do(self, stopped: Callable[[], bool], tell: Tell) -> None:
        """Do it, until there is nothing left or ``stopped``. Raises HelpdeskError."""


@dataclass(slots=True)
class SendingDuty:
    """Sends what is in the outbox as it comes."""

    desk: Desk
    way: Transport
    _begun: bool = False

    def is_due(self, now: datetime) -> bool:
        """Whether a message is due, or one may have been cut short."""
        if not self._begun or self.desk.store.outbox(Sending.SENDING, limit=1):
            return True  # another program may have been killed, too
        for first in self.desk.store.outbox(Sending.QUEUED, limit=_MOST_PASSED_BY):
            # One that was removed, or cannot be read any more, holds up no other.
            with suppress(NotFound, UnreadableDocument):
                return self.desk.store.outgoing(first).is_due(now)
        return False

    def do(self, stopped: Callable[[], bool], tell: Tell) -> None:
        """Send it. Raises Trouble if the mail server cannot be reached; HelpdeskError."""
        self._begun = False  # what hinders it may leave a message marked as being sent
        try:
            session = sending.send(
                self.desk,
                self.way,
                report=lambda out: tell(f"message {out.id} of ticket {out.ticket}: {out.state}"),
                stopped=stopped,
            )
        finally:
            self.way.close()
        self._begun = True
        if session.trouble:
            raise sending.Trouble(session.trouble)


@dataclass(slots=True)
class RereadingDuty:
    """Reads desk.toml again when it was changed, and has all that goes by it begun anew.

    While something is wrong in it the settings stay as they were, and what that is is told.
    """

    desk: Desk
    stop: Stop
    _read: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self._read = self._stamp()

    def is_due(self, now: datetime) -> bool:
        """Whether the file is another one than when it was read."""
        return self._stamp() != self._read

    def do(self, stopped: Callable[[], bool], tell: Tell) -> None:
        """Read it, once for each change."""
        self._read = self._stamp()
        try:
            self.desk.reread()
        except HelpdeskError as error:
            tell(f"{error.message}; going on as before")
            return
        tell("desk.toml was changed: going on by what it says now")
        self.stop.set()

    def _stamp(self) -> tuple[int, ...]:
        try:
            found = (self.desk.path / SETTINGS_FILE).stat()
        except OSError:
            return ()
        return found.st_ino, found.st_size, found.st_mtime_ns


@dataclass(slots=True)
class _Turn:
    """A duty, and how long it is left alone after it failed."""

    duty: Duty
    pause: timedelta = field(default=FIRST_PAUSE)
    not_before: datetime | None = None

    def take(self, now: datetime, stopped: Callable[[], bool], tell: Tell) -> None:
        # A clock that was set back must not make it a pause of days.
        if self.not_before is not None and now < self.not_before <= now + LONGEST_PAUSE:
            return
        try:
            if self.duty.is_due(now):
                self.duty.do(stopped, tell)
            self.pause, self.not_before = FIRST_PAUSE, None
        except HelpdeskError as error:
            tell(f"{error.message}; again in {self.pause.total_seconds():.0f} seconds")
            self.not_before = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)


def work(desk: Desk, duties: Sequence[Duty], stop: threading.Event, tell: Tell) -> None:
    """Do all of it, again and again, until ``stop`` is set; what is under way is finished first.

    A duty that fails is tried again after a pause that grows, and does not hold up the others.
    """
    turns = [_Turn(duty) for duty in duties]
    while not stop.is_set():
        for turn in turns:
            turn.take(desk.now(), stop.is_set, tell)
        stop.wait(TICK)
