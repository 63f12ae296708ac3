"""Programs that have a store open: opened and closed, run, killed."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpdesk.store.files import FileStore
from tests.store.making import noted, save

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.store.making", "helpdesk.store.files", "tinydb"])


class opened(FileStore):  # noqa: N801 - reads as a verb: with opened(desk) as store
    """A store that closes with its block."""

    def __enter__(self) -> "opened":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def file_of(desk: Path, number: int, kind: str = "tickets") -> Path:
    return desk / kind / "0000" / f"{number:06d}.json"


def run(target: Callable[..., None], *args: Any) -> int | None:
    process = processes.Process(target=target, args=args, daemon=True)
    process.start()
    process.join(60)
    return process.exitcode


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def note_from_elsewhere(desk: Path) -> None:
    with opened(desk) as store:
        save(store, noted(store.ticket(1), "from elsewhere"))
