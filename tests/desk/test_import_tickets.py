"""Tables of other systems come in whole, once, and with the outcomes that their source states."""

import csv
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk import customers, matters
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.importing.mapping import TicketMapping, load, parse
from helpdesk.desk.importing.report import Report
from helpdesk.desk.importing.running import ROWS_AT_ONCE, How
from helpdesk.desk.importing.tickets import import_tickets
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.invariants import faults
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind, Outcome, State
from tests.conftest import MONDAY
from tests.desk.tables import (
    ALL_BOSTON,
    ALL_CFPB,
    BOSTON,
    CFPB,
    changed,
    never_written,
    overtaken,
    read_rows,
    write_rows,
)
from tests.hostile import PAYLOADS, assert_harmless

STATED = {"ONTIME": Outcome.KEPT, "OVERDUE": Outcome.BROKEN}
TODAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""After every date that is promised in the tables."""


@pytest.fixture
def later(desk: Desk) -> Iterator[Desk]:
    """The desk, after all that the tables tell of."""
    with clock.hold(TODAY):
        yield desk


def boston(desk: Desk, path: Path, how: How | None = None) -> Report:
    return import_tickets(desk, path, load("boston-311", TicketMapping), how)


def cfpb(desk: Desk, path: Path) -> Report:
    return import_tickets(desk, path, load("cfpb", TicketMapping))


def by_record(desk: Desk) -> dict[str, Ticket]:
    return {ticket.external_id or "": ticket for ticket in desk.store.tickets()}


def everything_on_disk(desk: Desk) -> dict[str, tuple[int, bytes]]:
    """Every document with its time and its bytes."""
    return {
        str(path.relative_to(desk.path)): (path.stat().st_mtime_ns, path.read_bytes())
        for kind in ("tickets", "customers")
        for path in (desk.path / kind).rglob("*.json")
    }


def reasons(path: Path) -> list[tuple[int, str]]:
    """The line and reason of each row in a file of rejects."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        return [(int(row["rejected_line"]), row["rejected_reason"]) for row in csv.DictReader(file)]


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
        assert "does not say who asked" in profile.notes[0].text
        assert (profile.source, profile.external_id) == ("Boston 311", profile.name)
    for ticket in later.store.tickets():
        assert ticket.customer in {profile.id for profile in names.values()}


OPEN = {"case_status": "Open", "closed_dt": "", "closure_reason": ""}


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


# Again, and again.


@pytest.mark.parametrize("path", ALL_BOSTON, ids=lambda path: path.stem)
def test_the_same_import_again_changes_nothing(later: Desk, path: Path) -> None:
    boston(later, path)
    before, version = everything_on_disk(later), later.store.version()
    with clock.hold(TODAY + timedelta(days=1)):
        again = boston(never_written(later), path)
    assert (again.imported, again.customers, again.rejected) == (0, 0, 0)
    assert again.already_there == again.rows
    assert everything_on_disk(later) == before
    assert later.store.version() == version


def test_a_ticket_that_was_worked_on_since_is_left_as_it_is(desk: Desk) -> None:
    path = write_rows(desk.path.parent / "one.csv", [{**read_rows(BOSTON)[2], **OPEN}])
    boston(desk, path)
    with desk.store.writing() as writing:
        writing.put(writing.ticket(1).model_copy(update={"subject": "Two potholes"}))
    assert boston(desk, path).already_there == 1
    assert desk.store.ticket(1).subject == "Two potholes"


def test_a_record_that_is_there_is_skipped_even_if_its_row_cannot_be_read_any_more(
    later: Desk,
) -> None:
    rows = read_rows(BOSTON)
    path = write_rows(later.path.parent / "boston.csv", rows)
    boston(later, path)
    write_rows(path, [{**row, "open_dt": "soon"} for row in rows])
    again = boston(later, path)
    assert (again.already_there, again.rejected) == (len(rows), 0)


def test_an_import_that_was_stopped_goes_on_where_it_stopped(later: Desk) -> None:
    [row] = read_rows(BOSTON)[2:3]
    rows = [{**row, "case_enquiry_id": str(n)} for n in range(ROWS_AT_ONCE + 20)]
    path = write_rows(later.path.parent / "long.csv", rows)
    first = boston(later, path, How(stop=lambda: True))
    assert (first.stopped, first.imported) == (True, ROWS_AT_ONCE)
    second = boston(later, path)
    assert (second.already_there, second.imported) == (ROWS_AT_ONCE, 20)
    assert sorted(by_record(later)) == sorted(row["case_enquiry_id"] for row in rows)


