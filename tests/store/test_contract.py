"""What every store of a desk does, whichever way it keeps the documents.

A store that is added joins ``STORES``: everything here must hold of it as it is.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import NotFound, Unavailable
from helpdesk.domain.invariants import faults
from helpdesk.domain.query import VIEWS, Query
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind, Outcome, Priority, State
from helpdesk.store.base import Conflict, Store
from helpdesk.store.open import open_store
from tests.conftest import MONDAY
from tests.store.making import (
    after,
    answered,
    asked,
    closed,
    customer,
    found,
    noted,
    save,
    ticket,
)

Opener = Callable[[], Store]


def open_files(folder: Path) -> Store:
    """The embedded store in a folder."""
    return open_store(folder)


STORES = {"files": open_files}


@pytest.fixture(params=sorted(STORES))
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same store anew, as another program would."""
    opened: list[Store] = []

    def open_again() -> Store:
        opened.append(STORES[request.param](tmp_path))
        return opened[-1]

    yield open_again
    for store in opened:
        store.close()


@pytest.fixture
def store(opener: Opener) -> Store:
    """A store with nothing in it."""
    return opener()


# Documents


def test_what_was_saved_comes_back_as_it_was(store: Store) -> None:
    aigul = customer(1, emails=[{"address": "aigul@example.com", "label": "home"}])
    matter = answered(ticket(1, tags=("zip", "jacket")), 1)
    save(store, aigul, matter)
    assert store.customer(1) == aigul.model_copy(update={"rev": 1})
    assert store.ticket(1) == matter.model_copy(update={"rev": 1})
    assert faults(store.ticket(1)) == []


def test_what_was_saved_is_there_for_whoever_opens_next(store: Store, opener: Opener) -> None:
    save(store, customer(1), ticket(1))
    other = opener()
    assert other.ticket(1) == store.ticket(1)
    assert found(other) == [1]


def test_a_document_that_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match=r"^there is no ticket 99$"):
        store.ticket(99)
    with pytest.raises(NotFound, match=r"^there is no customer 99$"):
        store.customer(99)
    for number in (0, -1):
        with pytest.raises(NotFound):
            store.ticket(number)
    with store.writing() as writing:
        with pytest.raises(NotFound, match=r"^there is no ticket 99$"):
            writing.ticket(99)
        with pytest.raises(NotFound, match=r"^there is no customer 99$"):
            writing.customer(99)
        with pytest.raises(NotFound, match=r"^there is no customer 99$"):
            writing.remove_customer(99)


def test_documents_are_listed_by_number(store: Store) -> None:
    save(store, *(customer(n) for n in (2, 1, 3)), *(ticket(n) for n in (3, 1, 2)))
    assert [one.id for one in store.customers()] == [1, 2, 3]
    assert [one.id for one in store.tickets()] == [1, 2, 3]
    assert all(isinstance(one, Customer) for one in store.customers())
    assert all(isinstance(one, Ticket) for one in store.tickets())


# Changes


def test_every_save_counts_the_revision_up(store: Store) -> None:
    with store.writing() as writing:
        first = writing.put(ticket(1))
        second = writing.put(noted(first, "called, no answer"))
    assert (first.rev, second.rev, store.ticket(1).rev) == (1, 2, 2)
    assert store.ticket(1) == second


def test_a_change_sees_what_was_put_before_in_it(store: Store) -> None:
    with store.writing() as writing:
        writing.put(customer(1, "Нурлан"))
        assert writing.customer(1).name == "Нурлан"
        writing.remove_customer(1)
        with pytest.raises(NotFound):
            writing.customer(1)
    assert list(store.customers()) == []


def test_a_change_sees_no_more_what_it_has_removed(store: Store) -> None:
    save(store, customer(1))
    with store.writing() as writing:
        seen = writing.customer(1)
        writing.remove_customer(1)
        with pytest.raises(NotFound):
            writing.customer(1)
        with pytest.raises(NotFound):
            writing.remove_customer(1)
        with pytest.raises(Conflict):
            writing.put(seen)
    assert list(store.customers()) == []


