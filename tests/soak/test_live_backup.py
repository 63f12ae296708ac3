"""A desk is copied while ten programs write to it: what was confirmed before is in the copy."""

import multiprocessing
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpdesk.desk import answers, inbound, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.errors import HelpdeskError
from helpdesk.store.files import FileStore
from tests.conftest import DESK_TOML
from tests.desk.letters import letter
from tests.desk.test_outbox import MAIL_OUT
from tests.soak.desks import filled
from tests.store.making import noted

IN_THE_MIDST = (
    "which is not there", "but it is not there", "belongs to no ticket", "is only partly done",
    "restore it from a backup",
)  # fmt: skip
"""What ``check`` says of a change of several documents that was begun after the copying was."""

WRITERS = 10
TICKETS = 24
COPIES = 3

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.soak.test_live_backup"])

COMMANDS = {
    "cp": ("cp", "-a", "{desk}", "{copy}"),
    "rsync": ("rsync", "-a", "--exclude", "/.cache/", "{desk}/", "{copy}/"),
    "flock": ("flock", "{desk}/.lock", "cp", "-a", "{desk}", "{copy}"),
}

Deeds = Sequence[Callable[[Desk, int, str], Sequence[int]]]


def write_on_and_on(desk: Path, ledger: Path, number: int, deeds: Deeds) -> None:
    """Do one deed after the other, each with a mark, and tell the ledger of it and of the tickets
    that hold the mark once it is durable."""
    with ledger.open("a", buffering=1) as confirmed, open_desk(desk, f"agent{number}") as mine:
        for turn in range(1_000_000):
            mark = f"mark-{number}-{turn}."
            try:
                tickets = deeds[turn % len(deeds)](mine, 1 + (turn + number) % TICKETS, mark)
            except HelpdeskError:
                continue
            confirmed.write(" ".join(map(str, (mark, *tickets))) + "\n")


def reply(desk: Desk, ticket: int, mark: str) -> Sequence[int]:
    return [answers.reply(desk, ticket, f"We looked: {mark}", owns_delay=True).id]


def note(desk: Desk, ticket: int, mark: str) -> Sequence[int]:
    return [upkeep.note(desk, ticket, mark).id]


def note_in_two(desk: Desk, ticket: int, mark: str) -> Sequence[int]:
    both = (ticket, 1 + (ticket + len(mark)) % TICKETS)
    with desk.writing() as writing:
        for number in dict.fromkeys(both):
            writing.put(noted(writing.ticket(number), mark))
    return both


def take_mail(desk: Desk, _: int, mark: str) -> Sequence[int]:
    """A letter of somebody new: a customer, a ticket, an acknowledgement, and a file."""
    taken = inbound.take(desk, letter(f"It leaks: {mark}", sender=f"<{mark}@people.example>"))
    assert taken.ticket is not None
    return [taken.ticket]


def merge(desk: Desk, _: int, mark: str) -> Sequence[int]:
    sender = f"<{mark}@people.example>"
    away, into = (inbound.take(desk, letter(f"{n} {mark}", sender=sender)) for n in ("a", "b"))
    assert away.ticket is not None and into.ticket is not None
    return [upkeep.merge(desk, away.ticket, into.ticket).id]


OF_OLD_TICKETS = (reply, note, note_in_two)
OF_ALL_KINDS = (*OF_OLD_TICKETS, take_mail, merge)


@contextmanager
def writers(desk: Path, ledgers: Path, deeds: Deeds) -> Iterator[None]:
    ledgers.mkdir()
    working = [
        processes.Process(
            target=write_on_and_on, args=(desk, ledgers / str(number), number, deeds), daemon=True
        )
        for number in range(WRITERS)
    ]
    for each in working:
        each.start()
    try:
        yield
    finally:
        for each in working:
            each.kill()
            each.join()


def confirmed(ledgers: Path) -> list[tuple[str, list[int]]]:
    """What was confirmed until now: the mark, and the tickets that hold it."""
    lines = [line.split() for path in ledgers.iterdir() for line in whole_lines(path)]
    return [(mark, [int(ticket) for ticket in tickets]) for mark, *tickets in lines]


def whole_lines(path: Path) -> list[str]:
    return path.read_text().rpartition("\n")[0].splitlines()


def copy_of(desk: Path, to: Path, how: str) -> None:
    command = [word.format(desk=desk, copy=to) for word in COMMANDS[how]]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    # What was put in its place meanwhile is told as vanished; all that stays was copied.
    assert ran.returncode in (0, 1, 24), ran.stderr
    assert all(".tmp" in line or "redo" in line for line in ran.stderr.splitlines() if "/" in line)


@pytest.mark.parametrize(
    ("how", "deeds"),
    [("cp", OF_OLD_TICKETS), ("rsync", OF_OLD_TICKETS), ("flock", OF_ALL_KINDS)],
    ids=["cp", "rsync", "flock"],
)
def test_a_copy_made_while_ten_programs_write_is_whole(
    tmp_path: Path, how: str, deeds: Deeds
) -> None:
    if shutil.which(how) is None:
        pytest.skip(f"there is no {how} here")
    desk = filled(tmp_path / "desk", TICKETS)
    (desk / "desk.toml").write_text(DESK_TOML + MAIL_OUT, encoding="utf-8")
    copy_in_the_midst(desk, tmp_path / "ledgers", how, deeds)


def test_a_copy_made_while_mail_comes_in_holds_all_that_was_confirmed_before(
    tmp_path: Path,
) -> None:
    desk = filled(tmp_path / "desk", TICKETS)
    (desk / "desk.toml").write_text(DESK_TOML + MAIL_OUT, encoding="utf-8")
    copy_in_the_midst(desk, tmp_path / "ledgers", "cp", OF_ALL_KINDS, IN_THE_MIDST)


def copy_in_the_midst(
    desk: Path, ledgers: Path, how: str, deeds: Deeds, allowed: Sequence[str] = ()
) -> None:
    """Copy it again and again while others write; ``allowed`` is what may be wrong with a copy."""
    known: list[tuple[str, list[int]]] = []
    with writers(desk, ledgers, deeds):
        for number in range(COPIES):
            until = len(known) + 10 * WRITERS
            while len(known := confirmed(ledgers)) < until:
                time.sleep(0.01)
            copy = desk.parent / f"copy{number}"
            copy_of(desk, copy, how)
            assert_whole(copy, known, allowed)
            shutil.rmtree(copy)


def assert_whole(copy: Path, known: list[tuple[str, list[int]]], allowed: Sequence[str]) -> None:
    """It opens, puts itself right, and holds what was known."""
    store = FileStore(copy)
    store.catch_up()
    faults = [fault for fault in store.check() if not any(word in fault.what for word in allowed)]
    assert faults == []
    texts = {one.id: "\n".join(message.text for message in one.messages) for one in store.tickets()}
    store.close()
    for mark, tickets in known:
        for ticket in tickets:
            assert mark in texts[ticket], f"{mark} is lost"
