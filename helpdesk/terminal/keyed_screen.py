"""Finding out what a key does, without asking about every other key.

Textual asks each widget on the way of a key, for every key that is bound above it, whether it takes
that as text: with the keys of two keyboard layouts that is several hundred times for one key.
"""

from textual.binding import BindingsMap
from textual.dom import DOMNode
from textual.screen import Screen, ScreenResultType


class KeyedScreen(Screen[ScreenResultType]):
    """A screen that asks for it only where something on the way of a key takes text at all."""

    @property
    def _binding_chain(self) -> list[tuple[DOMNode, BindingsMap]]:
        focused = self.focused
        way = (self, self.app) if focused is None else focused.ancestors_with_self
        is_loading = focused is not None and focused.loading
        if self.app._keymap or is_loading or any(map(_may_take_text, way)):
            return super()._binding_chain
        return [(node, node._bindings) for node in way]


def _may_take_text(node: DOMNode) -> bool:
    return type(node).check_consume_key is not DOMNode.check_consume_key
