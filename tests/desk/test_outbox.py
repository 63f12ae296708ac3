"""What customers are told by mail: queued with its ticket, sent once, or never told."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk import (
    answers,
    attaching,
    customers,
    erasing,
    inbound,
    matters,
    outbox,
    ruling,
    sending,
    serving,
    upkeep,
)
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.exporting import ticket_object
from helpdesk.domain.errors import (
    BadConfiguration,
    InvalidInput,
    NotFound,
    NotPermitted,
    TryAgain,
    Unavailable,
)
from helpdesk.domain.invariants import faults
from helpdesk.domain.outgoing import GIVE_UP, Sending
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind, Outcome, State
from helpdesk.mail.parsing import read
from helpdesk.mail.transport import LastStep, Result, Verdict, accepted, later, refused, stopped
from helpdesk.store.archive import Archive
from tests.conftest import DESK_TOML, MONDAY

MAIL_OUT = """
[mail]
address = "help@aksai.example"

[mail.out]
by = "smtp"
host = "127.0.0.1"
security = "none"
"""

A_LETTER = (
    b"From: Asel <asel@people.example>\r\nTo: help@aksai.example\r\nSubject: Tent\r\n"
    b"Message-ID: <first@people.example>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0600\r\n"
    b"\r\nThe tent leaks.\r\n"
)


class Way:
    """A way out that keeps what it takes, and says what it is told to say."""

    def __init__(self, *results: Result) -> None:
        self.results = list(results)
        self.taken: list[tuple[str, str, bytes]] = []

    def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
        if not last_step():
            return stopped()
        result = self.results.pop(0) if self.results else accepted("250 taken")
        if result.verdict is Verdict.ACCEPTED:
            self.taken.append((sender, to, message))
        return result

    def break_off(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture
def mailing(desk_path: Path) -> Iterator[Desk]:
    """A desk that sends mail, on Monday."""
    (desk_path / "desk.toml").write_text(DESK_TOML + MAIL_OUT, encoding="utf-8")
    with clock.hold(MONDAY), open_desk(desk_path, agent="aibek") as opened:
        yield opened


@pytest.fixture
def leaking(mailing: Desk) -> Ticket:
    """A matter that came by mail and was acknowledged; the acknowledgement has left."""
    taken = inbound.take(mailing, A_LETTER)
    sending.send(mailing, Way())
    assert taken.ticket is not None
    return mailing.store.ticket(taken.ticket)


def states(desk: Desk) -> list[str]:
    return [str(desk.store.outgoing(number).state) for number in sorted(desk.store.outbox())]


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


def test_an_answer_refused_for_good_was_no_answer(mailing: Desk, leaking: Ticket) -> None:
    assert leaking.promise is not None
    answered = answers.reply(mailing, leaking.id, "A new tent is on its way.")
    assert answered.promises[0].outcome is Outcome.KEPT
    session = sending.send(mailing, Way(refused("550 5.1.1 no such user")))
    assert session.failed == 1
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.state is State.ON_US
    assert ticket.promises[0] == answered.promises[0]  # the ledger is never changed
    assert ticket.settled_as(ticket.promises[0]) is Outcome.WITHDRAWN
    assert ticket.promise is not None
    assert ticket.promise.due == leaking.promise.due
    assert ticket.messages[-1].undelivered == "550 5.1.1 no such user"
    assert ticket.never_left == ticket.messages[-1]
    assert faults(ticket) == []
    assert states(mailing) == ["sent", "failed"]
    ledger = list(mailing.store.promises(mailing.query("")))
    assert [row.outcome for row in ledger] == [Outcome.WITHDRAWN, Outcome.OPEN]
    assert mailing.store.check() == []


def test_past_due_it_is_broken_once_and_owns_the_delay(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    assert leaking.promise is not None
    with clock.hold(leaking.promise.due + timedelta(hours=1)):
        sending.send(mailing, Way(refused("550 no")))
        ticket = mailing.store.ticket(leaking.id)
        assert len(ticket.broken(mailing.now())) == 1
        assert ticket.owes_apology(mailing.now())
        answered = answers.reply(mailing, leaking.id, "Here it is.")
        assert answered.messages[-1].owns_delay
        assert len(answered.broken(mailing.now())) == 1


def test_a_promise_told_in_a_mail_that_never_left_was_not_told(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    sending.send(mailing, Way(refused("550 no")))
    ticket = mailing.store.ticket(1)
    assert ticket.state is State.ON_US
    assert ticket.promise is not None
    shown = ticket_object(ticket, mailing.now(), mailing.zone)
    assert shown["promises"][0]["told_at"] is None
    after = ticket.promise.due + timedelta(days=1)
    assert ticket.outcome_of(ticket.promise, after) is Outcome.OPEN
    assert not ticket.owes_apology(after)
    with clock.hold(after):
        answered = answers.reply(mailing, 1, "Yes.")
        assert answered.settled_as(answered.promises[0]) is Outcome.WITHDRAWN
        assert faults(answered) == []
    assert mailing.store.check() == []


def test_an_answer_since_then_counts(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "First.")
    sending.send(mailing, Way(later("450 wait")))
    answers.reply(mailing, leaking.id, "Second.")
    sending.send(mailing, Way())
    with clock.hold(MONDAY + timedelta(minutes=2)):
        sending.send(mailing, Way(refused("550 no")))
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.messages[2].undelivered
    assert ticket.state is State.ON_CUSTOMER
    assert ticket.settled_as(ticket.promises[0]) is Outcome.KEPT


def test_another_date_that_was_never_told_leaves_the_old_one(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    answers.tell_date(mailing, leaking.id, MONDAY + timedelta(days=2), "cloth")
    sending.send(mailing, Way(refused("550 no")))
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.promise is not None
    assert ticket.promise.due == leaking.promise.due
    assert ticket.was_told(ticket.promise)
    assert faults(ticket) == []


def test_after_a_merge_the_promise_stands_where_the_matter_goes_on(
    mailing: Desk, leaking: Ticket
) -> None:
    other = inbound.take(mailing, A_LETTER.replace(b"first@", b"other@"))
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    answers.reply(mailing, other.ticket or 0, "As I wrote.")
    first, second = sorted(mailing.store.outbox(Sending.QUEUED))[-2:]
    outbox.hold(mailing, second)
    upkeep.merge(mailing, leaking.id, other.ticket or 0)
    outbox.cancel(mailing, first)
    into = mailing.store.ticket(other.ticket or 0)
    assert faults(into) == faults(mailing.store.ticket(leaking.id)) == []
    said = [message.undelivered for message in into.messages if message.undelivered]
    assert sorted(said) == ["cancelled by aibek", "held back"]
    outbox.cancel(mailing, second)
    into = mailing.store.ticket(other.ticket or 0)
    assert into.state is State.ON_US
    assert faults(into) == []


def test_an_answer_that_is_held_counts_once_it_is_let_go(mailing: Desk, leaking: Ticket) -> None:
    assert leaking.promise is not None
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    outbox.hold(mailing, 2)
    held = mailing.store.ticket(leaking.id)
    assert held.messages[-1].undelivered == "held back"
    assert held.outcome_of(held.promises[0], mailing.now()) is Outcome.WITHDRAWN
    assert [row.id for row in mailing.store.queue(mailing.query("is:undelivered"))] == [leaking.id]
    outbox.release(mailing, 2)
    let_go = mailing.store.ticket(leaking.id)
    assert let_go.messages[-1].undelivered is None
    assert let_go.outcome_of(let_go.promises[0], mailing.now()) is Outcome.KEPT
    assert faults(held) == faults(let_go) == []


def test_while_another_date_is_held_the_promise_stands_that_the_customer_knows(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    other = MONDAY + timedelta(days=2)
    answers.tell_date(mailing, leaking.id, other, "cloth")
    for _ in range(2):
        outbox.hold(mailing, 2)
        held = mailing.store.ticket(leaking.id)
        assert held.promise is not None
        assert (held.promise.due, held.was_told(held.promise)) == (leaking.promise.due, True)
        assert held.never_left is not None
        outbox.release(mailing, 2)
        ticket = mailing.store.ticket(leaking.id)
        assert ticket.promise is not None
        assert (ticket.promise.due, ticket.was_told(ticket.promise)) == (other, True)
        assert ticket.never_left is None
        assert faults(held) == faults(ticket) == []
    assert ticket.promises[1].reason == "the message that tells it is held back"
    outcomes = [ticket.outcome_of(promise, mailing.now()) for promise in ticket.promises]
    assert outcomes.count(Outcome.MOVED) == outcomes.count(Outcome.OPEN) == 1
    assert set(outcomes) <= {Outcome.MOVED, Outcome.OPEN, Outcome.WITHDRAWN}
    sending.send(mailing, Way())
    assert states(mailing) == ["sent", "sent"]
    assert mailing.store.check() == []


def test_another_date_that_was_held_and_cancelled_was_never_told(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    due = MONDAY + timedelta(days=2)
    answers.reply(mailing, leaking.id, "Soon.", next_due=due, next_reason="cloth")
    outbox.hold(mailing, 2)
    outbox.cancel(mailing, 2)
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.promise is not None
    assert ticket.promise.due == leaking.promise.due
    assert ticket.messages[-1].undelivered == "cancelled by aibek"
    assert faults(ticket) == []


def test_another_date_is_not_let_go_once_the_promise_is_past_or_answered(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    answers.tell_date(mailing, leaking.id, MONDAY + timedelta(days=2), "cloth")
    outbox.hold(mailing, 2)
    late = clock.hold(leaking.promise.due + timedelta(minutes=1))
    with late, pytest.raises(InvalidInput, match="its time has gone by"):
        outbox.release(mailing, 2)
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    with pytest.raises(InvalidInput, match="holds no more"):
        outbox.release(mailing, 2)
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.state is State.ON_CUSTOMER
    assert faults(ticket) == []


def test_another_date_in_place_of_a_broken_promise_cannot_be_held(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    with clock.hold(MONDAY + timedelta(days=1)):
        answers.tell_date(mailing, leaking.id, MONDAY + timedelta(days=3), "cloth")
        before = mailing.store.ticket(leaking.id)
        with pytest.raises(InvalidInput, match="cannot be held: cancel it"):
            outbox.hold(mailing, 2)
        assert mailing.store.ticket(leaking.id) == before
        assert states(mailing) == ["sent", "queued"]
        outbox.cancel(mailing, 2)
        ticket = mailing.store.ticket(leaking.id)
    assert ticket.promise is not None
    assert ticket.promise.due == leaking.promise.due
    assert faults(ticket) == []


def test_what_was_held_until_its_time_had_gone_by_is_not_let_go(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    outbox.hold(mailing, 2)
    with clock.hold(leaking.promise.due + timedelta(minutes=1)):
        with pytest.raises(InvalidInput, match="too late to let it go"):
            outbox.release(mailing, 2)
        assert mailing.store.outgoing(2).state is Sending.HELD
        outbox.cancel(mailing, 2)
        ticket = mailing.store.ticket(leaking.id)
        assert ticket.state is State.ON_US
        assert ticket.broken(mailing.now())
        assert faults(ticket) == []


def test_a_promise_that_was_told_holds_after_a_merge_before_an_earlier_one_that_was_not(
    mailing: Desk,
) -> None:
    held = inbound.take(mailing, A_LETTER).ticket or 0
    outbox.hold(mailing, 1)
    other = inbound.take(mailing, A_LETTER.replace(b"first@", b"other@")).ticket or 0
    told = MONDAY + timedelta(days=2)
    answers.tell_date(mailing, other, told, "cloth")
    upkeep.merge(mailing, held, other)
    into = mailing.store.ticket(other)
    assert into.promise is not None
    assert (into.promise.due, into.was_told(into.promise)) == (told, True)
    assert faults(into) == faults(mailing.store.ticket(held)) == []
    # The date in what is held holds no more: the customer is not told it any more either.
    with pytest.raises(InvalidInput, match="the date that it tells holds no more; cancel it"):
        outbox.release(mailing, 1)
    assert mailing.store.outgoing(1).state is Sending.HELD
    outbox.cancel(mailing, 1)
    assert mailing.store.ticket(other).promise == into.promise


def test_a_promise_that_was_not_told_goes_on_after_a_merge_where_there_is_no_other(
    mailing: Desk,
) -> None:
    held = inbound.take(mailing, A_LETTER).ticket or 0
    outbox.hold(mailing, 1)
    other = inbound.take(mailing, A_LETTER.replace(b"first@", b"other@")).ticket or 0
    answers.reply(mailing, other, "A new tent is on its way.")
    upkeep.merge(mailing, held, other)
    promise = mailing.store.ticket(other).promise
    assert promise is not None
    late = clock.hold(promise.due + timedelta(minutes=1))
    with late, pytest.raises(InvalidInput, match="too late to let it go"):
        outbox.release(mailing, 1)
    outbox.release(mailing, 1)
    into = mailing.store.ticket(other)
    assert into.was_told(promise)
    assert faults(into) == []


def test_an_answer_that_was_held_may_go_late_if_another_kept_the_promise(
    mailing: Desk, leaking: Ticket
) -> None:
    assert leaking.promise is not None
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    outbox.hold(mailing, 2)
    answers.reply(mailing, leaking.id, "It comes tomorrow.")
    with clock.hold(leaking.promise.due + timedelta(days=1)):
        outbox.release(mailing, 2)
        ticket = mailing.store.ticket(leaking.id)
        assert ticket.outcome_of(ticket.promises[0], mailing.now()) is Outcome.KEPT
        assert faults(ticket) == []
        sending.send(mailing, Way())
    assert states(mailing) == ["sent", "sent", "sent"]


def test_an_acknowledgement_that_was_held_does_not_go_after_the_answer(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    outbox.hold(mailing, 1)
    answers.reply(mailing, 1, "A new tent is on its way.")
    with pytest.raises(InvalidInput, match="holds no more"):
        outbox.release(mailing, 1)


def test_a_promise_told_in_what_is_held_is_not_told_yet(mailing: Desk) -> None:
    taken = inbound.take(mailing, A_LETTER)
    outbox.hold(mailing, 1)
    ticket = mailing.store.ticket(taken.ticket or 0)
    assert ticket.promise is not None
    assert not ticket.was_told(ticket.promise)
    outbox.release(mailing, 1)
    ticket = mailing.store.ticket(taken.ticket or 0)
    assert ticket.promise is not None
    assert ticket.was_told(ticket.promise)


def bounced(sent: bytes, to: str = "asel@people.example", action: str = "failed") -> bytes:
    """What the customer's mail server says of a message that it had to give up."""
    status = "5.1.1" if action == "failed" else "4.4.1"
    return (
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@people.example\r\nTo: help@aksai.example\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\n\r\nIt could not be delivered.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.people.example\r\n\r\n"
        + f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} no such user\r\n\r\n".encode()
        + b"--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + sent
        + b"\r\n--b--\r\n"
    )


