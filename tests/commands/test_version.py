"""What is loaded for what: a command waits for nothing that it does not need."""

import subprocess
import sys

import pytest

from helpdesk import __version__
from tests.commands.conftest import Shell

_LISTING = """
import sys
from click.testing import CliRunner
from helpdesk.commands.group import cli
result = CliRunner().invoke(cli, sys.argv[1:], catch_exceptions=False)
print(result.output)
print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def loaded(shell: Shell, *words: str) -> set[str]:
    """The packages that are loaded after a command, in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", _LISTING, *words],
        capture_output=True,
        text=True,
        check=True,
        env=shell.process_environment(),
    )
    return set(ran.stdout.rpartition("LOADED")[2].split())


def test_the_version_is_told_at_once(shell: Shell) -> None:
    assert shell.ok("--version").out == f"helpdesk {__version__}\n"
    slow = {"textual", "rich", "pydantic", "tinydb", "sqlite3", "babel", "holidays", "tomllib"}
    assert not loaded(shell, "--version") & slow


@pytest.mark.parametrize(
    "words",
    [
        ("queue",),
        ("show", "1"),
        ("new", "--customer", "a@example.com", "--kind", "request", "--channel", "web",
         "--subject", "x", "--body", "y"),
        ("check",),
        ("export",),
        ("due", "--received", "2026-03-02 10:00", "--channel", "phone", "--kind", "request"),
        ("import", "--help"),
        (),
        ("--help",),
    ],
)  # fmt: skip
def test_no_command_loads_what_only_screens_need(shell: Shell, words: tuple[str, ...]) -> None:
    assert not loaded(shell, *words) & {"textual", "rich"}


def test_the_queue_is_listed_without_loading_documents(shell: Shell) -> None:
    assert not loaded(shell, "queue") & {"tinydb", "babel", "email_validator", "holidays"}
