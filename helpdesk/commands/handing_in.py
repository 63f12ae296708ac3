"""The thin side of `ingest`: the message is handed in at a worker of the desk, where one listens.

Whatever is not as it should be is left to the full command, which finds the whole message at its
standard input all the same. `ingest` waits for what is imported here, so that is next to nothing.
"""

import os
from time import monotonic

from helpdesk import desk_folder, hand_in
from helpdesk.commands import streams

TYPE_CHECKING = False  # typing alone would take longer than all the rest
if TYPE_CHECKING:
    from collections.abc import Sequence
    from socket import socket

COMMAND = "ingest"
"""The command that a mail server calls. Whatever goes wrong with it is to be tried again: any other
code would have the server send the message back to the customer."""

TURN = 3.0
"""Seconds that the turn of the message is waited for: longer than the worker needs for others."""
TAKING = 60.0
"""Seconds that the worker may need for it."""

_PIECE = 1 << 20
_LONGEST_ANSWER = 32 * 1024 * 1024


class Call:
    """`ingest` in one of its plain forms: with ``--json`` or not, and of which desk."""

    __slots__ = ("as_json", "desk")

    def __init__(self, as_json: bool, desk: str | None) -> None:
        self.as_json = as_json
        self.desk = desk


def call_of(words: "Sequence[str]") -> Call | None:
    """The words of a command line, if they are such a call."""
    as_json, desk, is_named = False, None, False
    left = iter(words)
    for word in left:
        option, joined, value = word.partition("=")
        if option == "--desk" and desk is None:
            desk = value if joined else next(left, "")
            if not desk or desk.startswith("-"):
                return None
        elif word == COMMAND and not is_named:
            is_named = True
        elif word == "--json" and is_named:
            as_json = True
        else:
            return None
    return Call(as_json, desk) if is_named else None


def hand_in_message(call: Call) -> bool:
    """Hand the message in that standard input holds; gives whether it is durable, and has said so.

    If not, it is at standard input still. Raises OSError if it cannot be read to its end.
    """
    if not (hand_in.is_possible() and _is_who_it_seems()):
        return False
    path = desk_folder.meant(call.desk)
    if not hand_in.is_there(path):
        return False
    message = _put_aside()
    if message is None:
        return False
    text = _answer(path, form_of(call.as_json), message)
    if text is None:
        return False
    streams.accept_any_text()
    streams.write_if_heard(text)
    return True


def _is_who_it_seems() -> bool:
    """Whether a program of this user, who came as such, is at work; in service mode he is another.
    At a terminal it is the full command that knows how it is left."""
    return "SUDO_UID" not in os.environ and os.getuid() == os.geteuid() and not os.isatty(0)


def form_of(as_json: bool) -> str:
    """In which form of ``hand_in`` it is to be said what became of a message."""
    if not as_json:
        return hand_in.WORDS
    return hand_in.JSON if streams.writes_utf8() else hand_in.ESCAPED


def _put_aside() -> int | None:
    """Put all of standard input into a file without a name, and that in the place of standard
    input; gives another descriptor of it, at its start, to be read by somebody else.

    None if that cannot be; all of it is at standard input then. Raises OSError if it cannot be
    read to its end.
    """
    try:
        file = os.memfd_create("message")
    except OSError:
        return None
    size = 0
    while piece := os.read(0, _PIECE):
        if size <= hand_in.IN_MEMORY < size + len(piece):
            file = _on_the_disk(file)
        size += len(piece)
        _write(file, piece)
    os.lseek(file, 0, os.SEEK_SET)
    os.dup2(file, 0)
    try:
        # Whoever reads a duplicate would read on where the other stopped.
        return os.open(f"/proc/self/fd/{file}", os.O_RDONLY)
    except OSError:
        return None


def _on_the_disk(file: int) -> int:
    from tempfile import TemporaryFile  # which few messages need

    with TemporaryFile() as made:
        other = os.dup(made.fileno())
    os.lseek(file, 0, os.SEEK_SET)
    while piece := os.read(file, _PIECE):
        _write(other, piece)
    os.close(file)
    return other


def _write(file: int, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(file, rest) :]


def _answer(path: str, form: str, message: int) -> str | None:
    """What the worker says became of the message; None if it did not say so."""
    from socket import AF_UNIX, SOCK_STREAM, send_fds, socket

    try:
        request = hand_in.Request(hand_in.program(), hand_in.desk(path), form)
        folder = hand_in.opened(path)
        with socket(AF_UNIX, SOCK_STREAM) as worker:
            worker.settimeout(TURN)
            worker.connect(hand_in.address(folder))
            if hand_in.user_of(worker) != os.geteuid():
                return None
            send_fds(worker, [request.line()], [message])
            return hand_in.text_of(_heard(worker))
    except OSError:
        return None


def _heard(worker: "socket") -> bytes:
    """All that the worker says. Raises OSError if it is silent for too long."""
    heard = bytearray()
    until = monotonic() + TURN
    while True:
        worker.settimeout(max(until - monotonic(), 0.001))
        piece = worker.recv(_PIECE)
        if not piece or len(heard) > _LONGEST_ANSWER:
            return bytes(heard)
        if not heard:
            until = monotonic() + TAKING
        heard += piece
