"""Options and arguments that commands share, and how what is given is read."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from helpdesk import desk_folder
from helpdesk.commands.ending import ending_in_order
from helpdesk.commands.output import warn
from helpdesk.desk import serving
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.errors import HelpdeskError, InvalidInput
from helpdesk.domain.words import Channel, Kind, Outcome, Priority
from helpdesk.text import clean, clean_line

LONGEST_BODY = 1_000_000
"""The longest text of a message, in characters."""

_MOST_BYTES = 4  # that one character takes in UTF-8

_LONGEST_NUMBER = 15

Result = TypeVar("Result")
Decorator = Callable[[Callable[..., Result]], Callable[..., Result]]


class Number(click.ParamType[int]):
    """The number of a ticket or a customer, as ``12`` or ``#12``."""

    def __init__(self, of: str) -> None:
        self.name = of

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).strip().removeprefix("#")
        if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_NUMBER or int(text) < 1:
            self.fail(f"a {self.name} is named by its number, 1 or more", param, ctx)
        return int(text)


class Word(click.ParamType[StrEnum]):
    """One of a set of words; case, ``-``, ``_`` and spaces don't matter."""

    def __init__(self, words: type[StrEnum]) -> None:
        self.words = words
        self.name = words.__name__.lower()

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> StrEnum:
        text = "_".join(str(value).lower().replace("-", " ").replace("_", " ").split())
        if text not in set(self.words):
            self.fail(f"takes {', '.join(self.words)}", param, ctx)
        return self.words(text)


class Line(click.ParamType[str]):
    """One line of text, made harmless."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return clean_line(str(value))


TICKET = Number("ticket")
KIND, CHANNEL = Word(Kind), Word(Channel)
PRIORITY, OUTCOME = Word(Priority), Word(Outcome)
LINE = Line()
DESK_PATH = click.Path(path_type=Path, readable=False)
"""The folder of a desk; ``desk_path`` says whether it may be opened."""


class FilePath(click.Path):
    """A path that is looked at only when it is used: the error then says what could not be done.

    ``or_stream``: ``-`` stands for standard input or output. In service mode nothing else is one.
    """

    def __init__(self, *, or_stream: bool = False) -> None:
        super().__init__(path_type=Path, readable=False)
        self.or_stream = or_stream

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = super().convert(value, param, ctx)
        if self.or_stream:
            serving.require_stream(Path(os.fsdecode(path)))
        else:
            serving.require_no_path()
        return path


PATH = FilePath()
PATH_OR_STREAM = FilePath(or_stream=True)
STREAM = Path("-")
"""Standard input or output, where a path is given."""

ticket_argument = click.argument("ticket", type=TICKET)
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON.")
channel_option = click.option(
    "--channel", type=CHANNEL, metavar="CHANNEL", help="How; default: as the ticket came in."
)

# What a matter is.
kind_option = click.option(
    "--kind", required=True, type=KIND, metavar="KIND", help="request, complaint or feedback."
)
came_by_option = click.option(
    "--channel",
    required=True,
    type=CHANNEL,
    metavar="CHANNEL",
    help="email, phone, web, social, in_person or letter.",
)
priority_option = click.option(
    "--priority",
    type=PRIORITY,
    default=Priority.NORMAL,
    metavar="PRIORITY",
    help="low, normal, high or urgent.",
)


def all_of(*options: Decorator[Any]) -> Decorator[Any]:
    """Several options as one, in the order in which the help lists them."""

    def with_them(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return with_them


def body_option(help_text: str, *, required: bool = True) -> Decorator[Any]:
    """``--body TEXT``, or ``-`` for standard input."""
    return click.option("--body", required=required, metavar="TEXT|-", help=help_text)


def with_desk(command: Callable[..., Result]) -> Callable[..., Result]:
    """Give the command the open desk as its first argument; ``--desk`` may also come after it.

    It is refused while the settings of the desk cannot hold.
    """

    @wraps(command)
    def checked(desk: Desk, *args: Any, **kwargs: Any) -> Result:
        _ = desk.settings  # raises what is wrong with them
        return command(desk, *args, **kwargs)

    return with_desk_as_it_is(checked)


def with_desk_as_it_is(command: Callable[..., Result]) -> Callable[..., Result]:
    """As ``with_desk``, whatever is wrong with the settings but for name and time zone."""

    @wraps(command)
    def run(*args: Any, after: Path | None, **kwargs: Any) -> Result:
        context = click.get_current_context()
        with ending_in_order(), open_desk(desk_path(context, after)) as desk:
            record_start(context)
            _tell(desk.store.brought_forward())
            try:
                return command(desk, *args, **kwargs)
            finally:
                _tell(desk.store.put_right())

    option = click.option("--desk", "after", type=DESK_PATH, metavar="PATH", hidden=True)
    return option(run)


def _tell(said: str | None) -> None:
    if said is not None:
        warn(said)


def record_start(context: click.Context) -> None:
    """In service mode each use of the desk is a log-in, and is put on record."""
    served = serving.service()
    if served is not None:
        from helpdesk.desk import audit
        from helpdesk.domain.audit import Deed

        command = context.command_path.partition(" ")[2]
        with suppress(HelpdeskError):
            audit.record(served.desk, served.agent, Deed.OPENED, command=command)


def desk_path(context: click.Context, after: Path | None = None) -> Path:
    """The folder of the desk that is meant: by option, by $HELPDESK_DESK, or the user's own.

    Raises:
        NotPermitted: in service mode, if another one than the served is named.
    """
    named = after or context.find_root().obj
    served = serving.service()
    if served is not None:
        serving.require_desk(named)
        return served.desk
    return Path(desk_folder.meant(None if named is None else str(named)))


def read_body(given: str) -> str:
    """The text of a message: as given, or from standard input for ``-``, in UTF-8.

    Raises:
        InvalidInput: if it is no UTF-8, empty or longer than LONGEST_BODY.
    """
    if given == "-":
        data = sys.stdin.buffer.read(LONGEST_BODY * _MOST_BYTES + 1)
        try:
            given = data.decode("utf-8")
        except UnicodeDecodeError as error:
            if len(data) <= LONGEST_BODY * _MOST_BYTES:
                line = data.count(b"\n", 0, error.start) + 1
                raise InvalidInput(
                    f"standard input is not UTF-8 text, from line {line} on: give it in UTF-8"
                ) from None
            given = data.decode("utf-8", "replace")
    if len(given) > LONGEST_BODY:
        raise InvalidInput(f"the text is longer than {LONGEST_BODY:,} characters: shorten it")
    text = clean(given)
    if not text.strip():
        raise InvalidInput("the text is empty: give it with --body TEXT, or --body - to read it")
    return text.strip("\n")


def copied_input(folder: str) -> Path:
    """Standard input as a file in that folder, for what can only be read from one."""
    file = Path(folder) / "standard input"
    with file.open("wb") as copy:
        import shutil  # which what takes in mail need not wait for

        shutil.copyfileobj(sys.stdin.buffer, copy)
    return file


def optional_body(given: str | None) -> str | None:
    """As ``read_body``, where a body may be left out."""
    return None if given is None else read_body(given)
