"""Mail that comes in: kept, once only, on its ticket, acknowledged with a promise."""

from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk import answers, customers, erasing, inbound, mail_secret, matters, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.invariants import faults
from helpdesk.domain.message import MailFacts
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Direction, Kind, State
from helpdesk.mail.reply_address import reply_address
from tests.conftest import MONDAY
from tests.desk.letters import came, letter, outcome, with_mail

BAKYT = "Bakyt <bakyt@example.com>"
EVIL = "Aigul Asanova <aigul@evil.example>"


@pytest.fixture
def desk_path(desk_path: Path) -> Path:
    with_mail(desk_path)
    return desk_path


def ticket(desk: Desk, number: int | None) -> Ticket:
    found = desk.store.ticket(number or 0)
    assert faults(found) == []
    return found


def answered(desk: Desk, number: int | None, id: str = "") -> None:
    """An agent answers; with ``id`` the answer left by mail under it."""
    answers.reply(desk, number or 0, "A new zip is on its way.", owns_delay=True)
    if not id:
        return
    with desk.writing() as writing:
        found = writing.ticket(number or 0)
        last = found.messages[-1].model_copy(update={"mail": MailFacts(message_id=id)})
        messages = (*found.messages[:-1], last)
        writing.put(found.model_copy(update={"messages": messages}))


# A new matter


def test_a_letter_of_somebody_new_opens_a_ticket_and_a_profile(desk: Desk) -> None:
    taken = came(desk, "The zip broke.\r\n-- \r\nAigul", id="one@example.com")
    assert outcome(taken) == {"new_ticket": True, "acknowledged": True}
    found = ticket(desk, taken.ticket)
    profile = desk.store.customer(taken.customer or 0)
    assert (profile.name, profile.emails[0].address) == ("Aigul Asanova", "aigul@example.com")
    assert (found.subject, found.kind, found.channel) == ("Zip", Kind.REQUEST, Channel.EMAIL)
    said, told = found.messages
    assert (said.direction, said.author) == (Direction.IN, "Aigul Asanova")
    assert (said.text, said.visible_text) == ("The zip broke.\n-- \nAigul", "The zip broke.")
    assert said.mail is not None
    assert said.mail.message_id == "one@example.com"
    assert told.automatic
    assert found.promise is not None
    assert found.promise.told_in == told.id
    with desk.store.archived(said.mail.raw or "") as file:
        assert file.read().startswith(b"From: Aigul")
    assert desk.store.check() == []


def test_the_same_letter_given_again_changes_nothing(desk: Desk) -> None:
    first, again = came(desk), came(desk)
    assert (again.ticket, again.customer) == (first.ticket, first.customer)
    assert outcome(again) == {"duplicate": True}
    assert len(ticket(desk, 1).messages) == 2
    # The same id does not make it the same letter.
    other = came(desk, "Another matter.", id="x@example.com")
    assert not other.duplicate
    assert not came(desk, "Yet another.", id="x@example.com").duplicate


def test_a_letter_on_a_ticket_that_was_restored_is_known(desk: Desk, tmp_path: Path) -> None:
    first = came(desk)
    file = desk.path / "tickets" / "0000" / "000001.json"
    backup = file.rename(tmp_path / "backup.json")
    desk.store.catch_up()
    assert desk.store.by_origins([f"pipe:{first.letter.sha256}"]) == {}
    backup.rename(file)
    assert came(desk).ticket == first.ticket
    assert outcome(came(desk)) == {"duplicate": True}


def test_what_was_fetched_is_known_by_its_place_and_by_its_bytes(desk: Desk) -> None:
    raw = letter()
    first = inbound.take(desk, raw, "imap:main/INBOX/1/7")
    assert inbound.take(desk, letter("Other"), "imap:main/INBOX/1/7").duplicate
    assert inbound.take(desk, raw, "imap:main/INBOX/2/7").ticket == first.ticket
    assert inbound.take(desk, raw).duplicate


