"""With too few open files a command is done, or refused in one line, and nothing is half done."""

import re
import resource
from collections.abc import Callable

import pytest

from tests.commands.conftest import Said, Shell, new, one_line

MAIL = (
    b"From: Nurlan <nurlan@example.com>\r\nSubject: Bill\r\nMessage-ID: <a@b.c>\r\n\r\nWrong.\r\n"
)
LIMITS = (5, 6, 7, 8, 12)
"""From where Python itself can begin, to where every command comes through."""


def lowered(limit: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


def timeless(out: str) -> str:
    """What was written, whatever minute it was."""
    return re.sub(r"\d+ (h|min)\b", "N", out)


@pytest.mark.parametrize(
    "words",
    [("queue",), ("note", "1", "--body", "Seen it"), ("check",), ("reindex",), ("ingest",)],
    ids=lambda words: words[0],
)
def test_a_command_without_enough_files_says_so_and_does_nothing_by_half(
    shell: Shell, words: tuple[str, ...]
) -> None:
    new(shell)
    usual = shell.process(*words, typed=MAIL).out
    said: list[Said] = []
    for limit in LIMITS:
        said.append(shell.process(*words, typed=MAIL, preexec_fn=lowered(limit)))
    for one in said:
        if one.code == 0:
            assert words[0] in ("note", "ingest") or timeless(one.out) == timeless(usual)
        else:
            assert one.code in (69, 73, 75)
            assert "Too many open files" in one_line(one)
    assert any(one.code for one in said) and any(one.code == 0 for one in said)
    done = 1 + sum(one.code == 0 for one in said)
    noted = [message for message in shell.ok("show", "1", "--json").object["ticket"]["messages"]
             if message["text"] == "Seen it"]  # fmt: skip
    assert len(noted) == (done if words[0] == "note" else 0)
    assert len(shell.ok("queue", "--json").lines) == (2 if words[0] == "ingest" else 1)
    assert shell.ok("check").out == "Nothing is wrong.\n"
