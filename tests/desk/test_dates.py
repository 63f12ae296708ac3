"""Days, times and zones in customers' languages: by Babel once, then from a note."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpdesk.desk.dates import Dates
from helpdesk.noted import Noted

MONDAY = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SAID = {
    ("en", "Asia/Bishkek"): "Monday, March 2, 2026, 10:00 (Kyrgyzstan Time)",
    ("en-GB", "Europe/London"): "Monday, 2 March 2026, 04:00 (Greenwich Mean Time)",
    ("ru", "Asia/Bishkek"): "понедельник, 2 марта 2026\u202fг., 10:00 (Киргизия)",
    ("xx", "UTC"): "Monday, March 2, 2026, 04:00 (Coordinated Universal Time)",
}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / ".cache").mkdir()
    return tmp_path


def words(dates: Dates, language: str, zone: str) -> str:
    return dates.words(MONDAY.astimezone(ZoneInfo(zone)), (language, "en"))


def test_they_are_the_same_once_they_are_noted(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = {asked: words(Dates(desk), *asked) for asked in SAID}
    assert first == SAID
    monkeypatch.setitem(sys.modules, "babel.dates", None)
    noted = Dates(desk)
    assert {asked: words(noted, *asked) for asked in SAID} == SAID
    with pytest.raises(ImportError):
        words(noted, "fr", "Asia/Bishkek")


def test_summer_is_told_from_winter(desk: Path) -> None:
    dates = Dates(desk)
    for month, name in ((1, "Greenwich Mean Time"), (7, "British Summer Time")):
        local = datetime(2026, month, 2, 12, 0, tzinfo=ZoneInfo("Europe/London"))
        assert dates.words(local, ("en-GB",)).endswith(f"({name})")


def test_no_more_is_noted_than_is_of_use(desk: Path) -> None:
    dates = Dates(desk)
    for days in range(500):
        dates.words(MONDAY + timedelta(days=days), ("en",))
    assert (desk / ".cache" / "babel.json").stat().st_size < 20_000


@pytest.mark.parametrize("noted", [b"", b"[]", b'{"library": null, "said": {}}', b"\xff"])
def test_a_note_that_cannot_be_read_is_written_anew(desk: Path, noted: bytes) -> None:
    (desk / ".cache" / "babel.json").write_bytes(noted)
    assert words(Dates(desk), "en", "Asia/Bishkek") == SAID["en", "Asia/Bishkek"]
    assert b"Kyrgyzstan Time" in (desk / ".cache" / "babel.json").read_bytes()


def test_who_asks_while_others_ask_for_much_is_told_all_the_same(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dates, write = Dates(desk), Noted.write

    def write_as_others_ask(notes: Noted, said: Mapping[str, Any]) -> None:
        monkeypatch.setattr(Noted, "write", write)
        for days in range(1, 300):
            dates.words(MONDAY + timedelta(days=days), ("en",))

    monkeypatch.setattr(Noted, "write", write_as_others_ask)
    assert words(dates, "en", "Asia/Bishkek") == SAID["en", "Asia/Bishkek"]
