"""The language of a text, told only where it is sure."""

from __future__ import annotations

import re
from collections import Counter

_SCRIPTS = (
    ("ta", "[\u0b80-\u0bff]"),
    ("th", "[\u0e00-\u0e7f]"),
    ("ka", "[\u10a0-\u10ff]"),
    ("hy", "[\u0530-\u058f]"),
    ("el", "[\u0370-\u03ff]"),
    ("he", "[\u05d0-\u05ea]"),
    ("ko", "[\uac00-\ud7a3]"),
    ("ja", "[\u3041-\u30fa]"),
)
# The patterns are built when first used: together they would take 4 ms of every start.
_LETTER = r"[^\W\d_]"
_WORD = r"[^\W\d_]+"
_CYRILLIC = "[\u0400-\u04ff]"
_KYRGYZ = "[ңөүҢӨҮ]"
_OTHER_TURKIC = "[әғқұһіҗҙҫҡӘҒҚҰҺІҖ]"
_NOT_RUSSIAN = "(?i:[іїєґўјљњћђџѓќѕүөңқғҳҷӣӯһәұ])"
_COMMON = {
    "en": "the and you for with have that this are not your my please can is it we was would been",
    "de": "der die das und ich nicht ist sie wir mit für bitte auf ein eine habe mein haben zu den",
    "fr": "le la les et je vous pas est une pour que nous avec dans mon des merci votre sur ne",
    "es": "el los las y que no una por para con es mi me gracias muy usted pero como está se",
    "it": "il che non per una con sono mi grazie della anche questo vostro come ho di gli alla",
    "pt": "o os que não uma por para com é meu minha obrigado você muito mas está do da em",
    "nl": "de het een en ik niet van is dat met voor mijn heb u graag wij zijn op te maar",
    "pl": "i nie się na w z jest że do mam proszę dziękuję jak czy od ale dla mi po to",
    "tr": "bir ve bu için ben çok ne var değil mi teşekkürler merhaba ile olarak lütfen da de",
    "ru": "и в не на я что с у как это по мы вы меня мой но за от для есть",
    "ky": "жана мен бул үчүн эмес бар бир сиз мага менин деп рахмат болот керек ошол жок",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_ENOUGH_WORDS = 8
_LEAST_SHARE = 0.2
"""Of the letters, that a script has in a text of its language: kana are few among kanji."""


def language_of(text: str) -> str | None:
    """The code of the language that ``text`` is surely in, or None."""
    text = text[:5000]
    letters = len(re.findall(_LETTER, text))
    if letters < 20:
        return None
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    if beyond_ascii / letters <= _LEAST_SHARE:
        return _by_words(text, _WORDS.keys() - {"ru", "ky"})
    for language, script in _SCRIPTS:
        share = len(re.findall(script, text)) / letters
        if share > (_LEAST_SHARE if language == "ja" else 0.6):
            return language
    cyrillic = len(re.findall(_CYRILLIC, text)) / letters > 0.6
    if cyrillic and re.search(_KYRGYZ, text) and not re.search(_OTHER_TURKIC, text):
        return "ky" if _by_words(text, {"ky"}) else None
    if cyrillic:
        return None if re.search(_NOT_RUSSIAN, text) else _by_words(text, {"ru"})
    return _by_words(text, _WORDS.keys() - {"ru", "ky"})


def _by_words(text: str, candidates: set[str]) -> str | None:
    """The language whose common words are many, and twice as many as any other's."""
    words = re.findall(_WORD, text.lower())
    if len(words) < _ENOUGH_WORDS:
        return None
    times = Counter(words)
    counts = sorted(
        (
            (sum(times[word] for word in _WORDS[language] & times.keys()), language)
            for language in candidates
        ),
        reverse=True,
    )
    (most, language), second = counts[0], counts[1][0] if len(counts) > 1 else 0
    return language if most >= max(3, len(words) * 0.15) and most >= 1.6 * second else None
