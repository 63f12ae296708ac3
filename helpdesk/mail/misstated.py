"""Charsets that are often stated one for the other, and how the text tells which it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

OTHERS = {
    "cp1251": "koi8-r",
    "koi8-r": "cp1251",
    "gb18030": "big5hkscs",
    "big5hkscs": "gb18030",
}
"""Which charset bytes may be in instead of the stated one, though that explains them too."""

OF_CHINESE = frozenset({"gb18030", "big5hkscs", "cp949", "cp932"})
"""Charsets of two bytes, which explain most of UTF-8 too."""

_LOOKED_AT = 4000
_FEW = 6
"""So few characters beyond ASCII are valid UTF-8 by chance."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_SHARE = 0.6
_ODD = re.compile(r"\b[а-яё][А-ЯЁ]{2,}")
_EVEN = re.compile(r"\b[А-ЯЁ]?[а-яё]{2,}\b")
_AMID_A_WORD = re.compile(r"(?<=[^\W\d_])[£¥¦¹³¶¼¾¿±](?=[^\W\d_]|[£¥¦¹³¶¼¾¿±])")
_ICELANDIC = re.compile("[ðþý]")
_TURKISH = re.compile(
    r"\b(?:bir|için|lütfen|değil|sipariş\w*|teşekkür\w*|merhaba|günler|çok|gibi|ama|bana|benim|olarak"
    r"|daha|henüz|hâlâ|neden|nasıl|misiniz|ve)\b"
)
_CYRILLIC = re.compile("[а-яё]")
_FREQUENT = frozenset("оеаинтсрвл")
_CLEARLY = 0.08
_COMMON = frozenset(
    "的一是不了在人有我他這这個个上們们來来到時时大地為为子中你說说生國国年就那和要她出也得後后以會会家可下而過过"
    "天去能對对小多然於于學学之都好看起發发當当沒没成只如事把還还用第樣样道想作種种開开請请問问嗎吗您貨货訂订單单"
    "什麼么謝谢退款收錢钱"
)


def utf_8(data: bytes) -> str | None:
    """The text, if it is UTF-8 whatever was stated: valid, more than a few characters of it
    beyond ASCII (or all ASCII), and mostly letters."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    sample = text[:_LOOKED_AT]
    beyond = [c for c in sample if not c.isascii()]
    told_by = beyond or [c for c in sample if not c.isspace()]
    if _CONTROL.search(sample) or len(told_by) < _FEW:
        return None
    letters = sum(unicodedata.category(c)[0] in "LM" for c in told_by)
    return text if letters >= _SHARE * len(told_by) else None


def likelier(text: str, other: str | None) -> str:
    """Of two readings of the same bytes the other one, if it is clearly better."""
    if other is None:
        return text
    mine, theirs = text[:_LOOKED_AT], other[:_LOOKED_AT]
    better = _is_better_cyrillic(mine, theirs) or _is_better_chinese(mine, theirs)
    return other if better else text


def other_latin(data: bytes, text: str) -> str:
    """The text of a language of Central Europe, or of Turkish, that was called Western: instead
    of some of its letters that has signs amid the words, or letters of Iceland."""
    sample = text[:_LOOKED_AT]
    amid = _AMID_A_WORD.findall(sample)
    if len(set(amid)) > 1:
        return min((text, *_read(data, "iso8859_2", "cp1250")), key=_signs)
    if _ICELANDIC.search(sample):
        for other in _read(data, "cp1254"):
            if len(set(_TURKISH.findall(other[:_LOOKED_AT].lower()))) > 1:
                return other
    return text


def _read(data: bytes, *names: str) -> Iterator[str]:
    for name in names:
        with suppress(UnicodeDecodeError):
            yield data.decode(name)


def _signs(text: str) -> int:
    sample = text[:_LOOKED_AT]
    return len(_AMID_A_WORD.findall(sample)) + len(_CONTROL.findall(sample))


def _is_better_cyrillic(text: str, other: str) -> bool:
    """Whether only the other has small letters behind capitals, and the letters of Russian; the
    two charsets have small letters where the other has capitals."""
    odd = len(_ODD.findall(text)) > 0 and not _ODD.search(other)
    even = len(_EVEN.findall(other)) > 2 * len(_EVEN.findall(text))
    return odd and even and _frequent(other) > _frequent(text) + _CLEARLY


def _frequent(text: str) -> float:
    letters = _CYRILLIC.findall(text.lower())
    return sum(letter in _FREQUENT for letter in letters) / (len(letters) or 1)


def _is_better_chinese(text: str, other: str) -> bool:
    theirs = sum(c in _COMMON for c in other)
    return theirs > 1 and theirs > 2 * sum(c in _COMMON for c in text)
