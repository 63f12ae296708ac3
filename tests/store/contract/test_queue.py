"""The queue: who answers a query, in which order, and how many there are."""

from datetime import timedelta

import pytest

from helpdesk.domain.query import VIEWS
from helpdesk.domain.words import Channel, Kind, Priority, State
from helpdesk.store.base import Store
from tests.conftest import MONDAY
from tests.store.contract.stores import a_mixed_desk
from tests.store.making import after, answered, asked, closed, found, noted, save, ticket


def test_the_queue_is_ordered_by_what_was_promised(store: Store) -> None:
    a_mixed_desk(store)
    # Waiting on us by due time; then on customers, what moved last first; then closed likewise.
    assert found(store) == [1, 2, 3, 5, 4, 7, 6]


def test_an_answer_moves_a_ticket_down_the_queue(store: Store) -> None:
    a_mixed_desk(store)
    save(store, answered(store.ticket(1), 3))
    assert found(store) == [2, 3, 1, 5, 4, 7, 6]


def test_a_row_says_what_the_ticket_says(store: Store) -> None:
    a_mixed_desk(store)
    first, *_, last = store.queue(asked("id:2")) + store.queue(asked("id:7"))
    assert (first.id, first.subject, first.customer_id) == (2, "Zip of the jacket is broken", 1)
    assert (first.customer_name, first.assignee, first.tags) == (
        "Айгүл Асанова", "aibek", ("zip", "late"),
    )  # fmt: skip
    assert (first.kind, first.channel) == (Kind.COMPLAINT, Channel.EMAIL)
    assert (first.state, first.priority) == (State.ON_US, Priority.NORMAL)
    assert (first.due, first.created, first.updated) == (after(6), MONDAY, MONDAY)
    assert (last.state, last.due, last.external_id) == (State.CLOSED, None, "A-7")
    assert not first.is_overdue(after(6))
    assert first.is_overdue(after(6) + timedelta(microseconds=1))


def test_moments_are_kept_to_the_microsecond_and_before_1970(store: Store) -> None:
    moments = [MONDAY.replace(microsecond=123457), MONDAY.replace(year=1969, microsecond=999999)]
    save(
        store,
        *(
            ticket(n, updated=moment, created=moment, messages=(), promises=())
            for n, moment in enumerate(moments, start=1)
        ),
    )
    rows = {row.id: row for row in store.queue(asked())}
    assert [rows[1].updated, rows[2].updated] == moments
    assert [rows[1].created, rows[2].created] == moments


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("is:overdue", {1}),
        ("-is:overdue", {2, 3, 4, 5, 6, 7}),
        ("is:open", {1, 2, 3, 4, 5}),
        ("-is:open", {6, 7}),
        ("is:on-us", {1, 2, 3}),
        ("is:on-customer", {4, 5}),
        ("is:closed", {6, 7}),
        ("is:mine", {2}),
        ("-is:mine", {1, 3, 4, 5, 6, 7}),
        ("is:unassigned", {3, 4, 5, 6, 7}),
        ("-is:unassigned", {1, 2}),
        ("state:on_customer", {4, 5}),
        ("-state:closed kind:complaint", {1, 2, 5}),
        ("kind:request", {3}),
        ("-kind:complaint", {3, 4}),
        ("channel:phone", {5}),
        ("priority:low", {3}),
        ("-priority:low is:on-us", {1, 2}),
        ("assignee:nazgul", {1}),
        ("-assignee:nazgul is:on-us", {2, 3}),
        ("assignee:none is:on-us", {3}),
        ("customer:2", {3, 4, 5}),
        ("-customer:2 is:on-us", {1, 2}),
        ("customer:99", set()),
        ("from:acme", {3, 4, 5}),
        ("from:ACME", {3, 4, 5}),
        ("from:асанова", {1, 2, 6, 7}),
        ("from:aigul@", {1, 2, 6, 7}),
        ("from:555", {3, 4, 5}),
        ('from:"555 12 34"', {3, 4, 5}),
        ("-from:acme is:on-us", {1, 2}),
        ("from:%", set()),
        ("tag:zip", {1, 2}),
        ("tag:ZIP", {1, 2}),
        ("-tag:late is:on-us", {1, 3}),
        ("tag:zip -tag:late", {1}),
        ("external:A-7", {7}),
        ("-external:A-7 is:closed", {6}),
        ("id:3", {3}),
        ("-id:3 is:on-us", {1, 2}),
        ("due:today", {1, 2}),
        ("due:tomorrow", {3}),
        ("-due:today", {3, 4, 5, 6, 7}),
        ("due:<2h", {1, 2}),
        ("due:>2h", {3}),
        ("due:2026-03-03", {3}),
        ("due:<2026-03-03", {1, 2}),
        ("created:yesterday", {1}),
        ("created:<2026-03-02", {1}),
        ("-created:<2026-03-02", {2, 3, 4, 5, 6, 7}),
        ("updated:today is:closed", {6, 7}),
        ("updated:>3h is:closed", {6}),
    ],
)
def test_a_query_finds_the_tickets_it_names(store: Store, text: str, numbers: set[int]) -> None:
    a_mixed_desk(store)
    assert set(found(store, text, hours=5)) == numbers
    assert store.count(asked(text, 5)) == len(numbers)


