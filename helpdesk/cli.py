"""The entry point of the command `helpdesk`.

It imports next to nothing, so that a start that is stopped, or has no output, ends without a tale.
"""

from __future__ import annotations

import os
import signal
import sys

from helpdesk.commands.streams import replace_closed

TYPE_CHECKING = False  # typing alone would take longer than all the rest
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn


def main() -> NoReturn:
    """Run the command that the program was called with; ends with its exit code."""
    replace_closed()
    # Who started it with Ctrl+C switched off, as nohup does, keeps it so.
    stoppable = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if stoppable:
        signal.signal(signal.SIGINT, _leave)
    # pydantic would look through all that is installed for extensions of its own.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from helpdesk.commands.group import cli

    if stoppable:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        cli.main()
    except KeyboardInterrupt:
        _leave()


def _leave(number: int = signal.SIGINT, frame: FrameType | None = None) -> NoReturn:
    """End at once, as nothing is begun yet or all is done."""
    sys.stderr.write("helpdesk: stopped\n")
    sys.stderr.flush()
    os._exit(128 + number)
