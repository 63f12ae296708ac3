"""Root looks after a service user's desk: what it makes there is that user's."""

import os
from pathlib import Path

import pytest

from helpdesk.store import durable
from helpdesk.store.files import FileStore
from tests.store.making import customer

SOMEBODY = 4321

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")


@pytest.fixture
def theirs(desk_path: Path) -> Path:
    """A fresh desk of somebody's."""
    for path in (desk_path, *desk_path.iterdir()):
        os.chown(path, SOMEBODY, SOMEBODY)
    return desk_path


def owners(desk: Path) -> set[tuple[int, int]]:
    return {(path.lstat().st_uid, path.lstat().st_gid) for path in desk.rglob("*")}


def test_a_desk_that_root_fills_and_checks_stays_its_owners(theirs: Path) -> None:
    store = FileStore(theirs)
    with store.writing() as writing:
        writing.put(customer(writing.new_customer_id()))
    store.catch_up()
    assert store.check() == []
    store.close()
    assert {path.name for path in theirs.iterdir()} >= {".cache", ".home", ".lock", "customers"}
    assert owners(theirs) == {(SOMEBODY, SOMEBODY)}


def test_a_log_that_root_begins_is_the_desks(theirs: Path) -> None:
    os.close(durable.files.open_append(theirs / "audit.jsonl"))
    assert owners(theirs) == {(SOMEBODY, SOMEBODY)}


def test_roots_own_settings_stay_roots(theirs: Path) -> None:
    durable.files.mkdir(theirs / "agents")
    durable.files.mkdir_private(theirs / "agents" / "root")
    os.close(durable.files.open_private(theirs / "agents" / "root" / "preferences.toml"))
    assert (theirs / "agents").stat().st_uid == SOMEBODY
    assert {path.stat().st_uid for path in (theirs / "agents").rglob("*")} == {0}
