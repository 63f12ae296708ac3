"""desk.toml: what it may say, and how it is refused."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpdesk.config import Settings, load, parse
from helpdesk.domain.errors import BadConfiguration
from helpdesk.domain.words import Channel, Kind
from helpdesk.glance import glance

GOOD = """
[desk]
name = "Ak-Sai Outfitters"
timezone = "Asia/Bishkek"
[hours]
mon = ["09:00-13:00", "14:00-18:00"]
tue = ["22:00-06:00"]
wed = ["00:00-24:00"]
holidays = ["2026-12-31"]
country = "KG"
half_days = { "2026-12-30" = ["09:00-13:00"] }
[[promise]]
channel = "phone"
within = "15 working minutes"
[[promise]]
kind = "complaint"
within = "4 working hours"
[[promise]]
within = "same day"
min_minutes_left = 60
"""


def read(text: str) -> Settings:
    return parse(tomllib.loads(text))


def test_the_settings_of_the_documentation_are_taken() -> None:
    settings = read(GOOD)
    monday = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
    policy = settings.policy
    assert policy.due(monday, Channel.PHONE, Kind.COMPLAINT).due == monday.replace(minute=15)
    assert policy.due(monday, Channel.EMAIL, Kind.COMPLAINT).due == monday.replace(hour=9)
    assert policy.due(monday, Channel.EMAIL, Kind.REQUEST).due == monday.replace(hour=12)


def test_public_holidays_of_the_country_are_closed_days() -> None:
    hours = read(GOOD).policy.hours
    new_year = datetime(2027, 1, 1, tzinfo=UTC).date()
    assert hours.is_holiday(new_year)
    assert not hours.is_holiday(datetime(2026, 3, 2, tzinfo=UTC).date())


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ('name = "Ak-Sai Outfitters"', "", "desk.name: is missing"),
        ('name = "Ak-Sai Outfitters"', 'name = "  "', "desk.name"),
        ('name = "Ak-Sai Outfitters"', "name = 7", "desk.name"),
        ("Asia/Bishkek", "Asia/Atlantis", "desk.timezone: not a time zone"),
        ("[hours]", "[hours]\nmonday = []", "hours.monday: unknown key"),
        ("[desk]", "[desks]\nx = 1\n[desk]", "desks: unknown key"),
        ("09:00-13:00", "09:00-25:00", "hours.mon"),
        ("14:00-18:00", "12:00-18:00", "hours.mon"),
        ("2026-12-31", "2026-13-31", "hours.holidays"),
        ('"KG"', '"XX"', "hours.country"),
        ("15 working minutes", "soon", "promise.0.within"),
        ('channel = "phone"', 'channel = "fax"', "promise.0.channel"),
        ("4 working hours", '4 working hours"\nmin_minutes_left = 5 #', "same day"),
        ('"2026-12-31"]', '"20261231"]', "write one like 2026-12-31"),
        ('"2026-12-30" =', '"2026-12-31" =', "both a holiday and a half day"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_key(good: str, bad: str, named: str) -> None:
    assert good in GOOD
    with pytest.raises(BadConfiguration) as refusal:
        read(GOOD.replace(good, bad, 1))
    assert named in refusal.value.message
    assert refusal.value.message.startswith("desk.toml: ")
    assert "\n" not in refusal.value.message


def test_a_phone_greeting_names_only_the_desk_and_the_agent() -> None:
    good = GOOD.replace("[hours]", 'phone_greeting = "Hello, {agent} of {desk}!"\n[hours]')
    assert read(good).desk.phone_greeting == "Hello, {agent} of {desk}!"
    for bad in (
        "{customer}",
        "{",
        "{agent.name}",
        "{0}",
        "{desk:d}",
        "{desk!r}",
        "{desk:>9999999}",
    ):
        with pytest.raises(BadConfiguration, match="phone_greeting"):
            read(good.replace("{agent}", bad))


def test_broken_toml_a_missing_file_and_wrong_encoding_are_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    with pytest.raises(BadConfiguration, match="no such file"):
        load(file)
    file.write_text("[desk\n")
    with pytest.raises(BadConfiguration, match="not valid TOML"):
        load(file)
    file.write_text("x = " + "[" * 5000)
    with pytest.raises(BadConfiguration, match="not valid TOML"):
        load(file)
    file.write_bytes(b'[desk]\nname = "\xff"')
    with pytest.raises(BadConfiguration, match="UTF-8"):
        load(file)


def test_a_glance_finds_name_and_zone_and_refuses_what_it_cannot_show(tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_text(GOOD)
    assert glance(tmp_path).name == "Ak-Sai Outfitters"
    assert glance(tmp_path).zone.key == "Asia/Bishkek"
    for good, bad in (("Asia/Bishkek", "Nowhere"), ("[desk]", "[desq]"), ("name =", "title =")):
        file.write_text(GOOD.replace(good, bad))
        with pytest.raises(BadConfiguration, match=r"desk\.toml"):
            glance(tmp_path)
