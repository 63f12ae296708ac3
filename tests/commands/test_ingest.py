"""`ingest`: what a mail server's pipe meets."""

import json
import os
import socket
import subprocess
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest

from helpdesk import hand_in
from tests.commands.conftest import PYTHON, Shell
from tests.commands.workers import WAIT, handed_in, until, working
from tests.desk.letters import letter

KEYS = ["ticket", "customer", "new_ticket", "duplicate", "automatic", "acknowledged", "message"]
MESSAGE_KEYS = [
    "from_email", "from_name", "subject", "message_id", "in_reply_to", "references", "text",
    "visible_text", "attachments",
]  # fmt: skip


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_script_is_told_what_became_of_a_message(shell: Shell) -> None:
    raw = letter(id="one@example.com", in_reply_to="<zero@x>", references="<a@x> <zero@x>")
    told = shell.ok("ingest", "--json", typed=raw).object
    assert list(told) == KEYS
    assert list(told["message"]) == MESSAGE_KEYS
    assert (told["ticket"], told["customer"], told["acknowledged"]) == (1, 1, True)
    assert told["message"]["message_id"] == "one@example.com"
    assert told["message"]["in_reply_to"] == "zero@x"
    assert told["message"]["references"] == ["a@x", "zero@x"]
    bare = shell.ok("ingest", "--json", typed=b"Subject:\n\nhello").object["message"]
    absent = [bare[key] for key in MESSAGE_KEYS[:5]]
    assert absent == [None] * 5


def test_a_subject_that_says_more_than_the_tickets_own_is_shown(shell: Shell) -> None:
    shell.ok("ingest", typed=letter(id="one@example.com"))
    for id, subject in (("two@x", "Re: zip [#1]"), ("three@x", "Fwd: Invoice 9")):
        raw = letter("Look.", id=id, subject=subject, in_reply_to="one@example.com")
        assert shell.ok("ingest", "--json", typed=raw).object["ticket"] == 1
    shown = shell.ok("show", "1").out
    assert "    subject: Fwd: Invoice 9\n    Look." in shown
    assert shown.count("subject:") == 1


def test_a_person_reads_what_became_of_it(shell: Shell) -> None:
    raw = letter()
    read = shell.ok("ingest", "--dry-run", typed=raw).out
    assert read == "Read a message from aigul@example.com: Zip\n"
    said = shell.ok("ingest", typed=raw).out
    assert said == "Ticket 1: opened by a message from aigul@example.com: Zip; acknowledged\n"
    assert shell.ok("ingest", typed=raw).out == "Ticket 1: has that message already\n"


@pytest.mark.parametrize("is_there", [False, True])
def test_a_message_that_comes_in_pieces_to_an_input_that_does_not_wait_is_taken_in_whole(
    shell: Shell, is_there: bool
) -> None:
    whole = letter("The first half. The second half.")
    half = whole.index(b"The second")
    with working(shell) if is_there else nullcontext():
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        ours.sendall(whole[:half])
        program = subprocess.Popen(
            [PYTHON, "-m", "helpdesk", "ingest"], stdin=theirs.fileno(), stdout=subprocess.PIPE,
            env=shell.process_environment(),
        )  # fmt: skip
        until(lambda: was_read(theirs) or program.poll() is not None)
        with suppress(BrokenPipeError):
            ours.sendall(whole[half:])
        theirs.close()
        ours.close()
        program.communicate(timeout=WAIT)
    assert program.returncode == 0
    assert "The first half. The second half." in shell.ok("show", "1").out


def was_read(stream: socket.socket) -> bool:
    """Whether all that was sent has been read."""
    with suppress(BlockingIOError):
        return not stream.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    return True


def test_a_dry_run_writes_nothing_and_needs_no_desk(shell: Shell, tmp_path: Path) -> None:
    before = snapshot(shell.desk)
    told = shell.ok("ingest", "--dry-run", "--json", typed=letter()).object
    assert (told["ticket"], told["customer"], told["new_ticket"]) == (None, None, False)
    assert snapshot(shell.desk) == before
    nowhere = str(tmp_path / "nowhere")
    told = shell.ok("ingest", "--dry-run", "--json", "--desk", nowhere, typed=letter()).object
    assert told["message"]["from_email"] == "aigul@example.com"


