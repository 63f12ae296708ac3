"""While a query is typed, what could stand next is offered."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpdesk.domain.completion import Completion, Known, complete, is_mistaken
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.query import FIELDS, IS, VIEWS, parse
from helpdesk.domain.words import Channel, Kind, Priority, State

KNOWN = Known(tags=("late-parcel", "size", "two words"), agents=("aibek", "gulnara", "asel"))
SAMPLE = {
    "is": "open", "kind": "request", "state": "closed", "channel": "email", "priority": "low",
    "due": "today", "created": "today", "updated": "today", "id": "1", "customer": "1",
}  # fmt: skip


def offered(text: str, known: Known = KNOWN, *, anything: bool = False) -> list[str]:
    """What is offered with the cursor at the end of ``text``."""
    found = complete(text, len(text), known, limit=100, anything=anything)
    return [each.text for each in found]


def read(text: str) -> None:
    """Read it as a query."""
    parse(text, now=datetime(2026, 3, 2, 4, tzinfo=UTC), zone=ZoneInfo("UTC"), me="aibek")


def test_a_field_is_offered_by_its_beginning() -> None:
    assert offered("cr") == ["created:"]
    assert offered("c")[:3] == ["channel:", "customer:", "created:"]


def test_after_the_colon_the_values_are_offered_in_the_order_of_the_desk() -> None:
    assert offered("is:") == [f"is:{value}" for value in IS]
    assert offered("kind:") == [f"kind:{value}" for value in Kind]
    assert offered("state:") == [f"state:{value}" for value in State]
    assert offered("channel:") == [f"channel:{value}" for value in Channel]
    assert offered("priority:") == [f"priority:{value}" for value in reversed(Priority)]


def test_values_are_offered_by_what_they_begin_with_before_what_they_hold() -> None:
    assert offered("is:o") == [
        "is:overdue", "is:open", "is:on-us", "is:on-customer", "is:closed",
    ]  # fmt: skip
    assert offered("channel:per") == ["channel:in_person"]
    assert offered("is:ON_C") == ["is:on-customer"]


def test_agents_are_offered_with_me_and_nobody_first() -> None:
    assert offered("assignee:") == [
        "assignee:me", "assignee:none", "assignee:aibek", "assignee:gulnara", "assignee:asel",
    ]  # fmt: skip
    assert offered("assignee:a") == ["assignee:aibek", "assignee:asel", "assignee:gulnara"]


def test_the_tags_in_use_are_offered_and_quoted_where_they_must_be() -> None:
    assert offered("tag:") == ["tag:late-parcel", "tag:size", 'tag:"two words"']
    assert offered('tag:"two') == ['tag:"two words"']
    assert offered("tag:TWO") == ['tag:"two words"']


def test_a_tag_that_no_query_can_name_is_not_offered() -> None:
    assert offered("tag:", Known(tags=('7"', " ", "ok"))) == ["tag:ok"]


def test_times_are_offered_by_example_and_a_number_by_its_units() -> None:
    assert offered("due:to") == ["due:today", "due:tomorrow"]
    assert offered("due:<3") == ["due:<3m", "due:<3h", "due:<3d", "due:<3w"]
    assert offered("created:>-1")[0] == "created:>-1m"
    assert "created:tomorrow" not in offered("created:")


def test_a_minus_stays_before_what_is_offered() -> None:
    assert offered("-is:over") == ["-is:overdue"]
    assert offered("-ki") == ["-kind:"]
    assert offered("-") == [f"-{name}:" for name in FIELDS]


def test_a_plain_word_is_offered_as_the_value_it_may_be_meant_for() -> None:
    assert offered("overd") == ["is:overdue"]
    assert offered("compl") == ["kind:complaint"]


def test_a_plain_word_is_offered_as_a_tag_or_an_agent_only_if_asked_for() -> None:
    assert offered("gul") == offered("late") == []
    assert offered("gul", anything=True) == ["assignee:gulnara"]
    assert offered("late", anything=True) == ["tag:late-parcel"]


def test_customers_are_offered_by_any_part_of_their_names() -> None:
    known = Known(customers=("Bektur Asanov", "Acme", "Азамат Орозов"))
    assert offered("from:") == []
    assert offered("from:as", known) == ['from:"Bektur Asanov"']
    assert offered("from:ac", known) == ["from:Acme"]
    assert offered('from:"азамат', known) == ['from:"Азамат Орозов"']


@pytest.mark.parametrize("term", ["kind:comp", "is:ov", "-is:ov", "priority:hi"])
def test_the_beginning_of_a_value_is_a_mistake_until_it_is_made_whole(term: str) -> None:
    assert is_mistaken(term)
    assert not is_mistaken(offered(term)[0])


@pytest.mark.parametrize("term", ["kind:", "due:<3", "-", 'tag:"la', "kin", "tag:la", "from:ac"])
def test_a_term_that_waits_for_more_or_can_be_read_is_no_mistake(term: str) -> None:
    assert not is_mistaken(term)


def test_ordinary_words_and_phrases_are_left_alone() -> None:
    for text in ("tent", '"is:', '"a phrase', "error:404", "палатка", "帐篷", "from:Acme"):
        assert offered(text) == []


def test_what_is_mistaken_is_not_offered_again() -> None:
    assert offered("is:overdue") == []
    assert offered("is:on-us") == []
    assert offered('tag:"two words"') == []
    assert offered("assignee:me") == []


def test_between_terms_every_field_is_offered_only_if_asked_for() -> None:
    assert complete("is:open ", 8, KNOWN) == []
    found = complete("is:open ", 8, KNOWN, limit=100, anything=True)
    assert [each.text for each in found] == [f"{name}:" for name in FIELDS]


def test_the_term_at_the_cursor_is_completed_wherever_it_stands() -> None:
    line = "tent is:ov kind:request"
    (found,) = complete(line, 10, KNOWN)
    assert found.accepted(line) == ("tent is:overdue kind:request", 16)
    assert complete(line, 9, KNOWN) == []  # within the term


def test_a_whole_term_is_followed_by_a_space_and_a_field_by_nothing() -> None:
    (found,) = complete("is:ov", 5, KNOWN)
    assert found.accepted("is:ov") == ("is:overdue ", 11)
    (found,) = complete("upd", 3, KNOWN)
    assert found.accepted("upd") == ("updated:", 8)


def test_every_field_and_every_thing_that_a_view_asks_for_has_its_hint() -> None:
    for found in complete("", 0, KNOWN, limit=100, anything=True):
        assert found.hint
    for found in complete("is:", 3, KNOWN, limit=100):
        assert found.hint
    for query in filter(None, VIEWS.values()):
        assert query.split()[0] in offered(query[: query.index(":") + 1])


def test_no_more_is_offered_than_asked_for() -> None:
    assert len(complete("is:", 3, KNOWN, limit=3)) == 3


TYPED = st.lists(
    st.one_of(
        st.sampled_from(["is:", "IS:o", "kind:c", "-tag:", 'tag:"t', "due:<2", "assignee:", "co"]),
        st.sampled_from(['"two words"', "tent", " ", "-", '"', ":", "due:today", "created:>"]),
        st.text(max_size=4),
    ),
    max_size=5,
).map(" ".join)
KNOWNS = st.builds(
    Known,
    tags=st.lists(st.text(min_size=1, max_size=6), max_size=3).map(tuple),
    agents=st.lists(st.from_regex(r"[a-z][a-z.@-]{0,5}", fullmatch=True), max_size=3).map(tuple),
)


def _whole(taken: str, cursor: int, offer: Completion) -> str:
    """What was taken, with a value if it ends after a colon."""
    if not offer.text.endswith(":"):
        return taken
    return taken[:cursor] + SAMPLE.get(offer.text.strip("-:"), "x") + taken[cursor:]


@given(TYPED, st.integers(0, 40), KNOWNS, st.booleans())
def test_whatever_is_taken_can_be_read_if_the_rest_can(
    text: str, cursor: int, known: Known, anything: bool
) -> None:
    cursor = min(cursor, len(text))
    for offer in complete(text, cursor, known, limit=100, anything=anything):
        rest = text[: offer.start] + text[offer.end :]
        try:
            read(rest)
        except InvalidInput:
            assume(False)
        read(_whole(*offer.accepted(text), offer))


@given(st.text(max_size=30), st.data())
def test_any_text_can_be_asked_about(text: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(text)))
    for offer in complete(text, cursor, KNOWN, anything=True):
        assert offer.start <= cursor == offer.end


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_leads_to_something_that_can_be_read(field: str) -> None:
    for value in offered(f"{field}:") or [f"{field}:{SAMPLE.get(field, 'x')}"]:
        read(value)