def test_an_import_that_is_cut_off_leaves_whole_batches(later: Desk) -> None:
    [row] = read_rows(BOSTON)[2:3]
    rows = [{**row, "case_enquiry_id": str(n)} for n in range(ROWS_AT_ONCE + 20)]
    path = write_rows(later.path.parent / "long.csv", rows)

    def cut_off(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        boston(later, path, How(progress=cut_off))
    assert len(by_record(later)) == ROWS_AT_ONCE
    assert boston(later, path).imported == 20
    assert all(faults(ticket) == [] for ticket in later.store.tickets())


def test_progress_tells_how_much_of_the_file_is_read(later: Desk) -> None:
    told: list[tuple[int, int]] = []
    boston(later, BOSTON, How(progress=lambda done, total: told.append((done, total))))
    assert told == [(BOSTON.stat().st_size, BOSTON.stat().st_size)]


def test_a_record_that_stands_in_the_table_twice_comes_in_once(later: Desk) -> None:
    row = read_rows(BOSTON)[2]
    rows = [{**row, "case_enquiry_id": str(n)} for n in range(ROWS_AT_ONCE)]
    path = write_rows(later.path.parent / "twice.csv", [*rows[:3], *rows, *rows[:5]])
    dry = boston(later, path, How(dry_run=True))
    report = boston(later, path)
    for told in (dry, report):
        assert (told.imported, told.already_there) == (len(rows), 8)
    assert len(by_record(later)) == len(rows)


def test_documents_put_back_from_a_backup_are_already_there(later: Desk) -> None:
    boston(later, BOSTON)
    later.close()
    shutil.rmtree(later.path / ".cache")
    with open_desk(later.path, agent="aibek") as restored:
        again = boston(restored, BOSTON)
        assert (again.imported, again.already_there) == (0, again.rows)


def test_two_imports_at_once_take_each_record_once(later: Desk) -> None:
    [row] = read_rows(BOSTON)[2:3]
    rows = [{**row, "case_enquiry_id": str(n)} for n in range(30)]
    path = write_rows(later.path.parent / "both.csv", rows)
    others: list[Report] = []

    def another() -> None:
        with open_desk(later.path, agent="jamila") as other:
            others.append(boston(other, path))

    report = boston(overtaken(later, another), path)
    assert (others[0].imported, report.imported, report.already_there) == (30, 0, 30)
    assert len(by_record(later)) == 30
    assert report.customers == 0


def test_a_dry_run_tells_what_would_be_done_and_writes_nothing(later: Desk) -> None:
    rows = read_rows(BOSTON)
    rows[3]["open_dt"] = "soon"
    path = write_rows(later.path.parent / "dry.csv", rows)
    dry = boston(later, path, How(dry_run=True))
    assert list(later.store.tickets()) == []
    assert list(later.store.customers()) == []
    assert not path.with_name("dry.rejects.csv").exists()
    real = boston(later, path)
    assert (dry.imported, dry.rejected, dry.customers) == (
        real.imported, real.rejected, real.customers,
    )  # fmt: skip


# Rows that can't be taken.


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"case_enquiry_id": " "}, "external_id: is empty"),
        ({"case_enquiry_id": "7" * 201}, "external_id: is longer than 200 characters"),
        ({"closed_dt": ""}, "closed or answered, but without the time of it"),
        ({"closed_dt": "soon"}, "answered: cannot be read as a date; "),
        ({"open_dt": ""}, "received: is empty"),
        ({"open_dt": "2016-02-30 10:00:00"}, "received: cannot be read as a date; "),
        ({"target_dt": "31.12.2016"}, "due: cannot be read as a date; "),
        ({"case_status": "Pending"}, "state: is not in [values.state.map]"),
        ({"case_status": ""}, "state: is empty"),
        (
            {**OPEN, "ontime": "OVERDUE", "target_dt": "2031-01-01 00:00:00"},
            "stated as late, but its promised time is still ahead",
        ),
    ],
)
def test_a_row_that_cannot_be_taken_goes_to_the_rejects_with_its_line_and_reason(
    later: Desk, change: dict[str, str], reason: str
) -> None:
    rows = read_rows(BOSTON)[:5]
    rows[2] = {**rows[2], **change}
    path = write_rows(later.path.parent / "bad.csv", rows)
    report = boston(later, path)
    assert (report.imported, report.rejected) == (4, 1)
    rejects = path.with_name("bad.rejects.csv")
    assert report.rejects == str(rejects)
    [(line, told)] = reasons(rejects)
    assert line == 4
    assert told.startswith(reason)
    assert report.first_rejects == [(line, told)]
    kept = read_rows(rejects)[0]
    assert {key: kept[key] for key in rows[2]} == rows[2]


def test_a_table_without_a_bad_row_leaves_no_rejects(later: Desk, tmp_path: Path) -> None:
    path = Path(shutil.copy(BOSTON, tmp_path / "good.csv"))
    assert boston(later, path).rejects is None
    assert sorted(found.name for found in tmp_path.iterdir()) == ["desk", "good.csv"]


def test_corrected_rejects_can_be_imported(later: Desk, tmp_path: Path) -> None:
    rows = read_rows(BOSTON)[:3]
    rows[1] = {**rows[1], "open_dt": "soon"}
    path = write_rows(tmp_path / "bad.csv", rows)
    rejects = tmp_path / "elsewhere.csv"
    boston(later, path, How(rejects=rejects))
    rejects.write_text(rejects.read_text().replace("soon", "2022-10-01 06:44:00"))
    report = boston(later, rejects)
    assert (report.imported, report.rejected) == (1, 0)
    assert len(by_record(later)) == 3


