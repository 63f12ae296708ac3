"""Sending by commands, against a real mail server, and with programs that are killed."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpdesk import clock, hand_in
from helpdesk.desk import matters
from helpdesk.desk.customers import create
from helpdesk.desk.desk import open_desk
from helpdesk.domain.untried import UNTRIED
from helpdesk.domain.words import Channel, Kind
from tests.commands.conftest import Shell
from tests.conftest import DESK_TOML
from tests.desk.letters import letter
from tests.mail.servers import Letterbox, smtp_server

WAIT = 60.0
"""Seconds after which a story has gone wrong, however slow the machine."""


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def mailing(desk_path: Path, letterbox: Letterbox) -> Iterator[Shell]:
    """A shell at a desk that sends by a mail server which runs."""
    with smtp_server(letterbox) as port:
        settings = (
            f'\n[mail]\naddress = "help@aksai.example"\n\n[mail.out]\nby = "smtp"\n'
            f'host = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        )
        (desk_path / "desk.toml").write_text(DESK_TOML + settings, encoding="utf-8")
        yield Shell(desk_path)


def matters_come_in(desk_path: Path, count: int) -> None:
    """So many matters, each of its own customer and each acknowledged."""
    with open_desk(desk_path, agent="aibek") as desk:
        for number in range(1, count + 1):
            address = f"c{number}@people.example"
            customer = create(desk, {"name": f"C{number}", "emails": [{"address": address}]})
            matters.new_ticket(
                desk, customer.id, kind=Kind.REQUEST, channel=Channel.EMAIL, subject="Rope",
                text="Red?",
            )  # fmt: skip


def until(what: Callable[[], bool]) -> None:
    """Wait for it."""
    end = time.monotonic() + WAIT
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def started(desk_path: Path, *words: str) -> subprocess.Popen[bytes]:
    """A program of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "helpdesk", "--desk", str(desk_path), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def until_said(program: subprocess.Popen[bytes], words: str) -> None:
    """Read what it says up to the line with the words."""
    assert program.stdout is not None
    assert any(words in line.decode() for line in program.stdout), f"it never said: {words}"


def test_what_has_not_left_yet_is_said_where_it_is_looked_for(
    mailing: Shell, letterbox: Letterbox
) -> None:
    matters_come_in(mailing.desk, 1)
    assert "not left" not in mailing.ok("show", "1").out
    letterbox.refuse["c1@people.example"] = "450 4.7.1 greylisted"
    assert mailing.ok("send").out == "0 sent, 0 failed, 1 to be tried again\n"
    assert ": 450 4.7.1 greylisted" in mailing.ok("show", "1").out.partition("not left yet")[2]
    warning = "1 letter could not leave yet; O or 'helpdesk outbox' says why"
    assert warning in mailing.ok("check").out
    advice = mailing.ok("check", "--json").objects[-1]
    assert (advice["place"], advice["advice"]) == ("outbox", True)


def test_where_nothing_sends_that_is_said(mailing: Shell) -> None:
    with clock.hold(clock.now() - UNTRIED):
        matters_come_in(mailing.desk, 1)
    for command in (("outbox",), ("show", "1")):
        assert "nothing sends it: is 'helpdesk worker' running?" in mailing.ok(*command).out
    assert "1 letter could not leave yet" in mailing.ok("check").out
    mailing.ok("send")
    assert "could not leave" not in mailing.ok("check").out


def test_check_names_a_sendmail_that_is_not_there_and_an_open_password(shell: Shell) -> None:
    settings = shell.desk / "desk.toml"
    (shell.desk / "word").write_text("secret")
    (shell.desk / "word").chmod(0o644)
    good = settings.read_text() + '\n[mail]\naddress = "help@aksai.example"\n'
    settings.write_text(good + '[mail.out]\nby = "sendmail"\ncommand = "/no/sendmail -t"\n')
    said = shell("check")
    assert said.code == 78
    assert "desk.toml: mail.out.command: /no/sendmail -t: there is no such program" in said.out
    settings.write_text(
        good + '[mail.out]\nby = "smtp"\nhost = "x"\nuser = "a"\npassword_file = "word"\n'
    )
    said = shell("check")
    assert said.code == 78
    assert "mail.out: others may read the password in" in said.out
    (shell.desk / "word").chmod(0o600)
    assert shell("check").code == 0


