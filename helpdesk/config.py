"""desk.toml, read into frozen Settings. Unknown keys are refused; errors name file and key."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from helpdesk import public_holidays
from helpdesk.domain.errors import BadConfiguration
from helpdesk.domain.hours import OpeningHours, parse_day, reach_over
from helpdesk.domain.policy import Policy, PromiseRule, Unit, parse_within
from helpdesk.domain.rights import Roles
from helpdesk.domain.values import Language, Line, Login, Name, Zone, each_fault
from helpdesk.domain.words import Channel, Kind, Priority
from helpdesk.glance import NAME_EXAMPLE, SETTINGS_FILE, ZONE_EXAMPLE, read_roles, read_toml
from helpdesk.mail_settings import MailSection
from helpdesk.resources import data_folder

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TAKES = {
    **dict.fromkeys(WEEKDAYS, 'a list such as ["09:00-13:00"]'),
    **{n: f"a section that begins with [{n}]" for n in ("desk", "hours", "agents", "mail")},
    "promise": "sections that begin with [[promise]]",
    "in": "sections that begin with [[mail.in]]",
    "rule": "sections that begin with [[mail.rule]]",
    "out": "a section that begins with [mail.out]",
    "address": 'an address such as "help@aksai.example"',
    "addresses": 'addresses with their kinds, such as { "complaints@aksai.example" = "complaint" }',
    "port": "a number such as 993",
    "holidays": 'a list such as ["2026-12-31"]',
    "half_days": 'days with their hours, such as { "2026-12-30" = ["09:00-13:00"] }',
    "country": 'a text such as "KG"',
    "name": NAME_EXAMPLE,
    "timezone": ZONE_EXAMPLE,
    "language": 'a text such as "ky"',
    "within": 'a text such as "4 working hours"',
    "min_minutes_left": "a whole number of minutes, such as 60",
}
"""What keys take, for those who wrote something else."""

_RULE = re.compile(r"^(promise|mail\.in|mail\.rule)\.([0-9]+)(?:: |\.)")


class _Section(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True
    )


def _day(text: object) -> object:
    if isinstance(text, date):
        return text.isoformat()
    if not isinstance(text, str) or len(text) != len("2026-12-31"):
        raise ValueError("is no day; write one like 2026-12-31")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"{text!r} is no day; write one like 2026-12-31") from None


def _openings(texts: tuple[str, ...]) -> tuple[str, ...]:
    try:
        parse_day(list(texts))
    except BadConfiguration as error:
        raise ValueError(error.message) from None
    return texts


def _within(text: str) -> str:
    try:
        parse_within(text)
    except BadConfiguration as error:
        raise ValueError(error.message) from None
    return text


def _country(code: str, info: ValidationInfo) -> str:
    if not public_holidays.is_known(code, info.context):
        raise ValueError(f"{code!r} is no known country; write one like KG, or US-MA with a state")
    return code


def _known_language(code: str) -> str:
    if (data_folder() / "texts" / f"{code}.toml").is_file():
        return code
    from babel import Locale, UnknownLocaleError  # which desks of the shipped languages spare

    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ValueError("not a language that is known; write one like ky or zh-Hans") from None
    return code


def _phone_greeting(text: str) -> str:
    try:
        parts = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        parts = [("", "", None)]
    if any(part not in (("desk", "", None), ("agent", "", None)) for part in parts):
        raise ValueError("takes {desk} and {agent} in braces, and no other braces")
    return text


Openings = Annotated[tuple[str, ...], AfterValidator(_openings)]
DayText = Annotated[str, BeforeValidator(_day)]


class DeskSection(_Section):
    """``[desk]``: the desk's name, time zone, and language where a customer's is not known."""

    name: Name
    timezone: Zone
    language: Annotated[Language, AfterValidator(_known_language)] = "en"
    phone_greeting: Annotated[Line, AfterValidator(_phone_greeting)] | None = None
    editor: bool = False


class HoursSection(_Section):
    """``[hours]``: opening hours by weekday, in the desk's zone; a day not named is closed."""

    mon: Openings = ()
    tue: Openings = ()
    wed: Openings = ()
    thu: Openings = ()
    fri: Openings = ()
    sat: Openings = ()
    sun: Openings = ()
    holidays: tuple[DayText, ...] = ()
    country: Annotated[str, AfterValidator(_country)] | None = None
    half_days: Mapping[DayText, Openings] = {}

    @model_validator(mode="after")
    def _no_day_twice(self) -> "HoursSection":
        for day in self.half_days:
            if day in self.holidays:
                raise ValueError(f"{day} is both a holiday and a half day")
        return self

    @model_validator(mode="after")
    def _none_reaches_into_the_next_day(self) -> "HoursSection":
        for at, eve in enumerate(WEEKDAYS):
            day = WEEKDAYS[(at + 1) % len(WEEKDAYS)]
            _require_apart(eve, getattr(self, eve), day, getattr(self, day))
        for half, openings in self.half_days.items():
            half_day = date.fromisoformat(half)
            if half_day > date.min:
                before = half_day - timedelta(1)
                _require_apart(str(before), self._on(before), half, openings)
            if half_day < date.max:
                after = half_day + timedelta(1)
                _require_apart(half, openings, str(after), self._on(after))
        return self

    def _on(self, day: date) -> tuple[str, ...]:
        """The openings of a date as they are named here, whatever the country's holidays are."""
        named: tuple[str, ...] = getattr(self, WEEKDAYS[day.weekday()])
        return self.half_days.get(str(day), () if str(day) in self.holidays else named)


