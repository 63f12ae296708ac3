"""Drawing no more than has changed.

Textual makes every line in sight of every widget beside or behind, also where two lines change.
"""

from collections.abc import Iterable
from itertools import pairwise

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

from helpdesk.terminal.steady import disputed_lines


class SparingCompositor(Compositor):
    """Asks widgets for those lines that are drawn, and none that lies beside or behind others.

    Only right of a text that a terminal may take to be longer than it is, the line is drawn to its
    end: what stands there may have been written over.
    """

    def render_partial_update(self) -> ChopsUpdate | None:
        """What has changed since the last update; None if nothing has."""
        update = super().render_partial_update()
        if update is None or not (lines := disputed_lines(update)):
            return update
        region = Region(0, min(lines), self.size.width, max(lines) - min(lines) + 1)
        whole = self._render_chops(region, lines.__contains__)
        chops = [
            wider if y in lines else line
            for y, (line, wider) in enumerate(zip(update.chops, whole, strict=True))
        ]
        spans = [
            (y, first, self.size.width if y in lines else end) for y, first, end in update.spans
        ]
        return ChopsUpdate(chops, spans, update.chop_ends)

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        drawn = self.size.region if crop is None else crop
        lines = Region(0, drawn.y, self.size.width, drawn.height)
        bare = self._bare(drawn)
        for widget, (region, clip) in self.visible_widgets.items():  # those in front come first
            in_sight = region.intersection(clip)
            first, end = in_sight.column_span
            seen = [
                y
                for y in in_sight.intersection(lines).line_range
                if any(first <= cut < end for cut in bare[y])
            ]
            if seen:
                part = Region(in_sight.x, seen[0], in_sight.width, seen[-1] - seen[0] + 1)
                strips = widget.render_lines(part.translate(-region.offset))
                yield region, part, strips
                for y, strip in zip(part.line_range, strips, strict=False):
                    # A widget on its way out gives no lines, or empty ones: it covers nothing.
                    if strip.cell_length >= part.width:
                        bare[y] = {cut for cut in bare[y] if not first <= cut < end}
                    # A line would keep its parts as they were drawn, and itself among them, for
                    # as long as it stands: more than half of what the lines in sight take.
                    strip._divide_cache.clear()

    def _bare(self, drawn: Region) -> dict[int, set[int]]:
        """Where the parts of each line begin that are to be drawn, and that nothing covers yet."""
        return {
            y: {cut for cut, end in pairwise(self.cuts[y]) if cut < drawn.right and end > drawn.x}
            for y in drawn.line_range
        }
