"""Handing a message over so that being asked to end waits for no slow mail server."""

from __future__ import annotations

import threading
from collections.abc import Callable

from helpdesk.mail.transport import Result, Transport, later, stopped

LAST_WAIT = 30.0
"""Seconds that the answer to a whole message is waited for once we are asked to end."""

_BREAKING_OFF = 1.0
"""Seconds that hanging up is waited for."""

_LOOK = 0.2
"""Seconds between two looks at whether we are asked to end."""

_NO_ANSWER = "no answer yet when sending was stopped"


class HandingOver:
    """One message of which a mail server is told, in a thread of its own.

    Asked to end before the last step, it breaks off and the message has not left; after it, the
    server's answer is waited for a little, as without it nobody knows whether the message left.
    """

    def __init__(self, way: Transport, last_step: Callable[[], None]) -> None:
        """``last_step`` puts on record that the message may have left from then on."""
        self._way = way
        self._last_step = last_step
        self._gate = threading.Lock()
        self._open = True
        self._passed = False
        self._result: Result | BaseException | None = None

    def outcome(
        self, sender: str, to: str, message: bytes, asked_to_end: Callable[[], bool]
    ) -> Result:
        """What came of it. Raises what ``last_step`` raises."""
        thread = threading.Thread(
            target=self._send, args=(sender, to, message), name="handing over", daemon=True
        )
        thread.start()
        while thread.is_alive() and not asked_to_end():
            thread.join(_LOOK)
        if thread.is_alive():
            return self._ended(thread)
        return self._settled()

    def _ended(self, thread: threading.Thread) -> Result:
        passed = self._has_passed()
        if passed:
            thread.join(LAST_WAIT)
            if not thread.is_alive():
                return self._settled()
        self._way.break_off()
        thread.join(_BREAKING_OFF)
        return later(_NO_ANSWER, ours=True, unsure=True) if passed else stopped()

    def _settled(self) -> Result:
        if isinstance(self._result, BaseException):
            raise self._result
        return self._result or stopped()

    def _has_passed(self) -> bool:
        """Whether the last step was taken; if not, it is not taken any more."""
        with self._gate:
            self._open = False
            return self._passed

    def _send(self, sender: str, to: str, message: bytes) -> None:
        try:
            self._result = self._way.send(sender, to, message, self._take_last_step)
        except BaseException as error:
            self._result = error

    def _take_last_step(self) -> bool:
        with self._gate:
            if self._open:
                self._last_step()
                self._passed = True
            return self._passed
