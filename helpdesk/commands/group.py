"""The command `helpdesk`: its table of contents, its exit codes, its errors of one line.

A command's module is imported only when that command is used, so that none waits for another.
"""

import errno
import gc
import os
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from helpdesk import __version__
from helpdesk.commands.failing import PIPE_CLOSED, TRY_AGAIN
from helpdesk.commands.handing_in import COMMAND
from helpdesk.commands.running import guarded, tell
from helpdesk.commands.streams import output_was_dropped
from helpdesk.desk import serving

COMMANDS: dict[str, str] = {
    "queue": "queue:queue",
    "search": "queue:search",
    "show": "show:show",
    "customer": "customer:customer",
    "who": "who:who",
    "new": "intake:new",
    "incoming": "intake:incoming",
    "reply": "answering:reply",
    "promise": "answering:promise",
    "no-answer-needed": "answering:no_answer_needed",
    "close": "answering:close",
    "reopen": "intake:reopen",
    "note": "upkeep:note",
    "assign": "upkeep:assign",
    "tag": "upkeep:tag",
    "set": "upkeep:set_",
    "understand": "upkeep:understand",
    "cause": "upkeep:cause",
    "link": "upkeep:link",
    "merge": "upkeep:merge",
    "promises": "ledger:promises",
    "due": "ledger:due",
    "ingest": "mail:ingest",
    "fetch": "fetching:fetch",
    "attachment": "attachment:attachment",
    "outbox": "outbox:outbox",
    "send": "sending:send",
    "worker": "sending:worker",
    "texts": "texts:texts",
    "import": "import_:import_",
    "export": "giving:export",
    "erase": "giving:erase",
    "settings": "ruling:settings",
    "audit": "ruling:audit",
    "check": "care:check",
    "reindex": "care:reindex",
    "init": "founding:init",
    "demo": "demo:demo",
}
"""Every command, as ``module:name`` within helpdesk.commands, in the order of the help."""

SHOWING = frozenset(
    {"queue", "search", "show", "promises", "due", "export", "audit", "settings", "outbox", "who"}
)
"""The commands whose work is their output: without it nothing is done."""


class LazyGroup(click.Group):
    """A group that imports a command's module when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"helpdesk.commands.{module}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            import difflib  # few mistype

            like = difflib.get_close_matches(name, COMMANDS, 1)
            meant = f". Did you mean '{like[0]}'?" if like else ""
            raise click.UsageError(f"No such command '{name}'{meant}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from helpdesk.commands.contents import CONTENTS

        for title, commands in CONTENTS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()), col_spacing=2)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            code = super().invoke(ctx)
            if ctx.invoked_subcommand in SHOWING and output_was_dropped():
                raise OSError(errno.EBADF, os.strerror(errno.EBADF))
            return code
        except BrokenPipeError:
            # click would end with code 1, which means nothing to a script.
            raise click.exceptions.Exit(PIPE_CLOSED) from None
        except KeyboardInterrupt:
            if sys.stderr.isatty():
                tell("")  # the terminal shows ^C in the line
            raise click.Abort from None

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run a command and end with its exit code; every error becomes one line on stderr."""
        main = partial(
            super().main,
            prog_name=prog_name or "helpdesk",
            complete_var=complete_var,
            standalone_mode=False,
            windows_expand_args=windows_expand_args,
            **extra,
        )

        def run() -> Any:
            # Before anything of the environment is heeded.
            words = serving.enter()
            return main(args if words is None else words)

        code = guarded(run)
        sys.exit(TRY_AGAIN if code and _delivers(sys.argv[1:] if args is None else args) else code)


def _delivers(words: Sequence[str]) -> bool:
    """Whether a mail server called, as far as can be told of words that may be wrong."""
    left = iter(words)
    for word in left:
        if word == "--desk":
            next(left, None)
        elif not word.startswith("-"):
            return word == COMMAND
    return False


@click.group(
    "helpdesk",
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--desk",
    type=click.Path(path_type=Path, readable=False),
    metavar="PATH",
    help="The folder of the desk. Default: $HELPDESK_DESK, else a folder of your own.",
)
@click.version_option(__version__, message="helpdesk %(version)s")
@click.pass_context
def cli(context: click.Context, desk: Path | None) -> int | None:
    """A help desk in the terminal, built around the promise told to the customer.

    Without a command it opens the desk. 'helpdesk COMMAND --help' tells more about each; commands
    that show something take --json. Exit codes: 0 done, 64 wrong usage, 65 bad input, 66 not
    found, 69 not available, 73 cannot write, 75 try again, 77 not permitted, 78 bad settings.
    """
    gc.enable()  # which the entry point put off
    context.obj = desk
    serving.require_command(context.invoked_subcommand)
    if context.invoked_subcommand is not None:
        return None
    from helpdesk.commands.opening import open_screens

    return open_screens(context)
