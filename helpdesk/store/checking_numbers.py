"""Whether a ticket's document has vanished: numbers are given in sequence, so a gap is a loss."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from sqlite3 import Connection

from helpdesk.domain.errors import Unavailable
from helpdesk.store import durable, indexing, numbers
from helpdesk.store.base import Fault
from helpdesk.store.folder import Documents
from helpdesk.store.numbers import Gap

KIND = "tickets"

_MANY = 1000
"""Numbers of a gap beyond which it is not looked for each of them: who goes on with the numbers of
another system leaves a gap of millions."""

_WHAT = "there is no such file, though numbers are given in sequence: restore it from a backup"


def given(db: Connection, desk: Path) -> int:
    """The largest number that a ticket was given, as index and note say."""
    noted = (indexing.next_number(db, KIND) or 1) - 1
    return max(noted, numbers.largest_given(desk, KIND))


def faults(desk: Path, documents: Documents, given: int, *, repair: bool) -> Iterator[Fault]:
    """The gaps among the numbers of tickets up to ``given`` that nobody has taken note of.

    With ``repair``, which needs the writer lock, they are noted as gone for good. A number that
    was noted, came back and is lost again is named again once something was repaired between.
    """
    try:
        noted = sorted(numbers.lost(desk, KIND))
    except Unavailable:
        return  # said already, of the file itself
    found = list(gaps(documents, given))
    unnoted = [gap for gap in found if not _is_within(gap, noted)]
    if repair and unnoted:
        numbers.note_lost(desk, KIND, found)
    for first, last in unnoted:
        place = durable.shown(documents.path_of(first), desk)
        what = _WHAT if first == last else f"{_WHAT}; so are those up to {last}"
        if repair:
            yield Fault(place, f"{what} (noted as gone for good)", repaired=True)
        else:
            yield Fault(place, f"{what}; --repair notes it as gone for good")


def gaps(documents: Documents, given: int) -> Iterator[Gap]:
    """The gaps among the numbers of documents up to ``given``, in order."""
    expected = 1
    for number in chain(documents.ids(), (given + 1,)):
        if number - expected > _MANY:
            yield expected, number - 1
        else:
            # Somebody may have written it while the folder was listed.
            missing = [n for n in range(expected, number) if str(n) not in documents]
            yield from _in_sequence(missing)
        expected = max(expected, number + 1)


def _is_within(gap: Gap, noted: list[Gap]) -> bool:
    """Whether the ``noted`` gaps, which are in order, hold every number of the gap."""
    left, last = gap
    for begin, end in noted:
        if begin <= left <= end:
            left = end + 1
    return left > last


def _in_sequence(found: list[int]) -> Iterator[Gap]:
    first = 0
    for place, number in enumerate(found):
        if place == len(found) - 1 or found[place + 1] != number + 1:
            yield found[first], number
            first = place + 1
