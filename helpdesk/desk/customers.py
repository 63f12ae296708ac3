"""Knowing the customers: finding them, making profiles, noting what they say."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from pydantic import ValidationError

from helpdesk.desk.desk import Desk
from helpdesk.domain.customer import (
    TYPED,
    Customer,
    Note,
    Rating,
    is_name,
    is_phone,
    known_as,
    read_email,
)
from helpdesk.domain.errors import InvalidInput, NotFound
from helpdesk.domain.values import all_faults
from helpdesk.store.base import Writing
from helpdesk.text import clean, clean_line


class Named(NamedTuple):
    """Whom an agent names: by number, e-mail address, phone or handle.

    ``name`` is that of the profile if nobody is known by it; without ``who``, as of somebody who
    came in person, it makes a new one. ``is_new`` says that the agent saw that nobody is known by
    ``who``, and means somebody new: digits alone are a phone then, and the name is needed; other
    words are the name itself.
    """

    who: str = ""
    name: str = ""
    is_new: bool = False


def find(desk: Desk, who: str) -> int:
    """The number of the customer named by number (12, #12), e-mail address, phone or handle.

    Raises:
        NotFound: if there is none.
        InvalidInput: if there are several.
    """
    text = clean_line(who)
    digits = text.removeprefix("#")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= 9
    if is_number and text.startswith("#"):
        return desk.store.customer(int(digits)).id
    found = desk.store.find_customers(known_as(text))
    if is_number and (not found or found == [int(digits)]):
        return desk.store.customer(int(digits)).id
    if is_number and found and _exists(desk, int(digits)):
        raise InvalidInput(
            f"{digits} is a customer's number and another's contact: write #{digits} for the number"
        )
    if not found:
        raise NotFound("there is no such customer: give a number, an e-mail address or a phone")
    if len(found) > 1:
        numbers = ", ".join(str(number) for number in found[:10])
        raise InvalidInput(f"several customers have that contact: name one by number: {numbers}")
    return found[0]


def look_about(desk: Desk) -> None:
    """Take in what was copied in or restored, or an index that is gone would make everybody new.

    Call it before ``found_or_made``, and not while writing.
    """
    desk.store.catch_up(by_folders=True)


def found_or_made(desk: Desk, writing: Writing, named: Named) -> Customer:
    """The profile of whom is named; an e-mail address, or a phone with a name, that nobody has
    becomes a new one, and so does a name alone.

    It is looked for while nobody else writes: of many who name one person at once, one makes the
    profile.

    Raises:
        NotFound: if it is a number that nobody has, or a phone without a name.
        InvalidInput: if it is nothing that makes a new customer, or several have it.
    """
    if clean_line(named.who):
        try:
            return writing.customer(find(desk, named.who))
        except NotFound:
            digits = clean_line(named.who).removeprefix("#")
            if digits.isdigit() and not named.is_new:
                raise
    return _made(desk, writing, _of_somebody_new(named))


def _of_somebody_new(named: Named) -> dict[str, Any]:
    who, name = clean_line(named.who), clean_line(named.name)
    fields: dict[str, Any]
    if "@" in who:
        try:
            fields = {"emails": [{"address": read_email(who)}]}
        except ValueError as error:
            raise InvalidInput(str(error)) from None
        name = name if name or named.is_new else fields["emails"][0]["address"]
    elif is_phone(who):
        fields = {"phones": [{"number": who}]}
    elif not who or (named.is_new and is_name(who)):
        fields, name = {}, name or who
    elif named.is_new:
        raise InvalidInput("nobody is found: a name, an e-mail or a phone makes a new customer")
    else:
        raise InvalidInput(
            "a customer is named by a number, an e-mail address or a phone, "
            "or by a handle that is known already"
        )
    if name:
        return {**fields, "name": name}
    if named.is_new:
        raise InvalidInput("a new customer needs a name")
    raise NotFound("nobody is known by that phone: give the name of a new customer too")


def _exists(desk: Desk, number: int) -> bool:
    try:
        return desk.store.customer(number).id == number
    except NotFound:
        return False


def create(desk: Desk, fields: Mapping[str, Any]) -> Customer:
    """Make a profile from ``fields`` of Customer.

    Raises:
        InvalidInput: naming the field that cannot be taken.
    """
    with desk.writing() as writing:
        return _made(desk, writing, fields)


def _made(desk: Desk, writing: Writing, fields: Mapping[str, Any]) -> Customer:
    now = desk.now()
    number = writing.new_customer_id()
    made = _checked({**fields, "id": number, "created": now, "updated": now})
    _refuse_days_ahead(desk, made)
    return writing.put(made)


def update(desk: Desk, number: int, fields: Mapping[str, Any], seen: int | None = None) -> Customer:
    """Set ``fields`` of a profile.

    Raises:
        NotFound: if there is no such customer.
        InvalidInput: naming the field that cannot be taken.
        Conflict: if ``seen`` is given and is no longer the profile's ``rev``, or the profile was
            merged into another.
    """
    with desk.writing() as writing:
        old = writing.customer(number)
        if seen is not None:
            fresh(old, number, seen)
        new = _checked({**dict(old), **fields, "updated": desk.now()})
        _refuse_days_ahead(desk, new, old)
        return writing.put(new)


def fresh(customer: Customer, number: int, seen: int | None) -> Customer:
    """The profile found under a number, if it is still that one and as the agent saw it.

    Args:
        customer: as it is now, or the one that it was merged into.
        number: by which it was looked up.
        seen: the ``rev`` that the agent saw; None does not ask.

    Raises:
        Conflict: if somebody has changed it since, or merged it into another.
    """
    from helpdesk.store.base import Conflict

    if customer.id != number:
        raise Conflict(f"customer {number} was merged into {customer.id} meanwhile: look again")
    if seen is not None and customer.rev != seen:
        raise Conflict(f"customer {number} was changed meanwhile: look again")
    return customer


def sharing(desk: Desk, number: int, addresses: Iterable[str]) -> list[int]:
    """The other customers who have one of the e-mail addresses: two people may share one, but as
    a rule it is one person with two profiles."""
    found = {other for each in addresses for other in desk.store.find_customers(known_as(each))}
    return sorted(found - {number})


def note(desk: Desk, number: int, text: str) -> Customer:
    """Note what was learned about the customer, dated. Raises NotFound; InvalidInput if empty."""
    if not clean(text).strip():
        raise InvalidInput("a note takes a text")
    with desk.writing() as writing:
        old = writing.customer(number)
        added = Note(at=desk.now(), by=desk.agent, text=text)
        return writing.put(old.model_copy(update={"notes": (*old.notes, added)}))


def rate(desk: Desk, number: int, score: int, ticket: int | None, comment: str = "") -> Customer:
    """Note how satisfied the customer said to be, from 1 to 5. Raises NotFound, InvalidInput."""
    if not 1 <= score <= 5:
        raise InvalidInput("a rating is a number from 1 (not satisfied) to 5 (very satisfied)")
    with desk.writing() as writing:
        old = writing.customer(number)
        added = Rating(at=desk.now(), score=score, ticket=ticket, comment=comment)
        return writing.put(old.model_copy(update={"ratings": (*old.ratings, added)}))


def _checked(fields: Mapping[str, Any]) -> Customer:
    try:
        return Customer.model_validate(fields, context=TYPED)
    except ValidationError as error:
        raise InvalidInput(all_faults(error)) from None


def refuse_birthday_ahead(desk: Desk, name: str, birthday: date) -> None:
    """Raises InvalidInput if somebody's birthday is a day that is still to come."""
    if birthday > _today(desk):
        raise InvalidInput(
            f"the birthday of {clean_line(name, 40)} lies ahead: {birthday}; "
            "write the day of birth, like 2015-04-12"
        )


def _refuse_days_ahead(desk: Desk, new: Customer, old: Customer | None = None) -> None:
    """A birthday and a consent are days that have been; what is on record already stays there."""
    for person in new.people:
        if person.birthday and not (old and person in old.people):
            refuse_birthday_ahead(desk, person.name, person.birthday)
    consent = new.preferences.newsletter
    if consent and consent.on > _today(desk) and not (old and old.preferences == new.preferences):
        raise InvalidInput(f"the day of consent to newsletters lies ahead: {consent.on}")


def _today(desk: Desk) -> date:
    return desk.now().astimezone(desk.zone).date()
