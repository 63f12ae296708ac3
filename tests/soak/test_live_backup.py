"""A desk is copied while ten programs write to it: what was confirmed before is in the copy, and
whoever opens the copy makes whole what it holds by half."""

import multiprocessing
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpdesk.desk import answers, erasing, inbound, joining, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.errors import HelpdeskError
from helpdesk.store.files import FileStore
from tests.conftest import DESK_TOML
from tests.desk.letters import letter
from tests.desk.outgoing import MAIL_OUT
from tests.desk.test_copies import WITH_A_PHOTO
from tests.soak.desks import filled
from tests.store.making import noted

WRITERS = 10
TICKETS = 24
COPIES = 3

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.soak.test_live_backup"])

COMMANDS = {
    "cp": ("cp", "-a", "{desk}", "{copy}"),
    "rsync": ("rsync", "-a", "--exclude", "/.cache/", "{desk}/", "{copy}/"),
    "flock": ("flock", "{desk}/.lock", "cp", "-a", "{desk}", "{copy}"),
    "sh": (
        "sh", "-ec",
        "flock {desk}/.lock cp -al {desk} {copy}-links; rm -r {copy}-links/.cache;"
        " rsync -a --delete {copy}-links/ {copy}/; rm -r {copy}-links",
    ),
}  # fmt: skip
"""As docs/admin.md has them."""


def write_on_and_on(desk: Path, ledger: Path, number: int) -> None:
    """Do one deed after the other, each with a mark, and tell the ledger of it and of the tickets
    that hold the mark once it is durable."""
    with ledger.open("a", buffering=1) as confirmed, open_desk(desk, f"agent{number}") as mine:
        for turn in range(1_000_000):
            mark = f"mark-{number}-{turn}."
            try:
                tickets = DEEDS[turn % len(DEEDS)](mine, 1 + (turn + number) % TICKETS, mark)
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
    (taken,) = letters(desk, mark, mark)
    assert taken.ticket is not None
    return [taken.ticket]


def address_of(mark: str) -> str:
    return f"{mark}x@people.example"


def take_a_photo(desk: Desk, _: int, mark: str) -> Sequence[int]:
    raw = WITH_A_PHOTO.replace(b"zip.", mark.encode()).replace(
        b"aigul@example.com", address_of(mark).encode()
    )
    taken = inbound.take(desk, raw)
    assert taken.ticket is not None
    return [taken.ticket]


def letters(desk: Desk, mark: str, *senders: str) -> Sequence[inbound.Taken]:
    return [
        inbound.take(desk, letter(f"{n} {mark}", sender=address_of(sender)))
        for n, sender in enumerate(senders)
    ]


def merge(desk: Desk, _: int, mark: str) -> Sequence[int]:
    away, into = letters(desk, mark, mark, mark)
    assert away.ticket is not None and into.ticket is not None
    return [upkeep.merge(desk, away.ticket, into.ticket).id]


def merge_customers(desk: Desk, _: int, mark: str) -> Sequence[int]:
    into, away = letters(desk, mark, f"a{mark}", f"b{mark}")
    assert away.customer is not None and into.customer is not None
    joining.merge(desk, away.customer, into.customer)
    assert away.ticket is not None and into.ticket is not None
    return [away.ticket, into.ticket]


def erase(desk: Desk, ticket: int, mark: str) -> Sequence[int]:
    who = take_a_photo(desk, ticket, mark)
    customer = desk.store.ticket(who[0]).customer
    assert customer is not None
    erasing.erase(desk, customer)
    return []


DEEDS = (reply, note, note_in_two, take_mail, take_a_photo, merge, merge_customers, erase)


@contextmanager
def writers(desk: Path, ledgers: Path) -> Iterator[None]:
    ledgers.mkdir()
    working = [
        processes.Process(
            target=write_on_and_on, args=(desk, ledgers / str(number), number), daemon=True
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
    while "skipping file" in ran.stderr:  # cp says so of what is replaced while it looks
        shutil.rmtree(to)
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    # What was put in its place or removed meanwhile is told as vanished; all that stays was copied.
    assert ran.returncode in (0, 1, 24), ran.stderr
    told = [line for line in ran.stderr.splitlines() if "/" in line]
    assert all("vanished" in line or "No such file" in line for line in told), ran.stderr


@pytest.mark.parametrize("how", COMMANDS)
def test_a_copy_made_while_ten_programs_write_is_good(tmp_path: Path, how: str) -> None:
    if shutil.which(how) is None:
        pytest.skip(f"there is no {how} here")
    desk = filled(tmp_path / "desk", TICKETS)
    leads = ", ".join(f'"agent{number}"' for number in range(WRITERS))
    settings = f"{DESK_TOML}{MAIL_OUT}\n[roles]\nlead = [{leads}]\n"
    (desk / "desk.toml").write_text(settings, encoding="utf-8")
    ledgers = tmp_path / "ledgers"
    known: list[tuple[str, list[int]]] = []
    with writers(desk, ledgers):
        for number in range(COPIES):
            known = wait_for(len(known) + 10 * WRITERS, ledgers)
            copy = tmp_path / f"copy{number}"
            copy_of(desk, copy, how)
            put_right = assert_good(copy, known)
            assert how != "flock" or put_right is None, "nothing can be by half"
            shutil.rmtree(copy)


def wait_for(count: int, ledgers: Path) -> list[tuple[str, list[int]]]:
    """Wait until so much is confirmed, and give it."""
    until = time.monotonic() + 300
    while len(known := confirmed(ledgers)) < count:
        assert time.monotonic() < until, "the programs write nothing more"
        time.sleep(0.01)
    return known


def assert_good(copy: Path, known: list[tuple[str, list[int]]]) -> str | None:
    """It opens, puts itself right, and holds what was known; gives what was put right."""
    store = FileStore(copy)
    store.catch_up()
    put_right = store.put_right()
    assert store.check() == []
    texts = {one.id: "\n".join(message.text for message in one.messages) for one in store.tickets()}
    senders = {mark for mark, _ in known if store.find_customers(address_of(mark))}
    store.close()
    for mark, tickets in known:
        for ticket in tickets:
            assert mark in texts[ticket], f"{mark} is lost"
    assert senders, "nobody is known who wrote"
    return put_right
