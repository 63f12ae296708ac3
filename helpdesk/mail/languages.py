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
    "en": "the and you for with have that this are not your my please can is it we was would been i"
    " a hello hi dear where when how what order want need refund cancel broken arrived thank"
    " thanks",
    "de": "der die das und ich nicht ist sie wir mit für bitte auf ein eine habe mein haben zu den",
    "fr": "le la les et je vous pas est une pour que nous avec dans mon des merci votre sur ne",
    "es": "el los las y que no una por para con es mi me gracias muy usted pero como está se",
    "it": "il che non per una con sono mi grazie della anche questo vostro come ho di gli alla",
    "pt": "o os que não uma por para com é meu minha obrigado você muito mas está do da em",
    "nl": "de het een en ik niet van is dat met voor mijn heb u graag wij zijn op te maar",
    "pl": "i nie się na w z jest że do mam proszę dziękuję jak czy od ale dla mi po to",
    "tr": "bir ve bu için ben çok ne var değil mi teşekkürler merhaba ile olarak lütfen da de",
}
_SURELY = {
    "ru": "здравствуйте пожалуйста спасибо подскажите прошу жду что чтобы это если уже ещё еще нет"
    " вы вас вам вами мне меня мой мою моя нас наш был была было были когда почему сколько"
    " можно нужно хочу хотел хотела через после она они его купил купила заказал заказала"
    " заказ заказа заказе деньги денег верните вернуть ответа ответ доставят доставки"
    " неделе дня дней ваш ваша ваше ваши добрый скажите",
    "ky": "саламатсызбы саламатсыздарбы салам рахмат жана үчүн эмес сиз сиздин сиздер силер"
    " силерден мага менин бизге биздин болот болобу болбойт керек ошол бул качан канча барбы"
    " кандай эмне кайда жок менен эле бирок күтөм жооп жообуңузду урматтоо сатып алдым алган"
    " келди келген калды калыптыр кечээ кайтарып кайтарасызбы акчамды буйрутма заказым"
    " бересизби койсоңуз өткөн кутмандуу",
    "": "съм няма това моля дали къде кога защо който поръчка поръчката благодаря здравейте ще ли"
    " са си ми ви сме че още моята пратка байна байгаа вэ юу уу энэ надад миний гэж болно юм"
    " нь би сайн що як чи де дякую ласка будь мене коли добрий замовлення сам када шта није"
    " нисам молим хвала добар моја се што сум дека билан учун салом рахмет экии сээң мээң чүү ол бе"
    " жатыр болды ме",
}
"""Words that tell of Russian or Kyrgyz, and those of their neighbours that tell against both."""
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_SURE_WORDS = {language: frozenset(words.split()) for language, words in _SURELY.items()}
_ENOUGH_WORDS = 8
_FEW_WORDS = 3
_FEWEST_LETTERS = 15
_SURE = 2
_MOST_SHARE = 0.6
_LEAST_SHARE = 0.2
"""Of the letters, that a script has in a text of its language: kana are few among kanji."""


def language_of(text: str) -> str | None:
    """The code of the language that ``text`` is surely in, or None."""
    text = text[:5000]
    letters = len(re.findall(_LETTER, text))
    if letters < _FEWEST_LETTERS:
        return None
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    if beyond_ascii / letters <= _LEAST_SHARE:
        return _by_words(text)
    for language, script in _SCRIPTS:
        share = len(re.findall(script, text)) / letters
        if share > (_LEAST_SHARE if language == "ja" else _MOST_SHARE):
            return language
    if len(re.findall(_CYRILLIC, text)) / letters > _MOST_SHARE:
        return _of_cyrillic(text)
    return _by_words(text)


def _of_cyrillic(text: str) -> str | None:
    """Russian or Kyrgyz, where it is none of their neighbours, which share most of the letters."""
    words = set(re.findall(_WORD, text.lower()))
    hits = {language: len(words & sure) for language, sure in _SURE_WORDS.items()}
    if re.search(_KYRGYZ, text):
        sure = not re.search(_OTHER_TURKIC, text) and hits["ky"] > 2 * hits[""]
        return "ky" if sure else None
    if re.search(_NOT_RUSSIAN, text):
        return None
    for language, other in (("ru", "ky"), ("ky", "ru")):
        if hits[language] >= _SURE and hits[language] > 2 * (hits[other] + hits[""]):
            return language
    return None


def _by_words(text: str) -> str | None:
    """The language whose common words are many, and clearly more than any other's; of a few
    words, most must be."""
    words = re.findall(_WORD, text.lower())
    if len(words) < _FEW_WORDS:
        return None
    times = Counter(words)
    counts = sorted(
        (
            (sum(times[word] for word in common & times.keys()), language)
            for language, common in _WORDS.items()
        ),
        reverse=True,
    )
    (most, language), second = counts[0], counts[1][0]
    share = 0.15 if len(words) >= _ENOUGH_WORDS else 0.6
    return language if most >= max(3, len(words) * share) and most >= 1.6 * second else None
