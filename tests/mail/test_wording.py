"""What is known not to match without building a pattern would not have matched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from helpdesk.mail import absence, automatic, bounce_words, devices, set_phrases, subject_phrases
from helpdesk.mail.wording import Wording

NEEDING = {
    "absent": subject_phrases.ABSENT,
    "undelivered": subject_phrases.UNDELIVERED,
    "answered": subject_phrases.ANSWERED,
    "invitation": set_phrases.OF_AN_INVITATION,
    "away": absence._AWAY,
    "another desk": set_phrases.OF_ANOTHER_DESK,
    "confirmed": set_phrases.CONFIRMED,
    "not reached": bounce_words._NAMES,
    "no reply": automatic._NO_REPLY,
    **{f"device {number}": wording for number, wording in enumerate(devices.MOBILE)},
}

_ONE_OF = {
    ops.CATEGORY_SPACE: " ",
    ops.CATEGORY_NOT_SPACE: "x",
    ops.CATEGORY_DIGIT: "1",
    ops.CATEGORY_NOT_DIGIT: "x",
    ops.CATEGORY_WORD: "x",
    ops.CATEGORY_NOT_WORD: " ",
}


def examples(parsed: Iterable[Any]) -> list[str]:
    """Texts that the pattern finds, in which each of its choices is taken at least once."""
    parts = [_choices(kind, value) for kind, value in parsed]
    first = [part[0] for part in parts]
    found = ["".join(first)]
    for place, part in enumerate(parts):
        for other in part[1:]:
            found.append("".join([*first[:place], other, *first[place + 1 :]]))
    return found


def _choices(kind: Any, value: Any) -> list[str]:
    if kind is ops.LITERAL:
        return [chr(value)]
    if kind in (ops.ANY, ops.NOT_LITERAL) or (kind is ops.IN and value[0][0] is ops.NEGATE):
        return [" "]
    if kind is ops.IN:
        return [found for each in value for found in _of_set(*each)]
    if kind is ops.BRANCH:
        return [found for branch in value[1] for found in examples(branch)]
    if kind is ops.SUBPATTERN:
        return examples(value[3])
    if kind in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        least, _, repeated = value
        once = examples(repeated)
        if least == 0:
            return [" ", ""] if once == [" "] else ["", *once]
        return [each * least for each in once]
    if kind is ops.ASSERT:
        return examples(value[1])
    return [""]


def _of_set(kind: Any, value: Any) -> list[str]:
    if kind is ops.LITERAL:
        return [chr(value)]
    if kind is ops.RANGE:
        return [chr(value[0])]
    return [_ONE_OF[value]]


@pytest.mark.parametrize("name", NEEDING)
def test_nothing_that_a_pattern_finds_is_passed_over(name: str) -> None:
    wording = NEEDING[name]
    texts = examples(_parser.parse(wording.pattern.pattern, wording.pattern.flags))
    found = [match[0] for text in texts if (match := wording.pattern.search(text))]
    assert len(found) > len(texts) * 0.9
    assert [text for text in found if not wording.may_match(text)] == []
    assert [text for text in found if not wording.may_match(text.upper())] == []


@pytest.mark.parametrize("text", ["SENT FROM MY PHONE", "ſent from my phone", "sent from my Fold"])
def test_case_is_no_matter(text: str) -> None:
    assert any(wording.fullmatch(text) for wording in devices.MOBILE)
    assert Wording("otomatik", "otomatik").match("OTOMATİK")


def test_a_pattern_is_built_only_for_a_text_that_may_match() -> None:
    wording = Wording(r"out\sof\soffice", "office")
    assert wording.match("My order") is None
    assert "pattern" not in vars(wording)
    assert wording.match("Out of office")
    assert isinstance(vars(wording)["pattern"], re.Pattern)
