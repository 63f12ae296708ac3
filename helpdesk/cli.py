"""The entry point of the command `helpdesk`.

It imports next to nothing, so that a start that is stopped, or has no output, ends without a tale.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys

from helpdesk.commands import handing_in
from helpdesk.commands.streams import replace_closed, wait_for_input

TRY_AGAIN = 75
"""As in ``commands.failing``, which is imported only when something fails."""

TYPE_CHECKING = False  # typing alone would take longer than all the rest
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import NoReturn


def main() -> NoReturn:
    """Run the command that the program was called with; ends with its exit code."""
    gc.disable()  # nothing of what is imported is garbage; the group of commands puts it on again
    ending = Ending()
    replace_closed()
    wait_for_input()
    # Who started it with Ctrl+C switched off, as nohup does, keeps it so.
    stoppable = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if stoppable:
        signal.signal(signal.SIGINT, _leave)
    try:
        call = handing_in.call_of(sys.argv[1:])
        if call is not None:
            if stoppable:
                signal.signal(signal.SIGINT, _put_off)
            _hand_in(call)
        _leave_plugins_out()
        run = _opening(sys.argv[1:]) or _command()
        if stoppable:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.exit(run())
    except KeyboardInterrupt:
        _leave()
    except SystemExit as end:
        ending.code = end.code
        raise


def _hand_in(call: handing_in.Call) -> None:
    """End the program if a worker of the desk takes in the message that it was called with."""
    try:
        if handing_in.hand_in_message(call):
            sys.exit(0)
    except OSError as error:  # what was read of the message may not be taken for all of it
        from helpdesk.commands.running import tell_failure

        tell_failure(error)
        sys.exit(TRY_AGAIN)


def _opening(words: list[str]) -> Callable[[], int] | None:
    """What opens the desk, where the command line says no more than that; else None."""
    if words and not (len(words) == 2 and words[0] == "--desk" and words[1][:1] not in ("", "-")):
        return None
    from helpdesk.commands import straight

    path = straight.named(words)
    return None if path is None else lambda: straight.open_at(path)


def _command() -> Callable[[], int]:
    from helpdesk.commands.group import cli

    return cli.main


class Ending:
    """Ends the process as soon as all that waits for its end is done.

    Python would take apart every module that was imported, which takes 20 ms and more.
    """

    def __init__(self) -> None:
        self.code: object = None
        atexit.register(self._end)  # before all others, so that it is the last to be called

    def _end(self) -> None:
        if isinstance(self.code, int):
            from contextlib import suppress

            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):  # it is told by the code already
                    stream.flush()
            os._exit(self.code)


def _leave_plugins_out() -> None:
    """Have pydantic not look through all that is installed for extensions of its own.

    Told so by the environment, it still imports what it would look with, which takes 20 ms.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    loader = type(sys)("pydantic.plugin._loader")
    loader.get_plugins = tuple  # type: ignore[attr-defined]
    sys.modules.setdefault(loader.__name__, loader)


def _leave(number: int = signal.SIGINT, frame: FrameType | None = None) -> NoReturn:
    """End at once, as nothing is begun yet or all is done."""
    _stop(128 + number)


def _put_off(number: int, frame: FrameType | None) -> NoReturn:
    """End at once, and have the mail server try again."""
    _stop(TRY_AGAIN)


def _stop(code: int) -> NoReturn:
    sys.stderr.write("helpdesk: stopped\n")
    sys.stderr.flush()
    os._exit(code)
