"""neomutt, on the messages of a desk in a maildir, where it is installed."""

import shutil
from pathlib import Path

from benchmarks.terminal import Terminal

PROGRAM = shutil.which("neomutt")
_READY = b"Msgs:"
_HEAD = b"Date:"
_DOWN, _OPEN, _BACK = b"j", b"\r", b"q"


def starting(mail: Path, rounds: int, *, cached: bool) -> list[float]:
    """Seconds from the start of the process until the list of messages is there.

    ``cached``: what it reads of each message is kept from one start to the next.
    """
    command = _command(mail, cached=cached)
    times = []
    for _ in range(rounds + 1):
        with Terminal(command) as terminal:
            times.append(terminal.until(_READY, seconds=600))
            terminal.quiet()
    return times[1:]  # the first one fills the cache


def opening(mail: Path, rounds: int) -> list[float]:
    """Seconds from the key until the message is on the screen."""
    times = []
    with Terminal(_command(mail, cached=True)) as terminal:
        terminal.until(_READY, seconds=600)
        terminal.quiet()
        terminal.key(b"=")  # the first message
        terminal.quiet(0.1)
        for _ in range(rounds + 1):
            times.append(terminal.shows(_HEAD, _OPEN))
            terminal.quiet(0.1)
            terminal.key(_BACK)
            terminal.quiet(0.1)
            terminal.key(_DOWN)
            terminal.quiet(0.1)
    return times[1:]


def _command(mail: Path, *, cached: bool) -> list[str]:
    settings = mail.parent / ("cached.rc" if cached else "plain.rc")
    cache = mail.parent / "headers"
    kept = f'set header_cache = "{cache}"\n' if cached else ""
    settings.write_text(f'{kept}set folder = "{mail}"\nunset mark_old\n')
    return [PROGRAM or "neomutt", "-n", "-R", "-F", str(settings), "-f", str(mail)]
