"""A real mail server on loopback, which keeps what it takes and refuses what it is told to."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


@dataclass
class Letterbox:
    """What the server took, as (sender, recipient, message), and what it answers."""

    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    """What it says to these recipients instead of taking mail for them."""
    at_data: str = ""
    """What it says at the end of a message instead of taking it; "die" hangs up, "take and say
    nothing" takes it and leaves the sender without an answer."""
    no_sender: str = ""
    """What it says to every sender instead of letting it send."""
    connections: int = 0

    async def handle_EHLO(  # noqa: N802 - the name that aiosmtpd calls
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.no_sender:
            return self.no_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.at_data == "die":
            server.transport.abort()
            return "421 gone"
        silent = self.at_data == "take and say nothing"
        if self.at_data and not silent:
            return self.at_data
        for address in envelope.rcpt_tos:
            self.taken.append(((envelope.mail_from or "").strip("<>"), address, envelope.content))
        if silent:
            await asyncio.Event().wait()
        return "250 2.0.0 taken"

    def subjects(self) -> list[str]:
        """The subject lines of what was taken, in the order in which it came."""
        lines = (line for _, _, message in self.taken for line in message.split(b"\r\n"))
        return [line.decode() for line in lines if line.startswith(b"Subject:")]


@contextmanager
def smtp_server(letterbox: Letterbox, **settings: Any) -> Iterator[int]:
    """The server while the block lasts; gives its port."""
    controller = Controller(letterbox, hostname="127.0.0.1", port=free_port(), **settings)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that only itself vouches for, and its key: their files."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", cert),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    return cert, key


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def who_knows(password: bytes) -> Any:
    """Lets in whoever says that password."""

    def authenticate(
        server: SMTP, session: Any, envelope: Any, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=data.password == password, handled=False)

    return authenticate
