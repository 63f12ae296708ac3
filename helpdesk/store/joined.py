"""Where customers went that were merged into others: ``joined.json``, from number to number."""

from __future__ import annotations

import json
from pathlib import Path

from helpdesk.domain.errors import Unavailable
from helpdesk.store import durable
from helpdesk.store.plain import read_plain_file

JOINED_FILE = "joined.json"


def note(desk: Path, away: int, into: int) -> None:
    """Note durably where the customer goes; needs to be alone. Raises CannotCreate, Unavailable."""
    _write(desk, {**_read(desk), str(away): into})


def forget(desk: Path, number: int) -> None:
    """Let a customer who goes for good lead to nobody, as a merge that failed may have left him;
    needs to be alone. Raises as ``note``."""
    known = _read(desk)
    if known.pop(str(number), None) is not None:
        _write(desk, known)


def followed(desk: Path, number: int) -> int:
    """The number under which customer ``number``, who is not there, is found; or the same."""
    known, seen = _read(desk), {number}
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
    except (OSError, ValueError, AttributeError):
        raise Unavailable(f"{JOINED_FILE} cannot be read: restore it from a backup") from None
    return dict(found)
