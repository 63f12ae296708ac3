"""What customers read: greetings, acknowledgements, delays, in their language and time zone."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from helpdesk.config import Settings
from helpdesk.desk import own_texts
from helpdesk.desk.dates import Dates
from helpdesk.domain.customer import Customer
from helpdesk.text import CJK

FALLBACK = "en"

_STOPS = " .,:;"
_BETWEEN = " ,;:·|/–—-"
_NOBODY = "\0"
"""Stands for the agent's name where a program signs."""


class Texts:
    """The desk's texts. A language without texts falls back to the desk's, then to English."""

    def __init__(self, settings: Settings, desk: Path | None = None) -> None:
        """``desk`` is the folder that may hold texts of the desk's own."""
        self._settings = settings
        self._desk = desk

    def language(self, customer: Customer) -> str:
        """The language in which we write to the customer."""
        wanted = (customer.language, self._settings.desk.language)
        codes = (code.split("-")[0] for code in wanted if code)
        return next((code for code in codes if own_texts.texts(self._desk, code)), FALLBACK)

    def greeting(self, customer: Customer) -> str:
        """How every text to the customer begins: respectful, by first name only by permission."""
        form = customer.form_of_address
        first_name = customer.preferred or customer.given
        return self._fill(
            customer,
            "greeting",
            form,
            name=first_name if form == "first_name" else customer.respectful_name,
            salutation=customer.salutation,
            family=customer.family,
        )

    def signature(self, customer: Customer, agent: str) -> str:
        """How every text to the customer ends; without an agent the desk's name alone is there."""
        if agent:
            name = self._settings.agent_name(agent)
            return self._fill(customer, "signature", agent=name).strip()
        signed = self._fill(customer, "signature", agent=_NOBODY)
        lines = (_without_name(line) for line in signed.splitlines())
        return "\n".join(line for line in lines if line is not None).strip()

    def letter(self, customer: Customer, agent: str, body: str) -> str:
        """``body`` between the greeting and the signature."""
        return f"{self.greeting(customer)}\n\n{body.strip()}\n\n{self.signature(customer, agent)}"

    def acknowledgement(
        self, customer: Customer, ticket: int, due: datetime, *, phone: bool
    ) -> str:
        """The text that tells the promise of a new matter."""
        section = "acknowledgement_phone" if phone else "acknowledgement"
        return self._fill(customer, section, ticket=str(ticket), due=self.moment(customer, due))

    def taken_up(self, customer: Customer, ticket: int, due: datetime) -> str:
        """The text that tells the promise of a matter that waits on us again."""
        return self._fill(customer, "taken_up", ticket=str(ticket), due=self.moment(customer, due))

    def moved(self, customer: Customer, old: datetime, due: datetime, reason: str) -> str:
        """The text that tells, before the old date, that it will be another, and why."""
        return self._fill(
            customer,
            "moved",
            old_due=self.moment(customer, old),
            due=self.moment(customer, due),
            reason=_sentence(reason),
        )

    def next_date(self, customer: Customer, due: datetime, reason: str) -> str:
        """The text that tells a date where none stands."""
        return self._fill(
            customer, "next_date", due=self.moment(customer, due), reason=_sentence(reason)
        )

    def date(self, customer: Customer, due: datetime) -> str:
        """The sentence that tells by when we answer."""
        return self._fill(customer, "date", due=self.moment(customer, due)).strip()

    def apology(self, customer: Customer, old: datetime) -> str:
        """The sentence that owns a broken promise."""
        return self._fill(customer, "apology", old_due=self.moment(customer, old)).strip()

    def owns_delay(self, customer: Customer, text: str) -> bool:
        """Whether the text has the words of ``apology``, however it writes the time that we missed.

        Quoted lines don't count: what was said in them was said before.
        """
        own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
        said = " ".join(own.casefold().split())
        template = own_texts.texts(self._desk, self.language(customer))["apology"]["text"]
        place = 0
        for words in _fixed_parts(template.casefold()):
            found = said.find(words, place)
            if found < 0:
                return False
            place = found + len(words)
        return True

    def overdue(self, customer: Customer, old: datetime, due: datetime, reason: str) -> str:
        """The text that owns a broken promise and tells the new date."""
        return self._fill(
            customer,
            "overdue",
            apology=self.apology(customer, old),
            due=self.moment(customer, due),
            reason=_sentence(reason),
        )

    def restate(self, customer: Customer, understanding: str) -> str:
        """The text that says back what was understood and asks whether it is right."""
        return self._fill(customer, "restate", understanding=understanding)

    def closing(self, customer: Customer, ticket: int) -> str:
        """The text that tells of the closing and asks whether the matter is solved."""
        return self._fill(customer, "closing", ticket=str(ticket))

    def thanks(self, customer: Customer) -> str:
        """The text that thanks for what the customer told us, where there is nothing to solve."""
        return self._fill(customer, "thanks")

    def phone_greeting(self, agent: str) -> str:
        """With which words every agent of the desk answers the phone."""
        own = self._settings.desk.phone_greeting
        template = own or own_texts.texts(self._desk, self._desk_language())["phone"]["greeting"]
        names = {"desk": self._settings.desk.name, "agent": self._settings.agent_name(agent)}
        return _filled(template, names)

    def moment(self, customer: Customer, moment: datetime) -> str:
        """A day and time in the customer's language and zone, with the zone's name."""
        zone = ZoneInfo(customer.timezone) if customer.timezone else self._settings.zone
        return self._dates.words(moment.astimezone(zone), self._locale_tags(customer))

    @cached_property
    def _dates(self) -> Dates:
        return Dates(self._desk)

    def _locale_tags(self, customer: Customer) -> tuple[str, ...]:
        """How dates are written: as in the customer's country if he or the desk names one.

        In a language of which nobody knows how it writes them, they are those of the desk's.
        """
        language, own = self.language(customer), self._settings.desk.language
        named = (tag for tag in (customer.language, own) if tag and tag.split("-")[0] == language)
        return (*named, language, own)

    def _desk_language(self) -> str:
        code = self._settings.desk.language.split("-")[0]
        return code if own_texts.texts(self._desk, code) else FALLBACK

    def _fill(self, customer: Customer, section: str, key: str = "text", **values: str) -> str:
        template = own_texts.texts(self._desk, self.language(customer))[section][key]
        return _filled(template, {"desk": self._settings.desk.name, **values}).strip("\n")


def _without_name(line: str) -> str | None:
    """A line of a signature without the agent's name; None if it had only that."""
    if _NOBODY not in line:
        return line
    return line.replace(_NOBODY, "").strip(_BETWEEN) or None


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Fill in names in one pass, so that braces within a value stay as they are."""
    return template.format_map(values)


def _fixed_parts(template: str) -> Iterator[str]:
    """The words of a template between its names, without the stops around them."""
    for part in re.split(r"\{[^{}]*\}", template):
        if words := " ".join(part.split()).strip(_STOPS):
            yield words


def _sentence(words: str) -> str:
    """What an agent typed in a few words, with the full stop that it lacks in a letter."""
    words = words.strip()
    # In many scripts a word ends in a sign for a vowel, or for none, which is no letter by itself.
    if not words or unicodedata.category(words[-1])[0] not in "LMN":
        return words
    return f"{words}。" if re.fullmatch(f"[{CJK}]", words[-1]) else f"{words}."
