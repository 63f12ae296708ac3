"""Tables of other systems come in whole, with the outcomes that their source states."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from helpdesk.desk.desk import Desk
from helpdesk.domain.invariants import faults
from helpdesk.domain.words import Channel, Kind, Outcome, State
from tests.conftest import MONDAY
from tests.desk.tables import (
    ALL_BOSTON,
    ALL_CFPB,
    BOSTON,
    CFPB,
    OPEN,
    TODAY,
    boston,
    by_record,
    cfpb,
    changed,
    read_rows,
    reasons,
    write_rows,
)

STATED = {"ONTIME": Outcome.KEPT, "OVERDUE": Outcome.BROKEN}


# Boston 311: the promise is in the table.


@pytest.mark.parametrize("path", ALL_BOSTON, ids=lambda path: path.stem)
def test_every_promise_of_boston_became_what_the_city_states(later: Desk, path: Path) -> None:
    rows = read_rows(path)
    report = boston(later, path)
    assert (report.rows, report.imported, report.rejected) == (len(rows), len(rows), 0)
    tickets = by_record(later)
    assert len(tickets) == len(rows)
    for row in rows:
        ticket = tickets[row["case_enquiry_id"]]
        assert faults(ticket) == []
        assert ticket.state is State.CLOSED
        assert bool(ticket.promises) == bool(row["target_dt"])
        if row["target_dt"] and row["ontime"]:
            assert ticket.promises[0].outcome is STATED[row["ontime"]], row["case_enquiry_id"]
        if row["target_dt"]:
            # Local times keep their order, whatever clocks do.
            in_time = row["closed_dt"] <= row["target_dt"]
            assert ticket.promises[0].outcome is (Outcome.KEPT if in_time else Outcome.BROKEN)


def test_a_row_of_boston_becomes_a_ticket_with_its_promise_and_its_answer(later: Desk) -> None:
    boston(later, BOSTON)
    ticket = by_record(later)["101004218873"]
    assert (ticket.kind, ticket.channel, ticket.subject) == (
        Kind.REQUEST, Channel.WEB, "Request for Pothole Repair",
    )  # fmt: skip
    assert (ticket.source, ticket.tags) == ("Boston 311", ("highway-maintenance",))
    [promise] = ticket.promises
    assert promise.told_at == ticket.created == datetime(2022, 3, 12, 22, 46, 27, tzinfo=UTC)
    # Clocks went forward in the night after it came in.
    assert promise.due == datetime(2022, 3, 15, 8, 30, tzinfo=UTC)
    assert promise.settled_at == datetime(2022, 3, 22, 12, 15, 24, tzinfo=UTC)
    assert (promise.told_by, promise.rule) == ("Boston 311", "stated by Boston 311")
    told = ticket.message(promise.told_in)
    assert told is not None
    assert told.automatic
    assert "2022-03-15 04:30 (America/New_York)" in told.text
    assert "Pothole filled" in ticket.messages[-1].text
    assert "Pothole filled" in ticket.resolution
    assert ticket.assignee is None


def test_what_came_in_each_way_and_was_a_complaint_is_told_apart(later: Desk) -> None:
    boston(later, BOSTON)
    tickets = by_record(later)
    ways = {row["source"]: tickets[row["case_enquiry_id"]].channel for row in read_rows(BOSTON)}
    assert ways == {
        "Citizens Connect App": Channel.WEB,
        "City Worker App": Channel.WEB,
        "Self Service": Channel.WEB,
        "Constituent Call": Channel.PHONE,
        "Employee Generated": Channel.IN_PERSON,
        "Twitter": Channel.SOCIAL,
    }
    kinds = {row["type"]: tickets[row["case_enquiry_id"]].kind for row in read_rows(BOSTON)}
    assert kinds["Contractor Complaints"] is Kind.COMPLAINT
    assert kinds["Missed Trash/Recycling/Yard Waste/Bulk Item"] is Kind.COMPLAINT
    assert kinds["General Comments For a Program or Policy"] is Kind.FEEDBACK
    assert kinds["Needle Pickup"] is Kind.REQUEST


def test_residents_that_the_city_does_not_name_share_a_profile_that_says_so(later: Desk) -> None:
    report = boston(later, BOSTON)
    names = {profile.name: profile for profile in later.store.customers()}
    places = {row["neighborhood"].strip() or "Boston" for row in read_rows(BOSTON)}
    assert names.keys() == {f"Resident of {place} (not named)" for place in places}
    assert report.customers == len(places)
    for profile in names.values():
        assert profile.tags == ("not-named",)
        assert later.texts.greeting(profile) == "Dear customer,"
        assert "does not say who asked" in profile.notes[0].text
        assert (profile.source, profile.external_id) == ("Boston 311", profile.name)
    for ticket in later.store.tickets():
        assert ticket.customer in {profile.id for profile in names.values()}


def test_open_cases_of_another_year_stand_with_their_promise_or_get_one_now(desk: Desk) -> None:
    late, ahead, undated, shut = read_rows(BOSTON)[2:6]
    rows = [
        {**late, **OPEN, "ontime": "OVERDUE"},
        {**ahead, **OPEN, "ontime": "ONTIME", "target_dt": "2026-03-09 12:00:00"},
        {**undated, **OPEN, "ontime": "ONTIME", "target_dt": ""},
        {**shut, "target_dt": "", "ontime": "ONTIME"},
    ]
    path = write_rows(desk.path.parent / "open.csv", rows)
    assert boston(desk, path).imported == 4
    past, future, promised_now, closed = desk.store.tickets()
    assert all(faults(ticket) == [] for ticket in (past, future, promised_now, closed))
    assert past.promises[0].outcome_at(MONDAY) is Outcome.BROKEN
    assert past.promises[0].is_standing
    assert future.promises[0].outcome_at(MONDAY) is Outcome.OPEN
    assert future.promises[0].due == datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
    [now] = promised_now.promises
    assert (now.told_at, now.told_by) == (MONDAY, "aibek")
    by_policy = desk.settings.policy.due(MONDAY, promised_now.channel, promised_now.kind)
    assert (now.due, now.rule) == (by_policy.due, by_policy.rule)
    assert now.due > MONDAY
    assert closed.promises == ()
    states = [ticket.state for ticket in (past, future, promised_now, closed)]
    assert states == [State.ON_US, State.ON_US, State.ON_US, State.CLOSED]


CASES_OF_OLD_TABLES = [
    ({**OPEN, "ontime": "OVERDUE"}, Outcome.BROKEN),
    ({**OPEN, "ontime": "ONTIME"}, Outcome.WITHDRAWN),
    ({**OPEN, "ontime": "ONTIME", "target_dt": "2031-01-01 00:00:00"}, Outcome.OPEN),
    ({"closed_dt": "", "ontime": "ONTIME"}, Outcome.KEPT),
    ({"closed_dt": "", "ontime": "OVERDUE"}, Outcome.BROKEN),
    ({**OPEN, "ontime": "OVERDUE", "target_dt": "2031-01-01 00:00:00"}, None),
    ({"closed_dt": "2011-01-01 08:00:00"}, None),
    ({"closed_dt": "", "ontime": ""}, None),
]
"""Cases as older tables have them, with what their promise becomes; None: the row is rejected."""


def test_no_outcome_of_any_years_table_is_another_than_the_city_states(later: Desk) -> None:
    row = read_rows(BOSTON)[2]
    rows = [
        {**row, **change, "case_enquiry_id": str(number)}
        for number, (change, _) in enumerate(CASES_OF_OLD_TABLES)
    ]
    path = write_rows(later.path.parent / "old.csv", rows)
    report = boston(later, path)
    expected = {str(n): became for n, (_, became) in enumerate(CASES_OF_OLD_TABLES) if became}
    tickets = by_record(later)
    assert {n: t.promises[0].outcome_at(TODAY) for n, t in tickets.items()} == expected
    assert all(faults(ticket) == [] for ticket in tickets.values())
    assert [line for line, _ in reasons(Path(report.rejects or ""))] == [7, 8, 9]
    waiting = later.store.queue(later.query("is:overdue"))
    assert [shown.external_id for shown in waiting] == ["0"]


def test_the_overdue_queue_and_the_ledger_show_what_was_imported(desk: Desk) -> None:
    row = read_rows(BOSTON)[2]
    rows = [
        {**row, **OPEN, "ontime": "OVERDUE"},
        {**row, "case_enquiry_id": "1", "closed_dt": row["target_dt"], "ontime": "ONTIME"},
    ]
    boston(desk, write_rows(desk.path.parent / "open.csv", rows))
    overdue = desk.store.queue(desk.query("is:overdue"))
    assert [shown.external_id for shown in overdue] == [row["case_enquiry_id"]]
    ledger = {entry.external_id: entry.outcome for entry in desk.store.promises(desk.query(""))}
    assert ledger == {row["case_enquiry_id"]: Outcome.BROKEN, "1": Outcome.KEPT}


def test_the_citys_word_for_late_holds_and_its_word_for_kept_needs_the_times(later: Desk) -> None:
    row = read_rows(BOSTON)[2]
    rows = [
        {**row, "case_enquiry_id": "1", "closed_dt": row["target_dt"], "ontime": "OVERDUE"},
        {**row, "case_enquiry_id": "2", "ontime": "ONTIME"},
        {**row, "case_enquiry_id": "3", "ontime": ""},
    ]
    path = write_rows(later.path.parent / "odd.csv", rows)
    report = boston(later, path)
    outcomes = {number: ticket.promises[0].outcome for number, ticket in by_record(later).items()}
    assert outcomes == {"1": Outcome.BROKEN, "3": Outcome.BROKEN}
    assert report.rejected == 1
    assert reasons(path.with_name("odd.rejects.csv")) == [
        (3, "stated as kept, but closed after the promised time")
    ]


def test_local_times_of_the_night_of_a_clock_change_keep_their_order(later: Desk) -> None:
    row = {**read_rows(BOSTON)[2], "open_dt": "2023-03-01 08:00:00"}
    nights = [
        ("2023-11-05 01:50:00", "2023-11-05 01:40:00", "ONTIME"),
        ("2023-11-05 01:40:00", "2023-11-05 01:50:00", "OVERDUE"),
        ("2023-11-05 00:59:59", "2023-11-05 01:00:00", "OVERDUE"),
        ("2023-11-05 01:59:59", "2023-11-05 02:00:00", "OVERDUE"),
        ("2023-03-12 02:30:00", "2023-03-12 02:20:00", "ONTIME"),
        ("2023-03-12 02:20:00", "2023-03-12 02:30:00", "OVERDUE"),
        ("2023-03-12 01:59:59", "2023-03-12 02:00:00", "OVERDUE"),
        ("2023-03-12 02:59:59", "2023-03-12 03:00:01", "OVERDUE"),
    ]
    rows = [
        {**row, "case_enquiry_id": str(n), "target_dt": due, "closed_dt": closed, "ontime": stated}
        for n, (due, closed, stated) in enumerate(nights)
    ]
    assert boston(later, write_rows(later.path.parent / "nights.csv", rows)).rejected == 0
    tickets = by_record(later)
    for number, (_, _, stated) in enumerate(nights):
        assert tickets[str(number)].promises[0].outcome is STATED[stated], nights[number]
        assert faults(tickets[str(number)]) == []


def test_a_case_closed_in_the_hour_that_comes_twice_is_closed_after_it_was_opened(
    later: Desk,
) -> None:
    row = {**read_rows(BOSTON)[2], "open_dt": "2023-11-05 01:50:00",
           "closed_dt": "2023-11-05 01:10:00", "target_dt": "2023-11-05 01:30:00",
           "ontime": "ONTIME"}  # fmt: skip
    assert boston(later, write_rows(later.path.parent / "night.csv", [row])).rejected == 0
    ticket = later.store.ticket(1)
    assert [f"{message.at:%H:%M}" for message in ticket.messages] == ["05:50", "05:50", "06:10"]
    assert f"{ticket.promises[0].due:%H:%M}" == "06:30"
    assert faults(ticket) == []


def in_american_minutes(row: dict[str, str]) -> dict[str, str]:
    keys = ("open_dt", "target_dt", "closed_dt")
    return {key: row[key] and f"{datetime.fromisoformat(row[key]):%m/%d/%Y %I:%M %p}"
            for key in keys}  # fmt: skip


def in_minutes_of_24_hours(row: dict[str, str]) -> dict[str, str]:
    keys = ("open_dt", "target_dt", "closed_dt")
    return {key: row[key] and f"{datetime.fromisoformat(row[key]):%m/%d/%Y %H:%M}" for key in keys}


@pytest.mark.parametrize("change", [in_american_minutes, in_minutes_of_24_hours])
def test_times_without_seconds_are_taken_to_the_minute(
    later: Desk, change: Callable[[dict[str, str]], dict[str, str]]
) -> None:
    rows = read_rows(BOSTON)[:3]
    report = boston(later, write_rows(later.path.parent / "m.csv", changed(rows, change)))
    assert (report.imported, report.rejected) == (3, 0)
    zone = ZoneInfo("America/New_York")
    for row in rows:
        received = by_record(later)[row["case_enquiry_id"]].created.astimezone(zone)
        assert f"{received:%Y-%m-%d %H:%M}" == row["open_dt"][:16]


def with_t(row: dict[str, str]) -> dict[str, str]:
    return {key: row[key].replace(" ", "T") for key in ("open_dt", "target_dt", "closed_dt")}


def with_fractions(row: dict[str, str]) -> dict[str, str]:
    return {key: row[key] and row[key] + ".123" for key in ("open_dt", "target_dt", "closed_dt")}


@pytest.mark.parametrize("change", [with_t, with_fractions], ids=lambda change: change.__name__)
def test_other_ways_to_write_times_make_no_difference(later: Desk, change: object) -> None:
    assert callable(change)
    rows = changed(read_rows(BOSTON), change)
    report = boston(later, write_rows(later.path.parent / "variant.csv", rows))
    assert (report.imported, report.rejected) == (len(rows), 0)
    for row in rows:
        if row["target_dt"] and row["ontime"]:
            [promise] = by_record(later)[row["case_enquiry_id"]].promises
            assert promise.outcome is STATED[row["ontime"]]
            assert promise.told_at.microsecond == promise.due.microsecond == 0


def test_a_day_that_was_promised_without_a_time_is_kept_until_it_ends(later: Desk) -> None:
    row = {**read_rows(BOSTON)[2], "target_dt": "2022-03-22", "ontime": "ONTIME"}
    boston(later, write_rows(later.path.parent / "day.csv", [row]))
    assert later.store.ticket(1).promises[0].outcome is Outcome.KEPT


def test_other_names_of_the_same_columns_make_no_difference(later: Desk) -> None:
    others = {"ontime": "OnTime_Status", "target_dt": "sla_target_dt"}
    rows = [
        {others.get(key, key).upper(): value for key, value in row.items()} | {"PHOTO": ""}
        for row in read_rows(BOSTON)
    ]
    report = boston(later, write_rows(later.path.parent / "upper.csv", rows, end="\r\n"))
    assert report.imported == len(rows)
    assert report.unused == ("SUBJECT", "QUEUE", "DEPARTMENT", "WARD", "PHOTO")


# The CFPB: no promise and no answer's date are in the table.


@pytest.mark.parametrize("path", ALL_CFPB, ids=lambda path: path.stem)
def test_every_complaint_to_the_cfpb_gets_the_promise_of_the_desks_policy(
    later: Desk, path: Path
) -> None:
    rows = read_rows(path)
    report = cfpb(later, path)
    assert (report.imported, report.rejected) == (len(rows), 0)
    tickets = by_record(later)
    for row in rows:
        ticket = tickets[row["Complaint ID"]]
        assert faults(ticket) == []
        assert ticket.kind is Kind.COMPLAINT
        [promise] = ticket.promises
        by_policy = later.settings.policy.due(ticket.created, ticket.channel, ticket.kind)
        assert (promise.due, promise.rule) == (by_policy.due, by_policy.rule)
        waits = row["Company response to consumer"] in ("In progress", "Untimely response")
        assert (ticket.state is State.ON_US) == waits
        late = waits or row["Timely response?"] == "No"
        expected = Outcome.BROKEN if late else Outcome.WITHDRAWN
        assert promise.outcome_at(TODAY) is expected
        assert promise.settled_at == (None if late else ticket.created)


def test_a_complaint_keeps_the_consumers_words_and_its_day(later: Desk) -> None:
    cfpb(later, CFPB)
    tickets = by_record(later)
    told = tickets["7157923"]
    assert told.messages[0].text.startswith("Hello there, i believe i am the victim")
    assert "TRANSUNION" in told.messages[0].text
    assert told.created == datetime(2023, 6, 23, 4, 0, tzinfo=UTC)
    untold = tickets["918912"]
    row = next(row for row in read_rows(CFPB) if row["Complaint ID"] == "918912")
    assert row["Product"] in untold.messages[0].text
    assert row["Issue"] in untold.messages[0].text
    channels = Counter(ticket.channel for ticket in tickets.values())
    assert channels[Channel.LETTER] == 4
    assert tickets["2854044"].tags == ("card", "servicemember")


def test_consumers_that_nobody_names_share_a_profile_by_where_they_live(later: Desk) -> None:
    cfpb(later, CFPB)
    tickets = by_record(later)

    def name(record: str) -> str:
        return later.store.customer(tickets[record].customer or 0).name

    assert name("7157923") == "Consumer in CA 94611 (not named)"
    assert name("12113717") == "Consumer (not named)"
