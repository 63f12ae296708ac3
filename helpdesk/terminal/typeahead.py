"""Typing ahead: each key goes where the key before it left the focus, however slow the line is.

Textual hands a key to whatever has the focus at that moment, before the keys typed just ahead of
it have done anything. Here keys stand in line: the next one is handed out when the one before it
has done all it does to rows, focus and screens. Behind each key a `Passed` follows the same way,
from the focus up to the app, and comes to everybody after the key. Once it is back, everybody on
the way has dealt with the key; what the key began besides is waited for too. It sets out at once if
the next key is there already, else a little later: what the key changes is to be painted first.
"""

from __future__ import annotations

from asyncio import TimerHandle, get_running_loop
from collections import deque
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App, ScreenStackError
from textual.dom import DOMNode
from textual.message import Message

from helpdesk.terminal.escapes import EscapeDriver, Typed, unfolded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.driver import Driver
    from textual.screen import Screen
    from textual.worker import Worker

KEYS_WAIT = "keys wait"
"""The group of those workers that the next key waits for."""

PAINTED_SECONDS = 0.008
"""By then what a key changed is painted as a rule."""

RETRY_SECONDS = 0.01
PATIENCE_SECONDS = 3.0
"""So long a key waits at most; what takes longer than that is not waited for any more."""


class Passed(Message):
    """Follows a key; who has got this one has dealt with the key."""


class TypeAhead(App[None]):
    """An app in which no key typed ahead is lost or taken for another."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._typed: deque[Typed] = deque()
        self._following: Passed | None = None
        self._followed_at: DOMNode | None = None
        self._setting_out: TimerHandle | None = None
        """While what follows a key has not set out yet."""
        self._waited = 0.0
        self._looks_again = False
        self._given_up: tuple[object, ...] = ()
        """The screen and the workers that are not waited for any more."""

    def get_driver_class(self) -> type[Driver]:
        """The terminal's own, but for how it reads an esc with a key right behind."""
        driver = super().get_driver_class()
        return EscapeDriver if driver is EscapeDriver.__base__ else driver

    @property
    def keys_at_work(self) -> bool:
        """Whether keys stand in line, or the last one is still on its way.

        One that leaves the desk, or took away what had the focus, has done its work: nothing comes
        back from it.
        """
        on_its_way = self._following is not None and not self._went_down
        return not self._exit and (bool(self._typed) or on_its_way)

    async def on_event(self, event: events.Event) -> None:
        """Let what is typed stand in line, and hand it out when its turn comes."""
        if not isinstance(event, Typed) or event.is_forwarded:
            await super().on_event(event)
            return
        self._typed.append(event)
        await self._go_on()

    async def on_passed(self, message: Passed) -> None:
        """Everybody on the way has dealt with the key."""
        message.stop()
        if message is self._following:
            self._following = None
            await self._go_on()

    async def _go_on(self) -> None:
        """Hand out the next key if the one before it has done its work; else see how far it is."""
        if self._following is None:
            if self._is_settled():
                await self._hand_out()
            elif self._may_settle():
                self._follow(self._goal)
        elif self._typed:
            self._set_out()
        if self._typed and not self._looks_again:
            self._looks_again = True
            self.set_timer(RETRY_SECONDS, self._see_to_the_line)

    async def _hand_out(self) -> None:
        self._waited = 0.0
        if self._typed:
            event, *rest = unfolded(self._typed.popleft(), self._is_bound)
            self._typed.extendleft(rest)
            goal = self._goal
            await super().on_event(event)
            self._follow(goal)

    def _follow(self, goal: DOMNode | None) -> None:
        """Send a message the way that a key went, or would go."""
        self._following = Passed()
        self._followed_at = goal
        self._setting_out = get_running_loop().call_later(PAINTED_SECONDS, self._set_out)
        if self._typed:
            self._set_out()

    def _set_out(self) -> None:
        """What follows the key sets out now, if it has not yet."""
        waiting, self._setting_out = self._setting_out, None
        passed, goal = self._following, self._followed_at
        if waiting is None or passed is None:
            return
        waiting.cancel()
        if goal is None or not goal.post_message(passed):
            self.post_message(passed)

    async def _see_to_the_line(self) -> None:
        """See to it that no key waits for what never comes."""
        self._looks_again = False
        self._waited += RETRY_SECONDS
        if self._went_down:
            self._following = None
        if self._waited < PATIENCE_SECONDS:
            await self._go_on()
            return
        self._following = None
        self._given_up = (self._goal_screen, *self._awaited_workers())
        while self._typed:
            await self._hand_out()

    # Whether the key before has done its work

    @property
    def _went_down(self) -> bool:
        """Whether what follows the key went down with the screen that it was on."""
        return self._followed_at is not None and not self._followed_at.is_attached

    @property
    def _goal(self) -> DOMNode | None:
        """Whom a key goes to first, as things stand."""
        screen = self._goal_screen
        return screen if screen is None or screen.focused is None else screen.focused

    @property
    def _goal_screen(self) -> Screen[Any] | None:
        try:
            return self.screen
        except ScreenStackError:
            return None

    def _is_settled(self) -> bool:
        goal = self._goal
        if not self._may_settle() or self._followed_at not in (None, goal):
            return False
        way = goal.ancestors_with_self if goal is not None else ()
        return not any(node.message_queue_size for node in way if node is not self)

    def _may_settle(self) -> bool:
        """Whether nothing is under way that takes its time."""
        screen = self._goal_screen
        if screen is None or any(self._awaited_workers()):
            return False
        opening = not getattr(screen, "takes_keys", True)
        return not opening or screen in self._given_up

    def _awaited_workers(self) -> Iterator[Worker[Any]]:
        for worker in self.workers:
            is_under_way = worker.group == KEYS_WAIT and not worker.is_finished
            if is_under_way and worker not in self._given_up:
                yield worker

    def _is_bound(self, key: str) -> bool:
        """Whether the key does anything where the next one goes."""
        screen = self._goal_screen
        return screen is not None and key in screen.active_bindings
