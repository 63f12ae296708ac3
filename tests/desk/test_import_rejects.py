"""A row that can't be taken is told by its line and reason, and kept to be corrected."""

import shutil
from pathlib import Path

import pytest

from helpdesk.desk.desk import Desk
from helpdesk.desk.importing.running import How
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.invariants import faults
from tests.desk.tables import (
    BOSTON,
    OPEN,
    boston,
    by_record,
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
