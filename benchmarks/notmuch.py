"""notmuch, on the messages of a desk in a maildir, where it is installed."""

import os
import shutil
import subprocess
from pathlib import Path

PROGRAM = shutil.which("notmuch")
SHOWN = 50


def index(mail: Path) -> None:
    """Have it index the messages; those that it has already it leaves."""
    config = _config(mail)
    config.write_text(
        f"[database]\npath={mail}\n[user]\nname=Desk\nprimary_email=help@aksai.example\n"
    )
    _run(mail, "new", "--quiet")


def search(mail: Path, words: str) -> None:
    """The newest fifty threads whose messages hold the words, the last as it begins.

    It knows no beginnings of Chinese words, nor of any in quotes.
    """
    _run(mail, "search", f"--limit={SHOWN}", words if words.endswith('"') else f"{words}*")


def _run(mail: Path, *words: str) -> None:
    environment = {**os.environ, "NOTMUCH_CONFIG": str(_config(mail))}
    program = [PROGRAM or "notmuch", *words]
    subprocess.run(program, env=environment, stdout=subprocess.DEVNULL, check=True)


def _config(mail: Path) -> Path:
    return mail.parent / "notmuch.conf"
