"""Signatures, and what a telephone or a mailing list puts below a letter: folded away."""

from __future__ import annotations

import re

from helpdesk.mail import phrases
from helpdesk.mail.devices import is_of_device

OWN, FOLDED = "own", "folded"
"""What a line is marked as."""

RULE = re.compile(r"\s*[-_=*–—]{5,}\s*")
"""A line that is only a rule."""

_DELIMITER = re.compile(r"(?:- )?-- ?|—|__|–")  # PGP escapes a dash by another
_CONTACT = re.compile(r"[^\s@]{1,64}@[^\s@]{1,100}\.\w|\+?\d[\d\s()./-]{6,20}\d|\bwww\.|https?://")
"""An address, a phone or a page."""
_LINES_OF_CARD = 7
_LONGEST_OF_CARD = 60
_SEALS = ("-----BEGIN PGP SIGNED MESSAGE", "-----BEGIN PGP SIGNATURE")
_SIGNATURE_LINES = {"-- ": 20}
_OTHER_SIGNATURE_LINES = 10
_FOOTER_LINES = 8
_FIRST_LINES = 2
_WORDS_OF_SENTENCE = 5
_LONG_LINE = 90
_POSTSCRIPT = re.compile(r"\s*(?:P\.? ?P?\.?S|П\.? ?С|З\.?Ы|N\.? ?B)\b[.:,)\s]", re.I)
_AFTER_DEVICE = 3
"""Lines that may follow what a telephone adds."""


def undecorated(line: str) -> str:
    """The words of a short line without the dashes around them; empty if there are none."""
    return line.strip(phrases.DECORATION) if len(line) <= 200 else ""


def fold_seal(lines: list[str], marks: list[str]) -> None:
    """Fold what PGP puts above and below a text that it signs."""
    begun: int | None = None
    until = ""
    for place, line in enumerate(lines):
        if begun is None and line.startswith(_SEALS):
            begun, until = place, "" if line.startswith(_SEALS[0]) else "-----END PGP SIGNATURE"
        elif begun is not None and (line.startswith(until) if until else not line.strip()):
            marks[begun : place + 1] = [FOLDED] * (place + 1 - begun)
            begun = None


def fold(lines: list[str], marks: list[str], start: int, end: int) -> None:
    """Fold the signature at the end of a run of own lines, and what a telephone adds."""
    after = 0
    for place in reversed(range(max(start, end - 60), end)):
        if lines[place].strip():
            if is_of_device(lines[place]):
                marks[place] = FOLDED
            after += 1
        if after > _AFTER_DEVICE:
            break
    for place in range(max(start, end - 60), end):
        if not _may_begin(lines[place]):
            continue
        until = _until_postscript(lines, place, end)
        shown = [at for at in range(place + 1, until) if marks[at] is OWN and lines[at].strip()]
        rest = [lines[at] for at in shown]
        if _begins_signature(lines, place, rest, (start, until)) and _own_before(
            lines, marks, place
        ):
            marks[place:until] = [FOLDED] * (until - place)
            return


def _own_before(lines: list[str], marks: list[str], place: int) -> bool:
    return any(
        mark is OWN and line.strip()
        for line, mark in zip(lines[:place], marks[:place], strict=True)
    )


def _may_begin(line: str) -> bool:
    return _DELIMITER.fullmatch(line) is not None or RULE.fullmatch(line) is not None


def _begins_signature(
    lines: list[str], place: int, rest: list[str], within: tuple[int, int]
) -> bool:
    line = lines[place]
    if _DELIMITER.fullmatch(line):
        most = _SIGNATURE_LINES.get(line, _OTHER_SIGNATURE_LINES)
        return 0 < len(rest) <= most and not (
            any(map(_is_sentence, rest[:_FIRST_LINES]))
            or (line != "-- " and _is_one_of_several(lines, place, *within))
        )
    if RULE.fullmatch(line) and _is_card(rest):
        return True
    if len(line) >= 20 and RULE.fullmatch(line):
        return 0 < len(rest) <= _FOOTER_LINES and any(map(phrases.LIST_FOOTER.search, rest))
    return False


def _is_card(lines: list[str]) -> bool:
    """Whether lines are a name and how to reach it, as on a card."""
    return len(lines) <= _LINES_OF_CARD and (
        all(len(line) <= _LONGEST_OF_CARD and not _is_sentence(line) for line in lines)
        and any(map(_CONTACT.search, lines))
        and _CONTACT.search(lines[0]) is None
    )


def _is_sentence(line: str) -> bool:
    """Whether a line says something, as the first lines of a signature do not."""
    words = line.split()
    return len(words) >= _WORDS_OF_SENTENCE and (
        len(line) > _LONG_LINE or words[-1][-1] in ".!?…:;,"
    )


def _is_one_of_several(lines: list[str], place: int, start: int, end: int) -> bool:
    """Whether dashes like these stand elsewhere too, so that they set things apart."""
    others = (lines[other] for other in range(start, end) if other != place)
    return any(_DELIMITER.fullmatch(line) and line != "-- " for line in others)


def _until_postscript(lines: list[str], place: int, end: int) -> int:
    """Where what was added below a signature begins, else the end."""
    return next((at for at in range(place, end) if _POSTSCRIPT.match(lines[at])), end)
