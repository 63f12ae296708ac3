"""``make soak``: minutes of many agents at one desk; says what is wrong, and how fast it was."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from helpdesk.desk.desk import open_desk
from tests.soak import verdict
from tests.soak.agents import Work
from tests.soak.desks import filled
from tests.soak.running import run
from tests.soak.wal import writes_a_second


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run it; gives 1 if anything is wrong."""
    chosen = _options()
    with tempfile.TemporaryDirectory(prefix="helpdesk-soak-") as name:
        folder = Path(name)
        desk = filled(folder / "desk", chosen.tickets)
        ledgers = folder / "ledgers"
        ledgers.mkdir()
        began = time.monotonic()
        until = began + chosen.seconds
        what = Work(desk, ledgers, "", chosen.tickets, until=until)
        pause = chosen.seconds / chosen.kills / 2 if chosen.kills else 0.0
        ran = run(what, chosen.agents, kills=chosen.kills, pause=pause)
        told = verdict.read(ran.ledgers)
        took = time.monotonic() - began
        _say_how_fast(told, took, chosen.agents, ran.killed)
        sizes = [path.stat().st_size for path in (desk / "tickets").glob("*/*.json")]
        size = round(statistics.mean(sizes))
        reference = writes_a_second(folder, chosen.agents, size, min(10, chosen.seconds))
        say(f"SQLite in WAL mode, full sync, {size:,} bytes a write: {reference:.0f} a second")
        with open_desk(desk, "auditor") as opened:
            wrong = verdict.wrong(opened, told)
    if ran.killed < chosen.kills:
        wrong.append(f"only {ran.killed} of {chosen.kills} programs were killed: take more seconds")
    for line in wrong:
        say(line)
    say("Nothing is wrong." if not wrong else f"{len(wrong)} things are wrong.")
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--tickets", type=int, default=500)
    return parser.parse_args()


def _say_how_fast(told: verdict.Told, took: float, agents: int, kills: int) -> None:
    times = sorted(told.done.values())
    say(f"{agents} agents, {took:.0f} s, {kills} programs killed")
    say(f"{len(times):,} actions confirmed, {len(times) / took:.0f} a second")
    if times:
        half, most, nearly = (times[int(len(times) * part)] for part in (0.5, 0.95, 0.99))
        say(
            f"an action took {half:.3f} s; 95 % {most:.3f} s or less; 99 % {nearly:.3f} s or less; "
            f"at most {times[-1]:.3f} s"
        )
        each = Counter(mark.split("-")[1] for mark in told.done).values()
        say(f"an agent did {min(each)} to {max(each)} of them")
    refused = ", ".join(f"{n} {why}" for why, n in Counter(told.refused.values()).most_common())
    say(f"refused: {refused or 'none'}; cut short: {len(told.unknown)}")


if __name__ == "__main__":
    sys.exit(main())
