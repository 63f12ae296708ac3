"""The table of contents of the commands, and what a shell may complete."""

import pytest

from helpdesk.commands.contents import CONTENTS
from helpdesk.commands.group import COMMANDS
from tests.commands.conftest import Shell


def test_every_command_is_in_the_help_once_and_nothing_of_it_is_cut_off(shell: Shell) -> None:
    listed = [name for part in CONTENTS.values() for name in part]
    assert sorted(listed) == sorted(COMMANDS)
    shown = shell.ok("--help").lines
    for part in CONTENTS.values():
        for name, words in part.items():
            assert any(line.split(maxsplit=1) == [name, words] for line in shown), name


@pytest.mark.parametrize(("typed", "meant"), [("qeue", "queue"), ("replay", "reply")])
def test_a_mistyped_command_names_the_one_that_is_meant(
    shell: Shell, typed: str, meant: str
) -> None:
    told = shell.fails(64, typed)
    assert told == (f"No such command '{typed}'. Did you mean '{meant}'?; try 'helpdesk --help'")
    assert "mean" not in shell.fails(64, "xyzzy")


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("helpdesk que", ["queue"]),
        ("helpdesk queue --view o", ["overdue", "on-us", "on-customer"]),
        ("helpdesk import c", ["csv"]),
    ],
)
def test_a_shell_completes_commands_options_and_their_values(
    shell: Shell, words: str, offered: list[str]
) -> None:
    shell.environment["_HELPDESK_COMPLETE"] = "bash_complete"
    shell.environment["COMP_WORDS"] = words
    shell.environment["COMP_CWORD"] = str(len(words.split()) - 1)
    said = shell.process()
    assert said.out.split() == [f"plain,{word}" for word in offered], said
