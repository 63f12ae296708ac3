"""Bringing a desk forward to the format of this program, with a copy kept of it as it was.

``format.json`` says which format the desk is of. Each document says so too, and is read whichever
it is of: whatever dies in the midst, the desk is whole, and whoever writes next goes on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from helpdesk import clock
from helpdesk.domain.errors import BadConfiguration, InvalidInput
from helpdesk.domain.formats import FIRST, FORMAT, STEPS
from helpdesk.store import durable
from helpdesk.store.folder import Documents, UnreadableDocument, encode, reading_error
from helpdesk.store.plain import read_plain_file

FORMAT_FILE = "format.json"
FORMER = "former"
"""The folder of the copies, each named by the day it was made and the format."""

_COPY = re.compile(rf"{FORMER}/[0-9][^/]*")
_AT_ONCE = 500
"""Documents made durable at one stroke."""


@dataclass(frozen=True, slots=True)
class Brought:
    """That the desk was brought forward; ``copy`` is the place of the copy of it as it was."""

    before: int
    now: int
    copy: str

    def __str__(self) -> str:
        return (
            f"the desk was brought forward from format {self.before} to {self.now}; "
            f"{self.copy} holds it as it was"
        )


@dataclass(frozen=True, slots=True)
class _Record:
    """What ``format.json`` says: the format, and the copy if bringing forward has begun."""

    format: int = FIRST
    copy: str | None = None


def is_older(desk: Path) -> bool:
    """Whether the desk is to be brought forward.

    Raises:
        BadConfiguration: it was written by a newer program, or does not say which.
    """
    written = _read(desk).format
    if written > FORMAT:
        raise BadConfiguration(
            f"the desk is of format {written}, written by a newer helpdesk; this one knows formats "
            f"up to {FORMAT}: update it"
        )
    return written < FORMAT


def note(desk: Path) -> None:
    """Note durably that a new desk is of the format of this program. Raises CannotCreate."""
    _write(desk, _Record(FORMAT))


def copies(desk: Path) -> list[str]:
    """The places of the copies of the desk as it was, oldest first."""
    with suppress(OSError):
        return sorted(
            f"{FORMER}/{path.name}" for path in (desk / FORMER).iterdir() if path.is_dir()
        )
    return []


def copied(desk: Path, path: Path) -> Iterator[Path]:
    """The files in which copies hold what the desk has, or had, in ``path``."""
    for copy in copies(desk):
        file = desk / copy / path.relative_to(desk)
        if file.exists():
            yield file


def bring_forward(desk: Path, documents: Mapping[str, Documents]) -> Brought:
    """Keep a copy of an older desk, and write its documents in the format of this program.

    A document that cannot be read stays as it is. Needs the writer lock. Raises CannotCreate.
    """
    record = _read(desk)
    durable.clear_away([desk])
    copy = record.copy or free_place(desk, f"format-{record.format}")
    if record.copy is None:
        # Whoever goes on after a crash makes the same copy, and no other.
        _write(desk, _Record(record.format, copy))
    if not (desk / copy).is_dir():
        _keep_copy(desk, desk / copy, record.format, documents)
    for found in documents.values():
        _rewrite(found)
    _write(desk, _Record(FORMAT))
    return Brought(record.format, FORMAT, copy)


def _keep_copy(desk: Path, place: Path, number: int, documents: Mapping[str, Documents]) -> None:
    """Copy the documents to ``place``, wholly or not at all."""
    import shutil  # which the first paint does not wait for

    former = place.parent
    durable.make_folders(former, desk)
    begun = former / f".{place.name}.tmp"
    with durable.reporting(place, desk):
        for left in former.glob(".*.tmp"):
            shutil.rmtree(left)
        try:
            _copy(desk, begun, documents)
            durable.write_file(begun / FORMAT_FILE, _text(_Record(number)), desk=desk)
            durable.files.sync_disk(former)
            durable.files.rename(begun, place)
        except BaseException:
            shutil.rmtree(begun, ignore_errors=True)
            raise
        durable.files.fsync_dir(former)


def _copy(desk: Path, begun: Path, documents: Mapping[str, Documents]) -> None:
    durable.files.mkdir(begun)
    for found in documents.values():
        for number in found.ids():
            with suppress(KeyError, UnreadableDocument):  # it is not written either
                data = found.read_bytes(number)
                file = begun / found.path_of(number).relative_to(desk)
                durable.make_folders(file.parent, begun)
                durable.write_new(file, (data,), sync=False)


def free_place(desk: Path, what: str) -> str:
    """A folder that is not there yet, for what is put aside today, within the desk."""
    place = f"{FORMER}/{clock.now():%Y-%m-%d}-{what}"
    places = chain((place,), (f"{place}-{again}" for again in count(2)))
    return next(free for free in places if not (desk / free).exists())


def _rewrite(documents: Documents) -> None:
    """Write those documents anew that are of an older format and can be read."""
    ids = documents.ids()
    while chunk := list(islice(ids, _AT_ONCE)):
        durable.clear_away({documents.path_of(number).parent for number in chunk})
        pairs = [pair for number in chunk if (pair := _rewritten(documents, number)) is not None]
        pending = durable.prepare(pairs, desk=documents.desk, at_once=True)
        durable.put_in_place(pending, desk=documents.desk)


def _rewritten(documents: Documents, number: int) -> tuple[Path, bytes] | None:
    from helpdesk.store.reading import model_of

    with suppress(KeyError, InvalidInput):
        if documents.read_as_it_is(number).get("format", FORMAT) == FORMAT:
            return None
        fields = documents.read(number)
        model_of(documents.table, fields, number)  # raises for what could not be read afterwards
        return documents.path_of(number), encode(fields, documents.table, number)
    return None


def _text(record: _Record) -> bytes:
    said: dict[str, Any] = {"format": record.format}
    if record.copy is not None:
        said["copy"] = record.copy
    return json.dumps(said, indent=1).encode() + b"\n"


def _write(desk: Path, record: _Record) -> None:
    durable.write_file(desk / FORMAT_FILE, _text(record), desk=desk)


def _read(desk: Path) -> _Record:
    try:
        found = json.loads(read_plain_file(desk / FORMAT_FILE))
        number, copy = found["format"], found.get("copy")
        if type(number) is not int or not (copy is None or _COPY.fullmatch(copy)):
            raise ValueError
        if number < FORMAT and number not in STEPS:
            raise ValueError
    except FileNotFoundError:
        return _Record()
    except OSError as error:
        raise reading_error(error, FORMAT_FILE) from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise BadConfiguration(
            f"{FORMAT_FILE} cannot be read: restore it from a backup, or have it hold "
            f'{{"format": {FORMAT}}} if no other version was ever used'
        ) from None
    return _Record(number, copy)
