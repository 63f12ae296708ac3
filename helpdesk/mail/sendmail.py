"""Sending by the mail server of this machine: its sendmail command."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import dataclass

from helpdesk.mail.transport import Result, accepted, later, refused

TIMEOUT = 600.0
"""Seconds that the command may take for one message."""

_FOR_GOOD = frozenset({os.EX_DATAERR, os.EX_NOUSER, os.EX_NOHOST})
"""Exit codes that speak of the message or of whom it is for."""


@dataclass(frozen=True, slots=True)
class Sendmail:
    """``command`` is a whole path, with options of its own if it takes any."""

    command: str = "/usr/sbin/sendmail"
    timeout: float = TIMEOUT

    def send(self, sender: str, to: str, message: bytes) -> Result:
        """Hand over one message; see ``Transport``."""
        try:
            # "<>" is how every sendmail takes that nobody is told; "--" keeps addresses addresses.
            words = [*shlex.split(self.command), "-i", "-f", sender or "<>", "--", to]
            ended = subprocess.run(
                words,
                input=message.replace(b"\r\n", b"\n"),
                capture_output=True,
                timeout=self.timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return later(f"{self.command}: not done in time", ours=True, unsure=True)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            return later(f"{self.command}: {why}", ours=True)
        said = (ended.stderr or ended.stdout).decode("utf-8", "replace").strip()
        if ended.returncode == 0:
            return accepted("handed to the mail server of this machine")
        what = f"{self.command} ended with {ended.returncode}: {said}".rstrip(": ")
        return refused(what) if ended.returncode in _FOR_GOOD else later(what)

    def close(self) -> None:
        """There is no connection."""
