"""A desk is copied while others work: whoever opens the copy makes whole what it holds by half.

Each copy is put together of two: some folders as they were before a change, the others after it.
"""

import os
import shutil
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpdesk.desk import answers, erasing, inbound, joining, outbox, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.customer import Note
from helpdesk.domain.errors import NotFound
from helpdesk.domain.outgoing import Sending
from helpdesk.domain.ticket import Link
from helpdesk.domain.words import State
from helpdesk.store import home, redo
from tests.conftest import DESK_TOML
from tests.desk.letters import letter
from tests.desk.outgoing import MAIL_OUT

AIGUL = "Aigul Asanova <aigul@example.com>"
BEK = "Bek <bek@example.com>"

WITH_A_PHOTO = "\r\n".join(
    [
        f"From: {AIGUL}", "To: help@aksai.example", "Subject: Zip", "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=cut", "", "--cut", "Content-Type: text/plain", "",
        "See the zip.", "--cut", "Content-Type: image/png",
        "Content-Disposition: attachment; filename=zip.png", "", "PNG", "--cut--", "",
    ]
).encode()  # fmt: skip

Halves = Callable[..., Desk]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that sends mail, with a matter of Aigul's."""
    path = tmp_path / "desk"
    path.mkdir()
    roles = '[roles]\nlead = ["aibek"]\n'
    (path / "desk.toml").write_text(DESK_TOML + MAIL_OUT + roles, encoding="utf-8")
    with open_desk(path, "aibek") as opened:
        inbound.take(opened, letter("The zip broke.", sender=AIGUL, id="zip@example.com"))
        yield opened


@pytest.fixture
def half(desk: Desk, tmp_path: Path) -> Iterator[Halves]:
    """Gives a copy, open, that has of the desk some folders and files as they were before a change
    was made."""
    opened: list[Desk] = []

    def copied(change: Callable[[], object], *before: str) -> Desk:
        copy = tmp_path / "copy"
        shutil.copytree(desk.path, copy, ignore=shutil.ignore_patterns(".cache"))
        shutil.copytree(copy, tmp_path / "before")
        change()
        go_on(desk.path, copy, before)
        opened.append(open_desk(copy, "aibek"))
        opened[-1].store.catch_up()
        return opened[-1]

    yield copied
    for each in opened:
        each.close()


def go_on(desk: Path, copy: Path, done: Collection[str]) -> None:
    """Copy what was changed since, but for the folders and files that are done with."""
    for there in [path for path in copy.rglob("*") if path.is_file()]:
        if (
            not _is_among(there.relative_to(copy), done)
            and not (desk / there.relative_to(copy)).exists()
        ):
            there.unlink()
    for path in [path for path in desk.rglob("*") if path.is_file()]:
        place = path.relative_to(desk)
        to = copy / place
        if place.parts[0] == ".cache" or _is_among(place, done):
            continue
        if not to.exists() or to.stat().st_mtime_ns != path.stat().st_mtime_ns:
            to.parent.mkdir(parents=True, exist_ok=True)
            to.unlink(missing_ok=True)
            shutil.copy2(path, to)


def _is_among(place: Path, done: Collection[str]) -> bool:
    return any(place.is_relative_to(name) for name in done)


def assert_whole(copy: Desk) -> None:
    assert list(copy.store.check()) == []
    assert not home.is_copy(copy.path)


def said(copy: Desk) -> str:
    line = copy.store.put_right()
    assert line is not None
    assert line.startswith("this copy was made while others worked, and was put right: ")
    return line.partition(": ")[2]


def test_a_copy_of_a_desk_at_rest_lacks_nothing(half: Halves) -> None:
    copy = half(lambda: None)
    assert_whole(copy)
    assert copy.store.put_right() is None


def test_a_copy_is_put_right_once(desk: Desk, half: Halves) -> None:
    copy = half(lambda: inbound.take(desk, letter(sender=BEK)), "customers")
    assert "1 customer made anew" in said(copy)
    with open_desk(copy.path, "aibek") as again:
        again.store.catch_up()
        assert again.store.put_right() is None


def test_a_customer_who_came_meanwhile_is_known_by_his_ticket(desk: Desk, half: Halves) -> None:
    copy = half(lambda: inbound.take(desk, letter("It leaks.", sender=BEK)), "customers")
    assert said(copy) == "1 customer made anew from tickets"
    assert_whole(copy)
    bek = copy.store.customer(2)
    assert (bek.name, [email.address for email in bek.emails]) == ("Bek", ["bek@example.com"])
    assert "ticket 2" in bek.notes[0].text
    # His next letter finds him.
    assert inbound.take(copy, letter("Still leaks.", sender=BEK)).customer == 2


