"""Text from outside: the one place where it is made harmless, measured and cut.

Whatever a customer, a mail, an import or a file says passes through ``clean`` or one of its
one-line forms before it is kept or shown. Widths are in terminal cells.
"""

import re
import unicodedata
from functools import lru_cache

ELLIPSIS = "…"
MARKS_A_CHARACTER = 8  # a Tibetan stack reaches eight; ordinary scripts stay below five

_BREAKS = r"\r\x85\u2028\u2029"
_HARMFUL = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0 but tab and newline, DEL, C1
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls
    r"\u200b\u2060-\u2065\ufeff\ufff9-\ufffb"  # invisible, and interlinear annotation
    r"\ud800-\udfff\U000e0000-\U000e007f"  # surrogates and tag characters
)
HARMFUL_IN_A_LINE = rf"[\t\n{_BREAKS}{_HARMFUL}]"
"""Any character that must never reach the terminal as part of one line, as a pattern."""

# Patterns are compiled when first used: together they would take 10 ms of every start.
_UNWANTED = rf"[{_BREAKS}{_HARMFUL}]"
_BREAK = rf"\r\n|[{_BREAKS}]"
_REMOVED = rf"[{_HARMFUL}]"

# Ranges in which every character stands alone and has the same width in every terminal.
_NARROW = r" -~\xa0-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e"
_WIDE = r"\u3000-\u3029\u3030-\u303e\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff\uff01-\uff60"
_PLAIN = rf"[{_NARROW}{_WIDE}]*"
_WIDE_CHARACTER = rf"[{_WIDE}]"

# Scripts in which a character is a letter with its marks: Latin, Armenian, Hebrew, Arabic, Tamil,
# Thai and Georgian, each letter of one cell and each mark of none. A soft hyphen takes no mark.
_LETTERS = (
    r"\u0531-\u058a\u05be\u05c0\u05c3\u05c6\u05d0-\u05ea\u05ef-\u05f4"
    r"\u0606-\u060f\u061b\u061d-\u064a\u0660-\u066f\u0671-\u06d5\u06de\u06e5\u06e6\u06e9\u06ee-\u06ff"
    r"\u0b83-\u0bb9\u0bd0\u0be6-\u0bfa\u0e01-\u0e30\u0e32\u0e3f-\u0e46\u0e4f-\u0e5b"
    r"\u10a0-\u10ff\u1e00-\u1eff"
    r"\u2116\u2190-\u21ff\u23ce\u2500-\u25fc\u2713\u2717\u270e"  # signs that the screens draw
)
_MARKS = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    r"\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    r"\u0b82\u0bbe-\u0bc2\u0bc6-\u0bc8\u0bca-\u0bcd\u0bd7\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
_MARK = rf"[{_MARKS}]"
_OF_LETTERS_AND_MARKS = rf"(?!{_MARK}|.*\xad)[{_NARROW}{_WIDE}{_LETTERS}{_MARKS}]*"
_WITH_MARKS = rf"[^{_MARKS}]{_MARK}*"

# A joiner before these joins nothing, but makes them count as no cells at all.
_IDLE_JOINER = rf"\u200d+(?=(?!\s)[{_NARROW}{_WIDE}])"
# Combining marks are neither letters nor digits, so only here can there be too many of them.
_PERHAPS_STACKED = rf"[^\w\s!-~]{{{MARKS_A_CHARACTER + 1},}}"
_STACKING = frozenset({"Mn", "Mc", "Me", "Cf"})

_EMOJI_PART = r"[\u200d\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]"
_VARIANTS = r"[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]"
_JOINED_EMOJI = r"(?<![\u0600-\u1fff])\u200d"  # those scripts shape words with it

