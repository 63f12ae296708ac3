"""The same physical keys on other keyboard layouts, so that no agent has to switch to work.

A terminal sends the character, not the key: on a Cyrillic layout the key of ``j`` sends ``о``.
"""

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm/QWERTYUIOPASDFGHJKLZXCVBNM?"
_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмить.ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ,"

_PHYSICAL = dict(zip(_LATIN, _CYRILLIC, strict=True))
_NAMES = {"/": "slash", "?": "question_mark", "[": "left_square_bracket", ".": "full_stop"} | {
    "]": "right_square_bracket", ",": "comma", ";": "semicolon", "'": "apostrophe"
}  # fmt: skip
_TO_LATIN = {ord(cyrillic): latin for latin, cyrillic in _PHYSICAL.items() if cyrillic.isalpha()}
_CHARACTERS = {name: character for character, name in _NAMES.items()}


def same_keys(key: str) -> tuple[str, ...]:
    """``key`` as Textual names it, and the key that its place sends on a Cyrillic layout, if any.

    A modifier stays: ``ctrl+s`` gives ``ctrl+ы`` too, which some terminals report.
    """
    modifiers, _, last = key.rpartition("+")
    if not last:  # the key "+" itself
        return (key,)
    character = _CHARACTERS.get(last, last)
    other = _PHYSICAL.get(character)
    if other is None:
        return (key,)
    named = _NAMES.get(other, other)
    return (key, f"{modifiers}+{named}" if modifiers else named)


def as_latin(text: str) -> str:
    """What the keys that sent ``text`` on a Cyrillic layout send on a Latin one."""
    return text.translate(_TO_LATIN)
