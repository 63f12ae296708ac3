"""Reading the messages of an import beside writing them: in a process of its own."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from helpdesk.desk import arriving
from helpdesk.desk.importing.mailboxes import Entry
from helpdesk.mail.letter import Letter

Batch = list[tuple[Entry, bytes]]
Read = list[tuple[Entry, bytes, Letter]]

_AHEAD = 2
"""Batches that are read while one is written: more would only take memory."""


def read_beside(batches: Iterable[Batch]) -> Iterator[Read]:
    """Each batch with its letters, in order; read in another process while the caller works.

    If the system ends that process, as for want of memory, the rest is read here.
    """
    left = iter(batches)
    waiting: deque[tuple[Batch, Future[list[Letter]] | None]] = deque()
    pool = ProcessPoolExecutor(1, get_context("spawn"), _begin_beside)
    try:
        for batch in islice(left, _AHEAD):
            waiting.append((batch, _submitted(pool, batch)))
        while waiting:
            batch, future = waiting.popleft()
            letters = _result(future, batch)
            for following in islice(left, 1):
                waiting.append((following, _submitted(pool, following)))
            yield [(*message, letter) for message, letter in zip(batch, letters, strict=True)]
    finally:
        pool.shutdown(cancel_futures=True)


def read_here(batches: Iterable[Batch]) -> Iterator[Read]:
    """Each batch with its letters, read as it is asked for."""
    for batch in batches:
        yield [(entry, raw, arriving.read(raw)) for entry, raw in batch]


def _submitted(pool: ProcessPoolExecutor, batch: Batch) -> Future[list[Letter]] | None:
    try:
        return pool.submit(_read, [raw for _, raw in batch])
    except BrokenProcessPool:
        return None


def _result(future: Future[list[Letter]] | None, batch: Batch) -> list[Letter]:
    try:
        if future is not None:
            return [_unpacked(letter) for letter in future.result()]
    except BrokenProcessPool:
        pass
    return [arriving.read(raw) for _, raw in batch]


def _read(raws: list[bytes]) -> list[Letter]:
    return [_packed(arriving.read(raw)) for raw in raws]


def _packed(letter: Letter) -> Letter:
    """The letter with payloads of its own: a view of the message cannot leave a process."""
    return _with_payloads(letter, bytes)


def _unpacked(letter: Letter) -> Letter:
    return _with_payloads(letter, memoryview)


def _with_payloads(letter: Letter, kind: Callable[[Any], Any]) -> Letter:
    if not letter.attachments:
        return letter
    attachments = tuple(a._replace(encoded=kind(a.encoded)) for a in letter.attachments)
    return letter._replace(attachments=attachments)


def _begin_beside() -> None:
    """Ctrl+C reaches both processes, and what is at hand is still wanted; but without the parent,
    whatever killed it, nothing is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
