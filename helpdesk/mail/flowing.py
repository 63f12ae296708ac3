"""Breaking text into lines to be sent as format=flowed (RFC 3676); flowed.py makes it whole."""

from __future__ import annotations

from collections.abc import Iterator

from helpdesk.text import width

WIDTH = 74
"""Cells of a line, with the space that marks it as going on."""

_STUFFED = (" ", ">", "From ")


def flow(text: str) -> str:
    """``text`` in lines of at most 74 cells, ended by LF; long words stay whole.

    A program that knows the format joins them again; any other shows them as they are.
    """
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    return "".join(f"{piece}\n" for line in lines for piece in _pieces(line))


def _pieces(line: str) -> Iterator[str]:
    """The lines that one line of the text becomes; all but the last end with a space."""
    if line == "-- ":
        yield line
        return
    line = line.rstrip(" ")
    piece, cells = "", 0
    for word in _words(line):
        taken = width(word)
        if piece.strip(" ") and cells + taken > WIDTH:
            yield _stuffed(piece)
            piece, cells = "", 0
        piece += word
        cells += taken
    yield _stuffed(piece)


def _words(line: str) -> Iterator[str]:
    """The words of a line, each with the spaces behind it."""
    start = 0
    while start < len(line):
        end = line.find(" ", start)
        if end < 0:
            yield line[start:]
            return
        while end < len(line) and line[end] == " ":
            end += 1
        yield line[start:end]
        start = end


def _stuffed(piece: str) -> str:
    """A space before what would read as a quote, as the space of another line or as a mailbox's
    divider."""
    return f" {piece}" if piece.startswith(_STUFFED) else piece
