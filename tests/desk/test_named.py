"""Whom an agent names for a new matter: known or new, and never made twice or for nothing."""

import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk.desk import customers, matters
from helpdesk.desk.customers import Named
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.errors import BadConfiguration, InvalidInput, NotFound, TryAgain
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind
from tests.conftest import DESK_TOML, MONDAY

ASEL = Named("asel@example.com", "Asel")


def request(desk: Desk, who: Named, **more: Any) -> Ticket:
    return matters.new_ticket(
        desk, who, kind=Kind.REQUEST, channel=Channel.WEB, subject="Rope", text="Red?", **more
    )


def test_of_many_who_name_one_person_at_once_one_makes_the_profile(desk: Desk) -> None:
    def take(number: int) -> int | None:
        with open_desk(desk.path, "aibek") as own:
            return request(own, Named(f"d{number % 3}@example.com")).customer

    with ThreadPoolExecutor(8) as pool:
        whose = list(pool.map(take, range(24)))
    assert len(list(desk.store.customers())) == 3
    assert [whose[number] for number in range(24)] == whose[:3] * 8


def test_a_desk_that_was_copied_without_its_index_knows_its_customers(
    desk: Desk, tmp_path: Path
) -> None:
    request(desk, ASEL)
    shutil.copytree(desk.path, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy" / ".cache")
    with open_desk(tmp_path / "copy", "aibek") as copy:
        assert request(copy, ASEL).customer == 1


@pytest.mark.parametrize(
    "wrong",
    [{"tags": [""]}, {"assignee": "no body!"}, {"received": MONDAY + timedelta(days=1)}],
    ids=str,
)
def test_a_matter_that_cannot_be_taken_in_leaves_no_customer(
    desk: Desk, wrong: Mapping[str, Any]
) -> None:
    with pytest.raises(InvalidInput):
        request(desk, ASEL, **wrong)
    assert list(desk.store.customers()) == []
    assert request(desk, ASEL).customer == 1, "not even a number is spent"


def test_a_desk_that_can_promise_nothing_makes_no_customer(desk: Desk) -> None:
    never = DESK_TOML.replace('["09:00-13:00", "14:00-18:00"]', "[]")
    (desk.path / "desk.toml").write_text(never, encoding="utf-8")
    with pytest.raises(BadConfiguration):
        request(desk, ASEL)
    assert list(desk.store.customers()) == []


def test_digits_are_the_phone_of_somebody_new_only_if_the_agent_means_that(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no such customer"):
        request(desk, Named("0700111222", "Nurlan"))
    assert request(desk, Named("0700111222", "Nurlan", is_new=True)).customer == 1
    assert desk.store.customer(1).phones[0].number == "0700111222"


def test_a_phone_by_itself_makes_nobody(desk: Desk) -> None:
    with pytest.raises(NotFound, match="give the name of a new customer"):
        request(desk, Named("+996 700 111222"))
    assert list(desk.store.customers()) == []


def test_who_comes_in_and_leaves_nothing_but_a_name_becomes_a_customer_of_his_own(
    desk: Desk,
) -> None:
    assert request(desk, Named(name="Nurlan Asanov")).customer == 1
    assert request(desk, Named("Nurlan Asanov", is_new=True)).customer == 2
    assert {one.name for one in desk.store.customers()} == {"Nurlan Asanov"}


@pytest.mark.parametrize("words", ["", "12", "#9", "..."])
def test_what_is_no_name_either_makes_nobody(desk: Desk, words: str) -> None:
    with pytest.raises((InvalidInput, NotFound)):
        request(desk, Named(words, is_new=True))
    assert list(desk.store.customers()) == []


def test_words_that_name_nobody_are_no_new_customer_to_a_script(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="a customer is named by"):
        request(desk, Named("Nurlan Asanov"))
    assert list(desk.store.customers()) == []


@pytest.mark.parametrize(
    "written", ["münch@exämple.de", "münch@xn--exmple-cua.de", "MÜNCH@EXÄMPLE.DE"]
)
def test_an_address_is_one_however_its_domain_is_written(desk: Desk, written: str) -> None:
    assert request(desk, Named("münch@exämple.de", "Münch")).customer == 1
    assert request(desk, Named(written, "Münch")).customer == 1
    assert customers.find(desk, written) == 1
    assert customers.sharing(desk, 2, [written]) == [1]


def test_who_loses_the_index_while_naming_somebody_is_told_at_once_and_makes_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    request(desk, ASEL)
    look_about = customers.look_about

    def look_about_and_lose_it(desk: Desk) -> None:
        look_about(desk)
        shutil.rmtree(desk.path / ".cache")

    with monkeypatch.context() as patched:
        patched.setattr(customers, "look_about", look_about_and_lose_it)
        with pytest.raises(TryAgain, match="has to be made anew first"):
            request(desk, ASEL)
    assert request(desk, ASEL).customer == 1
    assert len(list(desk.store.customers())) == 1
