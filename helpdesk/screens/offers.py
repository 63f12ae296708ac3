"""What the palette offers: what can be done on a screen now, and where one can go from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from helpdesk.domain.query import VIEWS
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.dialog import DeskDialog
from helpdesk.screens.history import QUEUE, Place
from helpdesk.screens.places import can_open, go_to, open_place, read_place
from helpdesk.terminal import themes
from helpdesk.terminal.actions import DESK, MANY, MOVING, TICKET
from helpdesk.terminal.actions import VIEWS as SEEING
from helpdesk.terminal.keys import is_typed
from helpdesk.terminal.layouts import as_latin
from helpdesk.text import clean_line, fold, shorten
from helpdesk.widgets.views_bar import KEYS, label

if TYPE_CHECKING:
    from helpdesk.terminal.actions import Action

_GROUPS = (TICKET, SEEING, DESK, MOVING, MANY)
_RECENT = 5
_SHOWN_TEXT = 30
_LETTERS = 3  # fewer of them stand in that order nearly everywhere


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to do: ``words`` say what, ``also`` is found by typing too but not shown.

    ``reason`` says why it cannot be done now.
    """

    words: str
    run: Callable[[], object]
    key: str = ""
    also: str = ""
    reason: str | None = None


def offers_of(screen: DeskScreen[Any]) -> list[Offer]:
    """All that can be done on ``screen``, then where one can go, then how it can look."""
    found = list(_actions(screen))
    if not isinstance(screen, DeskDialog):
        found += [*_places(screen), *_views(screen)]
    return [*found, *_themes(screen)]


def offers_for(screen: DeskScreen[Any], text: str, offers: Sequence[Offer]) -> list[Offer]:
    """Those of ``offers`` that fit what is typed, best first; a number goes to its ticket, and
    any words can be searched for."""
    found = ranked(offers, text)
    if isinstance(screen, DeskDialog) or not text.strip():
        return found
    place = read_place(text)
    if place is not None:
        found.insert(0, Offer(f"Go to {place}", partial(go_to, screen, place)))
    words = shorten(clean_line(text), _SHOWN_TEXT)
    found.append(Offer(f"Search everything for “{words}”", partial(_search, screen, text)))
    return found


def ranked(offers: Iterable[Offer], text: str) -> list[Offer]:
    """The offers that hold every word of ``text``, or at least its letters in that order.

    Typed on a Cyrillic layout they are found as well. What can be done comes before what fits
    as well but can't.
    """
    wanted = [fold(text).split(), fold(as_latin(text)).split()]
    found: list[tuple[int, bool, int, Offer]] = []
    for place, offer in enumerate(offers):
        said = fold(f"{offer.words} {offer.also}")
        distances = [_distance(words, said) for words in wanted]
        near = min((each for each in distances if each is not None), default=None)
        if near is not None:
            found.append((near, offer.reason is not None, place, offer))
    return [offer for *_, offer in sorted(found, key=lambda each: each[:3])]


def _distance(words: Sequence[str], said: str) -> int | None:
    """How far ``said`` is from what was typed; None if it does not fit at all."""
    total = 0
    for word in words:
        if said.startswith(word):
            continue
        if f" {word}" in said:
            total += 1
        elif word in said:
            total += 2
        elif len(word) >= _LETTERS and _in_order(word, said):
            total += 10
        else:
            return None
    return total


def _in_order(letters: str, said: str) -> bool:
    rest = iter(said)
    return all(letter in rest for letter in letters)


def _actions(screen: DeskScreen[Any]) -> Iterator[Offer]:
    actions = [a for a in screen.can_do if a.name != "palette" and not a.told_key]
    for action in sorted(actions, key=lambda each: _group(each)):
        yield Offer(
            action.does,
            partial(screen.action_do, action.name),
            key="" if _is_typing(screen) and is_typed(action.keys[0]) else action.key,
            also=action.label,
            reason=screen.reason_against(action.name),
        )


def _is_typing(screen: DeskScreen[Any]) -> bool:
    from textual.widgets import Input, TextArea

    return isinstance(screen.focused, Input | TextArea)


def _group(action: Action) -> int:
    return _GROUPS.index(action.group) if action.group in _GROUPS else len(_GROUPS)


def _places(screen: DeskScreen[Any]) -> Iterator[Offer]:
    """The places visited last."""
    recent = [place for place in screen.history.others if place.kind != QUEUE][:_RECENT]
    for place in recent:
        words = f"Back to {place}"
        if place.text:
            words += f" for “{shorten(clean_line(place.text), _SHOWN_TEXT)}”"
        yield Offer(words, partial(go_to, screen, place))


def _views(screen: DeskScreen[Any]) -> Iterator[Offer]:
    queue = Place(QUEUE)
    reason = None if can_open(screen, queue) else "something is written here"
    for place, view in enumerate((*VIEWS, *screen.preferences.views)):
        key = KEYS[place] if screen.place == queue and place < len(KEYS) else ""
        yield Offer(f"View {label(view)}", partial(_view, screen, view), key=key, reason=reason)


def _view(screen: DeskScreen[Any], view: str) -> None:
    from helpdesk.screens.queue import QueueScreen

    open_place(screen, Place(QUEUE))
    queue = screen.app.screen
    if isinstance(queue, QueueScreen):
        queue.go_to_view(view)


def _themes(screen: DeskScreen[Any]) -> Iterator[Offer]:
    for theme in themes.THEMES:
        worn = screen.app.theme == theme.name
        yield Offer(
            f"Theme {themes.short_name(theme)}",
            partial(screen.wear, theme),
            also="colours look",
            reason="it is worn now" if worn else screen.reason_against("theme"),
        )


def _search(screen: DeskScreen[Any], text: str) -> None:
    from helpdesk.screens.search import SearchScreen

    screen.app.push_screen(SearchScreen(text.strip()))
