"""A search that does not read all of what it finds gives what one that did would give first."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.domain.query import VIEWS
from helpdesk.store import asking, holding, searching
from helpdesk.store.conditions import phrases
from helpdesk.store.files import FileStore
from tests.store.making import answered, asked, customer, noted, save, ticket

WORDS = ["tent", "tents", "tentative", "boots", "refund", "чатыр", "சப்பாத்து", "帐篷", "zip"]
TYPED = [*WORDS, "t", "te", "tent", "b", "ச", "帐", '"tent boots"', "asel", "a", "nothing"]
TERMS = ["", "is:mine", "customer:1", "id:7", "-tents", "-refund is:unassigned", '-"boots zip"']


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileStore]:
    """Sixty tickets in few words, some of which stand nearly everywhere."""
    made = FileStore(tmp_path_factory.mktemp("desk"))
    chance = random.Random(7)
    save(made, customer(1, "Asel"), customer(2, "Tent Ltd"), customer(3, "Azamat"))
    for number in range(1, 61):
        one = ticket(
            number,
            chance.choice((1, 2, 3)),
            subject=text(chance, 2),
            text=text(chance, 4),
            assignee=chance.choice((None, "aibek")),
        )
        save(made, noted(answered(one, 1, text(chance, 3)), text(chance, 1), 2))
    made.catch_up()
    yield made
    made.close()


def text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, weights=(9, 1, 1, 9, 3, 2, 1, 1, 1), k=words))


@pytest.fixture(scope="module", autouse=True)
def _a_large_desk_begins_early() -> Iterator[None]:
    """What is meant for thousands of tickets is tried on sixty."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(holding, "READ", 12)
        patch.setattr(holding, "FEW_CUSTOMERS", 1)
        patch.setattr(holding, "ENDINGS", 2)
        patch.setattr(searching, "FEW", 6)
        patch.setattr(searching, "ENOUGH", 2)
        yield


@given(
    words=st.lists(st.sampled_from(TYPED), min_size=1, max_size=3),
    more=st.sampled_from(TERMS),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
def test_what_is_found_is_what_there_is_from_the_newest_on(
    store: FileStore, words: list[str], more: str
) -> None:
    query = asked(" ".join([more, *words]))
    there = sorted((row.id for row in store.queue(query)), reverse=True)
    hits = store.search(query, limit=100)
    found = [hit.row.id for hit in hits]
    assert hits.total == len(found)
    assert sorted(found, reverse=True) == there[: len(found)]
    assert hits.more or len(found) == len(there)
    if hits.by_age:
        assert found == there[: len(found)]


def test_only_so_many_rows_are_read_of_a_word_that_stands_everywhere(store: FileStore) -> None:
    hits = store.search(asked("tent"))
    assert hits.more and hits.by_age
    assert hits.total <= holding.READ < store.count(asked("tent"))


def test_a_rare_word_tells_which_is_best_whatever_common_one_stands_beside_it(
    store: FileStore,
) -> None:
    save(
        store,
        ticket(61, subject="tent", text=f"snowshoes {'and a tent ' * 30}"),
        ticket(62, subject="tent", text=f"a tent {'and boots ' * 60} snowshoes"),
    )
    hits = store.search(asked("snowshoes tent"))
    assert [hit.row.id for hit in hits] == [61, 62]
    assert not hits.more and not hits.by_age


def test_a_beginning_is_looked_up_as_the_words_that_begin_so(store: FileStore) -> None:
    with store._keeping.reading() as db:
        assert [holding.holders(db, wanted).wanted for wanted in phrases(asked("refu"))] == [
            '"refund"'
        ]
        assert holding.holders(db, '"te"*').wanted == '"te"*'  # there is an index of these
        assert holding.holders(db, '"ten"*').wanted == '"ten"*'  # too many words begin so
        assert holding.holders(db, '"nob"*').tickets == frozenset()


def test_the_views_are_counted_without_looking_at_tickets_where_they_ask_for_nothing_rare(
    tmp_path: Path,
) -> None:
    with closing(FileStore(tmp_path)) as store:
        save(store, customer(1), ticket(1))
        views = {name: asked(text) for name, text in VIEWS.items()}
        with store._keeping.reading() as db:
            looking = {name for name in views if "tickets" in _read_by(db, views[name])}
    assert looking == {"overdue", "today"}  # which look at the promises due by then, and no others


def _read_by(db: sqlite3.Connection, query: object) -> set[str]:
    """The tables that counting looks at."""
    read: set[str] = set()

    def note(action: int, table: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_READ and table:
            read.add(table)
        return sqlite3.SQLITE_OK

    db.set_authorizer(note)
    asking.count(db, query)  # type: ignore[arg-type]
    db.set_authorizer(None)
    return read