def test_nobody_gets_a_number_that_the_same_change_has_removed(store: Store) -> None:
    save(store, customer(1))
    with store.writing() as writing:
        writing.remove_customer(1)
        with pytest.raises(Conflict):
            writing.put(customer(1, "Somebody else"))
        assert writing.new_customer_id() == 2
    assert list(store.customers()) == []
    assert store.list_customers() == []
    assert store.check() == []


def test_a_change_reads_what_others_saved_meanwhile(store: Store, opener: Opener) -> None:
    save(store, ticket(1))
    other = opener()
    with other.writing() as writing:
        writing.put(noted(writing.ticket(1), "from elsewhere"))
    with store.writing() as writing:
        assert writing.ticket(1).messages[-1].text == "from elsewhere"


def test_who_saves_what_he_read_before_another_saved_it_has_a_conflict(
    store: Store, opener: Opener
) -> None:
    save(store, customer(1), ticket(1))
    seen = store.ticket(1)
    other = opener()
    save(other, noted(other.ticket(1), "mine came first"))
    with pytest.raises(Conflict, match="ticket 1 was changed meanwhile") as caught:
        save(store, customer(2), noted(seen, "mine is late"))
    assert caught.value.exit_code == 75
    assert store.ticket(1).messages[-1].text == "mine came first"
    with pytest.raises(NotFound):
        store.customer(2)  # nothing of that change was written


def test_a_document_that_is_gone_cannot_be_saved_over(store: Store) -> None:
    save(store, customer(1))
    seen = store.customer(1)
    with store.writing() as writing:
        writing.remove_customer(1)
    with pytest.raises(Conflict):
        save(store, seen)
    with pytest.raises(NotFound):
        store.customer(1)


def test_a_new_document_never_takes_the_place_of_another(store: Store) -> None:
    save(store, ticket(1, subject="first"))
    with pytest.raises(Conflict):
        save(store, ticket(1, subject="second"))
    assert store.ticket(1).subject == "first"


def test_a_change_that_fails_leaves_nothing(store: Store, opener: Opener) -> None:
    save(store, customer(1), ticket(1))
    version = store.version()
    with pytest.raises(ZeroDivisionError), store.writing() as writing:
        writing.put(noted(writing.ticket(1), "never said"))
        writing.put(ticket(2))
        writing.remove_customer(1)
        raise ZeroDivisionError
    for seen in (store, opener()):
        assert seen.ticket(1) == ticket(1).model_copy(update={"rev": 1})
        assert seen.customer(1).name == "Айгүл Асанова"
        assert found(seen) == [1]
    assert store.version() == version


def test_a_change_of_nothing_changes_nothing(store: Store) -> None:
    save(store, ticket(1))
    version = store.version()
    with store.writing() as writing:
        writing.ticket(1)
    assert store.version() == version


def test_writers_wait_for_each_other(store: Store, opener: Opener) -> None:
    save(store, ticket(1))
    stores = [store, opener(), opener()]
    failed: list[Exception] = []

    def work(mine: Store, name: int) -> None:
        try:
            for turn in range(5):
                with mine.writing() as writing:
                    writing.put(noted(writing.ticket(1), f"{name} {turn}"))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(one, n)) for n, one in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    notes = {message.text for message in store.ticket(1).messages[2:]}
    assert notes == {f"{name} {turn}" for name in range(3) for turn in range(5)}
    assert store.ticket(1).rev == 16


# Numbers


def test_numbers_start_at_1_and_follow_each_other(store: Store, opener: Opener) -> None:
    with store.writing() as writing:
        assert [writing.new_ticket_id(), writing.new_ticket_id()] == [1, 2]
        assert writing.new_customer_id() == 1
        writing.put(customer(1))
        writing.put(ticket(1))
        writing.put(ticket(2))
    with opener().writing() as writing:
        assert writing.new_ticket_id() == 3
        assert writing.new_customer_id() == 2


