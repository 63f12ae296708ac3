"""Drawing so that no column moves where the terminal counts a letter's cells differently.

Terminals disagree on the width of Tamil, Arabic, joined emoji and their like. So every part of a
line is put at its own place, and a part with such text is blanked before it is drawn.
"""

import re

from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

_DISPUTED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u1fff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f"
    "\U0001f000-\U000fffff]"
)


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


def _up_to(strip: Strip, cells: int) -> Strip:
    """The strip up to so many cells; all of it where a letter of two cells would be halved."""
    if cells >= strip.cell_length:
        return strip
    short = strip.crop(0, cells)
    return short if strip.text.startswith(short.text) else strip


def placed(strip: Strip, x: int, y: int, console: Console) -> str:
    """The strip drawn from column ``x`` of line ``y``, both counted from 0."""
    move = f"\x1b[{y + 1};{x + 1}H"
    drawn = strip.render(console)
    if not _DISPUTED.search(drawn):
        return move + drawn
    styles = [style for _, style, _ in strip if style is not None]
    blank = Strip([Segment(" " * strip.cell_length, styles[-1] if styles else None)])
    return move + blank.render(console) + move + drawn
