"""What `ingest` and a worker say to each other is understood whole, or not at all."""

from pathlib import Path

import pytest

import helpdesk
from helpdesk import hand_in
from helpdesk.hand_in import BEGUN, FORMS, Request, request_of, taken, text_of
from helpdesk.store import index


@pytest.mark.parametrize("form", FORMS)
def test_a_request_is_read_as_it_was_made(form: str) -> None:
    line = Request(hand_in.program(), (65024, 2**63), form).line()
    assert len(line) < hand_in.LONGEST_REQUEST
    read = request_of(line)
    assert read is not None
    assert (read.program, read.desk, read.form) == (hand_in.program(), (65024, 2**63), form)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"GET / HTTP/1.1\r\n",
        b"helpdesk p 1 2 words",
        b"helpdesk p 1 2 words\nmore\n",
        b"helpdesk p 1 2 loudly\n",
        b"helpdesk p 1 words\n",
        b"helpdesk p -1 2 words\n",
        b"helpdesk p 1 " + b"9" * 900 + b" words\n",
        "helpdesk p 1 ٢ words\n".encode(),
        b"\xff\xfe helpdesk p 1 2 words\n",
        bytes(range(256)),
    ],
)
def test_what_is_no_request_is_none(line: bytes) -> None:
    assert request_of(line) is None


@pytest.mark.parametrize("text", ["", "Ticket 1: opened\n", "é\n\n\ud800" * 1000])
def test_an_answer_counts_only_when_it_has_come_whole(text: str) -> None:
    answer = BEGUN + taken(text)
    assert text_of(answer) == text.encode("utf-8", "replace").decode()
    assert [length for length in range(len(answer)) if text_of(answer[:length]) is not None] == []
    assert text_of(answer + b"x") is None


def test_what_else_is_answered_says_nothing_of_the_message() -> None:
    for heard in (b"", BEGUN, b"no\n", b"taken", b"taken \n", b"taken -0\n", b"taken 1x\nab"):
        assert text_of(heard) is None


def test_another_version_and_another_installation_are_another_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours = hand_in.program()
    assert hand_in.program() == ours
    monkeypatch.setattr(helpdesk, "__version__", "0.0.9")
    assert hand_in.program() != ours
    monkeypatch.undo()
    other = tmp_path / "__init__.py"
    other.write_bytes(Path(helpdesk.__file__).read_bytes())
    monkeypatch.setattr(helpdesk, "__file__", str(other))
    assert hand_in.program() != ours


def test_the_socket_lies_where_all_lies_that_no_backup_needs() -> None:
    assert hand_in.FOLDER == index.FOLDER
