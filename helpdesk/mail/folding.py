"""A letter's own words: quotes and signature folded away.

Folding never deletes, as the whole text is kept beside it. Where it is in doubt it shows more: a
forwarded message, answers between quoted lines, and a letter that would be left with nothing.
"""

from __future__ import annotations

import re

from helpdesk.mail import attributions, phrases, signatures
from helpdesk.mail.attributions import COLON, MARKED, label
from helpdesk.mail.signatures import FOLDED, OWN, RULE, undecorated

MOST_LINES = 10_000
"""Lines that are looked at; those after them are shown."""

_RULED_TITLE = re.compile(r"\s*[-_=*–—]{3,}.{2,80}?[-_=*–—]{3,}\s*")
_MINUTE = re.compile(r"\d[:.]\d\d\b")
_MOST_ABOVE = 6
"""Lines that are looked at above a separator."""
_LONG_LINE = 60
_BARE_RULE = re.compile(r"\s*[-_=*–—]{2,}\s*")

_RULES = frozenset("-_=*–—")
_DASHED = frozenset(a + b for a in "-_=*–—" for b in "-_=*–— ")

QUOTED = "quoted"


def is_forward(subject: str) -> bool:
    """Whether a subject says that a message was forwarded, so that what it holds is to be read."""
    return phrases.FORWARD_SUBJECT.match(subject) is not None


def fold(text: str, *, forwarded: bool = False) -> str:
    """The sender's own words of ``text``; all of it where nothing would be left."""
    if forwarded:
        return text
    lines = attributions.set_apart(text.split("\n"))
    marks = _Marking(lines).marks
    signatures.fold_seal(lines[:MOST_LINES], marks)
    _show_answers_between(lines, marks)
    for start, end in _runs(marks, OWN):
        signatures.fold(lines, marks, start, end)
    shown = _shown(lines, marks)
    return shown if shown.strip() else text


def _shown(lines: list[str], marks: list[str]) -> str:
    """The own lines, with one empty line where something is folded, and no rule right above it."""
    shown: list[str] = []
    after_fold = False
    for line, mark in zip(lines, marks, strict=True):
        if mark is not OWN:
            after_fold = True
            while shown and (not shown[-1].strip() or _BARE_RULE.fullmatch(shown[-1])):
                shown.pop()
        elif not after_fold or line.strip():
            if after_fold and shown:
                shown.append("")
            after_fold = False
            shown.append(line)
    return "\n".join(shown).strip("\n")


