"""A mapping: how the columns of a table become the fields of tickets, or of orders.

docs/import.md describes every key. Mappings are TOML; unknown keys are refused, and errors name
the file and the key.
"""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator

from helpdesk.desk import serving
from helpdesk.desk.importing.cells import Cell, CellOf, Constant
from helpdesk.domain.errors import BadConfiguration, NotFound
from helpdesk.domain.values import Language, Name, Tag, Zone, all_faults
from helpdesk.domain.words import Channel, Kind, Outcome, Priority, State
from helpdesk.glance import read_toml
from helpdesk.resources import data_folder
from helpdesk.text import clean_line

FOLDER = "mappings"
"""Where a desk has mappings of its own, each in ``NAME.toml``."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")

_SAMPLE_DAY = datetime(2001, 12, 28, 21, 43, 56, tzinfo=UTC)

WORDS = {
    "kind": Kind,
    "channel": Channel,
    "priority": Priority,
    "state": State,
    "outcome": Outcome,
}
"""The fields that take one of the desk's words."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def _encoding(name: str) -> str:
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=name)
    except (LookupError, ValueError):
        raise ValueError("not an encoding; write one like utf-8 or cp1252") from None
    return name


def _delimiter(text: str) -> str:
    if len(text) != 1 or text in '\r\n"':
        raise ValueError('takes one character, as in "," or ";" or "\\t"')
    return text


def _date_format(text: str) -> str:
    try:
        read = datetime.strptime(_SAMPLE_DAY.strftime(text), text).date()  # noqa: DTZ007
    except ValueError:
        read = None
    if read != _SAMPLE_DAY.date():
        raise ValueError('not a format of a whole date; write one like "%m/%d/%Y %I:%M:%S %p"')
    return text


class ValuesSection(_Section):
    """``[values.FIELD]``: what the table's words mean. Case and outer white space don't count.

    ``map`` takes whole cells, ``containing`` a part of them; ``default`` is for any other cell,
    an empty one included.
    """

    default: str | None = None
    map: Mapping[str, str] = {}
    containing: Mapping[str, str] = {}

    @cached_property
    def folded(self) -> Mapping[str, str]:
        """``map`` by its words as they are compared."""
        return {key.strip().casefold(): value for key, value in self.map.items()}

    @cached_property
    def folded_parts(self) -> tuple[tuple[str, str], ...]:
        """``containing`` by its parts as they are compared, in their order."""
        return tuple((key.casefold(), value) for key, value in self.containing.items())

    def all_values(self) -> Iterator[str]:
        """Every value that it can give."""
        yield from self.map.values()
        yield from self.containing.values()
        if self.default is not None:
            yield self.default


class CustomerSection(_Section):
    """``[customer]``: who a row belongs to.

    A customer is known by ``key`` (his number in the source), by ``email``, or else by ``name``.
    """

    key: CellOf | None = None
    name: CellOf | None = None
    given: CellOf | None = None
    family: CellOf | None = None
    salutation: CellOf | None = None
    email: CellOf | None = None
    phone: CellOf | None = None
    address: CellOf | None = None
    note: CellOf | None = None
    tags: tuple[Tag, ...] = ()
    language: Language | None = None
    timezone: Zone | None = None

    @model_validator(mode="after")
    def _somebody(self) -> "CustomerSection":
        if self.key is None and self.email is None and self.name is None:
            raise ValueError("name the customer by key, email or name")
        return self


class FieldsSection(_Section):
    """``[fields]``: where the fields of a ticket come from."""

    external_id: CellOf
    received: CellOf
    subject: CellOf
    text: CellOf
    kind: CellOf = Constant("request")
    channel: CellOf = Constant("web")
    priority: CellOf = Constant("normal")
    state: CellOf | None = None
    answered: CellOf | None = None
    answer: CellOf = Constant("Closed; the source holds no answer's text.")
    outcome: CellOf | None = None
    resolution: CellOf | None = None
    tags: tuple[CellOf, ...] = ()


class PromiseSection(_Section):
    """``[promise]``: the ``due`` column that the source promised, or ``by`` the desk's policy."""

    due: CellOf | None = None
    by: Literal["policy"] | None = None
    unknown_answer: Literal["rejected", "withdrawn"] = "rejected"

    @model_validator(mode="after")
    def _one_of_both(self) -> "PromiseSection":
        if self.due is not None and self.by is not None:
            raise ValueError('give due = "COLUMN" or by = "policy", not both')
        return self


