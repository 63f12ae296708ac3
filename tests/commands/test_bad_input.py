"""Whatever is wrong, one clear line says so, a script gets the right code, nothing is lost."""

import errno
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.commands.failing import explain
from helpdesk.store.durable import files
from tests.commands.conftest import Said, Shell, new, one_line
from tests.conftest import DESK_TOML

NEW = ("--kind", "complaint", "--channel", "email", "--subject", "x", "--body", "y")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("[desk\n", ("desk.toml", "TOML", "line 1")),
        (DESK_TOML.replace("name =", "nmae ="), ("desk.toml", "name")),
        (DESK_TOML + "\n[hotkeys]\n", ("hotkeys", "unknown key")),
        (DESK_TOML.replace("mon =", "monday ="), ("hours.monday", "unknown key")),
        (DESK_TOML.replace("09:00-13:00", "13:00-09:99"), ("hours.mon", "13:00-09:99")),
        (DESK_TOML.replace("09:00-13:00", "09:00-15:00"), ("hours.mon", "overlap")),
        (DESK_TOML.replace("Asia/Bishkek", "Mars/Base"), ("timezone", "Asia/Bishkek")),
        (DESK_TOML.replace('"same day"', '"soon"'), ("promise", "within", "same day")),
        (DESK_TOML.replace("= 60", "= 9999"), ("min_minutes_left",)),
        (DESK_TOML.replace('"phone"', '"pigeon"'), ("channel",)),
        (DESK_TOML.replace("[desk]", "[desk]\nlanguage = 3"), ("desk.language",)),
        ("", ("[desk]",)),
        ("desk = 3", ("[desk]",)),
    ],
)
def test_settings_that_cannot_hold_are_named_by_file_and_key(
    shell: Shell, settings: str, words: tuple[str, ...]
) -> None:
    (shell.desk / "desk.toml").write_text(settings)
    told = shell.fails(78, "new", "--customer", "a@example.com", *NEW)
    for word in words:
        assert word in told
    assert not list(shell.desk.glob("tickets/**/*.json"))


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ('name = "Ak-Sai"', "name = 5", 'desk.name: takes a text such as "Ak-Sai Outfitters"'),
        ('name = "Ak-Sai"', "", "desk.name: is missing"),
        ('name = "Ak-Sai"', 'name = " "', "desk.name: is empty"),
        ('timezone = "Asia/Bishkek"', "", "desk.timezone: is missing"),
        (
            'timezone = "Asia/Bishkek"',
            "timezone = 6",
            'desk.timezone: takes a text such as "Asia/Bishkek"',
        ),
        (
            'timezone = "Asia/Bishkek"',
            'timezone = "Mars"',
            "desk.timezone: not a time zone; write one like Asia/Bishkek",
        ),
        (
            "[hours]",
            "colour = 1\n[hours]\nmonday = []",
            "desk.colour: unknown key; take it out or correct it; "
            "hours.monday: unknown key; take it out or correct it",
        ),
    ],
)
def test_every_command_says_the_same_of_the_settings_and_all_that_is_wrong(
    shell: Shell, good: str, bad: str, told: str
) -> None:
    settings = re.sub(r'name = "[^"]*"', 'name = "Ak-Sai"', DESK_TOML)
    assert good in settings
    (shell.desk / "desk.toml").write_text(settings.replace(good, bad, 1))
    due = ("due", "--received", "2026-03-02 10:00", "--channel", "web", "--kind", "request")
    for words in (("queue",), ("note", "1", "--body", "x"), due):
        assert shell.fails(78, *words) == f"desk.toml: {told}"
    said = shell("check")
    assert said.code == 78
    assert f"desk.toml: {told}" in said.out + said.err


def test_all_that_is_wrong_with_name_zone_and_more_is_told_at_once(shell: Shell) -> None:
    (shell.desk / "desk.toml").write_text("[desk]\nname = 5\n[hours]\nmon = 3\n")
    told = shell.fails(78, "queue")
    for fault in ("desk.name: takes a text", "desk.timezone: is missing", "hours.mon: takes a"):
        assert fault in told