def test_a_number_is_never_used_again(store: Store, opener: Opener) -> None:
    save(store, customer(1), customer(2), customer(3))
    with store.writing() as writing:
        writing.remove_customer(3)
    for again in (store, opener()):
        with again.writing() as writing:
            assert writing.new_customer_id() == 4
    store.reindex()
    with opener().writing() as writing:
        assert writing.new_customer_id() == 4


# The queue


def a_mixed_desk(store: Store) -> None:
    """1 is late at 5 hours, 2 is due later, 3 has no hurry; 4 and 5 wait on him; 6, 7 closed."""
    save(
        store,
        customer(1, "Айгүл Асанова", emails=[{"address": "aigul@example.com"}]),
        customer(2, "Acme Ltd", phones=[{"number": "+996 (555) 12-34-56"}]),
        ticket(3, 2, due=30, kind=Kind.REQUEST, channel=Channel.WEB, priority=Priority.LOW),
        ticket(2, 1, due=6, assignee="aibek", tags=("zip", "late")),
        ticket(1, 1, due=4, assignee="nazgul", tags=("zip",), opened=-30),
        answered(ticket(4, 2, kind=Kind.FEEDBACK), 1),
        answered(ticket(5, 2, channel=Channel.PHONE), 2),
        closed(answered(ticket(6, 1), 1), 1),
        closed(answered(ticket(7, 1, source="boston-311", external_id="A-7"), 3), 3),
    )


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


# Words


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


# The ledger


def test_the_ledger_holds_every_promise_by_due_time(store: Store) -> None:
    moved = Ticket.model_validate(
        {
            **dict(ticket(2, due=6)),
            "promises": [
                {
                    "id": 1, "due": after(6), "told_at": MONDAY, "told_by": "aibek", "told_in": 2,
                    "channel": "email", "rule": "complaint", "outcome": "moved",
                    "settled_at": after(1), "settled_in": 2, "reason": "a part is missing",
                },
                {
                    "id": 2, "due": after(2), "told_at": after(1), "told_by": "nazgul",
                    "told_in": 2, "channel": "email", "rule": "nazgul", "follows": 1,
                },
            ],
        }
    )  # fmt: skip
    save(store, answered(ticket(1, due=4, external_id="A-1"), 3), moved)
    rows = list(store.promises(asked()))
    assert [(row.ticket, row.promise, row.outcome) for row in rows] == [
        (2, 2, Outcome.OPEN),
        (1, 1, Outcome.KEPT),
        (2, 1, Outcome.MOVED),
    ]
    open_one, kept, gone = rows
    assert (kept.external_id, kept.customer, kept.due) == ("A-1", 1, after(4))
    assert (kept.told_by, kept.told_at, kept.settled_at) == ("aibek", MONDAY, after(3))
    assert (gone.reason, gone.rule, open_one.settled_at) == ("a part is missing", "complaint", None)
    assert [row.ticket for row in store.promises(asked("id:1"))] == [1]


def test_a_promise_past_its_time_is_broken_in_the_ledger(store: Store) -> None:
    save(store, ticket(1, due=4))
    assert [row.outcome for row in store.promises(asked(hours=4))] == [Outcome.OPEN]
    assert [row.outcome for row in store.promises(asked(hours=4.01))] == [Outcome.BROKEN]


def test_promises_due_are_counted_for_one_agent_or_for_all(store: Store) -> None:
    a_mixed_desk(store)
    assert store.promises_due(after(4), after(6), None) == 1  # the end does not belong to it
    assert store.promises_due(after(4), after(31), None) == 3
    assert store.promises_due(after(4), after(31), "aibek") == 1
    assert store.promises_due(after(4), after(31), "nobody") == 0


# Customers


