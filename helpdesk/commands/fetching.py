"""`fetch`: mail from the IMAP accounts of desk.toml."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from helpdesk.commands.failing import explain
from helpdesk.commands.options import LINE, json_option, with_desk
from helpdesk.commands.output import json_line, line, warn
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import BadConfiguration, Unavailable
from helpdesk.domain.rights import Right

if TYPE_CHECKING:
    from helpdesk.desk.fetching import Fetched
    from helpdesk.desk.working import Stop
    from helpdesk.mail_settings import MailInSection

_AFTER_A_MISHAP = 300.0  # seconds

_LOOK = 0.2  # seconds

_LAST_WAIT = 20.0
"""Seconds that messages at hand are waited for at the end. What is left then comes in the next
time, as nothing is marked at the server before it is kept."""


@click.command()
@click.option("--account", type=LINE, metavar="NAME", help="Only this account of desk.toml.")
@click.option("--watch", is_flag=True, help="Go on, and take in what comes as it comes.")
@json_option
@with_desk
def fetch(desk: Desk, account: str | None, watch: bool, as_json: bool) -> int:
    """Take in new mail from the IMAP accounts of desk.toml, each message once.

    Ends with 69 if an account could not be fetched from, or not all of it could be taken in, and
    with 78 if its password cannot be had or others may read it; the others are fetched all the
    same. With --watch it goes on until it is stopped, and tries again whatever breaks.
    """
    from helpdesk.desk import fetching

    desk.require(Right.WORK)
    accounts = _accounts(desk, account)
    if watch:
        _watch(desk, accounts, as_json)
        return 0
    reports = [fetching.fetch(desk, each) for each in accounts]
    for report in reports:
        _tell(report, as_json)
    if any(report.bad_settings for report in reports):
        return BadConfiguration.exit_code
    return Unavailable.exit_code if any(report.fault for report in reports) else 0


def _accounts(desk: Desk, name: str | None) -> Sequence[MailInSection]:
    known = desk.settings.mail.in_
    if not known:
        raise BadConfiguration("desk.toml: there is no [[mail.in]] to fetch from")
    named = [account for account in known if name in (None, account.name)]
    if not named:
        names = ", ".join(account.name for account in known)
        raise BadConfiguration(f"desk.toml: no [[mail.in]] has that name; there are: {names}")
    return named


def _watch(desk: Desk, accounts: Sequence[MailInSection], as_json: bool) -> None:
    telling = threading.Lock()

    def tell(report: Fetched) -> None:
        if report.taken or report.failed or report.fault:
            with telling:
                _tell(report, as_json)

    with until_stopped() as stopped:
        wait_for(begin_watching(desk, accounts, tell, stopped), stopped)


def begin_watching(
    desk: Desk,
    accounts: Sequence[MailInSection],
    tell: Callable[[Fetched], None],
    stopped: threading.Event,
) -> list[threading.Thread]:
    """Watch each account in a thread of its own, until ``stopped``; gives the threads."""
    watching = [
        threading.Thread(
            target=_watch_on, args=(desk, account, tell, stopped), name=account.name, daemon=True
        )
        for account in accounts
    ]
    for thread in watching:
        thread.start()
    return watching


def wait_for(watching: Sequence[threading.Thread], stopped: Stop) -> None:
    """Wait until the accounts are watched no more; at the end for no server that is silent."""
    while any(thread.is_alive() for thread in watching) and not stopped.for_good:
        for thread in watching:
            thread.join(_LOOK)
    end = time.monotonic() + _LAST_WAIT
    for thread in watching:
        thread.join(max(0.0, end - time.monotonic()))


def _watch_on(
    desk: Desk,
    account: MailInSection,
    tell: Callable[[Fetched], None],
    stopped: threading.Event,
) -> None:
    """Watch an account, whatever goes wrong: a thread that ends fetches nothing, and none knows."""
    from helpdesk.desk import fetching

    while not stopped.is_set():
        try:
            fetching.watch(desk, account, tell, stopped.is_set, stopped.wait)
        except Exception as error:
            line, _ = explain(error)
            tell(fetching.Fetched(account.name, fault=f"account {account.name}: {line}"))
            stopped.wait(_AFTER_A_MISHAP)


@contextmanager
def until_stopped() -> Iterator[Stop]:
    """An event that is set by Ctrl+C, or when the system asks the program to end."""
    from helpdesk.desk.working import Stop

    stopped = Stop()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: stopped.end()) for number in signals]
    try:
        yield stopped
    finally:
        stopped.set()
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _tell(report: Fetched, as_json: bool) -> None:
    import sys

    if as_json:
        json_line(report.as_json())
    else:
        new = "message" if report.taken == 1 else "messages"
        line(f"{report.account}: {report.taken} new {new}")
    if report.fault:
        warn(report.fault if not report.failed else f"{report.account}: {report.fault}")
    sys.stdout.flush()
