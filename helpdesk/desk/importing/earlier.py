"""The files of rejects that an agent's earlier imports left, and whether they are still as left.

Only those may be replaced or taken away: in any other there may be somebody's work.
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import CannotCreate
from helpdesk.store.durable import reporting
from helpdesk.store.personal import Personal
from helpdesk.text import clean_line

FILE = "rejects.json"
"""Among the agent's own files: the SHA-256 of each file of rejects, by its path."""


class Earlier:
    """What the agent's imports at this desk left. Paths are absolute, without links."""

    def __init__(self, desk: Desk) -> None:
        self._files = Personal(desk.path, desk.agent)

    def require_free(self, path: Path) -> None:
        """Raises CannotCreate if something is at ``path`` that an import may not replace."""
        if path.is_dir():
            raise CannotCreate(
                f"{clean_line(str(path))} is a folder: name a file for the rejected rows "
                "with --rejects"
            )
        if path.is_file() and not self.is_as_left(path):
            raise CannotCreate(
                f"{clean_line(str(path))} is there already, and not as an earlier import of yours "
                "left it: import it first, move it away, or name another place with --rejects"
            )

    def is_as_left(self, path: Path) -> bool:
        """Whether an import wrote the file, and nobody has changed it since."""
        try:
            return self._left().get(str(path)) == _digest(path)
        except OSError:
            return False

    def note(self, path: Path) -> None:
        """An import has just written the file."""
        left = {place: digest for place, digest in self._left().items() if Path(place).is_file()}
        # Where that cannot be kept, the next import asks what to do with the file.
        with suppress(CannotCreate, OSError):
            self._files.write(FILE, json.dumps({**left, str(path): _digest(path)}).encode())

    def remove(self, path: Path) -> None:
        """Take the file away if it is still as left. Raises CannotCreate if that fails."""
        if path.is_file() and self.is_as_left(path):
            with reporting(path, None):
                path.unlink(missing_ok=True)

    def _left(self) -> dict[str, str]:
        try:
            left = json.loads(self._files.read(FILE) or b"{}")
        except ValueError:
            return {}
        return left if isinstance(left, dict) else {}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
