"""A country's public holidays, by a library that takes 100 ms to read its calendars.

What it said is noted in the desk's cache, so that it is read once a year and not at every start.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

NOTES = Path(".cache") / "holidays.json"
"""Where it is noted, in the desk's folder; gone, it is written anew."""


def is_known(country: str, desk: Path | None) -> bool:
    """Whether there are holidays of that country, or of that state of it (``US-MA``)."""
    if desk is not None and _Notes(desk).of(country) is not None:
        return True
    import holidays
    from holidays.registry import COUNTRIES

    name, _, state = country.partition("-")
    if not any(name in codes for _, *codes in COUNTRIES.values()):
        return False
    return not state or state in getattr(holidays, name).subdivisions


class PublicHolidays:
    """Says of a day whether it is a public holiday of ``country``, or one of the days ``named``."""

    def __init__(self, country: str, named: frozenset[date], desk: Path | None) -> None:
        self._country = country
        self._named = named
        self._notes = None if desk is None else _Notes(desk)
        noted = self._notes.of(country) if self._notes else None
        self._years: dict[int, frozenset[date]] = dict(noted or {})

    def __call__(self, day: date) -> bool:
        if day in self._named:
            return True
        if day.year not in self._years:
            self._years[day.year] = self._read(day.year)
            if self._notes is not None:
                self._notes.write(self._country, self._years)
        return day in self._years[day.year]

    def _read(self, year: int) -> frozenset[date]:
        return frozenset(self._calendar(years=year, expand=False))

    @cached_property
    def _calendar(self) -> Callable[..., Mapping[date, str]]:
        from holidays import country_holidays

        name, _, state = self._country.partition("-")
        return lambda **of: country_holidays(name, subdiv=state or None, **of)


class _Notes:
    """The holidays noted in the cache of a desk, for as long as the library is the same."""

    def __init__(self, desk: Path) -> None:
        self._path = desk / NOTES

    def of(self, country: str) -> dict[int, frozenset[date]] | None:
        """The noted holidays of a country by year; None if nothing that holds is noted."""
        try:
            noted = json.loads(self._path.read_bytes())
            if noted["library"] != _library() or noted["country"] != country:
                return None
            return {
                int(year): frozenset(map(date.fromisoformat, days))
                for year, days in noted["years"].items()
            }
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return None

    def write(self, country: str, years: Mapping[int, frozenset[date]]) -> None:
        """Note what is known; nothing is lost where that cannot be written."""
        noted: dict[str, Any] = {
            "library": _library(),
            "country": country,
            "years": {year: sorted(map(str, days)) for year, days in years.items()},
        }
        folder = self._path.parent
        new = folder / f"{self._path.name}.{os.getpid()}"
        with suppress(OSError):
            mode = folder.stat().st_mode & 0o666
            new.write_text(json.dumps(noted), encoding="ascii")
            new.chmod(mode)
            new.replace(self._path)


def _library() -> str | None:
    """How the library lies: another version of it may know other days."""
    from importlib.util import find_spec

    found = find_spec("holidays")
    if found is None or found.origin is None:
        return None
    lies = Path(found.origin).with_name("version.py").stat()
    return f"{lies.st_mtime_ns}-{lies.st_size}"
