"""Mail fetched from a real IMAP server: once, kept before it is touched, whatever breaks."""

import json
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpdesk.desk import fetching, inbound
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.fetching import Fetched, fetch
from helpdesk.domain.errors import TryAgain
from helpdesk.mail_settings import MailInSection
from tests.commands.conftest import PYTHON, Shell
from tests.desk.dovecot import DOVECOT, PASSWORD, Server, running_server
from tests.desk.letters import letter
from tests.mail.servers import make_certificate

pytestmark = pytest.mark.skipif(DOVECOT is None, reason="needs dovecot-imapd")

_SECONDS = 60


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture
def with_tls(tmp_path: Path) -> Iterator[Server]:
    """A server with a certificate for 127.0.0.1."""
    with running_server(make_certificate(tmp_path)) as running:
        yield running


def account(desk: Path, server: Server, **more: object) -> MailInSection:
    (desk / "imap.password").write_text(f"{PASSWORD}\n")
    (desk / "imap.password").chmod(0o600)
    fields = {
        "name": "main", "host": "127.0.0.1", "port": server.port, "security": "none",
        "user": "help", "password_file": "imap.password",
    }  # fmt: skip
    return MailInSection.model_validate({**fields, **more})


def letters(first: int, last: int) -> list[bytes]:
    return [letter(f"letter {n}") for n in range(first, last + 1)]


def counts(report: Fetched) -> tuple[int, int, int, str | None]:
    return report.taken, report.duplicates, report.failed, report.fault


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + _SECONDS
    while not what():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_what_is_new_is_taken_in_once_and_marked_as_seen(desk: Desk, server: Server) -> None:
    main = account(desk.path, server)
    server.deliver(b"From: old@example.com\r\n\r\nread already", flags="\\Seen")
    server.deliver(*letters(1, 45))
    assert counts(fetch(desk, main)) == (45, 0, 0, None)
    assert counts(fetch(desk, main)) == (0, 0, 0, None)
    server.deliver(*letters(46, 47))
    assert counts(fetch(desk, main)) == (2, 0, 0, None)
    assert server.holds(which="UNSEEN") == 0
    assert len(list(desk.store.tickets())) == 47
    mail = desk.store.ticket(1).messages[0].mail
    assert mail is not None
    assert (mail.origin or "").startswith("imap:main/INBOX/")
    assert desk.store.check() == []


