"""The audit log: only ever added to, for leads and auditors, and never about customers."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpdesk.desk import audit, customers, erasing, exporting, serving
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.audit import Deed
from helpdesk.domain.errors import CannotCreate, NotPermitted
from helpdesk.store.base import Fault
from tests.conftest import MONDAY
from tests.desk.test_rights import name_roles


def log(desk: Desk) -> Path:
    return desk.path / "audit.jsonl"


def test_every_record_is_one_line_for_the_eyes_of_the_desk(desk: Desk) -> None:
    audit.record(desk.path, "aibek", Deed.EXPORTED, of="customer", customer=3)
    assert json.loads(log(desk).read_text()) == {
        "at": "2026-03-02T04:00:00+00:00", "agent": "aibek", "what": "exported",
        "of": "customer", "customer": 3,
    }  # fmt: skip
    assert stat.S_IMODE(log(desk).stat().st_mode) == 0o600


def test_in_a_folder_shared_with_a_group_all_of_it_can_add(desk: Desk) -> None:
    desk.path.chmod(0o2770)
    audit.record(desk.path, "aibek", Deed.OPENED)
    assert stat.S_IMODE(log(desk).stat().st_mode) == 0o660


def test_many_add_at_once_and_no_line_is_lost(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: audit.record(desk.path, "aibek", Deed.ERASED, customer=n),
                      range(200)))  # fmt: skip
    found = sorted(entry.details["customer"] for entry in audit.entries(desk)
                   if entry.what is Deed.ERASED)  # fmt: skip
    assert found == list(range(200))


def test_a_line_cut_short_spoils_no_other_and_is_found(desk: Desk) -> None:
    audit.record(desk.path, "aibek", Deed.OPENED)
    with log(desk).open("a") as file:
        file.write('{"at": "2026-')
    audit.record(desk.path, "aibek", Deed.EXPORTED)
    what = [entry.what for entry in audit.entries(desk)]
    assert what == [Deed.OPENED, Deed.EXPORTED, Deed.READ_LOG]
    assert audit.faults(desk.path) == [Fault("audit.jsonl", "line 2 cannot be read")]


def test_only_leads_and_auditors_read_it(desk: Desk) -> None:
    name_roles(desk.path, lead=["aigul"], auditor=["kim"])
    with open_desk(desk.path, "aibek") as aibek, pytest.raises(NotPermitted):
        audit.entries(aibek)
    with open_desk(desk.path, "kim") as kim:
        assert [(e.agent, e.what) for e in audit.entries(kim)] == [
            ("aibek", Deed.REFUSED), ("kim", Deed.READ_LOG)
        ]  # fmt: skip
        assert list(audit.entries(kim, MONDAY.replace(year=2027))) == []


def test_nothing_is_given_out_or_taken_away_without_a_record(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = customers.create(desk, {"name": "Aigul"}).id
    log(desk).symlink_to("/dev/full")
    with pytest.raises(CannotCreate):
        erasing.erase(desk, number)
    assert desk.store.customer(number).name == "Aigul"
    assert len(list(exporting.everything(desk))) == 1, "the folder is the agent's own"
    served = serving.Service("aibek", desk.path)
    monkeypatch.setattr(serving, "service", lambda: served)
    with pytest.raises(CannotCreate, match=r"cannot write audit\.jsonl"):
        exporting.everything(desk)
