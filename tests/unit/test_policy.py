"""Which promise a new matter gets: rules read from settings, and the first that fits."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import BadConfiguration
from helpdesk.domain.hours import OpeningHours, TooFarAhead, parse_day
from helpdesk.domain.policy import Due, Policy, PromiseRule, Unit, Within, parse_within
from helpdesk.domain.words import Channel, Kind, Priority

BISHKEK = ZoneInfo("Asia/Bishkek")
HOURS = OpeningHours(
    BISHKEK,
    (*[parse_day(["09:00-13:00", "14:00-18:00"])] * 5, (), ()),
    closed={date(2026, 12, 31)},
)
SAME_DAY = PromiseRule(within=parse_within("same day"), min_minutes_left=60)
POLICY = Policy(
    HOURS,
    (
        PromiseRule(channel=Channel.PHONE, within=parse_within("15 working minutes")),
        PromiseRule(
            kind=Kind.COMPLAINT, priority=Priority.URGENT, within=parse_within("1 working hour")
        ),
        PromiseRule(kind=Kind.COMPLAINT, within=parse_within("4 working hours")),
        PromiseRule(channel=Channel.LETTER, within=parse_within("end of 2 working days")),
        SAME_DAY,
    ),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BISHKEK)


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("15 working minutes", Within(15, Unit.WORKING_MINUTES)),
        ("1 working minute", Within(1, Unit.WORKING_MINUTES)),
        ("4 working hours", Within(4, Unit.WORKING_HOURS)),
        ("1 working hour", Within(1, Unit.WORKING_HOURS)),
        ("8784 working hours", Within(8784, Unit.WORKING_HOURS)),
        ("same day", Within(1, Unit.SAME_DAY)),
        ("end of 1 working day", Within(1, Unit.WORKING_DAYS)),
        ("end of 2 working days", Within(2, Unit.WORKING_DAYS)),
        ("  Same   Day ", Within(1, Unit.SAME_DAY)),
        ("END of 3 Working days", Within(3, Unit.WORKING_DAYS)),
    ],
)
def test_how_soon_is_read_as_people_write_it(text: str, within: Within) -> None:
    assert parse_within(text) == within


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0 working hours",
        "-1 working hours",
        "04 working hours",
        "1.5 working hours",
        "1e3 working hours",
        "4 hours",
        "working hours",
        "four working hours",
        "٤ working hours",
        "2 working days",
        "end of 4 working hours",
        "end of working day",
        "end of 0 working days",
        "same days",
        "same day 17:00",
        "4 working hours\nor so",
        "9999999999 working minutes",
    ],
)
def test_what_cannot_be_read_is_refused_with_every_form_there_is(text: str) -> None:
    with pytest.raises(BadConfiguration) as refused:
        parse_within(text)
    message = refused.value.message
    assert repr(text) in message
    assert "\n" not in message
    forms = ("15 working minutes", "4 working hours", "same day", "end of 2 working days")
    assert all(form in message for form in forms)


@pytest.mark.parametrize(
    "text", ["8785 working hours", "527041 working minutes", "end of 367 working days"]
)
def test_an_answer_is_promised_within_a_year(text: str) -> None:
    with pytest.raises(BadConfiguration, match=r"too long.* within 366 days"):
        parse_within(text)


@given(
    st.one_of(
        st.builds(
            Within,
            st.integers(1, 366),
            st.sampled_from([Unit.WORKING_MINUTES, Unit.WORKING_HOURS, Unit.WORKING_DAYS]),
        ),
        st.just(Within(1, Unit.SAME_DAY)),
    )
)
def test_what_is_shown_can_be_read_again(within: Within) -> None:
    assert parse_within(within.text) == within


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (PromiseRule(within=parse_within("same day")), "same day"),
        (POLICY.rules[0], "phone: 15 working minutes"),
        (POLICY.rules[1], "urgent complaint: 1 working hour"),
        (POLICY.rules[2], "complaint: 4 working hours"),
        (POLICY.rules[3], "letter: end of 2 working days"),
        (
            SAME_DAY,
            "same day if 60 working minutes are left, else the end of the next working day",
        ),
        (
            PromiseRule(within=parse_within("same day"), min_minutes_left=1),
            "same day if 1 working minute is left, else the end of the next working day",
        ),
        (
            PromiseRule(
                channel=Channel.IN_PERSON,
                kind=Kind.REQUEST,
                priority=Priority.LOW,
                within=parse_within("end of 1 working days"),
            ),
            "low in person request: end of 1 working day",
        ),
    ],
)
def test_a_rule_is_told_in_words(rule: PromiseRule, text: str) -> None:
    assert rule.text == text


@pytest.mark.parametrize("text", ["15 working minutes", "4 working hours", "end of 1 working day"])
def test_minutes_left_belong_to_the_same_day_alone(text: str) -> None:
    with pytest.raises(BadConfiguration, match="min_minutes_left does not go with"):
        PromiseRule(within=parse_within(text), min_minutes_left=60)
    assert PromiseRule(within=parse_within(text), min_minutes_left=0).min_minutes_left == 0


@pytest.mark.parametrize("minutes", [-1, 1441])
def test_minutes_left_are_those_of_a_day(minutes: int) -> None:
    with pytest.raises(BadConfiguration, match="from 0 to 1440"):
        PromiseRule(within=parse_within("same day"), min_minutes_left=minutes)


@pytest.mark.parametrize(
    ("received", "channel", "kind", "priority", "rule", "due"),
    [
        # A complaint by phone fits two rules: the phone's comes first.
        ("2026-11-25 17:50", "phone", "complaint", "normal", 0, "2026-11-26 09:05"),
        ("2026-11-25 17:50", "phone", "complaint", "urgent", 0, "2026-11-26 09:05"),
        ("2026-11-25 17:30", "email", "complaint", "urgent", 1, "2026-11-26 09:30"),
        ("2026-11-25 09:00", "email", "complaint", "high", 2, "2026-11-25 13:00"),
        ("2026-11-25 12:00", "letter", "complaint", "normal", 2, "2026-11-25 17:00"),
        ("2026-11-25 12:00", "letter", "request", "normal", 3, "2026-11-27 18:00"),
        ("2026-11-25 17:00", "web", "request", "urgent", 4, "2026-11-25 18:00"),
        ("2026-11-25 17:01", "web", "feedback", "normal", 4, "2026-11-26 18:00"),
        ("2026-12-30 17:01", "web", "request", "normal", 4, "2027-01-01 18:00"),
    ],
)
def test_the_first_rule_that_fits_holds(
    received: str, channel: str, kind: str, priority: str, rule: int, due: str
) -> None:
    promise = POLICY.due(at(received), Channel(channel), Kind(kind), Priority(priority))
    assert promise == Due(at(due), POLICY.rules[rule].text)
    assert promise.due.tzinfo is UTC


def test_a_matter_has_normal_priority_unless_said() -> None:
    policy = Policy(
        HOURS,
        (
            PromiseRule(priority=Priority.NORMAL, within=parse_within("1 working hour")),
            PromiseRule(within=parse_within("same day")),
        ),
    )
    due = policy.due(at("2026-11-25 10:00"), Channel.WEB, Kind.REQUEST)
    assert due == Due(at("2026-11-25 11:00"), "normal: 1 working hour")


@pytest.mark.parametrize("rules", [(), POLICY.rules[:3]])
def test_a_matter_that_no_rule_fits_is_said_with_what_to_add(
    rules: tuple[PromiseRule, ...],
) -> None:
    with pytest.raises(BadConfiguration) as refused:
        Policy(HOURS, rules).due(at("2026-11-25 10:00"), Channel.WEB, Kind.REQUEST)
    assert refused.value.message == (
        "no [[promise]] fits channel web, kind request, priority normal: end desk.toml with one "
        "that fits all, a [[promise]] with only within = 'same day'"
    )


@pytest.mark.parametrize(
    "within", ["15 working minutes", "1 working hour", "same day", "end of 1 working day"]
)
def test_a_desk_that_never_opens_promises_nothing(within: str) -> None:
    policy = Policy(OpeningHours(BISHKEK, ((),) * 7), (PromiseRule(within=parse_within(within)),))
    with pytest.raises(BadConfiguration, match="no opening within 366 days of 2026-11-25"):
        policy.due(at("2026-11-25 10:00"), Channel.WEB, Kind.REQUEST)


def test_a_budget_beyond_a_year_of_openings_is_refused() -> None:
    policy = Policy(HOURS, (PromiseRule(within=parse_within("8784 working hours")),))
    with pytest.raises(TooFarAhead, match="8784 working hours do not fit"):
        policy.due(at("2026-11-25 10:00"), Channel.WEB, Kind.REQUEST)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.timedeltas(timedelta(), timedelta(days=30)),
    st.sampled_from(Channel),
    st.sampled_from(Kind),
    st.sampled_from(Priority),
)
def test_a_promise_is_ahead_within_opening_hours_and_never_sooner_for_a_later_matter(
    received: datetime, later: timedelta, channel: Channel, kind: Kind, priority: Priority
) -> None:
    due = POLICY.due(received, channel, kind, priority).due
    assert due > received
    assert HOURS.is_open(due - timedelta(microseconds=1))
    assert due <= POLICY.due(received + later, channel, kind, priority).due