def test_an_answer_that_came_back_was_no_answer(mailing: Desk, leaking: Ticket) -> None:
    promised = leaking.promise
    assert promised is not None
    way = Way()
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    sending.send(mailing, way)
    assert mailing.store.ticket(leaking.id).state is State.ON_CUSTOMER
    taken = inbound.take(mailing, bounced(way.taken[0][2]))
    assert (taken.ticket, taken.automatic) == (leaking.id, True)
    ticket = mailing.store.ticket(leaking.id)
    assert faults(ticket) == []
    assert ticket.messages[2].undelivered == "came back: 550 5.1.1 no such user"
    assert ticket.state is State.ON_US
    assert ticket.promise is not None
    assert (ticket.promise.due, ticket.promise.follows) == (promised.due, promised.id)
    assert ticket.outcome_of(ticket.promises[0], mailing.now()) is Outcome.WITHDRAWN
    assert states(mailing) == ["sent", "failed"]
    assert [row.id for row in mailing.store.queue(mailing.query("is:undelivered"))] == [ticket.id]
    # Once more, as of another copy of it, it changes nothing but that it is filed.
    inbound.take(mailing, bounced(way.taken[0][2]) + b"\r\n")
    assert mailing.store.ticket(leaking.id).promises == ticket.promises


def test_an_acknowledgement_that_came_back_told_nothing(mailing: Desk) -> None:
    taken = inbound.take(mailing, A_LETTER)
    way = Way()
    sending.send(mailing, way)
    inbound.take(mailing, bounced(way.taken[0][2]))
    ticket = mailing.store.ticket(taken.ticket or 0)
    assert ticket.promise is not None
    assert not ticket.was_told(ticket.promise)
    assert ticket_object(ticket, mailing.now(), mailing.zone)["promises"][0]["told_at"] is None


