"""Putting a letter together: where the apology and the next date belong in what an agent wrote."""

import re

from helpdesk.desk.desk import Desk
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import InvalidInput
from helpdesk.text import clean


def require_words(text: str, what: str) -> None:
    """Refuse a text in which nothing can be read. Raises InvalidInput, saying ``what`` it takes."""
    if not clean(text).strip():
        raise InvalidInput(what)


def holds(text: str, part: str) -> bool:
    """Whether the text says ``part``, however its lines are broken."""
    return " ".join(part.split()) in " ".join(text.split())


def apologizes(desk: Desk, customer: Customer, text: str, apology: str) -> bool:
    """Whether the text says the apology, or its words with the time written otherwise."""
    return holds(text, apology) or desk.texts.owns_delay(customer, text)


def with_apology(desk: Desk, customer: Customer, text: str, apology: str) -> str:
    """The text with the apology, behind the greeting if it has one; as it is if it says it."""
    if not apology or apologizes(desk, customer, text, apology):
        return text
    greeting = desk.texts.greeting(customer)
    if text.lstrip().startswith(greeting):
        rest = text.lstrip().removeprefix(greeting).lstrip("\n")
        return f"{greeting}\n\n{apology}\n\n{rest}"
    return f"{apology}\n\n{text}"


def without(text: str, part: str) -> str:
    """The text without ``part``, however its lines are broken; as it is if it does not say it."""
    if not part.strip():
        return text
    words = r"\s+".join(re.escape(word) for word in part.split())
    return re.sub(rf"{words}(?:[ \t]*\n){{0,2}}[ \t]*", "", text, count=1)


def with_date(desk: Desk, customer: Customer, text: str, moment: str, body: str) -> str:
    """The text with ``body``, which tells a date, before the signature; as it is if it tells it."""
    if holds(text, moment):
        return text
    signature = desk.texts.signature(customer, desk.agent)
    if text.rstrip().endswith(signature):
        letter = text.rstrip().removesuffix(signature).rstrip()
        return f"{letter}\n\n{body}\n\n{signature}"
    return f"{text.rstrip()}\n\n{body}"
