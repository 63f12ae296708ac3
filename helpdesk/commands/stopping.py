"""Work that Ctrl+C stops after the portion at hand, and that leaves no files behind."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from types import FrameType

_ENDING = (signal.SIGHUP, signal.SIGTERM)

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
    """A temporary folder for customers' words, gone at the end: at that of the terminal too, and if
    the system asks the program to end, which both stop it as Ctrl+C does."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGINT)

    heard = [number for number in _ENDING if signal.getsignal(number) is signal.SIG_DFL]
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # Ctrl+C stops nothing then
        heard = []
    for number in heard:
        signal.signal(number, stop)
    try:
        with TemporaryDirectory(prefix="helpdesk-", ignore_cleanup_errors=True) as folder:
            yield folder
    finally:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)