@pytest.mark.parametrize(
    ("to", "action"), [("asel@people.example", "delayed"), ("somebody@else.example", "failed")]
)
def test_what_may_still_arrive_counts(mailing: Desk, leaking: Ticket, to: str, action: str) -> None:
    way = Way()
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    sending.send(mailing, way)
    taken = inbound.take(mailing, bounced(way.taken[0][2], to, action))
    ticket = mailing.store.ticket(leaking.id)
    assert taken.ticket == ticket.id
    assert ticket.messages[2].undelivered is None
    assert ticket.state is State.ON_CUSTOMER
    assert states(mailing) == ["sent", "sent"]


def test_an_answer_that_failed_is_given_again_and_counts_from_then_on(
    mailing: Desk, leaking: Ticket
) -> None:
    number = leaking.id
    answers.reply(mailing, number, "A new tent is on its way.")
    sending.send(mailing, Way(refused("550 no such user")))
    assert mailing.store.ticket(number).state is State.ON_US
    customers.update(
        mailing, leaking.customer or 0, {"emails": [{"address": "new@people.example"}]}
    )
    way = Way()
    with clock.hold(MONDAY + timedelta(hours=1)):
        outgoing = answers.again(mailing, 2)
        assert (outgoing.state, outgoing.to) == (Sending.QUEUED, "new@people.example")
        sending.send(mailing, way)
    assert read(way.taken[0][2]).text.strip() == "A new tent is on its way."
    ticket = mailing.store.ticket(number)
    assert faults(ticket) == []
    assert ticket.messages[2].undelivered == "550 no such user"
    assert ticket.promises[-1].outcome is Outcome.KEPT
    assert ticket.promises[-1].settled_at == MONDAY + timedelta(hours=1)
    assert states(mailing) == ["sent", "failed", "sent"]
    with pytest.raises(InvalidInput, match="answered since"):
        answers.again(mailing, 2)


