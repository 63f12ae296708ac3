"""Old mail taken in from mailboxes: order, once only, answers of ours, promises never told."""

import mailbox as standard
import os
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from helpdesk.desk import answers
from helpdesk.desk.desk import Desk
from helpdesk.desk.importing import mail as importing
from helpdesk.desk.importing import mailboxes
from helpdesk.desk.importing.mail import MailHow, MailReport, import_mail
from helpdesk.desk.importing.mailboxes import Maildir, Mbox
from helpdesk.domain.errors import HelpdeskError, InvalidInput, NotFound
from helpdesk.domain.invariants import faults
from helpdesk.domain.words import Direction, Outcome, State
from helpdesk.store.plain import read_plain_file
from tests.desk.letters import came, letter, with_mail

LONG_AGO = datetime(2025, 6, 2, 5, 0, tzinfo=UTC)
"""A Monday, 11:00 in Bishkek."""
OURS = "Desk <help@aksai.example>"


@pytest.fixture
def desk_path(desk_path: Path) -> Path:
    with_mail(desk_path)
    return desk_path


def old(hours: float, text: str = "The zip broke.", **more: str) -> bytes:
    """A letter of so many hours after LONG_AGO."""
    return letter(text, date=format_datetime(LONG_AGO + timedelta(hours=hours)), **more)


def mbox(path: Path, *letters: bytes) -> Path:
    parts = [b"From x\n" + one + b"\n" for one in letters]
    path.write_bytes(b"".join(parts).replace(b"\r\n", b"\n"))
    return path


def taken(desk: Desk, path: Path, **how: object) -> MailReport:
    opened = Maildir(path) if path.is_dir() else Mbox(path)
    try:
        return import_mail(desk, opened, MailHow("old.mbox", **how))  # type: ignore[arg-type]
    finally:
        opened.close()


def test_a_thread_with_our_answer_is_history_with_a_kept_promise(
    desk: Desk, tmp_path: Path
) -> None:
    path = mbox(
        tmp_path / "old.mbox",
        old(0, id="a@x"),
        old(2, "It is on its way.", sender=OURS, to="aigul@example.com", in_reply_to="<a@x>",
            id="b@x"),
        old(50, "Thank you. And my tent?", in_reply_to="<b@x>", id="c@x"),
    )  # fmt: skip
    report = taken(desk, path)
    assert (report.imported, report.tickets, report.automatic) == (3, 1, 0)
    ticket = desk.store.ticket(1)
    assert faults(ticket) == []
    kinds = [(m.direction, m.undelivered is not None) for m in ticket.messages]
    told = (Direction.OUT, True)
    assert kinds == [
        (Direction.IN, False),
        told,
        (Direction.OUT, False),
        (Direction.IN, False),
        told,
    ]
    assert [p.outcome for p in ticket.promises] == [Outcome.KEPT, Outcome.OPEN]
    # "same day" from when it was received: the end of that Monday.
    assert ticket.promises[0].due == LONG_AGO.replace(hour=12)
    assert (ticket.created, ticket.state) == (LONG_AGO, State.ON_US)
    assert ticket.source == "mailbox old.mbox"
    assert desk.store.check() == []


def test_a_thread_goes_on_after_a_stranger_has_named_it(desk: Desk, tmp_path: Path) -> None:
    path = mbox(
        tmp_path / "old.mbox",
        old(0, id="a@x"),
        old(1, "Mine too.", sender="stranger@example.org", in_reply_to="<a@x>", id="s@x"),
        old(2, "It is on its way.", sender=OURS, to="aigul@example.com", in_reply_to="<a@x>",
            id="b@x"),
    )  # fmt: skip
    assert taken(desk, path).tickets == 2
    ticket = desk.store.ticket(1)
    assert [link.ticket for link in ticket.links] == [2]
    assert [p.outcome for p in ticket.promises] == [Outcome.KEPT]
    assert ticket.state is State.ON_CUSTOMER


