"""Text from outside: harmless after one cleaning, whole where it is honest, exact in its width."""

import sqlite3
import subprocess
import sys
import unicodedata
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import iter_graphemes, wcwidth

from helpdesk.text import (
    MARKS_A_CHARACTER,
    clean,
    clean_line,
    fit,
    fold,
    list_cell,
    search_text,
    shorten,
    width,
)
from tests.hostile import FORBIDDEN, FORBIDDEN_IN_OUTPUT, PAYLOADS, assert_harmless

HONEST = ("tamil", "kyrgyz", "chinese", "arabic", "hebrew", "persian", "thai", "hindi", "sinhala")
EMOJI = ("skin tones", "family", "variation selectors", "flags")

# Pieces that act on one another, drawn often enough to meet.
PIECES = (
    *"aеж字か한가한…- \n\t\r\x1b\x00\x07\x7f\x85\x9b",
    *"\u200b\u200c\u200d\u200e\u202e\u2028\u2066\ufeff\ufe0f\u20e3\xad\u0600",
    *"\u0301\u0316\u0344\u0958\u0bcd\u0b95\u0bbf\u0bc6\u0bbe\u0e33\u094d\u0915\u093f",
    *"\U0001f469\U0001f3fd\U0001f1f0\u2764\U000e0041\ud83d\udce9\u212b\u1112\u1161\u11ab",
    "\u0301" * 9,
    "\r\n",
    *PAYLOADS["family"],
)
outside = st.text() | st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
assigned = st.lists(
    st.characters(exclude_categories=["Cn"], exclude_characters="\u200d")
    | st.sampled_from([piece for piece in PIECES if piece != "\u200d"]),
    max_size=40,
).map(lambda pieces: "".join(p for p in pieces if not "\U0001f1e6" <= p <= "\U0001f1ff"))
any_payload = pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())


@any_payload
def test_every_payload_is_harmless_once_cleaned(payload: str) -> None:
    assert_harmless(clean(payload), FORBIDDEN_IN_OUTPUT)
    for line in (clean_line(payload), list_cell(payload), fit(clean_line(payload), 20)):
        assert_harmless(line, FORBIDDEN)
        assert "\n" not in line


@given(outside)
def test_no_text_whatever_keeps_a_forbidden_character(text: str) -> None:
    assert not FORBIDDEN_IN_OUTPUT.search(clean(text))
    assert not FORBIDDEN.search(clean_line(text))


@given(outside)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    for cleaner in (clean, clean_line, list_cell):
        once = cleaner(text)
        assert cleaner(once) == once


@given(outside)
def test_cleaned_text_is_composed_and_can_be_encoded(text: str) -> None:
    for cleaned in (clean(text), clean_line(text), list_cell(text)):
        assert unicodedata.is_normalized("NFC", cleaned)
        cleaned.encode()


@pytest.mark.parametrize("name", [*HONEST, *EMOJI, "markup closed", "html", "templates", "json"])
def test_honest_text_and_other_programs_language_stay_as_written(name: str) -> None:
    written = unicodedata.normalize("NFC", PAYLOADS[name])
    assert clean(written) == written
    assert clean_line(written) == written


def test_joiners_that_a_script_needs_are_kept() -> None:
    assert clean("ශ්\u200dරී") == "ශ්\u200dරී"
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert clean("র\u200d্য") == "র\u200d্য"
    assert clean(PAYLOADS["family"]) == PAYLOADS["family"]


def test_a_joiner_between_letters_that_do_not_join_cannot_hide_their_width() -> None:
    assert clean("a\u200db\u200d\u200dж\u200d字") == "abж字"
    assert width(clean(PAYLOADS["idle joiners"])) == len(clean(PAYLOADS["idle joiners"]))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_every_line_end_becomes_one_newline(end: str) -> None:
    assert clean(f"one{end}two") == "one\ntwo"
    assert clean_line(f"one{end}two") == "one two"


def test_tabs_stay_in_a_text_and_become_spaces_in_a_line() -> None:
    assert clean("a\tb") == "a\tb"
    assert clean_line("\ta \t\u00a0 b\u3000\n") == "a b"


def test_a_heap_of_marks_is_cut_to_what_a_script_can_need() -> None:
    cleaned = clean("z" + "\u0334" * 5000 + "a" + "\u0301" * 3)
    assert cleaned == "z" + "\u0334" * MARKS_A_CHARACTER + "á" + "\u0301" * 2


