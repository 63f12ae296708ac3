"""Agents on a real server, by real sshd and sudo: they reach the desk, and nothing beside it."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pty.terminal import PATIENCE
from tests.ssh.machine import Server, missing, server

TOP = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=f"needs {', '.join(missing())}"),
]


@pytest.fixture(scope="module")
def there() -> Iterator[Server]:
    """The server, with two tickets on its desk."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder, server(Path(folder)) as made:
        for subject in ("Tent leaks", "Wet rope"):
            said = made.as_agent(made.aibek, made.sudo(
                "new", "--customer", "aigul@example.com", "--kind", "request", "--channel", "email",
                "--subject", subject, "--body", "It rained."))  # fmt: skip
            assert said.returncode == 0, said
        yield made


def shown(there: Server, number: int = 1) -> Any:
    """The ticket, as the lead sees it."""
    said = there.as_agent(there.aigul, there.sudo("show", str(number), "--json"))
    assert said.returncode == 0, said
    return json.loads(said.stdout)["ticket"]


def last_message(there: Server) -> tuple[str, str]:
    message = shown(there)["messages"][-1]
    return message["author"], message["text"]


def on_record(there: Server) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (there.desk / "audit.jsonl").read_text().splitlines()]


@pytest.fixture
def drafts(there: Server) -> Path:
    """Where the drafts of the agent of the forced command are kept; none is there.

    All tests here share a server, in whatever order they come to it.
    """
    folder = there.desk / "agents" / there.forced / "drafts"
    for left in folder.glob("*"):
        left.unlink()
    return folder


def test_a_link_cut_in_mid_sentence_loses_nothing(there: Server, drafts: Path) -> None:
    with there.logged_in(there.forced) as terminal:
        terminal.until_shows("▌  ")
        terminal.press("r")
        terminal.until_shows("Dear customer")
        terminal.press("We send a new tent, and also")
        terminal.until_shows("and also")
        terminal.end(signal.SIGKILL)
    with there.logged_in(there.forced) as terminal:
        terminal.until_shows("1 draft waits")
        assert len(list(drafts.iterdir())) == 1
        terminal.press("\x04")  # ctrl+d
        terminal.until_shows("go on writing")
        terminal.press("\r")
        terminal.until_shows("^s send")
        terminal.press(" a rope.")
        terminal.until_shows("and also a rope.")
        terminal.press("\x13")  # ctrl+s
        terminal.until_shows("reply to #1")
        terminal.until_shows("⏎ open")
        terminal.press("q")
        assert terminal.exit_code() == 0
    author, text = last_message(there)
    assert author == there.forced
    assert "We send a new tent, and also a rope." in text
    assert list(drafts.iterdir()) == []


@pytest.mark.parametrize("term", ["xterm", "screen", "tmux", "linux", "vt100"])
def test_every_terminal_works_the_queue(there: Server, term: str) -> None:
    with there.logged_in(there.forced, term=term) as terminal:
        terminal.until_shows("▌  ")
        terminal.press("\r")
        terminal.until_shows("It rained.")
        terminal.press("\x1b")
        terminal.until_shows("▌  ")
        terminal.press("q")
        assert terminal.exit_code() == 0
        assert terminal.is_as_before()


def test_a_terminal_that_only_prints_is_refused_in_one_line(there: Server) -> None:
    with there.logged_in(there.forced, term="dumb") as terminal:
        assert terminal.exit_code() == 69
        assert terminal.text().replace("\n", "").startswith("helpdesk: this terminal can only")
        assert b"\x1b" not in terminal.wire


def test_commands_come_by_ssh_as_they_are_typed(there: Server) -> None:
    assert there.over_ssh(there.forced, "note 1 --body 'two  words'").returncode == 0
    assert last_message(there) == (there.forced, "two  words")
    said = there.over_ssh(there.forced, "helpdesk note 1 --body -", typed="from $HOME; `id`\n")
    assert said.returncode == 0, said
    assert last_message(there) == (there.forced, "from $HOME; `id`")
    for words in ("note 1 --body 'open", "sh -c id", "/usr/lib/openssh/sftp-server", "; id"):
        said = there.over_ssh(there.forced, words)
        assert (said.returncode in (64, 65), said.stdout) == (True, ""), said
        assert said.stderr.startswith("helpdesk: ") and said.stderr.count("\n") == 1


