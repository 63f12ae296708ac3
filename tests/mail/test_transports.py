"""Handing mail over to real servers, and what becomes of it where they refuse it or die."""

import asyncio
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.mail.sendmail import Sendmail
from helpdesk.mail.smtp import Patience, Smtp
from helpdesk.mail.transport import Verdict
from tests.mail.servers import Letterbox, free_port, make_certificate, smtp_server, who_knows

MESSAGE = b"From: help@aksai.example\r\nSubject: Hello\r\n\r\n.dot\r\nline\r\n"


SHORT = Patience(5.0, 5.0, 5.0)


def until(what: Callable[[], bool]) -> None:
    """Wait for it."""
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def surely() -> bool:
    """The last step is to be taken."""
    return True


def smtp(port: int, **settings: object) -> Smtp:
    return Smtp("127.0.0.1", port, **{"security": "none", "patience": SHORT, **settings})  # type: ignore[arg-type]


def test_several_messages_go_over_one_connection() -> None:
    letterbox = Letterbox()
    with smtp_server(letterbox) as port:
        transport = smtp(port)
        first = transport.send("help@aksai.example", "asel@people.example", MESSAGE, surely)
        second = transport.send("", "azamat@people.example", MESSAGE, surely)
        transport.close()
    assert (first.verdict, second.verdict) == (Verdict.ACCEPTED, Verdict.ACCEPTED)
    assert "taken" in first.words
    assert letterbox.connections == 1
    assert [each[:2] for each in letterbox.taken] == [
        ("help@aksai.example", "asel@people.example"),
        ("", "azamat@people.example"),
    ]
    assert letterbox.taken[0][2] == MESSAGE


def test_a_server_that_says_no_goodbye_is_left_without_one() -> None:
    asked = threading.Event()

    class Mute(Letterbox):
        async def handle_QUIT(self, *_: object) -> str:  # noqa: N802 - the name that aiosmtpd calls
            asked.set()
            await asyncio.Event().wait()
            return "221 at last"

    with smtp_server(Mute()) as port:
        transport = smtp(port, patience=Patience(5.0, 600.0, 600.0, 0.1))
        assert transport.send("", "a@x.example", MESSAGE, surely).verdict == Verdict.ACCEPTED
        transport.close()
        assert asked.is_set()
    assert Patience().goodbye <= 10


def test_one_recipient_refused_does_not_stop_the_next() -> None:
    letterbox = Letterbox(
        refuse={"a@x.example": "550 5.1.1 no such user", "b@x.example": "450 greylisted"}
    )
    with smtp_server(letterbox) as port:
        transport = smtp(port)
        results = [
            transport.send("help@aksai.example", to, MESSAGE, surely)
            for to in ("a@x.example", "b@x.example", "c@x.example")
        ]
        transport.close()
    assert [each.verdict for each in results] == ["refused", "later", "accepted"]
    assert results[0].words == "550 5.1.1 no such user"
    assert results[1].words == "450 greylisted"
    assert not any(each.ours for each in results)


@pytest.mark.parametrize(
    ("to_sender", "to_recipient"),
    [
        ("553 5.7.1 not owned by user desk", ""),
        ("", "554 5.7.1 <a@x.example>: Relay access denied"),
        ("", "550 relay not permitted"),
        ("", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
        ("", "550 5.7.1 <a@x.example>... Relaying denied"),
        ("", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
        ("", "553 5.7.1 <help@aksai.example>: Sender address rejected: not owned by user desk"),
    ],
)
def test_a_sender_that_is_not_ours_to_use_costs_no_message(
    to_sender: str, to_recipient: str
) -> None:
    letterbox = Letterbox(no_sender=to_sender)
    if to_recipient:
        letterbox.refuse["a@x.example"] = to_recipient
    with smtp_server(letterbox) as port:
        transport = smtp(port)
        result = transport.send("help@aksai.example", "a@x.example", MESSAGE, surely)
        assert (result.verdict, result.words) == (Verdict.LATER, to_sender or to_recipient)
        letterbox.no_sender = ""
        letterbox.refuse.clear()
        result = transport.send("help@aksai.example", "a@x.example", MESSAGE, surely)
        transport.close()
    assert result.verdict == Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        ("554 5.7.1 spam", "refused"),
        ("452 disk full", "later"),
        ("421 closing", "later"),
        ("554 5.2.252 SendAsDenied; desk@x.example not allowed to send as help@x.example", "later"),
        ("550 5.7.60 Client does not have permissions to send as this sender", "later"),
    ],
)
def test_what_is_said_at_the_end_of_a_message_counts(says: str, verdict: str) -> None:
    letterbox = Letterbox(at_data=says)
    with smtp_server(letterbox) as port:
        transport = smtp(port)
        result = transport.send("", "a@x.example", MESSAGE, surely)
        transport.close()
    assert (result.verdict, result.words) == (verdict, says)


