"""Messages as they come: charsets that lie, broken MIME, headers against every rule."""

from __future__ import annotations

import base64

import pytest

from helpdesk.mail.parsing import read

HEAD = b"From: a@b.c\nSubject: x\n"


def text(charset: bytes, body: bytes, encoding: bytes = b"") -> bytes:
    """A message of one text."""
    stated = b"; charset=" + charset if charset else b""
    transfer = b"Content-Transfer-Encoding: " + encoding + b"\n" if encoding else b""
    return HEAD + b"Content-Type: text/plain" + stated + b"\n" + transfer + b"\n" + body


def mixed(parts: bytes, kind: bytes = b"multipart/mixed; boundary=x") -> bytes:
    """A message of several parts."""
    return HEAD + b"Content-Type: " + kind + b"\n\n" + parts


def header(field: str | bytes) -> bytes:
    """A message with that header before others."""
    return (field if isinstance(field, bytes) else field.encode()) + b"\nX-A: b\n\nhi"


def named(parameters: str | bytes) -> bytes:
    """A message that is one PDF with that type."""
    stated = parameters if isinstance(parameters, bytes) else parameters.encode()
    return HEAD + b"Content-Type: application/pdf" + stated + b"\n\nx"


RUSSIAN = "Привет, мир! Заказ не пришёл, что делать?"

