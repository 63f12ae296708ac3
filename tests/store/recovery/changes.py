"""A change of several documents, of which all is there or nothing."""

from pathlib import Path

import pytest

from helpdesk.store import durable, redo
from helpdesk.store.files import FileStore
from tests.store.making import asked, found, noted, save, ticket
from tests.store.programs import opened


def change_several(store: FileStore) -> None:
    """A change of a new ticket, a ticket, a customer, and one removed: all of it, or nothing."""
    with store.writing() as writing:
        writing.put(noted(writing.ticket(1), "merged"))
        writing.put(ticket(writing.new_ticket_id(), subject="merged"))
        writing.put(writing.customer(1).model_copy(update={"name": "merged"}))
        writing.remove_customer(2)


def is_old(store: FileStore) -> bool:
    """Whether the store is as before ``change_several``, in every document."""
    return (
        store.ticket(1).rev == 1
        and store.customer(1).rev == 1
        and store.customer(2).rev == 1
        and [one.id for one in store.tickets()] == [1, 2]
    )


def is_new(store: FileStore) -> bool:
    """Whether the store is as after ``change_several``, in every document."""
    return (
        store.ticket(1).messages[-1].text == "merged"
        and [one.subject for one in store.tickets()][2:] == ["merged"]
        and [one.name for one in store.customers()] == ["merged"]
    )


def assert_sound(desk: Path) -> None:
    """A new opener finds all or nothing, an index that agrees, and can go on working."""
    with opened(desk) as store:
        assert is_old(store) or is_new(store)
        store.catch_up()
        assert store.check() == []
        rows = {row.id for row in store.queue(asked())}
        assert rows == {one.id for one in store.tickets()}
        assert set(found(store, "merged")) == (set() if is_old(store) else {1, 2, 3})
        save(store, noted(store.ticket(2), "work goes on"))
        assert found(store, "goes") == [2]


def cut_short(store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin ``change_several`` so that only its redo file and its new files are there."""

    rename = durable.Files.rename

    def rename_no_document(files: durable.Files, source: Path, target: Path) -> None:
        if target.parent != tmp_path:
            raise KeyboardInterrupt
        rename(files, source, target)

    with monkeypatch.context() as patched:
        patched.setattr(durable.Files, "rename", rename_no_document)
        with pytest.raises(KeyboardInterrupt):
            change_several(store)
    assert (tmp_path / redo.REDO_FILE).exists()
