"""docs/commands.md is true: its examples are run as they stand, and every command is in it."""

import re
import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.commands.group import COMMANDS
from tests.commands.conftest import Shell
from tests.conftest import BISHKEK, MONDAY
from tests.ssh.machine import FORCED, SUDO_RULE

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
_BLOCK = re.compile(r"<!-- clock: (?P<clock>\S+) -->|```console\n(?P<lines>.*?)```", re.DOTALL)
_ECHO = re.compile(r'echo "(?P<text>[^"]*)" \| ')


def examples() -> Iterator[tuple[datetime, str, str]]:
    """Each command of the page, when it is run, and what the page says that it writes."""
    at = MONDAY
    for block in _BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        if block["clock"]:
            at = datetime.fromisoformat(block["clock"]).replace(tzinfo=BISHKEK)
            continue
        for example in block["lines"].split("$ ")[1:]:
            command, _, shown = example.partition("\n")
            yield at, command, shown


def run(shell: Shell, command: str) -> str:
    """What a command of the page writes, errors included."""
    typed = ""
    if echo := _ECHO.match(command):
        typed, command = echo["text"] + "\n", command[echo.end() :]
    program, *words = shlex.split(command)
    assert program == "helpdesk"
    said = shell(*words, typed=typed)
    return said.out.replace(f"{Path.cwd()}/", "") + said.err


def test_every_example_writes_what_the_page_says(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for at, command, shown in examples():
        with clock.hold(at):
            assert run(shell, command) == shown, command


def test_every_command_has_its_section_and_every_section_its_command() -> None:
    sections = re.findall(r"^## (\S+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(sections) == sorted(COMMANDS)


def test_every_option_of_a_command_is_told_in_its_help(shell: Shell) -> None:
    for command in COMMANDS:
        if command == "import":
            continue
        said = shell.ok(command, "--help")
        assert said.out.startswith(f"Usage: helpdesk {command}"), said


def test_the_rules_of_sudo_and_sshd_are_those_that_are_tried_on_a_machine() -> None:
    manual = (PAGE.parent / "admin.md").read_text(encoding="utf-8")
    names = {"program": "/opt/helpdesk/bin/helpdesk", "group": "support", "service": "helpdesk"}
    assert SUDO_RULE.format(**names) in manual
    assert f"Match Group support\n{FORCED.format(**names)}" in manual


def test_every_test_that_is_named_for_a_threat_is_there() -> None:
    threats = (PAGE.parent / "threats.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/\S+)`", threats)
    assert len(named) > 30
    assert [name for name in named if not (PAGE.parents[1] / name).is_file()] == []
