"""The largest numbers of documents that were removed, so that they are never used again.

What is still there shows by itself; the index notes the rest, but it may be lost at any time.
"""

import json
from pathlib import Path

from helpdesk.domain.errors import Unavailable
from helpdesk.store import durable

NUMBERS_FILE = "numbers.json"


def largest_removed(desk: Path, kind: str) -> int:
    """The largest number of a document of table ``kind`` that was removed; 0 if none was.

    Raises:
        Unavailable: if the file that says so cannot be read.
    """
    return _read(desk).get(kind, 0)


def note_removed(desk: Path, kind: str, number: int) -> None:
    """Note durably that the document is about to be removed. Needs the writer lock.

    Raises:
        Unavailable: if the file that says so cannot be read.
        CannotCreate: if it cannot be written.
    """
    numbers = _read(desk)
    if number > numbers.get(kind, 0):
        text = json.dumps({**numbers, kind: number}, indent=1)
        durable.write_file(desk / NUMBERS_FILE, text.encode() + b"\n", desk=desk)


def _read(desk: Path) -> dict[str, int]:
    try:
        found = json.loads((desk / NUMBERS_FILE).read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _unreadable() from error
    if not isinstance(found, dict) or any(type(n) is not int for n in found.values()):
        raise _unreadable()
    return found


def _unreadable() -> Unavailable:
    return Unavailable(
        f"{NUMBERS_FILE} cannot be read; mend it, or remove it if no customer was ever erased"
    )
