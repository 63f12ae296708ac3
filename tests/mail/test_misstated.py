"""A charset that is stated wrongly is found by the text, and one stated rightly stays."""

import pytest

from helpdesk.mail import charsets
from helpdesk.mail.parsing import read

RUSSIAN = "Здравствуйте, где мой заказ? Прошу ответить."
CHINESE = "請問帳篷還有貨嗎"
SIMPLIFIED = "请问帐篷还有货吗"

POLISH = "Moje zamówienie nie dotarło, wciąż czekam na łódź. Dziękuję"
TURKISH = "Siparişim hâlâ gelmedi. Lütfen kontrol eder misiniz, teşekkür ederim."

LIES = [
    (POLISH, "iso8859_2", "iso-8859-1"),
    (POLISH, "cp1250", "iso-8859-1"),
    (TURKISH, "cp1254", "iso-8859-1"),
    (RUSSIAN, "utf-8", "utf-16"),
    (RUSSIAN, "utf-8", "utf-16le"),
    ("Hello, where is my order?\n", "utf-8", "utf-16"),
    (RUSSIAN, "utf-8", "gb2312"),
    (RUSSIAN, "utf-8", "euc-kr"),
    (CHINESE, "utf-8", "gbk"),
    (RUSSIAN, "cp1251", "koi8-r"),
    (RUSSIAN, "koi8-r", "windows-1251"),
    (CHINESE, "big5", "gb2312"),
    (SIMPLIFIED, "gb18030", "big5"),
]
TRUTHS = [
    ("Góðan dag, það er þriðji dagurinn án þess", "cp1252", "iso-8859-1"),
    ("It´s 10 m³ ± 2, n°5, ¼ l, £20 y Hola¿dónde? Bien¿y cuándo?", "cp1252", "iso-8859-1"),
    (RUSSIAN, "utf-16-le", "utf-16"),
    (SIMPLIFIED, "utf-16-be", "utf-16be"),
    (RUSSIAN, "cp1251", "windows-1251"),
    (RUSSIAN.upper(), "koi8-r", "koi8-r"),
    (RUSSIAN.swapcase(), "cp1251", "windows-1251"),
    (SIMPLIFIED, "gb18030", "gb2312"),
    ("联通", "gb18030", "gb2312"),  # valid UTF-8 too
    (CHINESE, "big5", "big5"),
]


@pytest.mark.parametrize(("text", "charset", "stated"), LIES + TRUTHS)
def test_the_text_is_read_by_the_charset_that_it_is_in(
    text: str, charset: str, stated: str
) -> None:
    assert charsets.decode(text.encode(charset), stated) == text


def test_a_subject_that_holds_nothing_to_decode_is_shown_as_it_came() -> None:
    assert read(b"Subject: =?utf-8?b?####?=\n\nhi").subject == "=?utf-8?b?####?="
    assert read(b"Subject: =?utf-8?q??= hi\n\nhi").subject == "hi"


@pytest.mark.parametrize(
    ("subject", "text", "charset", "stated"),
    [
        ("заказ", RUSSIAN, "cp1251", "; charset=iso-8859-1"),
        ("заказ", RUSSIAN, "koi8-r", ""),
        ("sipariş", TURKISH, "cp1254", "; charset=iso-8859-1"),
        ("ご注文", "ご注文の商品がまだ届きません。", "cp932", "; charset=iso-2022-jp"),
        ("Узнай как зарабатывать больше", "only ASCII", "cp1251", "; charset=iso-8859-1"),
        ("Größe", "Größe fehlt", "cp1252", "; charset=iso-8859-1"),
        ("Größe", RUSSIAN, "utf-8", "; charset=koi8-r"),
    ],
)
def test_a_subject_of_bare_bytes_is_read_by_what_the_text_turned_out_to_be(
    subject: str, text: str, charset: str, stated: str
) -> None:
    head = f"From: a@b.c\nSubject: {subject}\nContent-Type: text/plain{stated}\n\n"
    letter = read(f"{head}{text}".encode(charset))
    assert (letter.subject, letter.text) == (subject, text)
