"""Whether a time that an agent types is only begun, so that nothing is wrong with it yet."""

import re
from collections.abc import Iterator

from helpdesk.domain.when import MEANT, WORDS

GOES_ON = "… as in +2h, fri 14:00, 25 Nov 14:00, eod"
"""What to say of a time that is only begun."""

_ENDINGS = (
    "h", "2h", ":00", "00", "0", " nov", " 25", ".", "1.", "11.", "26", "026", "6",
    "-01-01", "01-01", "1-01", "-01", "01", "1", "6-01-01", " 2026", "10:00",
)  # fmt: skip
"""What makes a whole time of one that is begun, after its words are whole."""

_LAST_WORD = re.compile(r"[a-z]+$")
_LONGEST = 40


def is_begun(text: str) -> bool:
    """Whether it is no time that can be read, but becomes one if more is typed."""
    words = " ".join(text.lower().split())
    if not words or len(words) > _LONGEST or _is_meant(words):
        return False
    return any(
        _is_meant(begun) or any(_is_meant(begun + ending) for ending in _ENDINGS)
        for begun in _with_whole_words(words)
    )


def _with_whole_words(words: str) -> Iterator[str]:
    """The words, and what they become as their last one goes on to one that is known."""
    yield words
    last = _LAST_WORD.search(words)
    if last is not None:
        for known in WORDS:
            if known.startswith(last[0]) and known != last[0]:
                yield words[: last.start()] + known


def _is_meant(words: str) -> bool:
    return any(form.fullmatch(words) for form in MEANT)
