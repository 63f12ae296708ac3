"""Tables come in all shapes; rows are read one by one, and what cannot be read is told by line."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk.importing.cells import column_key, read_cell
from helpdesk.desk.importing.dates import Dates
from helpdesk.desk.importing.mapping import TicketMapping, load, parse
from helpdesk.desk.importing.order_rows import read_number
from helpdesk.desk.importing.reading import TableRow, open_table
from helpdesk.desk.importing.records import LONGEST_CELL
from helpdesk.desk.importing.rejects import Rejects
from helpdesk.domain.errors import CannotCreate, InvalidInput, NotFound

NEW_YORK = ZoneInfo("America/New_York")


def mapping(**changed: object) -> TicketMapping:
    data = {
        "source": "Old desk",
        "timezone": "America/New_York",
        "fields": {"external_id": "Nr", "received": "Day", "subject": "Subject", "text": "Text"},
        "customer": {"name": {"value": "Somebody"}},
    }
    return parse({**data, **changed}, "old.toml", TicketMapping)


@pytest.fixture
def table(tmp_path: Path) -> Callable[[bytes], Path]:
    def written(content: bytes) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content)
        return path

    return written


def rows_of(path: Path, **changed: object) -> list[TableRow]:
    with open_table(path, mapping(**changed)) as opened:
        return list(opened.rows())


def cells_of(path: Path, **changed: object) -> list[list[str]]:
    rows = rows_of(path, **changed)
    assert [row.fault for row in rows] == [None] * len(rows)
    return [row.cells for row in rows]


PLAIN = b"Nr,Day,Subject,Text\n1,2024-05-06,Pothole,Big one\n2,2024-05-07,Tree,Fallen\n"
READ = [["1", "2024-05-06", "Pothole", "Big one"], ["2", "2024-05-07", "Tree", "Fallen"]]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        b"\xef\xbb\xbf" + PLAIN,
        PLAIN.replace(b"\n", b"\r\n"),
        PLAIN.replace(b"\n", b"\r"),
        PLAIN.rstrip(b"\n"),
        PLAIN.replace(b"\n", b"\n\n"),
        PLAIN.replace(b"Pothole", b'"Pothole"'),
        PLAIN.replace(b"Nr,Day", b"NR, day "),
    ],
)
def test_marks_line_ends_quotes_and_the_case_of_headers_make_no_difference(
    content: bytes, table: Callable[[bytes], Path]
) -> None:
    assert cells_of(table(content)) == READ


def test_rows_are_known_by_the_line_they_begin_on_even_after_quoted_line_ends(
    table: Callable[[bytes], Path],
) -> None:
    path = table(b'Nr,Day,Subject,Text\n1,d,s,"a\nb\n\nc"\n\n2,d,s,t\n3,d,s\n4,d,s,t,u\n5\n')
    rows = rows_of(path)
    assert [(row.line, row.fault) for row in rows] == [
        (2, None),
        (7, None),
        (8, "has 3 cells instead of 4"),
        (9, "has 5 cells instead of 4"),
        (10, "has 1 cell instead of 4"),
    ]
    assert rows[0].cells[3] == "a\nb\n\nc"


def test_other_encodings_and_delimiters_are_read_as_the_mapping_says(
    table: Callable[[bytes], Path],
) -> None:
    text = "Nr;Day;Subject;Text\n1;d;Größe;Тест\n"
    path = table(text.encode("utf-16"))
    assert cells_of(path, encoding="utf-16", delimiter=";") == [["1", "d", "Größe", "Тест"]]
    path = table(text.replace("Тест", "Maß").encode("cp1252"))
    assert cells_of(path, encoding="cp1252", delimiter=";") == [["1", "d", "Größe", "Maß"]]


def test_a_row_that_is_not_in_the_tables_encoding_is_told_and_the_others_are_read(
    table: Callable[[bytes], Path],
) -> None:
    path = table(b"Nr,Day,Subject,Text\n1,d,Gr\xf6\xdfe,t\n2,d,Gr\xc3\xb6,t\n")
    assert [row.fault for row in rows_of(path)] == ["is not utf-8 text", None]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "table.csv: is empty; its first line names the columns"),
        (b"\x00\x01\x02PK\xff\xfe,\x00", "table.csv: is not utf-8 text"),
        ("Nr,Day,Subject,Text\n".encode("utf-16"), "table.csv: is not utf-8 text"),
        (b'"' + b"x" * (LONGEST_CELL + 9), "table.csv: line 1: a cell is longer than 1,000,000"),
        (b"Nr,Day,Day,Subject,Text\n", "table.csv: there are 2 columns 'Day'"),
        (
            b"Nr,When,Subject,Words\n",
            "names columns that are not there: 'Day', 'Text'; "
            "there are 'Nr', 'When', 'Subject', 'Words'",
        ),
        (b"Nr;Day;Subject;Text\n", "'Nr;Day;Subject;Text': name the right delimiter"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_one_line(
    content: bytes, told: str, table: Callable[[bytes], Path]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        rows_of(table(content))
    assert told in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.exit_code == 65


def test_a_table_that_turns_out_not_to_be_text_is_refused_in_one_line(
    table: Callable[[bytes], Path],
) -> None:
    path = table("Nr,Day,Subject,Text\n".encode("utf-16") + b"\x00\xd8\x00\x00" * 5000)
    with pytest.raises(InvalidInput, match="is not utf-16 text"):
        rows_of(path, encoding="utf-16")


def test_a_table_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"absent\.csv: cannot be read") as caught:
        rows_of(tmp_path / "absent.csv")
    assert caught.value.exit_code == 66
    with pytest.raises(NotFound, match="cannot be read"):
        rows_of(tmp_path)


def test_a_quote_that_is_never_closed_costs_its_row_and_not_the_others_or_the_memory(
    table: Callable[[bytes], Path],
) -> None:
    line = b"9,d,s,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
    path = table(b'Nr,Day,Subject,Text\n1,d,s,t\n2,"d,s,t\n' + line * 40_000)
    first, broken, *others = rows_of(path)
    assert first.fault is None
    assert (broken.line, broken.fault) == (3, "a quote in it is not closed; read on at line 4")
    assert broken.cells == ["2", "d,s,t\n"]
    assert [row.fault for row in others] == [None] * 40_000
    assert (others[0].line, others[-1].line) == (4, 40_003)


@pytest.mark.parametrize(
    ("broken", "follows"),
    [
        ('2,d,s,"text', ["3,d,s,t"]),
        ('2,d,s,"text', ['3,d,s,"text"', '4,d,"s",t']),
        ('2,"d,s,text\nof, more lines\n', ['3,d,s,"two\nlines, and ""more"""', "4,d,s,t"]),
        ('"2","d","s","text', ['"3","d","s","text"']),
        ('2,"d,s,text', ['3,"",s,t', '4,d,"""s""",t', "5,d,s,t"]),
        ('2,d,s,"text\n3,"d,s,text', ["4,d,s,t"]),
    ],
)
def test_reading_goes_on_where_a_line_reads_as_a_row_again(
    broken: str, follows: list[str], table: Callable[[bytes], Path]
) -> None:
    text = "\n".join(["Nr,Day,Subject,Text", "1,d,s,t", broken, *follows, ""])
    read = rows_of(table(text.encode()))
    faults = [row for row in read if row.fault]
    assert faults[0].line == 3
    assert all("quote" in (row.fault or "") or "cells" in (row.fault or "") for row in faults)
    good = cells_of(table("\n".join(["Nr,Day,Subject,Text", "1,d,s,t", *follows, ""]).encode()))
    assert [row.cells for row in read if not row.fault] == good
    begins = text[: text.index(follows[0])].count("\n") + 1
    assert read[-len(follows)].line == begins