def test_an_address_in_other_letters_goes_to_a_server_that_takes_them() -> None:
    letterbox = Letterbox()
    with smtp_server(letterbox, enable_SMTPUTF8=True) as port:
        transport = smtp(port)
        to = ["асель@people.example", "b@x.example"]
        results = [transport.send("help@aksai.example", each, MESSAGE, surely) for each in to]
        transport.close()
    assert [each.verdict for each in results] == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert [each[1] for each in letterbox.taken] == to
    with smtp_server(letterbox, enable_SMTPUTF8=False) as port:
        transport = smtp(port)
        result = transport.send("help@aksai.example", to[0], MESSAGE, surely)
        by_ours = transport.send("помощь@aksai.example", to[1], MESSAGE, surely)
        transport.close()
    assert (result.verdict, "SMTPUTF8" in result.words) == (Verdict.REFUSED, True)
    assert by_ours.verdict == Verdict.LATER, "our own address costs no message"


def test_a_server_that_dies_in_the_middle_is_tried_again() -> None:
    letterbox = Letterbox(at_data="die")
    with smtp_server(letterbox) as port:
        transport = smtp(port)
        lost = transport.send("", "a@x.example", MESSAGE, surely)
        assert (lost.verdict, lost.unsure) == (Verdict.LATER, True)
        letterbox.at_data = ""
        assert transport.send("", "a@x.example", MESSAGE, surely).verdict == Verdict.ACCEPTED
        transport.close()
    assert len(letterbox.taken) == 1


def test_no_server_at_all() -> None:
    result = smtp(free_port()).send("", "a@x.example", MESSAGE, surely)
    assert (result.verdict, result.ours) == (Verdict.LATER, True)
    assert result.words == "127.0.0.1: Connection refused"


def test_a_server_that_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        result = smtp(silent.getsockname()[1], patience=Patience(0.2, 0.2, 9.0)).send(
            "", "a@x.example", MESSAGE, surely
        )
    assert result.words == "127.0.0.1: no answer in time"
    assert not result.unsure


def test_a_whole_message_may_take_longer_than_any_other_answer() -> None:
    patience = Patience()
    assert patience.message >= 600, "RFC 5321, 4.5.3.2.6"
    assert patience.connecting <= patience.answer < patience.message
    letterbox = Letterbox(at_data="take and say nothing")
    with smtp_server(letterbox) as port:
        transport = smtp(port, patience=Patience(5.0, 5.0, 0.3))
        result = transport.send("", "a@x.example", MESSAGE, surely)
        transport.close()
    assert result.words == "127.0.0.1: no answer in time"
    assert (result.verdict, result.unsure) == (Verdict.LATER, True)
    assert letterbox.taken[0][2] == MESSAGE


def test_a_server_that_speaks_no_smtp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as odd:

        def answer() -> None:
            connection, _ = odd.accept()
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()

        talking = threading.Thread(target=answer)
        talking.start()
        result = smtp(odd.getsockname()[1]).send("", "a@x.example", MESSAGE, surely)
        talking.join()
    assert (result.verdict, result.ours) == (Verdict.LATER, True)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for 127.0.0.1, which this machine trusts."""
    cert, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    return context


def test_starttls_and_a_login(certificate: ssl.SSLContext) -> None:
    letterbox = Letterbox()
    with smtp_server(
        letterbox,
        tls_context=certificate,
        require_starttls=True,
        authenticator=who_knows(b"right"),
        auth_required=True,
    ) as port:
        good = smtp(port, security="starttls", user="desk", password="right")
        bad = smtp(port, security="starttls", user="desk", password="wrong")
        assert good.send("", "a@x.example", MESSAGE, surely).verdict == Verdict.ACCEPTED
        result = bad.send("", "a@x.example", MESSAGE, surely)
        good.close()
    assert (result.verdict, result.ours) == (Verdict.LATER, True)
    assert "535" in result.words


def test_a_certificate_of_somebody_else_is_not_trusted(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with smtp_server(Letterbox(), tls_context=certificate) as port:
        result = smtp(port, security="starttls").send("", "a@x.example", MESSAGE, surely)
    assert "certificate is not to be trusted" in result.words


def test_tls_at_a_port_that_speaks_none_is_said_plainly() -> None:
    with smtp_server(Letterbox()) as port:
        result = smtp(port, security="tls").send("", "a@x.example", MESSAGE, surely)
    assert (result.verdict, result.ours) == (Verdict.LATER, True)
    assert 'perhaps security = "starttls" is meant' in result.words


def test_a_server_without_starttls_is_told_nothing() -> None:
    with smtp_server(Letterbox()) as port:
        result = smtp(port, security="starttls").send("", "a@x.example", MESSAGE, surely)
    assert (result.verdict, result.ours) == (Verdict.LATER, True)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A sendmail that writes down how it was called, and ends as ``code`` says."""
    path = tmp_path / "sendmail"
    path.write_text(
        f"#!{sys.executable}\n"
        "import json, os, pathlib, sys\n"
        "here = pathlib.Path(__file__).parent\n"
        "said = sys.stdin.buffer.read().decode()\n"
        "(here / 'called.json').write_text(json.dumps([sys.argv[1:], said]))\n"
        "(here / 'session').write_text(str(os.getsid(0)))\n"
        "code = here / 'code'\n"
        "if code.exists():\n"
        "    print('so it is', file=sys.stderr)\n"
        "    sys.exit(int(code.read_text()))\n"
    )
    path.chmod(0o755)
    return path


