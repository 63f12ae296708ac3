"""Value types that every document is made of: moments, clean text, logins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    ValidationError,
)

from helpdesk.domain.formats import FORMAT
from helpdesk.domain.rights import is_login
from helpdesk.text import clean, clean_line

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

LONGEST_MAIL_ID = 1000
"""Characters; a line of mail has at most 998."""

_NOTHING: Mapping[str, str] = {}

_WORDS = {
    "extra_forbidden": "unknown key; take it out or correct it",
    "missing": "is missing",
    "string_too_short": "is empty",
    "too_short": "is empty",
    "too_long": "is too long",
}
_TYPES = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "bool": "true or false",
    "tuple": "a list",
    "list": "a list",
    "dict": "keys with values",
    "mapping": "keys with values",
    "model": "keys with values",
    "timezone": "a time with an offset, such as 2026-11-25T14:00:00+06:00",
    "datetime": "a time with an offset, such as 2026-11-25T14:00:00+06:00",
    "date": "a day, such as 2026-12-31",
}
"""What a value takes, by the beginning of pydantic's name of the fault."""

_FAULTS_TOLD = 20

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time needs an offset, as in 2026-11-25T14:00:00+06:00")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time that no clock shows") from None


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


def _language(code: str) -> str:
    if _LANGUAGE.fullmatch(code) is None:
        raise ValueError("not a language; write one like ky or zh-Hans")
    return code


Moment = Annotated[datetime, AfterValidator(_utc), PlainSerializer(datetime.isoformat, str, "json")]
"""A moment with its offset, held in UTC and written as ISO 8601."""

Text = Annotated[str, AfterValidator(clean)]
"""Text of several lines from outside, made harmless."""

Line = Annotated[str, AfterValidator(clean_line)]
"""One line from outside, made harmless; at most 500 characters."""

MailId = Annotated[str, AfterValidator(lambda text: clean_line(text, LONGEST_MAIL_ID))]
"""The id of a mail, in one harmless line."""

Name = Annotated[str, AfterValidator(clean_line), StringConstraints(min_length=1)]
"""One line that may not be empty."""

Login = Annotated[str, AfterValidator(_login)]
"""An agent's login name."""

Tag = Annotated[str, AfterValidator(read_tag)]
"""A tag: one lower-case word."""

Zone = Annotated[str, AfterValidator(_zone)]
"""The name of a time zone, such as Asia/Bishkek."""

Language = Annotated[str, AfterValidator(_language)]
"""The code of a language, such as ky or zh-Hans."""


def all_faults(error: ValidationError, takes: Mapping[str, str] = _NOTHING) -> str:
    """The faults of a validation in one line, each as ``key: what is wrong``, without the value's
    text.

    ``takes`` says of keys what they take, such as ``a list such as ["09:00-13:00"]``.
    """
    return "; ".join(each_fault(error, takes))


def each_fault(error: ValidationError, takes: Mapping[str, str] = _NOTHING) -> list[str]:
    """As ``all_faults``, one by one; so many of them that somebody reads them."""
    faults = error.errors(include_url=False, include_input=False)
    told = list(dict.fromkeys(_told(fault, takes) for fault in faults))
    more = len(told) - _FAULTS_TOLD
    return told if more <= 0 else [*told[:_FAULTS_TOLD], f"and {more} more"]


def _told(fault: ErrorDetails, takes: Mapping[str, str]) -> str:
    keys = [str(part) for part in fault["loc"] if isinstance(part, str) and part != "[key]"]
    parts = [str(part) for part in fault["loc"] if part != "[key]"]
    what = plain_fault(fault)
    if keys and keys[-1] in takes and _is_of_wrong_type(fault):
        what = f"takes {takes[keys[-1]]}"
        while parts[-1] != keys[-1]:
            parts.pop()  # the key is told whole, whichever part of its list is wrong
    if fault["type"] == "missing" and takes.get(keys[-1], "").startswith("a section"):
        what = f"is missing: {takes[keys[-1]]}"
    return f"{'.'.join(parts)}: {what}" if parts else what


def plain_fault(fault: ErrorDetails) -> str:
    """What is wrong with a value, in plain words: what it takes, and never what is there."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind in _WORDS:
        return _WORDS[kind]
    if kind in ("enum", "literal_error"):
        return f"takes {context['expected']}".replace("'", "")
    if kind == "greater_than_equal":
        return f"takes {context['ge']} or more"
    if kind == "less_than_equal":
        return f"takes {context['le']} or less"
    for name, words in _TYPES.items():
        if kind.startswith(f"{name}_"):
            return f"takes {words}"
    # Only a rule of ours speaks in our words.
    return fault["msg"].removeprefix("Value error, ") if kind == "value_error" else "is not taken"


def _is_of_wrong_type(fault: ErrorDetails) -> bool:
    return fault["type"].endswith(("_type", "_parsing", "_from_float"))


class Value(BaseModel):
    """A part of a document: frozen, unknown keys refused.

    What checks it is built when one is first made, as no command makes all that there are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Document(Value):
    """A document of the desk: one JSON file.

    ``rev`` counts its saves: a save that names an older one is a conflict.
    """

    format: int = FORMAT
    id: int
    rev: int = 0
