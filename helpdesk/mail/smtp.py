"""Sending by SMTP: one connection for as many messages as there are."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from helpdesk.mail.transport import LastStep, Result, accepted, later, refused, stopped


class Patience(NamedTuple):
    """Seconds that a server may take: to be there, for one answer, to take a whole message, and to
    say goodbye.

    It may only then look through the message, for which RFC 5321 (4.5.3.2) gives it ten minutes.
    """

    connecting: float = 30.0
    answer: float = 120.0
    message: float = 600.0
    goodbye: float = 5.0


PATIENCE = Patience()


_ABOUT_US = frozenset({421, 454, 530, 534, 535, 538})
"""Codes that speak of the connection or of our login, never of the message."""

_ABOUT_OUR_ADDRESS = re.compile(
    rb"sender address rejected|not owned by|permissions to send as|sendasdenied"
    rb"|relay(ing)? (access )?(denied|not permitted|not allowed)|unable to relay|allowed rcpthosts",
    re.IGNORECASE,
)
"""What our server says of a recipient or a message though it means us: Postfix refuses nothing
before the recipient is named, and Exchange nothing before the message is there."""

_TROUBLE = (OSError, smtplib.SMTPException, ValueError)
_DOT = re.compile(rb"^\.", re.MULTILINE)


class _AnswerLost(Exception):
    """The whole message was handed over, and what the server says of it never came."""


class _LastStepRefused(Exception):
    """All but the end of the message was sent, and the end is not to be."""


@dataclass(slots=True)
class Smtp:
    """A mail server. ``user`` is empty where it asks for no login."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    patience: Patience = PATIENCE
    _connection: smtplib.SMTP | None = field(default=None, init=False)

    def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
        """Hand over one message; see ``Transport``. The last step is the dot that ends it."""
        try:
            return self._handed_over(self._begun(), sender, to, message, last_step)
        except _AnswerLost as lost:
            self._drop()
            error = lost.__cause__ or lost
            return later(f"{self.host}: {_words(error)}", ours=True, unsure=True)
        except _TROUBLE as error:
            self._drop()
            return later(f"{self.host}: {_words(error)}", ours=True)
        except _LastStepRefused:
            self._drop()
            return stopped()
        except BaseException:
            self._drop()  # whatever is said next would be part of the message
            raise

    def break_off(self) -> None:
        """Hang up, whoever waits for the server."""
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Say goodbye, if there is anybody."""
        if self._connection is not None:
            with suppress(*_TROUBLE):
                _wait_for(self._connection, self.patience.goodbye)
                self._connection.quit()
            self._drop()

    def _handed_over(
        self,
        connection: smtplib.SMTP,
        sender: str,
        to: str,
        message: bytes,
        last_step: LastStep,
    ) -> Result:
        options: tuple[str, ...] = ()
        if not f"{sender}{to}".isascii():
            if not connection.has_extn("smtputf8"):
                words = "our mail server takes no address with such letters (SMTPUTF8)"
                return refused(words) if not to.isascii() else later(words)
            options = ("SMTPUTF8", "BODY=8BITMIME")
        code, answer = connection.mail(sender, options)
        if code != 250:
            # It speaks of our address, for every message alike: that is for desk.toml to mend.
            return self._not_taken(code, answer, for_good=False)
        code, answer = connection.rcpt(to)
        if code not in (250, 251):
            return self._not_taken(code, answer)
        code, answer = connection.docmd("DATA")
        if code == 354:
            code, answer = self._told(connection, message, last_step)
        return accepted(_reply(code, answer)) if code == 250 else self._not_taken(code, answer)

    def _told(
        self, connection: smtplib.SMTP, message: bytes, last_step: LastStep
    ) -> tuple[int, bytes]:
        """What the server says of the whole message. Raises _AnswerLost if it says nothing."""
        _wait_for(connection, self.patience.message)
        connection.send(_DOT.sub(b"..", message))
        if not last_step():
            raise _LastStepRefused
        try:
            connection.send(b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n")
            answered = connection.getreply()
        except _TROUBLE as error:
            raise _AnswerLost from error
        _wait_for(connection, self.patience.answer)
        return answered

    def _not_taken(self, code: int, answer: bytes, *, for_good: bool = True) -> Result:
        ours = code in _ABOUT_US
        if ours:
            self._drop()
        words = _reply(code, answer)
        of_us = ours or _ABOUT_OUR_ADDRESS.search(answer) is not None
        for_good = for_good and 500 <= code < 600 and not of_us
        return refused(words) if for_good else later(words, ours=ours)

    def _begun(self) -> smtplib.SMTP:
        """A connection that is known to answer."""
        if self._connection is not None:
            with suppress(*_TROUBLE):
                if self._connection.rset()[0] == 250:
                    return self._connection
            self._drop()
        self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        connection: smtplib.SMTP
        if self.security == "tls":
            connection = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.patience.connecting, context=context
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=self.patience.connecting)
        try:
            if connection.sock is not None:  # else the end of a message waits for its beginning
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _wait_for(connection, self.patience.answer)
            connection.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                connection.starttls(context=context)
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _wait_for(connection: smtplib.SMTP, seconds: float) -> None:
    if connection.sock is not None:
        connection.sock.settimeout(seconds)


def _reply(code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(words.split())}"


def _words(error: BaseException) -> str:
    """What went wrong, in the server's words where it said any."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "no answer in time"
    if isinstance(error, UnicodeError):
        return "host, user or password hold letters that cannot be sent; check them"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted ({error.verify_message})"
    if isinstance(error, ssl.SSLError) and error.reason == "WRONG_VERSION_NUMBER":
        return 'it speaks no TLS at this port; perhaps security = "starttls" is meant'
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