def test_where_settings_are_a_folder_or_lost_no_command_advises_what_is_refused(
    shell: Shell,
) -> None:
    new(shell)
    settings = shell.desk / "desk.toml"
    text = settings.read_text()
    settings.unlink()
    for words in (("queue",), ("check",), ()):
        told = shell.fails(78, *words)
        assert "put desk.toml back" in told
        assert "init" not in told
    settings.mkdir()
    for words in (("queue",), ("check",), ()):
        told = shell.fails(78, *words)
        assert "is no file: put the desk's settings in its place" in told
        assert "init" not in told
    settings.rmdir()
    settings.write_text(text)
    shell.ok("queue")


def test_a_text_that_is_not_utf_8_is_refused_and_not_changed_silently(shell: Shell) -> None:
    new(shell)
    typed = "Gr\u00fc\u00dfe\n".encode() + "Gr\u00fc\u00dfe".encode("latin-1")
    told = shell.fails(65, "note", "1", "--body", "-", typed=typed)
    assert told == "standard input is not UTF-8 text, from line 2 on: give it in UTF-8"
    assert (
        "Gr\u00fc\u00dfe"
        in shell.ok("note", "1", "--body", "-", "--json", typed="Gr\u00fc\u00dfe".encode()).out
    )


@pytest.mark.parametrize(
    "words",
    [("queue",), ("search", "x"), ("show", "1"), ("promises",), ("customer", "1"), ("export",),
     ("reindex",), ("erase", "--customer", "1", "--confirm", "erase 1"), ("assign", "1", "me"),
     ("due", "--received", "2026-03-02 10:00", "--channel", "web", "--kind", "request")],
)  # fmt: skip
def test_no_command_works_on_with_settings_that_cannot_hold(
    shell: Shell, words: tuple[str, ...]
) -> None:
    new(shell)
    path = shell.desk / "desk.toml"
    for settings in (DESK_TOML + "\n[hotkeys]\n", DESK_TOML.replace("13:00", "09:99")):
        path.write_text(settings)
        assert "desk.toml: ho" in shell.fails(78, *words)
    assert "[hours]" not in shell.process("--version").err
    path.write_text(DESK_TOML)
    shell.ok("show", "1")


def test_settings_that_are_no_text_are_named(shell: Shell) -> None:
    (shell.desk / "desk.toml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in shell.fails(78, "queue")


def test_a_desk_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "no\x1b[2Jwhere")
    for words in (("queue",), ("show", "1"), ("export",), ("check",), ()):
        told = shell.fails(78, *words)
        assert "helpdesk init" in told
        assert "\x1b" not in told


def test_a_desk_may_be_named_before_and_after_the_command(shell: Shell, tmp_path: Path) -> None:
    away = Shell(tmp_path / "nowhere")
    away.ok("--desk", str(shell.desk), "queue")
    away.ok("queue", "--desk", str(shell.desk))
    away.fails(78, "queue")


def test_whether_a_desk_may_be_read_is_said_by_reading_it(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    shell.ok("--desk", str(shell.desk), "queue")

    def forbidden(path: Path) -> bool:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "is_file", forbidden)
    assert "Permission denied" in shell.fails(77, "queue")
    assert "Permission denied" in shell.fails(77)


def test_settings_without_the_right_to_read_them_say_whom_to_ask(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(path: Path, **_: object) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "read_text", forbidden)
    assert shell.fails(78, "queue") == (
        "desk.toml: cannot be read: Permission denied; "
        "ask whoever runs the desk for the right to read it"
    )


def test_a_desk_is_sought_where_the_user_keeps_things(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    bare = Shell(shell.desk, {"HELPDESK_DESK": ""})
    bare.ok("init", "--name", "Mine", "--timezone", "UTC")
    assert (tmp_path / "data" / "helpdesk" / "desk.toml").is_file()
    bare.ok("queue")


@pytest.mark.parametrize("address", ["aigul", "a@", "@example.com", "a b@example.com", "a@b@c.com"])
def test_an_address_that_is_none_makes_no_customer(shell: Shell, address: str) -> None:
    told = shell(*("new", "--customer", address, "--name", "A", *NEW))
    assert told.code in (65, 66)
    one_line(told)
    assert not list(shell.desk.glob("customers/**/*.json"))


def test_who_is_no_customer_at_all_is_told_how_one_is_named(shell: Shell) -> None:
    for name in ((), ("--name", "A")):
        told = shell.fails(65, "new", "--customer", "not an email", *name, *NEW)
        assert "a number, an e-mail address or a phone" in told
    shell.fails(66, "new", "--customer", "12", "--name", "A", *NEW)
    assert not list(shell.desk.glob("customers/**/*.json"))


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("shwo", "1"), "'helpdesk --help'"),
        (("show",), "'helpdesk show --help'"),
        (("import",), "'helpdesk import --help'"),
        (("show", "1", "--colour"), "'helpdesk show --help'"),
        (("reply", "1"), "--body"),
        (("new", "--customer", "a@example.com"), "--kind"),
        (("new", "--customer", "a@example.com", *NEW, "--kind", "rant"), "complaint"),
        (("new", "--customer", "a@example.com", *NEW, "--channel", "pigeon"), "in_person"),
        (("queue", "--limit", "many"), "--limit"),
        (("--desk",), "--desk"),
        (("understand", "1", "--confirmed=3"), "--confirmed"),
    ],
)
def test_wrong_usage_is_told_with_where_to_read_more(
    shell: Shell, words: tuple[str, ...], hint: str
) -> None:
    told = shell.fails(64, *words)
    assert hint in told
    assert "--help'" in told


