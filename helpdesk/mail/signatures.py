"""Signatures, and what a telephone or a mailing list puts below a letter: folded away."""

from __future__ import annotations

import re

from helpdesk.mail import phrases

OWN, FOLDED = "own", "folded"
"""What a line is marked as."""

RULE = re.compile(r"\s*[-_=*–—]{5,}\s*")
"""A line that is only a rule."""

_LINK = re.compile(r"\s?<https?://[^<>\s]{1,500}>")
_DELIMITER = re.compile(r"(?:- )?-- ?|—|__|–")  # PGP escapes a dash by another
_SEALS = ("-----BEGIN PGP SIGNED MESSAGE", "-----BEGIN PGP SIGNATURE")
_SIGNATURE_LINES = {"-- ": 20}
_OTHER_SIGNATURE_LINES = 10
_FOOTER_LINES = 8
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
            if _is_of_device(undecorated(lines[place])):
                marks[place] = FOLDED
            after += 1
        if after > _AFTER_DEVICE:
            break
    for place in range(max(start, end - 60), end):
        if _begins_signature(lines, place, end) and _own_before(lines, marks, place):
            marks[place:end] = [FOLDED] * (end - place)
            return


def _is_of_device(words: str) -> bool:
    words = _LINK.sub("", words)
    return any(wording.fullmatch(words) for wording in phrases.MOBILE)


def _own_before(lines: list[str], marks: list[str], place: int) -> bool:
    return any(
        mark is OWN and line.strip()
        for line, mark in zip(lines[:place], marks[:place], strict=True)
    )


def _begins_signature(lines: list[str], place: int, end: int) -> bool:
    line = lines[place]
    rest = [each for each in lines[place + 1 : end] if each.strip()]
    if _DELIMITER.fullmatch(line):
        return 0 < len(rest) <= _SIGNATURE_LINES.get(line, _OTHER_SIGNATURE_LINES)
    if len(line) >= 20 and RULE.fullmatch(line):
        return 0 < len(rest) <= _FOOTER_LINES and any(map(phrases.LIST_FOOTER.search, rest))
    return False
