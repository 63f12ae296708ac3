"""What a library said, noted in the desk's cache, so that it is not imported at every start."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CACHE = ".cache"


class Noted:
    """What is noted in one file of the cache of a desk, for as long as the library is the same.

    Without a desk nothing is noted. Nothing is lost where it cannot be written, or is gone.
    """

    def __init__(self, desk: Path | None, library: str) -> None:
        self._path = None if desk is None else desk / CACHE / f"{library}.json"
        self._library = library

    def read(self) -> dict[str, Any]:
        """What is noted; nothing if that cannot be read, or is of another version."""
        if self._path is None:
            return {}
        try:
            noted = json.loads(self._path.read_bytes())
            if noted["library"] == self._version():
                said = noted["said"]
                return said if isinstance(said, dict) else {}
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            pass
        return {}

    def write(self, said: Mapping[str, Any]) -> None:
        """Note this in place of what was noted."""
        if self._path is None:
            return
        # A name that nobody can guess, for a file that is not there: others may write here too.
        new = self._path.with_name(f".{self._path.name}.{os.urandom(6).hex()}.tmp")
        with suppress(OSError):
            mode = self._path.parent.stat().st_mode & 0o666
            with new.open("x", encoding="utf-8") as file:
                os.fchmod(file.fileno(), mode)
                json.dump({"library": self._version(), "said": said}, file)
            new.replace(self._path)

    def _version(self) -> str | None:
        """How the library lies, which tells one version from another without importing it."""
        found = find_spec(self._library)
        if found is None or found.origin is None:
            return None
        lies = Path(found.origin).stat()
        return f"{found.origin} {lies.st_mtime_ns} {lies.st_size}"
