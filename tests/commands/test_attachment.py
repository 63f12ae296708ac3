"""`attachment`: what came with a message, as it came."""

from pathlib import Path
from typing import Any

from tests.commands.conftest import Shell
from tests.desk.letters import letter

BODY = (
    "--x\r\n\r\nsee there\r\n--x\r\nContent-Type: image/png\r\n"
    'Content-Disposition: attachment; filename="a\x1b[31m.png"\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\nAAECAwQ=\r\n--x--"
)


def test_an_attachment_is_listed_and_written_as_it_came(shell: Shell, tmp_path: Path) -> None:
    raw = letter(BODY, mime_version="1.0", content_type="multipart/mixed; boundary=x")
    shell.ok("ingest", typed=raw)
    assert shell.ok("attachment", "1").out == "1. a[31m.png, image/png, 5 bytes, message 1\n"
    listed = shell.ok("attachment", "1", "--json").object
    assert (listed["number"], listed["message"], listed["bytes"]) == (1, 1, 5)
    assert "attached: a[31m.png (image/png, 5 bytes)" in shell.ok("show", "1").out
    assert shell.process("attachment", "1", "1").out.encode() == bytes(range(5))
    streamed = shell.process("attachment", "1", "1", "--output", "-", cwd=tmp_path)
    assert streamed.out.encode() == bytes(range(5))
    assert not (tmp_path / "-").exists()
    target = tmp_path / "file.png"
    shell.ok("attachment", "1", "1", "--output", str(target))
    assert target.read_bytes() == bytes(range(5))
    assert target.stat().st_mode & 0o777 == 0o600
    assert "there already" in shell.fails(73, "attachment", "1", "1", "--output", str(target))
    assert "no attachment 2" in shell.fails(66, "attachment", "1", "2")
    sha = listed["sha256"]
    (shell.desk / "archive" / sha[:2] / sha).unlink()
    assert "restore it" in shell.fails(66, "attachment", "1", "1")


def test_what_was_not_sent_says_so(shell: Shell) -> None:
    shell.ok("ingest", typed=b"Subject: x\r\n\r\nfrom nobody")
    assert "not sent: not acknowledged: the sender has no address" in shell.ok("show", "1").out


def test_an_answer_takes_files_along(shell: Shell, tmp_path: Path) -> None:
    shell.ok("ingest", typed=letter())
    invoice = tmp_path / "invoice.pdf"
    invoice.write_bytes(b"%PDF")
    shell.ok(
        *("reply", "1", "--body", "Both are here."),
        *("--attach", str(invoice), "--attach", "-", "--attach-as", "../seam.png"),
        typed=b"\x01PNG",
    )
    listed = shell.ok("attachment", "1").out.splitlines()
    assert listed == [
        "1. invoice.pdf, application/pdf, 4 bytes, message 3",
        "2. seam.png, image/png, 4 bytes, message 3",
    ]
    assert "attached: invoice.pdf (application/pdf, 4 bytes)" in shell.ok("show", "1").out
    assert shell.process("attachment", "1", "2").out == "\x01PNG"


def test_a_file_that_cannot_go_along_is_told_in_a_line(shell: Shell, tmp_path: Path) -> None:
    shell.ok("ingest", typed=letter())
    answer = ("reply", "1", "--body", "Here.", "--attach")
    none = str(tmp_path / "none.pdf")
    assert shell.fails(66, *answer, none) == f"{none}: there is no such file to attach"
    assert "it is no file" in shell.fails(65, *answer, str(tmp_path))
    assert "--attach-as NAME" in shell.fails(65, *answer, "-", typed="x")
    assert "files go by mail" in shell.fails(
        65, *answer, "-", "--attach-as", "a.txt", "--channel", "phone", typed="x"
    )
    both = ("reply", "1", "--body", "-", "--attach", "-", "--attach-as", "a.txt")
    assert "either the text or a file" in shell.fails(65, *both, typed="x")
    assert not any(m["direction"] == "out" and not m["automatic"] for m in messages(shell))


def messages(shell: Shell) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shell.ok("show", "1", "--json").object["ticket"]["messages"]
    return found
