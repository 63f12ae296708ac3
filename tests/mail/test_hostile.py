"""Nothing that comes in stops the reading, whatever it is and however much of it there is."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpdesk.mail import bounce
from helpdesk.mail.automatic import automatic
from helpdesk.mail.letter import Letter
from helpdesk.mail.limits import Limits
from helpdesk.mail.parsing import UNREADABLE, read
from helpdesk.text import clean, clean_line

SAMPLE = b"""\
Return-Path: <ann@example.org>
From: "Example, Ann" <ann@example.org>, =?utf-8?B?w4RubmE=?= <b@example.org> (comment)
To: Friends: c@example.org, D <d@example.org>;
Subject: =?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?= and =?utf-8?Q?caf=C3=A9?=
Date: Mon, 1 Jan 2024 10:00:00 +0100
Message-ID: <one@example.org>
In-Reply-To: <zero@desk.example>
References: <first@desk.example> <zero@desk.example>
Auto-Submitted: no
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

preamble
--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes
Content-Transfer-Encoding: quoted-printable

My own =C3=A4nswer=
 goes on.

On Mon, 1 Jan 2024 at 09:00, Help <help@desk.example> wrote:
> asked
> this
--=20
Ann
--inner
Content-Type: text/html; charset=windows-1252
Content-Transfer-Encoding: base64

PHA+TXkgPGI+b3duPC9iPiBhbnN3ZXI8L3A+PGJsb2NrcXVvdGU+YXNrZWQ8L2Jsb2NrcXVvdGU+
--inner--
--outer
Content-Type: application/pdf; name*0*=utf-8''%e2%82%ac; name*1*=.pdf
Content-Transfer-Encoding: base64
Content-Disposition: attachment

AAECAwQ=
--outer
Content-Type: message/delivery-status

Reporting-MTA: dns; example.org

Final-Recipient: rfc822; gone@example.org
Action: failed
Status: 5.1.1
--outer
Content-Type: message/rfc822

Subject: within

