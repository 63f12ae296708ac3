"""Figures as they are printed: the median of some times, and their 95th part of a hundred."""

import statistics
import time
from collections.abc import Callable, Sequence

_clock = time.perf_counter


def by_processor() -> None:
    """From now on, let ``timed`` give the time of the processor alone."""
    global _clock
    _clock = time.thread_time


def timed(act: Callable[[], object]) -> float:
    """Seconds that it takes."""
    start = _clock()
    act()
    return _clock() - start


def waited(act: Callable[[], object]) -> float:
    """Seconds that it takes in another process, whatever ``timed`` gives."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def show(what: str, times: Sequence[float], beside: str = "") -> None:
    """Print a line: what was measured, its times, and what stands beside them."""
    print(f"{what:<46} {ms(times)}  {beside}".rstrip(), flush=True)


def ms(times: Sequence[float]) -> str:
    """Milliseconds: the median, and what 95 of a hundred stay below."""
    return f"{statistics.median(times) * 1000:9.2f} ms (p95 {late(times) * 1000:.2f})"


def ratio(times: Sequence[float], to: Sequence[float]) -> float:
    """How many times as long it takes as the other, by their medians."""
    return statistics.median(times) / statistics.median(to)


def late(times: Sequence[float]) -> float:
    """The time that 95 of a hundred stay below."""
    return sorted(times)[int(len(times) * 0.95)]
