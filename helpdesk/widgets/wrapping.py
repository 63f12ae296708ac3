"""Lines of scripts whose width terminals dispute, broken so early that no terminal cuts a word off.

Textual gives a spacing mark, as Tamil and Hindi have them, no cell; tmux and others give it one.
"""

import unicodedata
from collections.abc import Sequence

from textual.content import Content

from helpdesk.text import shorten, width

_SPACING_MARK = "Mc"

LEAST = 8
"""Lines are not made shorter than that, however wide a terminal may draw one."""


def is_undisputed(text: str) -> bool:
    """Whether all terminals give every line of ``text`` the same width."""
    return text.isascii() or _marks(text) == 0


def widest(text: str) -> int:
    """The most cells that a terminal may give ``text``, one line."""
    if text.isascii():
        return width(text)
    return width(text) + _marks(text)


def _marks(text: str) -> int:
    return sum(unicodedata.category(character) == _SPACING_MARK for character in text)


def surely_within(text: str, cells: int) -> str:
    """``text``, one line, cut with "…" so early that no terminal gives it more than ``cells``.

    Beyond the edge a terminal would pile up the marks of letters that it does not show.
    """
    room = cells
    short = shorten(text, room)
    while room > 0 and widest(short) > cells:
        room -= 1
        short = shorten(text, room)
    return short


def roomy(text: str, cells: int) -> str:
    """``text`` with its lines broken between words, where a terminal may give one more than
    ``cells``; lines of which all think alike stay as they are."""
    if text.isascii() or cells <= 0:
        return text
    return "\n".join(_broken(line, cells) for line in text.split("\n"))


def wrapped(words: Content, cells: int) -> list[Content]:
    """``words`` in lines of so many cells, broken so early that no terminal gives one more."""
    lines, room = words.wrap(cells), cells
    while not is_undisputed(words.plain) and room > LEAST and _is_over(lines, cells):
        room -= 1
        lines = words.wrap(room)
    return lines


def _is_over(lines: Sequence[Content], cells: int) -> bool:
    return any(widest(line.plain) > cells for line in lines)


def _broken(line: str, cells: int) -> str:
    if is_undisputed(line) or widest(line) <= cells:
        return line
    lines: list[str] = []
    kept = ""
    for word in line.split(" "):
        longer = f"{kept} {word}" if kept else word
        if kept and widest(longer) > cells:
            lines.append(kept)
            kept = word
        else:
            kept = longer
    return "\n".join([*lines, kept])
