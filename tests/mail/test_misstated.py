"""A charset that is stated wrongly is found by the text, and one stated rightly stays."""

import pytest

from helpdesk.mail import charsets
from helpdesk.mail.parsing import read

RUSSIAN = "Здравствуйте, где мой заказ? Прошу ответить."
CHINESE = "請問帳篷還有貨嗎"
SIMPLIFIED = "请问帐篷还有货吗"

LIES = [
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
