"""Handing a message over to whatever sends it on, and what that said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from helpdesk.text import clean_line


class Verdict(StrEnum):
    """What became of a message that was handed over."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """For good: trying again would change nothing."""
    LATER = "later"
    """It may go through later. Whether it was taken may be unknown, as after a broken line."""
    STOPPED = "stopped"
    """The last step was not to be taken: nothing of it has left, and nothing is wrong with it."""


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict, and in which words it was given.

    ``ours``: the trouble is between us and the server, so the next message would meet it too.
    ``unsure``: all of the message was handed over and no answer came, so it may have arrived.
    """

    verdict: Verdict
    words: str
    ours: bool = False
    unsure: bool = False


LastStep = Callable[[], bool]
"""Called right before the step by which a message leaves; where it says no, nothing leaves."""


class Transport(Protocol):
    """A way by which mail leaves; for one thread at a time. Never raises for trouble on the way."""

    def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
        """Hand over one message, its lines ended by CR LF, for one address.

        ``sender`` is who is told if it cannot be delivered: "" for nobody. Raises what
        ``last_step`` raises; nothing has left then.
        """

    def break_off(self) -> None:
        """Have ``send`` come to an end soon; called from another thread."""

    def close(self) -> None:
        """Let go of the connection."""


def accepted(words: str) -> Result:
    """It is the server's matter now."""
    return Result(Verdict.ACCEPTED, clean_line(words, 300))


def refused(words: str) -> Result:
    """Refused for good."""
    return Result(Verdict.REFUSED, clean_line(words, 300))


def stopped() -> Result:
    """The last step was not taken."""
    return Result(Verdict.STOPPED, "stopped before it left")


def later(words: str, *, ours: bool = False, unsure: bool = False) -> Result:
    """Not now."""
    return Result(Verdict.LATER, clean_line(words, 300), ours, unsure)
