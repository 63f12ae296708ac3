"""Typing ahead: keys go to what the keys before them opened, however slow the line is.

Textual hands a key to whatever has the focus at that moment, before the keys typed just ahead of
it have done anything. A key that comes back unused, because the focus has moved on meanwhile, is
handed on to where it was meant to go; keys for a screen that is still opening wait for it.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Protocol, runtime_checkable

from textual import events
from textual.app import App, ScreenStackError

REMEMBERED = 200
"""How many keys on their way are remembered; far more than anybody types within a moment."""

RETRY_SECONDS = 0.01
PATIENCE_SECONDS = 3.0


@runtime_checkable
class Opening(Protocol):
    """A screen that may still be opening."""

    @property
    def takes_keys(self) -> bool:
        """Whether keys can go to it yet."""


class TypeAhead(App[None]):
    """An app in which no key typed ahead is lost or taken for another."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._meant_for: OrderedDict[int, tuple[events.Key, object]] = OrderedDict()
        self._early: list[events.Key] = []
        self._waited = 0.0
        self._waited_for: object = None

    async def on_event(self, event: events.Event) -> None:
        """Note for whom a new key is meant, or let it wait for the screen that opens."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self._early or not self._is_open():
                self._wait(event)
                return
            self._note(event)
        await super().on_event(event)

    async def _on_key(self, event: events.Key) -> None:
        """A key that nobody used: hand it on if the focus has moved since it was typed.

        Textual calls the app's own handler after this one, unless that is prevented.
        """
        _, meant = self._meant_for.pop(id(event), (event, None))
        if meant is None:
            return
        again = events.Key(event.key, event.character)
        if self._early or not self._is_open():
            event.prevent_default()
            self._wait(again)
            return
        now = self.focused or self.screen
        if meant is not now:
            event.prevent_default()
            if not await self._check_bindings(again.key, priority=True):
                now._forward_event(again)

    def _note(self, event: events.Key) -> None:
        self._meant_for[id(event)] = (event, self.focused or self.screen)
        while len(self._meant_for) > REMEMBERED:
            self._meant_for.popitem(last=False)

    def _is_open(self) -> bool:
        try:
            screen = self.screen
        except ScreenStackError:
            return False
        if screen is self._waited_for or not isinstance(screen, Opening):
            return True
        return screen.takes_keys

    def _wait(self, event: events.Key) -> None:
        self._early.append(event)
        if len(self._early) == 1:
            self._waited = 0.0
            self.set_timer(RETRY_SECONDS, self._retry)

    def _retry(self) -> None:
        self._waited += RETRY_SECONDS
        if not self._is_open() and self._waited < PATIENCE_SECONDS:
            self.set_timer(RETRY_SECONDS, self._retry)
            return
        if not self._is_open():
            self._waited_for = self.screen
        early, self._early = self._early, []
        for event in early:
            self.post_message(event)
