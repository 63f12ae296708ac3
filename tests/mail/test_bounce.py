"""A bounce tells which address failed, for good or for now, and which mail it was."""

from __future__ import annotations

import base64

import pytest

from helpdesk.mail import bounce

REPORT = b"""\
From: MAILER-DAEMON@mail.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

This is the mail system.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; gone@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 unknown
 user

Final-Recipient: rfc822; full@example.org
Action: delayed
Status: 4.2.2

Final-Recipient: rfc822; fine@example.org
Action: delivered
Status: 2.0.0

--b
Content-Type: message/rfc822

Message-ID: <ours@desk.example>
Subject: Your order

hi
--b--
"""


def test_a_report_tells_who_was_not_reached_and_by_which_mail() -> None:
    told = bounce.read(REPORT)
    assert told.message_id == "ours@desk.example"
    assert told.failures == (
        bounce.Failure("gone@example.org", True, "5.1.1", "550 5.1.1 unknown user"),
        bounce.Failure("full@example.org", False, "4.2.2"),
    )


def test_a_bounce_without_a_report_is_read_by_its_wording() -> None:
    told = bounce.read(
        b"From: MAILER-DAEMON@example.org\nSubject: failure notice\n\n"
        b"Hi. This is the qmail-send program at example.org.\n"
        b"I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        b"This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        b"<gone@example.org>:\n192.0.2.1 does not like recipient.\n\n"
        b"--- Below this line is a copy of the message.\n\n"
        b"Message-ID: <ours@desk.example>\n\nhi\n"
    )
    failure = bounce.Failure("gone@example.org", True, None, "192.0.2.1 does not like recipient.")
    assert told == bounce.Bounce((failure,), "ours@desk.example")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "<gone@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n",
            "Sorry, no mailbox here by that name. (#5.1.1)",
        ),
        (
            "<gone@example.org>:\n192.0.2.1 does not like recipient.\n"
            "Remote host said: 550 5.1.1 User unknown\nGiving up on 192.0.2.1.\n",
            "Remote host said: 550 5.1.1 User unknown",
        ),
    ],
)
def test_the_words_of_a_qmail_bounce_are_kept(said: str, words: str) -> None:
    told = bounce.read(
        b"From: MAILER-DAEMON@example.org\nSubject: failure notice\n\n"
        b"Hi. This is the qmail-send program at example.org.\n"
        b"I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        b"This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        + said.encode()
        + b"\n--- Below this line is a copy of the message.\n\n"
        b"Message-ID: <ours@desk.example>\n\nhi\n"
    )
    assert told.failures == (bounce.Failure("gone@example.org", True, "5.1.1", words),)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("    Unrouteable address\n", "Unrouteable address"),
        (
            "    host mx.example.org [192.0.2.1]\n"
            "    SMTP error from remote mail server after RCPT TO:<gone@example.org>:\n"
            "    550 5.1.1 User unknown\n",
            "550 5.1.1 User unknown",
        ),
    ],
)
def test_the_words_of_an_exim_bounce_are_kept(said: str, words: str) -> None:
    told = bounce.read(
        b"From: Mail Delivery System <Mailer-Daemon@example.org>\n"
        b"X-Failed-Recipients: gone@example.org\n"
        b"Subject: Mail delivery failed: returning message to sender\n\n"
        b"This message was created automatically by mail delivery software.\n\n"
        b"A message that you sent could not be delivered to one or more of its\n"
        b"recipients. This is a permanent error. The following address(es) failed:\n\n"
        b"  gone@example.org\n" + said.encode() + b"\n"
        b"------ This is a copy of the message, including all the headers. ------\n\n"
        b"Message-ID: <ours@desk.example>\n\nhi\n"
    )
    assert [failure.words for failure in told.failures] == [words]


def test_a_report_without_the_mail_may_name_it_all_the_same() -> None:
    report = REPORT.partition(b"Message-ID:")[0].replace(
        b"Reporting-MTA", b"X-Original-Message-ID: <ours@desk.example>\nReporting-MTA"
    )
    assert bounce.read(report).message_id == "ours@desk.example"


def test_a_bounce_that_says_nothing_tells_nothing() -> None:
    assert bounce.read(b"From: MAILER-DAEMON@example.org\n\nIt did not work.") == bounce.Bounce()


RETURNED = (
    "Content-Type: message/rfc822\n\nMessage-ID: <ours@desk.example>\n"
    "From: help@desk.example\nTo: Gone <gone@shop.example>\nSubject: Your order\n\nhi"
)


def told_in_words(text: str, type: str = "text/plain", charset: str = "utf-8") -> bounce.Bounce:
    """What a bounce says that is no standard report, with the mail that came back."""
    said = base64.encodebytes(text.encode(charset)).decode()
    return bounce.read(
        "From: postmaster@mail.example\nContent-Type: multipart/mixed; boundary=b\n\n"
        f"--b\nContent-Type: {type}; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
        f"{said}\n"
        f"--b\n{RETURNED}\n--b--\n".encode()
    )


