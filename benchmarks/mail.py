"""Mail: one message from the start of `ingest` until it is durable, and an mbox of thousands."""

import base64
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from functools import partial
from pathlib import Path

from benchmarks import notmuch
from benchmarks.bench import Bench
from benchmarks.desks import SETTINGS, WORDS
from benchmarks.figures import show, waited
from helpdesk import hand_in
from helpdesk.domain.errors import HelpdeskError

MESSAGES = 5_000

_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""As where helpdesk is installed: nothing is compiled at every start."""

_LIBRARIES = "import click, pydantic, sqlite3, tinydb"

# What the system tells a parent of its children's memory begins with that of the parent itself.
_MEASURED = """
import sys
from helpdesk.cli import main
if __name__ == "__main__":
    sys.argv[0] = "helpdesk"
    try:
        main()
    finally:
        with open("/proc/self/status") as status:
            print(*(line for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


def mailing(bench: Bench) -> None:
    """Mail from the pipe and from an mbox; the large message first, as memory only grows."""
    print(f"mail: 25 MB attachment taken in: {large():.0f} MB (goal 150 MB)", flush=True)
    show("mail: one message by ingest", ingesting(bench.rounds), "(goal 200 ms)")
    if hand_in.is_possible():
        show("mail: the same, a worker listening", handed_in(bench.rounds), "(goal 200 ms)")
    show("mail: Python with the libraries alone", bare(bench.rounds, _LIBRARIES))
    show("mail: Python alone", bare(bench.rounds))
    if hand_in.is_possible():
        ours, workers = large_handed_in()
        said = f"{ours:.0f} MB, in the worker {workers:.0f} MB (goal 150 MB)"
        print(f"mail: 25 MB attachment handed in: {said}", flush=True)
    speed, memory = importing(bench.messages)
    said = f"{speed:.0f} messages a second (goal 500), {memory:.0f} MB"
    print(f"mail: mbox of {bench.messages:,}: {said}", flush=True)
    if notmuch.PROGRAM:
        other = beside_notmuch(bench.messages)
        print(f"mail: notmuch new on the same {bench.messages:,}: {other:.0f} messages a second")


def ingesting(rounds: int) -> list[float]:
    """Seconds from the start of the process until its message is durable and it has ended."""
    with _desk() as folder:
        times = []
        for number in range(rounds + 1):
            begun = time.perf_counter()
            _run(folder, "ingest", message=_message(number))
            times.append(time.perf_counter() - begun)
        return times[1:]  # the first one compiles


def handed_in(rounds: int) -> list[float]:
    """The same where a worker of the desk takes the messages in."""
    with _desk() as folder, _working(folder):
        times = []
        for number in range(rounds + 3):
            begun = time.perf_counter()
            _run(folder, "ingest", message=_message(number))
            times.append(time.perf_counter() - begun)
        return times[3:]  # the worker imports what it needs with the first ones


def bare(rounds: int, program: str = "") -> list[float]:
    """Seconds that Python takes to start, and to carry out ``program``."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], env=_ENVIRONMENT, check=True)
        times.append(time.perf_counter() - begun)
    return times


def importing(messages: int = MESSAGES) -> tuple[float, float]:
    """Messages a second, and the most memory (MB) that the writing process held."""
    with _desk() as folder:
        path = Path(folder) / "old.mbox"
        with path.open("wb") as mbox:
            for number in range(messages):
                mbox.write(b"From x\n" + _message(number) + b"\n")
        begun = time.perf_counter()
        memory = _run(folder, "import", "mbox", str(path))
        seconds = time.perf_counter() - begun
    return messages / seconds, memory


def beside_notmuch(messages: int = MESSAGES) -> float:
    """Messages a second that `notmuch new` takes from a maildir of the same mail, as many. It
    indexes files where they lie and keeps none of its own."""
    with tempfile.TemporaryDirectory() as folder:
        mail = Path(folder) / "mail"
        for name in ("cur", "new", "tmp"):
            (mail / name).mkdir(parents=True)
        for number in range(messages):
            (mail / "cur" / f"{number}.desk:2,S").write_bytes(_message(number))
        return messages / waited(partial(notmuch.index, mail))


def large(megabytes: int = 25) -> float:
    """The most memory (MB) while a message with an attachment of that size is taken in."""
    with _desk() as folder:
        return _run(folder, "ingest", message=_large(megabytes))


def large_handed_in(megabytes: int = 25) -> tuple[float, float]:
    """The same where a worker takes it in: of the process that hands it in, and of the worker."""
    with _desk() as folder, _working(folder) as worker:
        ours = _run(folder, "ingest", message=_large(megabytes))
        status = Path(f"/proc/{worker.pid}/status").read_text()
        return ours, int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _large(megabytes: int) -> bytes:
    head = _message(0).split(b"\nContent-Type", 1)[0]
    body = base64.encodebytes(os.urandom(megabytes * 1024 * 1024))
    kind = b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64"
    return head + b"\n" + kind + b"\n\n" + body


@contextmanager
def _working(folder: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of the desk, once it listens."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "helpdesk", "--desk", folder, "worker"],
        env=_ENVIRONMENT,
        stdout=subprocess.DEVNULL,
    )
    try:
        while not hand_in.is_there(folder) and worker.poll() is None:
            time.sleep(0.01)
        yield worker
    finally:
        worker.terminate()
        worker.wait()


def _desk() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    (Path(folder.name) / "desk.toml").write_text(
        SETTINGS + '[mail]\naddress = "help@aksai.example"\n'
    )
    return folder


def _run(folder: str, *words: str, message: bytes = b"") -> float:
    """Run a command on the desk; gives the most memory (MB) that its process held."""
    ran = subprocess.run(
        [sys.executable, "-c", _MEASURED, "--desk", folder, *words],
        input=message,
        env=_ENVIRONMENT,
        capture_output=True,
        check=False,
    )
    if ran.returncode:
        raise HelpdeskError(ran.stderr.decode())
    return int(ran.stderr.split()[-2]) / 1024


def _message(number: int) -> bytes:
    """The same message for the same number; four in a row are a thread with answers of ours."""
    from datetime import UTC, datetime, timedelta

    chance = random.Random(number)
    thread, place = divmod(number, 4)
    ours = place % 2 == 1
    customer, desk = f"customer{thread % 900}@example.com", "help@aksai.example"
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    lines = [
        f"From: Customer <{desk if ours else customer}>",
        f"To: {customer if ours else desk}",
        f"Subject: {' '.join(chance.choices(WORDS[:18], k=4))}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{number}@example.com>",
        *([f"In-Reply-To: <{number - 1}@example.com>"] if place else []),
        "MIME-Version: 1.0",
    ]
    words = (" ".join(chance.choices(WORDS, k=12)) for _ in range(chance.randint(3, 30)))
    kind = "Content-Type: text/plain; charset=utf-8"
    return "\n".join([*lines, kind, "", *words, ""]).encode()
