"""The line above a quote that says who wrote it and when, as ``On Monday, Ann wrote:``."""

from __future__ import annotations

import re

from helpdesk.mail import phrases
from helpdesk.mail.signatures import RULE

MARKED = re.compile(r"[ \t]{0,3}(?:>(?!From )|＞|[A-Z]{1,3}> )")
"""The beginning of a quoted line."""

_LABEL = re.compile(r"[\s*_>|]{0,12}([^\W\d_][^:：*]{0,28}?)[\s*]*[:：]")
COLON = re.compile(r"[:：]\s*[*]*\s*\Z")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_DATE_AND_SENDER = re.compile(
    r"\W{0,3}(?:[^\d<>,:]{1,14},\s)?(?=[^<>]{0,80}\d[:.]\d\d\b)"
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}[\s-][^\W\d_]{2,12}[.,]{0,2}\s\d{4}|\d{1,2}:\d\d,\s\d)"
    r"[^<>]{1,150}<[^<>\s]+@[^<>\s]+>\s*[:：]\s*"
)
"""A date, a minute and a sender, as Yandex writes them without any verb."""
_SENDER = re.compile(
    r"<?[^\s@<>]{1,64}@[^\s@<>]{1,100}>?\s[^\s@<>]{2,20}(?:\s[^\s@<>]{2,20})?\s?:\s*"
)
"""A sender and a verb, and nothing else."""
_SAME_LINE = re.compile(
    r"(?<=[^\s-])[ \t]*-*[ \t]*((?:On|Am|Le|El|Il) [^\n]{8,250}?"
    r" (?:wrote|schrieb|a écrit|escribió|ha scritto):)\s*\Z"
)
_WITH_QUOTE = re.compile(
    r"([^<>]{6,160}\d[:.]\d\d[^<>]{0,80}<[^<>\s]{3,200}>[^<>:：]{0,20}[:：])[\s\xa0]{2,}(?=\S)"
)
"""An attribution that the quote follows in the same line, as the telephones of Yahoo write it."""
_LONGEST_ATTRIBUTION = 500
_DASHED = re.compile(r"-{2,}\s?[^\s-].{1,100}[^\s-]\s?-{2,}")


def set_apart(lines: list[str]) -> list[str]:
    """The lines, with an attribution that stands behind own words, or before the quote, in a
    line of its own."""
    apart: list[str] = []
    for place, line in enumerate(lines):
        before = _WITH_QUOTE.match(line) if "@" in line else None
        if before and _starts(line) and _wrote(before[1]):
            apart += [before[1], line[before.end() :]]
            continue
        found = (
            _SAME_LINE.search(line) if line.rstrip().endswith(":") and len(line) < 2000 else None
        )
        if found and not MARKED.match(line) and is_quoted_after(lines, place + 1):
            apart += [line[: found.start()], found[1]]
        else:
            apart.append(line)
    return apart


def is_quoted_after(lines: list[str], place: int) -> bool:
    """Whether a marked quote follows, over no more than a few empty lines."""
    following = next((line for line in lines[place : place + 4] if line.strip()), "")
    return MARKED.match(following) is not None


def label(line: str) -> str | None:
    """What the label of a line stands for, as ``from`` for ``Von: ...``."""
    found = _LABEL.match(line[:60])
    return phrases.LABELS.get(" ".join(found[1].split()).casefold()) if found else None


def attribution(lines: list[str], place: int) -> tuple[int, int] | None:
    """The attribution, as ``On Monday, Ann wrote:``, of one to four lines that begins at
    ``place``: its first and last line."""
    if MARKED.match(lines[place]):
        return None
    following = range(place, min(place + 4, len(lines)))
    if not any(_may_end_attribution(lines, last) for last in following):
        return None
    joined = ""
    for last in following:
        line = lines[last].strip()
        if not line or (last > place and MARKED.match(line)):
            break
        if last > place and not _may_go_on(lines, place, last):
            break
        joined = f"{joined} {line}".strip()
        if len(joined) > _LONGEST_ATTRIBUTION:
            break
        if _is_attribution(joined, is_quoted_after(lines, last + 1), _is_apart(lines, place, last)):
            return place, last
    return None


def _may_end_attribution(lines: list[str], last: int) -> bool:
    """Whether ``_is_attribution`` may hold of what ends there; a look that is soon done."""
    return lines[last].rstrip().endswith((":", "：", "*", "-")) or is_quoted_after(lines, last + 1)


def _may_go_on(lines: list[str], place: int, last: int) -> bool:
    """Whether an attribution that begins at ``place`` may go on in the line ``last``: own words
    right above it are no part of it."""
    if phrases.DATE.search(lines[last]) and _starts(lines[last]):
        return False
    if phrases.DATE.search(lines[place]) and _starts(lines[place]):
        return True
    apart = place == 0 or not lines[place - 1].strip()
    return apart and "@" in lines[place] and not _starts(lines[place])


def _starts(line: str) -> bool:
    return phrases.STARTS.match(line[:100].lstrip(phrases.DECORATION + "'\"‫‪‏ ")) is not None


def _is_apart(lines: list[str], start: int, last: int) -> bool:
    """Whether empty lines, or others of a program, are around what stands there."""
    before = lines[start - 1] if start else ""
    above = not before.strip() or RULE.fullmatch(before) or label(before)
    return bool(above) and (last + 1 >= len(lines) or not lines[last + 1].strip())


def _is_attribution(line: str, quote_follows: bool, apart: bool) -> bool:
    ends = COLON.search(line[-20:]) is not None
    dated = phrases.DATE.search(line) is not None
    addressed = _EMAIL.search(line) is not None
    if quote_follows:
        if not ends:
            if _DASHED.fullmatch(line) and _wrote(line):
                return True
            return dated and _starts(line) and (addressed or _wrote(line))
        if dated and (addressed or _starts(line)):
            return True
        return (addressed or len(line) < 80 or _starts(line)) and _wrote(line)
    if addressed and (_DATE_AND_SENDER if dated else _SENDER).fullmatch(line):
        return dated or (apart and _wrote(line))
    if not (ends or line.endswith("-")) or not (addressed or (dated and apart)):
        return False
    return ((dated and addressed) or _starts(line)) and _wrote(line)


def _wrote(line: str) -> bool:
    return phrases.WROTE.search(line if len(line) < 250 else line[:80] + line[-160:]) is not None
