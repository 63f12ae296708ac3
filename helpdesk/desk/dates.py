"""Dates in the customer's language, by Babel; what it said is noted, as a message that comes in
would have to wait for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from helpdesk.noted import Noted

if TYPE_CHECKING:
    from babel import Locale

_LAST_RESORT = "en"
_MOST_NOTED = 200


class Dates:
    """How days and times are written for the customers of the desk in folder ``desk``."""

    def __init__(self, desk: Path | None) -> None:
        self._notes = Noted(desk, "babel")

    def words(self, local: datetime, tags: tuple[str, ...]) -> str:
        """A day, the time of it and the name of its zone, as in the language of the first tag,
        with its country or without, that is known."""
        languages = ",".join(dict.fromkeys(tags))
        day, zone = f"{languages} {local:%Y-%m-%d}", f"{languages} {local.tzinfo} {_season(local)}"
        said = self._said
        if day not in said or zone not in said:
            kept = said if len(said) < _MOST_NOTED else {}
            # Put in the place of the other, never changed: threads may be reading that one.
            said = {**kept, day: _day(local, tags), zone: _zone_name(local, tags)}
            self._said = said
            self._notes.write(said)
        return f"{said[day]}, {local:%H:%M} ({said[zone]})"

    @cached_property
    def _said(self) -> dict[str, str]:
        said = self._notes.read()
        return said if all(isinstance(words, str) for words in said.values()) else {}


def _day(local: datetime, tags: tuple[str, ...]) -> str:
    from babel.dates import format_date

    return format_date(local, "full", locale=_first_known(tags))


def _zone_name(local: datetime, tags: tuple[str, ...]) -> str:
    """What the zone is called at that local time, as in "Greenwich Mean Time"."""
    from babel.dates import get_timezone_gmt, get_timezone_name

    locale, season = _first_known(tags), _season(local)
    name = get_timezone_name(local, locale=locale, zone_variant=season)
    if name == get_timezone_gmt(local, locale=locale):
        return _name_by_older_ids(str(local.tzinfo), locale, season) or name
    return name


def _name_by_older_ids(zone: str, locale: Locale, season: str) -> str:
    """Babel knows some zones by a former id only: Kolkata as Calcutta. Nothing if none is known."""
    from babel.core import get_global

    aliases, known = get_global("zone_aliases"), get_global("meta_zones")
    now = aliases.get(zone, zone)
    former = (known[old] for old, new in aliases.items() if new == now and old in known)
    names = locale.meta_zones.get(next(former, ""), {}).get("long", {})
    name = names.get(season, "")
    return name if isinstance(name, str) and name.strip("\u2205") else ""


def _season(local: datetime) -> Literal["daylight", "standard"]:
    """Whether clocks show summer time; data on zones call Dublin's winter the exception."""
    saving = local.dst() or timedelta(0)
    if saving:
        return "daylight" if saving > timedelta(0) else "standard"
    winters = (local.replace(month=month, day=1).dst() for month in (1, 7))
    summer = any(winter is not None and winter < timedelta(0) for winter in winters)
    return "daylight" if summer else "standard"


def _first_known(tags: tuple[str, ...]) -> Locale:
    from babel import Locale, UnknownLocaleError

    for name in (each for tag in tags for each in (tag, tag.split("-")[0])):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(_LAST_RESORT)
