"""A folder of an IMAP account: what is in it, and what becomes of what was taken in."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from imap_tools import (
    A,
    BaseMailBox,
    MailBox,
    MailBoxUnencrypted,
    MailMessageFlags,
)
from imap_tools.errors import ImapToolsError

from helpdesk.domain.errors import Unavailable
from helpdesk.mail_settings import MailInSection
from helpdesk.text import clean_line

_SECONDS = 30
"""How long the server may take for one answer."""

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_LIST = 500
"""Messages named in one request."""


class Folder:
    """The folder of an account while it is open."""

    def __init__(self, box: BaseMailBox, account: MailInSection) -> None:
        self._box = box
        self._account = account
        self.validity = self._validity()

    def uids(self, after: int) -> list[int]:
        """The messages with higher numbers, in order."""
        found = self._box.uids(f"UID {after + 1}:*")
        # The last message answers to any range that is open above.
        return sorted(uid for uid in map(int, found) if uid > after)

    def unseen(self) -> list[int]:
        """The messages that nobody has read."""
        return sorted(map(int, self._box.uids(A(seen=False))))

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """The bytes of each message; what has gone is left out."""
        found = {}
        for start in range(0, len(uids), _LIST):
            for part in self._fetched(uids[start : start + _LIST], "(UID RFC822.SIZE)"):
                line = part if isinstance(part, bytes) else part[0]
                uid, size = _UID.search(line), _SIZE.search(line)
                if uid and size:
                    found[int(uid[1])] = int(size[1])
        return found

    def read(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The messages as they came, not marked as seen; what has gone is left out."""
        found: dict[int, bytes] = {}
        raw, uid = None, None
        for part in self._fetched(uids, "(UID BODY.PEEK[])"):
            line = part if isinstance(part, bytes) else part[0]
            named = _UID.search(line)
            if isinstance(part, tuple):
                raw, uid = part[1], None
            uid = int(named[1]) if named else uid
            if raw is not None and uid is not None:
                found[uid] = raw
                raw, uid = None, None
        return found

    def done(self, uids: Sequence[int]) -> None:
        """The messages are kept at the desk: do with them what the settings say."""
        names = [str(uid) for uid in uids]
        if not names:
            return
        if self._account.then == "delete":
            self._box.delete(names, chunks=_LIST)
        elif self._account.then == "move":
            self._box.move(names, self._account.move_to or "", chunks=_LIST)
        else:
            self._box.flag(names, MailMessageFlags.SEEN, True, chunks=_LIST)

    def wait(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Return when something has happened in the folder, after so long, or when stopped."""
        if "IDLE" not in self._box.client.capabilities:
            _slept(min(seconds, 60), stop)
            return
        idle: Any = self._box.idle
        idle.start()
        try:
            left = seconds
            while left > 0 and not stop() and not idle.poll(timeout=1):
                left -= 1
        finally:
            idle.stop()

    def _validity(self) -> int:
        status = self._box.folder.status(self._account.folder, ["UIDVALIDITY"])
        return int(status["UIDVALIDITY"])

    def _fetched(self, uids: Sequence[int], what: str) -> list[bytes | tuple[bytes, bytes]]:
        names = ",".join(map(str, uids))
        kind, data = self._box.client.uid("FETCH", names, what)
        if kind != "OK":
            raise imaplib.IMAP4.error("the messages cannot be fetched")
        return [part for part in data if part]


@contextmanager
def opened(account: MailInSection, password: str) -> Iterator[Folder]:
    """The folder of an account.

    Raises:
        Unavailable: if the server cannot be reached, refuses the login or breaks off.
    """
    with _reporting(account):
        box = _connected(account)
        with _logged_in(box, account, password) as ready:
            yield Folder(ready, account)


@contextmanager
def _logged_in(box: BaseMailBox, account: MailInSection, password: str) -> Iterator[BaseMailBox]:
    try:
        try:
            plain = f"{account.user}{password}".isascii()
            login = box.login if plain else box.login_utf8
            login(account.user, password, initial_folder=account.folder)
        except (imaplib.IMAP4.error, ImapToolsError) as error:
            raise Unavailable(
                f"account {account.name}: the server refuses the login or the folder; check user, "
                f"password and folder ({_said(error)})"
            ) from None
        yield box
    finally:
        try:
            box.logout()
        except (OSError, imaplib.IMAP4.error, ImapToolsError):
            box.client.shutdown()


def _connected(account: MailInSection) -> BaseMailBox:
    host, port = account.host, account.port_number
    context = ssl.create_default_context()
    if account.security == "tls":
        return MailBox(host, port, timeout=_SECONDS, ssl_context=context)
    box = MailBoxUnencrypted(host, port, timeout=_SECONDS)
    if account.security == "starttls":
        try:
            box.client.starttls(context)
        except BaseException:
            with suppress(OSError):  # it may be closed already, and the fault is another
                box.client.shutdown()
            raise
    return box


@contextmanager
def _reporting(account: MailInSection) -> Iterator[None]:
    try:
        yield
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise Unavailable(f"account {account.name}: {_said(error)}") from error
    except UnicodeError:
        raise Unavailable(
            f"account {account.name}: host or folder cannot be written so; check both"
        ) from None


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return clean_line(str(error), 200) or type(error).__name__


def _slept(seconds: float, stop: Callable[[], bool]) -> None:
    import time

    while seconds > 0 and not stop():
        time.sleep(min(1, seconds))
        seconds -= 1
