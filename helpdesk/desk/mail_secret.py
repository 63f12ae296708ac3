"""The secret of the desk's reply addresses: a file in its folder for one user's eyes only."""

from __future__ import annotations

import os
from contextlib import suppress

from helpdesk.desk.desk import Desk
from helpdesk.store import durable
from helpdesk.store.plain import read_plain_file

SECRET_FILE = "mail.secret"

_BYTES = 32


def secret(desk: Desk) -> bytes | None:
    """The secret, or None if there is none yet or whoever asks may not read it.

    Then a letter is threaded by its other signs.
    """
    with suppress(OSError):
        found = bytes.fromhex(read_plain_file(desk.path / SECRET_FILE).decode("ascii", "replace"))
        return found if len(found) == _BYTES else None
    return None


def make_secret(desk: Desk) -> bytes:
    """The secret; made if there is none yet. Needs the writer lock of the desk.

    Raises:
        CannotCreate: if it cannot be written.
    """
    known = secret(desk)
    if known is not None:
        return known
    made = os.urandom(_BYTES)
    path = desk.path / SECRET_FILE
    pending = durable.prepare([(path, made.hex().encode())], desk=desk.path, private=True)
    durable.put_in_place(pending, desk=desk.path)
    return made
