"""A number is never given twice, whatever is lost."""

import json
import os
from pathlib import Path

import pytest

from helpdesk.domain.errors import Unavailable
from helpdesk.store.files import FileStore
from tests.store.making import customer, noted, save, ticket
from tests.store.programs import file_of, opened
from tests.store.recovery.losing import without_its_folder


def test_numbers_are_not_used_again_though_the_index_is_lost(
    store: FileStore, tmp_path: Path
) -> None:
    save(store, customer(3))
    for number in (3, 2):
        with store.writing() as writing:
            writing.remove_customer(number)
    store.close()
    without_its_folder(tmp_path)
    with opened(tmp_path) as again:
        with again.writing() as writing:
            assert writing.new_customer_id() == 4
        again.catch_up()
        with again.writing() as writing:
            assert writing.new_customer_id() == 4


def test_a_number_that_was_told_is_not_used_again_though_ticket_and_index_are_gone(
    store: FileStore, tmp_path: Path
) -> None:
    with store.writing() as writing:
        number = writing.new_ticket_id()
        writing.put(ticket(number))
    store.close()
    file_of(tmp_path, number).unlink()
    without_its_folder(tmp_path)
    with opened(tmp_path) as again:
        again.catch_up()
        with again.writing() as writing:
            assert writing.new_ticket_id() == number + 1
        (fault,) = again.check()
        assert fault.place == f"tickets/0000/{number:06}.json"


NESTED = "[" * 100_000


@pytest.mark.parametrize(
    "note",
    ["", "{", "[]", '{"tickets": "9"}', '{"tickets": 1e3}', '{"tickets": 9999999999999}',
     "\x00" * 9, "x" * 999, NESTED],
    ids=lambda note: repr(note[:20]),
)  # fmt: skip
def test_a_note_of_the_numbers_given_that_says_nothing_hinders_nobody(
    store: FileStore, tmp_path: Path, note: str
) -> None:
    (tmp_path / "given.json").write_text(note)
    with store.writing() as writing:
        number = writing.new_ticket_id()
        writing.put(ticket(number))
    assert json.loads((tmp_path / "given.json").read_text()) == {"tickets": number}


def test_a_pipe_in_the_place_of_that_note_holds_nobody_up(store: FileStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "given.json")
    # Whoever opened it to read would wait here for ever.
    with store.writing() as writing:
        writing.put(ticket(writing.new_ticket_id()))
    assert store.check() == []


def test_a_ticket_that_was_not_saved_was_given_no_number(store: FileStore, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), store.writing() as writing:
        writing.put(ticket(writing.new_ticket_id()))
        raise RuntimeError
    assert not (tmp_path / "given.json").exists()


@pytest.mark.parametrize("text", ["{", NESTED], ids=lambda text: repr(text[:20]))
def test_numbers_that_cannot_be_read_stop_a_new_number_and_nothing_else(
    store: FileStore, tmp_path: Path, text: str
) -> None:
    (tmp_path / "numbers.json").write_text(text)
    save(store, noted(store.ticket(1), "work goes on"))
    with pytest.raises(Unavailable, match=r"^numbers.json cannot be read"), store.writing() as w:
        w.new_ticket_id()
    assert "numbers.json" in [fault.place for fault in store.check()]
