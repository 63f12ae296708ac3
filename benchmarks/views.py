"""The queue as its screen asks for it: a page, the counts of all views, a filter as it is typed."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import plain
from benchmarks.bench import Bench
from benchmarks.figures import show, timed
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.query import VIEWS
from helpdesk.screens.queue_pages import find, look

PAGE = 100
FILTERS = ("kind:complaint", "is:mine", 'from:"Customer 7"', "due:<2d", "tomorrow", "77")
COMMON = ("tent", "te", "boots refund")
"""Words that stand in nearly every ticket: all those that hold them have to be counted."""


def views(bench: Bench) -> None:
    """The first page, the last one, the counts of all views, and all that follows a change."""
    for size, path in bench.desks.items():
        with open_desk(path, "aibek") as desk:
            desk.store.catch_up()
            _views(size, desk, bench.rounds)
        _plain(size, path, bench)


def filters(bench: Bench) -> None:
    """Narrow the first view down: the first page and how many there are."""
    for size, path in bench.desks.items():
        with open_desk(path, "aibek") as desk:
            desk.store.catch_up()
            for name, texts in (("a filter", FILTERS), ("a filter by common words", COMMON)):
                asked = [partial(find, desk, f"is:on-us {text}", None) for text in texts]
                times = [time for ask in asked for time in _times(ask, bench.rounds)]
                show(f"queue: {name}, {size:,} tickets", times)


def _views(size: int, desk: Desk, rounds: int) -> None:
    queries = {name: desk.query(text) for name, text in VIEWS.items()}
    page = partial(desk.store.queue, desk.query("is:on-us"), limit=PAGE)
    last = max(0, desk.store.count(desk.query("")) - PAGE)
    end = partial(desk.store.queue, desk.query(""), offset=last, limit=PAGE)
    counts = partial(desk.store.counts, queries)
    after = partial(look, desk, "is:on-us", VIEWS, 1, 0)
    show(f"queue: first page, {size:,} tickets", _times(page, rounds))
    show(f"queue: last page of all, {size:,} tickets", _times(end, rounds))
    show(f"queue: counts of the views, {size:,} tickets", _times(counts, rounds))
    show(f"queue: a look after a change, {size:,} tickets", _times(after, rounds))


def _plain(size: int, desk: Path, bench: Bench) -> None:
    with plain.texts_of(desk, bench.folder / f"plain-{size}.sqlite") as db:
        times = _times(partial(plain.page, db, PAGE), bench.rounds)
    show(f"queue: first page, plain SQLite, {size:,}", times)


def _times(act: Callable[[], object], rounds: int) -> list[float]:
    act()
    return [timed(act) for _ in range(rounds)]
