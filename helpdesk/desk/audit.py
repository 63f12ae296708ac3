"""The audit log of a desk: who opened it, gave data out, took data away, or was refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk import clock
from helpdesk.desk import serving
from helpdesk.domain.audit import Deed, Detail, Entry, read_entry
from helpdesk.domain.errors import CannotCreate, HelpdeskError, InvalidInput, NotPermitted
from helpdesk.domain.rights import Right
from helpdesk.store import journal
from helpdesk.store.base import Fault

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk


def record(desk: Path, agent: str, what: Deed, **details: Detail) -> None:
    """Put on record, durably, what ``agent`` does now at the desk in that folder.

    ``details`` are numbers and the program's own words, never a customer's. What must not happen
    without a record is recorded just before it is done. Raises CannotCreate.
    """
    journal.append(desk, Entry(clock.now(), agent, what, details).as_line())


def record_given_out(desk: Desk, **details: Detail) -> None:
    """Put on record that data is given out.

    In service mode nothing is given out without it. Elsewhere whoever may read the folder has the
    data anyway, and must come by it from a disk that is full, too.

    Raises:
        CannotCreate, NotPermitted: in service mode, if it cannot be recorded.
    """
    try:
        record(desk.path, desk.agent, Deed.EXPORTED, **details)
    except (CannotCreate, NotPermitted):
        if serving.service() is not None:
            raise


def entries(desk: Desk, since: datetime | None = None) -> Iterator[Entry]:
    """What is on record, oldest first, ``since`` then (aware); what cannot be read is left out.

    Raises:
        NotPermitted: unless the agent is lead or auditor.
        Unavailable: if the log cannot be read.
    """
    desk.require(Right.AUDIT)
    with suppress(CannotCreate, NotPermitted):  # an auditor may have no right to write
        record(desk.path, desk.agent, Deed.READ_LOG)
    return _entries(desk.path, since)


def _entries(desk: Path, since: datetime | None) -> Iterator[Entry]:
    for _, line in journal.lines(desk):
        try:
            entry = read_entry(line)
        except InvalidInput:
            continue
        if since is None or entry.at >= since:
            yield entry


def faults(desk: Path) -> list[Fault]:
    """What is wrong with the log."""
    found: list[Fault] = []
    try:
        for number, line in journal.lines(desk):
            try:
                read_entry(line)
            except InvalidInput:
                found.append(Fault(journal.AUDIT_FILE, f"line {number} cannot be read"))
    except HelpdeskError as error:
        what = error.message.removeprefix(f"{journal.AUDIT_FILE} ")
        found.append(Fault(journal.AUDIT_FILE, what))
    return found
