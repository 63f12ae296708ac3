"""Where the words that were searched for stand in a text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from helpdesk.text import CJK, ELLIPSIS, clean_line, width

_CJK = re.compile(rf"[{CJK}]")


def found_in(text: str, words: tuple[str, ...], *, last_is_whole: bool) -> list[tuple[int, int]]:
    """From where to where the words stand in ``text``, in order, none over another.

    As in the search itself a word is found whole, without regard to case, and of the last one the
    beginning suffices unless ``last_is_whole``; then the word that it begins is given.
    """
    spans: list[tuple[int, int]] = []
    for place, word in enumerate(words):
        whole = last_is_whole or place < len(words) - 1
        spans += _places(text, word, whole=whole)
    return _joined(sorted(spans))


def _places(text: str, word: str, *, whole: bool) -> Iterator[tuple[int, int]]:
    parts = [re.escape(part) for part in _parts(clean_line(word))]
    if not parts:
        return
    for match in re.finditer(r"[\W_]+".join(parts), text, re.IGNORECASE):
        start, end = match.span()
        if _goes_on(text, start):
            continue
        after = end
        while _goes_on(text, after):
            after += 1
        if after == end or not whole:
            yield start, after


def _parts(word: str) -> list[str]:
    """The words of a phrase, as search takes them: letters, digits and marks."""
    return "".join(each if _is_letter(each) else " " for each in word).split()


def _goes_on(text: str, place: int) -> bool:
    """Whether the characters on both sides of ``place`` are of one word."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if _CJK.match(before) or _CJK.match(after):
        return unicodedata.category(after).startswith("M")
    return _is_letter(before) and _is_letter(after)


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def standing_in(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """From where to where any of ``words`` stands in ``text``, within other words too.

    Compared without regard to case; a space in a word stands for any space, also a broken line.
    """
    sought = [r"\s+".join(map(re.escape, each.casefold().split())) for each in words]
    pattern = "|".join(each for each in sought if each)
    if not pattern:
        return []
    folded, places = _folded(text)
    spans = []
    for match in re.finditer(pattern, folded):
        start, end = places[match.start()], places[match.end() - 1] + 1
        while end < len(text) and _is_joined(text, end):
            end += 1
        spans.append((start, end))
    return _joined(spans)


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """``text`` without the difference of case, and which of its characters each one was."""
    folded = text.casefold()
    if len(folded) == len(text):
        return folded, range(len(text))
    return folded, [place for place, one in enumerate(text) for _ in one.casefold()]


def brought_in_sight(text: str, span: tuple[int, int], cells: int) -> str:
    """``text`` without so much of its beginning that ``span`` of it is seen in ``cells``."""
    start, end = span
    if width(text[:end]) <= cells - 1:
        return text
    room = max(1, cells * 2 // 3 - 1)
    while start > 0 and width(text[start - 1 : end]) <= room:
        start -= 1
    after_space = text.find(" ", start, span[0])
    start = after_space + 1 if after_space >= 0 else start
    while start < span[0] and not text[start].isspace() and _is_joined(text, start):
        start += 1
    return ELLIPSIS + text[start:]


def _is_joined(text: str, place: int) -> bool:
    """Whether the character there belongs to the one before it."""
    return unicodedata.category(text[place])[0] == "M" or "\u200d" in text[place - 1 : place + 1]
