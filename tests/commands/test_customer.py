"""A customer's profile, looked at and kept up at the command line."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from helpdesk.desk import customers
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.customer import Customer, Relation
from tests.commands.conftest import Shell, new, one_line

pytestmark = pytest.mark.usefixtures("on_monday")


@pytest.fixture
def known(shell: Shell) -> Shell:
    new(shell)
    return shell


def test_a_profile_is_found_by_number_and_by_any_contact(known: Shell) -> None:
    known.ok("customer", "1", "--add-phone", "+996 555 123456", "--add-email", "a.t@example.org")
    for who in ("1", "#1", "aigul@example.com", "A.T@example.org", "+996 555 123456"):
        shown = known.ok("customer", who, "--json").object
        assert shown["customer"]["id"] == 1
    assert [ticket["id"] for ticket in shown["tickets"]] == [1]
    assert shown["customer"]["segment"] == "new"
    assert known.fails(66, "customer", "nobody@example.com")
    assert known.fails(66, "customer", "9")


def test_the_greeting_follows_from_the_profile(known: Shell) -> None:
    assert "Greeting: Dear Aigul Toktogulova," in known.ok("customer", "1").lines
    known.ok("customer", "1", "--set", "family=Toktogulova", "--set", "salutation=Ms")
    assert "Greeting: Dear Ms Toktogulova," in known.ok("customer", "1").lines
    known.ok("customer", "1", "--set", "given=Aigul")
    assert "Greeting: Dear Ms Toktogulova," in known.ok("customer", "1").lines
    known.ok("customer", "1", "--set", "first-name-permitted=yes")
    assert "Greeting: Hello Aigul," in known.ok("customer", "1").lines


def test_what_is_learned_is_noted_with_its_day(known: Shell) -> None:
    said = known.ok("customer", "1", "--note", "Her daughter climbs.", "--rating", "4")
    assert "Noted Mon 2 Mar 2026 by aibek:" in said.lines
    assert "    Her daughter climbs." in said.lines
    assert "Satisfaction: 75 of 100" in said.lines
    known.fails(64, "customer", "1", "--rating", "6")


def test_lists_of_a_profile_are_given_as_the_profile_shows_them(known: Shell) -> None:
    known.ok(
        "customer", "1",
        "--set", 'people=[{"name": "Kerekzat", "relation": "daughter", "birthday": "2015-03-04"}]',
        "--set", 'preferences={"channel": "phone", "times": "mornings"}',
        "--set", "tags=VIP, climber",
        "--set", "looked-after-by=aibek",
        "--set", "language=ky",
    )  # fmt: skip
    lines = known.ok("customer", "1").lines
    for line in ("daughter: Kerekzat, born 2015-03-04", "Prefers: phone mornings",
                 "Tags: vip, climber", "Looked after by: aibek", "Language: ky"):  # fmt: skip
        assert line in lines
    known.ok("customer", "1", "--set", "looked-after-by=none", "--set", "language=none")
    shown = known.ok("customer", "1", "--json").object["customer"]
    assert (shown["looked_after_by"], shown["language"]) == (None, None)


@pytest.mark.parametrize(
    "words",
    [
        ("--set", "colour=red"),
        ("--set", "name"),
        ("--set", "name="),
        ("--set", "id=7"),
        ("--set", "rev=7"),
        ("--set", "timezone=Mars/Base"),
        ("--set", "language=English, please"),
        ("--set", "first-name-permitted=perhaps"),
        ("--set", "people=Kerekzat"),
        ("--set", 'people=[{"name": ""}]'),
        ("--add-email", "none"),
        ("--note", " "),
    ],
)
def test_what_cannot_be_taken_changes_nothing(known: Shell, words: tuple[str, ...]) -> None:
    before = known.ok("customer", "1", "--json").object
    known.fails(65, "customer", "1", "--set", "given=Aika", *words)
    assert known.ok("customer", "1", "--json").object == before


def test_all_faults_are_named_at_once_in_one_line_and_in_plain_words(known: Shell) -> None:
    told = known.fails(
        65, "customer", "1",
        "--set", 'phones=[{"number": "abc"}, {"number": ""}]',
        "--set", 'people=[{"name": ""}]',
        "--set", 'orders=[{"number": "1", "date": "soon", "currency": "euro", "lines": [{}]}]',
        "--set", "timezone=Mars/Base",
        "--set", 'preferences={"channel": "fax"}',
    )  # fmt: skip
    faults = told.strip().removeprefix("helpdesk: ").split("; ")
    assert faults == [
        "timezone: not a time zone", "write one like Asia/Bishkek",
        "phones.0.number: takes a phone number, which has digits",
        "phones.1.number: is empty",
        "preferences.channel: takes email, phone, web, social, in_person or letter",
        "people.0.name: is empty",
        "people.0.relation: is missing",
        "orders.0.date: takes a day, such as 2026-12-31",
        "orders.0.lines.0.item: is missing",
        "orders.0.currency: takes three capital letters, such as USD",
    ]  # fmt: skip


def test_nobody_is_born_and_no_consent_is_given_in_the_future(known: Shell) -> None:
    tomorrow, today = "2026-03-03", "2026-03-02"
    son = 'people=[{"name": "Bektur", "relation": "son", "birthday": "%s"}]'
    word = 'preferences={"newsletter": {"given": true, "on": "%s", "source": "by phone"}}'
    assert known.fails(65, "customer", "1", "--set", son % tomorrow) == (
        "the birthday of Bektur lies ahead: 2026-03-03; write the day of birth, like 2015-04-12"
    )
    assert known.fails(65, "customer", "1", "--set", word % tomorrow) == (
        "the day of consent to newsletters lies ahead: 2026-03-03"
    )
    profile = known.ok("customer", "1", "--json").object["customer"]
    assert (profile["people"], profile["preferences"]["newsletter"]) == ([], None)
    known.ok("customer", "1", "--set", son % today, "--set", word % today)


def test_a_birthday_that_is_on_record_keeps_nobody_from_changing_the_profile(
    known: Shell,
) -> None:
    with open_desk(known.desk, agent="aibek") as desk, desk.writing() as writing:
        unborn = Relation(name="Bektur", relation="son", birthday=date(2999, 1, 1))
        writing.put(writing.customer(1).model_copy(update={"people": (unborn,)}))
    known.ok("customer", "1", "--set", "salutation=Ms")
    customer = known.ok("customer", "1", "--json").object["customer"]
    assert customer["people"][0]["birthday"] == "2999-01-01"


def test_so_many_faults_that_nobody_reads_them_are_counted(known: Shell) -> None:
    people = ", ".join(["{}"] * 30)
    assert (
        known.fails(65, "customer", "1", "--set", f"people=[{people}]")
        .strip()
        .endswith("people.9.relation: is missing; and 40 more")
    )


def test_what_an_order_does_not_tell_leaves_no_hole(known: Shell) -> None:
    order: dict[str, Any] = {
        "number": "A-1",
        "date": "2026-02-20",
        "amount": "5",
        "currency": "EUR",
    }
    lines: dict[str, Any] = {"lines": [{"item": "rope"}]}
    for more, shown in [
        (lines, "Order A-1, 2026-02-20, 5 EUR: 1 x rope"),
        ({"status": "sent"}, "Order A-1, 2026-02-20, 5 EUR sent"),
        ({"status": "sent", **lines}, "Order A-1, 2026-02-20, 5 EUR sent: 1 x rope"),
    ]:
        said = known.ok("customer", "1", "--set", f"orders={json.dumps([{**order, **more}])}")
        assert shown in said.lines


def test_what_somebody_else_sets_meanwhile_is_not_overwritten(
    known: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = customers.update

    def slowly(desk: Desk, number: int, fields: Mapping[str, Any], seen: int | None) -> Customer:
        update(desk, number, {"emails": [{"address": "new@example.com"}]})
        return update(desk, number, fields, seen)

    monkeypatch.setattr(customers, "update", slowly)
    known.fails(75, "customer", "1", "--add-email", "mine@example.com")
    monkeypatch.undo()
    known.ok("customer", "new@example.com")


def test_a_contact_that_is_known_is_not_added_again(known: Shell) -> None:
    for _ in range(2):
        known.ok("customer", "1", "--add-email", "AIGUL@example.com", "--add-phone", "123 456")
    shown = known.ok("customer", "1", "--json").object["customer"]
    assert (len(shown["emails"]), len(shown["phones"])) == (1, 1)


def test_an_address_in_its_other_letters_is_not_added_again(known: Shell) -> None:
    for address in ("a@exämple.de", "a@xn--exmple-cua.de"):
        known.ok("customer", "1", "--add-email", address)
    assert len(known.ok("customer", "1", "--json").object["customer"]["emails"]) == 2


@pytest.mark.parametrize(
    "words",
    [("--add-email", "Aigul@EXAMPLE.com"), ("--set", 'emails=[{"address": "aigul@example.com"}]')],
    ids=str,
)
def test_another_ones_address_is_taken_with_a_word_about_it(
    known: Shell, words: tuple[str, ...]
) -> None:
    new(known, customer="other@example.com")
    said = known("customer", "2", *words, "--json")
    assert one_line(said) == (
        "customers 1 and 2 have one e-mail address; if that is one person, "
        "'helpdesk customer merge 1 2' makes one profile"
    )
    emails = [email["address"] for email in said.object["customer"]["emails"]]
    assert said.code == 0 and emails[-1].lower() == "aigul@example.com"
    known.ok("customer", "2", "--set", "preferred=Aika")  # it is said once


def test_check_names_profiles_that_may_be_of_one_person_and_finds_no_fault_in_it(
    known: Shell,
) -> None:
    for number in "23":
        new(known, customer=f"other{number}@example.com")
        known("customer", number, "--add-email", "aigul@example.com")
    known.ok("customer", "1", "--add-phone", "123 456")
    known.ok("customer", "2", "--add-phone", "123 456")  # as two at one home have
    advice = (
        "customers 1, 2 and 3 have one e-mail address; if that is one person, "
        "'helpdesk customer merge 2 1' makes one profile"
    )
    assert known.ok("check").lines == [advice, "Nothing is wrong."]
    assert known.ok("check", "--json").objects == [
        {"place": "customers", "what": advice, "repaired": False, "advice": True}
    ]
    known.ok("customer", "merge", "2", "1")
    known.ok("customer", "merge", "3", "1")
    assert known.ok("check").lines == ["Nothing is wrong."]


def test_a_contact_that_two_have_names_them_both(known: Shell) -> None:
    new(known, customer="other@example.com")
    known.ok("customer", "2", "--add-phone", "123 456")
    known.ok("customer", "1", "--add-phone", "123 456")
    assert "1, 2" in known.fails(65, "customer", "123 456")


def test_a_customer_who_comes_back_is_returning(known: Shell) -> None:
    new(known)
    lines = known.ok("customer", "1").lines
    assert "Segment: returning" in lines
    assert "Tickets: 2" in lines
