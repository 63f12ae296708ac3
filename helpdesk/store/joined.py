"""Where customers went that were merged into others: ``joined.json``, from number to number, and
from the source and id of a record that was imported, with a tab between, to a number."""

from __future__ import annotations

import json
from pathlib import Path

from helpdesk.domain.errors import Unavailable
from helpdesk.store import durable
from helpdesk.store.plain import read_plain_file

JOINED_FILE = "joined.json"

_TOO_LONG = 19
"""No number has so many digits; in a file edited by hand something may."""


def note(desk: Path, away: int, into: int, record: tuple[str, str] | None = None) -> None:
    """Note durably where the customer goes, and the record that he was imported from; needs to be
    alone. Raises CannotCreate, Unavailable."""
    known = {**_read(desk), str(away): into}
    if record is not None:
        known[_key(*record)] = into
    _write(desk, known)


def forget(desk: Path, number: int) -> None:
    """Let a customer who goes for good lead to nobody, as a merge that failed may have left him;
    needs to be alone. Raises as ``note``."""
    known = _read(desk)
    gone = {
        key
        for key, there in known.items()
        if key == str(number) or (not _is_number(key) and _end(known, there) == number)
    }
    if gone:
        _write(desk, {key: there for key, there in known.items() if key not in gone})


def followed(desk: Path, number: int) -> int:
    """The number under which customer ``number``, who is not there, is found; or the same."""
    return _end(_read(desk), number)


def imported(desk: Path, source: str, external_id: str) -> int | None:
    """The number of whom the customer was merged into that an import made of that record."""
    known = _read(desk)
    there = known.get(_key(source, external_id))
    return None if there is None else _end(known, there)


def all_merged(desk: Path) -> dict[int, int]:
    """Every customer who was merged into another, and into whom. Raises Unavailable."""
    return {int(key): there for key, there in _read(desk).items() if _is_number(key)}


def merged_into(desk: Path, number: int) -> list[int]:
    """The numbers of the customers who were merged into that one, at once or by others."""
    known = _read(desk)
    return [
        int(key) for key, there in known.items() if _is_number(key) and _end(known, there) == number
    ]


def _key(source: str, external_id: str) -> str:
    return f"{source}\t{external_id}"  # which neither of them holds


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < _TOO_LONG


def _end(known: dict[str, int], number: int) -> int:
    seen = {number}
    while (there := known.get(str(number))) is not None and there not in seen:
        number = there
        seen.add(number)
    return number


def _write(desk: Path, known: dict[str, int]) -> None:
    data = json.dumps(known, indent=1).encode() + b"\n"
    durable.write_file(desk / JOINED_FILE, data, desk=desk)


def _read(desk: Path) -> dict[str, int]:
    try:
        found = json.loads(read_plain_file(desk / JOINED_FILE))
        if not all(isinstance(number, int) for number in found.values()):
            raise ValueError
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, RecursionError):
        raise Unavailable(f"{JOINED_FILE} cannot be read: restore it from a backup") from None
    return dict(found)
