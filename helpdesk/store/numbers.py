"""The numbers that are never used again though no document shows them: the last ones given, the
largest of those removed, and those whose documents were lost, once somebody has taken note of that.

What is still there shows by itself; the index notes the rest, but it may be lost at any time.
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from helpdesk.domain.errors import Unavailable
from helpdesk.store import durable
from helpdesk.store.plain import read_plain_file
from helpdesk.store.schema import LARGEST_ID

NUMBERS_FILE = "numbers.json"

GIVEN_FILE = "given.json"

_GIVEN_SIZE = 200
"""Bytes; always as many, so that what is written covers all that was there."""

_LOST = "lost"
"""The key of those that were lost: by table, the first and last number of each gap."""

Gap = tuple[int, int]
"""The first and the last of numbers in sequence."""


def largest_given(desk: Path, kind: str) -> int:
    """The largest number that a document of table ``kind`` was given, as far as that is noted; 0 if
    it is not."""
    return _given(desk).get(kind, 0)


def note_given(desk: Path, last: Mapping[str, int]) -> None:
    """Note the last numbers given, by table. Needs the writer lock.

    The disk is not waited for, and what cannot be noted is not: documents and index say the same,
    and only where both were removed by hand does anybody go by this.
    """
    before = _given(desk)
    now = {**before, **{kind: max(n, before.get(kind, 0)) for kind, n in last.items()}}
    if now == before:
        return
    with suppress(OSError):
        descriptor = durable.files.open_lock(desk / GIVEN_FILE)
        try:
            text = json.dumps(now).encode().ljust(_GIVEN_SIZE) + b"\n"
            os.pwrite(descriptor, text, 0)
            os.ftruncate(descriptor, len(text))  # somebody may have put a longer one there
        finally:
            os.close(descriptor)


def largest_removed(desk: Path, kind: str) -> int:
    """The largest number of a document of table ``kind`` that was removed; 0 if none was.

    Raises:
        Unavailable: if the file that says so cannot be read.
    """
    largest: int = _read(desk).get(kind, 0)
    return largest


def note_removed(desk: Path, kind: str, number: int) -> None:
    """Note durably that the document is about to be removed. Needs the writer lock.

    Raises:
        Unavailable: if the file that says so cannot be read.
        CannotCreate: if it cannot be written.
    """
    numbers = _read(desk)
    if number > numbers.get(kind, 0):
        _write(desk, {**numbers, kind: number})


def lost(desk: Path, kind: str) -> list[Gap]:
    """The numbers of table ``kind`` that are noted as lost for good.

    Raises:
        Unavailable: if the file that says so cannot be read.
    """
    return [(first, last) for first, last in _read(desk).get(_LOST, {}).get(kind, [])]


def note_lost(desk: Path, kind: str, gaps: Sequence[Gap]) -> None:
    """Note durably that these, and no others, are lost for good. Needs the writer lock.

    Raises:
        Unavailable: if the file that says so cannot be read.
        CannotCreate: if it cannot be written.
    """
    numbers = _read(desk)
    noted = {**numbers.get(_LOST, {}), kind: [list(gap) for gap in gaps]}
    _write(desk, {**numbers, _LOST: noted})


def _given(desk: Path) -> dict[str, int]:
    try:
        found = json.loads(read_plain_file(desk / GIVEN_FILE))
    except (OSError, ValueError, RecursionError):
        return {}  # it is a help, and no condition
    if not isinstance(found, dict):
        return {}
    return {kind: n for kind, n in found.items() if type(n) is int and 0 < n < LARGEST_ID}


def _write(desk: Path, numbers: dict[str, Any]) -> None:
    text = json.dumps(numbers, indent=1)
    durable.write_file(desk / NUMBERS_FILE, text.encode() + b"\n", desk=desk)


def _read(desk: Path) -> dict[str, Any]:
    try:
        found = json.loads(read_plain_file(desk / NUMBERS_FILE))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(found, dict):
        raise _unreadable()
    if any(type(n) is not int for name, n in found.items() if name != _LOST):
        raise _unreadable()
    if not _are_gaps(found.get(_LOST, {})):
        raise _unreadable()
    return found


def _are_gaps(noted: object) -> bool:
    return isinstance(noted, dict) and all(
        isinstance(gaps, list)
        and all(
            isinstance(gap, list) and len(gap) == 2 and all(type(n) is int for n in gap)
            for gap in gaps
        )
        for gaps in noted.values()
    )


def _unreadable() -> Unavailable:
    return Unavailable(
        f"{NUMBERS_FILE} cannot be read; mend it, or remove it if no customer was ever erased"
    )
