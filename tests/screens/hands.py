"""Press keys and click, and wait by what the desk has still to do.

Textual's own pilot waits until the processor seems idle: too long on a machine at rest, and not
long enough on one that has no time for the desk.
"""

import asyncio
import unicodedata
from collections.abc import Iterator
from typing import Any

from textual.events import Key
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen

TURNS = 4000
"""How often at most it is looked whether something has come true, with a nap in between."""

NAP_SECONDS = 0.005

SOON_SECONDS = 0.2
"""What is to be done once keys rest, such as to show a preview, is put off by less than that."""


class Hands(Pilot[None]):
    """Hands on the keyboard and the mouse."""

    async def press(self, *keys: str) -> None:
        """Press keys; after each one let everything happen that waits for nothing but its turn."""
        for key in keys:
            driver = self.app._driver
            assert driver is not None
            driver.send_message(_event(key, self.app))
            await self.pause()

    async def pause(self, delay: float | None = None) -> None:
        """Wait, after ``delay`` seconds, until every message is dealt with and all is drawn.

        What threads do, and what is to be done later, is not waited for.
        """
        if delay is not None:
            await asyncio.sleep(delay)
        for _ in range(TURNS):
            await _every_turn()
            if not self._draw():
                return
        raise AssertionError("the screen is drawn again and again")

    async def nap(self) -> None:
        """Leave time to threads: a moment, or until a worker is done."""
        under_way = [worker._task for worker in self.app.workers if not worker.is_finished]
        tasks = [task for task in under_way if task is not None and not task.done()]
        if tasks:
            await asyncio.wait(tasks, timeout=NAP_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(NAP_SECONDS)

    @property
    def puts_off(self) -> bool:
        """Whether something is put off until keys rest, or moves on the screen."""
        animator = self.app.animator
        if animator._animations or animator._scheduled:
            return True
        return any(_is_soon(pump) for pump in self._pumps())

    def _pumps(self) -> Iterator[MessagePump]:
        yield self.app
        yield from list(self.app._registry)

    def _draw(self) -> bool:
        """Draw what is to be drawn, without waiting for the next of 60 pictures a second."""
        app = self.app
        if not app.screen_stack or app._batch_count:
            return False
        due = [each for each in app._background_screens if each._update_timer._active.is_set()]
        if _is_stale(app.screen):
            due.append(app.screen)
        for screen in due:
            screen._on_timer_update()
        return bool(due)


async def _every_turn() -> None:
    """Let the event loop go on until nobody has anything to do but wait."""
    ready: Any = asyncio.get_running_loop()
    await asyncio.sleep(0)
    while ready._ready:
        await asyncio.sleep(0)


def _is_stale(screen: Screen[Any]) -> bool:
    return bool(
        screen._update_timer._active.is_set()
        or screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
    )


def _is_soon(pump: MessagePump) -> bool:
    return any(
        timer._repeat == 0
        and timer._interval <= SOON_SECONDS
        and timer._task is not None
        and not timer._task.done()
        for timer in list(pump._timers)
    )


def _event(key: str, app: Any) -> Key:
    """The key as a terminal's driver would report it."""
    if len(key) == 1 and not key.isalnum():
        key = _character_to_key(key)
    typed: str | None
    try:
        typed = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
    except KeyError:
        typed = key if len(key) == 1 else None
    event = Key(key, typed)
    event.set_sender(app)
    return event