begin 644 a.txt
#0V%T
`
end
--outer--
"""
WORDS = [
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"--outer",
    b"--outer--",
    b"--inner",
    b"Content-Type: ",
    b"multipart/mixed; boundary=outer",
    b"message/rfc822",
    b"text/html",
    b"Content-Transfer-Encoding: x-uuencode",
    b"charset=utf-7",
    b"charset=utf-16",
    b"=?utf-8?B?",
    b"?=",
    b"=?gb2312?Q?=",
    b"<",
    b">",
    b'"',
    b"(",
    b",",
    b";",
    b"@",
    b"\\",
    b"=",
    b"\xff\xfe",
    b"\x1b$B",
    b"\xc3",
    b"begin 644 x\n",
    b"=ybegin name=a\n",
    b"From ",
    b"> ",
    b"On 1.1.2024 10:10 a@b.c wrote:\n",
    b"-----Original Message-----\n",
    b"<div><blockquote><a href='http://x'>",
    b"<!--",
]


def check(raw: bytes) -> Letter:
    """What must hold of every letter, whatever it was read of."""
    letter = read(raw)
    assert UNREADABLE not in letter.faults
    assert letter.size == len(raw)
    assert clean(letter.text) == letter.text
    assert clean(letter.visible_text) == letter.visible_text
    assert clean_line(letter.subject) == letter.subject
    for text in (letter.from_email, letter.from_name, letter.message_id, letter.in_reply_to):
        assert text is None or (text and clean_line(text, 1000) == text)
    for reference in letter.references:
        assert reference
        assert not set("<> \n") & set(reference)
    for attachment in letter.attachments:
        assert attachment.size == sum(map(len, attachment.chunks()))
        assert attachment.name.strip()
        assert not set("/\\\0\n") & set(attachment.name)
        assert not attachment.name.startswith(".")
    assert bool(letter.visible_text.strip()) == bool(letter.text.strip())
    automatic(letter)
    bounce.read(raw)
    return letter


@given(st.binary(max_size=2000))
@example(b"")
@example(b"\n")
@example(b"From:\n\n")
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_letter(raw: bytes) -> None:
    check(raw)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The sample with pieces cut out, doubled, moved and put in."""
    raw = SAMPLE
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 60)))
        piece = draw(st.sampled_from([*WORDS, raw[start:end] * 2, raw[end : end + 80]]))
        raw = raw[:start] + piece + raw[end:]
    return raw


@given(damaged())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_message_is_a_letter(raw: bytes) -> None:
    check(raw)


@given(st.lists(st.sampled_from(WORDS), max_size=60).map(b"".join))
@settings(max_examples=150, deadline=None)
def test_pieces_of_messages_are_a_letter(raw: bytes) -> None:
    check(raw)
    check(b"From: a@b.c\n" + raw)


def test_the_sample_itself_is_read_whole() -> None:
    letter = check(SAMPLE)
    assert letter.subject == "こんにちは and café"
    assert letter.visible_text == "My own änswer goes on."
    assert [attachment.name for attachment in letter.attachments] == [
        "€.pdf",
        "attachment-2.txt",
        "within.eml",
    ]
    (failure,) = bounce.read(SAMPLE).failures
    assert failure == bounce.Failure("gone@example.org", permanent=True, status="5.1.1")


HEAD = b"From: a@b.c\r\nSubject: x\r\n"


def _many(piece: bytes) -> bytes:
    return piece * (1_000_000 // len(piece))


LARGE = {
    "parts in parts": HEAD
    + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(9000)
    )
    + b"\n\nhi",
    "parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + _many(b"--b\n\nx\n"),
    "dashes": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + _many(b"--\n"),
    "wrong boundaries": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=x\n\n--b%d\n" % n for n in range(9000)),
    "messages in messages": HEAD + _many(b"Content-Type: message/rfc822\n\n"),
    "a long header": HEAD + b"X-Long: " + b"a" * 1_000_000 + b"\n\nhi",
    "many headers": HEAD + b"".join(b"X-%d: y\n" % n for n in range(90_000)) + b"\nhi",
    "open references": HEAD + b"References: " + b"<" * 200_000 + b"\n\nhi",
    "addresses": HEAD + b"To: " + b"a@b.c, " * 30_000 + b"\n\nhi",
    "comments": HEAD + b"To: " + b"(" * 90_000 + b"\n\nhi",
    "quotes": HEAD + b"To: " + b'"\\' * 90_001 + b"\n\nhi",
    "encoded words": HEAD + b"To: " + b"=?a?q?" * 15_001 + b"\n\nhi",
    "parameters": HEAD + b"Content-Type: text/plain" + b"; " * 100_000 + b"\n\nhi",
    "deep HTML": HEAD + b"Content-Type: text/html\n\n" + _many(b"<div>"),
    "wide HTML": HEAD + b"Content-Type: text/html\n\n" + _many(b"x<br>"),
    "comments of HTML": HEAD + b"Content-Type: text/html\n\n" + _many(b"<!--"),
    "a table": HEAD + b"Content-Type: text/html\n\n<table>" + _many(b"<td>x"),
    "empty lines": HEAD + b"\n" * 1_000_000,
    "quote marks": HEAD + b"\n" + _many(b"> > "),
    "labels": HEAD + b"\n" + _many(b"From: x\n"),
    "padding": HEAD + b"Content-Transfer-Encoding: base64\n\n" + _many(b"A="),
    "marks": HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + _many("á\u0301".encode()),
    "yEnc without an end": HEAD + b"\n" + _many(b"=ybegin name=a\n"),
    "yEnc of many names": HEAD + b"\n=ybegin " + _many(b"name="),
    "edges of a link": HEAD
    + b"Content-Type: text/html\n\n<a href=http://a.b>"
    + b"!" * 20_000
    + b"x</a>",
    "a line below rules": HEAD + b"\nx\n" + b"-----\n" * 6 + b"y" * 900_000,
    "encoded words without an end": HEAD + b"To: " + b"<a href=x>=?utf-8?B?a-" * 6000 + b"\n\nhi",
    "references of encoded words": HEAD + b"References: " + b"To: =?utf-8?B?(" * 8000 + b"\n\nhi",
    "dashes in one line": b"From: a@b.c\nSubject: failure notice\n\n" + b"-" * 1_000_000,
    "escapes": HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + _many(b"\x1b$B"),
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_megabyte_of_anything_takes_no_long_time(kind: str) -> None:
    started = time.process_time()
    letter = read(LARGE[kind])
    automatic(letter)
    bounce.read(LARGE[kind])
    assert time.process_time() - started < 3  # a second and less where nothing else runs
    assert UNREADABLE not in letter.faults
    assert letter.from_email == "a@b.c"


def test_over_a_limit_the_headers_are_read_and_it_is_noted() -> None:
    letter = read(SAMPLE, Limits(message=1000))
    assert letter.oversize
    assert letter.from_email == "ann@example.org"
    assert letter.faults == ("the message is larger than is read",)


@pytest.mark.parametrize(
    ("limits", "fault"),
    [
        (Limits(parts=3), "there are more parts than are read"),
        (Limits(depth=1), "parts lie deeper within each other than is read"),
        (Limits(headers=200), "the headers are longer than is read"),
        (Limits(text=10), "a text is longer than is read"),
    ],
)
def test_each_limit_is_noted_and_stops_nothing(limits: Limits, fault: str) -> None:
    letter = read(SAMPLE, limits)
    assert letter.oversize
    assert fault in letter.faults
    assert letter.from_email == "ann@example.org"


def test_text_beyond_the_limit_is_kept_as_an_attachment() -> None:
    letter = read(HEAD + b"\n" + b"word " * 100, Limits(text=20))
    assert letter.text == "word word word word "
    (whole,) = letter.attachments
    assert whole.read() == b"word " * 100
