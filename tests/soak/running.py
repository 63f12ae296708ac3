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

from tests.soak.agents import Work, work

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.soak.agents", "helpdesk.desk.answers", "tinydb"])


def run(what: Work, agents: int, *, kills: int = 0, pause: float = 0.0) -> list[Path]:
    """Have the agents at work until they are done; gives their ledgers.

    ``kills`` programs are killed, ``pause`` seconds apart, each in the midst of what it does; the
    agent begins again. Once these are done, the rest works to its end.
    """
    works = [
        replace(what, agent=f"agent{number}", ledger=what.ledger / f"agent{number}")
        for number in range(agents)
    ]
    running = [_started(each) for each in works]
    chance = random.Random(agents)
    for _ in range(kills):
        time.sleep(pause)
        victim = chance.randrange(agents)
        _kill(running[victim], works[victim].ledger)
        running[victim] = _started(works[victim])
    for process in running:
        process.join()
        assert process.exitcode == 0, f"an agent's program ended with {process.exitcode}"
    return [each.ledger for each in works]


def _started(what: Work) -> ForkServerProcess:
    process = _PROCESSES.Process(target=work, args=(what,), daemon=True)
    process.start()
    return process


def _kill(process: ForkServerProcess, ledger: Path) -> None:
    """Kill it once it has begun to work, unless it is done already."""
    size = ledger.stat().st_size if ledger.exists() else 0
    assert process.pid is not None
    while process.is_alive() and (not ledger.exists() or ledger.stat().st_size == size):
        time.sleep(0.001)
    if process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    process.join()
