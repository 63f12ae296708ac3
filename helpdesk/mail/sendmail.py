"""Sending by the mail server of this machine: its sendmail command."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO

from helpdesk.mail.transport import LastStep, Result, accepted, later, refused, stopped

TIMEOUT = 600.0
"""Seconds that the command may take for one message."""

_FOR_GOOD = frozenset({os.EX_DATAERR, os.EX_NOUSER, os.EX_NOHOST})
"""Exit codes that speak of the message or of whom it is for."""

_MOST_SAID = 4000
"""Bytes that are read of what the command said."""


@dataclass(slots=True)
class Sendmail:
    """``command`` is a whole path, with options of its own if it takes any."""

    command: str = "/usr/sbin/sendmail"
    timeout: float = TIMEOUT
    _running: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
        """Hand over one message; see ``Transport``. The last step is to start the command."""
        try:
            with TemporaryFile() as whole, TemporaryFile() as said:
                # From a file it is read to its end though we die; a pipe would end in its midst.
                whole.write(message.replace(b"\r\n", b"\n"))
                whole.seek(0)
                return self._handed_over(sender, to, whole, said) if last_step() else stopped()
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            return later(f"{self.command}: {why}", ours=True)

    def break_off(self) -> None:
        """End the command."""
        if self._running is not None:
            self._running.kill()

    def close(self) -> None:
        """There is no connection."""

    def _handed_over(self, sender: str, to: str, whole: IO[bytes], said: IO[bytes]) -> Result:
        # "<>" is how every sendmail takes that nobody is told; "--" keeps addresses addresses.
        words = [*shlex.split(self.command), "-i", "-f", sender or "<>", "--", to]
        # In a session of its own, as Ctrl+C is for us alone.
        self._running = subprocess.Popen(
            words, stdin=whole, stdout=said, stderr=said, start_new_session=True
        )
        try:
            code = self._running.wait(self.timeout)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()
            return later(f"{self.command}: not done in time", ours=True, unsure=True)
        finally:
            self._running = None
        if code == 0:
            return accepted("handed to the mail server of this machine")
        said.seek(0)
        told = said.read(_MOST_SAID).decode("utf-8", "replace").strip()
        what = f"{self.command} ended with {code}: {told}".rstrip(": ")
        return refused(what) if code in _FOR_GOOD else later(what, unsure=code < 0)
