"""Whoever is killed at whichever step of whatever an agent does: it is done, or nothing of it is.

Each deed is begun again and again on a copy of the same desk, and its process killed one step
later each time, be it at a file or at the index, until it comes through.
"""

import json
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk import (
    answers,
    attaching,
    drafts,
    erasing,
    inbound,
    joining,
    matters,
    preferences,
    ruling,
    sending,
    upkeep,
)
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.drafts import DraftKind
from helpdesk.domain.outgoing import Sending
from helpdesk.domain.words import Channel, Direction, Kind
from helpdesk.store.index import Index
from tests.conftest import DESK_TOML, MONDAY
from tests.desk.letters import letter
from tests.desk.outgoing import A_LETTER, MAIL_OUT, Way
from tests.desk.tables import BOSTON, boston, read_rows, write_rows
from tests.store.injecting import die_at
from tests.store.making import customer

LEAD = "aibek"
ATTACHED = (
    b"From: Nurlan <nurlan@people.example>\r\nTo: help@aksai.example\r\nSubject: Bill\r\n"
    b"Message-ID: <bill@people.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nThe bill is wrong.\r\n'
    b"--x\r\nContent-Type: application/pdf\r\n"
    b'Content-Disposition: attachment; filename="bill.pdf"\r\n\r\n%PDF-1.7\r\n--x--\r\n'
)
A_MATTER, ANOTHER, HERS, BY_MAIL = 1, 2, 3, 4
HE, SHE = 1, 2

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.desk.test_dying"])


def prepare(path: Path) -> None:
    """Three customers and four tickets, one of them by mail, with an answer that is to leave."""
    path.mkdir()
    (path / "desk.toml").write_text(DESK_TOML + MAIL_OUT, encoding="utf-8")
    with open_desk(path, LEAD) as desk:
        for name in ("Nurlan", "Aigul"):
            with desk.writing() as writing:
                writing.put(customer(writing.new_customer_id(), name))
        for number in (HE, HE, SHE):
            matters.new_ticket(
                desk, number, kind=Kind.COMPLAINT, channel=Channel.PHONE, subject="Tent",
                text="It leaks.",
            )  # fmt: skip
        inbound.take(desk, A_LETTER)
        sending.send(desk, Way())
        answers.reply(desk, BY_MAIL, "A new tent is on its way.")
        desk.store.catch_up()
        write_draft(desk)
        preferences.change(desk, hold_seconds=7)


# What is done


def reply(desk: Desk) -> object:
    return answers.reply(desk, A_MATTER, "A new one is on its way.")


def reply_with_a_file(desk: Desk) -> object:
    files = attaching.read_files(desk, [desk.path / "desk.toml"])
    return answers.reply(desk, BY_MAIL, "Here is the bill.", files=files)


def tell_date(desk: Desk) -> object:
    return answers.tell_date(desk, A_MATTER, desk.now() + timedelta(days=2), "the cloth is late")


def merge_tickets(desk: Desk) -> object:
    return upkeep.merge(desk, ANOTHER, A_MATTER)


def merge_customers(desk: Desk) -> object:
    return joining.merge(desk, SHE, HE)


def erase(desk: Desk) -> object:
    desk.store.catch_up()  # as the command does before it asks who is meant
    (asel,) = desk.store.find_customers("asel@people.example")
    return erasing.erase(desk, asel)


def import_a_table(desk: Desk) -> object:
    table = write_rows(desk.path.parent / f"{desk.path.name}.csv", read_rows(BOSTON)[:3])
    report = boston(desk, table)
    assert report.rejected == 0
    return report


def ingest_with_an_attachment(desk: Desk) -> object:
    return inbound.take(desk, ATTACHED)


def ingest_an_answer(desk: Desk) -> object:
    more = {"in_reply_to": "first@people.example", "id": "second@people.example"}
    return inbound.take(desk, letter("Thank you!", sender="Asel <asel@people.example>", **more))


def send_mail(desk: Desk) -> object:
    return sending.send(desk, Way())


def write_draft(desk: Desk, text: str = "I look into") -> object:
    draft = drafts.begin(desk, DraftKind.REPLY, ticket=A_MATTER, customer=HE, seen=1)
    return drafts.save(desk, replace(draft, id="reply-1-0a1b2c3d", text=text))


def go_on_writing(desk: Desk) -> object:
    return write_draft(desk, "I look into it, dear Nurlan.")


def change_preferences(desk: Desk) -> object:
    return preferences.change(desk, hold_seconds=20)


def change_settings(desk: Desk) -> object:
    ruling.replace(desk, "desk.toml", (DESK_TOML + MAIL_OUT).replace("Ak-Sai", "Ala-Too"))
    return None


DEEDS: tuple[Callable[[Desk], object], ...] = (
    reply, reply_with_a_file, tell_date, merge_tickets, merge_customers, erase, import_a_table,
    ingest_with_an_attachment, ingest_an_answer, send_mail, go_on_writing, change_preferences,
    change_settings,
)  # fmt: skip


# What may come of it


