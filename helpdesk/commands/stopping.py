"""Work that Ctrl+C stops after the portion at hand, and that leaves no files behind."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from types import FrameType

from helpdesk.commands.ending import ENDING

STOPPED = 130
"""The exit code of what was stopped by Ctrl+C."""


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl+C asked to stop after what is at hand; a second one stops at once."""
    asked: list[bool] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(True)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def passing_folder() -> Iterator[str]:
    """A temporary folder for customers' words, gone at the end, whatever asks for that."""
    folder = TemporaryDirectory(prefix="helpdesk-", ignore_cleanup_errors=True)
    try:
        yield folder.name
    finally:
        with _unstopped():
            folder.cleanup()


@contextmanager
def _unstopped() -> Iterator[None]:
    """Whatever asks the program to end meanwhile is heard afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, *ENDING))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
