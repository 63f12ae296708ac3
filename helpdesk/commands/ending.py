"""The end of a command by the system: the link was cut, or the machine goes down."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGHUP, signal.SIGTERM)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """In the block either of them stops the program as Ctrl+C does, so that what lies in temporary
    folders is cleared away; one that is not heeded (nohup) goes on being so.

    A shell switches Ctrl+C off in what a script puts into the background: that is stopped all the
    same.
    """
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        if len(asked) > 1:  # sudo sends both, one right after the other
            return
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            raise KeyboardInterrupt
        signal.raise_signal(signal.SIGINT)

    heard = _heard()
    for number in heard:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)


def _heard() -> list[signal.Signals]:
    if threading.current_thread() is not threading.main_thread():
        return []
    return [number for number in ENDING if signal.getsignal(number) is signal.SIG_DFL]
