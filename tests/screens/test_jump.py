"""An agent goes to a ticket by its number, and back and forward among the places visited."""

from datetime import datetime

import pytest

from helpdesk.desk import customers, erasing, matters
from helpdesk.desk.desk import Desk
from helpdesk.domain.words import Channel, Kind
from tests.conftest import MONDAY
from tests.screens.desks import busy_desk
from tests.screens.driver import ScreenDriver, desk_screen
from tests.screens.people import gulnara

SIZES = [(40, 12), (80, 24), (200, 60)]
BACK, FORWARD = "left_square_bracket", "right_square_bracket"


async def jump(screen: ScreenDriver, number: str, key: str = "number_sign") -> None:
    """Go to ``number``."""
    await screen.press(key)
    await screen.type(number)
    await screen.press("enter")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["number_sign", "colon", "№", "Ж"])
async def test_a_ticket_is_opened_by_its_number(
    desk: Desk, key: str, size: tuple[int, int]
) -> None:
    busy_desk(desk)
    async with desk_screen(desk, size) as screen:
        await screen.press(key)
        await screen.type("5")
        assert screen.shows("#5 Broken zip")  # before it is opened
        await screen.press("enter")
        assert "ticket 5" in screen.line(0)


async def test_from_a_ticket_one_goes_to_a_customer_and_esc_goes_back(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await jump(screen, "5")
        await screen.press("number_sign")
        await screen.type("c1")
        assert screen.shows("customer 1: Bektur Asanov")
        await screen.press("enter")
        assert "customer 1" in screen.line(0)
        await screen.press("escape")
        assert "ticket 5" in screen.line(0)


async def test_a_number_that_is_unknown_is_told_in_a_line_and_can_be_mended(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await jump(screen, "99")
        assert screen.shows("✗ there is no ticket 99")
        await screen.press("ctrl+u")
        await screen.type("c99")
        assert screen.shows("✗ there is no customer 99")
        await screen.press("ctrl+u", "enter")
        assert screen.shows("type a number or a name first")
        await screen.type("two")
        assert screen.shows("✗ no ticket and no customer is called that")
        await screen.press("ctrl+u")
        await screen.type("3")
        await screen.press("enter")
        assert "ticket 3" in screen.line(0)


@pytest.mark.parametrize("typed", ["gulnara as", "gulnara@example.org", "+996 555 010203", "Асан"])
async def test_a_customer_is_opened_by_name_address_or_phone(desk: Desk, typed: str) -> None:
    gulnara(desk)
    customers.create(desk, {"name": "Бектур Асанов"})
    async with desk_screen(desk) as screen:
        await jump(screen, typed)
        assert f"customer {2 if typed == 'Асан' else 1}" in screen.line(0), screen.text()


@pytest.mark.parametrize("typed", ["AS-31477", "as 31477", "31477", "AS-31477 "])
async def test_a_caller_who_reads_out_an_order_is_found_by_it(desk: Desk, typed: str) -> None:
    gulnara(desk)
    orders = [
        {"number": "AS-31477", "date": "2026-02-01"},
        {"number": "AS-9", "date": "2026-02-02"},
    ]
    customers.create(desk, {"name": "Бектур Асанов", "orders": orders})
    async with desk_screen(desk) as screen:
        await jump(screen, typed)
        assert "customer 2" in screen.line(0), screen.text()
        await screen.press("escape", "number_sign")
        await screen.type("31478")
        assert screen.shows("✗ there is no ticket 31478")


@pytest.mark.parametrize("typed", ["996555010203", "+996555010203", "+996 (555) 01-02-03"])
async def test_a_phone_opens_the_customer_however_it_is_written(desk: Desk, typed: str) -> None:
    gulnara(desk)
    async with desk_screen(desk) as screen:
        await jump(screen, typed)
        assert "customer 1" in screen.line(0), screen.text()


async def test_an_address_opens_who_has_it_and_not_whose_address_it_is_a_part_of(
    desk: Desk,
) -> None:
    gulnara(desk)
    customers.create(desk, {"name": "Aigul", "emails": [{"address": "not.gulnara@example.org"}]})
    async with desk_screen(desk) as screen:
        await jump(screen, "gulnara@example.org")
        assert "customer 1" in screen.line(0), screen.text()


async def test_of_customers_with_the_same_name_each_is_named_with_its_number(desk: Desk) -> None:
    gulnara(desk)
    customers.create(desk, {"name": "Gulnara Ibraeva"})
    async with desk_screen(desk) as screen:
        await jump(screen, "gulnara")
        assert screen.shows("which of them: c1 Gulnara Asanova; c2")
        await screen.press("ctrl+u", "c", "2", "enter")
        assert "customer 2" in screen.line(0)


async def test_the_ticket_that_is_open_already_is_not_opened_again(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await jump(screen, "5")
        await jump(screen, "5")
        assert "· ticket 5 is open here" in screen.line(-1)
        await screen.press("escape")
        assert "on us" in screen.line(0)


async def test_the_number_that_a_ticket_has_elsewhere_is_known_too(desk: Desk) -> None:
    person = customers.create(desk, {"name": "Aigul"}).id
    for external, subject in (("ZD-77", "Zip"), ("ZD-78", "Poles"), ("ZD-78", "Pegs")):
        _taken_over(desk, person, external, subject, MONDAY)
    async with desk_screen(desk) as screen:
        await screen.press("number_sign")
        await screen.type("ZD-77")
        assert screen.shows("#1 Zip")
        await screen.press("enter")
        assert "ticket 1" in screen.line(0)
        await jump(screen, "ZD-78")
        assert screen.shows("✗ several tickets have that number")


def _taken_over(desk: Desk, customer: int, external: str, subject: str, at: datetime) -> None:
    made = matters.new_ticket(
        desk, customer, kind=Kind.REQUEST, channel=Channel.EMAIL, subject=subject, text="Help."
    )
    with desk.writing() as writing:
        source = f"old{made.id}"
        writing.put(made.model_copy(update={"external_id": external, "source": source}))


@pytest.mark.parametrize(("back", "forward"), [(BACK, FORWARD), ("х", "ъ")])
async def test_back_and_forward_go_among_the_places_visited(
    desk: Desk, back: str, forward: str
) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("enter", "o")
        await jump(screen, "5")
        for key, at in (
            (back, "customer 1"), (back, "ticket 1"), (back, "on us"),
            (forward, "ticket 1"), (forward, "customer 1"), (forward, "ticket 5"),
        ):  # fmt: skip
            await screen.press(key)
            assert at in screen.line(0)
        await screen.press(forward)
        assert "· there is no place after this" in screen.line(-1)


async def test_tickets_left_by_esc_are_found_again_by_back(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press(BACK)
        assert "· there is no place before this" in screen.line(-1)
        await screen.press("enter", "escape", "j", "enter", "escape")
        assert "on us" in screen.line(0)
        await screen.press(BACK)
        assert "ticket 2" in screen.line(0)
        await screen.press(BACK)
        assert "ticket 1" in screen.line(0)


async def test_places_that_only_lie_between_are_not_visited_on_the_way(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("enter", "o", "ctrl+p")
        await screen.type("view closed")
        await screen.press("enter")
        assert "closed" in screen.line(0)
        await screen.press(BACK)
        assert "customer 1" in screen.line(0)


async def test_however_often_one_goes_back_and_forth_esc_soon_leads_to_the_queue(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("enter", *[BACK, FORWARD] * 5)
        assert "ticket 1" in screen.line(0)
        assert len(screen.app.screen_stack) == 2
        await screen.press("escape")
        assert "on us" in screen.line(0)


async def test_a_search_is_a_place_until_it_is_closed(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("S")
        await screen.type("refund")
        await screen.until_shows("1 found")
        await screen.press("enter", BACK)
        assert "find refund" in screen.line(1)
        await screen.press(FORWARD)
        assert "ticket 3" in screen.line(0)
        await screen.press(BACK, "escape")
        assert "on us" in screen.line(0)
        await screen.press(BACK)
        assert "ticket 3" in screen.line(0)
        await screen.press(BACK, BACK)
        assert "· there is no place before this" in screen.line(-1)


async def test_keys_that_are_typed_are_not_offered_where_text_is_typed(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("enter", "escape", BACK, BACK, "S", "ctrl+p")
        await screen.type("forward again")
        assert "]" not in screen.find("Forward again")


async def test_a_customer_erased_meanwhile_is_told_and_passed_over(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await jump(screen, "5")
        await jump(screen, "c1")
        await jump(screen, "3")
        erasing.erase(desk, 1)
        await screen.press(BACK)
        assert "✗ there is no customer 1" in screen.line(-1)
        assert "ticket 3" in screen.line(0)
        await screen.press(BACK)
        assert "ticket 5" in screen.line(0)


async def test_in_a_line_that_is_typed_in_the_keys_are_letters(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("slash")
        await screen.type("#:[]S")
        assert screen.shows("/ #:[]S")
        await screen.press("escape", "n")
        await screen.type("#:[]S")
        assert screen.shows("#:[]S")


async def test_a_box_is_to_be_answered_before_one_goes_elsewhere(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("enter", "o", "e")
        before = len(screen.app.screen_stack)
        await screen.press("ctrl+f")
        assert len(screen.app.screen_stack) == before
