"""Words are found wherever a ticket says them, the best match first."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.domain.query import Query
from helpdesk.domain.ticket import Ticket
from helpdesk.store.base import Store
from tests.conftest import MONDAY
from tests.store.making import answered, asked, customer, found, noted, save, ticket


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("refund", {1}),
        ("REFUND", {1}),
        ("refu", {1}),  # perhaps still being typed
        ('"refu"', set()),
        ("refu jacket", set()),  # only the last may be unfinished
        ("refund jacket", {1}),
        ('"my refund"', {1}),
        ('"refund my"', set()),
        ("-refund", {2, 3}),
        ("jacket -refund", {2}),
        ("jacket refund -tent", {1}),
        ("балык", {2}),
        ("БАЛЫК", {2}),
        ("өткөн", {2}),
        ("наименование", {2}),
        ("பணம்", {3}),
        ("பண", {3}),
        ('"ண"', set()),  # a letter with its marks inside a word is no word
        ("退款", {3}),
        ("款", {3}),
        ("strasse", {3}),
        ("STRASSE", {3}),
        ("root", {2}),
        ("solved", {2}),
        ("understood", {2}),
        ("acme", {3}),
        ("acme tent", {3}),
        ("-acme", {1, 2}),
        ("nothing-of-the-kind", set()),
    ],
)
def test_words_are_found_wherever_the_ticket_says_them(
    store: Store, text: str, numbers: set[int]
) -> None:
    save(store, customer(1), customer(2, "Acme"))
    second = noted(ticket(2, text="балык өткөн. Наименование?"), "a jacket").model_copy(
        update={
            "root_cause": "root of it",
            "resolution": "solved so",
            "understanding": {"text": "understood so", "by": "aibek", "at": MONDAY},
        }
    )
    save(
        store,
        answered(ticket(1, subject="Jacket", text="Where is it?"), 1, "About my refund"),
        Ticket.model_validate({**dict(second), "subject": "Hat"}),
        ticket(3, 2, subject="Tent", text="பணம் 我要退款 Straße"),
    )
    assert set(found(store, text)) == numbers
    assert {hit.row.id for hit in store.search(asked(text))} <= numbers
    if text[0] != "-":
        assert {hit.row.id for hit in store.search(asked(text))} == numbers


def test_words_of_a_later_message_are_found_and_those_taken_out_are_not(store: Store) -> None:
    save(store, customer(1), ticket(1))
    save(store, noted(store.ticket(1), "ask the warehouse"))
    assert found(store, "warehouse") == found(store, "zip") == [1]
    blanked = tuple(m.model_copy(update={"text": ""}) for m in store.ticket(1).messages)
    save(store, store.ticket(1).model_copy(update={"messages": blanked}))
    assert found(store, "warehouse") == []


@given(st.text(max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_nothing_an_agent_types_breaks_the_search(store: Store, text: str) -> None:
    if not store.count(asked()):
        save(store, customer(1), ticket(1))
    for query in (Query(MONDAY, words=(text,)), Query(MONDAY, without_words=(text,))):
        assert store.count(query) in (0, 1)
        assert len(store.search(query)) in (0, 1)
    store.find_customers(text)
    store.list_customers(text)


@pytest.mark.parametrize(
    "text", ['"', '""', "*", "a*", "NEAR(a b)", "a AND", "OR", "-", "^a", "a:b", "(", "\\", "''"]
)
def test_signs_of_the_search_engine_are_only_text(store: Store, text: str) -> None:
    save(store, ticket(1))
    words = Query(now=MONDAY, words=(text,))
    assert store.count(words) in (0, 1)
    assert len(store.search(words)) in (0, 1)


def test_the_best_match_comes_first_with_the_text_around_it(store: Store) -> None:
    long = "We talked about the weather, the mountains and the lake. " * 3
    save(
        store,
        customer(1),
        ticket(1, subject="Something", text=f"{long} At the end: a refund, please. {long}"),
        ticket(2, subject="Refund", text="refund refund"),
        ticket(3, subject="Nothing", text="to see here"),
    )
    hits = store.search(asked("refund"))
    assert [hit.row.id for hit in hits] == [2, 1]
    assert "a refund, please" in hits[1].match
    assert len(hits[1].match) < 200
    assert "\n" not in hits[1].match
    assert [hit.row.id for hit in store.search(asked("refund"), limit=1)] == [2]
    assert [hit.row.id for hit in store.search(asked("refund id:1"))] == [1]
    assert store.search(asked("is:open")) == []


def test_a_ticket_counts_by_the_best_of_its_messages(store: Store) -> None:
    weather = "the weather, the mountains and the lake, " * 20
    both = noted(ticket(1, text="refund refund"), f"{weather} refund {weather}")
    save(store, both, ticket(2, text="a refund for the tent, please, as it leaks"))
    assert [hit.row.id for hit in store.search(asked("refund"))] == [1, 2]
