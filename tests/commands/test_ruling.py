"""Roles at the command line: a line that says why, code 77, and the log that tells of it."""

import os

import pytest

from helpdesk import clock
from tests.commands.conftest import Shell, new
from tests.conftest import MONDAY
from tests.desk.test_rights import name_roles

pytestmark = pytest.mark.usefixtures("on_monday")


@pytest.fixture
def known(shell: Shell) -> Shell:
    """Two profiles, of which aibek's colleague aigul is lead."""
    new(shell)
    new(shell, customer="a.t@example.org")
    name_roles(shell.desk, lead=["aigul"], auditor=["kim"])
    return shell


def as_(shell: Shell, agent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk.desk.desk.login_name", lambda: agent)


@pytest.mark.parametrize(
    "words",
    [
        ("export",),
        ("export", "--customer", "1"),
        ("erase", "--customer", "1", "--confirm", "erase 1"),
        ("customer", "merge", "2", "1"),
        ("import", "csv", os.devnull, "--mapping", "boston-311"),
        ("settings", "--replace", "-"),
        ("audit",),
    ],
    ids=lambda words: words[0],
)
def test_what_is_a_leads_is_refused_in_one_line_that_says_whom_to_ask(
    known: Shell, words: tuple[str, ...]
) -> None:
    assert known.fails(77, *words).endswith("ask a lead of this desk: aigul")


def test_an_auditor_reads_everything_and_changes_nothing(
    known: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_(known, "kim", monkeypatch)
    for line in ("queue", "show 1", "customer 1", "search rained", "check"):
        known.ok(*line.split())
    for words in (
        ("note", "1", "--body", "x"),
        ("reply", "1", "--body", "x"),
        ("customer", "1", "--note", "x"),
        ("new", "--customer", "1", "--kind", "request", "--channel", "web", "--subject", "x",
         "--body", "x"),
        ("check", "--repair"),
        ("reindex",),
    ):  # fmt: skip
        assert known.fails(77, *words).startswith("an auditor only reads: kim may not")
    log = known.ok("audit", "--json").objects
    refused = [each["right"] for each in log if each["what"] == "refused"]
    assert refused == ["change tickets and customers"] * 6


def test_the_log_is_told_by_day(known: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    as_(known, "aigul", monkeypatch)
    known.ok("export", "--customer", "1")
    with clock.hold(MONDAY.replace(day=4)):
        known.ok("export")
        shown = known.ok("audit", "--since", "today").lines
        assert shown == ["Wed 4 Mar 2026 10:00  aigul  exported: of everything",
                         "Wed 4 Mar 2026 10:00  aigul  read the audit log"]  # fmt: skip
        assert len(known.ok("audit", "--since", "7d", "--json").objects) == 4
        assert known.ok("audit", "--since", "2026-03-05").out == ""
        known.fails(65, "audit", "--since", "whenever")


def test_check_says_which_line_of_the_log_cannot_be_read(known: Shell) -> None:
    (known.desk / "audit.jsonl").write_text('{"at": "2026-03-02T10:00:00+06:00"}\n')
    said = known("check")
    assert said.code == 65
    assert "audit.jsonl: line 1 cannot be read" in said.lines


def test_two_profiles_become_one(known: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    as_(known, "aigul", monkeypatch)
    said = known.ok("customer", "merge", "a.t@example.org", "1")
    assert said.lines == ["Customer 2 is merged into customer 1: Aigul Toktogulova."]
    assert "E-mail: aigul@example.com, a.t@example.org" in known.ok("customer", "2").lines
    assert known.ok("customer", "2", "--json").object["customer"]["id"] == 1
    known.ok("check")
    known.fails(65, "customer", "merge", "1", "2")
    known.fails(64, "customer", "merge", "1")


def test_a_lead_replaces_the_settings_and_what_cannot_hold_is_refused(
    known: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_(known, "aigul", monkeypatch)
    before = known.ok("settings").out
    assert 'lead = ["aigul"]' in before
    known.fails(78, "settings", "--replace", "-", typed=before.replace("lead", "boss"))
    known.fails(65, "settings", "--replace", "-", typed="[desk")
    known.fails(65, "settings", "--replace", "-", typed=f"{before}\nnumber = {'9' * 5000}\n")
    known.fails(65, "settings", "texts/de.toml", "--replace", "-", typed="greeting = 5\n")
    assert known.ok("settings").out == before
    known.ok("settings", "--replace", "-", typed=before.replace("Ak-Sai", "Ala-Too"))
    assert 'name = "Ala-Too Outfitters"' in known.ok("settings").out
    macro = '[[macro]]\nname = "sold"\ntitle = "Sold"\ntext = "It is {sold}."\n'
    known.fails(65, "settings", "macros/en.toml", "--replace", "-", typed=macro)
    known.ok("settings", "macros/en.toml", "--replace", "-", typed=macro.replace("{sold}", "sold"))
    for name in ("../desk.toml", "macros/../desk.toml", "/etc/passwd", "tickets/0000/000001.json"):
        known.fails(65, "settings", name)
        known.fails(65, "settings", name, "--replace", "-", typed="")
    known.fails(66, "settings", "mappings/shop.toml")
