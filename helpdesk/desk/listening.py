"""The socket of a desk, at which a worker hears `ingest`: one worker of a desk has it at a time.

It is in ``.cache`` and for the worker's own user alone. Whoever listens keeps a file beside it
locked, which the system lets go of however the worker ends; the next one removes the socket that
was left. A copy of the desk may have a socket as well, at which nobody answers.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

from helpdesk import hand_in
from helpdesk.store import durable
from helpdesk.store.lock import WriterLock

LOCK_FILE = "worker.lock"

_WAITING = 128
"""How many may wait to be heard; who comes then takes his message in by himself."""


class Listener:
    """A socket that hears who hands in a message at the desk in folder ``path``."""

    def __init__(self, path: Path) -> None:
        """Listen there.

        Raises:
            TryAgain: if another worker does.
            NotPermitted, CannotCreate: if there can be no socket.
        """
        place = path / hand_in.FOLDER / hand_in.SOCKET
        durable.make_folders(place.parent, path)
        self._lock = WriterLock(place.with_name(LOCK_FILE), timeout=0.0, desk=path)
        self._lock.__enter__()
        self._path = path
        self._folder = -1
        self._socket: socket.socket | None = None
        self._lies = (0, 0)
        self._is_shut = False
        try:
            with durable.reporting(place, path):
                self._folder = hand_in.opened(path)
                self._socket = self._bound()
                self._lies = self._seen()
        except BaseException:
            self.close()
            raise

    def _bound(self) -> socket.socket:
        """The socket, in the place of one that a worker left which is no more."""
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with suppress(FileNotFoundError):
                os.unlink(hand_in.SOCKET, dir_fd=self._folder)
            os.fchmod(made.fileno(), 0o600)  # which it has from the moment when it is there
            made.bind(hand_in.address(self._folder))
            made.listen(_WAITING)
        except BaseException:
            made.close()
            raise
        return made

    def is_there(self) -> bool:
        """Whether whoever comes to the desk comes here: not if its folder is another by now, or
        somebody has removed the socket."""
        with suppress(OSError):
            lies = (self._path / hand_in.FOLDER / hand_in.SOCKET).lstat()
            return (lies.st_dev, lies.st_ino) == self._lies
        return False

    def accept(self) -> socket.socket | None:
        """Wait for the next who comes; None once it is closed. Raises OSError."""
        assert self._socket is not None
        try:
            return self._socket.accept()[0]
        except OSError:
            if self._is_shut:
                return None
            raise

    def close(self) -> None:
        """Hear nobody any more, and let another worker listen."""
        if self._socket is not None:
            self._is_shut = True
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
            self._socket.close()
            with suppress(OSError):
                if self._seen() == self._lies:
                    os.unlink(hand_in.SOCKET, dir_fd=self._folder)
        if self._folder >= 0:
            os.close(self._folder)
        self._lock.__exit__(None, None, None)

    def _seen(self) -> tuple[int, int]:
        lies = os.stat(hand_in.SOCKET, dir_fd=self._folder, follow_symlinks=False)
        return lies.st_dev, lies.st_ino
