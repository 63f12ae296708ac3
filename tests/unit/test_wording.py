"""How times are worded to agents."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.wording import (
    ago,
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