def test_what_is_due_is_sent_and_said(mailing: Shell, letterbox: Letterbox) -> None:
    matters_come_in(mailing.desk, 2)
    letterbox.refuse["c2@people.example"] = "550 5.1.1 no such user"
    assert [each["state"] for each in mailing.ok("outbox", "--json").objects] == ["queued"] * 2
    said = mailing("send")
    assert (said.code, said.out) == (69, "1 sent, 1 failed, 0 to be tried again\n")
    assert [each[1] for each in letterbox.taken] == ["c1@people.example"]
    (failed,) = mailing.ok("outbox", "--json").objects
    assert failed["attempts"][0]["words"] == "550 5.1.1 no such user"
    assert "failed: 550 5.1.1 no such user" in mailing.ok("outbox").out
    shown = mailing.ok("show", "2", "--json").object["ticket"]
    assert shown["promises"][0]["told_at"] is None
    assert "the customer was not told" in mailing.ok("show", "2").out


def test_an_agent_holds_releases_and_cancels(mailing: Shell, letterbox: Letterbox) -> None:
    matters_come_in(mailing.desk, 1)
    assert mailing.ok("outbox", "hold", "1").out == "Message 1 (ticket 1): held\n"
    assert mailing.ok("send", "--json").object == {"sent": 0, "failed": 0, "later": 0}
    assert mailing.ok("outbox", "release", "1").out == "Message 1 (ticket 1): queued\n"
    assert "cancelled by" in mailing.ok("outbox", "cancel", "1").out
    said = mailing("outbox", "retry", "1")
    assert (said.code, letterbox.taken) == (65, [])
    told = "message 1 told a date: tell it anew (p, or 'helpdesk promise')"
    assert said.err == f"helpdesk: {told}\n"
    mailing.ok("reply", "1", "--body", "We look into it.", "--owns-delay")
    mailing.ok("outbox", "cancel", "2")
    assert mailing.ok("outbox", "retry", "2").out == "Message 3 (ticket 1): queued\n"


def test_a_desk_that_sends_nothing_says_so(desk_path: Path) -> None:
    said = Shell(desk_path)("send")
    assert said.code == 78
    assert "this desk sends no mail" in said.err
    assert "This desk sends no mail" in Shell(desk_path).ok("outbox").out
    assert Shell(desk_path).ok("outbox", "--json").out == ""


def test_no_server_is_a_matter_of_later(mailing: Shell) -> None:
    matters_come_in(mailing.desk, 1)
    settings = mailing.desk / "desk.toml"
    settings.write_text(settings.read_text().replace('host = "127.0.0.1"', 'host = "127.0.0.2"'))
    said = mailing("send")
    assert said.code == 75
    assert mailing.ok("outbox", "--json").object["state"] == "queued"


def test_a_worker_sends_what_comes_in_and_ends_when_asked(
    mailing: Shell, letterbox: Letterbox
) -> None:
    working = started(mailing.desk, "worker")
    try:
        matters_come_in(mailing.desk, 2)
        until(lambda: len(letterbox.taken) == 2)
        until(lambda: not mailing.ok("outbox", "--json").out)
    finally:
        working.send_signal(signal.SIGTERM)
        said, _ = working.communicate(timeout=WAIT)
    assert working.returncode == 0
    assert said.decode().splitlines() == [
        "message 1 of ticket 1: sent",
        "message 2 of ticket 2: sent",
    ]


@pytest.mark.skipif(not hand_in.is_possible(), reason="needs Linux")
def test_what_is_handed_in_at_a_worker_is_acknowledged_by_it(
    mailing: Shell, letterbox: Letterbox
) -> None:
    working = started(mailing.desk, "worker")
    try:
        until(lambda: hand_in.is_there(str(mailing.desk)))
        assert "; acknowledged" in mailing.process("ingest", typed=letter()).out
        until(lambda: len(letterbox.taken) == 1)
    finally:
        working.send_signal(signal.SIGTERM)
        said, _ = working.communicate(timeout=WAIT)
    assert letterbox.taken[0][1] == "aigul@example.com"
    assert set(said.decode().splitlines()) == {
        "ticket 1: a message was handed in",
        "message 1 of ticket 1: sent",
    }


