"""A row that can't be taken is told by its line and reason, and kept to be corrected."""

import shutil
from pathlib import Path

import pytest

from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.importing.rejects import Rejects
from helpdesk.desk.importing.running import How
from helpdesk.domain.errors import CannotCreate, InvalidInput
from helpdesk.domain.invariants import faults
from tests.desk.tables import (
    BOSTON,
    OPEN,
    boston,
    by_record,
    overtaken,
    read_rows,
    reasons,
    write_rows,
)
from tests.hostile import PAYLOADS, assert_harmless


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"case_enquiry_id": " "}, "external_id: is empty"),
        ({"case_enquiry_id": "7" * 201}, "external_id: is longer than 200 characters"),
        ({"closed_dt": "", "ontime": ""}, "closed or answered, but without the time of it"),
        ({"closed_dt": "2011-01-01 08:00:00"}, "closed or answered before it was received"),
        ({"closed_dt": "2031-01-01 08:00:00"}, "closed or answered in the future"),
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


def one_bad_row(tmp_path: Path, reason: str = "soon") -> Path:
    """A table of three rows, the second of which cannot be taken."""
    rows = read_rows(BOSTON)[:3]
    return write_rows(tmp_path / "bad.csv", [rows[0], {**rows[1], "open_dt": reason}, rows[2]])


def test_rejects_of_the_last_time_are_replaced_by_those_of_this_time(
    later: Desk, tmp_path: Path
) -> None:
    boston(later, one_bad_row(tmp_path))
    for _ in range(2):
        report = boston(later, one_bad_row(tmp_path, ""))
        assert (report.already_there, report.rejected) == (2, 1)
        assert reasons(tmp_path / "bad.rejects.csv") == [(3, "received: is empty")]


def test_rejects_are_taken_away_once_nothing_is_rejected_any_more(
    later: Desk, tmp_path: Path
) -> None:
    path = one_bad_row(tmp_path)
    boston(later, path)
    rejects = tmp_path / "bad.rejects.csv"
    boston(later, path, How(dry_run=True))
    assert rejects.exists()
    write_rows(path, read_rows(BOSTON)[:3])
    boston(later, path, How(stop=lambda: True))
    assert rejects.exists()
    assert boston(later, path).rejected == 0
    assert not rejects.exists()


def test_a_file_that_is_not_of_an_import_is_never_overwritten(later: Desk, tmp_path: Path) -> None:
    path = one_bad_row(tmp_path)
    rejects = tmp_path / "bad.rejects.csv"
    rejects.write_text("mine")
    with pytest.raises(
        CannotCreate, match=r"bad\.rejects\.csv is there already, and not as an ear"
    ):
        boston(later, path)
    assert rejects.read_text() == "mine"
    assert list(later.store.tickets()) == []
    with pytest.raises(CannotCreate, match="is a folder"):
        boston(later, path, How(rejects=tmp_path))
    assert boston(later, path, How(dry_run=True)).rejected == 1
    assert boston(later, path, How(rejects=tmp_path / "other.csv")).rejected == 1


def test_rejects_that_somebody_works_on_are_never_overwritten(later: Desk, tmp_path: Path) -> None:
    path = one_bad_row(tmp_path)
    boston(later, path)
    rejects = tmp_path / "bad.rejects.csv"
    corrected = rejects.read_text().replace("soon", "2022-10-01 06:44:00")
    rejects.write_text(corrected)
    for table in (path, write_rows(path, read_rows(BOSTON)[:3])):
        with pytest.raises(CannotCreate, match="import it first, move it away"):
            boston(later, table)
        assert rejects.read_text() == corrected
    assert boston(later, rejects).imported == 1
    assert rejects.read_text() == corrected


def test_rejects_of_another_agent_are_not_taken_for_ones_own(later: Desk, tmp_path: Path) -> None:
    path = one_bad_row(tmp_path)
    boston(later, path)
    other = open_desk(later.path, "nurlan")
    with pytest.raises(CannotCreate, match="not as an earlier import of yours"):
        boston(other, path)


def test_rejects_put_there_while_the_import_runs_are_left_alone(
    later: Desk, tmp_path: Path
) -> None:
    rejects = tmp_path / "bad.rejects.csv"
    desk = overtaken(later, lambda: rejects.write_text("theirs"))
    with pytest.raises(CannotCreate, match="rejected rows cannot be written: File exists"):
        boston(desk, one_bad_row(tmp_path))
    assert rejects.read_text() == "theirs"
    assert len(list(later.store.tickets())) == 2


def test_an_import_that_dies_leaves_no_half_file_in_the_way(
    later: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = one_bad_row(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Rejects, "close", lambda rejects: rejects._file.close())
        boston(later, path)
    assert sorted(found.name for found in tmp_path.iterdir()) == ["bad.csv", "desk"]
    assert boston(later, path).rejected == 1
    assert (tmp_path / "bad.rejects.csv").stat().st_mode & 0o077 == 0


def test_rejects_that_nobody_wants_may_go_nowhere(later: Desk, tmp_path: Path) -> None:
    for _ in range(2):
        assert boston(later, one_bad_row(tmp_path), How(rejects=Path("/dev/null"))).rejected == 1
    assert Path("/dev/null").is_char_device()


def test_a_note_of_rejects_that_cannot_be_read_is_none(later: Desk, tmp_path: Path) -> None:
    path = one_bad_row(tmp_path)
    boston(later, path)
    [note] = later.path.glob("agents/aibek/rejects.json")
    for text in ("{", "[]"):
        note.write_text(text)
        with pytest.raises(CannotCreate, match="is there already"):
            boston(later, path)


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