def test_a_customer_is_found_by_any_contact(store: Store) -> None:
    save(
        store,
        customer(
            1,
            emails=[{"address": "Aigul@Example.com"}, {"address": "a@work.example"}],
            phones=[{"number": "+996 (555) 12-34-56"}],
            handles=[{"network": "telegram", "handle": "@Aigul_A"}],
        ),
        customer(2, "Нурлан", phones=[{"number": "00996555123456"}]),
    )
    assert store.find_customers("aigul@example.COM") == [1]
    assert store.find_customers("a@work.example") == [1]
    assert store.find_customers("996 555 123456") == [1, 2]
    assert store.find_customers("+996555123456") == [1, 2]
    assert store.find_customers("aigul_a") == store.find_customers("@AIGUL_A") == [1]
    assert store.find_customers("igul@example.com") == []
    assert store.find_customers("555123456") == []
    assert store.find_customers("") == []


def test_customers_are_found_by_an_order_however_it_is_written(store: Store) -> None:
    save(
        store,
        customer(1, orders=[{"number": "AS-31477", "date": "2026-02-01"}]),
        customer(2, orders=[{"number": "A-17", "date": "2026-02-01"}]),
        ticket(1, 1),
        ticket(2, 2),
    )
    for number in ("AS-31477", "as31477", "AS 31477", "31477"):
        assert store.with_order(number) == [1]
    assert store.with_order("a-17") == [2]
    assert store.with_order("17") == store.with_order("3147") == store.with_order("") == []
    assert store.find_customers("31477") == []  # it is nobody's address: no mail is his by it
    assert found(store, "AS-31477") == [1]
    assert {hit.row.id for hit in store.search(asked("as-31477"))} == {1}
    save(store, store.customer(1).model_copy(update={"orders": ()}))
    assert store.with_order("AS-31477") == [] and found(store, "AS-31477") == []


def test_a_ticket_is_found_by_its_customers_address(store: Store) -> None:
    emails = [{"address": "ann.lee@example.com"}]
    save(
        store,
        customer(1, emails=emails, handles=[{"network": "telegram", "handle": "@annlee"}]),
        customer(2, "Ann"),
    )
    save(store, ticket(1, 1), ticket(2, 2), ticket(3, 2, text="Ask ann.lee@example.com instead."))
    for text in ("ann.lee@example.com", "Ann.Lee@EXAMPLE.com", '"ann.lee@example.com"'):
        assert set(found(store, text)) == {1, 3}
        assert {hit.row.id for hit in store.search(asked(text))} == {1, 3}
    assert found(store, "@annlee") == [1]
    save(store, store.customer(1).model_copy(update={"emails": ()}))
    assert found(store, "ann.lee@example.com") == [3]


def test_a_contact_that_was_taken_away_finds_nobody(store: Store) -> None:
    save(store, customer(1, emails=[{"address": "old@example.com"}]))
    save(store, store.customer(1).model_copy(update={"emails": ()}))
    assert store.find_customers("old@example.com") == []


def test_customers_are_listed_by_name(store: Store) -> None:
    save(
        store,
        customer(1, "нурлан"),
        customer(2, "Айгүл", emails=[{"address": "aigul@example.com"}]),
        customer(3, "Бермет", phones=[{"number": "+996 555 12 34 56"}]),
        ticket(1, 3),
        ticket(2, 3),
        closed(answered(ticket(3, 3), 1), 1),
    )
    rows = store.list_customers()
    assert [(row.id, row.name, row.contact, row.open_tickets) for row in rows] == [
        (2, "Айгүл", "aigul@example.com", 0),
        (3, "Бермет", "+996 555 12 34 56", 2),
        (1, "нурлан", "", 0),
    ]
    assert [row.id for row in store.list_customers(limit=1)] == [2]
    assert [row.id for row in store.list_customers("НУР")] == [1]
    assert [row.id for row in store.list_customers("aigul айг")] == [2]
    assert [row.id for row in store.list_customers("99655512")] == [3]
    assert store.list_customers("nobody") == []