def test_one_mark_too_many_is_cut_even_when_composing_brought_it() -> None:
    most = "z" + "\u0334" * MARKS_A_CHARACTER
    assert clean(most) == most
    assert clean(most + "\u0334") == most
    assert clean("z" + "\u0344" * MARKS_A_CHARACTER) == "z" + "\u0308\u0301" * 4


def test_marks_kept_apart_by_joiners_are_one_heap() -> None:
    assert len(clean("z" + ("\u0334" * 8 + "\u200d") * 1000)) == 1 + MARKS_A_CHARACTER


def test_a_tibetan_stack_of_eight_stays_whole() -> None:
    stack = "ཧ" + "ྐྵྨླྺྼྻྂ"
    assert len(stack) >= 9
    assert clean(stack) == unicodedata.normalize("NFC", stack)


def test_a_hundred_thousand_marks_are_cleaned_without_being_composed() -> None:
    assert len(clean("a" + "\u0301\u0316" * 50_000)) <= 1 + MARKS_A_CHARACTER


@given(outside, st.integers(1, 60))
def test_a_line_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    line = clean_line(text, limit)
    whole = clean_line(text, 10**6)
    assert len(line) <= limit
    assert "\n" not in line
    assert line == line.strip()
    assert line == whole or (line.endswith("…") and whole.startswith(line[:-1]))


def test_a_long_line_is_cut_where_a_character_ends() -> None:
    assert clean_line("x" * 501) == "x" * 499 + "…"
    assert clean_line("x" * 500) == "x" * 500
    assert clean_line("one two three", 5) == "one…"
    family = PAYLOADS["family"].split()[0]
    assert clean_line(f"ab{family}cd", 9) == "ab…"
    assert clean_line(f"ab{family}cd", 10) == f"ab{family}…"


def test_a_list_cell_drops_what_terminals_measure_differently() -> None:
    assert list_cell("I \u2764\ufe0f it\n\U0001f44d\U0001f3fd") == "I \u2764 it \U0001f44d"
    assert list_cell("\u260e\ufe0e") == "\u260e"
    assert list_cell(PAYLOADS["family"]) == "\U0001f469\U0001f469\U0001f467\U0001f466 bought for us"
    assert list_cell("ශ්\u200dරී") == "ශ්\u200dරී"


@pytest.mark.parametrize("name", [*EMOJI[:3], "kyrgyz", "tamil", "chinese", "arabic", "thai"])
def test_a_list_cell_is_as_wide_for_textual_as_for_any_terminal(name: str) -> None:
    cell = list_cell(PAYLOADS[name])
    assert width(cell) == cell_len(cell) == sum(map(wcwidth, cell))


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("order", 5),
        ("ңөү", 3),
        ("退货", 4),
        ("á", 1),
        ("a\u0301", 1),
        ("\U0001f44d\U0001f3fd", 2),
        ("\u2764\ufe0f", 2),
        ("한국", 4),
        ("a\x00\x1b\n", 1),
        ("\u0301", 0),
        ("\x1b", 0),
    ],
)
def test_width_is_counted_in_cells(text: str, cells: int) -> None:
    assert width(text) == cells


@given(outside)
def test_width_is_never_negative(text: str) -> None:
    assert width(text) >= 0


@pytest.mark.parametrize("name", [*HONEST, *EMOJI])
def test_width_of_honest_text_is_what_textual_counts(name: str) -> None:
    for word in PAYLOADS[name].split():
        if word not in ("\u260e\ufe0e", "ශ්\u200dරී", PAYLOADS["flags"]):
            assert width(word) == cell_len(word), word


def test_characters_measured_without_the_table_have_the_width_it_says() -> None:
    for code in range(0x20, 0x10000):
        character = chr(code)
        if not FORBIDDEN.search(character) and character != "\n":
            assert width(character) == max(0, wcwidth(character)), hex(code)


@given(outside, st.integers(0, 30))
def test_a_fitted_text_takes_exactly_its_cells(text: str, cells: int) -> None:
    assert width(fit(clean_line(text), cells)) == cells
    assert width(shorten(clean_line(text), cells)) <= cells


@given(assigned, st.integers(0, 30))
def test_textual_counts_the_cells_of_a_fitted_list_cell_as_we_do(text: str, cells: int) -> None:
    assert cell_len(fit(list_cell(text), cells)) == cells


@given(outside, st.integers(0, 30))
def test_a_shortened_text_is_the_text_or_its_beginning(text: str, cells: int) -> None:
    line = clean_line(text).rstrip("\u200d")
    short = shorten(line, cells)
    if width(line) <= cells:
        assert short == line
    elif cells:
        assert short.endswith("…")
        assert line.startswith(short[:-1])
    else:
        assert short == ""