class _Marking:
    """Which lines are own words and which are quoted, from the first to the last."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines[:MOST_LINES]
        self.marks = [OWN] * len(lines)
        place = 0
        while place < len(self._lines):
            place = self._mark_at(place)

    def _mark_at(self, place: int) -> int:
        line = self._lines[place]
        if not line.strip():
            return place + 1
        if MARKED.match(line):
            return self._mark_block(place, attributed=False)
        words = undecorated(line)
        if words and not _is_sentence(line) and phrases.FORWARDED.fullmatch(words):
            return len(self._lines)
        if words and phrases.REPLY_ABOVE.match(words):
            return self._mark_rest(place, place)
        found = self._separator(place)
        if found is None:
            return place + 1
        start, end = found
        if self._is_own_forward(start):
            return len(self._lines)
        return self._mark_rest(self._with_what_belongs_above(start), end)

    def _with_what_belongs_above(self, start: int) -> int:
        """Where a separator begins, with the rule, title or labels that some programs put above."""
        for place in reversed(range(max(0, start - _MOST_ABOVE), start)):
            line = self._lines[place]
            if not line.strip():
                continue
            if not (RULE.fullmatch(line) or _is_title(line) or label(line) in ("to", "subject")):
                break
            start = place
        return start

    def _separator(self, place: int) -> tuple[int, int] | None:
        """The first and last line of what stands above a quote, if ``place`` is in it."""
        return (
            self._title(place)
            or (header_block(self._lines, place) if self._may_be_header(place) else None)
            or attributions.attribution(self._lines, place)
        )

    def _title(self, place: int) -> tuple[int, int] | None:
        line = self._lines[place]
        if len(line) > 120:
            return None
        block = self._block_after(place) if line.strip()[:1] in _RULES else None
        dashed = line.strip()[:2] in _DASHED
        if dashed and _is_title(line):
            return place, block[1] if block else place
        if (RULE.fullmatch(line) or _RULED_TITLE.fullmatch(line)) and block:
            return place, block[1]
        return None

    def _block_after(self, place: int) -> tuple[int, int] | None:
        for following in range(place + 1, min(place + 4, len(self._lines))):
            if self._lines[following].strip():
                return header_block(self._lines, following, least=1)
        return None

    def _may_be_header(self, place: int) -> bool:
        return ":" in self._lines[place][:45] or "：" in self._lines[place][:45]

    def _is_own_forward(self, start: int) -> bool:
        """Whether nothing but a quote is there, so that it is what the sender wants read."""
        return not any(
            mark is OWN and line.strip()
            for line, mark in zip(self._lines[:start], self.marks, strict=False)
        ) and not self._quoted_below(start)

    def _quoted_below(self, start: int) -> bool:
        return any(MARKED.match(line) for line in self._lines[start : start + 12])

    def _mark_rest(self, start: int, end: int) -> int:
        """Mark a separator, and after it the marked block, or all that follows if none is."""
        following = end + 1
        while following < len(self._lines) and not self._lines[following].strip():
            following += 1
        if following < len(self._lines) and MARKED.match(self._lines[following]):
            self._set(start, following, QUOTED)
            return self._mark_block(following, attributed=True)
        self._set(start, len(self.marks), FOLDED)
        return len(self._lines)

    def _mark_block(self, place: int, *, attributed: bool) -> int:
        """Mark the block of quoted lines there, over empty lines and the ends of broken lines."""
        end = last = place
        quoted_lines = 0
        while end < len(self._lines):
            line = self._lines[end]
            if MARKED.match(line):
                quoted_lines += 1
                last = end
            elif line.strip() and not self._is_overflow(end, last):
                break
            end += 1
        if attributed or quoted_lines > 1 or self._ends_here(last):
            self._set(place, last + 1, QUOTED)
        return last + 1

    def _ends_here(self, last: int) -> bool:
        return not any(line.strip() for line in self._lines[last + 1 :])

    def _is_overflow(self, place: int, last: int) -> bool:
        """Whether a line is the end of the quoted one before it, broken on the way."""
        if place != last + 1 or place + 1 >= len(self._lines):
            return False
        if not MARKED.match(self._lines[place + 1]):
            return False
        word = self._lines[place].strip()
        return " " not in word or (len(self._lines[last]) > _LONG_LINE and len(word) < 30)

    def _set(self, start: int, end: int, mark: str) -> None:
        self.marks[start:end] = [mark] * (end - start)


def _is_sentence(line: str) -> bool:
    """Whether a line has neither the dashes nor the colon of a title."""
    return line.strip()[:1] not in _RULES and COLON.search(line) is None


def _is_title(line: str) -> bool:
    return phrases.ORIGINAL.fullmatch(undecorated(line)) is not None


def header_block(lines: list[str], place: int, least: int = 2) -> tuple[int, int] | None:
    """The block of ``From:``, ``Sent:``, ``To:`` that begins at ``place``: its first and last line.

    It must hold at least ``least`` kinds of labels, and have what only mail has: an address, or
    the minute of a day. Nobody's travel plans are taken for a quote.
    """
    kinds: set[str] = set()
    last = place
    unlabelled = 0
    for following in range(place, min(place + 14, len(lines))):
        line = lines[following]
        if not line.strip():
            if following > last + 1 or len(kinds) < 1:
                break
            continue
        kind = label(line)
        if kind is None:
            unlabelled += 1
            if following == place or unlabelled > 3 or following > last + 2:
                break
            if not lines[following - 1].strip():
                break
            continue
        if following == place and kind not in ("from", "date", "to", "subject"):
            return None
        kinds.add(kind)
        last = following
    named = kinds - {"cc"}
    if not named or len(named) < least or not named & {"from", "date"}:
        return None
    block = "\n".join(lines[place : last + 1])
    if "@" in block or least == 1 or _is_of_names(named, block, lines[last + 1 : last + 2]):
        return place, _with_continuation(lines, last)
    return None


def _is_of_names(named: set[str], block: str, below: list[str]) -> bool:
    """Whether a block without any address is a mail's all the same."""
    if {"from", "date", "to"} <= named and phrases.SENT.search(block):
        return _MINUTE.search(block) is not None
    if {"from", "date", "subject"} <= named:
        return _MINUTE.search(block) is not None or ("to" not in named and not "".join(below))
    return False


def _with_continuation(lines: list[str], last: int) -> int:
    """The last line of a block, with the rest of an address list that was broken."""
    while (
        last + 1 < len(lines)
        and last < len(lines)
        and lines[last].rstrip().endswith((";", ",", "<"))
    ):
        last += 1
    return last


def _show_answers_between(lines: list[str], marks: list[str]) -> None:
    """Where own words stand between quoted blocks, the quotes they answer are shown too."""
    runs = [
        (start, end) for start, end in _runs(marks, OWN) if any(map(str.strip, lines[start:end]))
    ]
    quotes = _runs(marks, QUOTED)
    if len(quotes) < 2:
        return
    between = [run for run in runs if quotes[0][0] < run[0] < quotes[-1][0]]
    if not between:
        return
    last_own = runs[-1][0]
    for start, end in quotes:
        if start < last_own:
            marks[start:end] = [OWN] * (end - start)


def _runs(marks: list[str], mark: str) -> list[tuple[int, int]]:
    """The runs of lines of one mark, as start and end."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for place, found in enumerate([*marks, ""]):
        if found is mark and start is None:
            start = place
        elif found is not mark and start is not None:
            runs.append((start, place))
            start = None
    return runs
