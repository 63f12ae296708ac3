"""What `helpdesk ingest` and a worker of the desk say to each other, and where they meet.

`ingest` connects to the socket of the desk, and sends one line together with the message, which is
an open file:

    helpdesk PROGRAM DEVICE INODE FORM

The worker answers ``begun`` when the turn of the message has come, and once it is durable
``taken N`` and N bytes of UTF-8 that say what became of it. If it answers anything else, or hangs
up, nobody knows that the message is kept, and `ingest` takes it in by itself.

`ingest` waits for what is imported here, so that is next to nothing.
"""

import os
import stat
import sys

import helpdesk

TYPE_CHECKING = False  # typing alone would take longer than all the rest
if TYPE_CHECKING:
    from socket import socket

FOLDER, SOCKET = ".cache", "worker.sock"
"""Where the socket is in the desk's folder."""

WORDS, JSON, ESCAPED = FORMS = ("words", "json", "escaped")
"""How it is said what became of a message; ``escaped`` is JSON in ASCII alone."""

IN_MEMORY = 32 * 1024 * 1024
"""Bytes of a message beyond which it is put on the disk while it is read."""

LONGEST_REQUEST = 1000
"""Bytes."""

BEGUN = b"begun\n"

_TAKEN = b"taken "
_HELLO = "helpdesk"


class Request:
    """What `ingest` asks for: by which program, for which desk, and what it wants to be told."""

    __slots__ = ("desk", "form", "program")

    def __init__(self, program: str, desk: tuple[int, int], form: str) -> None:
        self.program = program
        self.desk = desk
        self.form = form

    def line(self) -> bytes:
        """As it is sent."""
        device, inode = self.desk
        return f"{_HELLO} {self.program} {device} {inode} {self.form}\n".encode()


def request_of(line: bytes) -> Request | None:
    """What was sent, if it is a request."""
    words = line.decode("ascii", "replace").split(" ")
    if len(words) != 5 or words[0] != _HELLO or not words[4].endswith("\n"):
        return None
    program, device, inode, form = words[1], words[2], words[3], words[4][:-1]
    if form not in FORMS or not (_is_number(device) and _is_number(inode)):
        return None
    return Request(program, (int(device), int(inode)), form)


def taken(text: str) -> bytes:
    """That a message is durable, and what became of it."""
    said = text.encode("utf-8", "replace")
    return b"%s%d\n%s" % (_TAKEN, len(said), said)


def text_of(heard: bytes) -> str | None:
    """What became of the message, from all that was heard of the worker; None unless it was
    said, whole, that the message is durable."""
    head, end, said = heard.removeprefix(BEGUN).partition(b"\n")
    if not end or head != b"%s%d" % (_TAKEN, len(said)):
        return None
    return said.decode("utf-8", "replace")


def is_possible() -> bool:
    """Whether the system can do it: tell whose a connection is, and hand open files over."""
    needed = ("/proc/self/fd", helpdesk.__file__)
    return sys.platform == "linux" and all(os.path.lexists(each) for each in needed)


def program() -> str:
    """By what two processes know that they run the same program: an upgrade changes it."""
    lies = os.stat(helpdesk.__file__)  # noqa: PTH116 - is light
    numbers = (lies.st_dev, lies.st_ino, lies.st_mtime_ns)
    return "/".join((helpdesk.__version__, *map(str, numbers)))


def desk(path: str | os.PathLike[str]) -> tuple[int, int]:
    """By what two processes know that they mean the same folder. Raises OSError."""
    lies = os.stat(path)  # noqa: PTH116 - is light
    return lies.st_dev, lies.st_ino


def is_there(path: str) -> bool:
    """Whether a worker of this user listens at the desk in folder ``path``, or did once."""
    try:
        lies = os.lstat(f"{path}/{FOLDER}/{SOCKET}")
    except (OSError, ValueError):
        return False
    return stat.S_ISSOCK(lies.st_mode) and lies.st_uid == os.geteuid()


def opened(path: str | os.PathLike[str]) -> int:
    """A descriptor of the folder that the socket of the desk is in. Raises OSError."""
    return os.open(f"{os.fspath(path)}/{FOLDER}", os.O_PATH | os.O_DIRECTORY)


def address(folder: int) -> str:
    """The socket in that folder. The path of a desk may be longer than an address can be."""
    return f"/proc/self/fd/{folder}/{SOCKET}"


def user_of(connection: "socket") -> int:
    """The number of the user whose process is at the other end, by the word of the system.

    Raises OSError.
    """
    from socket import SO_PEERCRED, SOL_SOCKET

    told = connection.getsockopt(SOL_SOCKET, SO_PEERCRED, 12)  # process, user, group
    return int.from_bytes(told[4:8], sys.byteorder)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 20