def test_nobody_gets_the_number_of_a_customer_who_came_meanwhile(
    desk: Desk, half: Halves, tmp_path: Path
) -> None:
    half(lambda: inbound.take(desk, letter("It leaks.", sender=BEK)), "customers", "given.json")
    restored = tmp_path / "restored"
    shutil.copytree(tmp_path / "before", restored, ignore=shutil.ignore_patterns(".cache"))
    shutil.rmtree(restored / "tickets")
    shutil.copytree(desk.path / "tickets", restored / "tickets")
    with open_desk(restored, "aibek") as first:
        stranger = inbound.take(first, letter("Hello.", sender="Cholpon <c@example.com>"))
        assert stranger.customer == 3
        assert first.store.ticket(2).customer == 2


def test_a_letter_whose_ticket_is_not_there_is_put_aside(desk: Desk, half: Halves) -> None:
    copy = half(lambda: inbound.take(desk, WITH_A_PHOTO), "tickets", "outbox", "given.json")
    assert said(copy).startswith("2 files put into former/")
    assert_whole(copy)
    (place,) = (copy.path / "former").iterdir()
    kept = [path.read_bytes() for path in place.glob("archive/*/*")]
    assert WITH_A_PHOTO in kept


def test_files_that_are_not_there_are_named_at_their_message(desk: Desk, half: Halves) -> None:
    copy = half(lambda: inbound.take(desk, WITH_A_PHOTO), "archive")
    assert said(copy) == "1 ticket without some files"
    assert_whole(copy)
    ticket = copy.store.ticket(2)
    assert ticket.messages[0].text.strip() == "See the zip."
    assert ticket.messages[0].mail is not None
    assert "zip.png is not in this copy of the desk" in ticket.messages[0].mail.faults
    assert ticket.history[-1].detail.count("archive/") == 2


def test_an_archive_that_was_not_copied_at_all_is_missed(
    desk: Desk, half: Halves, tmp_path: Path
) -> None:
    half(lambda: inbound.take(desk, WITH_A_PHOTO))
    restored = tmp_path / "restored"
    shutil.copytree(desk.path, restored, ignore=shutil.ignore_patterns(".cache", "archive"))
    old = restored / "tickets/0000/000001.json"
    week = 7 * 24 * 60 * 60
    os.utime(old, (old.stat().st_atime - week, old.stat().st_mtime - week))
    with open_desk(restored, "aibek") as copy:
        copy.store.catch_up()
        faults = [fault.what for fault in copy.store.check()]
        assert faults == ["a ticket refers to it, but it is not there"]


def test_what_goes_out_of_a_ticket_that_is_not_there_is_not_sent(desk: Desk, half: Halves) -> None:
    copy = half(lambda: inbound.take(desk, letter(sender=BEK)), "tickets", "archive", "customers")
    assert said(copy) == "1 message of the outbox set right; 1 ticket not there at all"
    assert_whole(copy)
    assert copy.store.outbox() == [1]
    # The customer was told the number: nobody else gets it.
    assert inbound.take(copy, letter(sender=BEK)).ticket == 3


def test_an_answer_that_the_ticket_does_not_hold_yet_is_not_sent(desk: Desk, half: Halves) -> None:
    copy = half(lambda: answers.reply(desk, 1, "It is sewn."), "tickets")
    assert said(copy) == "1 message of the outbox set right"
    assert copy.store.outbox() == [1]
    assert copy.store.ticket(1).state is State.ON_US


def test_a_letter_that_was_cancelled_meanwhile_is_not_sent(desk: Desk, half: Halves) -> None:
    answers.reply(desk, 1, "It is sewn.")
    copy = half(lambda: outbox.cancel(desk, 2), "outbox")
    assert said(copy) == "1 message of the outbox set right"
    assert copy.store.outbox(Sending.FAILED) == [2]


def test_what_a_cancelled_letter_told_was_not_told(desk: Desk, half: Halves) -> None:
    answers.reply(desk, 1, "It is sewn.")
    copy = half(lambda: outbox.cancel(desk, 2), "tickets")
    assert said(copy) == "1 message of the outbox set right"
    assert copy.store.ticket(1).messages[-1].undelivered
    assert copy.store.ticket(1).state is State.ON_US
    assert_whole(copy)


