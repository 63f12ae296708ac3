"""The largest numbers of documents that were removed, so that they are never used again; and the
numbers whose documents were lost, once somebody has taken note of that.

What is still there shows by itself; the index notes the rest, but it may be lost at any time.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpdesk.domain.errors import Unavailable
from helpdesk.store import durable

NUMBERS_FILE = "numbers.json"

_LOST = "lost"
"""The key of those that were lost: by table, the first and last number of each gap."""

Gap = tuple[int, int]
"""The first and the last of numbers in sequence."""


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


def _write(desk: Path, numbers: dict[str, Any]) -> None:
    text = json.dumps(numbers, indent=1)
    durable.write_file(desk / NUMBERS_FILE, text.encode() + b"\n", desk=desk)


def _read(desk: Path) -> dict[str, Any]:
    try:
        found = json.loads((desk / NUMBERS_FILE).read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
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