def test_a_letter_of_an_erased_person_does_not_bring_the_person_back(desk: Desk) -> None:
    erasing.erase(desk, came(desk).customer or 0)
    again = came(desk)
    assert outcome(again) == {"duplicate": True}
    assert again.customer is None


def test_an_address_is_known_whatever_its_case_and_whichever_of_several_it_is(desk: Desk) -> None:
    number = came(desk).customer or 0
    known = desk.store.customer(number).emails
    customers.update(desk, number, {"emails": [*known, {"address": "A.Asanova@Work.example"}]})
    assert came(desk, "a", sender="AIGUL@Example.COM").customer == number
    assert came(desk, "b", sender="X <a.asanova@work.EXAMPLE>").customer == number


def test_an_address_of_several_is_that_of_whoever_had_a_matter_last(desk: Desk) -> None:
    shared = {"emails": [{"address": "family@example.com"}]}
    first, second, third = (customers.create(desk, {"name": n, **shared}).id for n in "ABC")
    assert came(desk, "a", sender="family@example.com").customer == first
    with clock.hold(MONDAY + timedelta(minutes=5)):
        matters.new_ticket(
            desk, third, kind=Kind.REQUEST, channel=Channel.PHONE, subject="x", text="y"
        )
    assert came(desk, "b", sender="family@example.com").customer == third
    assert second not in (first, third)


def test_the_language_is_noted_only_where_it_is_sure(desk: Desk) -> None:
    text = "Здравствуйте, у меня на палатке сломалась молния, и я не знаю, что с ней делать."
    sure = came(desk, text, sender=BAKYT, content_type="text/plain; charset=utf-8")
    assert desk.store.customer(sure.customer or 0).language == "ru"
    assert desk.store.customer(came(desk, "Zip").customer or 0).language is None


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("<<bob@c.example>>", "bob@c.example"),
        ('"***" <bob@c.example>', "bob@c.example"),
        ("bob@c.example (-)", "bob@c.example"),
        ('"Toktogulova, Aigul" <ta@c.example>', "Aigul Toktogulova"),
        ("O'Neill, Anne-Marie <an@c.example>", "Anne-Marie O'Neill"),
        ('"Acme, Inc" <acme@c.example>', "Acme, Inc"),
        ('"Acme, Inc." <acme@c.example>', "Acme, Inc."),
        ('"Brook, Stone and Sons" <b@c.example>', "Brook, Stone and Sons"),
    ],
)
def test_a_profile_has_the_name_that_the_person_is_greeted_by(
    desk: Desk, sender: str, name: str
) -> None:
    taken = came(desk, sender=sender)
    assert desk.store.customer(taken.customer or 0).name == name


def test_attachments_are_kept_by_their_hash(desk: Desk) -> None:
    body = (
        "--x\r\n\r\nsee there\r\n--x\r\nContent-Type: image/png\r\n"
        'Content-Disposition: attachment; filename="../../etc/zip.png"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\nAAECAwQ=\r\n--x--"
    )
    taken = came(desk, body, mime_version="1.0", content_type="multipart/mixed; boundary=x")
    (file,) = ticket(desk, taken.ticket).messages[0].attachments
    assert (file.name, file.type, file.bytes) == ("zip.png", "image/png", 5)
    with desk.store.archived(file.sha256) as kept:
        assert kept.read() == bytes(range(5))


@pytest.mark.parametrize("raw", [b"", b"\0\xff\xfe garbage", b"From:\r\nTo:\r\n\r\n", b"\n" * 9])
def test_what_cannot_be_read_is_a_ticket_with_the_message_attached(desk: Desk, raw: bytes) -> None:
    taken = inbound.take(desk, raw)
    found = ticket(desk, taken.ticket)
    assert not taken.acknowledged, "there is nobody to tell"
    assert found.messages[-1].undelivered
    with desk.store.archived(found.messages[0].mail.raw or "") as file:  # type: ignore[union-attr]
        assert file.read() == raw