@pytest.mark.parametrize(
    "cell",
    ['"he said "hi" once\nand left"', '"one\nhe said "hi" there"', '"one\ntwo, three\n4"'],
)
def test_a_text_of_several_lines_is_not_cut_where_no_row_begins(
    cell: str, table: Callable[[bytes], Path]
) -> None:
    rows = rows_of(table(f"Nr,Day,Subject,Text\n1,d,s,{cell}\n2,d,s,t\n".encode()))
    assert rows[0].line == 2
    assert rows[-1].cells == ["2", "d", "s", "t"]
    assert not any("read on" in (row.fault or "") for row in rows)


def test_a_text_that_has_a_line_like_a_row_stays_whole_where_its_quotes_fit(
    table: Callable[[bytes], Path],
) -> None:
    path = table(b'Nr,Day,Subject,Text\n1,d,s,"t\n2,d,s,t\n3,d,s,t"\n4,d,s,t\n')
    assert cells_of(path) == [["1", "d", "s", "t\n2,d,s,t\n3,d,s,t"], ["4", "d", "s", "t"]]


def test_a_row_of_several_lines_that_has_too_few_cells_tells_how_far_it_reaches(
    table: Callable[[bytes], Path],
) -> None:
    path = table(b'Nr,Day,Subject,Text\n1,d,"s\nt\nu\n')
    [row] = rows_of(path)
    told = "has 3 cells instead of 4, and reaches to line 4: is a quote never closed?"
    assert row.fault == told