def test_a_document_that_cannot_be_read_is_named_and_everything_else_goes_on(shell: Shell) -> None:
    new(shell)
    new(shell)
    broken = next(shell.desk.glob("tickets/**/*1.json"))
    broken.write_text('{"id": 1, "subject": 3')
    assert broken.name in shell.fails(65, "show", "1")
    shell.fails(65, "reply", "1", "--body", "x")
    assert broken.read_text() == '{"id": 1, "subject": 3'
    shell.ok("reply", "2", "--body", "x")
    assert 2 in [row["id"] for row in shell("queue", "--json").objects]
    found = shell("check")
    assert found.code == 65
    assert broken.name in found.out


def test_a_document_with_a_wrong_type_is_named_without_its_words(shell: Shell) -> None:
    new(shell)
    path = next(shell.desk.glob("tickets/**/*1.json"))
    ticket = path.read_text()
    path.write_text(ticket.replace('"kind": "complaint"', '"kind": "zanzibar"'))
    told = shell.fails(65, "show", "1")
    assert path.name in told
    assert "kind takes request, complaint or feedback" in told
    assert "zanzibar" not in told
    path.write_text(path.read_text().replace('"zanzibar"', '["Aigul"]'))
    assert "Aigul" not in shell.fails(65, "show", "1")
    for good, bad, words in (
        ('"subject": "The tent leaks"', '"subject": ["Aigul"]', "subject takes a text"),
        ('"tags": []', '"tags": "Aigul"', "tags takes a list"),
        ('"assignee": null', '"assignee": "Aigul T."', "assignee cannot be what it is"),
        ('"customer": 1', '"customer": "Aigul"', "customer takes a whole number"),
        ('"direction": "in"', '"direction": "Aigul"', "messages.0.direction takes in, out or note"),
    ):
        path.write_text(ticket.replace(good, bad))
        assert path.read_text() != ticket
        told = shell.fails(65, "show", "1")
        assert words in told
        assert "Aigul" not in told