def test_the_local_mail_server_gets_the_message_as_it_is(script: Path) -> None:
    result = Sendmail(str(script)).send("", "-oQ@x.example", MESSAGE, surely)
    assert result.verdict == Verdict.ACCEPTED
    arguments, said = json.loads((script.parent / "called.json").read_text())
    assert arguments == ["-i", "-f", "<>", "--", "-oQ@x.example"]
    assert said == MESSAGE.decode().replace("\r\n", "\n")


def test_ctrl_c_is_for_us_and_never_for_the_local_mail_server(script: Path) -> None:
    Sendmail(str(script)).send("", "a@x.example", MESSAGE, surely)
    assert int((script.parent / "session").read_text()) != os.getsid(0)


def test_the_local_mail_server_reads_a_whole_message_though_we_die(script: Path) -> None:
    slow = script.with_name("slow")
    slow.write_text(f"#!/bin/sh\nkill -9 $PPID\nexec {script}\n")
    slow.chmod(0o755)
    large = MESSAGE + b"x" * 1_000_000
    dying = "from helpdesk.mail.sendmail import Sendmail as S; import sys; " + (
        "S(sys.argv[1]).send('', 'a@x.example', sys.stdin.buffer.read(), lambda: True)"
    )
    died = subprocess.run([sys.executable, "-c", dying, slow], input=large, check=False)
    assert died.returncode == -signal.SIGKILL
    until((script.parent / "session").exists)
    _, said = json.loads((script.parent / "called.json").read_text())
    assert len(said) == len(large.replace(b"\r\n", b"\n"))


@pytest.mark.parametrize(("code", "verdict"), [(67, "refused"), (65, "refused"), (75, "later")])
def test_the_local_mail_server_refuses(script: Path, code: int, verdict: str) -> None:
    (script.parent / "code").write_text(str(code))
    result = Sendmail(str(script)).send("help@aksai.example", "a@x.example", MESSAGE, surely)
    assert result.verdict == verdict
    assert result.words.endswith(f"ended with {code}: so it is")


def test_a_local_mail_server_that_never_ends_may_have_sent_it(tmp_path: Path) -> None:
    assert Sendmail().timeout >= 600
    endless = tmp_path / "sendmail"
    endless.write_text("#!/bin/sh\nexec sleep 60\n")
    endless.chmod(0o755)
    result = Sendmail(str(endless), timeout=0.2).send("", "a@x.example", MESSAGE, surely)
    assert (result.verdict, result.unsure) == (Verdict.LATER, True)


def test_a_local_mail_server_that_is_killed_may_have_sent_it(tmp_path: Path) -> None:
    killed = tmp_path / "sendmail"
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o755)
    result = Sendmail(str(killed)).send("", "a@x.example", MESSAGE, surely)
    assert (result.verdict, result.unsure) == (Verdict.LATER, True)


def test_there_is_no_local_mail_server(tmp_path: Path) -> None:
    result = Sendmail(str(tmp_path / "none")).send("", "a@x.example", MESSAGE, surely)
    assert (result.verdict, result.ours) == (Verdict.LATER, True)
    assert "No such file" in result.words
