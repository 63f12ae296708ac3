"""Macros: texts for answers that come often, in the customer's language, with names filled in.

They are shipped in ``data/macros``; the file ``macros/LANGUAGE.toml`` in the desk's folder adds to
them and takes the place of those of the same name. Told of in docs/personal.md.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

from pydantic import AfterValidator, ValidationError

from helpdesk.desk.desk import Desk
from helpdesk.desk.texts import FALLBACK
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import BadConfiguration, InvalidInput, NotFound
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.values import Name, Text, Value, all_faults
from helpdesk.glance import read_toml
from helpdesk.resources import data_folder
from helpdesk.text import clean_line

FOLDER = "macros"
PLACEHOLDERS = ("greeting", "customer", "due", "agent", "desk", "ticket", "understanding")
"""What a text may name in braces."""

_NAME = re.compile(r"[a-z0-9-]{1,40}")


def _with_known_placeholders(text: str) -> str:
    try:
        parts = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        raise ValueError("has a brace without its other half; write {{ or }} for one") from None
    for field, spec, conversion in parts:
        name = field or ""
        if name not in PLACEHOLDERS or spec or conversion:
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise ValueError(f"unknown placeholder {{{clean_line(name, 40)}}}; there are {known}")
    if not text.strip():
        raise ValueError("has no words")
    return text.strip("\n")


def _macro_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("takes up to 40 small letters a to z, digits and hyphens")
    return name


class Macro(Value):
    """A text by its ``name``, with a ``title`` for the agent."""

    name: Annotated[str, AfterValidator(_macro_name)]
    title: Name
    text: Annotated[Text, AfterValidator(_with_known_placeholders)]


Macros = dict[str, Macro]


def list_macros(desk: Desk, customer: Customer) -> tuple[Macro, ...]:
    """The texts in the customer's language; those that it lacks in the desk's, then in English.

    What is wrong in a file is left out: see ``faults``.
    """
    return tuple(_first(desk, _languages(desk, customer)).values())


def names(desk: Desk) -> tuple[str, ...]:
    """The names of the texts that there are in the desk's language or in English."""
    return tuple(_first(desk, _languages(desk)))


def _first(desk: Desk, languages: Iterator[str]) -> Macros:
    """The texts in the first language that has them."""
    found: Macros = {}
    for language in languages:
        known = _shipped(language) | _read(_own_file(desk, language))[0]
        found = found | {name: macro for name, macro in known.items() if name not in found}
    return found


def find_macro(desk: Desk, customer: Customer, name: str) -> Macro:
    """The text of that name, as ``list_macros`` has it. Raises NotFound."""
    found = next((each for each in list_macros(desk, customer) if each.name == name), None)
    if found is None:
        raise NotFound(f"there is no macro {clean_line(name, 40)}; the desk's are in {FOLDER}/")
    return found


def faults(desk: Desk) -> tuple[str, ...]:
    """What is wrong in the desk's own files, a line each, naming file and macro."""
    files = sorted((desk.path / FOLDER).glob("*.toml"))
    return tuple(fault for file in files for fault in _read(file)[1])


def filled(
    desk: Desk, macro: Macro, ticket: Ticket, customer: Customer, *, due: datetime | None = None
) -> str:
    """The text with everything filled in.

    ``due`` is the date that is told; by default that of the standing promise.

    Raises:
        InvalidInput: if the text tells a date and none stands that is ahead, or what was
            understood and nothing is noted.
    """
    named = {part[1] for part in Formatter().parse(macro.text) if part[1] is not None}
    values: dict[str, Callable[[], str]] = {
        "greeting": lambda: desk.texts.greeting(customer),
        "customer": lambda: _name(customer),
        "due": lambda: desk.texts.moment(customer, _due(desk, macro, ticket, due)),
        "agent": lambda: desk.settings.agent_name(desk.agent),
        "desk": lambda: desk.settings.desk.name,
        "ticket": lambda: str(ticket.id),
        "understanding": lambda: _understanding(macro, ticket),
    }
    return macro.text.format_map({name: values[name]() for name in named})


