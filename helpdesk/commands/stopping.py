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
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        if len(asked) == 1:  # sudo asks in two ways, one right after the other
            signal.raise_signal(signal.SIGINT)

    heard = [number for number in _ENDING if signal.getsignal(number) is signal.SIG_DFL]
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # Ctrl+C stops nothing then
        heard = []
    for number in heard:
        signal.signal(number, stop)
    try:
        folder = TemporaryDirectory(prefix="helpdesk-", ignore_cleanup_errors=True)
        try:
            yield folder.name
        finally:
            with _unstopped():
                folder.cleanup()
    finally:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def _unstopped() -> Iterator[None]:
    """Whatever asks the program to end meanwhile is heard afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, *_ENDING))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
