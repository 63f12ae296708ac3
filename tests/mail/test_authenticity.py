"""What our own mail server notes of a sender, whatever others put beside it."""

from __future__ import annotations

import time

import pytest

from helpdesk.mail.authenticity import is_disproved
from helpdesk.mail.parsing import read


def is_failed(*notes: bytes) -> bool:
    lines = b"".join(b"Authentication-Results: " + note + b"\r\n" for note in notes)
    return is_disproved(
        read(lines + b"From: ann@bank.example\r\n\r\nhi").headers, "MX.desk.example"
    )


@pytest.mark.parametrize(
    "note",
    [
        b"mx.desk.example; dmarc=fail (p=reject) header.from=bank.example",
        b"MX.desk.example 1; spf=pass; DMARC = fail",
        b"mx.desk.example (by (OpenDMARC) 1.4);\r\n dkim=none (no (valid) key);\r\n dmarc=fail",
        b'mx.desk.example; spf=pass smtp.mailfrom="("@bank.example; dmarc=fail',
    ],
)
def test_what_our_server_found_to_fail_is_disproved(note: bytes) -> None:
    assert is_failed(note)
    assert is_failed(b"mx.desk.example; dmarc=pass", note)


@pytest.mark.parametrize(
    "note",
    [
        b"mx.desk.example; dmarc=pass (not (dmarc=fail))",
        b"mx.desk.example; spf=fail; dkim=fail",
        b"mx.other.example; dmarc=fail",
        b"mx.other.example (mx.desk.example); dmarc=fail",
    ],
)
def test_no_other_note_disproves_a_sender(note: bytes) -> None:
    assert not is_failed(note)


def test_many_notes_of_comments_within_each_other_take_no_long_time() -> None:
    deep = b"mx.desk.example; " + b"(" * 450 + (b"\r\n " + b"(" * 450) * 3
    started = time.process_time()
    assert not is_failed(*[deep + (b"\r\n " + b")" * 450) * 4] * 60)
    assert time.process_time() - started < 1  # a third of that where nothing else runs