def body(
    desk: Desk, macro: Macro, ticket: Ticket, customer: Customer, *, due: datetime | None = None
) -> str:
    """``filled``, without the greeting at its beginning and the signature at its end: what goes
    between those of a drafted reply. Raises as ``filled``."""
    text = filled(desk, macro, ticket, customer, due=due)
    text = text.strip().removeprefix(desk.texts.greeting(customer))
    return text.removesuffix(desk.texts.signature(customer, desk.agent)).strip()


def letter(
    desk: Desk, macro: Macro, ticket: Ticket, customer: Customer, *, due: datetime | None = None
) -> str:
    """The whole letter, with greeting and signature. Raises as ``filled``."""
    words = body(desk, macro, ticket, customer, due=due)
    return desk.texts.letter(customer, desk.agent, words)


def _name(customer: Customer) -> str:
    """What the customer is called, as in the greeting."""
    form = customer.form_of_address
    if form == "first_name":
        return customer.preferred or customer.given
    if form == "salutation":
        return f"{customer.salutation} {customer.family}"
    return customer.respectful_name


def _due(desk: Desk, macro: Macro, ticket: Ticket, due: datetime | None) -> datetime:
    promise = ticket.promise
    if due is None and promise is not None and not promise.is_past(desk.now()):
        due = promise.due
    if due is None:
        raise InvalidInput(
            f"macro {macro.name} tells by when we answer, and no promise stands ahead: "
            "promise a next date first"
        )
    return due


def _understanding(macro: Macro, ticket: Ticket) -> str:
    if ticket.understanding is None:
        raise InvalidInput(f"macro {macro.name} says what we understood: note that first")
    return ticket.understanding.text


def _languages(desk: Desk, customer: Customer | None = None) -> Iterator[str]:
    """The languages in which a text is looked for, best first."""
    own = customer.language if customer is not None else None
    wanted = (own, desk.settings.desk.language, FALLBACK)
    yield from dict.fromkeys(tag.split("-")[0] for tag in wanted if tag)


def _own_file(desk: Desk, language: str) -> Path:
    return desk.path / FOLDER / f"{language}.toml"


@lru_cache(maxsize=16)
def _shipped(language: str) -> Macros:
    macros, wrong = _read(data_folder() / FOLDER / f"{language}.toml")
    if wrong:
        raise BadConfiguration(wrong[0])
    return macros


def _read(file: Path) -> tuple[Macros, list[str]]:
    """The macros of a file, none if it is not there, and what is wrong in it."""
    try:
        file.lstat()
    except OSError:
        return {}, []
    place = f"{FOLDER}/{clean_line(file.name)}"
    try:
        document = read_toml(file)
    except BadConfiguration as error:
        return {}, [f"{FOLDER}/{error.message}"]
    return _checked(place, document)


def faults_in(place: str, document: dict[str, Any]) -> list[str]:
    """What is wrong in a file before it is one, a line each; ``place`` is what to call it."""
    return _checked(place, document)[1]


def _checked(place: str, document: dict[str, Any]) -> tuple[Macros, list[str]]:
    wrong = [f"{place}: {clean_line(key)}: unknown key" for key in document if key != "macro"]
    entries = document.get("macro", [])
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        return {}, [*wrong, f"{place}: macro: write [[macro]] above each"]
    macros: Macros = {}
    for number, entry in enumerate(entries, start=1):
        try:
            macro = Macro.model_validate(entry)
        except ValidationError as error:
            wrong.append(f"{place}: macro {_called(entry, number)}: {all_faults(error)}")
            continue
        if macro.name in macros:
            wrong.append(f"{place}: macro {macro.name}: comes twice; the first holds")
        macros.setdefault(macro.name, macro)
    return macros, wrong


def _called(entry: dict[str, Any], number: int) -> str:
    """What to call a macro that is wrong: its name, or which of the file it is."""
    name = entry.get("name")
    return clean_line(name, 40) if isinstance(name, str) and name.strip() else str(number)
