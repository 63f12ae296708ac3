"""A document that cannot be read is set aside, and all else goes on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpdesk.store.files import FileStore
from helpdesk.store.folder import UnreadableDocument
from tests.store.making import found, noted, ticket
from tests.store.programs import file_of

UNREADABLE = {
    "broken": ("{", "no JSON at line 1 column 2"),
    "a field of a wrong type": ('{"id": 2, "customer": "Sekret"}', "customer"),
    "a field that nobody knows": (None, "Sekret"),
    "an id that is another's": ('{"id": 1}', "the id inside is not that of the file"),
    "from a newer version": ('{"id": 2, "format": 99}', "newer"),
}


@pytest.mark.parametrize("name", sorted(set(UNREADABLE) - {"a field that nobody knows"}))
def test_a_document_that_cannot_be_read_is_set_aside(
    store: FileStore, tmp_path: Path, name: str
) -> None:
    text, reason = UNREADABLE[name]
    path = file_of(tmp_path, 2)
    path.write_text(text or "", "utf-8")
    assert store.catch_up() == 1
    (fault,) = store.unreadable()
    assert fault.place == "tickets/0000/000002.json"
    assert reason in fault.what
    assert "Sekret" not in fault.what
    assert found(store) == [1]
    assert [one.id for one in store.tickets()] == [1]
    with pytest.raises(UnreadableDocument) as caught:
        store.ticket(2)
    assert caught.value.exit_code == 65
    assert caught.value.message.startswith("tickets/0000/000002.json cannot be read")
    assert "Sekret" not in caught.value.message
    assert store.catch_up(thorough=True) == 0
    assert store.reindex() == 4
    assert [fault.place for fault in store.unreadable()] == ["tickets/0000/000002.json"]


def test_a_document_that_cannot_be_read_is_never_written_over(
    store: FileStore, tmp_path: Path
) -> None:
    seen = store.ticket(2)
    path = file_of(tmp_path, 2)
    path.write_text("precious, though broken", "utf-8")
    attempts: list[Callable[[Any], object]] = [
        lambda writing: writing.put(noted(seen, "over it")),
        lambda writing: writing.put(ticket(2)),
        lambda writing: writing.ticket(2),
    ]
    for attempt in attempts:
        with pytest.raises(UnreadableDocument), store.writing() as writing:
            writing.put(noted(writing.ticket(1), "together with it"))
            attempt(writing)
    store.catch_up()
    store.check(repair=True)
    store.reindex()
    assert path.read_text("utf-8") == "precious, though broken"
    assert store.ticket(1).rev == 1
    with store.writing() as writing:
        assert writing.new_ticket_id() == 3


def test_a_document_that_is_mended_comes_back(store: FileStore, tmp_path: Path) -> None:
    path = file_of(tmp_path, 2)
    text = path.read_text("utf-8")
    path.write_text("{", "utf-8")
    store.catch_up()
    path.write_text(text, "utf-8")
    assert store.catch_up() == 1
    assert store.unreadable() == []
    assert found(store) == [1, 2]


def test_a_customer_that_cannot_be_read_is_never_removed(store: FileStore, tmp_path: Path) -> None:
    path = file_of(tmp_path, 2, "customers")
    path.write_text("precious", "utf-8")
    with pytest.raises(UnreadableDocument), store.writing() as writing:
        writing.remove_customer(2)
    assert path.exists()


def test_a_document_with_an_impossible_number_does_not_stop_the_others(
    store: FileStore, tmp_path: Path
) -> None:
    fields = json.loads(file_of(tmp_path, 2).read_text("utf-8"))
    fields["customer"] = 10**30
    file_of(tmp_path, 2).write_text(json.dumps(fields), "utf-8")
    folder = tmp_path / "tickets" / ("9" * 30)
    folder.mkdir()
    (folder / ("9" * 33 + ".json")).write_text("{}")
    store.catch_up()
    assert found(store) == [1]
    assert [fault.place for fault in store.unreadable()] == ["tickets/0000/000002.json"]
