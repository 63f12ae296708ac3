"""A table is taken in once, however often and by however many it is imported."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.importing.report import Report
from helpdesk.desk.importing.running import ROWS_AT_ONCE, How
from helpdesk.domain.invariants import faults
from tests.desk.tables import (
    ALL_BOSTON,
    BOSTON,
    OPEN,
    TODAY,
    boston,
    by_record,
    everything_on_disk,
    never_written,
    overtaken,
    read_rows,
    write_rows,
)


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
    with desk.writing() as writing:
        writing.put(writing.ticket(1).model_copy(update={"subject": "Two potholes"}))
    assert boston(desk, path).already_there == 1
    assert desk.store.ticket(1).subject == "Two potholes"


def test_a_row_that_cannot_be_read_any_more_is_named_and_its_ticket_stays(later: Desk) -> None:
    rows = read_rows(BOSTON)
    path = write_rows(later.path.parent / "boston.csv", rows)
    boston(later, path)
    before = everything_on_disk(later)
    write_rows(path, [{**row, "open_dt": "soon"} for row in rows])
    again = boston(later, path)
    assert (again.already_there, again.rejected) == (0, len(rows))
    assert everything_on_disk(later) == before


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
