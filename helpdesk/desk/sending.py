"""Sending what is in the outbox: each message once, whoever else sends and whatever dies.

One program at a time sends from a desk, by a lock that the system lets go of when it dies. So
what is found marked as being sent was cut short. Right before its last step it is marked as handed
over: only what has that mark may have left. It is sent once more, before all others, and the next
time a person decides; so each death makes at most one message leave twice, and none three times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from helpdesk.desk import mail_secret, outbox, secrets, serving
from helpdesk.desk.desk import Desk
from helpdesk.desk.handing_over import HandingOver
from helpdesk.domain import outgoing as rules
from helpdesk.domain.errors import (
    BadConfiguration,
    InvalidInput,
    NotFound,
    NotPermitted,
    TryAgain,
    Unavailable,
)
from helpdesk.domain.message import Message
from helpdesk.domain.outgoing import Outgoing, Sending
from helpdesk.domain.rights import Right
from helpdesk.mail import composing
from helpdesk.mail.composing import File
from helpdesk.mail.reply_address import reply_address
from helpdesk.mail.sendmail import Sendmail
from helpdesk.mail.smtp import Smtp
from helpdesk.mail.transport import Result, Transport, Verdict, later, refused
from helpdesk.store.folder import UnreadableDocument
from helpdesk.store.lock import WriterLock

LOCK_FILE = ".sending"

_PAGE = 100

Report = Callable[[Outgoing], None]
"""Called with each message as it stands after it was tried."""


class Trouble(TryAgain):
    """The mail server cannot be reached, or does not let us in."""


@dataclass(slots=True)
class Session:
    """What came of sending: how many left, failed for good, or are tried again later.

    ``trouble`` is what stood between us and the mail server, if sending had to stop for it.
    """

    sent: int = 0
    failed: int = 0
    later: int = 0
    trouble: str = ""


def transport(desk: Desk) -> Transport:
    """How mail leaves this desk.

    Raises:
        BadConfiguration: if the desk sends none, or its password is not where desk.toml says.
        NotPermitted: in service mode, where a command would fail and put off every message.
    """
    out = desk.settings.mail.out
    if out is None:
        raise BadConfiguration(
            "this desk sends no mail: say in desk.toml, in [mail.out], how it is to be sent"
        )
    if out.by == "sendmail":
        serving.require_programs()
        return Sendmail(out.command)
    password = secrets.password(desk.path, out, "[mail.out]") if out.user else ""
    return Smtp(out.host or "", out.port_number, out.security, out.user, password)


def send(
    desk: Desk,
    way: Transport,
    *,
    report: Report = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Session:
    """Send everything that is due, oldest first, until ``stopped`` says so.

    The message under way is then broken off, unless it has left but for the server's answer.

    Raises:
        TryAgain: if another program sends from this desk.
        NotPermitted, CannotCreate: as every writing.
    """
    desk.require(Right.WORK)
    session = Session()
    with _alone(desk):
        desk.store.catch_up()
        _take_up_what_was_cut_short(desk)
        for number in _due(desk):
            if stopped() or session.trouble:
                break
            begun = _begin(desk, number)
            if begun is None:
                continue
            result = _hand_over(desk, way, begun, stopped)
            after = _settle(desk, number, result)
            if after is not None:
                _count(session, after, result)
                report(after)
    return session


@contextmanager
def _alone(desk: Desk) -> Iterator[None]:
    lock = WriterLock(desk.path / LOCK_FILE, timeout=0.0, desk=desk.path)
    try:
        lock.__enter__()
    except TryAgain:
        raise TryAgain("another program is sending from this desk already") from None
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


def _take_up_what_was_cut_short(desk: Desk) -> None:
    for number in desk.store.outbox(Sending.SENDING):
        with suppress(NotFound, UnreadableDocument), desk.writing() as writing:
            found = writing.outgoing(number)
            if found.state is Sending.SENDING:
                writing.put(rules.cut_short(found, desk.now()))


def _due(desk: Desk) -> Iterator[int]:
    """What is due, as it is at the time: what is queued meanwhile is sent too."""
    tried: set[int] = set()
    while True:
        page = [n for n in desk.store.outbox(Sending.QUEUED, limit=_PAGE) if n not in tried]
        if not page:
            return
        for number in page:
            tried.add(number)
            yield number


def _begin(desk: Desk, number: int) -> Outgoing | None:
    """Mark a message as being sent; None if it is not to be sent now."""
    try:
        with desk.writing() as writing:
            found = writing.outgoing(number)
            if not found.is_due(desk.now()):
                return None
            if desk.settings.mail.reply_addresses:
                mail_secret.make_secret(desk)
            return writing.put(rules.begun(found))
    except (NotFound, UnreadableDocument):
        return None


def _hand_over(
    desk: Desk, way: Transport, outgoing: Outgoing, stopped: Callable[[], bool]
) -> Result:
    try:
        message = desk.store.ticket(outgoing.ticket).message(outgoing.message)
        if message is None:
            return refused("the message is no longer on its ticket")
        mail = _mail(desk, outgoing, message)
        built = composing.compose(mail)
    except (UnreadableDocument, Unavailable, NotPermitted, TryAgain) as error:
        return later(error.message)
    except (InvalidInput, NotFound) as error:
        return refused(error.message)
    except OSError as error:
        return later(f"a file cannot be read: {error.strerror}")

    def last_step() -> None:
        with desk.writing() as writing:
            writing.put(rules.handed_over(writing.outgoing(outgoing.id), desk.now()))

    handing_over = HandingOver(way, last_step)
    try:
        return handing_over.outcome(mail.envelope_from, mail.envelope_to, built, stopped)
    except (NotFound, UnreadableDocument) as error:
        # Such as one whose customer was erased right before it left.
        return Result(Verdict.STOPPED, error.message)


def _mail(desk: Desk, outgoing: Outgoing, message: Message) -> composing.Outgoing:
    settings = desk.settings.mail
    ours = settings.address or ""
    # Some programs make ids that no mail server takes; a letter without them still arrives.
    answered = outgoing.in_reply_to
    secret = mail_secret.secret(desk) if settings.reply_addresses else None
    return composing.Outgoing(
        from_email=ours,
        from_name=desk.name,
        to_email=outgoing.to,
        to_name=outgoing.to_name,
        subject=outgoing.subject,
        date=message.at,
        message_id=outgoing.message_id,
        text=message.text,
        in_reply_to=answered if answered and composing.is_id(answered) else None,
        references=tuple(filter(composing.is_id, outgoing.references)),
        reply_to=reply_address(ours, outgoing.ticket, secret) if secret else None,
        automatic=outgoing.automatic,
        files=tuple(_files(desk, message)),
    )


def _files(desk: Desk, message: Message) -> Iterator[File]:
    for attachment in message.attachments:
        with desk.store.archived(attachment.sha256) as file:
            yield File(attachment.name, attachment.type, file.read())


def _settle(desk: Desk, number: int, result: Result) -> Outgoing | None:
    """Write down what became of it; None if its customer was erased meanwhile."""
    try:
        return _written_down(desk, number, result)
    except NotFound:
        return None
    except UnreadableDocument as error:
        # That it failed is for its ticket too: it is tried again until that can be read.
        with suppress(UnreadableDocument), desk.writing() as writing:
            return writing.put(rules.put_off(writing.outgoing(number), desk.now(), error.message))
        return None


def _written_down(desk: Desk, number: int, result: Result) -> Outgoing:
    at, words = desk.now(), result.words
    with desk.writing() as writing:
        tried = writing.outgoing(number)
        if result.verdict is Verdict.STOPPED:
            return writing.put(rules.stopped(tried))
        if result.verdict is Verdict.ACCEPTED:
            return writing.put(rules.sent(tried, at, words))
        if result.verdict is Verdict.REFUSED:
            return outbox.give_up(desk, writing, rules.failed(tried, at, words))
        if result.unsure:
            return writing.put(rules.unsure(tried, at, words))
        if rules.is_given_up(tried, at):
            last = f"given up after {rules.GIVE_UP.days} days: {words}"
            return outbox.give_up(desk, writing, rules.failed(tried, at, last))
        return writing.put(rules.put_off(tried, at, words))


def _count(session: Session, after: Outgoing, result: Result) -> None:
    session.sent += after.state is Sending.SENT
    session.failed += after.state is Sending.FAILED
    session.later += after.state is Sending.QUEUED
    if result.ours:
        session.trouble = result.words
