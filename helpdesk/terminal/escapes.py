"""Esc and another key right behind it, which a terminal sends as it sends alt with that key.

Textual takes them for alt with a letter, or loses the esc, and types ``^`` for it before a longer
text. Here they are alt with the key only where that does anything, else esc and then the key.
"""

from __future__ import annotations

import os
import selectors
import signal
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import KEY_NAME_REPLACEMENTS, _character_to_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ESC = "\x1b"
BEGIN_MORE = "[O\t" + ESC
"""Behind an esc these are, or begin, what terminals send for one key."""

READ_BYTES = 4096
LOOK_SECONDS = 0.1

_NAMED = {"\r": "enter", "\n": "enter", " ": "space", "\x7f": "backspace", "\b": "backspace"}
_WORD_KEYS = {"b": "ctrl+left", "f": "ctrl+right"}
"""What some terminals send for a step by words."""

Typed = events.Key | events.Paste


class EscapedKey(events.Key):
    """A key that came right behind an esc; it is handed to nobody as it is."""

    def __init__(self, typed: str) -> None:
        super().__init__(f"alt+{_named(typed)}", typed)
        self.typed = typed


def unfolded(event: Typed, is_bound: Callable[[str], bool]) -> tuple[Typed, ...]:
    """What was typed: esc and the key, where alt with that key does nothing."""
    if not isinstance(event, EscapedKey):
        return (event,)
    typed = event.typed
    for key in (event.key, f"alt+shift+{typed.lower()}", _WORD_KEYS.get(typed, "")):
        if key and is_bound(key):
            return (events.Key(key, None),)
    return events.Key("escape", ESC), events.Key(_named(typed), typed)


def _named(typed: str) -> str:
    if typed in _NAMED:
        return _NAMED[typed]
    name = typed if typed.isalnum() else _character_to_key(typed)
    return KEY_NAME_REPLACEMENTS.get(name, name)


class EscapeParser(XTermParser):
    """Reads keys as Textual does, but for those right behind an esc."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        first, rest = sequence[:1], sequence[1:]
        if alt:
            yield EscapedKey(sequence)
        elif first == ESC and len(rest) == 1 and rest not in BEGIN_MORE:
            yield EscapedKey(rest)
        else:
            yield from super()._sequence_to_key_events(sequence)


class EscapeDriver(LinuxDriver):
    """The terminal, its keys read by an EscapeParser."""

    def run_input_thread(self) -> None:
        """Hand on what is typed, until the input is taken away. What is no UTF-8 shows as such.

        A terminal that is gone ends the program as SIGHUP does. The system sends that only to
        the first process of the session, such as a make or a sudo that keeps it to itself.
        """
        parser = EscapeParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                text = ""
                if selector.select(LOOK_SECONDS):
                    typed = self._read()
                    if not typed:
                        os.kill(os.getpid(), signal.SIGHUP)
                        return
                    text = decode(typed)
                for event in (*(parser.feed(text) if text else ()), *parser.tick()):
                    self.process_message(event)

    def _read(self) -> bytes:
        """What was typed; nothing if the terminal is gone."""
        try:
            return os.read(self.fileno, READ_BYTES)
        except OSError:
            return b""
