"""Parts of a profile as a line to type and read back: contacts, wishes, people.

Several of a kind are parted by semicolons; one that stands within a value shows as a comma. What
stays as it was typed stays as it was in all else, such as the label of an address.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from helpdesk.domain.errors import InvalidInput
from helpdesk.text import clean_line

if TYPE_CHECKING:
    from helpdesk.domain.customer import Address, Email, Handle, Phone, Relation

T = TypeVar("T")


def joined(values: Sequence[T], says: Callable[[T], str]) -> str:
    """All of a kind in one line."""
    return "; ".join(_shown(value, says) for value in values)


def parted(text: str) -> list[str]:
    """What stands between the semicolons."""
    return [part.strip() for part in clean_line(text, len(text) + 1).split(";") if part.strip()]


def words(text: str, old: Collection[str]) -> list[str]:
    """The words that are typed as tags, each once, whatever parts them; an old one stays whole."""
    found: list[str] = []
    for word in text.lower().replace(",", " ").split():
        found += [word] if word in old else word.replace(";", " ").replace("#", " ").split()
    return list(dict.fromkeys(found))


def typed(
    text: str, old: Sequence[T], says: Callable[[T], str], read: Callable[[str], Any]
) -> list[Any]:
    """The values that the line stands for. Raises InvalidInput if one cannot be read."""
    if text == joined(old, says):
        return list(old)
    known: dict[str, list[T]] = {}
    for value in old:
        known.setdefault(_shown(value, says), []).append(value)
    return [known[part].pop(0) if known.get(part) else read(part) for part in parted(text)]


def _shown(value: T, says: Callable[[T], str]) -> str:
    return says(value).replace(";", ",")


def email(one: Email) -> str:
    """The address."""
    return one.address


def read_email(text: str) -> dict[str, Any]:
    """An e-mail address as typed."""
    return {"address": text}


def phone(one: Phone) -> str:
    """The number as it was written."""
    return one.number


def read_phone(text: str) -> dict[str, Any]:
    """A number as typed."""
    return {"number": text}


def person(one: Relation) -> str:
    """``Bektur, son, 2015-04-12``"""
    born = one.birthday.isoformat() if one.birthday else ""
    return ", ".join(clean_line(part) for part in (one.name, one.relation, born) if part)


def read_person(text: str) -> dict[str, Any]:
    """A name, what the person is to the customer, and a birthday if it is known.

    Raises:
        InvalidInput: if no name comes first, or the birthday is no day.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    birthday = _birthday(parts.pop()) if len(parts) > 1 and _is_date(parts[-1]) else None
    if not parts or _is_date(parts[0]):
        raise InvalidInput("people are written like: Bektur, son, 2015-04-12; Asel, colleague")
    return {"name": parts[0], "relation": ", ".join(parts[1:]), "birthday": birthday}


def _is_date(text: str) -> bool:
    return any(sign.isdigit() for sign in text) and not any(sign.isalpha() for sign in text)


def _birthday(text: str) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise InvalidInput(f"no birthday: {clean_line(text, 20)}; write it like 2015-04-12")


def handle(one: Handle) -> str:
    """``Telegram @dan``"""
    return clean_line(f"{one.network} {one.handle}")


def read_handle(text: str) -> dict[str, Any]:
    """The network, and behind it the name there. Raises InvalidInput if one is missing."""
    network, _, name = text.partition(" ")
    if not name.strip():
        raise InvalidInput("a handle is written behind its network: Telegram @dan")
    return {"network": network, "handle": name.strip()}


def address(one: Address) -> str:
    """The lines of an envelope, one behind the other."""
    return clean_line(", ".join(line for line in one.text.split("\n") if line))


def read_address(text: str) -> dict[str, Any]:
    """An address as typed, in one line."""
    return {"text": text}
