"""A program in a real pseudo-terminal, its screen kept by an emulator."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pyte
from pyte.screens import Char
from wcwidth import wcwidth

PATIENCE = 20.0
"""Seconds that anything may take; a machine may be busy with other tests."""

STEADY = 10
"""So often in turn, 0.05 s apart, nothing more is written: the program is stalled."""

COLUMNS, LINES = 80, 24


def _letters(row: Mapping[int, Char], columns: int) -> str:
    """What a row of the emulator shows; ``Screen.display`` fails on a wide letter half drawn."""
    letters, x = "", 0
    while x < columns:
        letter = row[x].data or " "
        letters += letter
        x += max(wcwidth(letter[0]), 1)
    return letters


class Terminal:
    """What an agent sees of a program, and its keyboard.

    ``wire`` is every byte that the program wrote.
    """

    def __init__(self, pid: int, master: int, size: tuple[int, int]) -> None:
        self.pid = pid
        self.wire = b""
        self._master = master
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._code: int | None = None
        self.before = termios.tcgetattr(master)

    def lines(self) -> list[str]:
        """What stands on the screen; half of a letter of two cells is a blank."""
        buffer, columns = self._screen.buffer, self._screen.columns
        return [_letters(buffer[y], columns).rstrip() for y in range(self._screen.lines)]

    def text(self) -> str:
        """What stands on the screen, as one string."""
        return "\n".join(self.lines())

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Read what the program writes until ``condition`` holds; fails if it never does."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"never came true: {what or condition}:\n{self.text()}")
            self._read(0.05)

    def until_shows(self, text: str) -> None:
        """Wait until ``text`` stands on the screen."""
        self.until(lambda: any(text in line for line in self.lines()), f"{text!r} on the screen")

    def gives_every_key(self) -> bool:
        """Whether the program gets keys as they are pressed, ctrl+q and ctrl+s too."""
        return not termios.tcgetattr(self._master)[3] & termios.ICANON

    def press(self, keys: str) -> None:
        """Send what the keys send."""
        os.write(self._master, keys.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Make the terminal another size, which the program is told."""
        self._screen.resize(lines, columns)
        _set_size(self._master, columns, lines)

    def hang_up(self) -> None:
        """Drop the link: the terminal is gone, and nobody reads or types any more."""
        os.close(self._master)
        self._master = -1

    def stall(self) -> None:
        """Stop reading, and wait until the program cannot write any more."""
        os.write(self._master, b"\x1b[A\x1b[B" * 300)
        deadline, before, same = time.monotonic() + PATIENCE, 0, 0
        while same < STEADY:
            assert time.monotonic() < deadline, "the program still writes"
            unread = fcntl.ioctl(self._master, termios.FIONREAD, b"\0" * 4)
            now = int.from_bytes(unread, sys.byteorder)
            same = same + 1 if now == before and now else 0
            before = now
            time.sleep(0.05)

    def end(self, number: signal.Signals) -> int:
        """Send the program a signal and wait for its end."""
        os.kill(self.pid, number)
        return self.exit_code()

    def exit_code(self) -> int:
        """Wait for the end of the program; a negative code is the signal that killed it."""
        self.until(self._ended, "the end of the program")
        while self._read(0):
            pass
        return self._exit_code()

    def exit_code_unread(self) -> int:
        """Wait for the end of the program, and read nothing that it writes meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while not self._ended():
            assert time.monotonic() < deadline, "the program goes on"
            time.sleep(0.05)
        return self._exit_code()

    def _exit_code(self) -> int:
        assert self._code is not None
        return self._code

    def is_as_before(self) -> bool:
        """Whether the line discipline is what it was before the program began."""
        return termios.tcgetattr(self._master) == self.before

    def close(self) -> None:
        """End the program if it still runs."""
        if self._code is None and not self._ended():
            os.kill(self.pid, signal.SIGKILL)
            self._ended(wait=True)
        if self._master >= 0:
            os.close(self._master)

    def _ended(self, *, wait: bool = False) -> bool:
        if self._code is None:
            pid, status = os.waitpid(self.pid, 0 if wait else os.WNOHANG)
            if pid == self.pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code is not None

    def _read(self, seconds: float) -> bool:
        if self._master < 0:
            time.sleep(seconds)
            return False
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the program has closed its side
            return False
        self.wire += data
        self._stream.feed(data)
        return bool(data)


@contextmanager
def running(
    arguments: Sequence[str],
    *,
    size: tuple[int, int] = (COLUMNS, LINES),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Terminal]:
    """Python with those arguments in a terminal of ``size`` (columns, lines)."""
    variables = {
        **{name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON},
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        **(environment or {}),
    }
    master, slave = pty.openpty()
    _set_size(master, *size)
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "tests.pty.leader", os.ttyname(slave), *arguments],
        variables,
    )
    terminal = Terminal(pid, master, size)
    try:
        yield terminal
    finally:
        terminal.close()
        os.close(slave)


_NOT_PASSED_ON = frozenset(
    {"NO_COLOR", "COLORFGBG", "HELPDESK_THEME", "HELPDESK_DESK", "TMUX", "COLUMNS", "LINES"}
)


def _set_size(descriptor: int, columns: int, lines: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