def test_a_second_run_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = mbox(tmp_path / "old.mbox", old(0), old(1, "Another"), old(1, "Another"))
    first = taken(desk, path)
    assert (first.imported, first.already_there) == (2, 1)
    before = list(desk.store.tickets())
    again = taken(desk, path)
    assert (again.imported, again.already_there) == (0, 3)
    assert list(desk.store.tickets()) == before


def test_messages_are_taken_in_the_order_in_which_they_were_received(
    desk: Desk, tmp_path: Path
) -> None:
    path = mbox(
        tmp_path / "old.mbox",
        old(9, "third", in_reply_to="<a@x>"),
        old(0, "first", id="a@x"),
        old(3, "second", in_reply_to="<a@x>"),
    )
    taken(desk, path)
    said = [m.text for m in desk.store.ticket(1).messages if m.direction is Direction.IN]
    assert said == ["first", "second", "third"]


@pytest.mark.parametrize("at_once", [1, 7, 40, 100])
def test_where_messages_begin_does_not_depend_on_how_much_is_looked_at_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    path = tmp_path / "old.mbox"
    path.write_bytes(
        b"before it\n\nFrom a\nSubject: x\n\nwords\nFrom here on\r\n\r\nFrom b\r\n\r\nbody\r\n\r\n"
        b"From c\n\nlong " + b"x" * 90 + b"\nFrom no separator\n\nFrom d\n\nlast without an end"
    )
    with closing(Mbox(path)) as whole:
        entries = whole.entries
    monkeypatch.setattr(mailboxes, "_AT_ONCE", at_once)
    with closing(Mbox(path)) as some:
        assert some.entries == entries
        read = [some.read(entry) for entry in entries]
    assert read == [
        b"before it\n",
        b"Subject: x\n\nwords\nFrom here on\r\n",
        b"\r\nbody\r\n",
        b"\nlong " + b"x" * 90 + b"\nFrom no separator\n",
        b"\nlast without an end",
    ]


def test_a_file_of_another_kind_is_no_mbox_but_one_message_is(tmp_path: Path) -> None:
    path = tmp_path / "old.mbox"
    for content in (b"\x1f\x8b\x08" + bytes(range(256)) * 9, b"PK\3\4", b"Dear all,\n\nhi\n"):
        path.write_bytes(content)
        with pytest.raises(InvalidInput, match="is no mbox"):
            Mbox(path)
    path.write_bytes(b"Subject: one\n\nhi\n")
    with closing(Mbox(path)) as box:
        assert [box.read(entry) for entry in box.entries] == [b"Subject: one\n\nhi\n"]


def test_a_sentence_that_begins_like_a_separator_begins_no_message(tmp_path: Path) -> None:
    first = (
        b"Subject: one\n\nIt leaks.\n\nFrom what I see it is the zip.\nNote: a new one.\n\n"
        b"From 10:30 to 11:00 nobody answered.\n\nFrom your page at 10:30\nhttps://x.example\n"
    )
    path = tmp_path / "old.mbox"
    path.write_bytes(
        b"From a@x.example Mon Jan  1 00:00:00 2024\n" + first + b"\n"
        b"From - Tue Jan 02 00:00:00 2024\nSubject: two\n\nno empty line behind it\n"
        b"From c@x.example Wed Jan  3 00:00:00 2024 +0100\nSubject: three\n\nhi\n\n"
        b"From 1234@xxx Thu Jan  4 00:00:00 +0000 2024\n\nno headers\n"
    )
    with closing(Mbox(path)) as box:
        read = [box.read(entry) for entry in box.entries]
    assert read == [
        first,
        b"Subject: two\n\nno empty line behind it\n",
        b"Subject: three\n\nhi\n",
        b"\nno headers\n",
    ]