def test_a_promise_is_overdue_only_after_its_time(store: Store) -> None:
    save(store, ticket(1, due=4))
    assert found(store, "is:overdue", hours=4) == []
    assert found(store, "is:overdue", hours=4 + 1 / 3600) == [1]


def test_pages_of_the_queue_add_up_to_the_queue(store: Store) -> None:
    a_mixed_desk(store)
    whole = store.queue(asked())
    pages = [store.queue(asked(), offset=start, limit=2) for start in range(0, 8, 2)]
    assert [row for page in pages for row in page] == whole
    assert store.queue(asked(), offset=7) == []
    assert store.queue(asked(), limit=0) == []


def test_every_ticket_knows_its_place(store: Store) -> None:
    a_mixed_desk(store)
    for text in ("", "is:open", "customer:1", "zip"):
        rows = store.queue(asked(text))
        assert [store.place_of(asked(text), row.id) for row in rows] == list(range(len(rows)))
    assert store.place_of(asked("is:closed"), 1) is None
    assert store.place_of(asked(), 99) is None


def test_tickets_are_asked_whether_they_answer_a_query(store: Store) -> None:
    a_mixed_desk(store)
    every = [row.id for row in store.queue(asked())]
    for text in ("", "is:open", "-is:open", "customer:1", "zip", "is:open zip"):
        found = {row.id for row in store.queue(asked(text))}
        assert store.which(asked(text), [*every, 99]) == found
    assert store.which(asked(), []) == set()


def test_views_are_counted_together(store: Store) -> None:
    a_mixed_desk(store)
    counts = store.counts({name: asked(text, 5) for name, text in VIEWS.items()})
    assert counts == {
        "overdue": 1, "today": 2, "mine": 1, "unassigned": 3,
        "on-us": 3, "on-customer": 2, "closed": 2, "all": 7,
    }  # fmt: skip


def test_counts_follow_whatever_becomes_of_tickets(store: Store) -> None:
    a_mixed_desk(store)
    save(store, closed(answered(store.ticket(1), 1), 2))
    save(store, store.ticket(3).model_copy(update={"assignee": "aibek"}))
    save(store, noted(store.ticket(2), "no other state", 1))
    for text in (*VIEWS.values(), "assignee:nazgul", "-assignee:aibek is:open", "state:on_us"):
        assert store.count(asked(text)) == len(store.queue(asked(text))), text


def test_a_new_name_of_a_customer_shows_in_the_queue(store: Store) -> None:
    a_mixed_desk(store)
    renamed = store.customer(2).model_copy(update={"name": "Beta GmbH"})
    save(store, renamed)
    assert {row.customer_name for row in store.queue(asked("customer:2"))} == {"Beta GmbH"}
    assert set(found(store, "from:beta")) == set(found(store, "beta")) == {3, 4, 5}
    assert found(store, "from:acme") == found(store, "acme") == []


def test_a_ticket_whose_customer_was_removed_stays_in_the_queue(store: Store) -> None:
    a_mixed_desk(store)
    with store.writing() as writing:
        writing.remove_customer(2)
        for number in (3, 4, 5):
            erased = {"customer": None, "erased": True, "messages": (), "subject": "erased"}
            writing.put(writing.ticket(number).model_copy(update=erased))
    row = store.queue(asked("id:3"))[0]
    assert (row.customer_id, row.customer_name) == (None, "")
    assert found(store, "from:acme") == []
    assert set(found(store, "-from:acme is:on-us")) == {1, 2, 3}
    assert set(found(store, "-customer:2 is:on-us")) == {1, 2, 3}
    assert found(store, "acme") == []
    assert set(found(store, "-acme is:on-us")) == {1, 2, 3}
    assert found(store, "-from:асанова is:on-us") == found(store, "-асанова is:on-us") == [3]


def test_a_span_holds_its_start_but_not_its_end(store: Store) -> None:
    save(store, ticket(1, due=4))
    assert found(store, "due:<2h", hours=2) == []
    assert found(store, "due:>2h", hours=2) == [1]


def test_a_ticket_that_waits_on_us_without_a_promise_stands_behind_those_with_one(
    store: Store,
) -> None:
    save(store, ticket(1, promises=()), ticket(2), answered(ticket(3), 1))
    assert found(store) == [2, 1, 3]
    assert found(store, "due:>1h") == [2]
    assert found(store, "is:overdue", hours=1000) == [2]


def test_tags_are_listed_by_how_much_they_are_used(store: Store) -> None:
    a_mixed_desk(store)
    assert store.tags() == ["zip", "late"]
    save(store, store.ticket(1).model_copy(update={"tags": ()}))
    save(store, store.ticket(2).model_copy(update={"tags": ("late",)}))
    assert store.tags() == ["late"]
