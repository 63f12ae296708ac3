"""One writer at a time, among all processes and threads that work a desk."""

import errno
import fcntl
import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from helpdesk.domain.errors import TryAgain
from helpdesk.store import durable

_FIRST_PAUSE = 0.001
_LONGEST_PAUSE = 0.02
_LONG = 1.0
"""Seconds after which who waits stands in the system's own queue: else those who have just come
would win over him again and again. Not sooner: many who take turns write less than one who writes
what he has at a stretch."""


class WriterLock:
    """The right to write, held while a ``with`` block runs.

    The kernel drops it with the process that held it, so a crash leaves no lock behind; the file
    itself stays. Not re-entrant. ``timeout`` is in seconds. Entering raises TryAgain if others
    hold it for longer, CannotCreate if the lock file cannot be opened or locked. ``desk`` is the
    folder that paths in errors are shown relative to; the lock file's own folder if not given.
    """

    def __init__(self, path: Path, timeout: float = 10.0, *, desk: Path | None = None) -> None:
        self._path = path
        self._timeout = timeout
        self._desk = desk or path.parent
        self._threads = threading.Lock()
        self._descriptor = -1
        self._holder: int | None = None

    def __enter__(self) -> "WriterLock":
        until = time.monotonic() + self._timeout
        if not self._threads.acquire(timeout=max(0.0, self._timeout)):
            raise self._busy()
        try:
            self._descriptor = self._lock_file(until)
        except BaseException:
            self._threads.release()
            raise
        self._holder = threading.get_ident()
        return self

    def is_ours(self) -> bool:
        """Whether this thread holds it."""
        return self._holder == threading.get_ident()

    def read(self) -> bytes:
        """What the lock file says; it must be held. Raises CannotCreate."""
        with durable.reporting(self._path, self._desk):
            size = os.fstat(self._descriptor).st_size
            return os.pread(self._descriptor, size, 0) if size else b""

    def write(self, data: bytes) -> None:
        """Have the lock file say ``data``, for whoever holds it next; it must be held. It is not
        made durable. Raises CannotCreate."""
        with durable.reporting(self._path, self._desk):
            durable.files.overwrite(self._descriptor, data)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        self._holder = None
        try:
            # Closing alone would leave the lock with a child forked meanwhile.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            os.close(descriptor)
            self._threads.release()

    def _lock_file(self, until: float) -> int:
        with durable.reporting(self._path, self._desk):
            descriptor = durable.files.open_lock(self._path)
        try:
            self._wait(descriptor, until)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _wait(self, descriptor: int, until: float) -> None:
        pause = _FIRST_PAUSE
        while not self._try(descriptor):
            left = until - time.monotonic()
            if left <= 0:
                raise self._busy()
            if left < self._timeout - _LONG:
                if self._turn_comes(descriptor, left):
                    return
                raise self._busy()
            time.sleep(min(pause, left))
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _turn_comes(self, descriptor: int, seconds: float) -> bool:
        with durable.reporting(self._path, self._desk):
            turn = _Turn(descriptor)
        return turn.comes(seconds)

    def _try(self, descriptor: int) -> bool:
        with durable.reporting(self._path, self._desk):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN):
                    return False
                raise
        return True

    def _busy(self) -> TryAgain:
        return TryAgain(
            f"the desk is busy: another agent or program has been writing for {self._timeout:g} "
            "seconds; nothing was saved, try again in a moment"
        )


class _Turn:
    """A place in the system's queue for the lock of an open file: who came first is served first.

    The system lets nobody wait for a limited time, so a thread waits there.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = os.dup(descriptor)
        self._settled = threading.Lock()
        """Taken by whichever comes first: the lock, or the end of our patience."""
        self._came = threading.Event()
        try:
            threading.Thread(target=self._stand, name="turn", daemon=True).start()
        except RuntimeError:  # there may be no more threads: then it does not come
            os.close(self._descriptor)

    def comes(self, seconds: float) -> bool:
        """Whether the lock is ours before so long; if not, the place is given up."""
        return self._came.wait(seconds) or not self._settled.acquire(blocking=False)

    def _stand(self) -> None:
        try:
            with suppress(OSError):
                fcntl.flock(self._descriptor, fcntl.LOCK_EX)
                if self._settled.acquire(blocking=False):
                    self._came.set()
                else:
                    fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        finally:
            os.close(self._descriptor)
