"""Verifying the archive: that each file is whole, and that tickets refer to what is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from helpdesk.store import durable
from helpdesk.store.archive import Archive
from helpdesk.store.base import Fault, Progress

_EVERY = 100  # files between two reports of progress


def faults(desk: Path, referred_to: set[str], progress: Progress | None) -> Iterator[Fault]:
    """What is wrong in the archive; ``referred_to`` are the files that tickets refer to.

    Nothing here is ever repaired: what no ticket refers to may be all that is left of a mail.
    """
    archive = Archive(desk)
    there = list(archive.all())
    for done, sha256 in enumerate(there, start=1):
        place = durable.shown(archive.path_of(sha256), desk)
        try:
            if not archive.is_whole(sha256):
                yield Fault(place, "holds another thing than its name says; restore it")
        except FileNotFoundError:
            continue
        except OSError as error:
            yield Fault(place, f"cannot be read: {error.strerror}")
        if sha256 not in referred_to:
            yield Fault(place, "belongs to no ticket that can be read")
        if progress is not None and (done % _EVERY == 0 or done == len(there)):
            progress(done, len(there))
    for sha256 in sorted(referred_to.difference(there)):
        yield Fault(f"archive/{sha256[:2]}/{sha256}", "a ticket refers to it, but it is not there")
    for path in archive.strays():
        yield Fault(durable.shown(path, desk), "is no file of the archive")
