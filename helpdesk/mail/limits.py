"""How much of one message is read. What goes over a limit is noted on the letter, never refused."""

from typing import NamedTuple


class Limits(NamedTuple):
    """Limits of one message; all are counts of bytes unless they say otherwise."""

    message: int = 64 * 1024 * 1024
    """Above it only the headers are read."""
    headers: int = 256 * 1024
    """The headers of one part; the whole message may have four times as much."""
    parts: int = 1000
    """Parts of all levels together."""
    depth: int = 500
    """Levels of parts within parts; what lies deeper is kept as one attachment."""
    addresses: int = 500
    """Addresses of one header, counted in addresses."""
    text: int = 1_000_000
    """Characters of text; a longer part is cut, and the whole of it kept as an attachment."""


DEFAULT = Limits()
