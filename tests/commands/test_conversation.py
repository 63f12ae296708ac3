"""A whole conversation by mail, as a customer and an agent have it: a worker and real servers."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.mail.letter import Letter
from helpdesk.mail.parsing import read
from tests.commands.conftest import Shell
from tests.commands.test_sending import WAIT, started, until
from tests.conftest import DESK_TOML
from tests.desk.dovecot import DOVECOT, PASSWORD, Server, running_server
from tests.desk.letters import letter
from tests.mail.servers import Letterbox, smtp_server

pytestmark = pytest.mark.skipif(DOVECOT is None, reason="needs Dovecot")


@pytest.fixture
def mailbox() -> Iterator[Server]:
    """The desk's mailbox on an IMAP server."""
    with running_server() as running:
        yield running


def settings(imap: int, smtp: int) -> str:
    """A desk whose mail comes in and goes out, and whose customers reply to the ticket."""
    return DESK_TOML + (
        '\n[mail]\naddress = "help@aksai.example"\nreply_addresses = true\n\n'
        f'[[mail.in]]\nname = "main"\nhost = "127.0.0.1"\nport = {imap}\nsecurity = "none"\n'
        'user = "help"\npassword_file = "imap.password"\n\n'
        f'[mail.out]\nby = "smtp"\nhost = "127.0.0.1"\nport = {smtp}\nsecurity = "none"\n'
    )


def test_a_matter_from_the_first_letter_to_the_last(
    desk_path: Path, tmp_path: Path, mailbox: Server
) -> None:
    letterbox, shell = Letterbox(), Shell(desk_path)
    (desk_path / "imap.password").write_text(f"{PASSWORD}\n")
    (desk_path / "imap.password").chmod(0o600)
    (tmp_path / "Шов.pdf").write_bytes(b"%PDF-1.7")

    def told(count: int) -> Letter:
        """The last of so many letters that have come to the customer."""
        until(lambda: len(letterbox.taken) >= count)
        assert len(letterbox.taken) == count
        assert letterbox.taken[-1][1] == "asel@people.example"
        return read(letterbox.taken[-1][2])

    def writes(text: str, after: Letter | None = None) -> None:
        """The customer writes, or replies as mail programs do."""
        to = after.reply_to[0].email if after else "help@aksai.example"
        thread = {"in_reply_to": f"<{after.message_id}>"} if after else {}
        subject = after.subject if after else "Tent"
        mailbox.deliver(letter(text, sender="Asel <asel@people.example>", to=to, subject=subject,
                           id=f"{len(letterbox.taken)}@people.example", **thread))  # fmt: skip

    with smtp_server(letterbox) as port:
        (desk_path / "desk.toml").write_text(settings(mailbox.port, port), encoding="utf-8")
        worker = started(desk_path, "worker")
        try:
            until(lambda: (desk_path / "fetched.json").exists())
            writes("The tent leaks.")
            first = told(1)
            assert "You will have our answer by" in first.text
            assert first.in_reply_to == "0@people.example"
            shell.ok("reply", "1", "--body", "Where?", "--attach", str(tmp_path / "Шов.pdf"))
            asked = told(2)
            assert [each.name for each in asked.attachments] == ["Шов.pdf"]
            writes("At the seam.", asked)
            assert "Your matter 1 is with us again." in told(3).text
            shell.ok("close", "1", "--body", "A new tent is on its way.")
            writes("It came in the wrong colour.", told(4))
            assert "by" in told(5).text
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.communicate(timeout=WAIT)
    assert worker.returncode == 0
    ticket = shell.ok("show", "1", "--json").object["ticket"]
    assert [each["outcome"] for each in ticket["promises"]] == ["kept", "kept", "open"]
    assert ticket["state"] == "on_us"
    assert len(shell.ok("queue", "--view", "all", "--json").objects) == 1
    shell.ok("check")
