"""Files that an agent sends with an answer: read where they lie, kept in the archive."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from helpdesk.desk import serving
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput, NotFound
from helpdesk.domain.message import Attachment, Message
from helpdesk.store import durable
from helpdesk.store.archive import Kept
from helpdesk.store.base import Writing
from helpdesk.text import clean_line

MEGABYTES = 20
"""What the files of one message may have together on a desk whose settings say nothing."""

MEGABYTE = 1024 * 1024
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file as it goes with an answer; ``name`` is fit for a file of the customer's."""

    name: str
    data: bytes
    type: str = _UNKNOWN


def most(desk: Desk) -> int:
    """How many bytes the files of one message may have together."""
    out = desk.settings.mail.out
    return (MEGABYTES if out is None else out.attachments_mb) * MEGABYTE


def read_files(desk: Desk, paths: Iterable[Path]) -> tuple[Enclosed, ...]:
    """The files at these paths, as they are now.

    Raises:
        NotPermitted: in service mode, where no path is taken.
        NotFound, InvalidInput: for one that cannot be read, is no file, or is beyond the limit.
    """
    return tuple(_read(desk, path) for path in paths)


def look_at(desk: Desk, path: Path) -> int:
    """How many bytes a file to be attached has. Raises as ``read_files``."""
    with _opened(path) as file:
        size = os.fstat(file.fileno()).st_size
    _require_room(desk, size)
    return size


def from_stream(desk: Desk, stream: BinaryIO, name: str) -> Enclosed:
    """A file that is given to us as a stream. Raises InvalidInput if it is beyond the limit."""
    data = stream.read(most(desk) + 1)
    _require_room(desk, len(data))
    return _enclosed(name, data)


def of_message(desk: Desk, message: Message) -> tuple[Enclosed, ...]:
    """The files of a message, to be sent once more. Raises NotFound."""
    found = []
    for attachment in message.attachments:
        with desk.store.archived(attachment.sha256) as file:
            found.append(Enclosed(attachment.name, file.read(), attachment.type))
    return tuple(found)


def keep(desk: Desk, writing: Writing, files: Sequence[Enclosed]) -> tuple[Attachment, ...]:
    """Put the files in the archive with the writing; gives them as a message has them.

    Raises InvalidInput if they are too large together.
    """
    _require_room(desk, sum(len(file.data) for file in files))
    kept = []
    for file in files:
        one = Kept.of(file.data)
        writing.keep(one)
        kept.append(Attachment(name=file.name, type=file.type, bytes=one.size, sha256=one.sha256))
    return tuple(kept)


def _read(desk: Desk, path: Path) -> Enclosed:
    with _opened(path) as file:
        return from_stream(desk, file, path.name)


def _opened(path: Path) -> BinaryIO:
    serving.require_no_path()
    shown = clean_line(durable.shown(path, None))
    try:
        # Opened so, a pipe does not hang the desk.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NotFound(f"{shown}: there is no such file to attach") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be read"
        raise InvalidInput(f"{shown} cannot be attached: {reason}") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InvalidInput(f"{shown} cannot be attached: it is no file")
    return os.fdopen(descriptor, "rb")


def _require_room(desk: Desk, size: int) -> None:
    limit = most(desk)
    if size > limit:
        raise InvalidInput(
            f"the files of a message have at most {limit // MEGABYTE} MB together "
            "(mail.out.attachments_mb in desk.toml): attach less, or send a link"
        )


def _enclosed(name: str, data: bytes) -> Enclosed:
    import mimetypes

    from helpdesk.mail.attachments import safe_name  # with much of what reads mail

    name = safe_name(name) or "file"
    return Enclosed(name, data, mimetypes.guess_type(name)[0] or _UNKNOWN)