def test_a_cut_never_parts_a_character_from_its_marks_and_joined_parts() -> None:
    family = PAYLOADS["family"].split()[0]
    assert shorten(f"{family}abc", 3) == f"{family}…"
    assert shorten(f"{family}abc", 2) == "…"
    assert shorten("நின்றி", 2) == "நி…"
    assert shorten("x\u0323\u0307yz", 2) == "x\u0323\u0307…"
    assert shorten("退货申请", 4) == "退…"
    assert fit("退货申请", 4) == "退… "
    assert fit("退货", 6) == "退货  "
    assert fit("late again", 6) == "late… "


def test_no_joiner_is_left_where_a_text_ends_and_would_swallow_a_cell() -> None:
    assert shorten("ශ්\u200d ab", 3) == "ශ්…"
    assert fit("ශ්\u200d", 3) == "ශ්  "
    assert cell_len(fit("ශ්\u200d", 3)) == 3


@given(outside)
@example("ΐ ǰ")
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert unicodedata.is_normalized("NFKC", fold(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STRASSE", "straße"),
        ("ＡＢＣ１２", "abc12"),
        ("ﬁne", "FINE"),
        ("ℌanna", "hanna"),
        ("ϓ", "ύ"),
        ("ЖАҢЫ", "жаңы"),
        ("e\u0301", "É"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_names_written_differently_are_compared_as_equal(one: str, other: str) -> None:
    assert one != other
    assert fold(one) == fold(other)


def test_each_chinese_character_is_a_word_of_its_own_in_the_index() -> None:
    assert search_text("申请退货") == "申 请 退 货"
    assert search_text("Order订单42已到。") == "order 订 单 42 已 到 。"
    assert search_text("かなカナ") == "か な カ ナ"
    assert search_text("\U00020000\U00020001") == "\U00020000 \U00020001"


def test_other_writing_is_only_case_folded_for_the_index() -> None:
    assert search_text("Жаңы  БУЙРУТМА\n") == "жаңы  буйрутма\n"
    assert search_text(PAYLOADS["tamil"]) == PAYLOADS["tamil"]
    assert search_text("한국어 Straße") == "한국어 strasse"


@given(outside)
def test_text_prepared_for_the_index_is_prepared_once(text: str) -> None:
    assert search_text(search_text(text)) == search_text(text)


def test_a_chinese_word_is_found_inside_a_sentence() -> None:
    with sqlite3.connect(":memory:") as index:
        index.execute("CREATE VIRTUAL TABLE matter USING fts5(body, tokenize='unicode61')")
        index.execute("INSERT INTO matter VALUES (?)", [search_text(PAYLOADS["chinese"])])
        for words, found in (("订单", 1), ("单订", 0), ("退货", 0)):
            phrase = f'"{search_text(words)}"'
            rows = index.execute("SELECT * FROM matter WHERE matter MATCH ?", [phrase]).fetchall()
            assert len(rows) == found, words
    index.close()


def test_plain_text_is_measured_without_loading_the_table_of_widths() -> None:
    program = (
        "import sys; from helpdesk.text import clean, fit, width\n"
        "fit(clean('Order 7: Жаңы буйрутма, 退货申请 - «срочно» …'), 20)\n"
        "fit(clean('சப்பாத்து கிழிந்தது, مُتَأَخِّر, ให้ช้า, הַזְמָנָה, đơn hàng trễ'), 20)\n"
        "fit(clean('● 2 drafts wait, ✎ aibek, ✓ kept, ✗ broken → ⏎'), 20)\n"
        "sys.exit('wcwidth' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_letters_with_marks_are_measured_and_cut_as_by_the_table_of_widths() -> None:
    """Every character up to the Chinese ones, beside a letter, a mark and a wide one."""
    for each in filter(str.isprintable, map(chr, range(ord(" "), 0x3100))):
        for line in (f"a{each}த\u0bcd字", f"த{each}\u0301b", f"字{each}b字"):
            if line != clean(line) or not line.isprintable():
                continue
            assert width(line) == sum(max(0, wcwidth(part)) for part in line), ascii(line)
            ends = set(accumulate(map(len, iter_graphemes(line))))
            for cells in range(1, width(line)):
                kept = shorten(line, cells).removesuffix("…")
                assert len(kept) in {0, *ends}, (ascii(line), ascii(kept))
