"""An agent's own settings: ``agents/LOGIN/preferences.toml``, told of in docs/personal.md.

Read without pydantic, since the screens' first paint waits for them. What is wrong in the file is
told and left out, and never keeps an agent from working.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import BadConfiguration, HelpdeskError, InvalidInput
from helpdesk.domain.query import VIEWS
from helpdesk.store.base import Fault
from helpdesk.store.personal import FOLDER, Personal, everybody, folder_name
from helpdesk.text import clean_line

FILE = "preferences.toml"
LONGEST_HOLD = 60
LONGEST_NAME = 40
_TABLES = ("keys", "views")
_KEY = re.compile(r"[^\s,]+")


@dataclass(frozen=True, slots=True)
class Preferences:
    """How an agent likes to work.

    ``theme`` is a theme's name, empty for the one that suits the terminal. ``hold_seconds`` is how
    long a decision can be taken back, 0 to LONGEST_HOLD. ``editor``: texts may be written in
    ``$EDITOR``. ``keys`` are those of actions, by the action's name; ``views`` are queries by name.
    """

    theme: str = ""
    mouse: bool = True
    hold_seconds: int = 5
    editor: bool = False
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    views: Mapping[str, str] = field(default_factory=dict)


def load(desk: Desk, actions: Collection[str] = ()) -> tuple[Preferences, tuple[str, ...]]:
    """This agent's settings, and a line for each thing wrong in the file, naming file and key.

    What is wrong is left out, and its default holds. With ``actions``, ``keys`` may name these
    only.
    """
    try:
        document = _document(_text(desk), place(desk))
    except HelpdeskError as error:
        return Preferences(), (error.message,)
    return _read(desk, document, actions)


def faults(desk: Desk) -> list[Fault]:
    """What is wrong in the settings of every agent, as far as they can be reached; but not whether
    there is a theme, an action or a key of that name, which only the screens know."""
    return [fault for personal in everybody(desk.path) for fault in _faults(desk, personal)]


def _faults(desk: Desk, personal: Personal) -> list[Fault]:
    file = f"{FOLDER}/{folder_name(personal.login)}/{FILE}"
    try:
        raw = personal.read(FILE)
    except HelpdeskError:
        return []  # another agent's, which is his to read
    try:
        document = _document(_decoded(raw or b"", file), file)
    except BadConfiguration as error:
        return [Fault(file, error.message.removeprefix(f"{file}: "))]
    reader = _Reader(desk, ())
    reader.preferences(document)
    return [Fault(file, what) for what in reader.faults]


def save(desk: Desk, preferences: Preferences) -> None:
    """Keep the settings. Remarks, order, and what is wrong in the file stay as they are.

    Raises:
        BadConfiguration: if the file is no TOML, so that nothing in it is lost.
        InvalidInput: for a value that cannot be taken.
        CannotCreate: if it cannot be written.
    """
    import tomlkit  # 30 ms that only a change of settings needs

    text = _text(desk)
    old, _ = _read(desk, _document(text, place(desk)))
    file = tomlkit.parse(text)
    before, after = _plain(old), _plain(preferences)
    for name in before.keys() - set(_TABLES):
        if after[name] != before[name]:
            file[name] = after[name]
    for name in _TABLES:
        _save_table(file, name, before[name], after[name])
    result = tomlkit.dumps(file)
    kept, faults = _read(desk, _document(result, place(desk)))
    if _plain(kept) != after:
        raise InvalidInput(faults[0] if faults else f"{place(desk)}: cannot hold these settings")
    personal = Personal(desk.path, desk.agent)
    personal.sweep("")
    personal.write(FILE, result.encode())


def change(desk: Desk, **changes: Any) -> Preferences:
    """Change some settings, by the names of fields; gives all of them. Raises as ``save``."""
    preferences = replace(load(desk)[0], **changes)
    save(desk, preferences)
    return preferences


def save_view(desk: Desk, name: str, query: str) -> Preferences:
    """Keep a query as a view; one of that name is replaced. Raises as ``save``."""
    name, query = clean_line(name), clean_line(query)
    require_view_name(name)
    desk.query(query)
    return change(desk, views={**load(desk)[0].views, name: query})


def remove_view(desk: Desk, name: str) -> Preferences:
    """Keep a view no more; none of that name is no error. Raises as ``save``."""
    views = {key: query for key, query in load(desk)[0].views.items() if key != name}
    return change(desk, views=views)


def is_new(desk: Desk) -> bool:
    """Whether this agent has no settings yet, as at the first log-in."""
    return not Personal(desk.path, desk.agent).has(FILE)


def begin(desk: Desk) -> None:
    """Let the agent have settings, with nothing in them. Raises CannotCreate."""
    if is_new(desk):
        Personal(desk.path, desk.agent).write(FILE, b"")


def place(desk: Desk) -> str:
    """The file as agents are told of it: its path within the desk."""
    return f"{FOLDER}/{folder_name(desk.agent)}/{FILE}"


def _text(desk: Desk) -> str:
    return _decoded(Personal(desk.path, desk.agent).read(FILE) or b"", place(desk))


def _decoded(raw: bytes, file: str) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise BadConfiguration(f"{file}: is not UTF-8 text; save it as UTF-8") from None


def _document(text: str, file: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        what = clean_line(str(error))
        raise BadConfiguration(f"{file}: is not valid TOML: {what}; mend it by hand") from None


def _save_table(file: Any, name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Bring a table of the file up to date, entry by entry."""
    if before == after:
        return
    if not isinstance(file.get(name), dict):
        file[name] = {}
    for entry in before.keys() - after.keys():
        del file[name][entry]
    for entry, value in after.items():
        if entry not in before or before[entry] != value:
            file[name][entry] = value
    if [entry for entry in file[name] if entry in after] != list(after):
        for entry in after:  # an agent's views have their keys by their order
            file[name].add(entry, file[name].pop(entry))


