"""How times are worded to agents."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.wording import (
    ago,
    brief,
    channel_words,
    day_and_time,
    duration,
    how_long,
    outcome_words,
    short_time,
)
from helpdesk.domain.words import Channel, Outcome
from helpdesk.text import width

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
BISHKEK = ZoneInfo("Asia/Bishkek")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "under 1 min"),
        (59, "under 1 min"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (86399, "23 h 59 min"),
        (86400, "1 day"),
        (86400 + 3 * 3600, "1 day 3 h"),
        (2 * 86400 - 1, "1 day 23 h"),
        (3 * 86400 + 5 * 3600, "3 days"),
        (60 * 86400, "60 days"),
        (61 * 86400, "2 months"),
        (365 * 86400, "11 months"),
        (730 * 86400, "23 months"),
        (731 * 86400, "2 years"),
        (4387 * 86400, "12 years"),
        (-5, "under 1 min"),
    ],
)
def test_a_duration_is_told_in_the_units_that_matter(seconds: int, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words


def test_until_the_due_time_there_is_time_left_and_after_it_we_are_late() -> None:
    assert how_long(NOW + timedelta(minutes=20), NOW) == "in 20 min"
    assert how_long(NOW, NOW) == "in under 1 min"
    assert how_long(NOW - timedelta(seconds=1), NOW) == "under 1 min late"
    assert how_long(NOW - timedelta(hours=2, minutes=5), NOW) == "2 h 5 min late"
    assert how_long(NOW + timedelta(days=3), NOW) == "in 3 days"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "due now"),
        (60, "in 1 min"),
        (119 * 60, "in 119 min"),
        (2 * 3600, "in 2 h"),
        (47 * 3600, "in 47 h"),
        (48 * 3600, "in 2 days"),
        (60 * 86400, "in 60 days"),
        (61 * 86400, "in 2 mo"),
        (4387 * 86400, "in 12 yrs"),
        (-1, "just late"),
        (-3600 * 26, "26 h late"),
        (-100 * 86400, "3 mo late"),
        (-4387 * 86400, "12 yrs late"),
    ],
)
def test_a_list_has_one_unit_and_a_short_word_for_it(seconds: int, words: str) -> None:
    assert brief(NOW + timedelta(seconds=seconds), NOW) == words


@given(st.timedeltas(timedelta(days=-36500), timedelta(days=36500)))
def test_a_list_and_a_sentence_tell_the_same_time_in_the_same_unit(span: timedelta) -> None:
    listed, said = brief(NOW + span, NOW), how_long(NOW + span, NOW)
    assert width(listed) <= 13
    if abs(span) >= timedelta(days=2):
        assert said == listed.replace(" mo", " months").replace(" yrs", " years")


def test_a_day_and_time_are_those_of_the_desk_in_full() -> None:
    assert day_and_time(NOW, BISHKEK) == "Mon 2 Mar 2026 10:00"
    assert day_and_time(NOW, ZoneInfo("America/New_York")) == "Sun 1 Mar 2026 23:00"


def test_a_list_names_the_day_only_where_it_is_another_and_the_year_likewise() -> None:
    assert short_time(NOW + timedelta(hours=8), BISHKEK, NOW) == "18:00"
    assert short_time(NOW + timedelta(days=1), BISHKEK, NOW) == "Tue 3 Mar 10:00"
    assert short_time(NOW - timedelta(days=365), BISHKEK, NOW) == "Sun 2 Mar 2025"
    # Today is today in the desk's zone, not in UTC.
    assert short_time(NOW + timedelta(hours=15), BISHKEK, NOW) == "Tue 3 Mar 01:00"


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_the_time_in_a_list_never_takes_more_than_16_cells(moment: datetime) -> None:
    assert width(short_time(moment, BISHKEK, NOW)) <= 16


def test_a_standing_promise_says_how_long_is_left_and_a_settled_one_what_became_of_it() -> None:
    assert outcome_words(Outcome.OPEN, NOW + timedelta(hours=1), NOW) == "open, in 1 h"
    assert outcome_words(Outcome.KEPT, NOW, NOW) == "kept"


def test_what_is_past_is_so_long_ago() -> None:
    assert ago(NOW, NOW) == "just now"
    assert ago(NOW - timedelta(hours=3), NOW) == "3 h ago"


def test_channels_are_read_as_words() -> None:
    assert channel_words(Channel.IN_PERSON) == "in person"
