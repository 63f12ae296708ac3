"""Where a field's text comes from: a column, a template over columns, or a constant.

In a mapping: ``"case_title"`` is a column, ``"{type}: {case_title}"`` a template,
``{ value = "web" }`` a constant, and a list of them the first that gives a text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainValidator

from helpdesk.text import clean

Row = Sequence[str]
"""The cells of one row, in the order of the table's columns."""

Read = Callable[[Row], str]
"""Gives a field's text from a row: harmless, without white space around it, or empty."""

_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Column:
    """The cell of one column."""

    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (self.name,)

    def bound(self, places: Mapping[str, int]) -> Read:
        """Reads rows whose columns lie at ``places`` (by ``column_key``)."""
        place = places[column_key(self.name)]
        return lambda row: clean(row[place]).strip()


@dataclass(frozen=True)
class Template:
    """Text with columns in braces. It gives nothing if one of its columns is empty."""

    text: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return tuple(_BRACES.findall(self.text))

    def bound(self, places: Mapping[str, int]) -> Read:
        """Reads rows whose columns lie at ``places`` (by ``column_key``)."""
        fixed = _BRACES.split(self.text)[::2]
        cells = [places[column_key(name)] for name in self.columns]

        def read(row: Row) -> str:
            texts = [clean(row[place]).strip() for place in cells]
            if not all(texts):
                return ""
            pairs = zip(fixed, [*texts, ""], strict=True)
            return "".join(part for pair in pairs for part in pair).strip()

        return read


@dataclass(frozen=True)
class Constant:
    """The same text for every row."""

    text: str
    columns: tuple[str, ...] = ()

    def bound(self, places: Mapping[str, int]) -> Read:
        """Reads nothing."""
        text = clean(self.text).strip()
        return lambda _: text


@dataclass(frozen=True)
class FirstOf:
    """The first of several that gives a text."""

    parts: tuple[Column | Template | Constant, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return tuple(name for part in self.parts for name in part.columns)

    def bound(self, places: Mapping[str, int]) -> Read:
        """Reads rows whose columns lie at ``places`` (by ``column_key``)."""
        reads = [part.bound(places) for part in self.parts]
        return lambda row: next((text for read in reads if (text := read(row))), "")


Cell = Column | Template | Constant | FirstOf


def column_key(name: str) -> str:
    """A column's name as it is compared: without case and white space around it."""
    return name.strip().casefold()


def read_cell(value: Any) -> Cell:
    """Read what a mapping says of a field. Raises ValueError, showing how it is written."""
    if isinstance(value, list):
        if not value:
            raise ValueError("an empty list names no column")
        return FirstOf(tuple(_read_part(part) for part in value))
    return _read_part(value)


def _read_part(value: Any) -> Column | Template | Constant:
    if isinstance(value, dict) and value.keys() == {"value"} and isinstance(value["value"], str):
        return Constant(value["value"])
    if not isinstance(value, str) or not value.strip():
        raise ValueError(
            'write a column as "name", a template as "{name}: {other}", '
            'a constant as { value = "text" }, or a list of them'
        )
    if "{" not in value and "}" not in value:
        return Column(value)
    names = _BRACES.findall(value)
    if re.search(r"[{}]", _BRACES.sub("", value)) or not all(name.strip() for name in names):
        raise ValueError('a template takes each column\'s name between braces: "{name}"')
    return Template(value)


CellOf = Annotated[Cell, PlainValidator(read_cell)]
"""A field of a mapping that says where a text comes from."""
