"""A soak: so many agents at once, with programs of theirs killed and started again."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from dataclasses import replace
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import NamedTuple

from tests.soak.agents import Work, work

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.soak.agents", "helpdesk.desk.answers", "tinydb"])


class Ran(NamedTuple):
    """The ledgers of a soak, and how many programs were killed in it."""

    ledgers: list[Path]
    killed: int


class _Agent:
    """One agent with the program that works for it, and begins again when that is killed."""

    def __init__(self, what: Work) -> None:
        self.what = what
        self.process = self._begin()

    def _begin(self) -> ForkServerProcess:
        self._before = self._size()
        process = _PROCESSES.Process(target=work, args=(self.what,), daemon=True)
        process.start()
        return process

    def _size(self) -> int:
        return self.what.ledger.stat().st_size if self.what.ledger.exists() else 0

    def has_begun(self) -> bool:
        """Whether its program is in the midst of its work."""
        return self._size() > self._before and self.process.is_alive()

    def kill(self) -> bool:
        """Kill its program and begin anew; gives whether it was not done just before."""
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()
        killed = self.process.exitcode == -signal.SIGKILL
        self.process = self._begin()
        return killed


def run(what: Work, agents: int, *, kills: int = 0, pause: float = 0.0) -> Ran:
    """Have the agents at work until they are done.

    ``kills`` programs are killed, about ``pause`` seconds apart, each in the midst of what it does;
    fewer if all are done before. Then the rest works to its end.
    """
    working = [
        _Agent(replace(what, agent=f"agent{number}", ledger=what.ledger / f"agent{number}"))
        for number in range(agents)
    ]
    killed = 0
    chance = random.Random(agents)
    while killed < kills:
        time.sleep(pause)
        victim = _one_at_work(working, chance)
        if victim is None:
            break
        killed += victim.kill()
    for each in working:
        each.process.join()
        code = each.process.exitcode
        assert code == 0, f"an agent's program ended with {code}"
    return Ran([each.what.ledger for each in working], killed)


def _one_at_work(working: list[_Agent], chance: random.Random) -> _Agent | None:
    """Any agent whose program is in the midst of its work; None once all are done."""
    while any(each.process.is_alive() for each in working):
        begun = [each for each in working if each.has_begun()]
        if begun:
            return chance.choice(begun)
        time.sleep(0.001)
    return None
