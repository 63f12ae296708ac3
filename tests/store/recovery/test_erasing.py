"""Nothing of an erased person is left in the folder."""

import sqlite3
from pathlib import Path

import pytest

from helpdesk.store import connecting
from helpdesk.store.files import FileStore
from tests.store.making import answered, customer, found, save, ticket


def test_nothing_of_an_erased_person_is_left_in_the_folder(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_open = connecting.connect

    def open_careless(file: Path, **how: bool) -> sqlite3.Connection:
        connection = really_open(file, **how)
        connection.execute("PRAGMA secure_delete = OFF")  # as most builds of SQLite have it
        return connection

    monkeypatch.setattr(connecting, "connect", open_careless)
    store._keeping.index._drop_idle()
    save(
        store,
        customer(3, "Xanthippe", emails=[{"address": "xanthippe@example.com"}]),
        answered(ticket(3, 3, text="I am xanthippe and live in Babadag. " * 3000), 1),
    )
    assert traces(tmp_path, b"xanthippe", b"babadag")
    with store.writing() as writing:
        blank = {"customer": None, "erased": True, "subject": "", "messages": ()}
        writing.put(writing.ticket(3).model_copy(update=blank))
        writing.remove_customer(3)
    leftover = tmp_path / "customers" / "0000" / ".000003.json.0a1b.tmp"
    leftover.write_text("Xanthippe")
    (tmp_path / ".cache" / "index-0a1b.sqlite-wal").write_text("Xanthippe")
    store.forget()
    assert traces(tmp_path, b"xanthippe", b"babadag") == []
    assert found(store) == [1, 2, 3]


def traces(desk: Path, *words: bytes) -> list[Path]:
    return [
        path
        for path in desk.rglob("*")
        if path.is_file() and any(word in path.read_bytes().lower() for word in words)
    ]
