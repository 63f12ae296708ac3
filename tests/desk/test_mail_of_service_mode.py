"""In service mode the mail settings of a lead reach nothing of the machine."""

import pytest

from helpdesk.desk import ruling, sending, serving
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import NotPermitted


def last_record(desk: Desk) -> str:
    """What the audit log says last."""
    return (desk.path / "audit.jsonl").read_text().splitlines()[-1]


def test_in_service_mode_no_lead_names_a_program_to_be_run(
    mailing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serving.Service("aibek", mailing.path)
    monkeypatch.setattr(serving, "service", lambda: served)
    settings = (mailing.path / "desk.toml").read_text()
    local = settings.replace('by = "smtp"', 'by = "sendmail"').replace('host = "127.0.0.1"', "")
    ruling.replace(mailing, "desk.toml", local)
    for more in ('command = "/bin/sh"', 'user = "a"\npassword_file = "/etc/shadow"'):
        with pytest.raises(NotPermitted, match="whoever runs the machine"):
            ruling.replace(mailing, "desk.toml", f"{local}\n{more}\n")
        assert '"refused", "service": "settings of the machine"' in last_record(mailing)


def test_in_service_mode_no_lead_sends_a_password_elsewhere(
    mailing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be told to whoever answers there, though none but the service user reads it."""
    served = serving.Service("aibek", mailing.path)
    monkeypatch.setattr(serving, "service", lambda: served)
    file = mailing.path / "desk.toml"
    account = """
[[mail.in]]
name = "main"
host = "imap.aksai.example"
user = "help"
password_file = "imap.password"
"""
    file.write_text(known := file.read_text() + account)
    mailing.reread()
    ruling.replace(mailing, "desk.toml", known.replace('name = "main"', 'name = "shop"'))
    for was, now in (
        ("imap.aksai.example", "imap.evil.example"),
        ('password_file = "imap', 'port = 1143\npassword_file = "imap'),
        ('password_file = "imap', 'security = "none"\npassword_file = "imap'),
        ('password_file = "imap', 'port = 993\nsecurity = "none"\npassword_file = "imap'),
        (
            'host = "127.0.0.1"',
            'host = "127.0.0.1"\nuser = "help"\npassword_file = "imap.password"',
        ),
    ):
        assert was in known
        with pytest.raises(NotPermitted, match="whoever runs the machine"):
            ruling.replace(mailing, "desk.toml", known.replace(was, now))
        assert '"refused", "service": "settings of the machine"' in last_record(mailing)


def test_in_service_mode_no_agent_puts_mail_off_by_a_command_that_cannot_be_started(
    mailing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = mailing.path / "desk.toml"
    local = file.read_text().replace('by = "smtp"', 'by = "sendmail"').replace("host =", "# host =")
    file.write_text(local)
    mailing.reread()
    sending.transport(mailing)
    served = serving.Service("aibek", mailing.path)
    monkeypatch.setattr(serving, "service", lambda: served)
    with pytest.raises(NotPermitted, match="no other program is started here"):
        sending.transport(mailing)
    assert '"refused", "service": "programs"' in last_record(mailing)