def test_a_long_narrative_is_no_fault(table: Callable[[bytes], Path]) -> None:
    path = table(b"Nr,Day,Subject,Text\n1,d,s,%b\n" % (b"word " * 60_000))
    assert len(cells_of(path)[0][3]) == 300_000


def test_columns_that_the_mapping_does_not_read_are_named(table: Callable[[bytes], Path]) -> None:
    path = table(b"Ward,Nr,Day,Subject,ZIP code,Text\n")
    with open_table(path, mapping()) as opened:
        assert opened.unused == ("Ward", "ZIP code")


def test_a_column_may_go_by_another_name_in_some_tables(table: Callable[[bytes], Path]) -> None:
    path = table(b"Nr,RECEIVED ON,Subject,Text\n1,d,s,t\n")
    assert cells_of(path, aliases={"day": ["Received on"]}) == [["1", "d", "s", "t"]]


# Where a field's text comes from.


@pytest.mark.parametrize(
    ("written", "row", "text"),
    [
        ("A", ["  one ", ""], "one"),
        ("a", ["one", ""], "one"),
        ("{A}: {B}", ["one", "two"], "one: two"),
        ("{A}: {B}!", ["one", " "], ""),
        (["B", "A"], ["one", " "], "one"),
        (["{A} {B}", "A", {"value": "none"}], ["", ""], "none"),
        ({"value": "always"}, ["", ""], "always"),
        ("({A})", ["{B}", "two"], "({B})"),
    ],
)
def test_a_field_is_a_column_a_template_a_constant_or_the_first_of_them(
    written: object, row: list[str], text: str
) -> None:
    cell = read_cell(written)
    assert cell.bound({column_key("A"): 0, column_key("B"): 1})(row) == text


# Times.


def instant(text: str, *formats: str) -> datetime:
    return Dates(NEW_YORK, formats).instant(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2016-07-12 08:45:00", "2016-07-12T12:45:00+00:00"),
        ("2016-07-12T08:45:00", "2016-07-12T12:45:00+00:00"),
        ("2016-07-12 08:45", "2016-07-12T12:45:00+00:00"),
        ("2016-07-12 08:45:00.123", "2016-07-12T12:45:00+00:00"),
        ("2016-01-12 08:45:00", "2016-01-12T13:45:00+00:00"),
        ("2016-07-12", "2016-07-12T04:00:00+00:00"),
        ("2016-07-12T08:45:00Z", "2016-07-12T08:45:00+00:00"),
        ("2016-07-12 08:45:00+06:00", "2016-07-12T02:45:00+00:00"),
    ],
)
def test_times_without_an_offset_are_those_of_the_tables_zone(text: str, read: str) -> None:
    assert instant(text) == datetime.fromisoformat(read)


