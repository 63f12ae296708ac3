"""Full-text search: until the first fifty tickets are there with the text around what was found.

Beside it, the same words in one FTS5 table of plain SQLite with the same texts, and in notmuch.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks import maildir, notmuch, plain
from benchmarks.bench import Bench
from benchmarks.figures import show, timed, waited
from benchmarks.queries import QUERIES, WORDS_ALONE
from benchmarks.replying import FIRST, REPLY
from helpdesk.desk.answers import reply
from helpdesk.desk.desk import open_desk
from helpdesk.desk.finding import find

PLAIN_SECONDS = 60
"""Plain SQLite is asked in no more rounds once they took so long: among a million tickets fifteen
of them would take a quarter of an hour."""


def searching(bench: Bench) -> None:
    """Ask each query, one after the other, once in a round; the first round is not measured."""
    for size, desk in bench.desks.items():
        _at_desk(size, desk, bench.rounds)
        with plain.texts_of(desk, bench.folder / f"plain-{size}.sqlite") as db:
            times = _asked(WORDS_ALONE, partial(plain.search, db), bench.rounds, PLAIN_SECONDS)
        show(f"search: plain SQLite, {size:,} tickets", times)
    if not notmuch.PROGRAM:
        print("search: notmuch is not installed")
        return
    for size, desk in bench.small.items():
        mail = maildir.of(desk, bench.folder / f"maildir-{size}")
        notmuch.index(mail)
        asked = [partial(notmuch.search, mail, words) for words in WORDS_ALONE]
        times = [waited(ask) for _ in range(bench.rounds) for ask in asked]
        show(f"search: notmuch, messages of {size:,} tickets", times, "with its start")


def _at_desk(size: int, path: Path, rounds: int) -> None:
    with open_desk(path, "aibek") as desk:
        desk.store.catch_up()
        if not desk.store.count(desk.query("tomorrow")):  # the word of few tickets
            for number in range(1, FIRST + 1):
                reply(desk, number, REPLY, owns_delay=True)
        each = {query: _asked([query], partial(find, desk), rounds) for query in QUERIES}
    times = [time for some in each.values() for time in some]
    show(f"search: desk of {size:,} tickets", times, "(goal at 100,000: p95 30 ms)")
    slowest = sorted(each, key=lambda query: sorted(each[query])[rounds // 2])[-3:]
    for query in reversed(slowest):
        show(f"search:   slowest: {query}", each[query])


def _asked(
    queries: Sequence[str],
    ask: Callable[[str], object],
    rounds: int,
    seconds: float = math.inf,
) -> list[float]:
    """How long each answer took; no round is begun once they took ``seconds`` together."""
    for query in queries:
        ask(query)
    times: list[float] = []
    for _ in range(rounds):
        if sum(times) > seconds:
            break
        times.extend(timed(partial(ask, query)) for query in queries)
    return times
