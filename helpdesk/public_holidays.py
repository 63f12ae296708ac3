"""A country's public holidays, by a library that takes 100 ms to read its calendars.

What it said is noted in the desk's cache: it is read once for a year, and not at every start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

from helpdesk.noted import Noted

LIBRARY = "holidays"


def is_known(country: str, desk: Path | None) -> bool:
    """Whether there are holidays of that country, or of that state of it (``US-MA``)."""
    if _noted(Noted(desk, LIBRARY), country) is not None:
        return True
    import holidays
    from holidays.registry import COUNTRIES

    name, _, state = country.partition("-")
    # A list of all with their states would read the calendars of 250 countries.
    if not any(name in codes for _, *codes in COUNTRIES.values()):
        return False
    return not state or state in getattr(holidays, name).subdivisions


class PublicHolidays:
    """Says of a day whether it is a public holiday of ``country``, or one of the days ``named``."""

    def __init__(self, country: str, named: frozenset[date], desk: Path | None) -> None:
        self._country = country
        self._named = named
        self._notes = Noted(desk, LIBRARY)
        self._years = _noted(self._notes, country) or {}

    def __call__(self, day: date) -> bool:
        if day in self._named:
            return True
        known = self._years
        if day.year not in known:
            # Put in the place of the other, never changed: threads may be reading that one.
            known = {**known, day.year: frozenset(self._calendar(years=day.year, expand=False))}
            self._years = known
            years = {year: sorted(map(str, days)) for year, days in known.items()}
            self._notes.write({self._country: years})
        return day in known[day.year]

    @cached_property
    def _calendar(self) -> Callable[..., Mapping[date, str]]:
        from holidays import country_holidays

        name, _, state = self._country.partition("-")
        return lambda **of: country_holidays(name, subdiv=state or None, **of)


def _noted(notes: Noted, country: str) -> dict[int, frozenset[date]] | None:
    """The noted holidays of a country by year; None if nothing that holds is noted."""
    try:
        return {
            int(year): frozenset(map(date.fromisoformat, days))
            for year, days in notes.read()[country].items()
        }
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
