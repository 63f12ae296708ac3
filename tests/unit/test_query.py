"""The query language: what an agent types, and what is asked for by it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.query import VIEWS, Query, Span, Term, awaited, parse

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
BISHKEK = ZoneInfo("Asia/Bishkek")


def read(text: str) -> Query:
    return parse(text, now=NOW, zone=BISHKEK, me="aibek")


def test_a_query_joins_fields_words_and_phrases() -> None:
    query = read('is:overdue kind:complaint from:"Acme Ltd" tent "leaks badly" -pole')
    assert query.terms == (
        Term("is", "overdue"),
        Term("kind", "complaint"),
        Term("from", "Acme Ltd"),
    )
    assert query.words == ("tent", "leaks badly")
    assert query.without_words == ("pole",)


def test_me_and_mine_are_the_agent_who_asks() -> None:
    assert read("assignee:me").terms == (Term("assignee", "aibek"),)
    assert read("is:mine").terms == (Term("assignee", "aibek"),)
    assert read("assignee:none").terms == read("is:unassigned").terms == (Term("assignee", None),)


def test_a_minus_asks_for_the_opposite() -> None:
    assert read("-is:closed").terms == (Term("is", "closed", negated=True),)


def test_days_are_those_of_the_desks_zone() -> None:
    start = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
    assert read("due:today").terms == (Term("due", Span(start, start + timedelta(days=1))),)
    assert read("due:2026-03-02").terms == read("due:today").terms
    assert read("due:<2026-03-02").terms == (Term("due", Span(end=start)),)


def test_spans_look_ahead_for_promises_and_back_for_what_was() -> None:
    assert read("due:<2d").terms == (Term("due", Span(end=NOW + timedelta(days=2))),)
    assert read("due:>3h").terms == (Term("due", Span(start=NOW + timedelta(hours=3))),)
    assert read("created:<2d").terms == (Term("created", Span(start=NOW - timedelta(days=2))),)
    assert read("due:<-1d").terms == (Term("due", Span(end=NOW - timedelta(days=1))),)
    assert read("updated:>1w").terms == (Term("updated", Span(end=NOW - timedelta(weeks=1))),)


@pytest.mark.parametrize(
    ("text", "help_in_message"),
    [
        ("is:late", "overdue"),
        ("kind:question", "complaint"),
        ("colour:red", "unknown field"),
        ("due:soon", "2026-11-25"),
        ("due:2026-02-30", "no such day"),
        ("due:>9999-12-31", "no such day"),
        ("created:0001-01-01", "no such day"),
        ('colour:"red"', "unknown field"),
        ('tag:""', "takes a value"),
        ("tent kind:", "kind: takes a value"),
        ("from: acme", "from: takes a value"),
        ("id:twelve", "a number"),
        ("channel:fax", "letter"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_could_stand_there(
    text: str, help_in_message: str
) -> None:
    with pytest.raises(InvalidInput, match=help_in_message):
        read(text)


def test_a_quote_still_open_while_typing_runs_to_the_end() -> None:
    assert read('tent "leaks bad').words == ("tent", "leaks bad")
    assert read('from:"Acme L').terms == (Term("from", "Acme L"),)


@pytest.mark.parametrize(
    ("text", "waits_for"),
    [
        ('tent "leaks bad', "a closing quote"),
        ('from:"Acme L', "a closing quote"),
        ('"', "a closing quote"),
        ("tent kind:", "a value for kind"),
        ("-Tag: tent", "a value for tag"),
        ("due:<", "a time such as <2d"),
        ("-created:>12", "a time such as <2d"),
        ("tent -", "what to leave out"),
        ("", ""),
        ("tent", ""),
        ('from:"Acme Ltd" "two words"', ""),
        ("kind:comp", ""),
        ("due:<2d is:overdue", ""),
        ("due:< tent", ""),  # is refused: nothing is typed at it any more
        ("https://example.com/a error:", ""),
        ("a - b", ""),
    ],
)
def test_what_a_query_still_waits_for_is_said_while_it_is_typed(text: str, waits_for: str) -> None:
    assert awaited(text) == waits_for


def test_a_pasted_address_and_an_error_number_are_looked_for() -> None:
    assert read("https://example.com/a error:404").words == ("https://example.com/a", "error:404")
    assert read("customer:#12").terms == (Term("customer", 12),)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_a_query(view: str) -> None:
    read(VIEWS[view])


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_in_one_line(text: str) -> None:
    awaited(text)
    try:
        read(text)
    except InvalidInput as refusal:
        assert "\n" not in refusal.message