QQ = """<html><body><p>很抱歉您发送的邮件被退回，以下是该邮件的相关信息：</p>
<table><tr><td>被退回邮件</td><td>主 题：Your order<br/>时 间：2026-09-15 14:31:25</td></tr></table>
<table><tr><td colspan="2">无法发送到 gone@shop.example</td></tr><tr><td>退信原因</td><td>
host mx.shop.example[192.0.2.1] said: 550 5.1.1 User unknown</td></tr></table></body></html>"""
NETEASE = """<html><body><h1>抱歉，您的邮件被退回来了……</h1><table>
<tr><th>主　题：</th><td>Your order</td></tr><tr><th>收件人：</th><td>gone@shop.example</td></tr>
<tr><th>退信原因：</th><td>英文说明:rcpt handle timeout.</td></tr></table>
<p>This message is generated by Coremail.</p></body></html>"""
NAVER = """메일 전송에 실패하였습니다.

받는 사람 : gone@shop.example
제목 : Your order
실패 사유 : 550 5.1.1 존재하지 않는 메일 주소입니다."""
SES = """An error occurred while trying to deliver the mail to the following recipients:
gone@shop.example"""
SES_OLD = """The following message to <gone@shop.example> was undeliverable.
The reason for the problem:
5.3.0 - Other mail system problem 550-'Unknown user gone@shop.example'"""
UNKNOWN_LANGUAGE = "Ar ny gone@shop.example: hitsy hitsy hitsy."


@pytest.mark.parametrize(
    ("text", "type", "charset", "status"),
    [
        (QQ, "text/html", "utf-8", "5.1.1"),
        (NETEASE, "text/html", "gb18030", None),
        (NAVER, "text/plain", "utf-8", "5.1.1"),
        (SES, "text/plain", "utf-8", None),
        (SES_OLD, "text/plain", "utf-8", "5.3.0"),
        (UNKNOWN_LANGUAGE, "text/plain", "utf-8", None),
    ],
    ids=["QQ", "NetEase", "Naver", "SES", "SES of old", "a language that nobody knows"],
)
def test_a_bounce_in_words_for_people_tells_who_was_not_reached(
    text: str, type: str, charset: str, status: str | None
) -> None:
    told = told_in_words(text, type, charset)
    (failure,) = told.failures
    assert (failure.email, failure.permanent, failure.status) == ("gone@shop.example", True, status)
    assert told.message_id == "ours@desk.example"


SERVERS = {
    "Gmail": "Delivery to the following recipient failed permanently:\n\n\t{} - no such user",
    "Outlook in German": "Fehler bei der Zustellung an folgende Empfänger:\n\n{}\n550 5.1.10 nope",
    "Outlook in French": "Échec de la remise à ces destinataires :\n\n{}\nIntrouvable. 550 5.1.1",
    "Outlook in Russian": "Сбой доставки следующим получателям или группам:\n\n{}\n550 5.1.1",
    "Outlook in Japanese": "次の受信者またはグループへの配信に失敗しました:\n\n{}\n550 5.1.1",
    "Yandex": "Ваше письмо не может быть отправлено.\n\n<{}>: host mx.example said: 550 5.1.1 User",
    "Hanmail": "다음 수신자에게 메일을 전달하지 못했습니다.\n<{}>\n550 user unknown",
    "Aliyun": "很抱歉，您发送给 {} 的邮件被退回。\n原因：550 User not found",
    "MDaemon": "The message had PERMANENT fatal errors!\n\nFailed address: {}\n\n--- Log ---",
    "QQ in English": "Your sent mail was returned.\n\nUnable to send to {}\n\nReason\n550",
}


@pytest.mark.parametrize("server", SERVERS)
def test_a_bounce_that_returns_nothing_tells_who_was_not_reached(server: str) -> None:
    text = SERVERS[server].format("gone@shop.example")
    told = bounce.read(
        "From: postmaster@mail.example\nContent-Type: text/plain; charset=utf-8\n\n"
        f"{text}\n\npostmaster@mail.example\nAsk help@mail.example for help.\n".encode()
    )
    assert [failure.email for failure in told.failures] == ["gone@shop.example"]
    assert told.failures[0].permanent


def test_a_mail_whose_id_a_relay_changed_is_known_by_the_one_that_we_gave() -> None:
    status = "Final-Recipient: rfc822; gone@shop.example\nAction: failed\nStatus: 5.1.1"
    changed = RETURNED.replace("ours@desk.example", "0100-relay@email.amazonses.example")
    ours = changed.replace("\nTo:", "\nX-Helpdesk-Message-ID: <ours@desk.example>\nTo:")
    for returned, mail_id in ((ours, "ours@"), (changed, "0100-relay@")):
        told = bounce.read(
            "Content-Type: multipart/report; boundary=b\n\n--b\n"
            "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
            f"{status}\n--b\n{returned}\n--b--".encode()
        )
        assert (told.message_id or "").startswith(mail_id)