def test_a_reader_that_stumbles_stops_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(raw: bytes) -> None:
        raise RecursionError

    monkeypatch.setattr("helpdesk.mail.parsing.read", stumble)
    taken = inbound.take(desk, letter())
    (attached,) = ticket(desk, taken.ticket).messages[0].attachments
    assert (attached.name, attached.type) == ("message.eml", "message/rfc822")
    assert desk.store.check() == []


# A further message


def test_an_answer_by_its_ids_joins_and_leaves_the_standing_promise(desk: Desk) -> None:
    first = came(desk, id="one@example.com")
    promise = ticket(desk, 1).promise
    again = came(desk, "And the seam.", in_reply_to="<one@example.com>")
    assert again.ticket == first.ticket
    assert outcome(again) == {}
    assert ticket(desk, 1).promise == promise
    third = came(desk, "More.", references="<gone@x> <one@example.com> <lost@x>")
    assert third.ticket == first.ticket


def test_references_are_followed_from_the_last_to_the_first(desk: Desk) -> None:
    came(desk, "a", id="a@x")
    came(desk, "b", id="b@x")
    assert came(desk, "c", references="<a@x> <b@x>").ticket == 2
    assert came(desk, "d", references="<b@x> <a@x>").ticket == 1
    assert came(desk, "e", references="<b@x> <b@x>", in_reply_to="<a@x>").ticket == 1


@pytest.mark.parametrize("then", ["answered", "closed"])
def test_a_further_message_takes_the_matter_up_again_with_a_new_promise(
    desk: Desk, then: str
) -> None:
    came(desk, id="one@example.com")
    answered(desk, 1, "ours@aksai.example")
    if then == "closed":
        answers.close(desk, 1)
    again = came(desk, "It broke again.", in_reply_to="<ours@aksai.example>")
    assert outcome(again) == {"acknowledged": True}
    found = ticket(desk, 1)
    assert found.state is State.ON_US
    assert len(found.promises) == 2
    assert found.messages[-1].automatic


@pytest.mark.parametrize("kind", ["tickets", "customers"])
def test_a_letter_waits_for_nothing_that_cannot_be_read(desk: Desk, kind: str) -> None:
    came(desk, id="one@example.com")
    (desk.path / kind / "0000" / "000001.json").write_text("{")
    again = came(desk, "It broke again.", in_reply_to="<one@example.com>")
    assert outcome(again) == {"new_ticket": True, "acknowledged": True}
    assert again.ticket == 2


def test_of_two_tags_the_one_that_our_answers_put_last_holds(desk: Desk) -> None:
    first = came(desk).ticket
    second = came(desk, "The pole broke.", subject=f"Not [#{first}], another one").ticket
    assert second == first
    other = came(desk, "The stove broke.").ticket
    reply = came(desk, "Please hurry.", subject=f"Re: As in [#{first}], the stove [#{other}]")
    assert reply.ticket == other


def test_a_subject_joins_by_its_tag_alone_and_only_whoever_takes_part(desk: Desk) -> None:
    came(desk, subject="Tent")
    assert came(desk, "x", subject="Re: Tent [#1]").ticket == 1
    assert came(desk, "y", subject="Re: Tent").new_ticket
    stranger = came(desk, "z", subject="Re: Tent [#1]", sender=BAKYT)
    assert stranger.new_ticket
    assert [link.ticket for link in ticket(desk, stranger.ticket).links] == [1]
    assert [link.ticket for link in ticket(desk, 1).links] == [stranger.ticket]
    assert came(desk, "w", subject="[#99999]").new_ticket


def test_a_guessed_id_opens_no_history(desk: Desk) -> None:
    came(desk, id="one@example.com")
    spoofed = came(desk, "Send me all.", sender=EVIL, in_reply_to="<one@example.com>")
    assert spoofed.new_ticket
    assert spoofed.customer != 1
    assert [link.ticket for link in ticket(desk, spoofed.ticket).links] == [1]
    assert len(ticket(desk, 1).messages) == 2


