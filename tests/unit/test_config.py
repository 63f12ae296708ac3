"""desk.toml: what it may say, and how it is refused."""

import tomllib
from datetime import UTC, date, datetime
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
wed = ["06:00-24:00"]
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


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_last_day_that_there_is_may_be_half_days(day: str) -> None:
    settings = read(GOOD.replace("2026-12-30", day))
    assert settings.policy.hours.half_days[date.fromisoformat(day)]


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
        (
            "15 working minutes",
            "soon",
            "the 1st [[promise]]: within: within = 'soon' cannot be read",
        ),
        (
            'channel = "phone"',
            'channel = "fax"',
            "the 1st [[promise]]: channel: takes email, phone,",
        ),
        ('kind = "complaint"', "kind = 3", "the 2nd [[promise]]: kind: takes request, complaint"),
        (
            "minutes_left = 60",
            "minutes_left = 'x'",
            "the 3rd [[promise]]: min_minutes_left: takes a whole number of minutes, such as 60",
        ),
        (
            "minutes_left = 60",
            'minutes_left = "60"',
            "the 3rd [[promise]]: min_minutes_left: takes a whole number of minutes, such as 60",
        ),
        ("minutes_left = 60", "minutes_left = true", "min_minutes_left: takes a whole number"),
        ("minutes_left = 60", "minutes_left = 9999", "min_minutes_left: takes 1440 or less"),
        ('"15 working minutes"', "15", 'within: takes a text such as "4 working hours"'),
        ('["22:00-06:00"]', '"22:00-06:00"', 'hours.tue: takes a list such as ["09:00-13:00"]'),
        ('["22:00-06:00"]', "[22]", 'hours.tue: takes a list such as ["09:00-13:00"]'),
        ('["2026-12-31"]', "3", 'hours.holidays: takes a list such as ["2026-12-31"]'),
        ('{ "2026-12-30" = ["09:00-13:00"] }', "3", "hours.half_days: takes days with their hours"),
        (
            "[hours]",
            'language = "xx-klingon"\n[hours]',
            "desk.language: not a language that is known",
        ),
        ("[hours]", 'language = "English"\n[hours]', "desk.language: not a language; write one"),
        ("[hours]", "phone_greeting = 3\n[hours]", "desk.phone_greeting: takes a text"),
        ("[hours]", "agents = 3\n[hours]", "desk.agents: unknown key"),
        ("4 working hours", '4 working hours"\nmin_minutes_left = 5 #', "same day"),
        ('"2026-12-31"]', '"20261231"]', "write one like 2026-12-31"),
        ('"2026-12-30" =', '"2026-12-31" =', "both a holiday and a half day"),
        (
            '"06:00-24:00"',
            '"05:30-24:00"',
            "hours: '22:00-06:00' of tue reaches into '05:30-24:00' of wed: "
            "write them so that one ends before the next begins",
        ),
        (
            '["06:00-24:00"]',
            '["06:00-24:00"]\nsun = ["20:00-22:00", "23:00-09:30"]',
            "hours: '23:00-09:30' of sun reaches into '09:00-13:00' of mon",
        ),
        (
            '"2026-12-30" = ["09:00-13:00"]',
            '"2026-12-30" = ["05:00-13:00"]',
            "hours: '22:00-06:00' of 2026-12-29 reaches into '05:00-13:00' of 2026-12-30",
        ),
        (
            '"2026-12-30" = ["09:00-13:00"]',
            '"2026-12-27" = ["23:00-10:00"]',
            "hours: '23:00-10:00' of 2026-12-27 reaches into '09:00-13:00' of 2026-12-28",
        ),
        (
            '"2026-12-30" = ["09:00-13:00"]',
            '"2026-12-28" = ["20:00-22:30"], "2026-12-27" = ["23:00-20:30"]',
            "hours: '23:00-20:30' of 2026-12-27 reaches into '20:00-22:30' of 2026-12-28",
        ),
    ],
)
def test_what_is_wrong_is_named_by_file_and_key(good: str, bad: str, named: str) -> None:
    assert good in GOOD
    with pytest.raises(BadConfiguration) as refusal:
        read(GOOD.replace(good, bad, 1))
    assert named in refusal.value.message
    assert refusal.value.message.startswith("desk.toml: ")
    assert "\n" not in refusal.value.message
    assert "Input should" not in refusal.value.message


def test_sections_that_are_none_are_told_how_to_be_written() -> None:
    hours = GOOD[GOOD.index("[hours]") : GOOD.index("[[promise]]")]
    with pytest.raises(
        BadConfiguration, match=r"hours: takes a section that begins with \[hours\]"
    ):
        read("hours = 3" + GOOD.replace(hours, ""))
    with pytest.raises(BadConfiguration, match=r"takes sections that begin with \[\[promise\]\]"):
        read(GOOD[: GOOD.index("[[promise]]")] + '[promise]\nwithin = "same day"\n')


def test_rules_are_counted_as_people_count() -> None:
    for number, told in ((1, "1st"), (2, "2nd"), (11, "11th"), (21, "21st"), (103, "103rd")):
        rules = '[[promise]]\nwithin = "same day"\n' * (number - 1) + "[[promise]]\nx = 1\n"
        with pytest.raises(BadConfiguration, match=rf"desk\.toml: the {told} \[\[promise\]\]: "):
            read(GOOD[: GOOD.index("[[promise]]")] + rules)


def test_the_same_day_may_be_written_as_anybody_writes_it() -> None:
    settings = read(GOOD.replace('"same day"', '" Same  day"'))
    assert settings.policy.rules[-1].min_minutes_left == 60


@pytest.mark.parametrize("code", ["en", "ky", "de", "zh-Hans", "pt-BR", "en-GB"])
def test_a_desk_may_speak_any_language_that_is_known(code: str) -> None:
    assert read(GOOD.replace("[hours]", f'language = "{code}"\n[hours]')).desk.language == code


def test_a_file_may_begin_with_the_mark_of_some_editors(tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_text(GOOD, encoding="utf-8-sig")
    assert load(file).desk.name == glance(tmp_path).name == "Ak-Sai Outfitters"


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
