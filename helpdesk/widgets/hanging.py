"""Lines of which the words after a label stay in their column where they do not fit in one line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.visual import Visual

from helpdesk.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from textual.css.styles import RulesMap
    from textual.strip import Strip
    from textual.style import Style
    from textual.visual import RenderOptions

LEAST_CELLS = 8
"""In fewer cells words would stand letter by letter: then they go on at the margin."""

Line = tuple[Content, Content]
"""What stands before the words, without a break; the words."""


class Hanging(Visual):
    """The lines, wrapped at any width."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = tuple(lines)

    def at(self, cells: int) -> Content:
        """The lines as they stand in so many cells."""
        return Content("\n").join(
            part for label, words in self._lines for part in hung(label, words, cells)
        )

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """The lines as they are drawn."""
        return self.at(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """So wide that nothing wraps."""
        return Content("\n").join(label + words for label, words in self._lines).cell_length

    def get_height(self, rules: RulesMap, width: int) -> int:
        """How many lines there are at that width."""
        return self.at(width).get_height(rules, width)


def hung(label: Content, words: Content, cells: int) -> list[Content]:
    """One line in as many as it needs, the words of each below those of the first."""
    indent = label.cell_length
    if cells - indent < LEAST_CELLS:
        return [label + words]
    first, *others = wrapped(words, cells - indent) or [words]
    return [label + first, *(Content(" " * indent) + each for each in others)]
