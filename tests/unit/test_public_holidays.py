"""Public holidays are read from the library once, then from a note in the desk's cache."""

import builtins
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from holidays import country_holidays

from helpdesk import config, public_holidays
from helpdesk.domain.errors import BadConfiguration
from helpdesk.noted import Noted
from helpdesk.public_holidays import PublicHolidays

NEW_YEAR = date(2026, 1, 1)
NOTES = ".cache/holidays.json"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / NOTES).parent.mkdir()
    return tmp_path


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def importing(name: str, *more: Any, **rest: Any) -> Any:
        assert not name.startswith("holidays")
        return real(name, *more, **rest)

    monkeypatch.setattr(builtins, "__import__", importing)


def holidays(country: str, desk: Path | None) -> PublicHolidays:
    return PublicHolidays(country, frozenset(), desk)


@pytest.mark.parametrize("country", ["KG", "US-MA", "GB", "JP", "IN-TN", "SA"])
def test_they_are_what_the_library_says_of_each_day(country: str, desk: Path) -> None:
    name, _, state = country.partition("-")
    says = country_holidays(name, subdiv=state or None)
    days = [date(2024, 12, 1) + timedelta(days=days) for days in range(1200)]
    expected = [day in says for day in days]
    assert any(expected)
    for _ in range(2):  # read from the library, then from the note
        asked = holidays(country, desk)
        assert [asked(day) for day in days] == expected


@pytest.mark.usefixtures("no_library")
def test_a_desk_whose_holidays_are_noted_does_not_read_the_library(desk: Path) -> None:
    with pytest.raises(AssertionError):
        holidays("KG", desk)(NEW_YEAR)
    note(desk, KG={"2026": ["2026-01-01"]})
    assert public_holidays.is_known("KG", desk)
    asked = holidays("KG", desk)
    assert (asked(NEW_YEAR), asked(NEW_YEAR.replace(day=20))) == (True, False)


@pytest.mark.parametrize(
    "noted",
    [
        {"library": "1-1"},
        {"said": {"US-MA": {"2026": []}}},
        {"said": {"KG": {"2026": ["soon"]}}},
        {"said": {"KG": [7]}},
        {"said": 7},
        {"said": None},
    ],
)
def test_a_note_that_does_not_hold_is_written_anew(desk: Path, noted: dict[str, Any]) -> None:
    note(desk, KG={"2026": []})
    whole = json.loads((desk / NOTES).read_text())
    (desk / NOTES).write_text(json.dumps({**whole, **noted}))
    assert holidays("KG", desk)(NEW_YEAR)
    assert "2026-01-01" in json.loads((desk / NOTES).read_text())["said"]["KG"]["2026"]
    for unreadable in (b"\xff{", b"[" * 100_000):
        (desk / NOTES).write_bytes(unreadable)
        assert holidays("KG", desk)(NEW_YEAR)


def test_where_nothing_can_be_noted_they_are_known_all_the_same(tmp_path: Path) -> None:
    for desk in (None, tmp_path, tmp_path / "nowhere"):
        assert holidays("KG", desk)(NEW_YEAR)
    assert list(tmp_path.iterdir()) == []


def test_no_link_leads_what_is_noted_out_of_the_desk(desk: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    (desk / f"{NOTES}.{os.getpid()}").symlink_to(precious)
    (desk / NOTES).symlink_to(precious)
    assert holidays("KG", desk)(NEW_YEAR)
    assert precious.read_text() == "mine"
    assert "2026-01-01" in (desk / NOTES).read_text()


def test_settings_of_another_name_leave_no_note_beside_them(desk: Path) -> None:
    text = '[desk]\nname = "A"\ntimezone = "UTC"\n[hours]\ncountry = "KG"\n'
    for name, noted in (("try.toml", False), ("desk.toml", True)):
        (desk / name).write_text(text)
        assert config.load(desk / name).policy.hours.is_holiday(NEW_YEAR)
        assert (desk / NOTES).exists() is noted


def test_a_country_that_is_none_is_refused_whatever_is_noted(desk: Path) -> None:
    note(desk, KG={})
    for code in ("KX", "US-KG", "kg", "XXX"):
        (desk / "desk.toml").write_text(
            f'[desk]\nname = "A"\ntimezone = "UTC"\n[hours]\ncountry = "{code}"\n'
        )
        with pytest.raises(BadConfiguration, match="no known country"):
            config.load(desk / "desk.toml")


def note(desk: Path, **said: Any) -> None:
    Noted(desk, "holidays").write(said)


def test_threads_that_ask_for_different_years_at_once_are_all_told(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holidays("KG", desk)(NEW_YEAR)
    asked = holidays("KG", desk)
    monkeypatch.setattr(asked, "_calendar", lambda years, expand: {date(years, 1, 1): "New Year"})
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            days = [date(year, 1, 1) for year in range(1000, 1400)]
            assert all(pool.map(asked, days))
    finally:
        sys.setswitchinterval(usual)
