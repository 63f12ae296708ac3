"""A message that files go with: named by their paths, read when the message is sent."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ScreenResultType
from textual.widgets import Static

from helpdesk.desk import attaching, serving
from helpdesk.desk.attaching import MEGABYTE
from helpdesk.domain.draft import Draft
from helpdesk.domain.errors import InvalidInput
from helpdesk.screens.owning import OwningScreen
from helpdesk.text import clean_line
from helpdesk.widgets.line_field import LineField
from helpdesk.widgets.message_view import size_words

SERVED = "no file of yours is read here: give it to 'helpdesk reply --attach -' as its input"


class EnclosingScreen(OwningScreen[ScreenResultType]):
    """A screen on which a message is written that files may go with."""

    DEFAULT_CSS = """
    EnclosingScreen #files { height: auto; max-height: 4; margin: 0 1; display: none; }
    EnclosingScreen.-files #files { display: block; }
    EnclosingScreen #enclosed { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, draft: Draft | None = None) -> None:
        super().__init__(draft)
        self._files: dict[str, int] = {}
        """The paths of the files, each with its size in bytes when it was named."""

    def file_rows(self) -> ComposeResult:
        """Where a file is named, and those that were."""
        with Vertical(id="files"):
            yield LineField(hint="path of a file; enter adds it, once more takes it out", id="file")
            yield Static(Content(""), id="enclosed")

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that go with the message.

        Raises:
            InvalidInput: if one is typed and not added yet.
        """
        if self.query_one("#file", LineField).value.strip():
            raise InvalidInput("a file is typed and not added yet: press enter there, or clear it")
        return tuple(map(Path, self._files))

    def why_no_files(self) -> str | None:
        """Why no file can go with the message from here."""
        return SERVED if serving.service() is not None else None

    def action_attach(self) -> None:
        """Name a file that goes with the message, or leave it."""
        field = self.query_one("#file", LineField)
        if field.has_focus:
            self.message_field.focus()
        else:
            self.add_class("-files")
            field.focus()
        self._show_files()

    def add_file(self) -> None:
        """Add the file that is typed, or take it out if it is there; nothing typed goes on."""
        field = self.query_one("#file", LineField)
        typed = field.value.strip()
        if not typed:
            self.message_field.focus()
            self._show_files()
            return
        path = str(Path(typed).expanduser().absolute())
        if path in self._files:
            del self._files[path]
            self._was_added(path, None)
            return
        look = partial(attaching.look_at, self.desk, Path(path))
        self.work(look, partial(self._was_added, path), group="file")

    def _was_added(self, path: str, size: int | None) -> None:
        if size is not None:
            limit = attaching.most(self.desk)
            if sum(self._files.values()) + size > limit:
                self.complain(f"too large: files have at most {limit // MEGABYTE} MB together")
                return
            self._files[path] = size
        self.query_one("#file", LineField).value = ""
        self.tell("")
        self._show_files()

    def _show_files(self) -> None:
        names = (f"{Path(path).name} ({size_words(size)})" for path, size in self._files.items())
        self.query_one("#enclosed", Static).update(
            Content(f"with it: {clean_line(', '.join(names))}" if self._files else "")
        )
        typing = self.query_one("#file", LineField)
        self.set_class(bool(self._files or typing.value or typing.has_focus), "-files")

    def typed(self) -> dict[str, str]:
        """What else is typed, and the files."""
        files = "\n".join(f"{size} {path}" for path, size in self._files.items())
        return super().typed() | ({"files": files} if files else {})

    def fill_in(self, draft: Draft) -> None:
        """Put everything where it stood."""
        super().fill_in(draft)
        lines = (line.partition(" ") for line in draft.fields.get("files", "").splitlines())
        self._files = {path: int(size) for size, _, path in lines if size.isdecimal()}
        self._show_files()