def test_what_an_import_made_is_found_by_its_record(store: Store) -> None:
    save(
        store,
        customer(1, source="cfpb", external_id="17"),
        ticket(1, source="cfpb", external_id="17"),
        ticket(2, source="boston-311", external_id="17"),
    )
    assert store.imported_ticket("cfpb", "17") == 1
    assert store.imported_ticket("boston-311", "17") == 2
    assert store.imported_ticket("cfpb", "18") is None
    assert store.imported_customer("cfpb", "17") == 1
    assert store.imported_customer("boston-311", "17") is None


# What others see, and what is derived


def test_a_change_shows_to_everybody(store: Store, opener: Opener) -> None:
    other = opener()
    seen = {store.version()}
    assert other.version() in seen
    for change in (ticket(1), customer(1), noted(ticket(1), "more").model_copy(update={"rev": 1})):
        save(store, change)
        assert other.version() == store.version()
        assert store.version() not in seen
        seen.add(store.version())


def test_reading_and_catching_up_with_nothing_new_change_nothing(store: Store) -> None:
    a_mixed_desk(store)
    store.catch_up()
    version = store.version()
    assert store.catch_up() == store.catch_up(thorough=True) == 0
    found(store, "zip")
    list(store.promises(asked()))
    assert store.version() == version


def test_what_is_derived_can_be_built_anew(store: Store) -> None:
    a_mixed_desk(store)
    queue, ledger = store.queue(asked()), list(store.promises(asked()))
    steps: list[tuple[int, int]] = []
    assert store.reindex(lambda done, total: steps.append((done, total))) == 9
    assert steps[-1] == (9, 9)
    assert store.queue(asked()) == queue
    assert list(store.promises(asked())) == ledger
    assert set(found(store, "zip")) == {1, 2, 3, 4, 5, 6, 7}
    assert store.find_customers("aigul@example.com") == [1]


def test_a_sound_desk_has_no_faults(store: Store) -> None:
    a_mixed_desk(store)
    steps: list[tuple[int, int]] = []
    assert store.check(progress=lambda done, total: steps.append((done, total))) == []
    assert steps[-1] == (9, 9)
    assert store.check(repair=True) == []
    assert store.unreadable() == []


def test_a_reference_to_what_is_not_there_is_a_fault(store: Store) -> None:
    links = {"links": [{"ticket": 8}]}
    save(store, Ticket.model_validate({**dict(ticket(1, customer=5)), **links}))
    whats = [fault.what for fault in store.check(repair=True)]
    assert whats == [
        "refers to customer 5, which is not there",
        "refers to ticket 8, which is not there",
    ]


def test_a_ticket_that_breaks_a_rule_is_a_fault_that_is_only_reported(store: Store) -> None:
    save(store, customer(1), ticket(1, promises=()))
    for repair in (False, True):
        (fault,) = store.check(repair=repair)
        assert "standing promises" in fault.what
        assert not fault.repaired
    assert store.ticket(1).promises == ()


def test_what_was_removed_leaves_no_trace(store: Store) -> None:
    a_mixed_desk(store)
    with store.writing() as writing:
        writing.remove_customer(2)
    store.forget()
    assert store.find_customers("+996555123456") == []
    assert [row.id for row in store.list_customers()] == [1]
    assert found(store, "acme") == []
    assert found(store) == [1, 2, 3, 5, 4, 7, 6]


def test_a_store_is_read_in_many_threads_at_once(store: Store) -> None:
    a_mixed_desk(store)
    results: list[list[int]] = []
    threads = [
        threading.Thread(target=lambda: results.append(found(store, "zip"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[1, 2, 3, 5, 4, 7, 6]] * 8


def test_many_documents_saved_at_once_are_all_there(store: Store, opener: Opener) -> None:
    save(store, customer(1), *(ticket(n, due=n) for n in range(1, 41)))
    for seen in (store, opener()):
        assert [row.id for row in seen.queue(asked(), limit=100)] == list(range(1, 41))
        assert len(list(seen.tickets())) == 40


def test_a_closed_store_says_so(store: Store) -> None:
    save(store, ticket(1))
    store.close()
    store.close()
    with pytest.raises(Unavailable, match="the desk is closed"):
        store.count(asked())