def test_rejects_never_overwrite_the_table(later: Desk, tmp_path: Path) -> None:
    path = Path(shutil.copy(BOSTON, tmp_path / "good.csv"))
    with pytest.raises(InvalidInput, match="would overwrite the table"):
        boston(later, path, How(rejects=tmp_path / "." / "good.csv"))
    assert path.read_bytes() == BOSTON.read_bytes()


def test_hostile_cells_come_in_harmless_or_not_at_all(later: Desk, tmp_path: Path) -> None:
    row = {**read_rows(BOSTON)[2], **OPEN}
    rows = [
        {**row, "case_enquiry_id": f"{n} {text}"[:150], "case_title": text, "type": text,
         "reason": text, "neighborhood": text}
        for n, text in enumerate(PAYLOADS.values())
    ]  # fmt: skip
    report = boston(later, write_rows(tmp_path / "hostile.csv", rows, end="\r\n"))
    undecodable = [
        text for text in PAYLOADS.values() if any("\ud800" <= c <= "\udfff" for c in text)
    ]
    assert report.rejected == len(undecodable) > 0
    assert {why for _, why in reasons(tmp_path / "hostile.rejects.csv")} == {"is not utf-8 text"}
    for ticket in later.store.tickets():
        assert faults(ticket) == []
        for text in (ticket.subject, ticket.external_id, *ticket.tags, ticket.messages[0].author):
            assert_harmless(text or "")
        assert_harmless(ticket.messages[0].text.replace("\t", " "))


# Customers whom the table names.


def named(**customer: object) -> TicketMapping:
    return parse(
        {
            "source": "Old desk",
            "timezone": "UTC",
            "fields": {
                "external_id": "id",
                "received": "day",
                "subject": "subject",
                "text": "subject",
                "channel": {"value": "email"},
            },
            "customer": {"email": "email", "key": "number", "name": "name", **customer},
        },
        "old.toml",
        TicketMapping,
    )


def old_desk(desk: Desk, *rows: tuple[str, str, str]) -> Report:
    """Import open tickets of (customer's number, e-mail address, name) each."""
    table = [
        {"id": str(n), "day": "2026-02-02", "subject": "Where is it?",
         "number": number, "email": email, "name": name}
        for n, (number, email, name) in enumerate(rows)
    ]  # fmt: skip
    path = write_rows(desk.path.parent / "old.csv", table)
    return import_tickets(desk, path, named())


def who_asked(desk: Desk) -> list[int | None]:
    return [ticket.customer for ticket in desk.store.tickets()]


def test_customers_are_known_by_their_number_or_else_by_their_address(desk: Desk) -> None:
    report = old_desk(
        desk,
        ("K1", "aida@example.com", "Aida"),
        ("", "AIDA@example.com", "A. Asanova"),
        ("K1", "", "Aida"),
        ("K2", "", "Bakyt"),
        ("", "", "Bakyt"),
        ("K1", "other@example.com", "Aida"),
    )
    assert who_asked(desk) == [1, 1, 1, 2, 3, 1]
    assert report.customers == 3
    aida = desk.store.customer(1)
    assert (aida.name, aida.external_id) == ("Aida", "K1")
    assert [email.address for email in aida.emails] == ["aida@example.com"]


def test_people_of_one_name_with_different_addresses_are_different_customers(desk: Desk) -> None:
    old_desk(desk, ("", "aida@example.com", "Aida"), ("", "other@example.com", "Aida"))
    assert who_asked(desk) == [1, 2]
    assert desk.store.customer(1).external_id is None


def test_a_customer_whom_the_desk_knows_by_that_address_stays_as_he_is(desk: Desk) -> None:
    known = customers.create(
        desk, {"name": "Aida Asanova", "emails": [{"address": "aida@example.com"}]}
    )
    old_desk(desk, ("K1", "aida@example.com", "Somebody else"))
    assert who_asked(desk) == [known.id]
    assert desk.store.customer(known.id) == known


def test_who_is_not_named_or_has_a_broken_address_is_rejected(desk: Desk) -> None:
    report = old_desk(desk, ("", "", ""), ("K1", "aida at example", "Aida"))
    assert [why for _, why in report.first_rejects] == [
        "customer: is not named",
        "customer: email: is not an e-mail address",
    ]
    assert list(desk.store.customers()) == []


def test_an_address_that_several_customers_share_names_nobody(desk: Desk) -> None:
    for name in ("Aida", "Bakyt"):
        customers.create(desk, {"name": name, "emails": [{"address": "home@example.com"}]})
    report = old_desk(desk, ("", "home@example.com", "Aida"))
    assert report.first_rejects == [(2, "customer: several customers have that e-mail address")]


def test_an_imported_ticket_is_worked_like_any_other(desk: Desk) -> None:
    old_desk(desk, ("K1", "aida@example.com", "Aida"))
    again = matters.take_in(desk, 1, "Any news?")
    assert len(again.promises) == 1
    assert faults(again) == []