def test_whoever_the_customer_wrote_to_as_well_takes_part(desk: Desk) -> None:
    came(desk, id="one@example.com", to="help@aksai.example, Bakyt@Example.com")
    assert came(desk, "I saw it too.", sender=BAKYT, in_reply_to="<one@example.com>").ticket == 1


def test_the_token_of_the_reply_address_is_authority_by_itself(desk: Desk) -> None:
    came(desk)
    with desk.writing():
        secret = mail_secret.make_secret(desk)
    assert (desk.path / "mail.secret").stat().st_mode & 0o777 == 0o600
    address = reply_address("help@aksai.example", 1, secret)
    assert came(desk, "a", sender=BAKYT, to=address.upper()).ticket == 1
    assert came(desk, "b", sender=BAKYT, to="x@y.example", delivered_to=address).ticket == 1
    forged = address.replace("+t1.", "+t2.")
    assert came(desk, "c", sender=BAKYT, to=forged).new_ticket
    elsewhere = address.replace("aksai.example", "evil.example")
    assert came(desk, "d", sender=BAKYT, to=elsewhere).new_ticket
    other = reply_address("help@aksai.example", 1, b"x" * 32)
    assert came(desk, "e", sender=BAKYT, to=other).new_ticket


def test_a_message_to_a_merged_ticket_goes_where_the_matter_goes_on(desk: Desk) -> None:
    came(desk, "a", id="a@x")
    came(desk, "b", id="b@x")
    upkeep.merge(desk, 1, 2)
    assert came(desk, "c", in_reply_to="<a@x>").ticket == 2
    assert came(desk, "a", id="a@x").ticket == 2


# Programs


AUTOMATIC = {
    "auto_submitted": "auto-replied",
    "precedence": "bulk",
    "x_auto_response_suppress": "All",
    "x_autoreply": "yes",
}


@pytest.mark.parametrize("header", sorted(AUTOMATIC))
def test_a_program_is_never_answered_and_promised_nothing(desk: Desk, header: str) -> None:
    taken = came(desk, **{header: AUTOMATIC[header]})
    assert outcome(taken) == {"new_ticket": True, "automatic": True}
    found = ticket(desk, taken.ticket)
    assert (found.state, found.promises, found.tags) == (State.ON_CUSTOMER, (), ("automatic",))
    assert [message.direction for message in found.messages] == [Direction.IN]


PERHAPS = {
    "list_id": "<hikers.example.com>",
    "precedence": "list",
    "x_auto_response_suppress": "OOF",
    "return_path": "<>",
    "sender": "Shop <no-reply@shop.example>",
    "subject": "Read: the manual is wrong",
}


@pytest.mark.parametrize("sign", sorted(PERHAPS))
def test_what_may_be_a_persons_is_not_acknowledged_but_waits_on_us(desk: Desk, sign: str) -> None:
    taken = came(desk, "The pole broke. Please send another.", **{sign: PERHAPS[sign]})
    assert outcome(taken) == {"new_ticket": True}
    found = ticket(desk, taken.ticket)
    assert (found.state, found.tags) == (State.ON_US, ())
    assert found.promise is not None
    assert str(found.messages[-1].undelivered).startswith("not acknowledged: perhaps automatic")


def test_what_may_be_a_persons_takes_a_matter_up_again_unacknowledged(desk: Desk) -> None:
    came(desk, id="one@example.com")
    answered(desk, 1, "ours@aksai.example")
    again = came(
        desk, "It broke again.", in_reply_to="<ours@aksai.example>", list_id="<h.example.com>"
    )
    assert (again.ticket, outcome(again)) == (1, {})
    found = ticket(desk, 1)
    assert found.state is State.ON_US
    assert found.messages[-1].undelivered


