"""The end by a signal: the agent logged out, the link was dropped, the machine goes down."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

GRACE_SECONDS = 3.0
"""How long an orderly end may take, on a busy server too, before the system ends the program."""

ENDING = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ending_by_signal(save: Callable[[], None], leave: Callable[[int], None]) -> Iterator[None]:
    """While the block runs, a signal to end calls ``save`` at once, then ``leave`` with the code.

    A handler of Python runs even while the terminal is stalled, which one of the event loop would
    not. If the orderly end is stalled too, an alarm ends the program.
    """

    def end(number: int, _: FrameType | None) -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS)
        save()
        leave(128 + number)

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
