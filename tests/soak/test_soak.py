"""Agents work side by side and their programs die: nothing confirmed is lost or done twice."""

from pathlib import Path

import pytest

from helpdesk.desk import upkeep
from helpdesk.desk.desk import open_desk
from tests.soak import verdict
from tests.soak.agents import Work
from tests.soak.desks import filled
from tests.soak.running import run

TICKETS = 12


@pytest.mark.parametrize(("actions", "kills"), [(25, 0), (10, 30)], ids=["together", "killed"])
def test_what_was_confirmed_is_there_once_and_every_promise_holds(
    tmp_path: Path, actions: int, kills: int
) -> None:
    desk = filled(tmp_path / "desk", TICKETS)
    ledgers = tmp_path / "ledgers"
    ledgers.mkdir()
    ran = run(Work(desk, ledgers, "", TICKETS, actions=actions), 6, kills=kills)
    assert ran.killed == kills
    told = verdict.read(ran.ledgers)
    assert len(told.done) >= 6 * actions / 2
    assert len(told.unknown) <= kills
    with open_desk(desk, "aibek") as opened:
        assert verdict.wrong(opened, told) == []


def test_the_verdict_sees_what_is_lost_done_twice_or_done_by_nobody(tmp_path: Path) -> None:
    desk = filled(tmp_path / "desk", 1)
    mark = "note-agent1-7-1."
    with open_desk(desk, "aibek") as opened:
        assert verdict.wrong(opened, verdict.Told(done={mark: 0.1})) == [f"lost: {mark}"]
        upkeep.note(opened, 1, mark)
        assert verdict.wrong(opened, verdict.Told(done={mark: 0.1})) == []
        assert verdict.wrong(opened, verdict.Told()) == [f"nobody did: {mark}"]
        assert verdict.wrong(opened, verdict.Told(refused={mark: "Conflict"})) == [
            f"refused and done: {mark}"
        ]
        upkeep.note(opened, 1, mark)
        assert verdict.wrong(opened, verdict.Told(unknown={mark})) == [f"done 2 times: {mark}"]
