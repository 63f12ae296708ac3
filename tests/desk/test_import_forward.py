"""A newer table of the same matters: what it tells more is taken in, and only that."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk.desk import Desk
from helpdesk.desk.importing.report import Report
from helpdesk.desk.importing.running import How
from helpdesk.desk.upkeep import note
from helpdesk.domain.forward import ANOTHER_DATE, ANSWERED_BEFORE
from helpdesk.domain.invariants import faults
from helpdesk.domain.past import NOT_KNOWN_SINCE
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Direction, Outcome, State
from tests.desk.tables import (
    BOSTON,
    OPEN,
    TODAY,
    boston,
    by_record,
    everything_on_disk,
    never_written,
    read_rows,
    reasons,
    write_rows,
)

RECEIVED = {"open_dt": "2026-11-02 09:00:00"}
DUE = {"target_dt": "2026-11-20 17:00:00"}
IN_TIME = {
    "case_status": "Closed",
    "closed_dt": "2026-11-19 12:00:00",
    "closure_reason": "Filled.",
    "ontime": "ONTIME",
}
LATE = {**IN_TIME, "closed_dt": "2026-11-21 12:00:00", "ontime": "OVERDUE"}
WAITS = {**OPEN, "ontime": "ONTIME"}
UNSAID = {**OPEN, "ontime": ""}
EARLIER = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)


def table(desk: Desk, *changes: dict[str, str], name: str = "dump") -> Path:
    row = {**read_rows(BOSTON)[2], **RECEIVED, **DUE, "case_enquiry_id": "101"}
    return write_rows(desk.path.parent / f"{name}.csv", [{**row, **change} for change in changes])


def imported(desk: Desk, *changes: dict[str, str], at: datetime = TODAY) -> Report:
    with clock.hold(at):
        return boston(desk, table(desk, *changes))


def the_ticket(desk: Desk) -> Ticket:
    [ticket] = by_record(desk).values()
    assert faults(ticket) == []
    return ticket


@pytest.mark.parametrize(
    ("newer", "outcome"),
    [
        (IN_TIME, Outcome.KEPT),
        (LATE, Outcome.BROKEN),
        ({**IN_TIME, "ontime": "OVERDUE"}, Outcome.BROKEN),
    ],
)
def test_a_case_that_was_closed_meanwhile_is_closed_and_its_promise_settled(
    desk: Desk, newer: dict[str, str], outcome: Outcome
) -> None:
    imported(desk, WAITS, at=EARLIER)
    [told] = the_ticket(desk).promises
    report = imported(desk, newer)
    assert (report.imported, report.brought_forward, report.already_there) == (0, 1, 0)
    ticket = the_ticket(desk)
    assert (ticket.state, ticket.resolution) == (State.CLOSED, "Filled.")
    [promise] = ticket.promises
    assert (promise.id, promise.due, promise.told_at) == (told.id, told.due, told.told_at)
    assert promise.outcome is outcome
    answer = ticket.messages[-1]
    assert (answer.text, answer.direction) == ("Filled.", Direction.OUT)
    assert [event.what for event in ticket.history] == ["imported", "closed", "brought forward"]


def test_the_newer_table_again_changes_nothing(desk: Desk) -> None:
    imported(desk, WAITS, at=EARLIER)
    imported(desk, IN_TIME)
    before = everything_on_disk(desk)
    with clock.hold(TODAY + timedelta(days=1)):
        again = boston(never_written(desk), table(desk, IN_TIME))
    assert (again.already_there, again.brought_forward) == (1, 0)
    assert everything_on_disk(desk) == before


def test_the_same_said_in_another_format_is_no_news(desk: Desk) -> None:
    imported(desk, WAITS, at=EARLIER)
    again = imported(desk, {**WAITS, "open_dt": "11/02/2026 09:00", "queue": "Another"})
    assert (again.already_there, again.brought_forward, again.differing) == (1, 0, 0)


def test_a_ticket_that_agents_worked_on_is_left_as_it_is_and_named(desk: Desk) -> None:
    imported(desk, WAITS, at=EARLIER)
    note(desk, 1, "Called the foreman.")
    before = everything_on_disk(desk)
    report = imported(desk, IN_TIME)
    assert (report.brought_forward, report.differing, report.already_there) == (0, 1, 0)
    told = (2, "ticket 1 differs, worked on here: left as it is")
    assert (report.told, report.rejected) == ([told], 0)
    assert everything_on_disk(desk) == before
    rejects = Path(report.rejects or "")
    assert reasons(rejects) == [told]
    assert imported(desk, WAITS).already_there == 1
    assert not rejects.exists()


def test_a_date_that_the_source_changed_in_time_moves_the_promise(desk: Desk) -> None:
    imported(desk, WAITS, at=EARLIER)
    report = imported(desk, {**WAITS, "target_dt": "2026-11-30 17:00:00"}, at=EARLIER)
    assert report.brought_forward == 1
    moved, promise = the_ticket(desk).promises
    assert (moved.outcome, moved.reason) == (Outcome.MOVED, ANOTHER_DATE)
    assert promise.due == datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
    assert (promise.follows, promise.told_by) == (moved.id, "Boston 311")


@pytest.mark.parametrize(
    ("first", "newer", "why"),
    [
        (IN_TIME, WAITS, "waits on us again at its source"),
        (IN_TIME, LATE, "stated as broken, but settled as kept already"),
        (
            UNSAID,
            {**LATE, "ontime": "ONTIME"},
            "stated as kept, but closed after the promised time",
        ),
        (UNSAID, {**WAITS, "target_dt": "2026-11-30 17:00:00"}, "promises another date, though"),
        (IN_TIME, {**IN_TIME, "closed_dt": "2026-11-19 13:00:00"}, "answered otherwise, or at"),
    ],
)
def test_what_the_ledger_cannot_hold_is_named_and_left(
    desk: Desk, first: dict[str, str], newer: dict[str, str], why: str
) -> None:
    imported(desk, first)
    before = everything_on_disk(desk)
    report = imported(desk, newer)
    assert (report.brought_forward, report.differing) == (0, 1)
    [(line, reason)] = report.told
    assert line == 2
    assert reason.startswith(f"ticket 1 differs, {why}")
    assert everything_on_disk(desk) == before


def test_a_promise_of_the_desk_is_withdrawn_if_the_source_had_answered_before(desk: Desk) -> None:
    imported(desk, {**WAITS, "target_dt": ""})
    report = imported(desk, {**IN_TIME, "target_dt": ""})
    assert report.brought_forward == 1
    [promise] = the_ticket(desk).promises
    assert (promise.outcome, promise.reason) == (Outcome.WITHDRAWN, ANSWERED_BEFORE)


def test_a_case_that_was_in_time_in_an_old_table_waits_with_a_promise_of_today(desk: Desk) -> None:
    imported(desk, WAITS)
    ticket = the_ticket(desk)
    told, now = ticket.promises
    assert (told.outcome, told.reason) == (Outcome.WITHDRAWN, NOT_KNOWN_SINCE)
    assert (now.told_at, now.told_by) == (TODAY, "aibek")
    assert now.due > TODAY
    assert imported(desk, WAITS).already_there == 1
    assert imported(desk, {**WAITS, "case_title": "Two potholes"}).brought_forward == 1
    assert [promise.due for promise in the_ticket(desk).promises] == [told.due, now.due]
    assert imported(desk, IN_TIME).brought_forward == 1
    assert [promise.outcome for promise in the_ticket(desk).promises] == [Outcome.WITHDRAWN] * 2


@pytest.mark.parametrize(("word", "outcome"), [("ONTIME", "kept"), ("OVERDUE", "broken")])
def test_a_case_closed_nobody_knows_when_is_settled_by_the_citys_word(
    desk: Desk, word: str, outcome: str
) -> None:
    imported(desk, WAITS, at=EARLIER)
    assert imported(desk, {**LATE, "closed_dt": "", "ontime": word}).brought_forward == 1
    [promise] = the_ticket(desk).promises
    assert (promise.outcome, promise.settled_at) == (outcome, None)


def test_what_describes_the_matter_follows_the_source(desk: Desk) -> None:
    imported(desk, WAITS, at=EARLIER)
    imported(desk, {**WAITS, "case_title": "Two potholes"}, at=EARLIER)
    ticket = the_ticket(desk)
    assert ticket.subject == "Two potholes"
    assert ticket.promise is not None


def test_a_dry_run_tells_the_same_and_writes_nothing(desk: Desk) -> None:
    imported(desk, WAITS, at=EARLIER)
    before = everything_on_disk(desk)
    with clock.hold(TODAY):
        dry = boston(never_written(desk), table(desk, IN_TIME, LATE), How(dry_run=True))
    assert (dry.brought_forward, dry.repeated) == (1, 1)
    assert everything_on_disk(desk) == before


@pytest.mark.parametrize("dry_run", [True, False])
def test_two_rows_of_one_number_that_differ_are_no_repetition(desk: Desk, dry_run: bool) -> None:
    with clock.hold(TODAY):
        path = table(desk, IN_TIME, {**IN_TIME, "case_title": "Another matter"}, IN_TIME)
        for _ in range(2):
            report = boston(desk, path, How(dry_run=dry_run))
            assert (report.repeated, report.brought_forward) == (1, 0)
            assert (report.rejected, report.told) == (1, [])
            told = (3, "has the number of line 2 and says otherwise")
            assert report.first_rejects == [told]
            assert (
                report.rejects is None if dry_run else reasons(Path(report.rejects or "")) == [told]
            )
    if not dry_run:
        assert the_ticket(desk).rev == 1
        assert "Another" not in the_ticket(desk).subject


@pytest.mark.parametrize("nothing", ["NULL", "null", "NaN", "N/A", " "])
def test_words_for_nothing_say_nothing(desk: Desk, nothing: str) -> None:
    report = imported(desk, {**WAITS, "closed_dt": nothing, "closure_reason": nothing})
    assert (report.imported, report.rejected) == (1, 0)
    assert the_ticket(desk).resolution == ""
