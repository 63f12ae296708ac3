"""Lines with people's words in them, each cut with "…" before any terminal runs out of cells."""

from textual.app import RenderResult
from textual.content import Content
from textual.widgets import Static

from helpdesk.widgets.wrapping import is_undisputed, surely_within, wrapped


class CutLines(Static):
    """What does not wrap, and is cut as early as the widest terminal needs it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(Content(""), id=id)

    def render(self) -> RenderResult:
        """The lines; Textual cuts those of which all terminals think alike."""
        words, cells = self.content, self.content_size.width
        if not isinstance(words, Content) or cells <= 0 or is_undisputed(words.plain):
            return super().render()
        if self.styles.text_wrap != "nowrap":
            return Content("\n").join(wrapped(words, cells))
        return Content("\n").join(cut(line, cells) for line in words.split("\n", allow_blank=True))


def cut(line: Content, cells: int) -> Content:
    """The line as it is, or cut with "…" where a terminal may give it more than ``cells``."""
    short = surely_within(line.plain, cells)
    return line if short == line.plain else line[: len(short) - 1] + "…"


def in_lines(line: Content, cells: int, most: int) -> list[Content]:
    """The line in up to ``most`` lines of so many cells; the last is as long as what is left."""
    if most <= 1 or cells <= 0:
        return [line]
    lines = line.wrap(cells)
    return [
        *lines[: most - 1],
        *([Content(" ").join(lines[most - 1 :])] if lines[most - 1 :] else []),
    ]
