"""What customers are told by mail: queued with its ticket, threaded, with its files."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk import answers, attaching, customers, inbound, matters, outbox, sending, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.errors import BadConfiguration, InvalidInput, NotFound, Unavailable
from helpdesk.domain.outgoing import Sending
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind
from helpdesk.mail.parsing import read
from helpdesk.store.archive import Archive
from tests.conftest import DESK_TOML, MONDAY
from tests.desk.outgoing import A_LETTER, MAIL_OUT, Way, states


def test_a_letter_is_acknowledged_once_and_with_the_promise(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    inbound.take(mailing, A_LETTER)
    way = Way()
    session = sending.send(mailing, way)
    assert (session.sent, len(way.taken)) == (1, 1)
    sender, to, message = way.taken[0]
    assert (sender, to) == ("", "asel@people.example")
    letter = read(message)
    assert letter.subject == "Re: Tent [#1]"
    assert letter.in_reply_to == "first@people.example"
    assert letter.references == ("first@people.example",)
    assert "by Monday" in letter.text.replace("\n", " ")
    assert "leaks" not in letter.text
    assert b"Auto-Submitted: auto-replied" in message
    assert sending.send(mailing, way).sent == 0


@pytest.mark.parametrize("odd", ["größe@people.example", "=?utf-8?q?=C3=9F?=@x", "a" * 990])
def test_an_id_that_no_mail_server_takes_hinders_no_answer(mailing: Desk, odd: str) -> None:
    thread = f"References: <begun@people.example> <{odd}>\r\n"
    inbound.take(mailing, thread.encode() + A_LETTER.replace(b"first@people.example", odd.encode()))
    answers.reply(mailing, 1, "A new tent is on its way.")
    way = Way()
    assert sending.send(mailing, way).sent == 2
    for _, _, message in way.taken:
        letter = read(message)
        assert letter.in_reply_to is None
        assert letter.references == ("begun@people.example",)
        assert max(map(len, message.split(b"\r\n"))) <= 998


def test_a_long_thread_keeps_the_message_that_began_it(mailing: Desk) -> None:
    thread = [f"m{number}@people.example" for number in range(60)]
    ids = " ".join(f"<{mail_id}>" for mail_id in thread)
    inbound.take(mailing, f"References: {ids}\r\n".encode() + A_LETTER)
    way = Way()
    sending.send(mailing, way)
    kept = read(way.taken[0][2]).references
    assert (kept[0], kept[-1]) == (thread[0], "first@people.example")


@pytest.mark.parametrize("ours", ["", "Yours\n{agent}, {desk}", "{agent}"])
def test_a_program_signs_by_the_name_of_the_desk_alone(mailing: Desk, ours: str) -> None:
    if ours:
        (mailing.path / "texts").mkdir()
        own = f"[signature]\ntext = {json.dumps(ours)}\n"
        (mailing.path / "texts" / "en.toml").write_text(own)
    with open_desk(mailing.path, agent="root") as desk:
        inbound.take(desk, A_LETTER)
        way = Way()
        sending.send(desk, way)
        last = read(way.taken[0][2]).text.strip().splitlines()[-2:]
        assert "root" not in "".join(last)
        if "desk" in ours or not ours:
            assert last[-1] == desk.name


def test_an_answer_goes_out_from_the_desk_and_a_reply_finds_its_ticket(
    mailing: Desk, leaking: Ticket
) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    way = Way()
    sending.send(mailing, way)
    sender, _, message = way.taken[0]
    assert sender == "help@aksai.example"
    sent = read(message)
    assert b"Auto-Submitted" not in message
    reply = A_LETTER.replace(b"first@", b"second@").replace(
        b"\r\n\r\n", f"\r\nIn-Reply-To: <{sent.message_id}>\r\n\r\n".encode(), 1
    )
    assert inbound.take(mailing, reply).ticket == leaking.id


def test_everything_that_is_told_by_mail_is_queued(mailing: Desk, leaking: Ticket) -> None:
    number = leaking.id
    answers.tell_date(mailing, number, MONDAY + timedelta(days=2), "cloth")
    answers.close(mailing, number, text="Done.")
    matters.reopen(mailing, number, "again")
    assert states(mailing) == ["sent", "queued", "queued", "queued"]


def test_what_we_write_first_is_one_thread_in_the_customers_program_too(mailing: Desk) -> None:
    customer = customers.create(
        mailing, {"name": "Bektur", "emails": [{"address": "bektur@people.example"}]}
    )
    number = matters.new_ticket(
        mailing, customer.id, kind=Kind.REQUEST, channel=Channel.EMAIL, subject="Rope", text="Red?"
    ).id
    answers.reply(mailing, number, "We have it in blue.")
    way = Way()
    sending.send(mailing, way)
    first, second = (read(message) for _, _, message in way.taken)
    assert (first.in_reply_to, second.in_reply_to) == (None, first.message_id)
    assert second.references == (first.message_id,)
    assert first.subject == second.subject == "Rope [#1]"


def test_files_go_with_an_answer_and_are_kept(
    mailing: Desk, leaking: Ticket, tmp_path: Path
) -> None:
    (tmp_path / "Счёт 7.pdf").write_bytes(b"%PDF-1.7 \x00\xff")
    (tmp_path / "seam.png").write_bytes(b"\x89PNG")
    files = attaching.read_files(mailing, [tmp_path / "Счёт 7.pdf", tmp_path / "seam.png"])
    answers.reply(mailing, leaking.id, "Here is the invoice.", files=files)
    way = Way()
    sending.send(mailing, way)
    letter = read(way.taken[0][2])
    assert letter.text.strip() == "Here is the invoice."
    assert [(a.name, a.type, a.read()) for a in letter.attachments] == [
        ("Счёт 7.pdf", "application/pdf", b"%PDF-1.7 \x00\xff"),
        ("seam.png", "image/png", b"\x89PNG"),
    ]
    kept = mailing.store.ticket(leaking.id).messages[-1].attachments
    assert [(each.name, each.bytes) for each in kept] == [("Счёт 7.pdf", 11), ("seam.png", 4)]
    with mailing.store.archived(kept[0].sha256) as file:
        assert file.read() == b"%PDF-1.7 \x00\xff"
    assert mailing.store.check() == []


def test_files_that_cannot_go_stop_the_answer(
    mailing: Desk, leaking: Ticket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mailing.store.ticket(leaking.id)
    a_file = attaching.Enclosed("a.txt", b"abc")
    with pytest.raises(InvalidInput, match="files go by mail"):
        answers.reply(mailing, leaking.id, "Look.", channel=Channel.PHONE, files=[a_file])
    monkeypatch.setattr(attaching, "MEGABYTE", 2)
    large = tmp_path / "large"
    large.write_bytes(bytes(41))
    with pytest.raises(InvalidInput, match="at most 20 MB together"):
        attaching.read_files(mailing, [large])
    with pytest.raises(InvalidInput, match="at most 20 MB together"):
        attaching.look_at(mailing, large)
    with pytest.raises(InvalidInput, match="at most 20 MB together"):
        answers.reply(mailing, leaking.id, "Look.", files=[a_file] * 14)
    with pytest.raises(NotFound, match="no such file to attach"):
        attaching.read_files(mailing, [tmp_path / "none"])
    os.mkfifo(tmp_path / "pipe")
    for no_file in (tmp_path / "pipe", tmp_path):
        with pytest.raises(InvalidInput, match="it is no file"):
            attaching.read_files(mailing, [no_file])
    assert mailing.store.ticket(leaking.id) == before


def test_a_file_that_cannot_be_read_now_is_waited_for(mailing: Desk, leaking: Ticket) -> None:
    a_file = attaching.Enclosed("a.txt", b"abc")
    answers.reply(mailing, leaking.id, "Here it is.", files=(a_file,))
    (attachment,) = mailing.store.ticket(leaking.id).messages[-1].attachments
    place = Archive(mailing.path).path_of(attachment.sha256)
    place.rename(place.with_name("aside"))
    place.mkdir()
    assert sending.send(mailing, Way()).later == 1
    (waiting,) = outbox.entries(mailing, Sending.QUEUED)
    assert waiting.last_words.startswith("cannot read archive/")
    place.rmdir()
    place.with_name("aside").rename(place)
    with clock.hold(MONDAY + timedelta(minutes=5)):
        assert sending.send(mailing, Way()).sent == 1


def test_a_pipe_in_the_place_of_a_file_hangs_nobody(mailing: Desk) -> None:
    sha256 = "ab" * 32
    place = Archive(mailing.path).path_of(sha256)
    place.parent.mkdir(parents=True)
    os.mkfifo(place)
    with pytest.raises(Unavailable, match="cannot read archive/ab/"):
        mailing.store.archived(sha256)
    mailing.store.catch_up()
    assert any("cannot be read" in fault.what for fault in mailing.store.check())


def test_what_is_told_by_phone_is_not_sent(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "Told her.", channel=Channel.PHONE)
    upkeep.note(mailing, leaking.id, "Nice.")
    assert states(mailing) == ["sent"]


def test_a_desk_without_a_way_out_only_records(desk: Desk) -> None:
    taken = inbound.take(desk, A_LETTER)
    answers.reply(desk, taken.ticket or 0, "Yes.")
    assert desk.store.outbox() == []
    with pytest.raises(BadConfiguration, match="sends no mail"):
        sending.transport(desk)


def test_a_customer_without_an_address(mailing: Desk) -> None:
    customer = customers.create(mailing, {"name": "Bektur"})
    ticket = matters.new_ticket(
        mailing, customer.id, kind=Kind.REQUEST, channel=Channel.EMAIL, subject="a", text="b"
    )
    assert ticket.messages[-1].undelivered == outbox.NO_ADDRESS
    with pytest.raises(InvalidInput, match="no e-mail address"):
        answers.reply(mailing, ticket.id, "Yes.")
    answers.reply(mailing, ticket.id, "Yes.", channel=Channel.PHONE)


def test_replies_can_come_to_an_address_of_the_tickets_own(desk_path: Path) -> None:
    settings = DESK_TOML + MAIL_OUT.replace("[mail]", "[mail]\nreply_addresses = true")
    (desk_path / "desk.toml").write_text(settings, encoding="utf-8")
    with clock.hold(MONDAY), open_desk(desk_path, agent="aibek") as desk:
        inbound.take(desk, A_LETTER)
        way = Way()
        sending.send(desk, way)
        (reply_to,) = read(way.taken[0][2]).reply_to
        assert reply_to.email.startswith("help+t1.")
        back = A_LETTER.replace(b"first@", b"x@").replace(
            b"To: help@aksai.example", f"To: {reply_to.email}".encode()
        )
        assert inbound.take(desk, back).ticket == 1
