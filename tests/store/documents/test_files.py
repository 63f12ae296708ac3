"""A document is one file that a person can read, and comes back from it as it was."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.store.documents import Document, FolderTable, UnreadableDocument
from helpdesk.store.folder import decode, encode
from helpdesk.store.plain import read_plain_file
from tests.store.documents.files import broken, file_of, ids


def test_a_document_is_one_file_that_a_person_can_read(
    tmp_path: Path, tickets: FolderTable
) -> None:
    assert tickets.insert({"subject": "Чайник", "tags": ["late"]}) == 1
    path = tmp_path / "tickets" / "0000" / "000001.json"
    assert path.read_text("utf-8") == (
        '{\n "id": 1,\n "subject": "Чайник",\n "tags": [\n  "late"\n ]\n}\n'
    )


@pytest.mark.parametrize(
    ("doc_id", "place"),
    [
        (999, "0000/000999.json"),
        (1000, "0001/001000.json"),
        (123456, "0123/123456.json"),
        (12345678, "12345/12345678.json"),
    ],
)
def test_a_folder_holds_a_thousand_documents(
    tmp_path: Path, tickets: FolderTable, doc_id: int, place: str
) -> None:
    tickets.put([Document({"subject": "a"}, doc_id)])
    assert (tmp_path / "tickets" / place).is_file()
    assert ids(tickets) == [doc_id]
    assert tickets.get(doc_id=doc_id) == {"id": doc_id, "subject": "a"}


# Lone high surrogates among them, but no low ones: a pair of them is one character to JSON.
texts = st.text() | st.text(st.characters(max_codepoint=0xDBFF))

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.dictionaries(texts.filter(lambda key: key != "id"), json_values))
def test_a_document_comes_back_from_its_file_as_it_was(fields: dict[str, Any]) -> None:
    document = {"id": 7, **fields}
    assert decode(encode(document, "tickets", 7), "tickets", 7) == document


@settings(deadline=None)
@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_document_or_unreadable(raw: bytes) -> None:
    try:
        assert decode(raw, "tickets", 7)["id"] == 7
    except UnreadableDocument as error:
        assert "\n" not in error.message


def test_half_an_emoji_is_kept_and_does_not_stop_a_save(
    tmp_path: Path, tickets: FolderTable
) -> None:
    tickets.insert({"subject": "\\\ud83d and \udfff"})
    assert tickets.get(doc_id=1) == {"id": 1, "subject": "\\\ud83d and \udfff"}
    assert json.loads(file_of(tmp_path, 1).read_text("utf-8"))


def test_a_file_saved_by_an_editor_that_marks_utf8_is_read(
    tmp_path: Path, tickets: FolderTable
) -> None:
    broken(tmp_path, 1, b'\xef\xbb\xbf{"id": 1, "subject": "a"}')
    assert tickets.get(doc_id=1) == {"id": 1, "subject": "a"}


def test_a_file_of_which_the_system_gives_less_at_once_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of more than 2 GB, or over some networks."""
    read = os.read
    monkeypatch.setattr(os, "read", lambda file, size: read(file, min(size, 3)))
    file = tmp_path / "letter"
    for content in (b"", b"abc", b"the tent leaks"):
        file.write_bytes(content)
        assert read_plain_file(file) == content
