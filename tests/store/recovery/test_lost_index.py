"""An index that is lost, spoilt or of another desk is built anew, and nobody's work is lost."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.domain.errors import BadConfiguration, TryAgain
from helpdesk.store.files import FileStore
from helpdesk.store.index import Index
from helpdesk.store.schema import SCHEMA
from tests.store.making import asked, found, noted, save, ticket
from tests.store.programs import opened
from tests.store.recovery.losing import (
    LOST,
    emptied,
    garbage,
    of_an_older_version,
    say_version,
    torn,
    without_its_file,
    without_its_folder,
    without_its_link,
    without_knowing_what_it_holds,
)


def test_a_desk_copied_without_its_index_is_built_up(store: FileStore, tmp_path: Path) -> None:
    for kind in ("tickets", "customers"):
        shutil.copytree(tmp_path / kind, tmp_path / "copy" / kind)
    with opened(tmp_path / "copy") as copied:
        assert copied.catch_up() == 4
        assert found(copied) == [1, 2]
        assert copied.check() == []


def test_a_copied_index_is_not_trusted_as_it_may_be_of_two_states(
    store: FileStore, tmp_path: Path
) -> None:
    copy = tmp_path.with_name("copy of the desk")
    shutil.copytree(tmp_path, copy, symlinks=True)
    with sqlite3.connect(copy / ".cache" / "index.sqlite") as db:
        db.execute("DELETE FROM promises")
    db.close()
    with opened(copy) as copied:
        assert copied.catch_up() == 4
        assert len(list(copied.promises(asked()))) == 2
        assert copied.check() == []
        copied.close()
    with opened(copy) as again:
        assert again.catch_up() == 0


def test_a_desk_that_is_moved_keeps_its_index(store: FileStore, tmp_path: Path) -> None:
    store.close()
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    with opened(moved) as again:
        assert found(again) == [1, 2]
        assert again.catch_up() == 0
    moved.rename(tmp_path)


@pytest.mark.parametrize("lose", [*LOST, without_knowing_what_it_holds])
def test_an_index_that_was_lost_is_built_anew_at_the_next_opening(
    store: FileStore, tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    store.close()
    lose(tmp_path)
    with opened(tmp_path) as again:
        assert again.catch_up() == 4
        assert found(again) == [1, 2]
        assert again.check() == []
    assert len(list((tmp_path / ".cache").glob("index-*.sqlite"))) == 1


def test_torn_pages_of_an_index_are_noticed_and_mended(store: FileStore, tmp_path: Path) -> None:
    with opened(tmp_path) as checkpointing:
        checkpointing._keeping.index.rewrite()
    store._keeping.index.close()
    torn(tmp_path)
    with opened(tmp_path) as again:
        again._keeping._opened = True
        assert found(again, "tent") == [2]
    torn(tmp_path)
    with opened(tmp_path) as again:
        again._keeping._opened = True
        save(again, noted(again.ticket(1), "work goes on"))
        assert found(again, "goes") == [1]
        assert again.check() == []
    torn(tmp_path)
    with opened(tmp_path) as again:
        assert [fault.repaired for fault in again.check(repair=True)] == [True]
        assert again.check() == []


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE tickets SET rank = 77",
        "UPDATE tickets SET channel = 'pigeon'",
        "UPDATE tickets SET due = 9223372036854775807",
        "UPDATE tickets SET subject = CAST(x'ff5a' AS TEXT)",
        "UPDATE customers SET name = CAST(x'ff5a' AS TEXT)",
        "UPDATE promises SET outcome = 'forgotten'",
    ],
)
def test_an_index_that_says_what_no_document_can_say_is_built_anew(
    store: FileStore, tmp_path: Path, spoil: str
) -> None:
    with sqlite3.connect(tmp_path / ".cache" / "index.sqlite") as db:
        db.execute(spoil)
    db.close()
    if "promises" in spoil:
        with pytest.raises(TryAgain, match="built anew"):
            list(store.promises(asked()))
    assert sorted(row.subject for row in store.queue(asked())) == sorted(
        one.subject for one in store.tickets()
    )
    assert [row.outcome for row in store.promises(asked())] == ["open", "open"]
    assert [row.name for row in store.list_customers()] == [one.name for one in store.customers()]
    assert store.check() == []


@pytest.mark.parametrize("lose", LOST)
def test_who_writes_first_to_a_lost_index_loses_nothing(
    store: FileStore, tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    store.close()
    lose(tmp_path)
    with opened(tmp_path) as again:
        with again.writing() as writing:
            assert (writing.new_ticket_id(), writing.new_customer_id()) == (3, 3)
            writing.put(ticket(3, subject="New"))
        assert found(again) == [3]
        assert again.catch_up() == 4
        assert set(found(again)) == {1, 2, 3}
        assert again.check() == []


@pytest.mark.parametrize(
    "lose",
    [garbage, emptied, without_its_file, without_its_link, without_its_folder, of_an_older_version],
)
def test_an_index_lost_under_an_open_desk_is_built_anew(
    store: FileStore, tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    found(store)
    lose(tmp_path)
    if lose is of_an_older_version:
        store._keeping.index._drop_idle()
    version = store.version()
    assert found(store) == [1, 2]
    save(store, noted(store.ticket(1), "work goes on"))
    assert store.version() != version
    assert found(store, "goes") == [1]


def test_an_older_program_leaves_the_index_and_the_documents_of_a_newer_one_as_they_are(
    store: FileStore, tmp_path: Path
) -> None:
    seen = store.ticket(1)
    index = (tmp_path / ".cache" / "index.sqlite").resolve()
    store._keeping.index._drop_idle()
    say_version(index, SCHEMA + 1)
    with opened(tmp_path) as opened_later:
        for older in (store, opened_later):
            for what in (
                lambda older=older: found(older),
                lambda older=older: save(older, noted(seen, "too late")),
                older.catch_up,
                older.reindex,
                older.check,
            ):
                with pytest.raises(BadConfiguration, match="a newer helpdesk works at this desk"):
                    what()
    assert (tmp_path / ".cache" / "index.sqlite").resolve() == index
    say_version(index, SCHEMA)
    with opened(tmp_path) as newer:
        assert found(newer) == [1, 2] and newer.ticket(1).rev == seen.rev


def test_an_index_built_anew_is_used_by_everybody_who_has_the_desk_open(
    store: FileStore, tmp_path: Path
) -> None:
    with opened(tmp_path) as other:
        assert found(other) == [1, 2]
        version = other.version()
        store.reindex()
        assert other.version() != version
        save(store, noted(store.ticket(1), "in the new one"))
        assert found(other, "new") == [1]
        save(other, noted(other.ticket(2), "new as well"))
        assert set(found(store, "new")) == {1, 2}
    assert len(list((tmp_path / ".cache").glob("index-*.sqlite"))) == 1


def test_what_is_written_while_an_index_is_built_is_in_it(store: FileStore, tmp_path: Path) -> None:
    with opened(tmp_path) as other:

        def write_meanwhile(done: int, total: int) -> None:
            if other.ticket(1).rev == 1:
                save(other, noted(other.ticket(1), "meanwhile"), ticket(3))

        store.reindex(write_meanwhile)
        assert found(store, "meanwhile") == [1]
        assert set(found(store)) == {1, 2, 3}
        assert store.check() == []


def test_two_who_build_the_index_at_once_end_with_one(store: FileStore, tmp_path: Path) -> None:
    with opened(tmp_path) as other:

        def build_too(done: int, total: int) -> None:
            if not ready:
                ready.append(other.reindex())

        ready: list[int] = []
        assert store.reindex(build_too) == 4
        assert ready == [4]
        save(other, noted(other.ticket(1), "after both"))
        assert found(store, "after") == [1]
        assert store.check() == []
    assert len(list((tmp_path / ".cache").glob("index-*.sqlite"))) == 1


def test_who_begins_to_build_the_index_as_another_ends_goes_on_with_that_one(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = Index._create
    with opened(tmp_path) as other:

        def late(self: Index) -> None:
            monkeypatch.undo()
            other.reindex()
            create(self)

        monkeypatch.setattr(Index, "_create", late)
        assert store.reindex() == 4
        assert store.check() == []
    assert len(list((tmp_path / ".cache").glob("index-*.sqlite"))) == 1
