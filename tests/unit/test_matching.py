"""Where the words that were searched for stand in what was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.matching import brought_in_sight, found_in, standing_in
from helpdesk.text import width


def found(text: str, *words: str, whole: bool = False) -> list[str]:
    """What is found, as it stands there."""
    spans = found_in(text, words, last_is_whole=whole)
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "word", "there"),
    [
        ("The Tent leaks", "tent", ["Tent"]),
        ("Кечиресиз, чатырым агат", "чатыр", ["чатырым"]),
        ("ӨЗГӨЧ өзгөч", "өзгөч", ["ӨЗГӨЧ", "өзгөч"]),
        ("என் கூடாரம் கிழிந்தது", "கூடா", ["கூடாரம்"]),
        ("என் கூடாரம்", "கூ", ["கூடாரம்"]),
        ("我的帐篷漏水了", "帐篷", ["帐篷"]),
        ("خيمة ممزقة", "ممزق", ["ممزقة"]),
        ("the content of tents", "tent", ["tents"]),
        ("order A-17 and A 17", "A-17", ["A-17", "A 17"]),
    ],
)
def test_the_word_that_is_being_typed_is_found_by_its_beginning(
    text: str, word: str, there: list[str]
) -> None:
    assert found(text, word) == there


def test_a_word_before_the_last_or_in_quotes_is_found_only_whole() -> None:
    assert found("tents and a tent pole", "tent", "pol") == ["tent", "pole"]
    assert found("tents and a tent", "tent", whole=True) == ["tent"]
    assert found("a torn tent, torn; tent", "torn tent", whole=True) == ["torn tent", "torn; tent"]


def test_what_is_no_word_is_found_nowhere() -> None:
    assert found("what?! a [b] (c)", "?!") == []
    assert found("a.b a+b", "a.*") == ["a", "a"]


@given(st.text(max_size=60), st.lists(st.text(max_size=6), max_size=3), st.booleans())
def test_what_is_found_lies_in_the_text_in_order_and_apart(
    text: str, words: list[str], whole: bool
) -> None:
    end = 0
    for start, stop in found_in(text, tuple(words), last_is_whole=whole):
        assert end <= start < stop <= len(text)
        end = stop


@given(st.text(st.sampled_from("ab 帐ூ கé🏽"), max_size=80), st.data(), st.integers(8, 60))
def test_what_was_found_is_brought_in_sight(text: str, data: st.DataObject, cells: int) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3)))
    shown = brought_in_sight(text, (start, end), cells)
    assert text.endswith(shown.removeprefix("…"))
    cut = len(text) - len(shown.removeprefix("…"))
    assert cut <= start
    assert width(shown[: len(shown) - len(text) + end]) <= max(cells, width(text[start:end]) + 1)


@pytest.mark.parametrize(
    ("text", "word", "there"),
    [
        ("flagpole and Pole", "pole", ["pole", "Pole"]),
        ("a torn\ntent", "torn tent", ["torn\ntent"]),
        ("in der STRASSE, die Straße", "straße", ["STRASSE", "Straße"]),
        ("die Straße", "strasse", ["Straße"]),
        ("cafe\u0323", "cafe", ["cafe\u0323"]),
        ("我的帐篷漏水了", "帐篷", ["帐篷"]),
        ("a.b and axb", "a.b", ["a.b"]),
        ("anything", "  ", []),
    ],
)
def test_text_is_found_as_it_stands_within_words_and_over_lines(
    text: str, word: str, there: list[str]
) -> None:
    assert [text[start:end] for start, end in standing_in(text, [word])] == there


@given(st.text(max_size=60), st.lists(st.text(max_size=5), max_size=3))
def test_what_stands_in_a_text_is_told_in_order_and_never_twice(
    text: str, words: list[str]
) -> None:
    place = 0
    for start, end in standing_in(text, words):
        assert place <= start < end <= len(text)
        place = end
