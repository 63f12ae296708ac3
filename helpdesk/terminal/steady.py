"""Drawing so that no column moves where the terminal counts a letter's cells differently.

Terminals disagree on the width of Tamil, Arabic, joined emoji and their like. So every part of a
line is put at its own place. A part with such text is blanked before it is drawn, and what stands
right of the text, a border or the sign that it was cut, is put at its own place after it.
"""

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

_DISPUTED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u1fff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f"
    "\U0001f000-\U000fffff]"
)

_LINES = "\u2500-\u259f"
"""What borders, markers and bars are drawn with."""
_APART = re.compile(rf"(?<=  )(?=[^ ])|(?=… ?(?:$|[{_LINES}]))|(?<![{_LINES}])(?=[{_LINES}])")
"""Where something begins that stands apart from the text on its left: behind two spaces, a line,
or the sign at the edge that the text was cut there. With room behind it, the sign follows the text:
that was cut so early that no terminal needs more."""


class SteadyUpdate(CompositorUpdate):
    """What Textual would write, each part of it placed on its own."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate) -> None:
        self._update = update

    def render_segments(self, console: Console) -> str:
        """The update as the bytes to write."""
        if isinstance(self._update, LayoutUpdate):
            parts = _of_layout(self._update)
        else:
            parts = _of_chops(self._update)
        return "".join([placed(strip, x, y, console) for strip, x, y in parts])


def _of_layout(update: LayoutUpdate) -> list[tuple[Strip, int, int]]:
    parts = []
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            parts.append((strip, x, y))
            x += strip.cell_length
    return parts


def _of_chops(update: ChopsUpdate) -> list[tuple[Strip, int, int]]:
    parts = []
    for y, first, end in update.spans:
        for chop_end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > end or chop_end <= first:
                continue
            parts.append((_up_to(strip, end - x), x, y))
    return parts


def disputed_lines(update: ChopsUpdate) -> set[int]:
    """The lines of the update in which a text is drawn that may reach beyond its own cells."""
    return {y for strip, _, y in _of_chops(update) if is_disputed(strip)}


def is_disputed(strip: Strip) -> bool:
    """Whether terminals disagree on how many cells the text takes."""
    return any(_DISPUTED.search(segment.text) for segment in strip)


def _up_to(strip: Strip, cells: int) -> Strip:
    """The strip up to so many cells; all of it where a letter of two cells would be halved."""
    if cells >= strip.cell_length:
        return strip
    short = strip.crop(0, cells)
    return short if strip.text.startswith(short.text) else strip


def placed(strip: Strip, x: int, y: int, console: Console) -> str:
    """The strip drawn from column ``x`` of line ``y``, both counted from 0."""
    move = f"\x1b[{y + 1};{x + 1}H"
    if not is_disputed(strip):
        return move + strip.render(console)
    drawn = [move, _blank(strip).render(console)]
    for piece, column in _pieces(strip):
        drawn += [f"\x1b[{y + 1};{x + column + 1}H", piece.render(console)]
    return "".join(drawn)


def _blank(strip: Strip) -> Strip:
    """What the strip looks like without its text."""
    left = strip.cell_length
    blanks = []
    for place, each in enumerate(strip, 1):
        cells = left if place == len(strip._segments) else min(left, each.cell_length)
        blanks.append(Segment(" " * cells, each.style))
        left -= cells
    return Strip(blanks, strip.cell_length)


def _pieces(strip: Strip) -> Iterator[tuple[Strip, int]]:
    """What of the strip has a place of its own, and at which of its cells it begins.

    Blanks behind such a text are left out: they are drawn already, and it may reach into them.
    """
    text = strip.text
    starts = sorted({0, *(found.start() for found in _APART.finditer(text))})
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        words = text[start:end]
        if _DISPUTED.search(words):
            end = start + len(words.rstrip(" "))
        if start < end:
            yield Strip(_letters(strip, start, end)), cell_len(text[:start])


def _letters(strip: Strip, start: int, end: int) -> Iterator[Segment]:
    """The letters of the strip from ``start`` up to ``end``, in their styles."""
    place = 0
    for text, style, _ in strip:
        part = text[max(0, start - place) : max(0, end - place)]
        if part:
            yield Segment(part, style)
        place += len(text)
