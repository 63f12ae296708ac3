"""A real IMAP server of the test's own: Dovecot on loopback, its files in a folder of the test."""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
PASSWORD = "secret"
_SECONDS = 20

_CONFIG = """\
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = imap
listen = 127.0.0.1
{tls}
disable_plaintext_auth = no
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
mail_location = maildir:{base}/mail
mail_uid = {internal}
mail_gid = {group}
first_valid_uid = 0
first_valid_gid = 0
auth_mechanisms = plain login
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={internal} gid={group} home={base}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Server:
    """A server that runs; any user may log in by PASSWORD and has the same mail.

    With a certificate and its key it speaks TLS: at ``tls_port``, and by STARTTLS at ``port``.
    """

    def __init__(self, base: Path, certificate: tuple[Path, Path] | None = None) -> None:
        self.base = base
        self.port = _free_port()
        self.tls_port = _free_port() if certificate else 0
        self._running: subprocess.Popen[bytes] | None = None
        for name in ("run", "state", "mail"):
            (base / name).mkdir(exist_ok=True)
        names = _names()
        if os.getuid() == 0:
            # It does not let root read mail, and so needs a folder that others may enter.
            base.chmod(0o755)
            shutil.chown(base / "mail", names["internal"], names["group"])
        tls = "ssl = no"
        if certificate is not None:
            tls = f"ssl = yes\nssl_cert = <{certificate[0]}\nssl_key = <{certificate[1]}"
        text = _CONFIG.format(
            base=base,
            port=self.port,
            tls=tls,
            tls_port=self.tls_port,
            password=PASSWORD,
            **names,
        )
        (base / "dovecot.conf").write_text(text, encoding="utf-8")

    def start(self) -> None:
        """Run until ``stop``."""
        assert DOVECOT is not None
        self._running = subprocess.Popen(
            [DOVECOT, "-F", "-c", str(self.base / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + _SECONDS
        while True:
            with suppress(OSError, imaplib.IMAP4.error), self.login():
                return
            assert time.monotonic() < until, (self.base / "log").read_text()
            assert self._running.poll() is None, (self.base / "log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """End it and what it has started."""
        if self._running is not None:
            self._running.terminate()
            self._running.wait(_SECONDS)
            self._running = None

    @contextmanager
    def login(self) -> Iterator[imaplib.IMAP4]:
        """A client of the test's own."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=_SECONDS)
        client.login("help", PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def deliver(self, *messages: bytes, folder: str = "INBOX", flags: str = "") -> None:
        """Put messages in a folder."""
        with self.login() as client:
            for message in messages:
                client.append(folder, flags, "", message)

    def holds(self, folder: str = "INBOX", which: str = "ALL") -> int:
        """How many messages of that kind a folder holds."""
        with self.login() as client:
            client.select(folder, readonly=True)
            return len(client.search(None, which)[1][0].split())


@contextmanager
def running_server(certificate: tuple[Path, Path] | None = None) -> Iterator[Server]:
    """A server that runs during the block, in a temporary folder of its own."""
    base = Path(tempfile.mkdtemp(prefix="helpdesk-imap-"))
    running = Server(base, certificate)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(base, ignore_errors=True)


def _names() -> dict[str, str]:
    """As whom its processes run: as those of the package if we are root, else as ourselves."""
    if os.getuid() == 0:
        return {"login": "dovenull", "internal": "dovecot", "group": "dovecot"}
    ours = pwd.getpwuid(os.getuid()).pw_name
    return {"login": ours, "internal": ours, "group": grp.getgrgid(os.getgid()).gr_name}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
