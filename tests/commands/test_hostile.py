"""Hostile text, let in by every option there is, comes out of every command without its sting."""

from pathlib import Path

import pytest

from helpdesk.commands import output
from helpdesk.text import clean
from tests.commands.conftest import Shell
from tests.desk.letters import letter
from tests.hostile import ARGUMENTS, FORBIDDEN_IN_OUTPUT, PAYLOADS, assert_harmless
from tests.pty.terminal import running

WHO = ("--customer", "a@example.com", "--name")
KIND = ("--kind", "complaint", "--channel", "web")
BODY = ("--body", "-")

pytestmark = pytest.mark.usefixtures("on_monday")


def harmless(shell: Shell, *words: str, typed: str = "") -> str:
    """Run a command, whatever comes of it, and look at all that it wrote."""
    said = shell(*words, typed=typed.encode("utf-8", "replace"))
    assert said.code != 70, said
    assert_harmless(said.out, FORBIDDEN_IN_OUTPUT)
    assert_harmless(said.err, FORBIDDEN_IN_OUTPUT)
    assert said.err.count("\n") <= 1
    return said.out


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_every_text_that_can_be_typed_comes_out_harmless(shell: Shell, name: str) -> None:
    text = ARGUMENTS[name]
    given = f"={text}"
    shell.ok("new", "--customer", "a@example.com", "--name", f"Aigul {text}", *KIND,
             "--subject", f"x {text}", "--tag", f"x{text}", *BODY, typed="plain")  # fmt: skip
    for words in (
        ("new", "--customer", text, "--name", text, *KIND, "--subject", text, *BODY),
        ("new", *WHO, "x", *KIND, "--subject", "x", "--received", text, *BODY),
        ("reply", "1", *BODY, "--promise", text),
        ("reply", "1", *BODY, "--promise", "+2h", "--reason", text),
        ("promise", "1", "--due", text, "--reason", "x"),
        ("promise", "1", "--due", "tomorrow", "--reason", text, *BODY),
        ("promise", "1", "--due", "fri", "--reason", f"x {text}"),
        ("note", "1", *BODY),
        ("incoming", "1", *BODY),
        ("understand", "1", *BODY),
        ("cause", "1", f"--root-cause{given}", f"--resolution{given}"),
        ("assign", "1", text),
        ("tag", "1", "--", text),
        ("set", "1", f"--subject{given}"),
        ("customer", "1", "--add-phone", text, "--note", "-"),
        ("customer", "1", "--add-email", text),
        ("customer", "1", "--set", text),
        ("customer", "1", "--set", f"given={text}"),
        ("customer", "1", "--set", f"people={text}"),
        ("customer", "--", text),
        ("close", "1", f"--no-answer-needed{given}", f"--resolution{given}"),
        ("reopen", "1", f"--reason{given}"),
        ("no-answer-needed", "1", f"--reason{given}"),
        ("show", "--", text),
        ("merge", "1", text),
        ("queue", "--", text),
        ("queue", f"--view={text}"),
        ("queue", f"from:{text}"),
        ("search", "--", text),
        ("promises", "--", text),
        ("promises", f"--outcome{given}"),
        ("due", f"--received{given}", "--channel", "web", "--kind", "request"),
        ("due", "--received", "2026-03-02 10:00", f"--channel{given}", "--kind", "request"),
        ("due", "--received", "2026-03-02 10:00", "--channel", "web", "--kind", "request",
         f"--policy{given}"),
        ("erase", f"--customer{given}"),
        ("erase", "--customer", "1", f"--confirm{given}"),
        ("export", f"--customer{given}"),
        ("init", str(shell.desk.parent / "other"), f"--name{given}", "--timezone", "UTC"),
        ("init", str(shell.desk.parent / "third"), "--name", "x", f"--timezone{given}",
         f"--hours{given}"),
        (f"--desk{given}", "queue"),
        (text,),
    ):  # fmt: skip
        harmless(shell, *words, typed=text)
    for words in (
        ("show", "1", "--history"), ("customer", "1"), ("queue",), ("promises",), ("search", "x"),
        ("show", "1", "--json"), ("customer", "1", "--json"), ("queue", "--json"), ("export",),
        ("promises", "--json"), ("search", "x", "--json"), ("check",),
    ):  # fmt: skip
        assert harmless(shell, *words)


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_whatever_is_written_out_is_made_harmless_once_more(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PAYLOADS[name].replace("\ud83d", "").replace("\ude00", "").replace("\udce9", "")
    output.line(text)
    output.field("Customer", text)
    output.columns([("1", text), ("22", text)])
    output.warn(text)
    one_line_each = capsys.readouterr()
    assert one_line_each.out.count("\n") == (4 if text else 3)
    assert one_line_each.err.count("\n") == 1
    output.block(text)
    block = capsys.readouterr().out
    assert all(line.startswith("    ") or not line for line in block.split("\n"))
    for shown in (*one_line_each, block):
        assert_harmless(shown, FORBIDDEN_IN_OUTPUT)


def test_a_document_edited_by_hand_is_shown_harmless(shell: Shell) -> None:
    shell.ok("new", *WHO, "Aigul", *KIND, "--subject", "x", "--body", "zanzibar")
    for path in [*shell.desk.glob("tickets/**/*.json"), *shell.desk.glob("customers/**/*.json")]:
        text = path.read_text(encoding="utf-8")
        text = text.replace("zanzibar", "zan\\u001b[2Jzibar\\u202e").replace(
            "Aigul", "Ai\\u0007gul"
        )
        path.write_text(text, encoding="utf-8")
    for words in (("show", "1"), ("queue",), ("customer", "1"), ("search", "zan"), ("export",)):
        harmless(shell, *words)
    assert clean("zan\x1b[2Jzibar") in shell.ok("show", "1").out


FILL_CLIPBOARD = "\x1b]52;c;aGk=\x07"
ATTACHED = (
    "--x\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=a.png\r\n\r\n"
    f"{FILL_CLIPBOARD}\r\n--x--"
)


@pytest.mark.parametrize(
    "words",
    [
        ("attachment", "1", "1"),
        ("attachment", "1", "1", "--output", "-"),
        ("import", "csv", "table.csv", "--mapping", "boston-311", "--rejects", "-"),
    ],
    ids=" ".join,
)
def test_what_is_written_as_it_came_is_written_to_no_terminal(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    raw = letter(ATTACHED, mime_version="1.0", content_type="multipart/mixed; boundary=x")
    shell.ok("ingest", typed=raw)
    table = Path(__file__).parents[1] / "data/boston-311/sample.csv"
    header = table.read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "table.csv").write_text(f"{header}\n{FILL_CLIPBOARD}\n")
    given = [str(tmp_path / word) if word == "table.csv" else word for word in words]
    with running(["-m", "helpdesk", "--desk", str(shell.desk), *given], size=(120, 24)) as terminal:
        assert terminal.exit_code() == 65
        assert "helpdesk: a terminal must not show what others sent" in terminal.text()
        assert b"\x1b" not in terminal.wire