def seen(desk: Desk) -> object:
    """What everybody sees of the desk."""
    tickets = [
        (one.id, one.customer, one.state, one.subject,
         [each.text for each in one.messages if each.direction is not Direction.NOTE],
         [promise.outcome for promise in one.promises], sorted(one.kept))
        for one in desk.store.tickets()
    ]  # fmt: skip
    outbox = [desk.store.outgoing(number) for number in sorted(desk.store.outbox())]
    waiting = [Sending.QUEUED if one.state is Sending.SENDING else one.state for one in outbox]
    return (
        tickets,
        [(one.id, one.rev, one.name) for one in desk.store.customers()],
        list(zip([one.ticket for one in outbox], waiting, strict=True)),
        [draft.text for draft in drafts.load(desk)],
        preferences.load(desk)[0].hold_seconds,
        desk.name,
    )


def look(path: Path) -> object:
    """As the next who opens the desk finds it, once it has put everything right by itself."""
    with open_desk(path, LEAD) as desk:
        desk.store.catch_up(thorough=True)
        preferences.change(desk, theme="")  # who writes next clears away
        upkeep.note(desk, HERS, "work goes on")
        found = seen(desk)
        faults = desk.store.check()
        left = [file for file in path.rglob("*.tmp") if file.parent.name != ".cache"]
        assert not faults and not left, (faults, left)
        return found


def carried_out(deed: Callable[[Desk], object], path: Path, at: int) -> bool:
    """Do it in a process of its own that is killed at its nth step; whether it came through."""
    child = os.fork()
    if not child:
        code = 1
        try:
            die_at(at)
            with open_desk(path, LEAD) as desk:
                deed(desk)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == 0, f"{deed.__name__} failed by itself, killed at {at}"
    return True


def try_every_step(deed: Callable[[Desk], object], folder: Path) -> None:
    """In a process without threads, as copies of it are made."""
    with clock.hold(MONDAY):
        desk = folder / "desk"
        prepare(desk)
        before = look(copied(desk, folder / "before"))
        after_it = copied(desk, folder / "after")
        assert carried_out(deed, after_it, 0)
        after = look(after_it)
        assert before != after
        came = [before]
        for at in range(1, 500):
            copy = copied(desk, folder / f"desk{at}")
            through = carried_out(deed, copy, at)
            came.append(look(copy))
            assert came[-1] in (before, after), f"killed at {at}: {came[-1]}"
            assert not through or came[-1] == after
            if came[-1] == before and at % 5 == 0:
                assert carried_out(deed, copy, 0)
                again = look(copy)
                assert again == after, f"killed at {at}, then done again: {again}, not {after}"
            shutil.rmtree(copy)
            if through:
                break
        assert came.count(before) > 2 and came.count(after) > 1, "too few steps"
        print(f"{deed.__name__}: {at - 1} steps")  # noqa: T201


def keep_killing(deed: Callable[[Desk], object], folder: Path) -> None:
    """Whichever step of keeping the desk in order it dies at, the next sees it as it is."""
    with clock.hold(MONDAY):
        desk = folder / "desk"
        prepare(desk)
        meddle(desk)
        shutil.rmtree(desk / ".cache") if deed is reindex else None
        there = look(copied(desk, folder / "there"))
        assert "Sleeping bag" in str(there)
        for at in range(1, 500):
            copy = copied(desk, folder / f"desk{at}")
            through = carried_out(deed, copy, at)
            assert look(copy) == there, f"killed at {at}"
            shutil.rmtree(copy)
            if through:
                break
        assert at > 10, "too few steps"
        print(f"{deed.__name__}: {at - 1} steps")  # noqa: T201


def meddle(desk: Path) -> None:
    """A ticket is edited by hand, another restored from elsewhere, and a write was cut short."""
    path = desk / "tickets" / "0000" / "000002.json"
    path.write_text(path.read_text("utf-8").replace('"Tent"', '"Sleeping bag"'), "utf-8")
    fields = json.loads(path.read_text("utf-8")) | {"id": 5}
    path.with_name("000005.json").write_text(json.dumps(fields), "utf-8")
    path.with_name(".000003.json.0a1b.tmp").write_text("{")
    (desk / ".lock").write_text("tickets 3\n")


def catch_up(desk: Desk) -> object:
    return desk.store.catch_up(thorough=True)


def reindex(desk: Desk) -> object:
    return desk.changing().reindex()


def repair(desk: Desk) -> object:
    return desk.changing().check(repair=True)


def copied(desk: Path, to: Path) -> Path:
    shutil.copytree(desk, to, symlinks=True)
    if (to / ".cache").exists():
        Index(to).adopt()  # nobody wrote meanwhile, so the index may be trusted
    return to


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_a_deed_killed_at_any_step_is_done_or_not_and_can_be_done_again(
    tmp_path: Path, deed: Callable[[Desk], object]
) -> None:
    run(try_every_step, deed, tmp_path)


@pytest.mark.parametrize("deed", [catch_up, reindex, repair], ids=lambda deed: deed.__name__)
def test_keeping_the_desk_in_order_killed_at_any_step_is_gone_on_with(
    tmp_path: Path, deed: Callable[[Desk], object]
) -> None:
    run(keep_killing, deed, tmp_path)


def run(target: Callable[..., None], deed: Callable[[Desk], object], folder: Path) -> None:
    process = processes.Process(target=target, args=(deed, folder), daemon=True)
    process.start()
    process.join(300)
    assert process.exitcode == 0