def _plain(preferences: Preferences) -> dict[str, Any]:
    """The settings as TOML has them."""
    keys = {name: list(each) for name, each in preferences.keys.items()}
    return {**asdict(preferences), "keys": keys}


def _read(
    desk: Desk, document: Mapping[str, Any], actions: Collection[str] = ()
) -> tuple[Preferences, tuple[str, ...]]:
    """What of the document can be taken, and a line for each thing that cannot."""
    reader = _Reader(desk, actions)
    found = reader.preferences(document)
    return found, tuple(f"{place(desk)}: {fault}" for fault in reader.faults)


class _Reader:
    """Reads settings and notes what is wrong with them."""

    def __init__(self, desk: Desk, actions: Collection[str]) -> None:
        self.faults: list[str] = []
        self._desk = desk
        self._actions = actions

    def preferences(self, document: Mapping[str, Any]) -> Preferences:
        """The settings that can be taken."""
        found: dict[str, Any] = {}
        for name, value in document.items():
            with self._noting(name):
                found[name] = self._value(name, value)
        return Preferences(**found)

    @contextmanager
    def _noting(self, key: str) -> Iterator[None]:
        try:
            yield
        except HelpdeskError as error:
            self.faults.append(clean_line(f"{key}: {error.message}"))

    def _value(self, name: str, value: Any) -> Any:
        if name in _TABLES:
            return self._table(name, value)
        if name in ("mouse", "editor"):
            return _flag(value)
        if name == "hold_seconds":
            return _seconds(value)
        if name == "theme":
            return _line(value, "takes the name of a theme in quotes")
        known = ", ".join(each.name for each in fields(Preferences))
        raise InvalidInput(f"unknown key; there are {known}")

    def _table(self, name: str, table: Any) -> dict[str, Any]:
        if not isinstance(table, dict):
            raise InvalidInput(f"takes a table, as in [{name}]")
        taken: dict[str, Any] = {}
        for entry, value in table.items():
            with self._noting(f"{name}.{entry}"):
                read = self._keys if name == "keys" else self._view
                taken[entry] = read(entry, value)
        return taken

    def _keys(self, action: str, keys: Any) -> tuple[str, ...]:
        if self._actions and action not in self._actions:
            raise InvalidInput("there is no such action; ? shows what there is")
        what = 'takes a list of keys, as in ["r", "F"]'
        if not isinstance(keys, list):
            raise InvalidInput(what)
        return tuple(_key(key, what) for key in keys)

    def _view(self, name: str, query: Any) -> str:
        require_view_name(name)
        text = _line(query, "takes a query in quotes")
        self._desk.query(text)
        return text


def require_view_name(name: str) -> None:
    """Refuse a name that an agent's view cannot have. Raises InvalidInput."""
    if name in VIEWS:
        raise InvalidInput(f"the desk has a view {name} already: choose another name")
    if not name or clean_line(name) != name or len(name) > LONGEST_NAME:
        raise InvalidInput(f"a view takes a name of at most {LONGEST_NAME} characters")


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput("takes true or false")
    return value


def _seconds(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LONGEST_HOLD:
        raise InvalidInput(f"takes a number of seconds from 0 to {LONGEST_HOLD}")
    return value


def _line(value: Any, what: str) -> str:
    if not isinstance(value, str) or clean_line(value) != value:
        raise InvalidInput(what)
    return value


def _key(value: Any, what: str) -> str:
    if not isinstance(value, str) or not value.isprintable() or not _KEY.fullmatch(value):
        raise InvalidInput(what)
    return value
