"""Drawing no more than has changed.

Textual makes every line in sight of every widget beside or behind, also where two lines change.
"""

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class SparingCompositor(Compositor):
    """Asks widgets for those lines that are drawn, and none that lies beside or behind."""

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        drawn = self.size.region if crop is None else crop
        lines = Region(0, drawn.y, self.size.width, drawn.height)
        for widget, (region, clip) in self.visible_widgets.items():  # those in front come first
            in_sight = region.intersection(clip)
            if in_sight.overlaps(drawn):
                part = in_sight.intersection(lines)
                yield region, part, widget.render_lines(part.translate(-region.offset))
            if in_sight.contains_region(drawn):
                return
