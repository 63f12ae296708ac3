"""What nobody foresaw while mail is fetched: the rest comes in, and nothing of it is quoted."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from helpdesk.commands import fetching as commands
from helpdesk.desk import fetching, imap, inbound
from helpdesk.desk.desk import Desk
from helpdesk.desk.fetching import Fetched, fetch
from helpdesk.desk.working import Stop
from helpdesk.mail_settings import MailInSection
from tests.desk.letters import letter


def account(desk: Desk, **more: object) -> MailInSection:
    (desk.path / "imap.password").write_text("secret\n")
    (desk.path / "imap.password").chmod(0o600)
    fields = {"name": "main", "host": "mail.example", "user": "help",
              "password_file": "imap.password"}  # fmt: skip
    return MailInSection.model_validate({**fields, **more})


class Box:
    """A folder that holds three letters which nobody has read."""

    validity = 1

    def __init__(self) -> None:
        self.marked: list[int] = []

    def uids(self, after: int) -> list[int]:
        return [uid for uid in (1, 2, 3) if uid > after]

    def unseen(self) -> list[int]:
        return [1, 2, 3]

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        return dict.fromkeys(uids, 100)

    def read(self, uids: Sequence[int]) -> dict[int, bytes]:
        return {uid: letter(f"letter {uid}") for uid in uids}

    def done(self, uids: Sequence[int]) -> None:
        self.marked += uids


def test_a_message_that_trips_us_up_stops_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, box = inbound.take, Box()

    @contextmanager
    def opened(*_: object) -> Iterator[Box]:
        yield box

    def tripped(desk: Desk, raw: bytes, origin: str) -> inbound.Taken:
        if b"letter 2" in raw:
            raise TypeError("letter 2 of Aigul Asanova")
        return take(desk, raw, origin)

    monkeypatch.setattr(fetching, "_opened", opened)
    with monkeypatch.context() as patch:
        patch.setattr(inbound, "take", tripped)
        report = fetch(desk, account(desk))
    assert (report.taken, report.failed, box.marked) == (2, 1, [1, 3])
    assert "TypeError" in (report.fault or "")
    assert "Aigul" not in (report.fault or "")
    again = fetch(desk, account(desk))
    assert (again.taken, again.fault, box.marked) == (1, None, [1, 3, 2])


def test_a_host_that_is_none_is_told_in_a_line(desk: Desk) -> None:
    fault = fetch(desk, account(desk, host="mail..example")).fault
    assert fault == "account main: host or folder cannot be written so; check both"


@pytest.mark.parametrize(("password", "way"), [("secret", "login"), ("сыр", "login_utf8")])
def test_a_password_in_other_letters_is_sent_as_servers_take_it(
    desk: Desk, password: str, way: str
) -> None:
    used = []

    class Server:
        def __getattr__(self, name: str) -> Any:
            return lambda *words, **more: used.append(name)

    with imap._logged_in(Server(), account(desk), password):  # type: ignore[arg-type]
        pass
    assert used == [way, "logout"]


def test_a_watch_that_breaks_begins_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    told: list[Fetched] = []
    stopped = threading.Event()

    def watch(desk: Desk, account: MailInSection, *_: object) -> None:
        begun.append(account.name)
        if len(begun) == 1:
            raise TypeError("a letter of Aigul Asanova")
        stopped.set()

    monkeypatch.setattr(fetching, "watch", watch)
    monkeypatch.setattr(commands, "_AFTER_A_MISHAP", 0)
    monkeypatch.setattr("helpdesk.terminal.mishaps.record", lambda _: None)
    for thread in commands.begin_watching(desk, [account(desk)], told.append, stopped):
        thread.join(60)
    assert begun == ["main", "main"]
    (report,) = told
    assert "went wrong in the program itself (TypeError" in (report.fault or "")
    assert "Aigul" not in (report.fault or "")


def test_asked_to_end_it_takes_the_messages_at_hand_and_the_rest_the_next_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, stopped = Box(), threading.Event()
    take = inbound.take

    def asked_meanwhile(desk: Desk, raw: bytes, origin: str) -> inbound.Taken:
        stopped.set()
        return take(desk, raw, origin)

    monkeypatch.setattr(fetching, "MESSAGES_AT_ONCE", 2)
    monkeypatch.setattr(inbound, "take", asked_meanwhile)
    report, again = Fetched("main"), Fetched("main")
    fetching.take_new(desk, account(desk), box, report, stopped.is_set)  # type: ignore[arg-type]
    assert (report.taken, box.marked) == (2, [1, 2])
    fetching.take_new(desk, account(desk), box, again)  # type: ignore[arg-type]
    assert (again.taken, box.marked) == (1, [1, 2, 3])


def test_the_end_waits_for_no_server_that_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_LAST_WAIT", 0.01)
    answered, stop = threading.Event(), Stop()
    silent = threading.Thread(target=answered.wait, daemon=True)
    silent.start()
    threading.Timer(0.01, stop.end).start()
    commands.wait_for([silent], stop)
    assert silent.is_alive()
    answered.set()
    silent.join()
    commands.wait_for([silent], Stop())
