"""Plain output: lines, JSON lines, aligned lists, progress. What is written is harmless text."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from helpdesk.commands.streams import writes_utf8
from helpdesk.domain.errors import InvalidInput
from helpdesk.text import clean, clean_line, fit, list_cell, shorten, width

_GAP = "  "
_LEAST_TAIL = 20
"""Cells for the last column of a list; other columns give way before it has fewer."""
_LEAST_OF_ALL = 8
"""As many it has where all that may has given way."""
_QUIET_SECONDS = 1.0


def line(text: str = "") -> None:
    """Write one line."""
    sys.stdout.write(line_of(text))


def line_of(text: str) -> str:
    """One line as it is written."""
    return f"{clean_line(text, 100_000)}\n"


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
    sys.stdout.write(json_line_of(value, escaped=not writes_utf8()))


def json_line_of(value: object, *, escaped: bool) -> str:
    """One JSON object as it is written; ``escaped`` in ASCII alone."""
    return json.dumps(value, ensure_ascii=escaped) + "\n"


def warn(text: str) -> None:
    """Write one line to standard error."""
    sys.stdout.flush()
    sys.stderr.write(f"helpdesk: {clean_line(text, 1000)}\n")


def is_terminal() -> bool:
    """Whether somebody sits at a terminal: to read what is shown, and to answer questions."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def nothing(words: str) -> None:
    """Say that a list has no row, to whoever looks at it; a script sees that by itself."""
    if is_terminal():
        line(words)


def refuse_terminal() -> None:
    """Where words of others are written as they came: raises InvalidInput if a terminal would show
    them, which what is in them could steer."""
    if sys.stdout.isatty():
        raise InvalidInput("a terminal must not show what others sent: put it into a file, > FILE")


class Matter(NamedTuple):
    """What a row is about: who asks, and what."""

    who: str
    what: str

    def within(self, cells: int | None) -> str:
        """In one line of so many ``cells``; a long name leaves half of them for the matter."""
        who, what = list_cell(self.who), list_cell(self.what)
        if not who or cells is None:
            whole = f"{who}: {what}" if who else what
            return whole if cells is None else shorten(whole, cells)
        room = cells - len(": ")
        return shorten(f"{shorten(who, max(room - width(what), room // 2))}: {what}", cells)


def columns(
    rows: Sequence[Sequence[str | Matter]],
    least: Sequence[int] = (),
    give_way: Sequence[int] = (),
) -> list[int]:
    """Write rows in aligned columns; the last, where customers' own text stands, takes the rest.

    On a terminal that last column is cut to its width, and the columns ``give_way`` are left out,
    in that order, while they leave it too little; elsewhere nothing is. ``least`` are the widths
    to begin with; gives those that were used, for the rows of the next page.
    """
    if not rows:
        return list(least)
    heads = [[list_cell(str(cell)) for cell in row[:-1]] for row in rows]
    widths = [max(map(width, column)) for column in zip(*heads, strict=True)]
    if least:
        widths = [max(pair) for pair in zip(widths, least, strict=True)]
    shown, left = _room(widths, give_way)
    for head, row in zip(heads, rows, strict=True):
        tail = row[-1] if isinstance(row[-1], Matter) else Matter("", row[-1])
        padded = [fit(head[place], widths[place]) for place in shown]
        sys.stdout.write(_GAP.join([*padded, tail.within(left)]).rstrip() + "\n")
    return widths


def _room(widths: Sequence[int], give_way: Sequence[int]) -> tuple[list[int], int | None]:
    """The columns that are shown, and how many cells that leaves to the last; None: any number."""
    shown = list(range(len(widths)))
    if not sys.stdout.isatty():
        return shown, None
    import shutil  # which brings much along, and few commands ask

    edge = shutil.get_terminal_size().columns
    for place in (*give_way, None):
        left = edge - sum(widths[each] + len(_GAP) for each in shown)
        if left >= _LEAST_TAIL or place is None:
            break
        shown.remove(place)
    return shown, max(left, _LEAST_OF_ALL if give_way else _LEAST_TAIL)


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
