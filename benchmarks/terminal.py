"""A program in a real pseudo-terminal, timed from the key to the bytes it paints."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence
from types import TracebackType


class Terminal:
    """Runs ``command`` in a terminal of ``rows`` by ``columns`` and reads what it paints."""

    def __init__(self, command: Sequence[str], rows: int = 40, columns: int = 120) -> None:
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            # As where it is installed: compiled once, not at every start.
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            size = struct.pack("HHHH", rows, columns, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.execvpe(command[0], list(command), environment)

    def until(self, text: bytes, seconds: float = 60) -> float:
        """Seconds since the start at which ``text`` was painted."""
        seen = b""
        deadline = time.perf_counter() + seconds
        while text not in seen:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{text!r} was not painted within {seconds} s")
            seen = seen[-len(text) :] + self._read(seconds, text)
        return time.perf_counter() - self.started

    def quiet(self, seconds: float = 0.4) -> None:
        """Wait until nothing has been painted for that long."""
        while select.select([self.fd], [], [], seconds)[0]:
            os.read(self.fd, 1 << 16)

    def key(self, key: bytes) -> float:
        """Press a key; seconds until the first bytes it paints."""
        start = time.perf_counter()
        os.write(self.fd, key)
        self._read(5, key)
        return time.perf_counter() - start

    def shows(self, text: bytes, key: bytes, seconds: float = 60) -> float:
        """Press a key; seconds until ``text`` is painted."""
        start = time.perf_counter()
        os.write(self.fd, key)
        self.until(text, seconds)
        return time.perf_counter() - start

    def _read(self, seconds: float, what: bytes) -> bytes:
        if not select.select([self.fd], [], [], seconds)[0]:
            raise TimeoutError(f"nothing was painted within {seconds} s after {what!r}")
        return os.read(self.fd, 1 << 16)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