def test_what_promised_something_is_not_simply_given_again(mailing: Desk, leaking: Ticket) -> None:
    answers.tell_date(mailing, leaking.id, MONDAY + timedelta(days=2), "cloth")
    with pytest.raises(InvalidInput, match="queued and has not failed"):
        answers.again(mailing, 2)
    sending.send(mailing, Way(refused("550 no")))
    with pytest.raises(InvalidInput, match="helpdesk promise"):
        answers.again(mailing, 2)


def test_an_acknowledgement_that_failed_is_told_as_a_date(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    sending.send(mailing, Way(refused("550 no")))
    with pytest.raises(InvalidInput, match="helpdesk promise"):
        answers.again(mailing, 1)


def test_it_is_tried_again_with_longer_and_longer_pauses(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    at, pauses = MONDAY, []
    while states(mailing) == ["queued"]:
        with clock.hold(at):
            sending.send(mailing, Way(later("450 greylisted")))
            found = mailing.store.outgoing(1)
            pauses.append(found.not_before - mailing.now())
            at = found.not_before.astimezone(MONDAY.tzinfo)
    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)]
    assert at - MONDAY >= GIVE_UP
    assert mailing.store.outgoing(1).last_words == "given up after 3 days: 450 greylisted"


def test_what_waited_long_to_be_tried_is_not_given_up_at_the_first_try(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    with clock.hold(MONDAY + 2 * GIVE_UP):
        assert sending.send(mailing, Way(later("450 greylisted"))).later == 1
    with clock.hold(MONDAY + 2 * GIVE_UP + timedelta(minutes=1)):
        assert sending.send(mailing, Way()).sent == 1


def test_a_ticket_that_cannot_be_read_holds_up_no_other_message(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    sending.send(mailing, Way(later("450")))
    file = mailing.path / "tickets" / "0000" / "000001.json"
    whole = file.read_bytes()
    file.write_text("{")
    inbound.take(mailing, A_LETTER.replace(b"first@", b"other@"))
    with clock.hold(MONDAY + GIVE_UP):
        session = sending.send(mailing, Way())
        assert (session.sent, session.later) == (1, 1)
        assert "tickets/0000/000001.json cannot be read" in mailing.store.outgoing(1).last_words
    file.write_bytes(whole)
    with clock.hold(MONDAY + 2 * GIVE_UP):
        assert sending.send(mailing, Way(later("450"))).failed == 1
    assert mailing.store.ticket(1).messages[-1].undelivered == "given up after 3 days: 450"


def test_trouble_with_the_server_stops_the_session_and_loses_nothing(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)
    inbound.take(mailing, A_LETTER.replace(b"first@", b"other@"))
    session = sending.send(mailing, Way(later("connection refused", ours=True)))
    assert (session.sent, session.later, session.trouble) == (0, 1, "connection refused")
    assert states(mailing) == ["queued", "queued"]


def test_a_message_that_may_have_arrived_is_sent_once_more_and_then_held(
    mailing: Desk, leaking: Ticket
) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    lost = later("no answer in time", ours=True, unsure=True)
    for minutes in range(0, 600, 150):
        with clock.hold(MONDAY + timedelta(minutes=minutes)):
            sending.send(mailing, Way(lost))
    found = mailing.store.outgoing(2)
    assert (found.state, len(found.attempts)) == (Sending.HELD, 2)
    said = outbox.words(found, mailing.zone, mailing.now())
    assert said == "held, may have arrived: no answer in time: helpdesk outbox retry 2, or cancel 2"
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.settled_as(ticket.promises[0]) is Outcome.KEPT
    assert leaking.promise is not None
    with clock.hold(leaking.promise.due + timedelta(days=1)):
        assert outbox.retry(mailing, 2).state is Sending.QUEUED
        way = Way(lost)
        sending.send(mailing, way)
        assert mailing.store.outgoing(2).state is Sending.HELD
        assert outbox.retry(mailing, 2).message_id == found.message_id
        sending.send(mailing, way)
    assert read(way.taken[0][2]).message_id == found.message_id
    assert states(mailing) == ["sent", "sent"]


def test_what_may_have_arrived_can_be_cancelled(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    for minutes in (0, 5):
        with clock.hold(MONDAY + timedelta(minutes=minutes)):
            sending.send(mailing, Way(later("no answer in time", unsure=True)))
    outbox.cancel(mailing, 2)
    assert mailing.store.ticket(leaking.id).state is State.ON_US


def test_what_may_have_arrived_counts_as_told_though_it_is_held(
    mailing: Desk, leaking: Ticket
) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    sending.send(mailing, Way(later("no answer in time", unsure=True)))
    assert outbox.hold(mailing, 2).may_have_arrived
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.settled_as(ticket.promises[0]) is Outcome.KEPT
    assert outbox.retry(mailing, 2).state is Sending.QUEUED


def test_held_released_retried_cancelled(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    outbox.hold(mailing, 2)
    assert sending.send(mailing, Way()).sent == 0
    outbox.release(mailing, 2)
    sending.send(mailing, Way(later("450")))
    assert sending.send(mailing, Way()).sent == 0
    outbox.retry(mailing, 2)
    assert sending.send(mailing, Way()).sent == 1
    for refused_now in (outbox.hold, outbox.release, outbox.retry, outbox.cancel):
        with pytest.raises(InvalidInput, match="is sent"):
            refused_now(mailing, 2)
    with pytest.raises(NotFound):
        outbox.cancel(mailing, 99)


def test_a_cancelled_answer_waits_on_us_again(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "Oh no.", close=True)
    outbox.cancel(mailing, 2)
    ticket = mailing.store.ticket(leaking.id)
    assert ticket.state is State.ON_US
    assert ticket.messages[-1].undelivered == "cancelled by aibek"


def test_two_programs_never_send_at_once(mailing: Desk) -> None:
    inbound.take(mailing, A_LETTER)

    class Meeting(Way):
        def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
            with open_desk(mailing.path, agent="kim") as other, pytest.raises(TryAgain):
                sending.send(other, Way())
            return super().send(sender, to, message, last_step)

    assert sending.send(mailing, Meeting()).sent == 1


def test_who_is_erased_is_not_written_to(mailing: Desk, leaking: Ticket) -> None:
    answers.reply(mailing, leaking.id, "A new tent is on its way.")
    erasing.erase(mailing, leaking.customer or 0)
    assert mailing.store.outbox() == []
    assert sending.send(mailing, Way()).sent == 0
    assert not list((mailing.path / "outbox").rglob("*.json"))


def test_an_address_that_cannot_be_written_to_fails_for_good(mailing: Desk) -> None:
    customer = customers.create(
        mailing, {"name": "Асель", "emails": [{"address": f"{'ы' * 40}@people.example"}]}
    )
    matters.new_ticket(
        mailing, customer.id, kind=Kind.REQUEST, channel=Channel.EMAIL, subject="a", text="b"
    )
    assert sending.send(mailing, Way()).failed == 1


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


def last_record(desk: Desk) -> str:
    """What the audit log says last."""
    return (desk.path / "audit.jsonl").read_text().splitlines()[-1]


def test_in_service_mode_no_lead_names_a_program_to_be_run(
    mailing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serving.Service("aibek", mailing.path)
    monkeypatch.setattr(serving, "service", lambda: served)
    settings = (mailing.path / "desk.toml").read_text()
    local = settings.replace('by = "smtp"', 'by = "sendmail"').replace('host = "127.0.0.1"', "")
    ruling.replace(mailing, "desk.toml", local)
    for more in ('command = "/bin/sh"', 'user = "a"\npassword_file = "/etc/shadow"'):
        with pytest.raises(NotPermitted, match="whoever runs the machine"):
            ruling.replace(mailing, "desk.toml", f"{local}\n{more}\n")
        assert '"refused", "service": "settings of the machine"' in last_record(mailing)


def test_in_service_mode_no_lead_sends_a_password_elsewhere(
    mailing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be told to whoever answers there, though none but the service user reads it."""
    served = serving.Service("aibek", mailing.path)
    monkeypatch.setattr(serving, "service", lambda: served)
    file = mailing.path / "desk.toml"
    account = """
[[mail.in]]
name = "main"
host = "imap.aksai.example"
user = "help"
password_file = "imap.password"
"""
    file.write_text(known := file.read_text() + account)
    mailing.reread()
    ruling.replace(mailing, "desk.toml", known.replace('name = "main"', 'name = "shop"'))
    for was, now in (
        ("imap.aksai.example", "imap.evil.example"),
        ('password_file = "imap', 'port = 1143\npassword_file = "imap'),
        ('password_file = "imap', 'security = "none"\npassword_file = "imap'),
        ('password_file = "imap', 'port = 993\nsecurity = "none"\npassword_file = "imap'),
        (
            'host = "127.0.0.1"',
            'host = "127.0.0.1"\nuser = "help"\npassword_file = "imap.password"',
        ),
    ):
        assert was in known
        with pytest.raises(NotPermitted, match="whoever runs the machine"):
            ruling.replace(mailing, "desk.toml", known.replace(was, now))
        assert '"refused", "service": "settings of the machine"' in last_record(mailing)


def test_in_service_mode_no_agent_puts_mail_off_by_a_command_that_cannot_be_started(
    mailing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = mailing.path / "desk.toml"
    local = file.read_text().replace('by = "smtp"', 'by = "sendmail"').replace("host =", "# host =")
    file.write_text(local)
    mailing.reread()
    sending.transport(mailing)
    served = serving.Service("aibek", mailing.path)
    monkeypatch.setattr(serving, "service", lambda: served)
    with pytest.raises(NotPermitted, match="no other program is started here"):
        sending.transport(mailing)
    assert '"refused", "service": "programs"' in last_record(mailing)
