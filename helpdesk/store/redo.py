"""Several files written and removed together: all of it, or nothing.

Every new file is made durable beside its place, then the redo file that says where each belongs;
from then on the change stands, and whoever holds the writer lock next finishes it if its process
died. Then the files are put in their places and the redo file is removed.
"""

import errno
import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from helpdesk.store import durable
from helpdesk.store.folder import reading_error
from helpdesk.store.plain import read_plain_file

REDO_FILE = ".redo.json"
SET_ASIDE = ".redo.unfinished.json"

_REV = re.compile(rb'^ "rev": ([0-9]{1,15}),?$', re.MULTILINE)
_FEW = 16
"""Up to so many files are made durable one by one; more of them at one stroke with the disk."""


class _Step(NamedTuple):
    """A file to put in its place, by their paths within the desk."""

    source: str
    target: str
    sha256: str
    rev: int = 0
    """How often the document was saved then; 0 if that is not known."""


def replace(desk: Path, pairs: Sequence[tuple[Path, bytes]], removed: Sequence[Path]) -> None:
    """Write the files of ``pairs`` and remove those of ``removed``: all of it durably, or nothing.

    Needs the writer lock. Raises CannotCreate.
    """
    if len(pairs) + len(removed) <= 1:
        for path, data in pairs:
            durable.write_file(path, data, desk=desk)
        durable.remove_files(removed, desk=desk)
        return
    pending = durable.prepare(pairs, desk=desk, at_once=len(pairs) > _FEW)
    _note(desk, pending, pairs, removed)
    for temporary, path in pending:
        with durable.reporting(path, desk):
            durable.files.rename(temporary, path)
    durable.sync_folders((path for _, path in pending), desk)
    durable.remove_files(removed, desk=desk)
    durable.remove_file(desk / REDO_FILE, desk=desk)


def is_left(desk: Path) -> bool:
    """Whether a change was begun and is not finished yet."""
    return os.path.exists(f"{desk}/{REDO_FILE}")  # noqa: PTH110 - before every write


def finish(desk: Path) -> None:
    """Finish what a process that died had begun. Needs the writer lock.

    A redo file that cannot be read, or whose new files are gone, is set aside for `helpdesk check`
    to report. Raises CannotCreate, Unavailable.
    """
    if not is_left(desk):
        return
    plan = _read(desk)
    finished = [] if plan is None else [_finish_step(desk, step) for step in plan[0]]
    if plan is None or not all(finished):
        with durable.reporting(desk / REDO_FILE, desk):
            durable.files.rename(desk / REDO_FILE, desk / SET_ASIDE)
            durable.files.fsync_dir(desk)
        return
    steps, removed = plan
    durable.sync_folders((desk / step.target for step in steps), desk)
    durable.remove_files((desk / name for name in removed), desk=desk)
    durable.remove_file(desk / REDO_FILE, desk=desk)


def _note(
    desk: Path,
    pending: Sequence[tuple[Path, Path]],
    pairs: Iterable[tuple[Path, bytes]],
    removed: Iterable[Path],
) -> None:
    steps = [
        _Step(
            source=_within(temporary, desk),
            target=_within(path, desk),
            sha256=hashlib.sha256(data).hexdigest(),
            rev=_rev(data),
        )
        for (temporary, path), (_, data) in zip(pending, pairs, strict=True)
    ]
    plan = {
        "format": 1,
        "write": [step._asdict() for step in steps],
        "remove": [_within(path, desk) for path in removed],
    }
    try:
        durable.sync_folders((path for _, path in pending), desk)
        durable.write_file(desk / REDO_FILE, json.dumps(plan, indent=1).encode(), desk=desk)
    except BaseException:
        # While the redo file is there it may still be finished, and needs the new files.
        with suppress(OSError):
            with suppress(FileNotFoundError):
                durable.files.unlink(desk / REDO_FILE)
            durable.discard(pending)
        raise


def _read(desk: Path) -> tuple[list[_Step], list[str]] | None:
    try:
        plan: dict[str, Any] = json.loads(_plan(desk))
        steps = [_Step(**step) for step in plan["write"]]
        removed = [str(name) for name in plan["remove"]]
        names = [*removed, *(name for step in steps for name in (step.source, step.target))]
        safe = all(not Path(name).is_absolute() and ".." not in Path(name).parts for name in names)
        safe = safe and all(type(step.rev) is int for step in steps)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return (steps, removed) if safe else None


def _plan(desk: Path) -> bytes:
    """What the redo file says; nothing of what is no plain file."""
    try:
        return read_plain_file(desk / REDO_FILE)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ELOOP):
            return b""
        raise reading_error(error, REDO_FILE) from error


def _finish_step(desk: Path, step: _Step) -> bool:
    source, target = desk / step.source, desk / step.target
    with durable.reporting(target, desk):
        there = _bytes(target)
        if there is not None and 0 < step.rev < _rev(there):
            # In a copy made while agents worked it may have been copied after a later save.
            with suppress(FileNotFoundError):
                durable.files.unlink(source)
            return True
        try:
            durable.files.rename(source, target)
        except FileNotFoundError:
            # It is in its place already, or somebody removed it.
            return there is not None and hashlib.sha256(there).hexdigest() == step.sha256
    return True


def _bytes(path: Path) -> bytes | None:
    """What lies there; None if nothing does, or nothing that can be read, which gives way."""
    try:
        return read_plain_file(path)
    except OSError as error:
        if error.errno in durable.TOO_MANY_OPEN:
            raise
        return None


def _rev(data: bytes) -> int:
    """The ``rev`` of a document by its text as ``folder.encode`` lays it out; 0 if it has none."""
    found = _REV.search(data)
    return int(found[1]) if found else 0


def _within(path: Path, desk: Path) -> str:
    return path.relative_to(desk).as_posix()
