"""Who is at which ticket is told among programs, and no longer than these run."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from helpdesk.domain.presence import Doing
from helpdesk.store import durable
from helpdesk.store.base import Presence
from helpdesk.store.open import open_store
from tests.conftest import MONDAY

SPAWN = multiprocessing.get_context("spawn")

Comer = Callable[[str], Presence]


@pytest.fixture
def come(tmp_path: Path) -> Iterator[Comer]:
    """Opens the desk in another program, as that agent."""
    opened = []

    def another(agent: str) -> Presence:
        store = open_store(tmp_path)
        opened.append(store)
        return store.presence(agent)

    yield another
    for store in opened:
        store.close()


def be_there_until_killed(desk: Path, pipe: Connection) -> None:
    open_store(desk).presence("asel").be_at(12, Doing.WRITES, MONDAY)
    pipe.send("there")
    pipe.recv()


def seen(presence: Presence, ticket: int | None = None) -> list[tuple[int, str, Doing]]:
    return [(one.ticket, one.agent, one.doing) for one in presence.others(ticket)]


def test_each_sees_the_others_at_his_ticket_and_not_himself(come: Comer) -> None:
    aibek, asel, nurlan = come("aibek"), come("asel"), come("nurlan")
    asel.be_at(12, Doing.LOOKS, MONDAY)
    nurlan.be_at(7, Doing.LOOKS, MONDAY)
    aibek.be_at(12, Doing.LOOKS, MONDAY + timedelta(minutes=1))
    assert seen(aibek, 12) == [(12, "asel", Doing.LOOKS)]
    assert seen(asel, 12) == [(12, "aibek", Doing.LOOKS)]
    assert seen(nurlan, 7) == []
    assert sorted(seen(aibek)) == [(7, "nurlan", Doing.LOOKS), (12, "asel", Doing.LOOKS)]


def test_who_begins_to_write_or_goes_to_another_ticket_is_seen_there_since_then(
    come: Comer,
) -> None:
    aibek, asel = come("aibek"), come("asel")
    asel.be_at(12, Doing.LOOKS, MONDAY)
    asel.be_at(12, Doing.WRITES, MONDAY + timedelta(minutes=3))
    asel.be_at(12, Doing.WRITES, MONDAY + timedelta(minutes=9))
    (one,) = aibek.others(12)
    assert (one.doing, one.since) == (Doing.WRITES, MONDAY + timedelta(minutes=3))
    asel.be_at(13, Doing.LOOKS, MONDAY + timedelta(minutes=10))
    assert aibek.others(12) == []
    assert seen(aibek, 13) == [(13, "asel", Doing.LOOKS)]


def test_the_same_agent_in_another_window_is_seen(come: Comer) -> None:
    here, there = come("aibek"), come("aibek")
    there.be_at(12, Doing.WRITES, MONDAY)
    assert seen(here, 12) == [(12, "aibek", Doing.WRITES)]


def test_who_leaves_is_gone(come: Comer) -> None:
    aibek, asel = come("aibek"), come("asel")
    asel.be_at(12, Doing.LOOKS, MONDAY)
    asel.leave()
    asel.leave()
    assert aibek.others() == []
    asel.be_at(12, Doing.LOOKS, MONDAY)
    assert seen(aibek, 12) == [(12, "asel", Doing.LOOKS)]


def test_a_program_that_is_killed_is_gone_and_leaves_nothing(come: Comer, tmp_path: Path) -> None:
    aibek = come("aibek")
    here, there = SPAWN.Pipe()
    other = SPAWN.Process(daemon=True, target=be_there_until_killed, args=(tmp_path, there))
    other.start()
    assert here.recv() == "there"
    assert seen(aibek, 12) == [(12, "asel", Doing.WRITES)]
    other.kill()
    other.join()
    assert aibek.others(12) == []
    assert list((tmp_path / ".cache" / "present").iterdir()) == []


def test_what_is_derived_may_be_removed_meanwhile(come: Comer, tmp_path: Path) -> None:
    aibek, asel = come("aibek"), come("asel")
    asel.be_at(12, Doing.LOOKS, MONDAY)
    for file in (tmp_path / ".cache" / "present").iterdir():
        file.unlink()
    (tmp_path / ".cache" / "present").rmdir()
    assert aibek.others(12) == []
    asel.be_at(12, Doing.WRITES, MONDAY)
    assert seen(aibek, 12) == [(12, "asel", Doing.WRITES)]


def test_where_nothing_can_be_written_nobody_is_hindered(
    come: Comer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing(durable.Files):
        def open_new(self, path: Path) -> int:
            raise PermissionError(13, os.strerror(13), str(path))

    aibek, asel = come("aibek"), come("asel")
    with monkeypatch.context() as patch:
        patch.setattr(durable, "files", Refusing())
        asel.be_at(12, Doing.LOOKS, MONDAY)
        asel.leave()
    assert aibek.others() == []


def test_what_else_lies_there_is_nobody(come: Comer, tmp_path: Path) -> None:
    aibek = come("aibek")
    folder = tmp_path / ".cache" / "present"
    folder.mkdir(parents=True, exist_ok=True)
    names = (
        ".aaaa.tmp",
        "12.looks",
        "12.dances.0123456789ab.asel",
        "12.looks.0123456789ab.\x1b[2J",
    )
    for name in names:
        (folder / name).touch()
    (folder / "12.looks.0123456789ab.asel").mkdir()
    (folder / "12.looks.0123456789ac.asel").symlink_to(folder)
    assert aibek.others() == []
    assert all((folder / name).exists() for name in names)