def test_other_formats_are_tried_in_turn_and_nothing_is_guessed() -> None:
    formats = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y")
    assert instant("07/12/2016 08:45:00 PM", *formats) == datetime(2016, 7, 13, 0, 45, tzinfo=UTC)
    assert instant("07/12/2016", *formats) == datetime(2016, 7, 12, 4, tzinfo=UTC)
    for text in ("07/12/2016", "12 July 2016", "20160712", "2016-13-01", "soon"):
        with pytest.raises(ValueError, match="cannot be read as a date"):
            instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "2015-03-01 10:00:00",
        "03/01/2015 10:00:00.000",
        "03/01/2015 10:00:00.000 AM",
        "03/01/2015 10:00:00 AM",
        "03/01/15 10:00",
        "2015-03-01 15:00:00 UTC",
    ],
)
def test_the_formats_of_all_tables_of_boston_are_read(text: str) -> None:
    boston = load("boston-311", TicketMapping)
    read = Dates(boston.zone, boston.dates).instant(text)
    assert read == datetime(2015, 3, 1, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["0001-01-01 00:00:00", "9999-12-31 23:59:59"])
def test_a_time_at_the_end_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="beyond the calendar"):
        instant(text)


def test_a_day_promised_without_a_time_lasts_until_its_end() -> None:
    dates = Dates(NEW_YORK, ("%m/%d/%Y", "%m/%d/%Y %H:%M"))
    end = datetime(2016, 7, 13, 3, 59, 59, tzinfo=UTC)
    assert dates.instant("2016-07-12", end_of_day=True) == end
    assert dates.instant("07/12/2016", end_of_day=True) == end
    noon = datetime(2016, 7, 12, 16, tzinfo=UTC)
    assert dates.instant("2016-07-12 12:00", end_of_day=True) == noon
    assert dates.instant("07/12/2016 12:00", end_of_day=True) == noon


def test_a_time_skipped_in_spring_is_the_first_after_it_and_one_shown_twice_the_first() -> None:
    assert instant("2016-03-13 02:30:00.5") == datetime(2016, 3, 13, 7, 0, tzinfo=UTC)
    assert instant("2016-11-06 01:30:00") == datetime(2016, 11, 6, 5, 30, tzinfo=UTC)


def test_of_a_time_shown_twice_the_second_is_meant_where_the_first_would_run_backwards() -> None:
    dates = Dates(NEW_YORK, ())
    opened = dates.instant("2016-11-06 01:50:00")
    first = datetime(2016, 11, 6, 5, 10, tzinfo=UTC)
    second = first.replace(hour=6)
    assert dates.instant("2016-11-06 01:10:00") == first
    assert dates.instant("2016-11-06 01:10:00", after=opened) == second
    assert dates.instant("2016-11-06 01:10:00", after=first) == first
    assert dates.instant("2016-11-06 01:10:00", after=second) == second
    # Where neither of the two comes after it, the table itself runs backwards.
    assert dates.instant("2016-11-06 01:10:00", after=second.replace(minute=11)) == first
    assert dates.instant("2016-11-06 00:59:00", after=opened) < opened
    assert dates.instant("2016-03-13 02:30:00", after=opened) < opened


AROUND_A_CHANGE = st.one_of(
    st.integers(0, 5 * 3600 * 1000).map(
        lambda ms: datetime(2016, 3, 13) + timedelta(0, 0, ms * 1000)
    ),
    st.integers(0, 5 * 3600 * 1000).map(
        lambda ms: datetime(2016, 11, 6) + timedelta(0, 0, ms * 1000)
    ),
)


