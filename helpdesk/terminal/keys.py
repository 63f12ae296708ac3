"""An agent's own keys: taken in place of those of the registry, if they can be."""

from collections.abc import Iterable, Iterator
from unicodedata import lookup

from textual.binding import Binding, BindingsMap
from textual.keys import Keys, _character_to_key

from helpdesk.domain.errors import InvalidInput
from helpdesk.terminal.actions import ALL_ACTIONS, Action, OwnKeys, bindings, keyed, shown_key
from helpdesk.terminal.layouts import same_keys

_KNOWN = {str(key.value) for key in Keys if not key.value.startswith("<")}
_MODIFIERS = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})
_APP = {"ctrl+q": "leaves the desk", "ctrl+c": "copies"}


def own_keys(wanted: OwnKeys) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The keys that can be taken, and a line for each action whose keys cannot.

    Two actions may have one key only if they have one in common from the beginning: those never
    meet on a screen.
    """
    taken: dict[str, tuple[str, ...]] = {}
    faults = []
    for name, keys in wanted.items():
        try:
            taken[name] = _keys_for(name, keys)
        except InvalidInput as error:
            faults.append(f"keys.{name}: {error.message}")
    while True:
        clash = next(_clashes(taken), None)
        if clash is None:
            return taken, faults
        name, key, other = clash
        del taken[name]
        faults.append(f"keys.{name}: {shown_key(key)} is already: {other.does}; take another")


def rebind(bound: BindingsMap, actions: Iterable[Action], own: OwnKeys) -> None:
    """Put the agent's own keys in place of the registry's, for those of ``actions`` that have any.

    A key that another action of the screen has stays with it.
    """
    changed = [action for action in actions if action.name in own]
    deeds = {f"do('{action.name}')" for action in changed}
    keys = bound.key_to_bindings
    for key in [key for key, each in keys.items() if any(one.action in deeds for one in each)]:
        del keys[key]
    kept = {key for key, each in keys.items() if any(_is_ours(one) for one in each)}
    made = BindingsMap(bindings(keyed(changed, own)))
    keys.update({key: each for key, each in made.key_to_bindings.items() if key not in kept})


def _is_ours(binding: Binding) -> bool:
    return binding.action.startswith("do(")


def _keys_for(name: str, keys: Iterable[str]) -> tuple[str, ...]:
    action = next((each for each in ALL_ACTIONS if each.name == name), None)
    if action is None:
        raise InvalidInput("there is no such action; ? shows what there is")
    if action.told_key:
        raise InvalidInput("these keys stay as they are")
    named = tuple(_named(key) for key in keys)
    typed = [key for key in named if is_typed(key)]
    if len(typed) == len(named) and not any(is_typed(key) for key in action.keys):
        raise InvalidInput("needs a key that types nothing, such as ctrl+s or f2")
    return named


def _named(key: str) -> str:
    """The key as Textual names it."""
    if len(key) == 1:
        return _character_to_key(key)
    modifiers, _, last = key.rpartition("+")
    parts = set(modifiers.split("+")) - {""}
    if not parts <= _MODIFIERS or not last:
        raise InvalidInput(f"there is no key {key}; write one as in r, R, ctrl+r, f2")
    if len(last) == 1:
        if parts == {"shift"}:
            return _character_to_key(last.upper())
        last = _character_to_key(last)
    if last not in _KNOWN and not _is_named(last):
        raise InvalidInput(f"there is no key {key}; write one as in r, R, ctrl+r, f2")
    full = f"{modifiers}+{last}" if modifiers else last
    if full in _APP:
        raise InvalidInput(f"{full} {_APP[full]}: take another")
    return full


def _is_named(last: str) -> bool:
    """Whether it is a letter, or the name of a character as in ``question_mark``."""
    try:
        return len(last) == 1 or bool(lookup(last.replace("_", " ")))
    except KeyError:
        return False


def is_typed(key: str) -> bool:
    """Whether the key writes something where an agent types."""
    return "+" not in key and (key not in _KNOWN or key == "space")


def _clashes(taken: OwnKeys) -> Iterator[tuple[str, str, Action]]:
    """Each action that wants a key which another one has, with that key and the other one."""
    for name, keys in taken.items():
        action = next(each for each in ALL_ACTIONS if each.name == name)
        for other in ALL_ACTIONS:
            if other.name == name or set(other.keys) & set(action.keys):
                continue
            held = {same for key in taken.get(other.name, other.keys) for same in same_keys(key)}
            for key in keys:
                if not held.isdisjoint(same_keys(key)):
                    yield name, key, other