def test_a_letter_that_was_held_meanwhile_stays_held(desk: Desk, half: Halves) -> None:
    answers.reply(desk, 1, "It is sewn.")
    copy = half(lambda: outbox.hold(desk, 2), "outbox")
    assert said(copy) == "1 message of the outbox set right"
    assert copy.store.outbox(Sending.HELD) == [2]


@pytest.fixture
def second(desk: Desk) -> None:
    """Aigul has written about another matter."""
    inbound.take(desk, letter("And the sole.", sender=AIGUL, subject="Sole", id="sole@example.com"))


def file_of(number: int) -> str:
    return f"tickets/0000/{number:06d}.json"


@pytest.mark.usefixtures("second")
@pytest.mark.parametrize(("away", "into"), [(1, 2), (2, 1)])
def test_a_ticket_merged_into_one_that_does_not_know_it_waits_again(
    desk: Desk, half: Halves, away: int, into: int
) -> None:
    before = desk.store.ticket(away)
    assert before.promise is not None
    copy = half(lambda: upkeep.merge(desk, away, into), file_of(into))
    assert said(copy) == "1 ticket as before a merge"
    assert_whole(copy)
    ticket = copy.store.ticket(away)
    assert ticket.state is State.ON_US
    assert ticket.promise is not None and ticket.promise.due == before.promise.due
    # Now it can be done wholly.
    assert upkeep.merge(copy, away, into).promise is not None


@pytest.mark.usefixtures("second")
@pytest.mark.parametrize(("away", "into"), [(1, 2), (2, 1)])
def test_a_ticket_that_another_holds_already_is_closed(
    desk: Desk, half: Halves, away: int, into: int
) -> None:
    copy = half(lambda: upkeep.merge(desk, away, into), file_of(away))
    assert said(copy) == "1 ticket closed by a merge"
    assert_whole(copy)
    ticket = copy.store.ticket(away)
    assert (ticket.state, ticket.merged_into) == (State.CLOSED, into)
    assert copy.store.ticket(into).promise is not None


def test_a_ticket_linked_to_one_that_came_meanwhile_is_whole(desk: Desk, half: Halves) -> None:
    def change() -> None:
        inbound.take(desk, letter("And the sole.", sender=AIGUL, id="sole@example.com"))
        upkeep.link(desk, 1, 2)

    copy = half(change, file_of(2), "archive")
    assert "1 ticket not there at all" in said(copy)
    assert copy.store.ticket(1).links == (Link(ticket=2),)
    assert_whole(copy)


@pytest.fixture
def also_hers(desk: Desk) -> None:
    """Aigul has written from another address, and is taken for somebody else."""
    inbound.take(desk, letter("My jacket?", sender="A. A. <a.a@example.org>", id="j@example.com"))


@pytest.mark.usefixtures("also_hers")
@pytest.mark.parametrize("known", ["joined.json", "customers/0000/000001.json"])
def test_tickets_go_to_whom_their_customer_was_merged_into(
    desk: Desk, half: Halves, known: str
) -> None:
    """It is enough that the copy knows of the merge by the list, or by the profile that stays."""
    other = {"joined.json", "customers/0000/000001.json"} - {known}
    copy = half(lambda: joining.merge(desk, 2, 1), "tickets", *other)
    assert said(copy) == "1 ticket handed over to whom the customers were merged into"
    assert_whole(copy)
    assert copy.store.ticket(2).customer == 1
    addresses = [email.address for email in copy.store.customer(1).emails]
    assert addresses == ["aigul@example.com", "a.a@example.org"]


@pytest.mark.usefixtures("also_hers")
@pytest.mark.parametrize("joined", [(), ("joined.json",)])
def test_a_profile_that_another_holds_already_goes(
    desk: Desk, half: Halves, joined: tuple[str, ...]
) -> None:
    gone = "customers/0000/000002.json"
    copy = half(lambda: joining.merge(desk, 2, 1), gone, "tickets", *joined)
    assert_whole(copy)
    assert copy.store.ticket(2).customer == 1
    assert copy.store.customer(2).id == 1
    assert not (copy.path / gone).exists()


def test_an_erasure_is_carried_out_on_tickets_copied_before_it(desk: Desk, half: Halves) -> None:
    copy = half(lambda: erasing.erase(desk, 1), "tickets")
    assert said(copy).startswith("1 ticket stripped whose customers were erased")
    assert_whole(copy)
    assert copy.store.ticket(1).erased
    with pytest.raises(NotFound):
        copy.store.customer(1)


