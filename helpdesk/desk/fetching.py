"""Fetching mail from IMAP accounts: each message once, and kept before anything is done to it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from helpdesk.desk import inbound, secrets
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import BadConfiguration, HelpdeskError
from helpdesk.domain.rights import Right
from helpdesk.mail_settings import MailInSection
from helpdesk.store import durable, home
from helpdesk.store.plain import read_plain_file

if TYPE_CHECKING:
    from helpdesk.desk.imap import Folder

STATE_FILE = "fetched.json"

MESSAGES_AT_ONCE = 20
BYTES_AT_ONCE = 16 * 1024 * 1024
"""So much is asked of a server at once; a larger message comes alone."""

_WAIT = 25 * 60  # seconds; servers may break off a connection that waits for half an hour
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 300.0


@dataclass(slots=True)
class Fetched:
    """What came of looking into an account once."""

    account: str
    taken: int = 0
    duplicates: int = 0
    failed: int = 0
    fault: str | None = None
    bad_settings: bool = False
    """Whether the fault is in the settings, or in what they name."""

    def as_json(self) -> dict[str, Any]:
        """The keys of ``--json``."""
        return {key: value for key, value in asdict(self).items() if key != "bad_settings"}


@dataclass(frozen=True, slots=True)
class Known:
    """How far the messages of a folder are known: those up to ``last``, but for ``again``, which
    could not be taken in and are tried again. After ``first`` every one was taken that came;
    ``home`` is the mark of the desk that noted it."""

    validity: int
    last: int
    again: tuple[int, ...] = ()
    first: int | None = None
    home: str = ""


def fetch(desk: Desk, account: MailInSection) -> Fetched:
    """Take in what is new in an account; a fault is told in what is given, not raised.

    Raises:
        NotPermitted: if the agent may change no tickets.
    """
    desk.require(Right.WORK)
    report = Fetched(account.name)
    try:
        with _opened(desk, account) as folder:
            take_new(desk, account, folder, report)
    except HelpdeskError as error:
        report.fault = error.message
        report.bad_settings = isinstance(error, BadConfiguration)
    return report


def watch(
    desk: Desk,
    account: MailInSection,
    tell: Callable[[Fetched], None],
    stop: Callable[[], bool],
    pause: Callable[[float], object],
) -> None:
    """Take in what comes, as it comes, until ``stop`` says so; whatever breaks is tried again.

    ``pause`` waits for so many seconds, or until stopped. After each failure the pause is twice
    as long, up to five minutes.

    Raises:
        NotPermitted: if the agent may change no tickets.
    """
    desk.require(Right.WORK)
    seconds = _FIRST_PAUSE
    while not stop():
        report = Fetched(account.name)
        try:
            with _opened(desk, account) as folder:
                while not stop():
                    report = Fetched(account.name)
                    take_new(desk, account, folder, report, stop)
                    tell(report)
                    if report.failed:
                        break
                    seconds = _FIRST_PAUSE
                    folder.wait(_WAIT, stop)
        except HelpdeskError as error:
            report.fault = error.message
            tell(report)
        if not stop():
            pause(seconds * random.uniform(0.8, 1.2))
            seconds = min(seconds * 2, _LONGEST_PAUSE)


def take_new(
    desk: Desk,
    account: MailInSection,
    folder: Folder,
    report: Fetched,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Take in the new messages of a folder that is open, until stopped. Raises HelpdeskError.

    At the first look these are the messages that nobody has read: who begins with a full mailbox
    imports what is old.
    """
    desk.require(Right.WORK)
    desk.store.catch_up(by_folders=True)  # which makes a copy a desk of its own
    known = _known(desk, account, folder)
    here = home.mark(desk.path)
    if known is None:
        highest = max(folder.uids(0), default=0)
        known = Known(folder.validity, highest, tuple(folder.unseen()), highest, here)
        _note(desk, account, known)
    elif known.home != here:
        missed = {*known.again, *_missed(desk, account, folder, known)}
        known = replace(known, again=tuple(sorted(missed)), home=here)
        _note(desk, account, known)
    new = [*known.again, *folder.uids(known.last)]
    for some in _portions(new, folder.sizes(new)):
        if stop():
            return
        failed = _take(desk, account, folder, some, report)
        again = sorted({*known.again} - {*some} | {*failed})
        known = replace(known, last=max(known.last, *some), again=tuple(again))
        _note(desk, account, known)


def _take(
    desk: Desk, account: MailInSection, folder: Folder, uids: Sequence[int], report: Fetched
) -> list[int]:
    """Take in some messages; gives those that the desk had trouble with."""
    raws = folder.read(uids)
    done, failed = [], []
    for uid in uids:
        if uid not in raws:
            continue  # somebody removed it
        try:
            taken = inbound.take(desk, raws.pop(uid), _origin(account, folder, uid))
        except Exception as error:  # no message may stop the others, whatever it does to us
            report.failed += 1
            report.fault = inbound.trouble(error)
            failed.append(uid)
            continue
        report.taken += not taken.duplicate
        report.duplicates += taken.duplicate
        done.append(uid)
    folder.done(done)
    return failed


def _missed(desk: Desk, account: MailInSection, folder: Folder, known: Known) -> list[int]:
    """What the desk does not hold of the messages that it takes for known: in a copy made while
    mail came in, the note of how far it was may be newer than the tickets."""
    if known.first is None:
        return []
    origins = {_origin(account, folder, uid): uid for uid in folder.uids(known.first)}
    held = desk.store.by_origins(origins)
    return [uid for origin, uid in origins.items() if uid <= known.last and origin not in held]


def _origin(account: MailInSection, folder: Folder, uid: int) -> str:
    return f"imap:{account.name}/{account.folder}/{folder.validity}/{uid}"


def _portions(uids: Sequence[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    portion: list[int] = []
    held = 0
    for uid in uids:
        size = sizes.get(uid, 0)
        if portion and (len(portion) >= MESSAGES_AT_ONCE or held + size > BYTES_AT_ONCE):
            yield portion
            portion, held = [], 0
        portion.append(uid)
        held += size
    if portion:
        yield portion


def _opened(desk: Desk, account: MailInSection):  # type: ignore[no-untyped-def]
    from helpdesk.desk.imap import opened  # which takes 50 ms that only this needs

    where = f"account {account.name}"
    return opened(account, secrets.password(desk.path, account, where))


def _known(desk: Desk, account: MailInSection, folder: Folder) -> Known | None:
    """What is known of a folder; None at the first look, also after it was made anew."""
    found: Any = _states(desk).get(f"{account.name}/{account.folder}")
    try:
        known = Known(
            found["validity"],
            found["last"],
            tuple(found["again"]),
            found.get("first"),
            found.get("home", ""),
        )
    except (KeyError, TypeError, AttributeError):
        return None
    uids = (known.last, *known.again, *(() if known.first is None else (known.first,)))
    if not all(type(uid) is int for uid in uids) or not isinstance(known.home, str):
        return None  # somebody has edited it
    return known if known.validity == folder.validity else None


def _note(desk: Desk, account: MailInSection, known: Known) -> None:
    with desk.writing():  # nobody else notes at the same time
        states = {**_states(desk), f"{account.name}/{account.folder}": asdict(known)}
        text = json.dumps(states, indent=1)
        durable.write_file(desk.path / STATE_FILE, text.encode() + b"\n", desk=desk.path)


def _states(desk: Desk) -> dict[str, Any]:
    with suppress(OSError, ValueError, RecursionError):
        found = json.loads(read_plain_file(desk.path / STATE_FILE))
        return found if isinstance(found, dict) else {}
    return {}
