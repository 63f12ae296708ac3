"""Plain output: lines, JSON lines, aligned lists, progress. What is written is harmless text."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from helpdesk.text import clean, clean_line, fit, list_cell, shorten, width

_GAP = "  "
_LEAST_TAIL = 20
_QUIET_SECONDS = 1.0


def line(text: str = "") -> None:
    """Write one line."""
    sys.stdout.write(f"{clean_line(text, 100_000)}\n")


def block(text: str, indent: str = "    ") -> None:
    """Write a text of several lines, each indented, so that none can pose as the program's own."""
    for part in clean(text).strip("\n").split("\n"):
        sys.stdout.write(f"{indent}{part}".rstrip() + "\n")


def field(name: str, value: str) -> None:
    """Write ``name`` and its value; nothing if there is no value."""
    if value:
        line(f"{name}: {value}")


def json_line(value: object) -> None:
    """Write one JSON object on one line; other letters as they are where the encoding has them."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(value, ensure_ascii=not utf8) + "\n")


def warn(text: str) -> None:
    """Write one line to standard error."""
    sys.stdout.flush()
    sys.stderr.write(f"helpdesk: {clean_line(text, 1000)}\n")


def is_terminal() -> bool:
    """Whether somebody sits at a terminal: to read what is shown, and to answer questions."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def columns(rows: Sequence[Sequence[str]], least: Sequence[int] = ()) -> list[int]:
    """Write rows in aligned columns; the last, where customers' own text stands, takes the rest.

    On a terminal that last column is cut to its width; elsewhere nothing is cut. ``least`` are
    the widths to begin with; gives those that were used, for the rows of the next page.
    """
    cells = [[list_cell(cell) for cell in row] for row in rows]
    if not cells:
        return list(least)
    widths = [max(width(row[i]) for row in cells) for i in range(len(cells[0]) - 1)]
    if least:
        widths = [max(pair) for pair in zip(widths, least, strict=True)]
    left = None
    if sys.stdout.isatty():
        import shutil  # which brings much along, and few commands ask

        taken = sum(widths) + len(_GAP) * len(widths)
        left = max(_LEAST_TAIL, shutil.get_terminal_size().columns - taken)
    for *head, tail in cells:
        padded = [fit(cell, cells_) for cell, cells_ in zip(head, widths, strict=True)]
        last = tail if left is None else shorten(tail, left)
        sys.stdout.write(_GAP.join([*padded, last]).rstrip() + "\n")
    return widths


@contextmanager
def progress(doing: str) -> Iterator[Callable[[int, int], None]]:
    """A function to call with how much is done, of how much: shown on a terminal after a second."""
    begun = time.monotonic()
    shown = [begun]

    def report(done: int, total: int) -> None:
        now = time.monotonic()
        if not sys.stderr.isatty() or now - begun < _QUIET_SECONDS or now - shown[0] < 0.1:
            return
        shown[0] = now
        share = f"{done * 100 // total:3d} %" if total else ""
        sys.stderr.write(f"\r{doing} {done} of {total} {share}")
        sys.stderr.flush()

    try:
        yield report
    finally:
        if shown[0] != begun:
            sys.stderr.write("\n")


def plain(value: Any) -> str:
    """A value of a document as a line shows it: nothing for None."""
    return "" if value is None else str(value)