def test_a_worker_goes_by_desk_toml_as_it_is_now(mailing: Shell, letterbox: Letterbox) -> None:
    settings = mailing.desk / "desk.toml"
    good = settings.read_text()
    settings.write_text(good.replace('host = "127.0.0.1"', 'host = "127.0.0.2"'))
    matters_come_in(mailing.desk, 1)
    working = started(mailing.desk, "worker")
    try:
        until_said(working, "again in 10 seconds")
        settings.write_text(good + "[mail.oout]\n")
        until_said(working, "mail.oout: unknown key")
        settings.write_text(good)
        until_said(working, "desk.toml was changed")
        mailing.ok("outbox", "retry", "1")
        until(lambda: len(letterbox.taken) == 1)
    finally:
        working.send_signal(signal.SIGTERM)
        working.communicate(timeout=WAIT)
    assert working.returncode == 0


def test_two_workers_send_each_message_once(mailing: Shell, letterbox: Letterbox) -> None:
    matters_come_in(mailing.desk, 20)
    both = [started(mailing.desk, "worker"), started(mailing.desk, "worker")]
    try:
        until(lambda: not mailing.ok("outbox", "--json").out)
    finally:
        for each in both:
            each.send_signal(signal.SIGTERM)
            each.communicate(timeout=WAIT)
    recipients = [each[1] for each in letterbox.taken]
    assert sorted(recipients) == sorted({f"c{number}@people.example" for number in range(1, 21)})


def test_killed_at_any_moment_nothing_is_lost_and_at_most_one_comes_twice(
    mailing: Shell, letterbox: Letterbox
) -> None:
    """Each kill makes at most the one message come a second time that was being handed over, and
    however often it is killed, none comes a third time and none is lost."""
    count, kills, chance = 60, 0, random.Random(5)
    matters_come_in(mailing.desk, count)
    while mailing.ok("outbox", "--json").out and kills < 12:
        before = len(letterbox.taken)
        working = started(mailing.desk, "send")
        target = before + chance.randint(1, 4)
        until(lambda w=working, t=target: len(letterbox.taken) >= t or w.poll() is not None)  # type: ignore[misc]
        time.sleep(chance.random() * 0.03)
        kills += working.poll() is None
        working.kill()
        working.communicate()
    while mailing.ok("outbox", "--state", "queued", "--state", "sending", "--json").out:
        mailing.ok("send")
    # What was killed twice in its last step waits for a person, who asks the customer.
    held = mailing.ok("outbox", "--state", "held", "--json").objects
    for each in held:
        assert each["attempts"][-1]["words"].startswith("may have arrived")
        if each["to"] not in recipients_of(letterbox):
            mailing.ok("outbox", "retry", str(each["id"]))
            mailing.ok("send")
    recipients = [each[1] for each in letterbox.taken]
    assert set(recipients) == {f"c{number}@people.example" for number in range(1, count + 1)}
    assert len(recipients) - len(set(recipients)) <= kills  # one for each kill
    assert max(map(recipients.count, recipients)) <= 2
    assert kills > 5
    mailing("check", "--repair")  # clears away what the killed were writing
    mailing.ok("check")
    sent = mailing.ok("outbox", "--state", "sent", "--json").objects
    waiting = mailing.ok("outbox", "--state", "held", "--json").objects
    assert len(sent) + len(waiting) == count


def test_killed_again_and_again_in_the_last_step_a_message_comes_twice_and_then_waits_for_a_person(
    mailing: Shell, letterbox: Letterbox
) -> None:
    matters_come_in(mailing.desk, 2)
    letterbox.at_data = "take and say nothing"
    for come in (["c1"], ["c1", "c1"], ["c1", "c1", "c2"]):
        working = started(mailing.desk, "send")
        until(lambda c=come: len(letterbox.taken) == len(c))  # type: ignore[misc]
        working.kill()
        working.communicate()
        assert [each[1].partition("@")[0] for each in letterbox.taken] == come
    letterbox.at_data = ""
    assert mailing.ok("send").out == "1 sent, 0 failed, 0 to be tried again\n"
    (held,) = mailing.ok("outbox", "--json").objects
    assert (held["id"], held["state"]) == (1, "held")
    assert "may have arrived: sending was cut short" in mailing.ok("show", "1").out


def recipients_of(letterbox: Letterbox) -> set[str]:
    """To whom anything has come."""
    return {each[1] for each in letterbox.taken}