def test_a_lost_note_of_how_far_it_was_brings_nothing_in_twice(desk: Desk, server: Server) -> None:
    main = account(desk.path, server, then="move", move_to="Done")
    with server.login() as client:
        client.create("Done")
    server.deliver(*letters(1, 3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpdesk.desk.imap.Folder.done", lambda *_: None)  # it dies before that
        fetch(desk, main)
    (desk.path / "fetched.json").unlink()
    assert counts(fetch(desk, main)) == (0, 3, 0, None)
    assert (server.holds(), server.holds("Done")) == (0, 3)


@pytest.mark.parametrize(
    "edited", [{"last": "2"}, {"again": ["2"]}, {"first": "0"}, {"home": 1}, {"last": None}]
)
def test_a_note_of_how_far_it_was_that_somebody_edited_stops_nothing(
    desk: Desk, server: Server, edited: dict[str, object]
) -> None:
    main = account(desk.path, server)
    server.deliver(*letters(1, 2))
    fetch(desk, main)
    noted = json.loads((desk.path / "fetched.json").read_text())
    changed = {name: {**known, **edited} for name, known in noted.items()}
    (desk.path / "fetched.json").write_text(json.dumps(changed))
    server.deliver(*letters(3, 3))
    assert counts(fetch(desk, main)) == (1, 0, 0, None)


def test_a_copy_fetches_what_came_while_it_was_made(
    desk: Desk, server: Server, tmp_path: Path
) -> None:
    main = account(desk.path, server)
    server.deliver(b"From: old@example.com\r\n\r\nread already", flags="\\Seen")
    server.deliver(*letters(1, 2))
    fetch(desk, main)
    shutil.copytree(desk.path, tmp_path / "copy", ignore=shutil.ignore_patterns(".cache"))
    server.deliver(*letters(3, 5))
    fetch(desk, main)
    # How far it was is copied after the tickets.
    shutil.copy2(desk.path / "fetched.json", tmp_path / "copy" / "fetched.json")
    with open_desk(tmp_path / "copy", "aibek") as copy:
        assert counts(fetch(copy, main)) == (3, 0, 0, None)
        assert counts(fetch(copy, main)) == (0, 0, 0, None)
        assert len(list(copy.store.tickets())) == 5


def test_trouble_of_the_desk_leaves_the_message_where_it_is_and_stops_no_other(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = account(desk.path, server, then="delete")
    server.deliver(*letters(1, 3))

    def trouble(desk: Desk, raw: bytes, origin: str) -> inbound.Taken:
        if b"letter 2" in raw:
            raise TryAgain("the desk is busy")
        return take(desk, raw, origin)

    take = inbound.take
    with monkeypatch.context() as patch:
        patch.setattr(inbound, "take", trouble)
        assert counts(fetch(desk, main)) == (2, 0, 1, "the desk is busy")
    assert server.holds() == 1
    assert counts(fetch(desk, main)) == (1, 0, 0, None)
    assert server.holds() == 0


def test_a_large_message_comes_alone(desk: Desk, server: Server) -> None:
    found = list(fetching._portions([1, 2, 3, 4], {1: 10, 2: 20_000_000, 3: 10, 4: 10}))
    assert found == [[1], [2], [3, 4]]
    server.deliver(letter("x" * 3_000_000), letter("small"))
    assert fetch(desk, account(desk.path, server)).taken == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"password_file": "wrong.password"}, "account main: the server refuses the login"),
        ({"folder": "Nothing"}, "account main: the server refuses the login or the folder"),
        ({"password_file": "missing"}, "cannot read"),
        ({"password_file": None, "password_env": "NO_SUCH"}, "the environment has no NO_SUCH"),
        ({"port": 1}, "account main: "),
        ({"security": "starttls"}, "account main: "),
    ],
)
def test_what_is_wrong_is_one_line_without_the_password(
    desk: Desk, server: Server, more: dict[str, object], said: str
) -> None:
    (desk.path / "wrong.password").write_text("hunter2")
    (desk.path / "wrong.password").chmod(0o600)
    fault = fetch(desk, account(desk.path, server, **more)).fault or ""
    assert said in fault
    assert "hunter2" not in fault
    assert "\n" not in fault


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_password_that_others_may_read_is_not_used(desk: Desk, server: Server, mode: int) -> None:
    found = account(desk.path, server)
    (desk.path / "imap.password").chmod(mode)
    report = fetch(desk, found)
    assert report.bad_settings
    fault = report.fault or ""
    assert "others may read the password in" in fault
    assert "chmod 600" in fault
    assert "\n" not in fault


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_is_fetched_by_tls_from_a_server_that_is_who_it_says(
    desk: Desk, with_tls: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    port = with_tls.tls_port if security == "tls" else with_tls.port
    main = account(desk.path, with_tls, security=security, port=port)
    with_tls.deliver(*letters(1, 2))
    taken, _, _, fault = counts(fetch(desk, main))
    assert taken == 0
    assert "certificate" in (fault or "")
    assert "\n" not in (fault or "")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    assert counts(fetch(desk, main)) == (2, 0, 0, None)
    assert with_tls.holds(which="UNSEEN") == 0
    elsewhere = account(desk.path, with_tls, security=security, port=port, host="localhost")
    assert "certificate" in (fetch(desk, elsewhere).fault or "")


def test_watching_takes_what_comes_and_outlives_the_server(desk_path: Path, server: Server) -> None:
    told: list[Fetched] = []
    stopped = threading.Event()

    def watch() -> None:
        with open_desk(desk_path, "aibek") as desk:
            main = account(desk_path, server)
            fetching.watch(desk, main, told.append, stopped.is_set, lambda _: stopped.wait(0.1))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        wait_for(lambda: bool(told))
        server.deliver(letter("first"))
        wait_for(lambda: sum(report.taken for report in told) == 1)
        server.stop()
        wait_for(lambda: bool(told and told[-1].fault))
        server.start()
        server.deliver(letter("second"))
        wait_for(lambda: sum(report.taken for report in told) == 2)
    finally:
        stopped.set()
        thread.join(_SECONDS)
    assert not thread.is_alive()


def test_the_command_fetches_and_watches_until_it_is_told_to_end(
    desk_path: Path, server: Server
) -> None:
    shell = Shell(desk_path)
    account(desk_path, server)
    settings = desk_path / "desk.toml"
    settings.write_text(
        settings.read_text() + '\n[[mail.in]]\nname = "main"\nhost = "127.0.0.1"\n'
        f'port = {server.port}\nsecurity = "none"\nuser = "help"\npassword_env = "IMAP_WORD"\n'
    )
    assert "IMAP_WORD" in shell("fetch").err
    shell.environment["IMAP_WORD"] = PASSWORD
    server.deliver(letter("first"))
    assert shell.ok("fetch").out == "main: 1 new message\n"
    assert shell.ok("fetch", "--json").object == {
        "account": "main", "taken": 0, "duplicates": 0, "failed": 0, "fault": None,
    }  # fmt: skip
    assert "main" in shell.fails(78, "fetch", "--account", "other")
    watching = subprocess.Popen(
        [PYTHON, "-m", "helpdesk", "fetch", "--watch"],
        stdout=subprocess.PIPE,
        env=shell.process_environment(),
    )
    assert watching.stdout is not None
    server.deliver(letter("second"))
    assert watching.stdout.readline() == b"main: 1 new message\n"
    watching.send_signal(signal.SIGTERM)
    assert watching.wait(_SECONDS) == 0
    watching.stdout.close()
