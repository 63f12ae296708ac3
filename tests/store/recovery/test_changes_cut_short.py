"""A change that was cut short is finished by whoever comes next."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.store import redo
from helpdesk.store.files import FileStore
from tests.store.making import found, noted, save
from tests.store.programs import opened
from tests.store.recovery.changes import assert_sound, cut_short, is_new, is_old


def test_a_change_cut_short_is_finished_by_whoever_opens_next(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(store, tmp_path, monkeypatch)
    assert is_old(store)
    with opened(tmp_path) as after:
        assert is_new(after)
    assert not (tmp_path / redo.REDO_FILE).exists()
    assert_sound(tmp_path)


def test_a_change_cut_short_is_finished_before_the_next_write(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(store, tmp_path, monkeypatch)
    with store.writing() as writing:
        assert writing.ticket(1).messages[-1].text == "merged"
    assert is_new(store)
    assert set(found(store, "merged")) == {1, 2, 3}


def test_what_cannot_be_read_in_the_place_of_a_document_gives_way_to_a_change_cut_short(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(store, tmp_path, monkeypatch)
    place = tmp_path / "tickets" / "0000" / "000001.json"
    place.unlink()
    place.symlink_to(place.name)
    with opened(tmp_path) as after:
        assert is_new(after)
    assert_sound(tmp_path)


def test_finishing_twice_is_as_good_as_once(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(store, tmp_path, monkeypatch)
    plan = (tmp_path / redo.REDO_FILE).read_bytes()
    redo.finish(tmp_path)
    (tmp_path / redo.REDO_FILE).write_bytes(plan)
    redo.finish(tmp_path)
    assert not (tmp_path / redo.SET_ASIDE).exists()
    assert is_new(store)


@pytest.mark.parametrize(
    "plan",
    [
        b"",
        b"{",
        b"[]",
        b'{"write": [1], "remove": []}',
        b'{"write": [{"source": "a", "target": "tickets/0000/000001.json", "sha256": "",'
        b' "rev": "1"}], "remove": []}',
        b"[" * 100_000,
    ],
    ids=lambda plan: repr(plan[:20]),
)
def test_a_redo_file_that_cannot_be_read_is_set_aside_and_reported(
    store: FileStore, tmp_path: Path, plan: bytes
) -> None:
    (tmp_path / redo.REDO_FILE).write_bytes(plan)
    save(store, noted(store.ticket(1), "work goes on"))
    assert (tmp_path / redo.SET_ASIDE).read_bytes() == plan
    assert [fault.place for fault in store.check(repair=True)] == [redo.SET_ASIDE]


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_redo_file_that_is_no_plain_file_is_set_aside(
    store: FileStore, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / redo.REDO_FILE)
    save(store, noted(store.ticket(1), "work goes on"))
    assert os.path.lexists(tmp_path / redo.SET_ASIDE)


def test_a_redo_file_never_reaches_out_of_the_desk(store: FileStore, tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside"
    outside.write_text("precious")
    plan = {"format": 1, "write": [], "remove": ["../outside", str(outside)]}
    (tmp_path / redo.REDO_FILE).write_text(json.dumps(plan))
    save(store, noted(store.ticket(1), "work goes on"))
    assert outside.read_text() == "precious"


def test_a_change_whose_new_files_were_taken_away_is_set_aside_and_reported(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(store, tmp_path, monkeypatch)
    next((tmp_path / "tickets" / "0000").glob(".000001*.tmp")).unlink()
    save(store, noted(store.ticket(2), "work goes on"))
    assert (tmp_path / redo.SET_ASIDE).exists()
    assert redo.SET_ASIDE in [fault.place for fault in store.check()]


def test_a_redo_file_in_a_copy_puts_no_older_document_over_a_newer(
    store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(store, tmp_path, monkeypatch)
    copy = tmp_path.with_name("copy")
    copy.mkdir()
    shutil.copy(tmp_path / redo.REDO_FILE, copy)
    shutil.copytree(tmp_path / "customers", copy / "customers")
    left = next((tmp_path / "tickets" / "0000").glob(".000001*.tmp"))
    left_then = left.read_bytes()
    with store.writing() as writing:  # finishes the change first
        writing.put(noted(writing.ticket(1), "later"))
    shutil.copytree(tmp_path / "tickets", copy / "tickets")
    (copy / "tickets" / "0000" / left.name).write_bytes(left_then)
    with opened(copy) as copied:
        assert copied.ticket(1).messages[-1].text == "later"
        assert [message.text for message in copied.ticket(1).messages[-2:]] == ["merged", "later"]
        assert [one.name for one in copied.customers()] == ["merged"]
        copied.catch_up()
        assert copied.check() == []