def test_an_address_that_only_helps_is_not_one_that_failed() -> None:
    told = told_in_words(f"{SES}\n\nQuestions? Ask admin@mail.example for help.")
    assert [failure.email for failure in told.failures] == ["gone@shop.example"]


def test_what_a_bounce_copies_of_our_letter_names_nobody() -> None:
    told = bounce.read(
        b"From: MAILER-DAEMON@mail.example\n\nIt did not work.\n\n----- Original message -----\n"
        b"We sent the parcel to bob@shop.example yesterday.\n"
    )
    assert told.failures == ()


def test_a_delay_told_in_words_is_none_for_good() -> None:
    for later in (
        "Your message is delayed.",
        "We will keep trying.",
        "Gmail will retry for 46 hours.",
    ):
        told = told_in_words(f"{later}\n{NAVER}")
        assert [failure.permanent for failure in told.failures] == [False]


ORIGINAL = (
    "Received: from desk.example by mail.example; Mon, 30 Nov 2026 12:00:00 +0000\n"
    "Message-ID: <ours@desk.example>\nFrom: help@desk.example\nTo: gone@example.org\n"
    "Subject: Your order\n\nhi\n"
)
CAME_BACK = {
    "as a part of a message": f"Content-Type: message/partial\n\n{ORIGINAL}",
    "as text": f"Content-Type: text/plain\n\n{ORIGINAL}",
    "as a part itself": ORIGINAL,
}


def in_parts(text: str, *parts: str, headers: str = "") -> bytes:
    """A bounce of a text and more parts, each with its headers."""
    bodies = "".join(f"--b\n{part}\n" for part in (f"\n{text}", *parts))
    return (
        f"From: MAILER-DAEMON@mail.example\nTo: help@desk.example\n{headers}"
        f"Content-Type: multipart/mixed; boundary=b\n\n{bodies}--b--\n"
    ).encode()


@pytest.mark.parametrize("how", CAME_BACK)
def test_the_mail_that_came_back_is_known_in_whatever_part_it_is(how: str) -> None:
    raw = in_parts("---The following addresses had delivery errors---", CAME_BACK[how])
    assert bounce.read(raw).message_id == "ours@desk.example"


def test_a_report_that_another_server_packed_into_its_own_is_read() -> None:
    report = REPORT.decode().replace("boundary=b", "boundary=c").replace("--b", "--c")
    told = bounce.read(in_parts("See below.", f"Content-Type: message/rfc822\n\n{report}"))
    assert told.message_id == "ours@desk.example"
    assert [each.email for each in told.failures] == ["gone@example.org", "full@example.org"]


def test_a_report_about_a_file_leaves_the_address_to_the_header() -> None:
    status = "Final-Recipient: rfc822;/var/spool/gone\nAction: failed\nStatus: 5.0.0\n"
    raw = in_parts(
        "mailbox is full",
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{status}",
        headers="X-Failed-Recipients: gone@example.org\n",
    )
    assert [each.email for each in bounce.read(raw).failures] == ["gone@example.org"]


def test_who_sent_the_mail_is_not_who_was_not_reached() -> None:
    talk = (
        "Each of the following recipients was rejected by a remote mail server.\n\n"
        "    Recipient: <gone@example.org>\n"
        "    >>> MAIL FROM:<help@desk.example>\n    <<< 550 no such user\n"
    )
    copied = (
        "A message that you sent could not be delivered to one or more of its recipients. "
        "This is a permanent error. \n\ngone@example.org Invalid Address, ERROR_CODE :550\n\n\n"
        "Received:from desk.example by mail.example\nMessage-ID:<ours@desk.example>\n"
        "From:Help <help@desk.example>\nTo:<gone@example.org>\n"
    )
    for text in (talk, copied):
        raw = in_parts(text).replace(b"MAILER-DAEMON", b"mailer-daemon")
        assert [each.email for each in bounce.read(raw).failures] == ["gone@example.org"]


SAID = {
    '"gone@example.org":\nSMTP error from remote server:\n5.2.2 Mailbox Full': "5.2.2 Mailbox Full",
    "gone@example.org [User unknown]": "[User unknown]",
    "gone@example.org on Mon, 30 Nov 2026 12:00:00 -0500\n    Unknown name": "Unknown name",
    "gone@example.org\n\nCall 480-555-0100.\nIt said: 550 no user": "It said: 550 no user",
}


@pytest.mark.parametrize("said", SAID)
def test_what_the_server_said_is_kept_however_it_stands(said: str) -> None:
    raw = in_parts(f"The following addresses had delivery errors:\n\n{said}\n")
    assert [each.words for each in bounce.read(raw).failures] == [SAID[said]]


def test_the_talk_of_two_servers_tells_who_was_not_reached() -> None:
    text = (
        "   ----- Transcript of session follows -----\n>>> RCPT To:<gone@example.org>\n"
        "<<< 550 <gone@example.org>, User Unknown\n\n   ----- Unsent message follows -----\n"
    )
    (failure,) = told_in_words(text).failures
    assert (failure.email, failure.words) == (
        "gone@example.org",
        "<<< 550 <gone@example.org>, User Unknown",
    )
