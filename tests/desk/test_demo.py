"""The demo: invented documents that read like a real desk, and are alive at any hour."""

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpdesk.config import load
from helpdesk.desk import demo
from helpdesk.desk.demo import (
    DUE,
    PLACEHOLDER,
    make_demo,
    read_anchor,
    shipped_customers,
    shipped_tickets,
)
from helpdesk.desk.texts import Texts
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import CannotCreate
from helpdesk.domain.invariants import faults
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.values import Value
from helpdesk.domain.words import Channel, Direction, Kind, Outcome, State
from helpdesk.resources import data_folder
from helpdesk.store.open import open_store
from helpdesk.text import clean

SOURCE = data_folder() / "demo"
ANCHOR = read_anchor(SOURCE)
BISHKEK = ZoneInfo("Asia/Bishkek")
NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)


@cache
def customers() -> dict[int, Customer]:
    return {customer.id: customer for customer in shipped_customers(SOURCE)}


@cache
def tickets() -> tuple[Ticket, ...]:
    return tuple(shipped_tickets(SOURCE))


@cache
def texts() -> Texts:
    return Texts(load(SOURCE / "desk.toml"))


@contextmanager
def a_copy(now: datetime, agent: str = "kim") -> Iterator[tuple[list[Customer], list[Ticket]]]:
    """What an agent finds on a copy made at ``now``."""
    with tempfile.TemporaryDirectory() as folder:
        path = make_demo(Path(folder) / "copy", now, agent)
        with closing(open_store(path)) as store:
            yield list(store.customers()), list(store.tickets())


def moments(value: Any) -> Iterator[datetime]:
    """Every moment within a document, in the order of its fields."""
    if isinstance(value, datetime):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from moments(part)
    elif isinstance(value, Value):
        for _, part in value:
            yield from moments(part)


def told_texts(ticket: Ticket) -> list[tuple[str, str]]:
    """For each promise, its date as the customer reads it, and the message that tells it."""
    assert ticket.customer is not None
    customer = customers()[ticket.customer]
    told = []
    for promise in ticket.promises:
        message = ticket.message(promise.told_in)
        assert message is not None
        told.append((texts().moment(customer, promise.due), message.text))
    return told


# The shipped documents


def test_the_shipped_documents_lie_where_a_desk_would_keep_them() -> None:
    for table, documents in (("customers", customers().values()), ("tickets", tickets())):
        files = sorted((SOURCE / table).rglob("*.json"))
        expected = [SOURCE / table / "0000" / f"{number:06}.json" for number in range(1, 500)]
        assert files == expected[: len(files)]
        assert [document.id for document in documents] == list(range(1, len(files) + 1))


def test_no_shipped_ticket_breaks_a_rule_of_the_promise() -> None:
    for ticket in tickets():
        assert faults(ticket) == [], ticket.id


def test_there_is_plenty_of_everything_to_look_at() -> None:
    assert len(customers()) >= 45
    assert len(tickets()) >= 110
    assert {ticket.channel for ticket in tickets()} == set(Channel)
    assert {ticket.kind for ticket in tickets()} == set(Kind)
    outcomes = {promise.outcome for ticket in tickets() for promise in ticket.promises}
    assert outcomes == set(Outcome)
    understood = [ticket.understanding for ticket in tickets() if ticket.understanding]
    assert {understanding.confirmed for understanding in understood} == {True, None}
    assert {"ky", "ru", "en", "ta", "de", "zh-Hans", "ar"} <= {
        customer.language for customer in customers().values()
    }
    assert max(len(ticket.messages) for ticket in tickets()) >= 8
    assert any(ticket.links for ticket in tickets())


def test_people_are_known_closely() -> None:
    known = customers().values()
    assert sum(bool(customer.people) for customer in known) > 25
    assert any(person.birthday for customer in known for person in customer.people)
    assert sum(customer.first_name_permitted for customer in known) >= 8
    assert sum(customer.preferences.newsletter is not None for customer in known) >= 10
    assert {len(customer.emails) for customer in known} == {0, 1, 2, 3}
    assert sum(bool(customer.ratings) for customer in known) > 20
    assert sum(bool(customer.notes) for customer in known) > 20
    assert sum(bool(customer.wishes) for customer in known) > 20


def test_nobody_in_the_demo_can_be_reached() -> None:
    for customer in customers().values():
        for email in customer.emails:
            assert email.address.split("@")[1] in {"example.com", "example.org", "example.net"}


def test_every_ticket_has_a_customer_and_an_agent_of_the_desk_if_any() -> None:
    agents = {*load(SOURCE / "desk.toml").agents, PLACEHOLDER, None}
    for ticket in tickets():
        assert ticket.customer in customers()
        assert ticket.assignee in agents
        for other in ticket.links:
            assert any(link.ticket == ticket.id for link in tickets()[other.ticket - 1].links)
    waiting = [ticket.assignee for ticket in tickets() if ticket.state is not State.CLOSED]
    assert waiting.count(PLACEHOLDER) >= 8
    assert waiting.count(None) >= 15