def test_any_trouble_of_ours_is_to_be_tried_again(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no desk" in shell.fails(75, "ingest", "--desk", str(tmp_path / "x"), typed=letter())
    settings = shell.desk / "desk.toml"
    good = settings.read_text()
    settings.write_text(good + "\n[mail]\nadress = 1\n")
    assert "mail.adress" in shell.fails(75, "ingest", typed=letter())
    settings.write_text(good)

    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("helpdesk.desk.inbound.take", fail)
        assert "ZeroDivisionError" in shell.fails(75, "ingest", typed=letter())
    assert shell.ok("ingest", "--json", typed=letter()).object["new_ticket"]


@pytest.mark.parametrize(
    "words",
    [
        ("ingest", "--bogus"),
        ("ingest", "surplus"),
        ("--bogus", "ingest"),
        ("--desk", "x", "ingest", "--desk"),
    ],
)
def test_a_command_misspelled_at_the_mail_server_sends_no_mail_back(
    shell: Shell, words: tuple[str, ...]
) -> None:
    shell.fails(75, *words, typed=letter())
    assert shell.process(*words, typed=letter()).code == 75
    shell.fails(64, "search", "ingest", "--bogus")


def test_it_is_kept_even_if_nobody_hears_the_answer(shell: Shell) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        [PYTHON, "-m", "helpdesk", "ingest", "--json"],
        input=letter(),
        stdout=writing,
        stderr=subprocess.PIPE,
        env=shell.process_environment(),
        check=False,
    )
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert shell.ok("ingest", "--json", typed=letter()).object["duplicate"]


def test_it_waits_for_nothing_that_only_screens_need(shell: Shell) -> None:
    code = (
        "import sys, json\nfrom helpdesk.cli import main\n"
        "sys.argv = ['helpdesk', 'ingest']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    ran = subprocess.run(
        [PYTHON, "-c", code],
        input=letter(),
        capture_output=True,
        env=shell.process_environment(),
        check=True,
    )
    loaded = set(json.loads(ran.stdout.splitlines()[-1]))
    screens = ("textual", "rich", "helpdesk.screens")
    other_mail = ("flufl", "selectolax", "mimetypes", "imap_tools", "smtplib")
    unwanted = (*screens, *other_mail, "holidays", "email_validator", "dns", "multiprocessing")
    assert not [name for name in loaded if name.startswith(unwanted)]
    assert "helpdesk.desk.inbound" in loaded


NOT_FOR_A_PLAIN_MESSAGE = (
    "babel", "charset_normalizer", "email", "email_validator", "helpdesk.domain.query",
    "helpdesk.domain.queue", "helpdesk.mail.bounce", "helpdesk.mail.composing",
    "helpdesk.mail.html", "holidays", "importlib.metadata", "multiprocessing", "rich",
    "selectolax", "shutil", "smtplib", "tempfile", "textual",
)  # fmt: skip


def test_a_plain_message_waits_for_nothing_that_it_does_not_need(shell: Shell) -> None:
    shell.process("ingest", typed=letter())  # what libraries say is noted by it
    shell.environment["PYTHONPROFILEIMPORTTIME"] = "1"
    said = shell.process("ingest", typed=letter("And the pole."))
    assert said.out.startswith("Ticket 2: opened by")
    imported = {line.rpartition("|")[2].strip() for line in said.err.splitlines()}
    assert "helpdesk.desk.inbound" in imported
    assert sorted(imported & {*NOT_FOR_A_PLAIN_MESSAGE}) == []


OF_PYTHON_ALONE = {
    "array", "atexit", "collections", "collections.abc", "contextlib", "enum", "errno",
    "functools", "gc", "helpdesk", "helpdesk.cli", "helpdesk.commands",
    "helpdesk.commands.handing_in", "helpdesk.commands.streams", "helpdesk.desk_folder",
    "helpdesk.hand_in", "importlib", "itertools", "keyword", "math", "operator", "reprlib",
    "select", "selectors", "signal", "socket", "types",
}  # fmt: skip
"""All that is imported for a message which a worker takes in, besides what Python starts with."""


@pytest.mark.skipif(not hand_in.is_possible(), reason="needs Linux")
def test_a_message_that_a_worker_takes_in_waits_for_next_to_nothing(shell: Shell) -> None:
    def imported(*words: str) -> set[str]:
        environment = {**shell.process_environment(), "PYTHONPROFILEIMPORTTIME": "1"}
        ran = subprocess.run(
            [PYTHON, "-c", *words], input=letter(), capture_output=True, env=environment, check=True
        )
        return {line.rpartition("|")[2].strip() for line in ran.stderr.decode().splitlines()}

    with working(shell) as worker:
        more = imported("from helpdesk.cli import main; main()", "ingest") - imported("pass")
        assert handed_in(worker.end()) == 1
    assert {name for name in more if not name.startswith("_")} <= OF_PYTHON_ALONE


def test_what_could_not_be_read_of_a_message_is_told_with_it(shell: Shell) -> None:
    sealed = b"From: ann@example.org\nSubject: Zip\nContent-Type: application/pkcs7-mime\n\nMIIB"
    shell.ok("ingest", typed=sealed)
    assert "note: its text is encrypted or sealed in an attached file" in shell.ok("show", "1").out