TEXTS = {
    "headers below an empty line": (
        HEAD
        + b"\nContent-Type: text/html;\n charset=utf-8\nX-Score: 7\n\n<p>It is <b>late</b></p>",
        "It is late",
    ),
    "headers of a part below an empty line": (
        mixed(
            b"--x\n\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n"
            b"caf=C3=A9\n--x--"
        ),
        "café",
    ),
    "a text that begins like headers": (
        HEAD + b"\nContent-Type: it is not said\n\nWhat does that mean?",
        "Content-Type: it is not said\n\nWhat does that mean?",
    ),
    "a page as plain text": (
        text(
            b"utf-8",
            b"<html><head><style>p{}</style></head>\n<body><p>It is late</p></body></html>",
        ),
        "It is late",
    ),
    "HTML that somebody asks about": (
        text(b"utf-8", b"My page:\n<html><body>x</body></html>"),
        "My page:\n<html><body>x</body></html>",
    ),
    "a multipart of any kind": (mixed(b"--x\n\nhi\n--x--", b"multipart/*; boundary=x"), "hi"),
    "UTF-7": (text(b"utf-7", b"Hi Mom -+Jjo--!"), "Hi Mom -☺-!"),
    "GBK as GB2312": (text(b"gb2312", "朱镕基".encode("gbk")), "朱镕基"),
    "UTF-8 as GB2312": (text(b"gb2312", "朱镕基你好".encode()), "朱镕基你好"),
    "HZ": (text(b"hz-gb-2312", b"~{VPND~} ok"), "中文 ok"),
    "ISO-2022-JP": (text(b"iso-2022-jp", "こんにちは".encode("iso2022_jp")), "こんにちは"),
    "ISO-2022-JP unstated": (text(b"", "こんにちは".encode("iso2022_jp")), "こんにちは"),
    "ISO-2022-JP of vendors": (text(b"iso-2022-jp", b"\x1b$B-!%F\x1b(I1\x1b(B"), "①テｱ"),
    "KOI8-R": (text(b"koi8-r", RUSSIAN.encode("koi8-r")), RUSSIAN),
    "KOI8-R unstated": (text(b"", RUSSIAN.encode("koi8-r")), RUSSIAN),
    "Windows-1251 unstated": (text(b"", RUSSIAN.encode("cp1251")), RUSSIAN),
    "Windows-1252 as ASCII": (text(b"us-ascii", b"caf\xe9 \x93x\x94"), "café “x”"),
    "Windows-1252 as Latin-1": (text(b"iso-8859-1", b"\x93x\x94"), "“x”"),
    "Latin-1 as UTF-8": (text(b"utf-8", b"caf\xe9 d\xe9j\xe0"), "café déjà"),
    "UTF-8 as Latin-1": (text(b"iso-8859-1", "café déjà".encode()), "café déjà"),
    "Windows-1251 as Latin-1": (text(b"iso-8859-1", RUSSIAN.encode("cp1251")), RUSSIAN),
    "KOI8-R as Latin-1": (text(b"iso-8859-1", RUSSIAN.encode("koi8-r")), RUSSIAN),
    "Greek as Latin-1": (
        text(b"iso-8859-1", "Καλημέρα, η σκηνή μου χάλασε και περιμένω".encode("cp1253")),
        "Καλημέρα, η σκηνή μου χάλασε και περιμένω",
    ),
    "Latin-1 that is rich in accents": (
        text(
            b"iso-8859-1",
            "ÄÖÜ: Grüße, schöne Öfen; où êtes-vous? à bientôt, ça va".encode("cp1252"),
        ),
        "ÄÖÜ: Grüße, schöne Öfen; où êtes-vous? à bientôt, ça va",
    ),
    "unknown": (text(b"x-unknown", "café".encode()), "café"),
    "UTF-16": (text(b"utf-16", "héllo".encode("utf-16"), b"binary"), "héllo"),
    "Big5": (text(b"big5", "訂單還沒到".encode("big5")), "訂單還沒到"),
    "Korean of Windows": (text(b"ks_c_5601-1987", "똠 주문".encode("cp949")), "똠 주문"),
    "Shift JIS of Windows": (text(b"shift_jis", "注文①".encode("cp932")), "注文①"),
    "logical Hebrew": (text(b"iso-8859-8-i", "שלום".encode("iso8859_8")), "שלום"),
    "a codec that is no charset": (text(b"unicode_escape", b"\\x41"), "\\x41"),
    "broken base64": (text(b"utf-8", b"aGVs*bG8g\n d29y bGQ", b"base64"), "hello world"),
    "base64 that is none": (
        text(b"", b"This is not base64, sorry.", b"base64"),
        "This is not base64, sorry.",
    ),
    "base64 with a footer": (
        text(b"", b"aGk=\n\n-- \nlist footer here", b"base64"),
        "hi\n-- \nlist footer here",
    ),
    "broken quoted-printable": (
        text(b"utf-8", b"caf=C3=A9 =XX =\nnext = end=", b"quoted-printable"),
        "café =XX next = end",
    ),
    "NUL": (HEAD + b"\nh\0i", "hi"),
    "carriage returns alone": (b"From: a@b.c\rSubject: x\r\rhi\rthere", "hi\nthere"),
    "doubled carriage returns": (b"From: a@b.c\r\r\nSubject: x\r\r\n\r\r\nhi\r\r\nyou", "hi\nyou"),
    "no headers": (b"Hello there,\nI wait.\n", "Hello there,\nI wait."),
    "no headers but a colon": (b"Hello: there\n", "Hello: there"),
    "no empty line": (b"From: a@b.c\nSubject: x\nHello you", "Hello you"),
    "a line among headers": (b"From: a@b.c\nrubbish\nSubject: x\n\nhi", "hi"),
    "mbox": (b"From a@b Mon Jan  1 00:00:00 2024\nFrom: a@b.c\nSubject: x\n\nhi", "hi"),
    "quoted mbox": (b">From a@b Mon Jan\nFrom: a@b.c\n\nhi", "hi"),
    "empty lines first": (b"\n\nFrom: a@b.c\n\nhi", "hi"),
    "no end": (mixed(b"--x\n\nhi\n"), "hi"),
    "no boundary": (mixed(b"--x\nContent-Type: text/plain\n\nhi\n--x--", b"multipart/mixed"), "hi"),
    "another boundary": (mixed(b"--y\nContent-Type: text/plain\n\nhi\n--y--\n"), "hi"),
    "no boundary stated or there": (mixed(b"just text\n", b"multipart/mixed"), "just text"),
    "a text of no known kind": (mixed(b"--x\nContent-Type: text/x-own\n\nhi\n--x--"), "hi"),
    "the same twice": (mixed(b"--x\n\nhi\n--x\n\nhi\n--x--"), "hi\n\nhi"),
    "messages within": (
        mixed(b"--x\n\nTo: b\n\none\n--x\n\nTo: b\n\ntwo\n--x--", b"multipart/digest; boundary=x"),
        "one\n\ntwo",
    ),
    "no boundary at all": (mixed(b"just text\n"), "just text"),
    "a boundary that begins another": (
        mixed(
            b"--x\nContent-Type: multipart/alternative; boundary=xy\n\n--xy\n\nhi\n--xy--\n--x--\n"
        ),
        "hi",
    ),
    "the same boundary within": (
        mixed(b"--x\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\nhi\n--x--\n--x--"),
        "hi",
    ),
    "parts without a header": (HEAD + b"\n--y\nContent-Type: text/plain\n\nhi\n--y--\n", "hi"),
    "an empty plain text": (
        mixed(
            b"--x\n\n \n--x\nContent-Type: text/html\n\n<p>Hello<br>you</p>\n--x--",
            b"multipart/alternative; boundary=x",
        ),
        "Hello\nyou",
    ),
    "plain text that sends to HTML": (
        mixed(
            b"--x\n\nPlease use an HTML reader.\n--x\nContent-Type: text/html\n\n"
            b"<p>All that I have to say is here.</p>\n--x--",
            b"multipart/alternative; boundary=x",
        ),
        "All that I have to say is here.",
    ),
    "HTML": (
        HEAD + b"Content-Type: text/html\n\n<style>p{}</style><p>a &amp; b</p><ul><li>c<li>d</ul>"
        b"<table><tr><td>1<td>2</table><a href='http://x.org/y'>here</a>"
        b"<blockquote>q<br>r</blockquote><span style='display:none'>no</span>",
        "a & b\n\n- c\n- d\n\n1  2\n\nhere <http://x.org/y>\n\n> q\n> r",
    ),
    "HTML with its charset inside": (
        HEAD + b"Content-Type: text/html\n\n<meta charset=koi8-r>" + "да".encode("koi8-r"),
        "да",
    ),
    "flowing": (
        HEAD + b"Content-Type: text/plain; format=flowed\n\nThis is \none.\n> quo \n> ted\n",
        "This is one.\n> quo ted",
    ),
    "only a message within": (
        HEAD + b"Content-Type: message/rfc822\n\nSubject: inner\n\ninner text\n",
        "inner text",
    ),
    "a type that is none": (HEAD + b"Content-Type: text\n\nhi", "hi"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_the_text_is_found(kind: str) -> None:
    raw, expected = TEXTS[kind]
    assert read(raw).text == expected


SUBJECTS = {
    "UTF-8 as it is": ("Subject: café".encode(), "café"),
    "Latin-1 as it is": (b"Subject: caf\xe9", "café"),
    "split within a character": (
        b"Subject: =?UTF-8?B?4pyF5L2g?=\n =?UTF-8?B?5aU=?==?UTF-8?B?vQ==?= end",
        "✅你好 end",
    ),
    "split within base64": (b"Subject: =?utf-8?B?aGVsb?=\n =?utf-8?B?G8=?=", "hello"),
    "spaces within": (b"Subject: =?iso-8859-1?Q?a b caf=E9?= x", "a b café x"),
    "within a word": (b"Subject: a=?utf-8?Q?=C3=B6?=b", "aöb"),
    "a line break within": (b"Subject: =?utf-8?Q?a=0D=0ABcc:_x@y?=", "a Bcc: x@y"),
    "with a language": (b"Subject: =?us-ascii*en?Q?Keith?=", "Keith"),
    "no end": (b"Subject: =?utf-8?B?aGVsbG8", "=?utf-8?B?aGVsbG8"),
    "NUL": (b"Subject: a\0b", "ab"),
    "folded": (b"Subject: one\n\ttwo\n three", "one two three"),
    "two": (b"Subject: one\nSubject: two", "one"),
    "space before the colon": (b"Subject : x", "x"),
}


@pytest.mark.parametrize("kind", SUBJECTS)
def test_the_subject_is_decoded(kind: str) -> None:
    raw, expected = SUBJECTS[kind]
    assert read(header(raw)).subject == expected


SENDERS = {
    "a daemon without an address": ("MAILER-DAEMON <>", "MAILER-DAEMON", None),
    "quoted": ('"Doe, J" <a@b.c>', "Doe, J", "a@b.c"),
    "unquoted comma": ("Doe, John <a@b.c>", "Doe, John", "a@b.c"),
    "encoded in quotes": ('"=?utf-8?Q?J=C3=B6rg?=" <a@b.c>', "Jörg", "a@b.c"),
    "no space": ("=?utf-8?Q?J=C3=B6rg?=<a@b.c>", "Jörg", "a@b.c"),
    "encoded comma": ("=?utf-8?Q?Doe=2C_J=C3=B6rg?= <a@b.c>", "Doe, Jörg", "a@b.c"),
    "all encoded": ("=?utf-8?Q?J=C3=B6rg_<a@b.c>?=", "Jörg", "a@b.c"),
    "comment": ("a@b.c (John Doe)", "John Doe", "a@b.c"),
    "comments within": ("john @ example (x) . org", "x", "john@example.org"),
    "bare": ("a@b.c", None, "a@b.c"),
    "address as name": ('"a@b.c" <d@e.f>', "a@b.c", "d@e.f"),
    "not closed": ("John <a@b.c", "John", "a@b.c"),
    "no address": ("John Doe", "John Doe", None),
    "route": ("<@r.org,@s.org:a@b.c>", None, "a@b.c"),
    "quoted local part": ('"John Doe"@b.c', None, '"John Doe"@b.c'),
    "escapes": ('"John \\"J\\" Doe" <a@b.c>', 'John "J" Doe', "a@b.c"),
    "several": ("a@b.c, D <d@e.f>", None, "a@b.c"),
    "group": ("Friends: a@b.c, d@e.f;", None, "a@b.c"),
    "empty group": ("undisclosed-recipients:;", "undisclosed-recipients:;", None),
    "other alphabets": ("用户 <用户@例子.公司>", "用户", "用户@例子.公司"),
}


@pytest.mark.parametrize("kind", SENDERS)
def test_the_sender_is_found(kind: str) -> None:
    stated, name, email = SENDERS[kind]
    letter = read(header(f"From: {stated}"))
    assert (letter.from_name, letter.from_email) == (name, email)


NAMES = {
    "RFC 2231": ("; name*0*=utf-8''%e2%82%ac%20ra; name*1*=tes; name*2=.pdf", "€ rates.pdf"),
    "both": ("\nContent-Disposition: inline; filename=a.pdf; filename*=UTF-8''%C3%A9.pdf", "é.pdf"),
    "RFC 2047": ('; name="=?utf-8?B?w6kucGRm?="', "é.pdf"),
    "RFC 2047 unquoted": ("; name==?utf-8?B?w6kucGRm?=", "é.pdf"),
    "bytes": ('; name="é.pdf"', "é.pdf"),
    "spaces unquoted": ("; name=my file.pdf", "my file.pdf"),
    "a path": ('; name="../../etc/a.pdf"', "a.pdf"),
    "a path of Windows": ('; name="C:\\Users\\x\\a.pdf"', "a.pdf"),
    "a device": ('; name="con.txt"', "_con.txt"),
    "hidden": ('; name=".bashrc"', "bashrc"),
    "turned around": ('; name="a\u202efdp.exe"', "afdp.exe"),
    "only dots": ('; name=".."', "attachment-1.pdf"),
    "none": ("", "attachment-1.pdf"),
    "long": (f'; name="{"é" * 300}.pdf"', f"{'é' * 116}.pdf"),
}


@pytest.mark.parametrize("kind", NAMES)
def test_an_attachment_has_a_safe_name(kind: str) -> None:
    stated, expected = NAMES[kind]
    (attachment,) = read(named(stated)).attachments
    assert attachment.name == expected


FILES = {
    "uuencode in the text": (
        text(b"", b"hi\nbegin 644 t.txt\n#0V%T\n`\nend\nbye"),
        "t.txt",
        b"Cat",
    ),
    "uuencode": (
        HEAD + b"Content-Type: image/gif; name=a.gif\nContent-Transfer-Encoding: x-uuencode\n\n"
        b"begin 644 a.gif\n#0V%T\n`\nend\n",
        "a.gif",
        b"Cat",
    ),
    "yEnc": (
        text(b"", b"hi\n=ybegin line=128 size=3 name=a.bin\nklm\n=yend size=3\n"),
        "a.bin",
        b"ABC",
    ),
    "TNEF": (
        mixed(b"--x\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx\n--x--"),
        "winmail.dat",
        b"x",
    ),
    "a message": (
        mixed(b"--x\n\nhi\n--x\nContent-Type: message/rfc822\n\nSubject: in\n\nner\n--x--"),
        "in.eml",
        b"Subject: in\n\nner",
    ),
    "an invitation": (
        mixed(
            b"--x\n\nhi\n--x\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--x--",
            b"multipart/alternative; boundary=x",
        ),
        "attachment-1.ics",
        b"BEGIN:VCALENDAR",
    ),
    "a text that is attached": (
        mixed(b"--x\n\nhi\n--x\nContent-Disposition: attachment; filename=log.txt\n\nlog\n--x--"),
        "log.txt",
        b"log",
    ),
    "base64 with rubbish": (
        named(b"; name=a.pdf\nContent-Transfer-Encoding: base64\nX: ").replace(
            b"\n\nx",
            b"\n\n"
            + base64.b64encode(b"0123456789")[:6]
            + b"\n!?\n"
            + base64.b64encode(b"0123456789")[6:],
        ),
        "a.pdf",
        b"0123456789",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_found_with_its_bytes(kind: str) -> None:
    raw, name, content = FILES[kind]
    (attachment,) = read(raw).attachments
    assert (attachment.name, attachment.read()) == (name, content)


def test_ids_are_found_without_brackets_and_among_rubbish() -> None:
    letter = read(
        b"Message-ID: abc@def\nIn-Reply-To: abc\n"
        b'References: junk <a@b> c@d, <e\n f@g> <a@b> "x"\n\nhi'
    )
    assert letter.message_id == "abc@def"
    assert letter.in_reply_to == "abc"
    assert letter.references == ("a@b", "c@d", "ef@g")


@pytest.mark.parametrize(
    "long",
    [
        b"X-Long: " + b"a" * 3_000_000,
        b"To: "
        + b",\n ".join(b"person.number.%d@department.example.org" % n for n in range(10_000)),
        b"Subject: " + b"=?utf-8?Q?a?= " * 70_000,
    ],
)
def test_headers_after_one_that_is_too_long_are_read_all_the_same(long: bytes) -> None:
    letter = read(long + b"\nFrom: a@b.c\nMessage-ID: <1@b.c>\n\nhi")
    assert (letter.from_email, letter.message_id, letter.text) == ("a@b.c", "1@b.c", "hi")
    assert letter.faults == ("a header is longer than is read",)
    assert letter.oversize


def test_headers_that_are_too_many_end_where_the_body_begins() -> None:
    letter = read((b"X-Long: " + b"a" * 300_000 + b"\n") * 3 + b"From: a@b.c\n\nhi")
    assert (letter.from_email, letter.text, letter.oversize) == (None, "hi", True)


@pytest.mark.parametrize(
    "kind",
    ["application/pkcs7-mime; name=smime.p7m", "application/ms-tnef; name=winmail.dat"],
)
def test_a_text_that_is_sealed_in_a_file_is_told_of(kind: str) -> None:
    letter = read(HEAD + f"Content-Type: {kind}\n\nMIIB".encode())
    assert (letter.text, len(letter.attachments)) == ("", 1)
    assert letter.faults == ("its text is encrypted or sealed in an attached file",)
    beside = mixed(f"--x\n\nhi\n--x\nContent-Type: {kind}\n\nMIIB\n--x--".encode())
    assert (read(beside).text, read(beside).faults) == ("hi", ())


def test_what_pgp_puts_around_a_signed_text_is_folded() -> None:
    letter = read(
        HEAD
        + b"\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nThe zip broke.\n\n- -- \nAnn\n"
        b"-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAd\n-----END PGP SIGNATURE-----\n"
    )
    assert letter.visible_text == "The zip broke."
    assert letter.text.startswith("-----BEGIN PGP SIGNED MESSAGE")


def test_what_stands_below_an_empty_line_is_no_header_of_a_mail_server() -> None:
    raw = HEAD + b"\nContent-Type: text/plain\nAuthentication-Results: us; dmarc=pass\n\nhi"
    letter = read(raw)
    assert letter.text == "hi"
    assert "authentication-results" not in letter.headers


def test_a_message_of_a_digest_keeps_its_own_headers() -> None:
    part = b"--x\n\nContent-Type: text/plain\nSubject: One\n\nhi\n--x--"
    (message,) = read(mixed(part, b"multipart/digest; boundary=x")).attachments
    assert (message.name, message.type) == ("One.eml", "message/rfc822")
