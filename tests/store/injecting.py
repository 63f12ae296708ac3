"""Faults at the nth step by which anything reaches the disk: the process dies, or the disk fails.

A step is an operation of ``durable.Files``, whichever there are, or a statement that changes the
index.
"""

import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpdesk.store import connecting, durable

OPERATIONS = tuple(name for name in vars(durable.Files) if not name.startswith("_"))

_CHANGING = ("BEGIN", "COMMIT", "CREATE", "INSERT", "UPDATE", "DELETE", "VACUUM")


class SteppingFiles(durable.Files):
    """Calls ``step`` before each operation, and in the middle of what is written."""

    def __init__(self) -> None:
        for name in OPERATIONS:
            setattr(self, name, self._stepped(getattr(self, name), in_two=name == "write"))

    def step(self, operation: str) -> None:
        """What is done at each step."""
        raise NotImplementedError

    def _stepped(self, operation: Callable[..., Any], *, in_two: bool) -> Callable[..., Any]:
        def halved(descriptor: int, data: bytes) -> None:
            operation(descriptor, data[: len(data) // 2])
            self.step("write")
            operation(descriptor, data[len(data) // 2 :])

        def stepped(*given: Any) -> Any:
            self.step(operation.__name__)
            return operation(*given)

        return halved if in_two else stepped


class KillingFiles(SteppingFiles):
    """The process is killed at its nth step."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def step(self, operation: str) -> None:
        self.at -= 1
        if self.at == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class FailingFiles(SteppingFiles):
    """The disk fails at its nth step with the error of that ``number``, once or from then on."""

    def __init__(self, at: int, number: int, for_good: bool) -> None:
        super().__init__()
        self.at = at
        self._number = number
        self._for_good = for_good

    def step(self, operation: str) -> None:
        self.at -= 1
        if self.at == 0 or (self._for_good and self.at < 0):
            raise OSError(self._number, os.strerror(self._number))


def die_at(at: int) -> None:
    """Have this process killed at its nth step, at the files or at the index."""
    files = KillingFiles(at)
    durable.files = files
    really_open = connecting.connect

    def stepping(statement: str) -> None:
        if statement.lstrip().upper().startswith(_CHANGING):
            files.step("statement")

    def opened(file: Path, **how: bool) -> sqlite3.Connection:
        connection = really_open(file, **how)
        connection.set_trace_callback(stepping)
        return connection

    connecting.connect = opened