def test_a_document_without_the_right_to_read_it_is_told_so(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    new(shell)

    def forbidden(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr("helpdesk.store.folder.read_plain_file", forbidden)
    assert shell.fails(65, "show", "1") == (
        "tickets/0000/000001.json cannot be read (Permission denied); "
        "ask whoever runs the desk for the right to read it"
    )


def test_a_full_disk_loses_nothing_and_says_so(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    new(shell)
    before = shell.ok("show", "1", "--json").object

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(files, "write", full)
        told = shell.fails(73, "reply", "1", "--body", "We send a new one.")
    assert "No space left" in told
    assert shell.ok("show", "1", "--json").object == before
    shell.ok("reply", "1", "--body", "We send a new one.")


def test_a_desk_that_may_only_be_read_says_so(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    new(shell)

    def read_only(*_: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patch:
        patch.setattr(files, "open_new", read_only)
        assert "Read-only" in shell.fails(73, "reply", "1", "--body", "x")
    assert len(shell.ok("show", "1", "--json").object["ticket"]["messages"]) == 2


def test_a_fault_of_the_program_itself_tells_the_place_and_no_customers_data(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def fault(*_: object, **__: object) -> None:
        raise KeyError("Aigul Toktogulova")

    monkeypatch.setattr("helpdesk.desk.upkeep.note", fault)
    told = shell.fails(70, "note", "1", "--body", "x")
    assert "in the program itself (KeyError at helpdesk.commands.upkeep:" in told
    assert "Aigul" not in told
    log = next(tmp_path.rglob("*.log")).read_text()
    assert "Aigul" not in log
    assert "upkeep" in log


def test_what_the_system_refuses_is_told_with_the_file() -> None:
    line, code = explain(PermissionError(errno.EACCES, "Permission denied", "/desk/x\x1b[2J"))
    assert (line, code) == (
        "/desk/x[2J: Permission denied; ask whoever runs the desk for the right", 77,
    )  # fmt: skip
    line, code = explain(OSError(errno.ENOSPC, "No space left on device"))
    assert (code, "free some space" in line) == (74, True)
    line, code = explain(IsADirectoryError(errno.EISDIR, "Is a directory", "x"))
    assert (line, code) == ("x: Is a directory", 73)


def test_a_script_gets_one_line_and_no_traceback(shell: Shell) -> None:
    said = shell.process("show", "9")
    assert (said.code, said.out) == (66, "")
    one_line(said)
    said = shell.process("shwo")
    assert said.code == 64
    one_line(said)


def test_a_script_passes_bytes_that_are_no_text(shell: Shell) -> None:
    new(shell)
    for words in (("search", b"\xff\xfe"), ("note", "1", "--body", b"caf\xe9"),
                  ("queue", b"from:\xff"), ("customer", b"\xff@example.com")):  # fmt: skip
        said = shell.process(*(os.fsdecode(word) for word in words))
        assert "Traceback" not in said.err
        assert said.code in (0, 65, 66), said


def closed_pipe(shell: Shell, *words: str) -> Said:
    """Run a command whose reader has gone before it says anything."""
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        [sys.executable, "-m", "helpdesk", *words],
        stdout=writing,
        stderr=subprocess.PIPE,
        env=shell.process_environment(),
        check=False,
    )
    os.close(writing)
    return Said(ran.returncode, "", ran.stderr.decode())


def test_a_reader_who_goes_away_is_no_fault(shell: Shell) -> None:
    for _ in range(3):
        new(shell)
    for words in (("queue",), ("export",), ("show", "1", "--json")):
        said = closed_pipe(shell, *words)
        assert (said.code, said.err) == (141, "")


def test_output_that_cannot_be_written_is_told(shell: Shell) -> None:
    new(shell)
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "helpdesk", "queue"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=shell.process_environment(),
            check=False,
        )
    assert ran.returncode == 74
    assert "No space left" in one_line(Said(ran.returncode, "", ran.stderr.decode()))


def test_an_agent_who_stops_a_command_is_not_told_a_tale(shell: Shell) -> None:
    new(shell)
    running = subprocess.Popen(
        [sys.executable, "-m", "helpdesk", "note", "1", "--body", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=shell.process_environment(),
    )
    assert running.stdin is not None
    # Once its input is taken in, the command waits for more of it.
    running.stdin.write(b"x" * 500_000)
    running.stdin.flush()
    running.send_signal(signal.SIGINT)
    _, err = running.communicate()
    assert running.returncode == 130
    assert err.decode() == "helpdesk: stopped\n"
    assert len(shell.ok("show", "1", "--json").object["ticket"]["messages"]) == 2


def test_any_encoding_of_the_terminal_will_do(shell: Shell) -> None:
    shell.ok("new", "--customer", "a@example.com", "--name", "Айгүл", *NEW)
    latin = Shell(shell.desk, {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"})
    assert latin.process("queue").out.endswith("?????: x\n")
    shown = latin.process("show", "1", "--json")
    assert shown.object["customer"]["name"] == "Айгүл"
    assert shown.out.isascii()
    assert "Айгүл" in shell.process("show", "1", "--json").out


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("desk", "make one with 'helpdesk init desk', "),
        ("my desk", "make one with \"helpdesk init 'my desk'\", "),
        ("a file", "a file is no folder, as a desk is: name another with --desk"),
    ],
)
@pytest.mark.parametrize("words", [(), ("queue",)])
def test_the_hint_for_want_of_a_desk_is_one_that_a_shell_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, hint: str, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a file").touch()
    assert hint in Shell(tmp_path).fails(78, "--desk", name, *words)


def test_no_desk_is_made_in_the_place_of_a_file(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = shell.fails(73, "init", str(tmp_path / "file"), "--name", "x", "--timezone", "UTC")
    assert "file is no folder: name a new folder or an empty one" in told
