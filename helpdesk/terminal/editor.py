"""The agent's own editor: a text is written in it, and comes back clean."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from helpdesk.desk import serving
from helpdesk.domain.errors import InvalidInput, Unavailable
from helpdesk.text import clean

LONGEST = 1_000_000
"""How many bytes a text may have when it comes back."""


def command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The editor that ``$VISUAL`` or ``$EDITOR`` names.

    Raises InvalidInput if there is none, and in service mode, where it would have the rights of
    the service user.
    """
    if serving.service() is not None:
        raise InvalidInput("no other program is started here: the desk is reached through sudo")
    named = environment.get("VISUAL", "").strip() or environment.get("EDITOR", "").strip()
    if not named:
        raise InvalidInput("no editor is named: set EDITOR, as in EDITOR=nano")
    try:
        words = shlex.split(named)
    except ValueError:
        raise InvalidInput("EDITOR cannot be read as a command: check its quotes") from None
    if shutil.which(words[0], path=environment.get("PATH")) is None:
        raise InvalidInput("the editor that EDITOR names is not there: name another one")
    return words


class Edited:
    """A text in a file that only the agent may read, while an editor has it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def run(self, editor: list[str]) -> None:
        """Run the editor and wait for its end. Raises Unavailable if it could not do its work."""
        try:
            with _not_interrupted():
                code = subprocess.run([*editor, str(self._path)], check=False).returncode
        except OSError:
            raise Unavailable("the editor could not be started; the text is as it was") from None
        if code != 0:
            raise Unavailable(f"the editor ended with code {code}; the text is as it was")

    def text(self) -> str:
        """What the editor saved last, cleaned. Raises Unavailable."""
        try:
            with self._path.open("rb") as file:
                raw = file.read(LONGEST + 1)
        except OSError:
            raise Unavailable("the editor left no text; it is as it was") from None
        if len(raw) > LONGEST:
            raise Unavailable("the editor left more than a megabyte; the text is as it was")
        return clean(raw.decode(errors="replace").expandtabs(4)).removesuffix("\n")


@contextmanager
def lent(text: str) -> Iterator[Edited]:
    """The text in a file for an editor; file and folder are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "text.txt"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{text}\n")
        yield Edited(path)


@contextmanager
def _not_interrupted() -> Iterator[None]:
    """Ctrl+c is the editor's while it runs."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