def _require_apart(
    eve: str, openings: tuple[str, ...], day: str, following: tuple[str, ...]
) -> None:
    found = reach_over(openings, following)
    if found is not None:
        raise ValueError(
            f"{found[0]!r} of {eve} reaches into {found[1]!r} of {day}: "
            "write them so that one ends before the next begins"
        )


class PromiseSection(_Section):
    """``[[promise]]``: by when we promise an answer; the first that fits holds."""

    channel: Channel | None = None
    kind: Kind | None = None
    priority: Priority | None = None
    within: Annotated[str, AfterValidator(_within)]
    min_minutes_left: Annotated[int, Field(strict=True, ge=0, le=1440)] | None = None

    @model_validator(mode="after")
    def _minutes_only_same_day(self) -> "PromiseSection":
        if self.min_minutes_left is not None and not self._is_same_day:
            raise ValueError('min_minutes_left goes with within = "same day" only')
        return self

    @property
    def _is_same_day(self) -> bool:
        return parse_within(self.within).unit is Unit.SAME_DAY

    def rule(self) -> PromiseRule:
        """The rule as the domain knows it."""
        return PromiseRule(
            channel=self.channel,
            kind=self.kind,
            priority=self.priority,
            within=parse_within(self.within),
            min_minutes_left=self.min_minutes_left or 0,
        )


class Settings(_Section):
    """All of desk.toml. ``agents`` maps login names to the names that customers read."""

    desk: DeskSection
    hours: HoursSection
    promise: tuple[PromiseSection, ...] = ()
    agents: Mapping[Login, Name] = {}
    mail: MailSection = MailSection()
    roles: Annotated[Roles, PlainValidator(read_roles)] = Roles()

    @cached_property
    def folder(self) -> Path | None:
        """The folder of the desk whose settings they are; None if they are not a desk's yet."""
        return None

    @cached_property
    def zone(self) -> ZoneInfo:
        """The desk's time zone."""
        return ZoneInfo(self.desk.timezone)

    @cached_property
    def policy(self) -> Policy:
        """Opening hours and promise rules."""
        section = self.hours
        hours = OpeningHours(
            zone=self.zone,
            week=tuple(parse_day(list(getattr(section, day))) for day in WEEKDAYS),
            closed=_closed_days(section, self.folder),
            half_days={
                date.fromisoformat(day): parse_day(list(texts))
                for day, texts in section.half_days.items()
            },
        )
        return Policy(hours=hours, rules=tuple(promise.rule() for promise in self.promise))

    def agent_name(self, login: str) -> str:
        """The name that customers read for an agent; the login if none is set."""
        return self.agents.get(login, login)


def load(path: Path) -> Settings:
    """Read and check the settings in ``path``.

    Raises:
        BadConfiguration: naming the file, the key and what it takes.
    """
    desk = path.parent if path.name == SETTINGS_FILE else None
    return parse(read_toml(path), path.name, desk)


def parse(data: Mapping[str, Any], file: str = SETTINGS_FILE, desk: Path | None = None) -> Settings:
    """Check settings read from ``file``; ``desk`` is the folder of the desk whose they are, if any.

    Raises BadConfiguration.
    """
    try:
        settings = Settings.model_validate(data, context=desk)
        settings.__dict__["folder"] = desk
        return settings
    except ValidationError as error:
        faults = [_RULE.sub(_nth, fault) for fault in each_fault(error, _TAKES)]
        raise BadConfiguration(f"{file}: {'; '.join(faults)}") from None


def _nth(found: re.Match[str]) -> str:
    number = int(found[2]) + 1
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 % 10 != 1 else 0, "th")
    return f"the {number}{ending} [[{found[1]}]]: "


def _closed_days(section: HoursSection, desk: Path | None) -> Callable[[date], bool]:
    named = frozenset(date.fromisoformat(day) for day in section.holidays)
    if section.country is None:
        return named.__contains__
    return public_holidays.PublicHolidays(section.country, named, desk)
