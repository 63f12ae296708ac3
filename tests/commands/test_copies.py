"""What an administrator sees of a backup that was made while others worked: one line, once."""

import json
import shutil
from pathlib import Path

import pytest

from tests.commands.conftest import Shell, new, one_line
from tests.commands.test_disk import READ_ONLY, needs_a_disk, on_its_disk


@pytest.fixture
def backup(shell: Shell, tmp_path: Path) -> Shell:
    """A shell on a copy of a desk whose customers were copied before the second of them came."""
    new(shell)
    shutil.copytree(shell.desk / "customers", tmp_path / "customers")
    new(shell, customer="bek@example.com")
    copy = tmp_path / "backup"
    shutil.copytree(shell.desk, copy, ignore=shutil.ignore_patterns(".cache", "customers"))
    shutil.copytree(tmp_path / "customers", copy / "customers")
    return Shell(copy)


def test_a_backup_is_put_right_by_the_first_check_which_says_so(backup: Shell) -> None:
    said = backup("check")
    assert said.code == 0
    assert said.lines[-1] == "Nothing is wrong."
    told = one_line(said)
    assert told.startswith("this copy was made while others worked, and was put right: 1 customer")
    assert backup.ok("check").out == "Nothing is wrong.\n"
    log = (backup.desk / "audit.jsonl").read_text().splitlines()
    assert json.loads(log[-1])["what"] == "put a copy right"


@needs_a_disk
def test_a_backup_on_a_disk_that_may_only_be_read_says_that_it_is_one(backup: Shell) -> None:
    (said,) = on_its_disk(backup, READ_ONLY, ("check",))
    assert said.code == 65
    assert "refers to customer 2, which is not there" in said.out
    assert "this is a copy: what it holds by half is put right where it can be written" in said.err


def test_a_backup_that_is_opened_by_another_command_is_put_right_too(backup: Shell) -> None:
    assert backup("show", "2", "--json").code == 0
    said = backup("note", "2", "--body", "She called.")
    assert said.code == 0
    assert "put right" in one_line(said)
    assert backup.ok("show", "2", "--json").object["customer"]["name"]
