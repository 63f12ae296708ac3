"""Standard streams as whoever started the program left them."""

import io
import os
import sys

_NAMES = ("stdin", "stdout", "stderr")


class Nowhere(io.TextIOWrapper):
    """Takes what is written and drops it; ``was_written`` tells whether anything was."""

    was_written = False

    def write(self, text: str, /) -> int:
        """Drop the text."""
        self.was_written = True
        return super().write(text)


def replace_closed() -> None:
    """Put /dev/null in the place of each standard stream that is closed.

    Else the next file to be opened would stand in its place, and be written to by mistake.
    """
    for number, name in enumerate(_NAMES):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            if descriptor != number:
                os.dup2(descriptor, number)
                os.close(descriptor)
            raw = io.FileIO(number, "r" if number == 0 else "w")
            buffer = io.BufferedReader(raw) if number == 0 else io.BufferedWriter(raw)
            setattr(sys, name, Nowhere(buffer, encoding="utf-8"))


def wait_for_input() -> None:
    """Have whoever reads standard input wait for what is still to come.

    Some programs hand it over in such a way that nobody waits; half a message would be taken for
    all of it.
    """
    if not os.get_blocking(0):
        os.set_blocking(0, True)


def accept_any_text() -> None:
    """A terminal whose encoding lacks a letter shows "?" for it, and nothing fails."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def writes_utf8() -> bool:
    """Whether standard output takes every letter."""
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def write_if_heard(text: str) -> None:
    """Write what was done already, whether or not anybody listens."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        let_go()


def let_go() -> None:
    """Have no more of standard output written, or Python complains of it at the end."""
    from contextlib import suppress  # which what is thin does not wait for

    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def output_was_dropped() -> bool:
    """Whether something was written to a standard output that is closed."""
    return isinstance(sys.stdout, Nowhere) and sys.stdout.was_written
