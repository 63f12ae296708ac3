"""A server as docs/admin.md sets it up: a service user with a desk, agents, sudo and an own sshd.

Everything of it is made anew under names of its own, and taken away at the end.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import create_server

import helpdesk
from tests.pty.terminal import PATIENCE, Terminal, running

NEEDED = ("sudo", "ssh", "ssh-keygen", "useradd", "userdel", "groupadd", "groupdel")
SSHD = Path("/usr/sbin/sshd")
SUDOERS = Path("/etc/sudoers.d")

_TOP = Path(helpdesk.__file__).parents[1]
_NOT_INSTALLED = ("mypy*", "ruff*", "pip*", "setuptools*", "hypothesis*", "pytest*", "_pytest",
                  "ast_serialize*", "*mypyc*", "helpdesk*", "_virtualenv*", "*.pth")  # fmt: skip
_NOT_COPIED = ("test", "tests", "idlelib", "tkinter", "turtledemo", "ensurepip", "config-*",
               "site-packages", "lib2to3")  # fmt: skip
_STARTS = "#!{python}\nfrom helpdesk.cli import main\nmain()\n"
SUDO_RULE = """\
Defaults!{program} env_reset, !setenv, use_pty
Defaults!{program} env_keep = "NO_COLOR HELPDESK_THEME SSH_ORIGINAL_COMMAND"
%{group} ALL = ({service}) NOPASSWD: NOEXEC: {program}
"""
FORCED = """\
    ForceCommand /usr/bin/sudo -n -u {service} {program}
    DisableForwarding yes
    PermitUserRC no
    ClientAliveInterval 30
    ClientAliveCountMax 4
"""
_SSHD = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
PidFile {folder}/pid
AuthorizedKeysFile {folder}/keys/%u
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp

Match User {forced}
{rules}"""
_EXEC = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"


Said = subprocess.CompletedProcess[str]


def missing() -> list[str]:
    """What this machine lacks to be such a server."""
    lacks = [] if os.geteuid() == 0 else ["root's rights"]
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    lacks += [name for name in NEEDED if shutil.which(name, path=path) is None]
    return lacks + ([] if SSHD.exists() else ["sshd"])


