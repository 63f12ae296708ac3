"""A shell in which an agent types commands, in this process or in one of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from helpdesk import clock
from helpdesk.commands.group import cli
from tests.conftest import MONDAY

PYTHON = sys.executable


@dataclass
class Said:
    """What a command wrote, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def objects(self) -> list[Any]:
        """One JSON value a line."""
        return [json.loads(line) for line in self.lines]

    @property
    def object(self) -> Any:
        (only,) = self.objects
        return only


@dataclass
class Shell:
    """Commands on one desk, typed by the agent aibek."""

    desk: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *words: str, typed: str | bytes = "") -> Said:
        """Run a command in this process, whatever comes of it."""
        said = CliRunner(env={"HELPDESK_DESK": str(self.desk), **self.environment}).invoke(
            cli, list(words), input=typed, catch_exceptions=False
        )
        return Said(said.exit_code, said.stdout, said.stderr)

    def ok(self, *words: str, typed: str | bytes = "") -> Said:
        """Run a command that must succeed without a complaint."""
        said = self(*words, typed=typed)
        assert (said.code, said.err) == (0, ""), said
        return said

    def fails(self, code: int, *words: str, typed: str | bytes = "") -> str:
        """Run a command that must fail with ``code`` and one line on stderr; gives that line."""
        said = self(*words, typed=typed)
        assert said.code == code, said
        return one_line(said)

    def process(self, *words: str, typed: bytes = b"", **more: Any) -> Said:
        """Run a command in a process of its own, as a script would."""
        ran = subprocess.run(
            [PYTHON, "-m", "helpdesk", *words],
            input=typed,
            capture_output=True,
            env=self.process_environment(),
            check=False,
            **more,
        )
        return Said(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    def process_environment(self) -> dict[str, str]:
        usual = {key: text for key, text in os.environ.items() if key != "PYTHONUNBUFFERED"}
        home = {"HOME": str(self.desk.parent), "HELPDESK_DESK": str(self.desk)}
        return {**usual, "PYTHONUTF8": "1", **home, **self.environment}


def one_line(said: Said) -> str:
    """The one line on stderr."""
    assert said.err.startswith("helpdesk: "), said
    assert said.err.count("\n") == 1, said
    assert said.err.endswith("\n")
    assert "Traceback" not in said.err
    return said.err.strip().removeprefix("helpdesk: ")


@pytest.fixture
def shell(desk_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell on a fresh desk."""
    monkeypatch.setattr("helpdesk.desk.desk.login_name", lambda: "aibek")
    return Shell(desk_path)


@pytest.fixture
def on_monday() -> Iterator[None]:
    """All of it on Monday, at ten in the morning."""
    with clock.hold(MONDAY):
        yield


@pytest.fixture
def complaint(shell: Shell) -> int:
    """Ticket 1, a complaint of customer 1 by e-mail; hold the clock when using it."""
    return int(new(shell).object["ticket"]["id"])


def new(shell: Shell, *more: str, customer: str = "aigul@example.com") -> Said:
    """Take in a matter of Aigul Toktogulova's."""
    given = ("--kind", "complaint", "--channel", "email", "--subject", "The tent leaks")
    who = ("--customer", customer, "--name", "Aigul Toktogulova")
    return shell.ok("new", *who, *given, "--body", "It rained on us.", "--json", *more)
