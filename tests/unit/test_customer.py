"""The customer's profile: names, greetings, contacts, satisfaction."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from helpdesk.domain.customer import _PLAIN_EMAIL, TYPED, Customer, Relation, _validated, read_email

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def customer(**fields: Any) -> Customer:
    return Customer.model_validate(
        {"id": 1, "name": "Aigul Toktogulova", "created": NOW, "updated": NOW, **fields}
    )


def typed(**fields: Any) -> Customer:
    """As ``customer``, of what somebody writes just now."""
    about = {"id": 1, "name": "Aigul Toktogulova", "created": NOW, "updated": NOW}
    return Customer.model_validate({**about, **fields}, context=TYPED)


def test_without_permission_nobody_is_greeted_by_first_name() -> None:
    known = {"given": "Aigul", "family": "Toktogulova", "preferred": "Aika"}
    assert customer(**known).form_of_address == "full_name"
    assert customer(**known).respectful_name == "Aigul Toktogulova"
    assert customer(**known, salutation="Ms").form_of_address == "salutation"
    assert customer(**known, first_name_permitted=True).form_of_address == "first_name"


def test_a_permission_without_a_first_name_changes_nothing() -> None:
    assert customer(first_name_permitted=True).form_of_address == "full_name"


def test_a_preferred_name_with_the_family_name_is_respectful() -> None:
    known = {"family": "Toktogulova", "preferred": "Dr Toktogulova"}
    assert customer(**known).respectful_name == "Dr Toktogulova"
    assert customer(name="Jenny Li", family="Li", preferred="Lilly").respectful_name == "Jenny Li"


def test_nobody_is_called_by_an_e_mail_address() -> None:
    unknown = customer(name="Aika@example.org", emails=[{"address": "aika@example.org"}])
    assert unknown.form_of_address == "no_name"


def test_who_stands_for_people_that_nobody_named_is_greeted_without_a_name() -> None:
    resident = {"name": "Resident of Dorchester (not named)", "tags": ["not-named", "boston"]}
    assert customer(**resident).form_of_address == "no_name"
    assert customer(**resident, salutation="Ms", family="Li").form_of_address == "salutation"


@pytest.mark.parametrize("name", ["aika@example.org", "münch@exämple.de"])
def test_one_named_by_an_address_is_greeted_without_a_name_whatever_his_addresses_are_now(
    name: str,
) -> None:
    assert customer(name=name, emails=[{"address": "other@example.com"}]).form_of_address == (
        "no_name"
    )
    assert customer(name=name).form_of_address == "no_name"
    assert customer(name="Aika @ work").form_of_address == "full_name"
    known = customer(name=name, salutation="Ms", family="Toktogulova")
    assert known.form_of_address == "salutation"


@pytest.mark.parametrize("number", ["112", "0800-FLOWERS", "+996 (555) 12-34 ext. 5", "room 42"])
def test_a_phone_has_digits_and_may_have_letters(number: str) -> None:
    assert typed(phones=[{"number": number}]).phones[0].number == number


@pytest.mark.parametrize("number", ["abc", "x", "?", "no phone", "a1"])
def test_what_has_no_digits_is_no_phone_but_what_is_on_record_stays_read(number: str) -> None:
    with pytest.raises(ValidationError, match="takes a phone number, which has digits"):
        typed(phones=[{"number": number}])
    on_record = customer(phones=[{"number": number}])
    assert typed(phones=on_record.phones).phones == on_record.phones


def test_an_address_that_is_none_is_refused() -> None:
    for wrong in ("aigul", "aigul@", "a b@example.com", "@example.com", "aigul@exa mple.com"):
        with pytest.raises(ValidationError, match="not an e-mail address"):
            customer(emails=[{"address": wrong}])
    kept = customer(emails=[{"address": "Aigul@EXAMPLE.com", "label": "home"}])
    assert kept.emails[0].address == "Aigul@example.com"


def test_a_document_with_an_unknown_key_or_a_wrong_type_is_refused() -> None:
    with pytest.raises(ValidationError):
        customer(nickname="Aika")
    with pytest.raises(ValidationError):
        customer(notes="likes tea")
    with pytest.raises(ValidationError):
        customer(timezone="Asia/Atlantis")


def test_satisfaction_is_the_mean_rating_from_0_to_100() -> None:
    assert customer().satisfaction is None
    scores = [(5, 100), (1, 0), (3, 50)]
    for score, index in scores:
        assert customer(ratings=[{"at": NOW, "score": score}]).satisfaction == index
    both = [{"at": NOW, "score": 5}, {"at": NOW, "score": 2}]
    assert customer(ratings=both).satisfaction == 62
    with pytest.raises(ValidationError):
        customer(ratings=[{"at": NOW, "score": 6}])


def test_a_customer_is_returning_from_the_second_dealing_on() -> None:
    order = {"number": "A-1", "date": "2026-02-01"}
    assert customer().segment(tickets=1) == "new"
    assert customer().segment(tickets=2) == "returning"
    assert customer(orders=[order]).segment(tickets=1) == "returning"


def test_hostile_text_in_a_profile_is_made_harmless() -> None:
    hostile = customer(name="Ai\x1b[2Jgul\u202e", notes=[{"at": NOW, "by": "a", "text": "\x9bx"}])
    with pytest.raises(ValidationError, match="no clock"):
        customer(ratings=[{"at": "0001-01-01T00:00:00+06:00", "score": 3}])
    assert hostile.name == "Ai[2Jgul"
    assert hostile.notes[0].text == "x"


@given(
    st.from_regex(_PLAIN_EMAIL, fullmatch=True)
    | st.emails()
    | st.text("aZ0.-+_@ é", max_size=20).map(lambda text: f"{text}@example.com")
)
def test_an_address_is_read_as_the_library_reads_it(text: str) -> None:
    def read(by: Callable[[str], str]) -> str | None:
        try:
            return by(text)
        except ValueError:
            return None

    assert read(read_email) == read(_validated)


@pytest.mark.parametrize(
    ("birthday", "today", "days"),
    [
        ("2015-04-12", "2026-04-12", 0),
        ("2015-04-12", "2026-04-09", 3),
        ("2015-04-12", "2026-04-13", 364),
        ("2015-01-02", "2026-12-31", 2),
        ("2016-02-29", "2026-02-27", 1),
        ("2016-02-29", "2028-02-28", 1),
        ("2016-02-29", "2026-03-01", 364),
    ],
)
def test_how_many_days_it_is_to_a_birthday(birthday: str, today: str, days: int) -> None:
    son = Relation(name="Bektur", relation="son", birthday=date.fromisoformat(birthday))
    assert son.days_to_birthday(date.fromisoformat(today)) == days


def test_who_has_no_birthday_on_record_has_none_ahead() -> None:
    assert Relation(name="Bektur", relation="son").days_to_birthday(date(2026, 4, 12)) is None