def test_no_file_is_copied_and_no_port_forwarded(there: Server) -> None:
    sftp = there.ssh(there.forced, "sftp")
    sftp.insert(1, "-s")
    assert there.over_ssh(there.forced, "true").returncode == 64
    done = subprocess.run(sftp, capture_output=True, input=b"", timeout=60, check=False)
    assert done.returncode == 64 and done.stdout == b""
    forwarding = there.ssh(there.forced, "queue")
    forwarding[1:1] = ["-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1"]
    assert (
        subprocess.run(forwarding, capture_output=True, timeout=60, check=False).returncode == 255
    )


def test_what_an_agent_takes_in_is_his_own_doing_and_no_workers(there: Server) -> None:
    """The mail server's pipe, as the service user, hands in; an agent by sudo does not."""
    library = f"LD_LIBRARY_PATH={there.folder}/python/lib"  # where the copied Python has its own
    program = [str(there.program), "--desk", str(there.desk)]
    pipe = ["runuser", "-u", there.service, "--", "env", "-C", "/", library, *program]
    with subprocess.Popen([*pipe, "worker"], stdout=subprocess.PIPE, text=True) as worker:
        try:
            assert worker.stdout is not None
            socket = there.desk / ".cache/worker.sock"
            until(socket.is_socket)
            assert stat.S_IMODE(socket.stat().st_mode) == 0o600
            taken = subprocess.run(
                [*pipe, "ingest", "--json"],
                input="Red?",
                capture_output=True,
                text=True,
                check=True,
            )
            number = json.loads(taken.stdout)["ticket"]
            assert worker.stdout.readline() == f"ticket {number}: a message was handed in\n"
            words = there.sudo("--desk", str(there.desk), "ingest", "--json")
            own = there.as_agent(there.aibek, words, typed="By hand.")
            assert own.returncode == 0, own
        finally:
            worker.terminate()
        assert worker.stdout.read() == ""
    by = [shown(there, n)["history"][0]["by"] for n in (number, json.loads(own.stdout)["ticket"])]
    assert by == [there.service, there.aibek]


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def test_nobody_reads_or_changes_documents_by_hand(there: Server) -> None:
    for words in (
        ["cat", str(there.desk / "desk.toml")],
        ["ls", str(there.desk)],
        ["touch", str(there.desk / "tickets" / "x")],
    ):
        said = there.as_agent(there.aibek, words)
        assert said.returncode != 0 and "Permission denied" in said.stderr
    python = str(there.program.parent / "python")
    for words in (["cat", str(there.desk / "desk.toml")], ["sh"], [python]):
        said = there.as_agent(there.aibek, ["sudo", "-n", "-u", there.service, *words])
        assert said.returncode == 1 and said.stderr.startswith("sudo: "), said


