"""What is read of a message, and of the nastiest ones too."""

from __future__ import annotations

import base64
import hashlib

from helpdesk.mail.parsing import read

ORDINARY = b"""\
From: "Doe, John" <john@example.org>\r
To: Help <help@desk.example>, second@desk.example\r
Subject: =?utf-8?B?w6nD?= =?utf-8?B?qQ==?=\r
Date: Mon, 1 Jan 2024 10:00:00 +0100\r
Message-ID: <one@example.org>\r
In-Reply-To: Your message of Sunday <zero@desk.example>\r
References: <first@desk.example>\r
 <zero@desk.example>\r
Content-Type: multipart/mixed; boundary=x\r
\r
For programs without MIME.\r
--x\r
\r
hello\r
--x\r
Content-Type: image/png; name="../a.png"\r
Content-Transfer-Encoding: base64\r
\r
AAECAwQ=\r
--x--\r
After the end.\r
"""


def test_an_ordinary_message_is_read_whole() -> None:
    letter = read(ORDINARY)
    assert (letter.from_email, letter.from_name) == ("john@example.org", "Doe, John")
    assert [address.email for address in letter.to] == ["help@desk.example", "second@desk.example"]
    assert letter.subject == "éé"
    assert letter.message_id == "one@example.org"
    assert letter.in_reply_to == "zero@desk.example"
    assert letter.references == ("first@desk.example", "zero@desk.example")
    assert letter.text == "hello"
    (picture,) = letter.attachments
    assert (picture.name, picture.type, picture.size) == ("a.png", "image/png", 5)
    assert picture.sha256 == hashlib.sha256(bytes(range(5))).hexdigest()
    assert picture.read() == bytes(range(5))
    assert letter.faults == ()
    assert not letter.oversize


def test_an_empty_message_is_an_empty_letter() -> None:
    letter = read(b"")
    assert letter.from_email is None
    assert letter.message_id is None
    assert letter.text == ""


def test_an_address_in_the_brackets_of_outlook_is_one() -> None:
    letter = read(b"From: Ann [mailto:ann@example.org]\n\nhi")
    assert (letter.from_email, letter.from_name) == ("ann@example.org", "Ann")
    assert read(b"From: ann@[192.0.2.1]\n\nhi").from_email == "ann@[192.0.2.1]"


def test_a_message_that_is_attached_in_base64_is_named_by_its_subject() -> None:
    inner = base64.b64encode(b"Subject: The tent\nFrom: x@example.org\n\nhello").decode()
    head = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64"
    raw = f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\n{head}\n\n{inner}\n--b--"
    assert [attachment.name for attachment in read(raw.encode()).attachments] == ["The tent.eml"]


def test_bytes_that_are_no_words_are_a_file() -> None:
    letter = read(b"\x1f\x8b\x08\0" + bytes(range(256)))
    assert letter.text == ""
    assert [attachment.size for attachment in letter.attachments] == [260]
    assert letter.faults == ("there are no headers",)