CJK = (
    r"\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    r"\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
"""Chinese and Japanese characters, as ranges of a pattern: each is searched as its own word."""
_CJK_RUN = f"[{CJK}]+"


def clean(text: str) -> str:
    """``text`` without anything that could steer a terminal or mislead a reader; in NFC.

    Every kind of line break becomes a newline; tabs stay. Cleaning twice changes nothing more.
    """
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    if re.search(_UNWANTED, text):
        text = re.sub(_REMOVED, "", re.sub(_BREAK, "\n", text))
    if text.isascii():
        return text
    text = _with_few_marks(text)  # first: composing thousands of marks takes seconds
    if not unicodedata.is_normalized("NFC", text):
        text = _with_few_marks(unicodedata.normalize("NFC", text))
    return re.sub(_IDLE_JOINER, "", text) if "\u200d" in text else text


def clean_line(text: str, limit: int = 500) -> str:
    """``text`` cleaned into one line of at most ``limit`` characters (at least 1).

    White space of any kind and length becomes one space; what is cut off is marked by "…".
    """
    line = " ".join(clean(text).split())
    if len(line) <= limit:
        return line
    length = 0
    for cluster in _clusters(line[:limit]):
        if length + len(cluster) >= limit:
            break
        length += len(cluster)
    return _ended(line[:length])


def list_cell(text: str) -> str:
    """``text`` as one line for a list, where columns must not drift.

    Emoji lose variation selectors, skin tones and joiners: terminals disagree on their width.
    """
    line = clean_line(text)
    if line.isascii():
        return line
    return clean_line(re.sub(_JOINED_EMOJI, "", re.sub(_VARIANTS, "", line)))


def width(text: str) -> int:
    """How many terminal cells ``text``, one line, takes; never negative."""
    if text.isascii() and text.isprintable():
        return len(text)
    if re.fullmatch(_PLAIN, text):
        return len(text) + len(re.findall(_WIDE_CHARACTER, text))
    if re.fullmatch(_OF_LETTERS_AND_MARKS, text):
        wide, marks = re.findall(_WIDE_CHARACTER, text), re.findall(_MARK, text)
        return len(text) + len(wide) - len(marks)
    return sum(map(_cluster_width, _clusters(text)))


def fit(text: str, cells: int) -> str:
    """``text`` in exactly ``cells`` cells: cut with "…", or padded with spaces.

    A character stays whole, with its marks and what is joined to it.
    """
    short = shorten(text, cells)
    return short + " " * (cells - width(short))


def shorten(text: str, cells: int) -> str:
    """``text`` in at most ``cells`` cells, cut with "…" where it is longer."""
    text = text.rstrip("\u200d")
    if width(text) <= cells:
        return text
    if cells <= 0:
        return ""
    if text.isascii() and text.isprintable():
        return _ended(text[: cells - 1])
    kept = ""
    left = cells - width(ELLIPSIS)
    for cluster in _clusters(text):
        left -= width(cluster)
        if left < 0:
            break
        kept += cluster
    return _ended(kept)


def fold(text: str) -> str:
    """``text`` as it is compared: without the difference of case, width and ligature."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def search_text(text: str) -> str:
    """``text`` as it is indexed and searched: case folded, each Chinese or Japanese character
    a word of its own, since those are written without spaces."""
    folded = text.casefold()
    return folded if folded.isascii() else re.sub(_CJK_RUN, _apart, folded)


def _apart(run: re.Match[str]) -> str:
    """The characters of a run parted by spaces, from each other and from what they stand by."""
    text, start, end = run.string, run.start(), run.end()
    before = " " if start > 0 and not text[start - 1].isspace() else ""
    after = " " if end < len(text) and not text[end].isspace() else ""
    return f"{before}{' '.join(run[0])}{after}"


def _with_few_marks(text: str) -> str:
    return re.sub(_PERHAPS_STACKED, lambda found: _few_marks(found[0]), text)


def _few_marks(text: str) -> str:
    """``text`` without the marks and invisible characters beyond the allowed on one character."""
    kept = []
    stacked = 0
    for character in text:
        stacked = stacked + 1 if unicodedata.category(character) in _STACKING else 0
        if stacked <= MARKS_A_CHARACTER:
            kept.append(character)
    return "".join(kept)


def _clusters(text: str) -> list[str]:
    """The characters as a reader sees them: each with its marks and what is joined to it."""
    if re.fullmatch(_PLAIN, text):
        return list(text)
    if re.fullmatch(_OF_LETTERS_AND_MARKS, text):
        return re.findall(_WITH_MARKS, text)
    from wcwidth import iter_graphemes  # 40 ms and 1.5 MB, and most desks never come here

    return list(iter_graphemes(text))


@lru_cache(maxsize=2048)
def _cluster_width(cluster: str) -> int:
    """The cells of one character as a reader sees it.

    Only the parts of an emoji share cells: terminals, and Textual, give every other base its own.
    """
    from wcwidth import wcswidth, wcwidth

    if re.search(_EMOJI_PART, cluster):
        return wcswidth(cluster)
    return sum(max(0, wcwidth(character)) for character in cluster)


def _ended(kept: str) -> str:
    """What was kept of a longer text, with no space or joiner left before the ellipsis."""
    return kept.rstrip(" \u200d") + ELLIPSIS