def test_none_is_rejected_whatever_it_is(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "old.mbox"
    path.write_bytes(
        b"garbage before it\n\nFrom x Mon Jan  1 00:00:00 2024\n\nFrom y\n\xff\xfe\0\n\n"
        b"From z\nDate: Mon, 99 Foo 99999\nFrom: <>\n\n>From the shop I come\nFrom here on\n\n"
        b"From q\nDate: Fri, 1 Jan 2100 00:00:00 +0000\n\nfrom the future\n"
    )
    report = taken(desk, path)
    assert (report.messages, report.failed) == (5, 0)
    texts = [desk.store.ticket(n).messages[0].text for n in range(1, report.tickets + 1)]
    assert any(text.startswith("From the shop I come\nFrom here on") for text in texts)
    assert all(ticket.created <= desk.now() for ticket in desk.store.tickets())
    empty = tmp_path / "empty.mbox"
    empty.write_bytes(b"")
    assert taken(desk, empty).messages == 0


def test_what_was_received_before_a_day_waits_on_nobody(desk: Desk, tmp_path: Path) -> None:
    path = mbox(tmp_path / "old.mbox", old(0, id="a@x"), old(5, "And?", in_reply_to="<a@x>"),
                old(100, "New", id="n@x"))  # fmt: skip
    taken(desk, path, dealt_with=LONG_AGO + timedelta(hours=24))
    history, waiting = desk.store.ticket(1), desk.store.ticket(2)
    assert (history.state, history.promises) == (State.CLOSED, ())
    assert len(history.messages) == 2
    assert waiting.state is State.ON_US


def test_old_mail_on_a_live_ticket_changes_nothing_of_where_it_stands(
    desk: Desk, tmp_path: Path
) -> None:
    came(desk, id="live@x", references="<old@x>")
    answers.reply(desk, 1, "Done.")
    before = desk.store.ticket(1)
    taken(desk, mbox(tmp_path / "old.mbox", old(0, "How it began", in_reply_to="<live@x>")))
    after = desk.store.ticket(1)
    assert (after.state, after.promises) == (before.state, before.promises)
    assert len(after.messages) == len(before.messages) + 1


def test_what_we_began_is_a_matter_of_whom_we_wrote_to(desk: Desk, tmp_path: Path) -> None:
    taken(desk, mbox(tmp_path / "m", old(0, "Hello", sender=OURS, to="Bakyt <b@example.com>")))
    ticket = desk.store.ticket(1)
    assert desk.store.customer(ticket.customer or 0).name == "Bakyt"
    assert (ticket.messages[0].direction, ticket.state) == (Direction.OUT, State.ON_CUSTOMER)


def test_a_dry_run_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    report = taken(desk, mbox(tmp_path / "old.mbox", old(0), old(1, "x")), dry_run=True)
    assert (report.messages, report.imported) == (2, 2)
    assert not list(desk.store.tickets())


def test_a_stopped_import_goes_on_where_it_was(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MESSAGES_AT_ONCE", 2)
    path = mbox(tmp_path / "old.mbox", *(old(n, f"letter {n}") for n in range(5)))
    report = taken(desk, path, stop=lambda: True)
    assert (report.stopped, report.imported) == (True, 2)
    report = taken(desk, path)
    assert (report.imported, report.already_there) == (3, 2)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (HelpdeskError("its customer cannot be read"), "its customer cannot be read"),
        (TypeError("Aigul Asanova"), "a message could not be taken in (TypeError)"),
    ],
)
def test_one_message_in_trouble_stops_none_of_the_others(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def trouble(self: importing.Past, letter: object, raw: bytes, entry: object) -> object:
        if b"letter 1" in raw:
            raise error
        return take(self, letter, raw, entry)  # type: ignore[arg-type]

    take = importing.Past.take
    monkeypatch.setattr(importing.Past, "take", trouble)
    report = taken(desk, mbox(tmp_path / "m", *(old(n, f"letter {n}") for n in range(4))))
    assert (report.imported, report.failed) == (3, 1)
    assert report.faults == [said]


def test_a_file_that_may_not_be_read_stops_none_of_the_others(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "md" / "cur"
    folder.mkdir(parents=True)
    for number in range(3):
        (folder / str(number)).write_bytes(old(number, f"letter {number}"))

    def read(path: Path) -> bytes:
        if path.name == "1":
            raise PermissionError(13, "Permission denied", str(path))
        return read_plain_file(path)

    monkeypatch.setattr(mailboxes, "read_plain_file", read)
    report = taken(desk, folder.parent)
    assert (report.messages, report.imported, report.failed) == (3, 2, 1)
    assert report.faults == [f"{folder / '1'}: Permission denied"]


def test_no_link_in_a_maildir_is_followed(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "md" / "cur"
    folder.mkdir(parents=True)
    (folder / "a").write_bytes(old(1, "letter"))
    (folder / "folder").mkdir()
    (tmp_path / "secret").write_bytes(b"root:x:0")
    (tmp_path / "elsewhere").mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "link2").symlink_to(tmp_path / "elsewhere")
    (folder.parent / "new").symlink_to(tmp_path / "elsewhere")
    (folder.parent / ".Sent").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "passwords").write_bytes(b"root:x:0")
    os.mkfifo(folder / "pipe")
    report = taken(desk, folder.parent)
    assert (report.messages, report.imported, report.left_out, report.failed) == (1, 1, 5, 0)
    links = (folder / "link", folder / "link2", folder.parent / "new", folder.parent / ".Sent")
    said = {f"{link}: a link, which is not followed" for link in links}
    assert set(report.faults) == said | {f"{folder / 'pipe'}: not a plain file"}


def test_many_are_read_by_another_process_and_are_the_same(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "FEW", 1)
    body = (
        "--x\r\n\r\nsee there\r\n--x\r\nContent-Type: image/png; name=a.png\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nAAECAwQ=\r\n--x--"
    )
    kind = {"mime_version": "1.0", "content_type": "multipart/mixed; boundary=x"}
    taken(desk, mbox(tmp_path / "m", old(0, body, **kind), old(1, "plain")))
    (file,) = desk.store.ticket(1).messages[0].attachments
    with desk.store.archived(file.sha256) as kept:
        assert kept.read() == bytes(range(5))
    assert desk.store.check() == []


KILLED = """
import multiprocessing, sys
from helpdesk.desk.importing.letters import read_beside
from helpdesk.desk.importing.mailboxes import Entry
batches = [[(Entry(0.0, 0), b"Subject: a\\n\\nb")]]
for _ in read_beside(batches):
    print(multiprocessing.active_children()[0].pid, flush=True)
    sys.stdin.read()
"""


def test_who_reads_beside_an_import_ends_when_that_is_killed() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", KILLED], stdin=pipe, stdout=pipe) as program:
        assert program.stdout is not None
        beside = int(program.stdout.readline())
        program.kill()
    end = time.monotonic() + 30
    while is_running(beside):
        assert time.monotonic() < end, "it goes on for good"
        time.sleep(0.02)


def is_running(process: int) -> bool:
    """Whether it still does anything; it may be left over until somebody asks how it ended."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_maildir_is_taken_with_its_sent_folder_but_not_its_trash(
    desk: Desk, tmp_path: Path
) -> None:
    made = standard.Maildir(tmp_path / "md")
    made.add(old(0, id="a@x"))
    made.add_folder("Sent").add(old(2, "Sent.", sender=OURS, in_reply_to="<a@x>"))
    made.add_folder("Trash").add(old(3, "Win a prize"))
    assert taken(desk, tmp_path / "md").messages == 2
    assert [p.outcome for p in desk.store.ticket(1).promises] == [Outcome.KEPT]


def test_what_is_no_mailbox_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Mbox(tmp_path / "nothing")
    with pytest.raises(InvalidInput, match="maildir"):
        Mbox(tmp_path)
    with pytest.raises(InvalidInput, match="no maildir"):
        Maildir(tmp_path)


@pytest.mark.parametrize("stated", ["", "Tue, 29 Feb 2023 99:99:99 +9999", "yesterday", "1 " * 99])
def test_a_date_that_is_none_says_nothing_of_when_a_message_was_received(stated: str) -> None:
    head = f"Date: {stated}\nSubject: Zip\n\n".encode()
    assert mailboxes.received(head) is None
    stated_well = b"Received: from x by y; Mon, 2 Jun 2025 05:00:00 +0000\n" + head
    assert mailboxes.received(stated_well) == LONG_AGO.timestamp()
