"""A desk is made: its folder, its settings, and nothing that was there is lost."""

import stat
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.config import WEEKDAYS, load, parse
from helpdesk.desk import founding
from helpdesk.desk.founding import found, read_week, settings_text
from helpdesk.domain.errors import CannotCreate, InvalidInput
from helpdesk.domain.words import Channel, Kind
from helpdesk.glance import glance, read_toml
from helpdesk.text import clean_line


def test_a_new_desk_has_the_settings_that_were_given(tmp_path: Path) -> None:
    folder = tmp_path / "far" / "desk"
    settings = found(
        folder,
        name='The "best" \\ desk',
        timezone="Asia/Bishkek",
        hours="mon-fri 09:00-13:00,14:00-18:00; sat 10:00-14:00",
        country="KG",
        language="ky",
    )
    assert settings == load(folder / "desk.toml")
    assert settings.desk.name == 'The "best" \\ desk'
    assert settings.hours.mon == ("09:00-13:00", "14:00-18:00")
    assert settings.hours.sat == ("10:00-14:00",)
    assert settings.hours.sun == ()
    assert settings.hours.country == "KG"
    assert settings.desk.language == "ky"
    assert glance(folder).zone.key == "Asia/Bishkek"


def test_only_its_owner_may_enter_a_new_desk(tmp_path: Path) -> None:
    found(tmp_path / "desk", name="A", timezone="UTC")
    assert stat.S_IMODE((tmp_path / "desk").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "desk" / "desk.toml").stat().st_mode) == 0o600


def test_a_folder_that_holds_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    tmp_path.chmod(0o755)
    with pytest.raises(CannotCreate, match=r"is not empty: it holds 'letter\.txt'; name a new"):
        found(tmp_path, name="A", timezone="UTC")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_becomes_a_desk(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    found(tmp_path, name="A", timezone="UTC")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    assert glance(tmp_path).name == "A"


def test_no_desk_is_made_within_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outer = tmp_path / "desk"
    found(outer, name="A", timezone="UTC")
    for inner in (outer / "tickets", outer / "new" / "er", tmp_path / "x" / ".." / "desk" / "y"):
        with pytest.raises(CannotCreate, match=r"there is a desk in .*/desk which holds"):
            found(inner, name="B", timezone="UTC")
    monkeypatch.chdir(outer)
    with pytest.raises(CannotCreate, match=r"there is a desk in .*/desk which holds inner"):
        found(Path("inner"), name="B", timezone="UTC")
    assert not (outer / "new").exists()
    assert not (outer / "inner").exists()


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("step", ["_make_store", "_write_new"])
def test_what_fails_half_way_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, step: str
) -> None:
    folder = tmp_path / "far" / "desk"
    if there:
        folder.mkdir(parents=True, mode=0o755)
    whole = getattr(founding, step)

    def fails(path: Path, *more: bytes) -> None:
        if step == "_make_store":
            whole(path)
        assert not (folder / "desk.toml").exists()
        raise CannotCreate("the disk is full")

    monkeypatch.setattr(founding, step, fails)
    with pytest.raises(CannotCreate, match="the disk is full"):
        found(folder, name="A", timezone="UTC")
    left = [folder.parent, folder] if there else []
    assert sorted(tmp_path.rglob("*")) == left
    if there:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_desk_that_somebody_else_makes_meanwhile_is_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(path: Path) -> None:
        (path / "desk.toml").write_text("theirs")

    monkeypatch.setattr(founding, "_make_store", overtaken)
    with pytest.raises(CannotCreate, match="already"):
        found(tmp_path / "desk", name="A", timezone="UTC")
    assert (tmp_path / "desk" / "desk.toml").read_text() == "theirs"


def test_the_policy_of_a_new_desk_is_the_one_that_good_service_asks_for(tmp_path: Path) -> None:
    policy = found(tmp_path / "desk", name="A", timezone="UTC").policy
    morning = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    evening = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)

    def due(received: datetime, channel: Channel, kind: Kind = Kind.REQUEST) -> str:
        return f"{policy.due(received, channel, kind).due:%a %H:%M}"

    assert due(morning, Channel.PHONE) == "Mon 10:15"
    assert due(morning, Channel.EMAIL) == "Mon 18:00"
    assert due(evening, Channel.EMAIL) == "Tue 18:00"
    assert due(morning, Channel.EMAIL, Kind.COMPLAINT) == "Mon 14:00"


def test_a_desk_that_is_there_is_not_touched(tmp_path: Path) -> None:
    found(tmp_path / "desk", name="First", timezone="UTC")
    with pytest.raises(CannotCreate, match="already"):
        found(tmp_path / "desk", name="Second", timezone="UTC")
    assert glance(tmp_path / "desk").name == "First"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "\x1b\u202e"},
        {"timezone": "Asia/Bishkekk"},
        {"timezone": "../../etc/passwd"},
        {"hours": "mon-fri 18:00-09:99"},
        {"hours": "mon-fri 25:00-26:00"},
        {"hours": "someday 09:00-18:00"},
        {"hours": "mon-son 09:00-18:00"},
        {"hours": "mon 09:00-12:00,11:00-18:00"},
        {"hours": "mon 09:00-12:00; mon-fri 13:00-18:00"},
        {"hours": "mon"},
        {"hours": ""},
        {"country": "Kyrgyzland"},
        {"language": "English, please"},
    ],
)
def test_what_cannot_be_taken_leaves_no_desk_behind(tmp_path: Path, wrong: dict[str, str]) -> None:
    given_ = {"name": "A", "timezone": "UTC", **wrong}
    with pytest.raises(InvalidInput):
        found(tmp_path / "desk", **given_)
    assert not (tmp_path / "desk").exists()


@pytest.mark.parametrize(
    ("hours", "told"),
    [("x", "'x' are no days of the week"), ("mon", "mon has no opening hours: write them like"),
     ("mon-fri ", "mon-fri has no opening hours"), ("mon late", "opening hours 'late'")],
)  # fmt: skip
def test_what_opening_hours_lack_is_said(hours: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as refusal:
        read_week(hours)
    assert "09:00-13:00" in refusal.value.message


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotCreate, match="file"):
        found(tmp_path / "file" / "desk", name="A", timezone="UTC")


def test_days_may_run_over_the_weekend_and_be_listed() -> None:
    assert list(read_week("sat-mon 10:00-12:00")) == ["sat", "sun", "mon"]
    assert list(read_week("Mon,Wed 22:00-06:00;")) == ["mon", "wed"]
    assert list(read_week("mon-sun 00:00-24:00")) == list(WEEKDAYS)


@given(st.text(min_size=1).filter(lambda text: clean_line(text)))
def test_any_name_is_read_again_as_it_was_given(name: str) -> None:
    text = settings_text(
        name=name, timezone="UTC", hours="mon 09:00-10:00", country=None, language="en"
    )
    assert parse(tomllib.loads(text)).desk.name == clean_line(name)


def test_the_template_says_with_its_examples_what_the_desk_takes(tmp_path: Path) -> None:
    found(tmp_path / "desk", name="A", timezone="UTC")
    path = tmp_path / "desk" / "desk.toml"
    text = path.read_text(encoding="utf-8")
    for example in ("holidays", "half_days", "country", "phone_greeting", "[agents]", "login"):
        text = text.replace(f"# {example}", example)
    path.write_text(text, encoding="utf-8")
    settings = load(path)
    assert settings.hours.holidays == ("2026-12-31",)
    assert settings.hours.country == "KG"
    assert settings.agents == {"login": "Name and family name"}
    assert "phone_greeting" in read_toml(path)["desk"]
