"""Ways to lose the index of a desk."""

import shutil
import sqlite3
from pathlib import Path

from helpdesk.store.schema import SCHEMA


def garbage(desk: Path) -> None:
    (desk / ".cache" / "index.sqlite").resolve().write_bytes(b"garbage " * 4000)


def torn(desk: Path) -> None:
    path = (desk / ".cache" / "index.sqlite").resolve()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)


def emptied(desk: Path) -> None:
    (desk / ".cache" / "index.sqlite").resolve().write_bytes(b"")


def without_its_file(desk: Path) -> None:
    (desk / ".cache" / "index.sqlite").resolve().unlink()


def without_its_link(desk: Path) -> None:
    (desk / ".cache" / "index.sqlite").unlink()


def without_its_folder(desk: Path) -> None:
    shutil.rmtree(desk / ".cache")


def without_knowing_what_it_holds(desk: Path) -> None:
    with sqlite3.connect(desk / ".cache" / "index.sqlite") as db:
        db.execute("DELETE FROM documents")
        db.execute("DELETE FROM folders")
        db.execute("DELETE FROM meta WHERE key LIKE 'next%'")
    db.close()


def of_an_older_version(desk: Path) -> None:
    say_version(desk / ".cache" / "index.sqlite", SCHEMA - 1)


def say_version(index: Path, version: int) -> None:
    with sqlite3.connect(index) as db:
        db.execute(f"PRAGMA user_version = {version}")
    db.close()


LOST = [
    garbage, torn, emptied, without_its_file, without_its_link, without_its_folder,
    of_an_older_version,
]  # fmt: skip