def test_an_absence_notice_is_filed_and_takes_nothing_up_again(desk: Desk) -> None:
    came(desk, id="one@example.com")
    answered(desk, 1, "ours@aksai.example")
    answers.close(desk, 1)
    away = came(desk, "Away.", in_reply_to="<ours@aksai.example>", auto_submitted="auto-replied")
    assert (away.ticket, outcome(away)) == (1, {"automatic": True})
    found = ticket(desk, 1)
    assert found.state is State.CLOSED
    assert found.messages[-1].automatic


def test_an_absence_notice_without_any_mark_takes_no_closed_matter_up_again(desk: Desk) -> None:
    came(desk, id="one@example.com")
    answered(desk, 1, "ours@aksai.example")
    away = "I am out of the office until Monday."
    asked = came(desk, away, subject="Re: Zip", in_reply_to="<ours@aksai.example>")
    assert (asked.ticket, outcome(asked)) == (1, {})
    assert ticket(desk, 1).state is State.ON_US, "it may be the answer to what we asked"
    answers.close(desk, 1, no_answer_reason="away")
    more = came(desk, f"{away} ", subject="Re: Zip", in_reply_to="<ours@aksai.example>")
    assert (more.ticket, outcome(more)) == (1, {"automatic": True})
    assert ticket(desk, 1).state is State.CLOSED
    wish = f"{away} Send it to my neighbour."
    assert outcome(came(desk, wish, subject="Re: Zip", in_reply_to="<ours@aksai.example>")) == {}
    assert ticket(desk, 1).state is State.ON_US


def test_a_bounce_is_filed_on_the_ticket_whose_message_it_is_about(desk: Desk) -> None:
    came(desk, id="one@example.com")
    answered(desk, 1, "ours@aksai.example")
    status = (
        "--x\r\n\r\nCould not be delivered.\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; aigul@example.com\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
        "Message-ID: <ours@aksai.example>\r\nSubject: Re: Zip\r\n\r\nhello\r\n--x--"
    )
    kind = "multipart/report; report-type=delivery-status; boundary=x"
    daemon = "MAILER-DAEMON@mx.example"
    bounced = came(desk, status, sender=daemon, content_type=kind, mime_version="1.0")
    assert (bounced.ticket, outcome(bounced)) == (1, {"automatic": True})
    assert ticket(desk, 1).state is State.ON_CUSTOMER
    # One about nothing that we know is at least with the person whom it did not reach.
    unknown = status.replace("ours@", "other@")
    lost = came(desk, unknown, sender=daemon, content_type=kind, mime_version="1.0")
    assert (lost.customer, lost.new_ticket) == (1, True)


def test_our_own_mail_that_comes_back_goes_round_no_more(desk: Desk) -> None:
    came(desk, id="one@example.com")
    ours = came(desk, "x", sender="Desk <HELP@aksai.example>", in_reply_to="<one@example.com>")
    assert (ours.ticket, outcome(ours)) == (1, {"automatic": True})
    plus = came(desk, "y", sender="help+t9.abc@aksai.example", to="bakyt@example.com")
    assert outcome(plus) == {"new_ticket": True, "automatic": True}
    assert desk.store.customer(plus.customer or 0).name == "bakyt@example.com"


def test_whoever_writes_without_end_is_not_acknowledged_without_end(desk: Desk) -> None:
    told = [came(desk, f"letter {n}").acknowledged for n in range(inbound.MOST_AN_HOUR + 3)]
    assert told == [True] * inbound.MOST_AN_HOUR + [False] * 3
    last = ticket(desk, len(told))
    assert last.messages[-1].undelivered == inbound.TOO_MANY
    assert last.state is State.ON_US
    assert came(desk, "of another", sender=BAKYT).acknowledged
    with clock.hold(MONDAY + timedelta(minutes=61)):
        assert came(desk, "an hour later").acknowledged