@dataclass
class Server:
    """The server; ``aigul`` and ``aibek`` have a shell, ``forced`` reaches the desk alone."""

    folder: Path
    service: str
    group: str
    aigul: str
    aibek: str
    forced: str
    port: int = 0

    @property
    def program(self) -> Path:
        """The command, as it is installed."""
        return self.folder / "opt" / "bin" / "helpdesk"

    @property
    def home(self) -> Path:
        """The service user's."""
        return self.folder / "home"

    @property
    def desk(self) -> Path:
        """The desk's folder."""
        return self.home / "desk"

    def ssh(self, agent: str, *words: str) -> list[str]:
        """The command line that logs an agent in by his key."""
        options = (
            "BatchMode=yes", f"UserKnownHostsFile={self.folder}/known", "LogLevel=ERROR",
            "StrictHostKeyChecking=yes", "IdentitiesOnly=yes",
        )  # fmt: skip
        said = [part for option in options for part in ("-o", option)]
        key, port = str(self.folder / "key"), str(self.port)
        return ["ssh", "-F", "none", *said, "-i", key, "-p", port, f"{agent}@127.0.0.1", *words]

    def over_ssh(
        self, agent: str, *words: str, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """What a command says that an agent sends by ssh."""
        return _said(self.ssh(agent, *words), typed=typed)

    def as_agent(
        self,
        agent: str,
        words: Sequence[str],
        environment: Mapping[str, str] | None = None,
        typed: str = "",
    ) -> Said:
        """What a command says that an agent types at a shell of his own."""
        return _said(
            ["runuser", "-u", agent, "--", "env", "-C", "/", *_named(environment or {}), *words],
            typed=typed,
        )

    def sudo(self, *words: str) -> list[str]:
        """The command line by which an agent at a shell calls the program."""
        return ["sudo", "-n", "-u", self.service, str(self.program), *words]

    @contextmanager
    def logged_in(
        self, agent: str, *words: str, term: str = "xterm-256color"
    ) -> Iterator[Terminal]:
        """An agent at a terminal, logged in by ssh."""
        variables = {"TERM": term}
        with running(["-c", _EXEC, *self.ssh(agent)], environment=variables) as terminal:
            yield terminal


def _named(environment: Mapping[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in environment.items()]


def _said(command: list[str], typed: str = "") -> Said:
    return subprocess.run(
        command, input=typed, capture_output=True, text=True, timeout=60, check=False
    )


def _run(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=60)


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Set it up in ``folder``, and take all of it away at the end."""
    name = f"hd{os.getpid()}"
    made = Server(
        folder,
        service=f"{name}s",
        group=f"{name}g",
        aigul=f"{name}l",
        aibek=f"{name}a",
        forced=f"{name}f",
    )
    folder.chmod(0o755)
    with ExitStack() as stack:
        _install(folder)
        _add_users(made, stack)
        _let_sudo(made, stack)
        _serve(made, stack)
        yield made


def _install(folder: Path) -> None:
    """The program with its libraries, in a place that everybody may read and nobody change."""
    base = Path(sys.base_prefix)
    python = Path(sys._base_executable)  # type: ignore[attr-defined]
    if _said(["runuser", "-u", "nobody", "--", str(python), "-c", ""]).returncode != 0:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        library = Path(sysconfig.get_path("stdlib"))
        for shared in base.glob("lib/libpython*.so*"):
            (folder / "python" / "lib").mkdir(parents=True, exist_ok=True)
            shutil.copy(shared, folder / "python" / "lib")
        shutil.copytree(library, folder / "python" / "lib" / version,
                        ignore=shutil.ignore_patterns(*_NOT_COPIED))  # fmt: skip
        (folder / "python" / "bin").mkdir()
        python = Path(shutil.copy(python.resolve(), folder / "python" / "bin" / version))
    _run(python, "-m", "venv", "--without-pip", folder / "opt")
    packages = Path(sysconfig.get_path("purelib"))
    (there,) = (folder / "opt" / "lib").glob("python*/site-packages")
    shutil.copytree(packages, there, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns(*_NOT_INSTALLED))  # fmt: skip
    shutil.copytree(_TOP / "helpdesk", there / "helpdesk")
    shutil.copytree(_TOP / "data", there / "helpdesk" / "_data")
    program = folder / "opt" / "bin" / "helpdesk"
    program.write_text(_STARTS.format(python=folder / "opt" / "bin" / "python"))
    program.chmod(0o755)


def _add_users(made: Server, stack: ExitStack) -> None:
    _run("groupadd", made.group)
    stack.callback(_run, "groupdel", made.group)
    _add_user(made.service, stack, "-r", "-d", str(made.home), "-s", "/usr/sbin/nologin")
    for agent in (made.aigul, made.aibek, made.forced):
        _add_user(agent, stack, "-M", "-d", "/", "-s", "/bin/sh", "-G", made.group)
    made.home.mkdir(mode=0o700)
    _run("chown", made.service, made.home)
    as_service = ("sudo", "-u", made.service, made.program)
    _run(*as_service, "init", made.desk, "--name", "Ak-Sai", "--timezone", "Asia/Bishkek",
         "--hours", "mon-sun 00:00-24:00")  # fmt: skip
    settings = made.desk / "desk.toml"
    with settings.open("a") as file:
        file.write(f'\n[roles]\nlead = ["{made.aigul}"]\n')
    settings.write_text(settings.read_text().replace("# editor = true", "editor = true"))


def _add_user(name: str, stack: ExitStack, *options: str) -> None:
    # Without a password, but not locked, so that a key lets in.
    _run("useradd", "-p", "*", *options, name)
    stack.callback(_remove_user, name)


def _remove_user(name: str) -> None:
    """Wait for the end of what the user still runs, as a session that was just cut off."""
    deadline = time.monotonic() + PATIENCE
    while _said(["userdel", name]).returncode != 0:
        if time.monotonic() > deadline:
            _run("userdel", "-f", name)
            return
        time.sleep(0.1)


def _let_sudo(made: Server, stack: ExitStack) -> None:
    rule = SUDOERS / made.group
    stack.callback(rule.unlink, missing_ok=True)
    text = SUDO_RULE.format(program=made.program, group=made.group, service=made.service)
    rule.write_text(text)
    rule.chmod(0o440)
    _run("visudo", "-c", "-q", "-f", rule)


def _serve(made: Server, stack: ExitStack) -> None:
    folder = made.folder
    for name in ("host", "key"):
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name)
    (folder / "keys").mkdir(mode=0o755)
    for agent in (made.aigul, made.aibek, made.forced):
        shutil.copy(folder / "key.pub", folder / "keys" / agent)
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with create_server(("127.0.0.1", 0)) as free:
        made.port = free.getsockname()[1]
    key = " ".join((folder / "host.pub").read_text().split()[:2])
    (folder / "known").write_text(f"[127.0.0.1]:{made.port} {key}\n")
    config = folder / "sshd_config"
    rules = FORCED.format(service=made.service, program=made.program)
    config.write_text(_SSHD.format(port=made.port, folder=folder, forced=made.forced, rules=rules))
    daemon = subprocess.Popen([SSHD, "-D", "-f", config, "-E", folder / "sshd.log"])
    stack.callback(_end, daemon)
    deadline = time.monotonic() + PATIENCE
    while made.over_ssh(made.aibek, "true").returncode != 0:
        assert time.monotonic() < deadline, (folder / "sshd.log").read_text()
        time.sleep(0.05)


def _end(daemon: subprocess.Popen[bytes]) -> None:
    daemon.terminate()
    with suppress(subprocess.TimeoutExpired):
        daemon.wait(10)