def test_closed_matters_say_what_came_of_them() -> None:
    closed = [ticket for ticket in tickets() if ticket.state is State.CLOSED]
    assert sum(bool(ticket.resolution) for ticket in closed) >= 25
    for ticket in closed:
        if ticket.kind is Kind.COMPLAINT:
            assert ticket.resolution, ticket.id
            assert ticket.root_cause, ticket.id


def test_what_people_wrote_is_clean_and_never_the_same() -> None:
    written = [
        message.text
        for ticket in tickets()
        for message in ticket.messages
        if message.direction is not Direction.OUT
    ]
    assert [text for text in written if clean(text) != text] == []
    lines = Counter(line for text in written for line in text.split("\n") if len(line) > 40)
    assert [line for line, times in lines.items() if times > 1] == []


def test_the_shipped_times_are_in_order_and_past() -> None:
    for ticket in tickets():
        times = [message.at for message in ticket.messages]
        assert times == sorted(times), ticket.id
        assert ticket.created == times[0]
        assert [event.at for event in ticket.history] == sorted(e.at for e in ticket.history)
        assert ticket.updated <= ANCHOR
        assert ticket.customer is not None
        assert customers()[ticket.customer].created <= ticket.created
        for promise in ticket.promises:
            assert promise.told_at < promise.due
    opened = [ticket.history[0].at for ticket in tickets()]
    assert opened == sorted(opened)


def test_every_promise_is_told_in_its_message_by_a_placeholder() -> None:
    for ticket in tickets():
        for promise in ticket.promises:
            message = ticket.message(promise.told_in)
            assert message is not None
            assert f"{{due {promise.id}}}" in message.text, ticket.id


def test_no_letter_has_a_date_written_out() -> None:
    """Another version of the library writes it in another way, and then it would not be moved."""
    for ticket in tickets():
        promises = {str(promise.id) for promise in ticket.promises}
        for message in ticket.messages:
            if message.direction is Direction.OUT:
                assert set(DUE.findall(message.text)) <= promises, ticket.id
                assert not re.search(r"20\d\d|\d\d:\d\d", message.text), ticket.id
            else:
                assert not DUE.search(message.text), ticket.id


def test_a_broken_promise_is_owned_by_the_next_answer() -> None:
    for ticket in tickets():
        for promise in ticket.broken(ANCHOR):
            later = [m for m in ticket.messages if m.is_answer and m.at > promise.due]
            assert not later or later[0].owns_delay, ticket.id


def test_placeholders_stand_for_an_agent_only() -> None:
    for ticket in tickets():
        assert PLACEHOLDER not in {message.author for message in ticket.messages}
        assert PLACEHOLDER not in {promise.told_by for promise in ticket.promises}


# The copy


@settings(max_examples=20)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
@example(datetime(2026, 11, 25, 0, 0, tzinfo=BISHKEK))
@example(datetime(2026, 11, 25, 23, 59, 59, tzinfo=BISHKEK))
@example(datetime(2026, 12, 31, 23, 45, tzinfo=BISHKEK))
@example(datetime(2028, 2, 29, 12, 0, tzinfo=BISHKEK))
@example(datetime(2027, 3, 14, 1, 59, 59, tzinfo=NEW_YORK))
@example(datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1))
@example(ANCHOR)
def test_the_desk_is_alive_at_any_hour(now: datetime) -> None:
    with a_copy(now) as (_, found):
        due = [ticket.promise.due for ticket in found if ticket.promise]
        assert sum(now > moment for moment in due) >= 32
        assert sum(now <= moment <= now + HOUR for moment in due) >= 5
        assert sum(now + HOUR < moment <= now + timedelta(hours=10) for moment in due) >= 5
        assert sum(now + timedelta(hours=10) < moment for moment in due) >= 10
        assert min(due) < now - timedelta(days=5)
        assert max(moment for moment in due if moment < now) > now - HOUR
        assert sum(ticket.state is State.ON_CUSTOMER for ticket in found) >= 18
        assert sum(ticket.state is State.CLOSED for ticket in found) >= 25
        assert all(ticket.updated <= now for ticket in found)
        assert [fault for ticket in found for fault in faults(ticket)] == []


@pytest.mark.parametrize(
    "now",
    [
        datetime(2027, 3, 14, 8, 12, 44, tzinfo=UTC),
        datetime(2026, 12, 31, 18, 1, tzinfo=UTC),
        datetime(2025, 6, 1, 0, 0, tzinfo=UTC),
    ],
)
def test_every_moment_moves_by_the_same_whole_minutes(now: datetime) -> None:
    with a_copy(now) as (people, found):
        before = [*moments(tuple(customers().values())), *moments(tickets())]
        after = [*moments(tuple(people)), *moments(tuple(found))]
        (moved,) = {new - old for old, new in zip(before, after, strict=True)}
        assert timedelta(0) <= now - (ANCHOR + moved) < timedelta(minutes=5)
        assert moved % timedelta(minutes=5) == timedelta(0)


