"""The desk's own words for texts that customers read: ``texts/LANGUAGE.toml`` in its folder.

What such a file says takes the place of the shipped text of the same name; one of a language that
is not shipped has to say everything. A file in which something is wrong is left aside whole, and
``check`` names what that is. Told of in docs/settings.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from helpdesk.domain.errors import BadConfiguration
from helpdesk.glance import read_toml
from helpdesk.resources import data_folder
from helpdesk.text import clean, clean_line

FOLDER = "texts"
MODEL = "en"
"""The shipped language that has every text, each with all that it may name in braces."""

Texts = Mapping[str, Mapping[str, str]]

_TOLD = frozenset({"due", "apology", "understanding"})
"""What a text is for: without it the customer would not be told what the desk says he was."""

_ANYWHERE = frozenset({"desk"})


def shipped(language: str) -> Texts:
    """The texts that come with the program; none for a language that is not among them."""
    return _shipped(language) if (data_folder() / FOLDER / f"{language}.toml").is_file() else {}


def texts(desk: Path | None, language: str) -> Texts:
    """The texts in a language: the desk's own, and for the rest the shipped ones."""
    known = shipped(language)
    file = None if desk is None else desk / FOLDER / f"{language}.toml"
    own = {} if file is None else _read(file)[0]
    return {
        section: {**known.get(section, {}), **own.get(section, {})} for section in {**known, **own}
    }


def languages(desk: Path | None = None) -> frozenset[str]:
    """The languages in which there is every text, by code."""
    folders = [data_folder() / FOLDER, *([] if desk is None else [desk / FOLDER])]
    found = {path.stem for folder in folders for path in folder.glob("*.toml")}
    return frozenset(language for language in found if texts(desk, language))


def faults(desk: Path) -> tuple[str, ...]:
    """What is wrong in the desk's own files, a line each, naming file and text."""
    files = sorted((desk / FOLDER).glob("*.toml"))
    return tuple(fault for file in files for fault in _read(file)[1])


def faults_in(place: str, document: Mapping[str, Any]) -> list[str]:
    """What is wrong in a file before it is one; ``place`` is its path within the desk."""
    return list(_faults(place, Path(place).stem, document))


def _read(file: Path) -> tuple[Texts, tuple[str, ...]]:
    try:
        found = file.stat()
    except OSError:
        return {}, ()
    return _checked(file, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=32)
def _checked(file: Path, mtime_ns: int, size: int) -> tuple[Texts, tuple[str, ...]]:
    """The texts of a file as it lies, none if something is wrong in it; and what that is."""
    place = f"{FOLDER}/{clean_line(file.name)}"
    try:
        document = read_toml(file)
    except BadConfiguration as error:
        return {}, (f"{FOLDER}/{error.message}",)
    wrong = tuple(_faults(place, file.stem, document))
    if wrong:
        return {}, wrong
    named = {section: keys for section, keys in document.items() if isinstance(keys, dict)}
    return {s: {key: clean(text) for key, text in keys.items()} for s, keys in named.items()}, ()


def _faults(place: str, language: str, document: Mapping[str, Any]) -> Iterator[str]:
    model = _shipped(MODEL)
    for section, keys in document.items():
        if section == "language" and isinstance(keys, str):
            continue
        if section not in model or not isinstance(keys, dict):
            yield f"{place}: {clean_line(section)}: there is no such text"
            continue
        for key, text in keys.items():
            name = f"{place}: {section}.{clean_line(key)}"
            if key not in model[section]:
                yield f"{name}: there is no such text"
            elif not isinstance(text, str) or not clean(text).strip():
                yield f"{name}: takes a text"
            else:
                yield from (f"{name}: {what}" for what in _wrong(text, model[section][key]))
    if not shipped(language):
        lacking = [
            f"{section}.{key}"
            for section, keys in model.items()
            for key in keys
            if not _says(document.get(section), key)
        ]
        if lacking:
            yield f"{place}: lacks {', '.join(lacking)}: a further language has to say everything"


def _says(keys: object, key: str) -> bool:
    return isinstance(keys, dict) and key in keys


def _wrong(text: str, model: str) -> Iterator[str]:
    """What is wrong with a text, next to the shipped one that it takes the place of."""
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        yield "has a brace without its other half; write {{ or }} for one"
        return
    known = {name for _, name, _, _ in Formatter().parse(model) if name}
    named = {name or "" for _, name, _, _ in parts}
    if any(spec or conversion for _, _, spec, conversion in parts):
        yield "takes names in braces and nothing else in them"
    for name in sorted(named - known - _ANYWHERE):
        listed = ", ".join(f"{{{each}}}" for each in sorted(known | _ANYWHERE))
        yield f"unknown placeholder {{{clean_line(name, 40)}}}; there are {listed}"
    for name in sorted((known & _TOLD) - named):
        yield f"does not say {{{name}}}, which the customer has to be told"


@lru_cache(maxsize=16)
def _shipped(language: str) -> Texts:
    document = read_toml(data_folder() / FOLDER / f"{language}.toml")
    return {section: keys for section, keys in document.items() if isinstance(keys, dict)}
