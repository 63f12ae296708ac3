"""The one clock: every ``now`` in the program comes from here, so that tests can hold it still."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_held: list[datetime] = []


def now() -> datetime:
    """The current time in UTC, to the whole second (promises are told in minutes)."""
    if _held:
        return _held[-1]
    return datetime.now(UTC).replace(microsecond=0)


@contextmanager
def hold(at: datetime) -> Iterator[None]:
    """Hold the clock still at ``at`` (any zone; must carry an offset) while the block runs."""
    if at.tzinfo is None:
        raise ValueError("a held time needs an offset")
    _held.append(at.astimezone(UTC).replace(microsecond=0))
    try:
        yield
    finally:
        _held.pop()
