"""Value types that every document is made of: moments, clean text, logins."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, StringConstraints

from helpdesk.text import clean, clean_line

FORMAT = 1
"""Version of the document format; a desk written by a newer one is refused."""

_LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time needs an offset, as in 2026-11-25T14:00:00+06:00")
    return moment.astimezone(UTC)


def is_login(text: str) -> bool:
    """Whether ``text`` can be an agent's login name."""
    return _LOGIN.fullmatch(text) is not None


def _login(text: str) -> str:
    if not is_login(text):
        raise ValueError(f"not a login name: {clean_line(text, 40)!r}")
    return text


def _tag(text: str) -> str:
    tag = clean_line(text, 40).casefold().replace(" ", "-").replace(",", "-")
    if not tag:
        raise ValueError("a tag needs a name")
    return tag


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

Tag = Annotated[str, AfterValidator(_tag)]
"""A tag: one lower-case word."""


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