def test_the_days_of_orders_move_while_birthdays_and_consents_stay() -> None:
    with a_copy(ANCHOR + timedelta(days=40, hours=3)) as (people, _):
        for old, new in zip(customers().values(), people, strict=True):
            assert new.people == old.people
            assert new.preferences == old.preferences
            for before, after in zip(old.orders, new.orders, strict=True):
                assert after.date - before.date == timedelta(days=40)
                assert (after.promised is None) == (before.promised is None)
                if after.promised and before.promised:
                    assert after.promised - before.promised == timedelta(days=40)


@pytest.mark.parametrize(("local", "days"), [("2026-11-25 23:59", 0), ("2026-11-26 00:01", 1)])
def test_a_day_is_one_of_the_desk(local: str, days: int) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=BISHKEK)
    now += timedelta(minutes=5) * days  # past the first step of the new day
    with a_copy(now) as (people, _):
        ordered = next(new.orders[0].date for new in people if new.orders)
        shipped = next(old.orders[0].date for old in customers().values() if old.orders)
        assert ordered - shipped == timedelta(days=days)


def test_what_customers_were_told_names_the_moved_dates() -> None:
    with a_copy(datetime(2027, 3, 20, 4, 0, tzinfo=UTC)) as (_, found):
        for old, new in zip(tickets(), found, strict=True):
            for (was, _), (date, message) in zip(told_texts(old), told_texts(new), strict=True):
                assert date in message, new.id
                assert was not in message, new.id
                assert not DUE.search(message), new.id


def test_dates_are_told_however_this_system_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Texts, "moment", lambda _, __, moment: f"<{moment.isoformat()}>")
    with a_copy(ANCHOR + timedelta(days=2)) as (_, found):
        for ticket in found:
            for date, message in told_texts(ticket):
                assert date in message, ticket.id


@given(days=st.integers(-3, 3))
@settings(max_examples=7)
def test_dates_do_not_run_into_each_other(days: int) -> None:
    """Moved by a day, the date of one promise may be that which another had before."""
    with a_copy(ANCHOR + timedelta(days=days)) as (_, found):
        for ticket in found:
            for date, message in told_texts(ticket):
                assert date in message, ticket.id


def test_what_people_wrote_themselves_stays_as_it_is() -> None:
    with a_copy(ANCHOR + timedelta(days=1)) as (_, found):
        for old, new in zip(tickets(), found, strict=True):
            for before, after in zip(old.messages, new.messages, strict=True):
                if before.direction is not Direction.OUT:
                    assert after.text == before.text


def test_whoever_opens_the_demo_finds_tickets_of_his_own() -> None:
    with a_copy(ANCHOR, agent="cholpon") as (_, found):
        mine = [ticket.id for ticket in found if ticket.assignee == "cholpon"]
        assert mine == [ticket.id for ticket in tickets() if ticket.assignee == PLACEHOLDER]
        assert not any(ticket.assignee == PLACEHOLDER for ticket in found)
        given_to = {e.detail for t in found for e in t.history if e.what == "assigned"}
        assert "cholpon" in given_to
        assert PLACEHOLDER not in given_to


def test_a_login_that_no_document_can_hold_gets_a_demo_all_the_same() -> None:
    with a_copy(ANCHOR, agent="DOMAIN\\kim lee") as (_, found):
        assert len(found) == len(tickets())


def test_the_copy_is_a_desk_whose_queue_is_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        monkeypatch.setattr(tempfile, "tempdir", temporary)
        path = make_demo(None, ANCHOR, "kim")
        assert path.parent == Path(temporary)
        assert path.name.startswith("helpdesk-demo-")
        from helpdesk.desk.desk import open_desk

        with open_desk(path, "kim") as desk:
            assert desk.name == "Ak-Sai Outfitters"
            assert desk.store.count(desk.query("")) == len(tickets())
            assert desk.store.count(desk.query("is:mine")) >= 8


def test_working_on_a_copy_leaves_the_shipped_documents_alone(tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in SOURCE.rglob("*") if path.is_file()}
    path = make_demo(tmp_path / "copy", ANCHOR, "kim")
    with closing(open_store(path)) as store, store.writing() as writing:
        ticket = writing.ticket(1)
        writing.put(ticket.model_copy(update={"subject": "changed"}))
    assert {path: path.read_bytes() for path in SOURCE.rglob("*") if path.is_file()} == before


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(CannotCreate, match="is not empty"):
        make_demo(tmp_path, ANCHOR, "kim")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotCreate, match="name another folder"):
        make_demo(tmp_path / "file" / "copy", ANCHOR, "kim")


def test_a_demo_that_fails_leaves_no_folder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CannotCreate("the disk is full")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(demo, "open_store", full)
    with pytest.raises(CannotCreate):
        make_demo(None, ANCHOR, "kim")
    assert list(tmp_path.iterdir()) == []


def test_without_room_for_temporary_files_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(**_: object) -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "mkdtemp", none)
    with pytest.raises(CannotCreate, match="--folder"):
        make_demo(None, ANCHOR, "kim")


def test_the_shipped_desk_can_be_copied_by_hand_too(tmp_path: Path) -> None:
    path = tmp_path / "by-hand"
    shutil.copytree(SOURCE, path)
    with closing(open_store(path)) as store:
        assert store.catch_up() == len(customers()) + len(tickets())
        assert store.unreadable() == []
