"""What a copy of a desk holds by half, as its index tells: what was begun while it was copied.

A copying takes no longer than a day. So what is missing only counts as begun meanwhile where that
which refers to it was written within the last day of the copy. Of a number without its document all
that came after has to be as new as the copy itself: `cp` leaves out a file that is replaced while
it looks. Everything else is a loss, which `helpdesk check` names.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Connection

from helpdesk.store import checking_numbers, mail_finding, numbers
from helpdesk.store.archive import Archive
from helpdesk.store.folder import Documents
from helpdesk.store.numbers import Gap

_DAY = 24 * 60 * 60 * 1_000_000_000
"""Nanoseconds."""
_TICK = 2_000_000_000
"""Nanoseconds by which times of files may differ that were taken at one time."""


@dataclass(slots=True)
class Halves:
    """What is by half, and since when that may be, in nanoseconds since 1970 UTC."""

    since: int
    homeless: dict[int, list[int]] = field(default_factory=dict)
    """By the number of a customer who is not there, the tickets."""
    newcomers: set[int] = field(default_factory=set)
    """Those of these customers who came while the copy was made."""
    outbox: dict[int, tuple[int, int]] = field(default_factory=dict)
    """The recent messages of the outbox, each with its ticket and the message there."""
    of_erased: list[int] = field(default_factory=list)
    """The messages of the outbox whose customers were erased."""
    files: dict[int, set[str]] = field(default_factory=dict)
    """By ticket, the files of the archive that are not there, by their hashes."""
    unclaimed: list[str] = field(default_factory=list)
    """The files of the archive that no ticket refers to, by their hashes."""
    numbers: list[Gap] = field(default_factory=list)
    """The tickets that are not there."""
    recent: dict[str, list[int]] = field(default_factory=dict)
    """The tickets and customers that were written of late."""


def find(db: Connection, desk: Path, documents: Mapping[str, Documents]) -> Halves:
    """Look through the index of a copy, which has to be up to date."""
    found = Halves(_newest(db) - _DAY)
    for ticket, customer in _homeless(db, found.since):
        found.homeless.setdefault(customer, []).append(ticket)
    if found.homeless:
        began = max(found.since, _began(documents["customers"]))
        found.newcomers = {n for n in found.homeless if _is_newer(db, "customers", n, began)}
    found.outbox = {number: (ticket, message) for number, ticket, message in _outbox(db, found)}
    found.of_erased = [number for (number,) in db.execute(_OF_ERASED)]
    archive = Archive(desk)
    for ticket, sha256 in db.execute(_FILES, (found.since,)):
        if not archive.holds(sha256):
            found.files.setdefault(ticket, set()).add(sha256)
    found.unclaimed = list(_unclaimed(db, archive, found.since))
    found.numbers = list(_numbers(db, desk, documents["tickets"], found.since))
    found.recent = {kind: _recent(db, kind, found.since) for kind in ("tickets", "customers")}
    return found


_RECENT = "SELECT 1 FROM documents AS d WHERE d.kind = '{}' AND d.id = {} AND d.mtime_ns >= ?"
_THERE = "SELECT 1 FROM documents AS d WHERE d.kind = '{}' AND d.id = {}"

_FILES = f"""SELECT ticket, sha256 FROM archived AS a
    WHERE EXISTS ({_RECENT.format("tickets", "a.ticket")})"""

_OF_ERASED = """SELECT o.id FROM outbox AS o JOIN tickets AS t ON t.id = o.ticket
    WHERE t.customer IS NULL"""


def _newest(db: Connection) -> int:
    """When a document was written last; a time ahead of now was given by a clock that was wrong."""
    sql = "SELECT max(mtime_ns) FROM documents WHERE mtime_ns <= ?"
    return db.execute(sql, (time.time_ns(),)).fetchone()[0] or 0


def _homeless(db: Connection, since: int) -> Iterator[tuple[int, int]]:
    sql = f"""SELECT t.id, t.customer FROM tickets AS t WHERE t.customer IS NOT NULL
        AND EXISTS ({_RECENT.format("tickets", "t.id")})
        AND NOT EXISTS ({_THERE.format("customers", "t.customer")}) ORDER BY t.id"""
    yield from db.execute(sql, (since,))


def _outbox(db: Connection, found: Halves) -> Iterator[tuple[int, int, int]]:
    sql = f"""SELECT o.id, o.ticket, o.message FROM outbox AS o
        WHERE EXISTS ({_RECENT.format("outbox", "o.id")})"""
    yield from db.execute(sql, (found.since,))


def _unclaimed(db: Connection, archive: Archive, since: int) -> Iterator[str]:
    claimed = mail_finding.all_referred_to(db)
    erased = f"""SELECT 1 FROM tickets AS t WHERE t.customer IS NULL
        AND EXISTS ({_RECENT.format("tickets", "t.id")})"""
    # Files of those who were erased meanwhile may be of any age.
    oldest = 0 if db.execute(erased, (since,)).fetchone() else since
    for sha256 in archive.all():
        if sha256 not in claimed and archive.path_of(sha256).stat().st_mtime_ns >= oldest:
            yield sha256


def _numbers(db: Connection, desk: Path, tickets: Documents, since: int) -> Iterator[Gap]:
    kind = checking_numbers.KIND
    known = set(numbers.lost(desk, kind))
    found = checking_numbers.gaps(tickets, checking_numbers.given(db, desk))
    unknown = [gap for gap in found if gap not in known]
    if unknown:
        began = max(since, _began(tickets))
        yield from (gap for gap in unknown if _is_newer(db, kind, gap[1], began))


def _began(documents: Documents) -> int:
    """When the copying of these documents began: the time of change of a file's entry is that of
    its copying, as no program can set it."""
    copied = (documents.path_of(number).lstat().st_ctime_ns for number in documents.ids())
    return min(copied, default=0) - _TICK


def _is_newer(db: Connection, kind: str, number: int, began: int) -> bool:
    """Whether every document after that number was written since then: what came before it came
    later still."""
    sql = "SELECT min(mtime_ns) FROM documents WHERE kind = ? AND id > ?"
    oldest = db.execute(sql, (kind, number)).fetchone()[0]
    return oldest is None or int(oldest) >= began


def _recent(db: Connection, kind: str, since: int) -> list[int]:
    sql = "SELECT id FROM documents WHERE kind = ? AND mtime_ns >= ? AND fault IS NULL ORDER BY id"
    return [number for (number,) in db.execute(sql, (kind, since))]
