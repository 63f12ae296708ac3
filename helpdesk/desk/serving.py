"""Service mode: the desk belongs to a service user, and agents reach it only through sudo.

This is the one place that knows. docs/admin.md tells how it is set up, and why an agent cannot be
somebody else: only sudo makes a process run as the service user, and it sets ``SUDO_UID`` and
``SUDO_USER`` itself, whatever the agent's environment says.
"""

from __future__ import annotations

import os
import pwd
import shlex
import signal
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple, NoReturn

from helpdesk.domain.errors import BadConfiguration, HelpdeskError, InvalidInput, NotPermitted

DESK = "desk"
"""The folder of the desk in the service user's home."""

NOT_SERVED = frozenset({"init", "demo"})
"""The commands that make other desks."""

_KEPT = frozenset(
    {"TERM", "COLORTERM", "COLORFGBG", "NO_COLOR", "HELPDESK_THEME", "LANG", "LANGUAGE",
     "COLUMNS", "LINES", "PYTHONUTF8"}
)  # fmt: skip
_PATH = "/usr/local/bin:/usr/bin:/bin"

LEAST_FILES = 64
"""So many files an agent has to let the program open."""


class Service(NamedTuple):
    """Who came through sudo, and the one desk that is served."""

    agent: str
    desk: Path


def is_asked_for() -> bool:
    """Whether somebody came through sudo, so that the rules of service mode have to be asked."""
    return "SUDO_UID" in os.environ


@cache
def service() -> Service | None:
    """The service that this process gives; None where whoever started it is the agent.

    Started through sudo by somebody who is neither root nor the user it runs as, it is service
    mode, whatever else is there: a desk that is missing ends the program and opens no other way.

    Raises:
        NotPermitted: if what sudo says does not fit together.
        BadConfiguration: if the service user has no desk of its own, closed to all others.
    """
    named, me = os.environ.get("SUDO_UID"), os.getuid()
    if named is None or me == 0 or named in ("0", str(me)):
        return None
    return Service(_agent(named, os.environ.get("SUDO_USER", "")), _desk(pwd.getpwuid(me).pw_dir))


def _agent(uid: str, user: str) -> str:
    try:
        found = pwd.getpwuid(int(uid)).pw_name
    except (ValueError, KeyError, OverflowError):
        found = ""
    if not found or found != user:
        raise NotPermitted(
            "SUDO_UID and SUDO_USER name no user of this machine: start the desk as docs/admin.md "
            "says, or unset both"
        )
    return found


def _desk(home: str) -> Path:
    path = Path(home) / DESK
    try:
        info = path.lstat()
    except OSError:
        raise BadConfiguration(
            f"started through sudo, the desk is {path}, and there is none: see docs/admin.md"
        ) from None
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.getuid() or info.st_mode & 0o077:
        raise BadConfiguration(
            f"{path} is not a folder of the service user's alone: whoever runs the desk "
            "gives it that owner and the mode 0700"
        )
    return path


def enter() -> list[str] | None:
    """In service mode, let go of everything by which an agent could reach more than the desk.

    Gives the words of the command that came by ssh; None if they are those of the command line.
    Raises as ``service`` and ``require_no_limits``; InvalidInput if the words cannot be told apart.
    """
    if service() is None:
        return None
    require_no_limits()
    import resource
    import sys

    over_ssh = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    home = pwd.getpwuid(os.getuid()).pw_dir
    for name in list(os.environ):
        if name not in _KEPT and not name.startswith("LC_"):
            del os.environ[name]
    os.environ.update(HOME=home, PATH=_PATH)
    os.umask(0o077)
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # ctrl+z leads to no shell
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return None if len(sys.argv) > 1 else _words(over_ssh)


def require_no_limits() -> None:
    """sudo hands on an agent's limits, under which nothing might be put on record any more, or by
    half: raises NotPermitted."""
    import resource

    size, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    number, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if size != resource.RLIM_INFINITY or 0 <= number < LEAST_FILES:  # infinity is -1
        raise NotPermitted(
            "files are limited here, in size or in number (ulimit -f, ulimit -n), so that what is "
            "done could not be put on record: start it from a shell without that limit"
        )


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError:
        raise InvalidInput("the command cannot be read: a quote is never closed") from None
    return words[1:] if words[:1] == ["helpdesk"] else words


def require_no_path() -> None:
    """In service mode no path is given or taken: raises NotPermitted."""
    if service() is not None:
        refuse("paths", "no file outside of the desk is read or written here")


def require_stream(path: Path) -> None:
    """In service mode only ``-`` is given and taken: raises NotPermitted for any other path."""
    if service() is not None and str(path) != "-":
        refuse("paths", "no file outside of the desk is read or written here; - is your own input "
               "or output")  # fmt: skip


def require_programs() -> None:
    """In service mode no other program is started: raises NotPermitted."""
    if service() is not None:
        refuse("programs", "no other program is started here, the mail server's command neither; "
               "a worker sends, as docs/admin.md says")  # fmt: skip


def require_desk(path: Path | None) -> None:
    """In service mode there is one desk: raises NotPermitted for any other."""
    served = service()
    if served is not None and path not in (None, served.desk):
        refuse("another desk", "no other desk is opened here")


def require_command(name: str | None) -> None:
    """Raises NotPermitted for what service mode does not offer."""
    if service() is not None and name in NOT_SERVED:
        refuse(f"command {name}", f"'helpdesk {name}' makes another desk, which is not done here")


def refuse(what: str, why: str) -> NoReturn:
    """Put on record that ``what`` (words of the program) was refused, and raise NotPermitted."""
    from helpdesk.desk import audit
    from helpdesk.domain.audit import Deed

    served = service()
    if served is not None:
        with suppress(HelpdeskError):
            audit.record(served.desk, served.agent, Deed.REFUSED, service=what)
    raise NotPermitted(f"{why}: the desk is reached through sudo")