def test_nobody_looks_into_the_program_while_it_runs(there: Server) -> None:
    note = there.sudo("note", "1", "--body", "-")
    before = len(on_record(there))
    with subprocess.Popen(
        ["runuser", "-u", there.aibek, "--", "env", "-C", "/", *note],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as running:
        until(lambda: len(on_record(there)) > before)
        # A program of a story before may not have ended yet.
        ours = ["pgrep", "-u", there.service, "-f", "note 1 --body -$"]
        found = subprocess.run(ours, capture_output=True, check=True)
        process = Path("/proc", found.stdout.decode().strip())
        for name in ("environ", "mem", "maps", "fd/0"):
            said = there.as_agent(there.aibek, ["head", "-c1", str(process / name)])
            assert "Permission denied" in said.stderr, said
        assert "sudo_noexec" in (process / "maps").read_text(), "it could start another program"
        (core,) = [line for line in (process / "limits").read_text().splitlines() if "core" in line]
        assert core.split()[4:6] == ["0", "0"], "what it holds could be left in a file"
        running.communicate(b"Seen.")
    assert last_message(there) == (there.aibek, "Seen.")


def test_root_is_the_service_user_though_it_became_root_by_sudo(there: Server) -> None:
    """Its environment says who it was, and sudo says it anew."""
    left = {"SUDO_UID": str(_uid(there.aibek)), "SUDO_USER": there.aibek}
    command = ["sudo", "-u", there.service, str(there.program), "--desk", str(there.desk)]
    said = there.as_agent("root", [*command, "note", "1", "--body", "By root."], left)
    assert said.returncode == 0, said
    assert last_message(there) == (there.service, "By root.")


def test_the_agent_is_the_one_whom_sudo_names_whatever_the_environment_says(
    there: Server,
) -> None:
    mark, evil = there.folder / "mark", there.folder / "evil"
    evil.mkdir(exist_ok=True)
    for name in ("sitecustomize.py", "usercustomize.py", "evil.py"):
        (evil / name).write_text(f"open({str(mark)!r}, 'w')\n")
    forged = {
        "SUDO_UID": "0", "SUDO_USER": there.aigul, "USER": there.aigul, "LOGNAME": there.aigul,
        "HELPDESK_DESK": "/tmp", "HOME": str(evil), "XDG_DATA_HOME": str(evil),
        "PYTHONPATH": str(evil), "PYTHONSTARTUP": str(evil / "evil.py"), "PYTHONINSPECT": "1",
        "PYTHONHOME": str(evil), "PYTHONBREAKPOINT": "evil", "TEXTUAL_DRIVER": "evil:Driver",
        "_HELPDESK_COMPLETE": "bash_source", "LD_PRELOAD": str(evil / "evil.so"),
        "EDITOR": "/bin/sh", "VISUAL": "/bin/sh", "PAGER": "/bin/sh", "BROWSER": "/bin/sh",
    }  # fmt: skip
    said = there.as_agent(there.aibek, there.sudo("note", "1", "--body", "who am I?"), forged)
    assert (said.returncode, said.stderr) == (0, "") or "ld.so" in said.stderr, said
    assert last_message(there) == (there.aibek, "who am I?")
    for option in (["-E"], ["--preserve-env=PYTHONPATH"], [f"SUDO_USER={there.aigul}"]):
        command = there.sudo("note", "1", "--body", "forged")
        command[2:2] = option
        said = there.as_agent(there.aibek, command, forged)
        assert said.returncode == 1 and "not allowed" in said.stderr, said
    assert last_message(there) == (there.aibek, "who am I?")
    assert not mark.exists(), "an agent's code ran"


def test_at_home_nobody_plays_another_agent_either(there: Server) -> None:
    forged = {"SUDO_UID": str(_uid(there.aigul)), "SUDO_USER": there.aigul}
    words = [str(there.program), "--desk", str(there.desk), "note", "1", "--body", "forged"]
    said = there.as_agent(there.aibek, words, forged)
    assert said.returncode in (77, 78) and "Traceback" not in said.stderr, said
    said = there.as_agent(there.aibek, words, {"SUDO_UID": "7777777", "SUDO_USER": "x"})
    assert said.returncode == 77, said


def _uid(login: str) -> int:
    return pwd.getpwnam(login).pw_uid


@pytest.mark.parametrize(
    "words",
    [
        ("--desk", "/tmp", "queue"),
        ("queue", "--desk", "/tmp"),
        ("export", "--output", "/var/tmp/x"),
        ("reply", "1", "--body", "Here.", "--attach", "/etc/passwd"),
        ("import", "csv", "/etc/passwd", "--mapping", "boston-311"),
        ("import", "csv", "-", "--mapping", "boston-311", "--rejects", "/var/tmp/x"),
        ("due", "--policy", "/etc/passwd", "--received", "2026-03-02 10:00", "--channel", "web",
         "--kind", "request"),
        ("demo",),
        ("demo", "--no-open", "--folder", "/var/tmp/x"),
        ("init", "/var/tmp/x", "--name", "x", "--timezone", "UTC"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_path_leads_out_of_the_desk(there: Server, words: tuple[str, ...]) -> None:
    before = len(on_record(there))
    said = there.as_agent(there.aigul, there.sudo(*words))
    assert (said.returncode, said.stdout) == (77, ""), said
    assert said.stderr.count("\n") == 1 and "the desk is reached through sudo" in said.stderr
    assert not Path("/var/tmp/x").exists()
    refused = [entry for entry in on_record(there)[before:] if entry["what"] == "refused"]
    assert [entry["agent"] for entry in refused] == [there.aigul]


def test_tables_and_exports_go_through_the_agents_own_streams(there: Server) -> None:
    mapping = (TOP / "data/mappings/orders.toml").read_text()
    replace = there.sudo("settings", "mappings/shop.toml", "--replace", "-")
    assert there.as_agent(there.aibek, replace, typed=mapping).returncode == 77
    assert there.as_agent(there.aigul, replace, typed=mapping).returncode == 0
    header, first, *_ = (TOP / "tests/data/orders/sample.csv").read_text().splitlines()
    wrong = ",".join(["x"] * len(header.split(",")))
    take_in = there.sudo("import", "orders", "-", "--mapping", "shop", "--rejects", "-")
    said = there.as_agent(there.aigul, take_in, typed=f"{header}\n{wrong}\n{first}\n")
    assert said.returncode == 0, said
    assert said.stdout.splitlines()[0].endswith("rejected_line,rejected_reason")
    assert len(said.stdout.splitlines()) == 2 and "imported: 1 order" in said.stderr
    said = there.as_agent(there.aigul, there.sudo("export", "--output", "-"))
    assert said.returncode == 0 and len(said.stdout.splitlines()) >= 3
    said = there.as_agent(there.aibek, there.sudo("export"))
    assert (said.returncode, said.stdout) == (77, "")


def test_no_editor_no_suspending_no_shell(there: Server) -> None:
    own = there.desk / "agents" / there.forced / "preferences.toml"
    with there.logged_in(there.forced) as terminal:
        terminal.until_shows("▌  ")
        terminal.press("q")
        assert terminal.exit_code() == 0
    owner = there.desk.stat()
    for folder in (own.parent.parent, own.parent):
        if not folder.exists():
            folder.mkdir(mode=0o700)
            os.chown(folder, owner.st_uid, owner.st_gid)
    text = own.read_text() if own.exists() else ""
    own.write_text(f"editor = true\n{text}")
    shutil.chown(own, there.service)
    with there.logged_in(there.forced) as terminal:
        terminal.until_shows("▌  ")
        terminal.press("\x1a")  # ctrl+z
        terminal.press("n")
        terminal.until_shows("for agents only")
        terminal.press("\x1a\x05")  # and ctrl+e
        terminal.until_shows("no other program is started here")
        terminal.press("still here")
        terminal.until_shows("still here")
        terminal.press("\x11")  # ctrl+q
        assert terminal.exit_code() == 0


def test_every_use_is_on_record_and_the_log_is_the_service_users(there: Server) -> None:
    said = there.as_agent(there.aibek, there.sudo("queue"))
    assert said.returncode == 0
    entry = on_record(there)[-1]
    assert (entry["agent"], entry["what"], entry["command"]) == (there.aibek, "opened", "queue")
    for words in (["ingest", "--dry-run"], ["outbox", "hold", "99"], ["outbox"],
                  ["due", "--received", "2026-03-02 10:00", "--channel", "web",
                   "--kind", "request"]):  # fmt: skip
        there.as_agent(there.aibek, there.sudo(*words))
    commands = [entry["command"] for entry in on_record(there)[-4:]]
    assert commands == ["ingest", "outbox hold", "outbox list", "due"]
    assert there.desk.stat().st_mode & 0o777 == 0o700
    assert (there.desk / "audit.jsonl").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("limit", ["-f 1", "-n 20"])
def test_an_agents_limits_keep_nothing_off_the_record(there: Server, limit: str) -> None:
    log = there.desk / "audit.jsonl"
    before = log.read_bytes()
    for words in (("queue",), ("export",)):
        command = f'ulimit {limit} && exec "$@"'
        said = there.as_agent(there.aibek, ["sh", "-c", command, "sh", *there.sudo(*words)])
        assert (said.returncode, said.stdout) == (77, ""), said
        assert "could not be put on record" in said.stderr
    assert log.read_bytes() == before


def test_a_desk_that_others_may_enter_is_not_served(there: Server) -> None:
    there.desk.chmod(0o750)
    try:
        said = there.as_agent(there.aibek, there.sudo("queue"))
    finally:
        there.desk.chmod(0o700)
    assert (said.returncode, said.stdout) == (78, ""), said


def test_an_agent_who_left_the_group_reaches_the_desk_no_more(there: Server) -> None:
    subprocess.run(["gpasswd", "-d", there.aibek, there.group], check=True, capture_output=True)
    try:
        said = there.as_agent(there.aibek, there.sudo("queue"))
        assert said.returncode == 1 and said.stderr.startswith("sudo: "), said
    finally:
        subprocess.run(["gpasswd", "-a", there.aibek, there.group], check=True, capture_output=True)


def test_an_account_that_was_closed_logs_in_no_more(there: Server) -> None:
    """Out of the group alone, whom the rule of sshd sends to the desk would be given a shell."""
    assert there.over_ssh(there.forced, "queue").returncode == 0
    subprocess.run(["usermod", "--expiredate", "1", there.forced], check=True)
    try:
        said = there.over_ssh(there.forced, "queue")
        assert (said.returncode, said.stdout) == (255, ""), said
    finally:
        subprocess.run(["usermod", "--expiredate", "", there.forced], check=True)
