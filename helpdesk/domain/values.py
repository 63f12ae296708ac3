"""Value types that every document is made of: moments, clean text, logins."""

import re
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
)

from helpdesk.text import clean, clean_line

FORMAT = 1
"""Version of the document format; a desk written by a newer one is refused."""

_LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+\\-]{0,63}")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time needs an offset, as in 2026-11-25T14:00:00+06:00")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time that no clock shows") from None


def is_login(text: str) -> bool:
    """Whether ``text`` can be an agent's login name."""
    return _LOGIN.fullmatch(text) is not None


def _login(text: str) -> str:
    if not is_login(text):
        raise ValueError(f"not a login name: {clean_line(text, 40)!r}")
    return text


def read_tag(text: str) -> str:
    """A tag as it is kept: one lower-case word of at most 40 characters. Raises ValueError."""
    tag = clean_line(clean_line(text).casefold(), 40).replace(" ", "-").replace(",", "-")
    if not tag:
        raise ValueError("a tag needs a name")
    return tag


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("not a time zone; write one like Asia/Bishkek") from None
    return name


Moment = Annotated[datetime, AfterValidator(_utc), PlainSerializer(datetime.isoformat, str, "json")]
"""A moment with its offset, held in UTC and written as ISO 8601."""

Text = Annotated[str, AfterValidator(clean)]
"""Text of several lines from outside, made harmless."""

Line = Annotated[str, AfterValidator(clean_line)]
"""One line from outside, made harmless; at most 500 characters."""

Name = Annotated[str, AfterValidator(clean_line), StringConstraints(min_length=1)]
"""One line that may not be empty."""

Login = Annotated[str, AfterValidator(_login)]
"""An agent's login name."""

Tag = Annotated[str, AfterValidator(read_tag)]
"""A tag: one lower-case word."""

Zone = Annotated[str, AfterValidator(_zone)]
"""The name of a time zone, such as Asia/Bishkek."""

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""The code of a language, such as ky or zh-Hans."""


def first_fault(error: ValidationError) -> str:
    """The first fault of a validation, as ``key: what is wrong``, without the value's text."""
    fault = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in fault["loc"] if part != "[key]")
    kinds = {"extra_forbidden": "unknown key; take it out or correct it", "missing": "is missing"}
    what = kinds.get(fault["type"], fault["msg"].removeprefix("Value error, "))
    more = error.error_count() - 1
    return f"{place}: {what}" + (f" (and {more} more)" if more else "")


class Value(BaseModel):
    """A part of a document: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Value):
    """A document of the desk: one JSON file.

    ``rev`` counts its saves: a save that names an older one is a conflict.
    """

    format: int = FORMAT
    id: int
    rev: int = 0