class TableMapping(_Section):
    """What the mappings of all tables have in common: how the table is written.

    ``aliases`` are other names that a column goes by in some of the tables.
    """

    source: Name
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"
    delimiter: Annotated[str, AfterValidator(_delimiter)] = ","
    timezone: Zone
    dates: tuple[Annotated[str, AfterValidator(_date_format)], ...] = ()
    empty: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = {}

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of times that are written without an offset."""
        return ZoneInfo(self.timezone)

    def columns(self) -> tuple[str, ...]:
        """Every column that the mapping reads, as it writes it."""
        return tuple(dict.fromkeys(_columns_in(self)))


class TicketMapping(TableMapping):
    """How the rows of a table become tickets."""

    fields: FieldsSection
    values: Mapping[str, ValuesSection] = {}
    customer: CustomerSection
    promise: PromiseSection = PromiseSection()

    @model_validator(mode="after")
    def _values_fit(self) -> "TicketMapping":
        for field, section in self.values.items():
            if field not in FieldsSection.model_fields:
                raise ValueError(f"values.{clean_line(field, 40)}: there is no such field")
            if field in WORDS:
                _require_words(field, section)
        return self


def _require_words(field: str, section: ValuesSection) -> None:
    words = [str(word) for word in WORDS[field]]
    if field == "outcome":
        words = [str(Outcome.KEPT), str(Outcome.BROKEN), ""]
    for value in section.all_values():
        if value not in words:
            raise ValueError(
                f"values.{field}: {clean_line(value, 40)!r} is none of "
                + ", ".join(word or '""' for word in words)
            )


class OrderSection(_Section):
    """``[order]``: where the fields of an order come from; rows of one number are one order."""

    number: CellOf
    date: CellOf
    item: CellOf | None = None
    quantity: CellOf = Constant("1")
    amount: CellOf | None = None
    amount_of: Literal["order", "row"] = "order"
    decimal: Literal[".", ","] = "."
    currency: CellOf = Constant("USD")
    status: CellOf | None = None
    promised: CellOf | None = None


class OrderCustomerSection(_Section):
    """``[customer]`` of orders: by number at the desk, by key in the source, or by e-mail."""

    number: CellOf | None = None
    key: CellOf | None = None
    email: CellOf | None = None
    name: CellOf | None = None

    @model_validator(mode="after")
    def _somebody(self) -> "OrderCustomerSection":
        if self.number is None and self.key is None and self.email is None:
            raise ValueError("name the customer by number, key or email")
        return self


class OrderMapping(TableMapping):
    """How the rows of a table become orders of customers."""

    order: OrderSection
    customer: OrderCustomerSection


M = TypeVar("M", TicketMapping, OrderMapping)


def shipped() -> list[str]:
    """The names of the mappings that come with the program."""
    return sorted(path.stem for path in (data_folder() / "mappings").glob("*.toml"))


def load(name: str, wanted: type[M], desk: Path | None = None) -> M:
    """The mapping in the file ``name``, or the desk's own or the shipped one of that name.

    Raises:
        NotFound: if there is none.
        BadConfiguration: naming the file, the key and what it takes.
    """
    path = _file_of(name, desk)
    if path is None:
        raise NotFound(
            f"there is no mapping {clean_line(name, 100)}: give the path of one, "
            f"or the name of a shipped one ({', '.join(shipped())})"
        )
    return parse(read_toml(path), clean_line(path.name), wanted)


def _file_of(name: str, desk: Path | None) -> Path | None:
    """Where the mapping is; in service mode no file outside of the desk is one."""
    own = desk / FOLDER / f"{name}.toml" if desk and _NAME.fullmatch(name) else None
    if own is not None and own.is_file():
        return own
    if serving.service() is None and Path(name).is_file():
        return Path(name)
    return data_folder() / "mappings" / f"{name}.toml" if name in shipped() else None


def parse(data: Mapping[str, Any], file: str, wanted: type[M]) -> M:
    """Check a mapping that was read from ``file``. Raises BadConfiguration."""
    try:
        return wanted.model_validate(data)
    except ValidationError as error:
        raise BadConfiguration(f"{file}: {all_faults(error)}") from None


def _columns_in(section: BaseModel) -> Iterator[str]:
    for _, value in section:
        values = value if isinstance(value, tuple) else (value,)
        for part in values:
            if isinstance(part, Cell):
                yield from part.columns
            elif isinstance(part, BaseModel):
                yield from _columns_in(part)
