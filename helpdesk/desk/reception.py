"""Where a worker takes in the messages that `ingest` hands in, so that each does not have to start
a whole program for it.

Each message is taken in by a desk that is opened for it, so that settings, roles and texts hold as
they are then, and only for the worker's own user, whose rights are the same. Whatever stands in the
way, the worker hangs up, and whoever handed the message in takes it in himself. One that was taken
in already changes nothing, so nobody has to know which of both came first.
"""

from __future__ import annotations

import errno
import os
import socket
import stat
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TypeVar

from helpdesk import hand_in
from helpdesk.desk import arriving, inbound, serving
from helpdesk.desk.desk import open_desk
from helpdesk.desk.listening import Listener
from helpdesk.desk.working import Tell
from helpdesk.domain.errors import HelpdeskError, InvalidInput, TryAgain

AT_ONCE = 64
"""How many are heard at a time; who comes then takes his message in by himself."""

_PATIENCE = 5.0
"""Seconds that whoever has come has for saying what he wants, and for hearing the answer."""

_LAST_WAIT = 5.0
"""Seconds that the message at hand, and its answer, are waited for at the end."""

_AFTER_A_MISHAP = 1.0  # seconds

A = TypeVar("A")

Say = Callable[[inbound.Taken, str], str]
"""What is written of what became of a message, in a form of ``hand_in``."""


def is_possible() -> bool:
    """Whether there can be one: not in service mode, where a worker works as the agent who started
    it, and not where the system does not tell who hands something in."""
    return hand_in.is_possible() and serving.service() is None


class Reception:
    """A duty of a worker: to be there at the desk in folder ``path`` for whoever hands in."""

    def __init__(self, path: Path, say: Say, tell: Tell) -> None:
        self._path = path
        self._say = say
        self._tell = tell
        self._program = hand_in.program()
        self._listener: Listener | None = None
        self._one = threading.Lock()
        self._begun: set[threading.Thread] = set()
        self._room = threading.Semaphore(AT_ONCE)
        self._ended = threading.Event()
        self._met_another = False
        self._fault = ""

    # A duty

    def is_due(self, now: datetime) -> bool:
        """Whether nobody is heard, or whoever comes does not come here any more."""
        return self._listener is None or not self._listener.is_there()

    def do(self, stopped: Callable[[], bool], tell: Tell) -> None:
        """Be there, unless another worker is, or there can be no socket; it is tried again."""
        self._leave()
        try:
            self._listener = Listener(self._path)
            self._fault = ""
            _in_a_thread(self._hear_all, self._listener)
        except TryAgain:
            return
        except HelpdeskError as error:
            self._complain(error.message)
        except RuntimeError:  # no more threads
            self._leave()

    def close(self) -> None:
        """Hear nobody any more; the message at hand is finished and answered for, or whoever handed
        it in finds out that it was not."""
        self._ended.set()
        self._leave()
        until = monotonic() + _LAST_WAIT
        for thread in list(self._begun):
            thread.join(max(0.0, until - monotonic()))

    def __enter__(self) -> Reception:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _leave(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    # Who comes

    def _hear_all(self, listener: Listener) -> None:
        while True:
            try:
                connection = listener.accept()
            except OSError as error:  # too many open files
                self._complain(error.strerror or "the system refused it")
                self._ended.wait(_AFTER_A_MISHAP)
                continue
            if connection is None:
                return
            self._hear(connection)

    def _complain(self, fault: str) -> None:
        """Say once why nobody is heard."""
        if fault != self._fault:
            self._tell(f"no message can be handed in: {fault}")
            self._fault = fault

    def _hear(self, connection: socket.socket) -> None:
        """Hear one, beside all others, so that none is held up by one who is silent."""
        if not self._room.acquire(blocking=False):
            connection.close()
            return
        try:
            _in_a_thread(self._serve, connection)
        except RuntimeError:  # no more threads
            self._room.release()
            connection.close()

    def _serve(self, connection: socket.socket) -> None:
        told = None
        try:
            with connection:
                connection.settimeout(_PATIENCE)
                if hand_in.user_of(connection) == os.geteuid():
                    told = self._heed(connection)
            if told is not None:
                self._tell(told)  # when he waits no more, as whoever keeps the log may be slow
        except OSError:
            pass  # he has gone, or says nothing, or does not listen
        finally:
            self._begun.discard(threading.current_thread())
            self._room.release()

    def _heed(self, connection: socket.socket) -> str | None:
        """Take in what somebody hands in, and tell him so; to hang up means that it was not. Gives
        what the log is told."""
        line, files, flags, _ = socket.recv_fds(
            connection, hand_in.LONGEST_REQUEST, 1, socket.MSG_CMSG_CLOEXEC
        )
        if flags & socket.MSG_CTRUNC and not files:
            self._complain(os.strerror(errno.EMFILE))
        with ExitStack() as stack:
            for file in files:
                stack.callback(os.close, file)
            request = hand_in.request_of(line)
            if request is None or not files:
                return None
            if request.program != self._program:
                return self._meet_another()
            if request.desk != hand_in.desk(self._path):
                return None
            said, told = self._take_in_turn(connection, request, files[0])
        if said is not None:
            self._fault = ""
            with suppress(OSError):  # nobody listens any more
                connection.sendall(hand_in.taken(said))
        return told

    def _meet_another(self) -> str | None:
        """What the log is told of another version, once."""
        if self._met_another:
            return None
        self._met_another = True
        return "messages are handed in by another version: start this worker anew"

    # What is handed in

    def _take_in_turn(
        self, connection: socket.socket, request: hand_in.Request, file: int
    ) -> tuple[str | None, str | None]:
        """Take a message in when no other is under way, so that not many are held in memory; gives
        what is to be said, if it is kept, and what the log is told."""
        with self._one:
            self._begun.add(threading.current_thread())  # before it is asked whether this ends
            if self._ended.is_set():
                return None, None
            connection.sendall(hand_in.BEGUN)  # raises OSError if he has given up
            try:
                taken = self._take(file)
                said = self._say(taken, request.form)
            except Exception as error:  # no message may stop the others, whatever it does to us
                return None, f"not taken in, and left to 'ingest' itself: {inbound.trouble(error)}"
        return said, f"ticket {taken.ticket}: a message was handed in"

    def _take(self, file: int) -> inbound.Taken:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise InvalidInput("what was handed in is no file")
        with open(file, "rb", closefd=False) as source, open_desk(self._path) as desk:
            return inbound.take(desk, arriving.message(source))


def _in_a_thread(work: Callable[[A], None], with_what: A) -> None:
    """Do it in a thread that the program does not wait for at its end. Raises RuntimeError."""
    threading.Thread(target=work, args=(with_what,), name="reception", daemon=True).start()
