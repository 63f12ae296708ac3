"""Whether there is a terminal to draw on."""

import os
import sys

from helpdesk.domain.errors import Unavailable

_PLAIN = {"", "dumb", "unknown"}


def refuse_without_terminal() -> None:
    """Textual reads from stdin and draws on stderr: without a terminal it would run for ever.

    Raises:
        Unavailable: if one of them is no terminal, or the terminal can only print lines.
    """
    for stream, name in ((sys.__stdin__, "input"), (sys.__stderr__, "error output")):
        if stream is None or stream.closed or not stream.isatty():
            raise Unavailable(
                f"the desk needs a terminal, and the {name} is none; "
                "without one use 'helpdesk queue', 'helpdesk show' and the other commands"
            )
    if os.environ.get("TERM", "").lower() in _PLAIN:
        raise Unavailable(
            "this terminal can only print lines (TERM is "
            f"{'dumb' if os.environ.get('TERM') else 'not set'}); "
            "use 'helpdesk queue', 'helpdesk show' and the other commands"
        )