def test_nothing_of_whom_an_erasure_took_away_is_left_that_was_copied_before_it(
    desk: Desk, half: Halves
) -> None:
    long_ago = (desk.path / "outbox/0000/000001.json").stat().st_mtime - 7 * 24 * 60 * 60
    os.utime(desk.path / "outbox/0000/000001.json", (long_ago, long_ago))
    copy = half(lambda: erasing.erase(desk, 1), "tickets", "outbox", "archive")
    assert "1 ticket stripped whose customers were erased" in said(copy)
    assert_whole(copy)
    assert copy.store.ticket(1).erased
    assert copy.store.outbox() == []
    assert not [path for path in copy.path.rglob("archive/*/*") if path.is_file()]


def test_a_file_that_two_had_who_were_erased_goes_with_both(desk: Desk, half: Halves) -> None:
    for sender in (AIGUL, BEK):
        inbound.take(desk, WITH_A_PHOTO.replace(AIGUL.encode(), sender.encode()))

    def change() -> None:
        for customer in (1, 2):
            erasing.erase(desk, customer)

    copy = half(change, "tickets", "outbox", "archive")
    assert said(copy).startswith("3 tickets stripped whose customers were erased")
    assert_whole(copy)
    assert not [path for path in copy.path.rglob("archive/*/*") if path.is_file()]


def test_what_an_erasure_took_away_is_not_sent_and_not_kept(desk: Desk, half: Halves) -> None:
    copy = half(lambda: erasing.erase(desk, 1), "outbox", "archive")
    assert "1 message of the outbox set right; 1 file put into former/" in said(copy)
    assert_whole(copy)
    assert copy.store.outbox() == []


def test_a_change_that_was_copied_by_half_is_no_fault(desk: Desk, half: Halves) -> None:
    def change() -> None:
        (desk.path / redo.REDO_FILE).write_text(
            '{"format": 1, "remove": [], "write": [{"source": "tickets/0000/.x.tmp",'
            ' "target": "tickets/0000/000009.json", "sha256": "0", "rev": 1}]}'
        )

    copy = half(change)
    assert said(copy).startswith("1 file put into former/")
    assert_whole(copy)


def test_a_backup_that_is_brought_up_to_date_is_a_copy_again(
    desk: Desk, half: Halves, tmp_path: Path
) -> None:
    copy = half(lambda: None)
    assert not home.is_copy(copy.path)
    shutil.copy2(desk.path / home.HOME_FILE, copy.path / home.HOME_FILE)
    assert home.is_copy(copy.path)


def test_many_who_open_a_copy_at_once_put_it_right_once(
    desk: Desk, half: Halves, tmp_path: Path
) -> None:
    half(lambda: inbound.take(desk, WITH_A_PHOTO))
    copy = tmp_path / "many"
    shutil.copytree(desk.path, copy, ignore=shutil.ignore_patterns(".cache", "customers", "outbox"))
    shutil.copytree(tmp_path / "before" / "archive", copy / "archive", dirs_exist_ok=True)

    def opened(number: int) -> str | None:
        with open_desk(copy, f"agent{number}") as one:
            one.store.catch_up()
            return one.store.put_right()

    with ThreadPoolExecutor(6) as pool:
        lines = [line for line in pool.map(opened, range(6)) if line]
    assert sum("1 customer made anew" in line for line in lines) == 1
    with open_desk(copy, "aibek") as last:
        assert_whole(last)
        assert [customer.notes[0].by for customer in last.store.customers()] == ["helpdesk"]


def test_a_ticket_that_came_meanwhile_may_be_missed_before_one_that_was_not(
    desk: Desk, half: Halves
) -> None:
    def change() -> None:
        for name in ("Bek", "Cholpon"):
            inbound.take(desk, letter(sender=f"{name} <{name}@example.com>"))

    copy = half(change, file_of(2), "outbox", "archive", "customers")
    assert "1 ticket not there at all" in said(copy)
    assert copy.store.ticket(3).customer == 3
    assert [fault.what for fault in copy.store.check()] == []