@given(AROUND_A_CHANGE, AROUND_A_CHANGE)
def test_a_time_that_comes_after_anyway_is_not_moved(first: datetime, second: datetime) -> None:
    dates = Dates(NEW_YORK, ())
    earlier, later = sorted((first, second))
    begun = dates.instant(earlier.isoformat(" "))
    ended = dates.instant(later.isoformat(" "), after=begun)
    assert ended >= begun
    assert ended.microsecond == begun.microsecond == 0
    assert ended == dates.instant(later.isoformat(" "))


@given(AROUND_A_CHANGE, AROUND_A_CHANGE)
def test_the_order_of_the_tables_times_is_never_reversed(first: datetime, second: datetime) -> None:
    earlier, later = sorted((first, second))
    assert instant(earlier.isoformat(" ")) <= instant(later.isoformat(" "))


def test_the_day_of_an_order_is_the_one_that_is_written() -> None:
    dates = Dates(NEW_YORK, ("%d.%m.%Y",))
    assert dates.day("31.12.2024") == dates.day("2024-12-31T23:30:00") == date(2024, 12, 31)


# Numbers.


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("12", ".", "12"),
        ("1,234.50", ".", "1234.50"),
        ("1 234,5", ",", "1234.5"),
        ("1.234.567", ",", "1234567"),
        ("-0.99", ".", "-0.99"),
    ],
)
def test_amounts_are_read_with_thousands_parted_or_not(
    text: str, decimal: str, number: str
) -> None:
    assert read_number(text, decimal) == Decimal(number)


@pytest.mark.parametrize("text", ["12,50", "1,23.4", "1.2.3", "NaN", "1e9", "$5", "", "٣", "1__2"])
def test_an_amount_that_could_mean_two_things_is_none(text: str) -> None:
    assert read_number(text, ".") is None


# Rejected rows.


def test_rejects_keep_the_tables_columns_with_line_and_reason_and_can_be_imported_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "rejects.csv"
    rejects = Rejects(path, ["Nr", "Text"], "utf-8", ";")
    assert not path.exists()
    rejects.add(TableRow(3, ["7", 'a "b"\nc;\udcff']), "received: is empty")
    rejects.add(TableRow(9, ["8"]), "has 1 cells instead of 2")
    rejects.add(TableRow(10, ["9", "x", "y"]), "has 3 cells instead of 2")
    rejects.close()
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        read = list(csv.reader(file, delimiter=";"))
    assert read == [
        ["Nr", "Text", "rejected_line", "rejected_reason"],
        ["7", 'a "b"\nc;\udcff', "3", "received: is empty"],
        ["8", "", "9", "has 1 cells instead of 2"],
        ["9", "x", "10", "has 3 cells instead of 2", "y"],
    ]
    assert path.stat().st_mode & 0o077 == 0
    assert rejects.count == 3


def test_rows_rejected_twice_have_one_line_and_one_reason(tmp_path: Path) -> None:
    path = tmp_path / "again.csv"
    rejects = Rejects(path, ["Nr", "rejected_line", "rejected_reason"], "utf-8", ",")
    rejects.add(TableRow(2, ["7", "3", "received: is empty"]), "subject: is empty")
    rejects.close()
    assert path.read_text().splitlines() == [
        "Nr,rejected_line,rejected_reason",
        "7,2,subject: is empty",
    ]


def test_rejects_that_cannot_be_written_say_where_else_to_put_them(tmp_path: Path) -> None:
    rejects = Rejects(tmp_path / "absent" / "rejects.csv", ["Nr"], "utf-8", ",")
    with pytest.raises(CannotCreate, match="name another place with --rejects") as caught:
        rejects.add(TableRow(2, ["7"]), "subject: is empty")
    assert caught.value.exit_code == 73
