"""Giving out the files that belong to tickets: mail as it came, and attachments."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from helpdesk.desk import serving
from helpdesk.desk.desk import Desk
from helpdesk.desk.exporting import readable_tickets_of
from helpdesk.domain.errors import CannotCreate, InvalidInput, NotFound
from helpdesk.domain.rights import Right
from helpdesk.domain.ticket import Ticket
from helpdesk.store.base import LeftOut
from helpdesk.store.durable import reporting


def copy(
    desk: Desk, folder: Path, customer: int | None = None, left_out: LeftOut | None = None
) -> list[str]:
    """Copy the files of one customer's tickets, or of all, into ``folder``, by their SHA-256.
    Tickets that cannot be read are told to ``left_out``.

    Gives those that are not in the archive.

    Raises:
        NotPermitted: unless the agent is lead.
        CannotCreate: if the folder is not empty or cannot be written.
    """
    desk.require(Right.EXPORT)
    with reporting(folder, None):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CannotCreate(f"{folder} is not empty: name another folder")
    missing = []
    done: set[str] = set()
    for ticket in _tickets(desk, customer, left_out):
        for sha256 in sorted(ticket.kept - done):
            done.add(sha256)
            try:
                write_file(desk, sha256, folder / sha256)
            except NotFound:
                missing.append(sha256)
    return missing


def save(desk: Desk, sha256: str, path: str) -> Path:
    """Write a file of the archive where an agent types it, ``~`` being the home; gives the place.

    Raises:
        NotPermitted: in service mode, where no path is taken.
        InvalidInput: if what is typed is no path.
        NotFound, CannotCreate: as ``write_file``.
    """
    serving.require_no_path()
    if not path.strip() or "\0" in path:
        raise InvalidInput("say where to: the path of a new file")
    if not path.strip().isprintable():
        raise InvalidInput("a path here has no hidden characters: type it anew")
    try:
        target = Path(path.strip()).expanduser().absolute()
    except (RuntimeError, OSError):  # ~ of nobody, or where the program was started is gone
        raise InvalidInput("there is no such folder: write the whole path") from None
    write_file(desk, sha256, target)
    return target


def write_file(desk: Desk, sha256: str, target: Path) -> None:
    """Write a file of the archive to ``target``, which must not be there, for its owner only.

    Raises:
        NotFound: if the archive has no such file.
        CannotCreate: if it is there already or cannot be written.
    """
    with desk.store.archived(sha256) as source, reporting(target, None):
        try:
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise CannotCreate(f"{target} is there already: name another file") from None
        try:
            with os.fdopen(descriptor, "wb") as file:
                shutil.copyfileobj(source, file)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def _tickets(desk: Desk, customer: int | None, left_out: LeftOut | None) -> Iterator[Ticket]:
    if customer is None:
        return desk.store.tickets(left_out)
    return readable_tickets_of(desk, customer, left_out)