def test_a_ticket_lost_long_ago_is_missed_in_a_copy_too(
    desk: Desk, half: Halves, tmp_path: Path
) -> None:
    for name in ("Bek", "Cholpon", "Daniyar"):
        inbound.take(desk, letter(sender=f"{name} <{name}@example.com>"))
    week = 7 * 24 * 60 * 60
    third = desk.path / file_of(3)
    os.utime(third, (third.stat().st_atime - week, third.stat().st_mtime - week))
    copy = half(lambda: (desk.path / file_of(2)).unlink())
    faults = [fault.place for fault in copy.store.check()]
    assert "tickets/0000/000002.json" in faults


@pytest.mark.parametrize("left_out", ["tickets/0000/000001.json", "customers/0000/000001.json"])
def test_a_document_that_was_there_and_was_left_out_is_missed(
    desk: Desk, half: Halves, left_out: str
) -> None:
    """As `cp` does with a file that is replaced while it looks."""
    inbound.take(desk, letter(sender=BEK))
    hour = 60 * 60
    for path in desk.path.glob("*/0000/*.json"):
        os.utime(path, (path.stat().st_atime - hour, path.stat().st_mtime - hour))
    copy = half((desk.path / left_out).unlink)
    faults = [fault.what for fault in copy.store.check()]
    assert any("restore it from a backup" in what or "not there" in what for what in faults)
    put_right = copy.store.put_right() or ""
    assert "not there" not in put_right and "made anew" not in put_right


@pytest.mark.usefixtures("also_hers")
def test_a_profile_that_cannot_be_read_stays_as_it_is(desk: Desk, half: Halves) -> None:
    gone = "customers/0000/000002.json"
    (desk.path / gone).write_text("{")
    copy = half(lambda: told_to_be_merged(desk, 2, into=1))
    assert copy.store.put_right() is None
    assert not home.is_copy(copy.path)
    assert (copy.path / gone).read_text() == "{"
    # The desk works on.
    assert inbound.take(copy, letter(sender=BEK)).customer == 3


@pytest.mark.usefixtures("also_hers")
def test_tickets_go_to_whom_their_customer_was_merged_into_though_he_cannot_be_read(
    desk: Desk, half: Halves
) -> None:
    def change() -> None:
        joining.merge(desk, 2, 1)
        (desk.path / "customers/0000/000001.json").write_text("{")

    copy = half(change, "tickets")
    assert said(copy) == "1 ticket handed over to whom the customers were merged into"
    assert copy.store.ticket(2).customer == 1


def told_to_be_merged(desk: Desk, away: int, into: int) -> None:
    """Somebody writes by hand what a merge would note."""
    note = Note(at=desk.now(), by="aibek", text=f"Customer {away} was merged into this profile.")
    with desk.writing() as writing:
        profile = writing.customer(into)
        writing.put(profile.model_copy(update={"notes": (*profile.notes, note)}))


@pytest.mark.usefixtures("also_hers")
@pytest.mark.parametrize("away", [1, 2])
def test_a_note_in_the_words_of_a_merge_takes_nobody_away(
    desk: Desk, half: Halves, away: int
) -> None:
    copy = half(lambda: told_to_be_merged(desk, away, into=1))
    assert copy.store.put_right() is None
    assert [customer.id for customer in copy.store.customers()] == [1, 2]
    assert copy.store.ticket(2).customer == 2


def test_a_time_ahead_hides_nothing_that_came_meanwhile(desk: Desk, half: Halves) -> None:
    """As of a document written while the clock of the machine was wrong."""
    inbound.take(desk, letter("And the tent?", sender=AIGUL, id="tent@example.com"))
    first = (desk.path / file_of(1)).stat()
    year = 365 * 24 * 60 * 60
    os.utime(desk.path / file_of(1), (first.st_atime, first.st_mtime + year))
    copy = half(lambda: inbound.take(desk, letter(sender=BEK)), "customers")
    assert said(copy) == "1 customer made anew from tickets"
    assert_whole(copy)


def test_a_link_that_leads_nowhere_hinders_no_copy(desk: Desk, tmp_path: Path) -> None:
    for name in ("Bek", "Cholpon"):
        inbound.take(desk, letter(sender=f"{name} <{name}@example.com>"))
    copy = tmp_path / "copy"
    shutil.copytree(desk.path, copy, ignore=shutil.ignore_patterns(".cache"))
    (copy / file_of(2)).unlink()
    (copy / file_of(5)).symlink_to("nowhere")
    with open_desk(copy, "aibek") as opened:
        assert inbound.take(opened, letter(sender="Daniyar <d@example.com>")).ticket == 6
        assert not home.is_copy(copy)
