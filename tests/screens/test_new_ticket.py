"""Somebody calls or writes, and an agent makes a ticket of it."""

import pytest

from helpdesk.desk import customers
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.customer import is_phone, name_and_contact
from helpdesk.domain.words import Channel, Kind, Priority
from helpdesk.screens.new_ticket import NewTicketScreen
from tests.conftest import DESK_TOML
from tests.screens.driver import desk_screen
from tests.screens.people import gulnara, matter, on_screen, torn_tent


async def test_a_known_customer_is_found_by_name_and_the_ticket_opens(desk: Desk) -> None:
    gulnara(desk)
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        await screen.type("asan")
        assert screen.shows("▌ #1 · no open ticket · gulnara@example.org · Gulnara Asanova")
        await screen.press("enter")
        assert screen.shows("✓ #1 · no open ticket")
        await screen.type("c")
        await screen.press("tab")
        await screen.type("e")
        await screen.press("tab")
        await screen.type("h")
        await screen.press("tab")
        await screen.type("The tent came torn\nThe seam is torn.")
        await screen.press("ctrl+s")
        ticket = desk.store.ticket(1)
        assert (ticket.customer, ticket.kind, ticket.channel, ticket.priority) == (
            1, Kind.COMPLAINT, Channel.EMAIL, Priority.HIGH,
        )  # fmt: skip
        assert ticket.subject == "The tent came torn"
        assert ticket.messages[0].text == "The seam is torn."
        assert "ticket 1" in screen.line(0)
        await screen.press("escape")
        assert "on us" in screen.line(0)


async def test_what_is_open_of_the_caller_is_seen_before_the_same_is_written_again(
    desk: Desk,
) -> None:
    gulnara(desk)
    for subject in ("The tent came torn", "Poles", "The bill", "A thank-you"):
        matter(desk, subject)
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        await screen.type("asan\n")
        assert screen.shows("○ in 5 h #1 The tent came torn")
        assert screen.shows("#3 The bill") and not screen.shows("#4 A thank-you")
        await screen.press("shift+tab", "ctrl+u")
        await screen.type("Somebody")
        assert not screen.shows("The tent came torn")
        await screen.press("ctrl+u")
        await screen.type("asan\n")
        await screen.resize(120, 40)
        assert screen.text().count("The bill") == 1, screen.text()


async def test_customers_are_found_by_number_mail_and_phone_and_chosen_by_arrows(
    desk: Desk,
) -> None:
    gulnara(desk)
    emails = [{"address": "b@example.org"}, {"address": "g@exämple.de"}]
    customers.create(desk, {"name": "Gulnara Bekova", "emails": emails})
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        for typed, found in (
            ("#2", "Gulnara Bekova"), ("gulnara@example.org", "Gulnara Asanova"),
            ("+996 555 010203", "Gulnara Asanova"), ("g@xn--exmple-cua.de", "Gulnara Bekova"),
        ):  # fmt: skip
            await screen.type(typed)
            assert found in screen.find("▌"), typed
            await screen.press("ctrl+u")
        await screen.type("gulnara")
        await screen.press("down")
        assert "Gulnara Bekova" in screen.find("▌")
        await screen.press("enter")
        assert screen.shows("✓ #2")


async def test_the_promise_that_will_be_told_and_the_greeting_are_in_sight(desk: Desk) -> None:
    async with on_screen(desk, NewTicketScreen(None), (100, 24)) as screen:
        assert screen.shows("○ the customer is told: an answer by Mon 2 Mar 2026 10:15, in 15 min")
        assert screen.shows("phone: 15 working minutes")
        assert screen.shows("say Good day, this is Ak-Sai Outfitters, aibek speaking.")
        await screen.press("tab", "tab")
        await screen.type("e")
        assert screen.shows("an answer by Mon 2 Mar 2026 18:00, in 8 h")
        assert not screen.shows("Good day")
        await screen.press("shift+tab")
        await screen.type("c")
        assert screen.shows("an answer by Mon 2 Mar 2026 15:00, in 5 h")


async def test_who_comes_in_and_gives_only_a_name_becomes_a_customer(desk: Desk) -> None:
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        await screen.type("Nurlan Asanov")
        assert screen.shows("somebody new; an e-mail or phone goes behind the name")
        await screen.press("tab", "tab")
        await screen.type("in")
        await screen.press("tab", "tab")
        await screen.type("A torn tent\nHe came with it.")
        await screen.press("ctrl+s")
        await screen.until_shows("ticket 1")
    assert desk.store.customer(1).name == "Nurlan Asanov"
    assert desk.store.ticket(1).customer == 1


async def test_a_caller_is_taken_in_by_name_and_phone_in_one_line(desk: Desk) -> None:
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        await screen.type("Jane Foster +996 555 123 456")
        assert screen.shows("somebody new: Jane Foster · +996 555 123 456")
        await screen.press("tab", "tab", "tab", "tab")
        await screen.type("Boots\nToo small.")
        await screen.press("ctrl+s")
        await screen.until_shows("ticket 1")
    jane = desk.store.customer(1)
    assert (jane.name, jane.phones[0].number) == ("Jane Foster", "+996 555 123 456")


async def test_whose_phone_or_address_it_is_already_is_offered_whatever_the_name(
    desk: Desk,
) -> None:
    gulnara(desk)
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        for typed in ("Gulya <gulnara@example.org>", "G. Asanova +996 555 010203"):
            await screen.type(typed)
            assert screen.shows("▌ #1 · no open ticket · gulnara@example.org · Gulnara Asanova")
            await screen.press("ctrl+u")


async def test_a_profile_that_cannot_be_read_hides_none_of_the_others(desk: Desk) -> None:
    gulnara(desk)
    order = {"number": "A-17", "date": "2026-02-01"}
    customers.create(desk, {"name": "Bek", "orders": [order]})
    (desk.path / "customers" / "0000" / "000001.json").write_bytes(b"{")
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        await screen.type("a17")
        await screen.until_shows("#2 · no open ticket · Bek")
        assert not screen.shows("cannot be read (")


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("Jane Foster +996 555 123 456", ("Jane Foster", "+996 555 123 456")),
        ("Jane <jane@example.com>", ("Jane", "jane@example.com")),
        ("Jane Foster, 0555 12-34-56", ("Jane Foster", "0555 12-34-56")),
        ("Жаныл (0312) 66 55 44", ("Жаныл", "(0312) 66 55 44")),
        ("Jane Foster", ("Jane Foster", "")),
        ("Studio 54", ("Studio 54", "")),
        ("+996 555 123 456", ("+996 555 123 456", "")),
        ("jane@example.com", ("jane@example.com", "")),
        ("Jane jane@", ("Jane jane@", "")),
    ],
)
def test_a_name_and_what_is_typed_behind_it(typed: str, parts: tuple[str, str]) -> None:
    assert name_and_contact(typed) == parts


async def test_a_new_address_makes_a_new_customer(desk: Desk) -> None:
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        await screen.type("new@example.org")
        assert screen.shows("nobody is known by it: a new customer")
        await screen.type("\n")
        await screen.type("Nurlan Bekov\n")
        await screen.press("tab", "tab", "tab")
        await screen.type("A question\nHow long?")
        await screen.press("ctrl+s")
        customer = desk.store.customer(1)
        assert (customer.name, customer.emails[0].address) == ("Nurlan Bekov", "new@example.org")
        assert desk.store.ticket(1).customer == 1


async def test_a_caller_who_is_not_known_is_taken_in_by_phone(desk: Desk) -> None:
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        await screen.type("+996 700 111222\nNurlan Bekov\n")
        await screen.press("tab", "tab", "tab")
        await screen.type("A question\nHow long?")
        await screen.press("ctrl+s")
        assert desk.store.customer(1).phones[0].number == "+996 700 111222"


def test_what_looks_like_a_phone() -> None:
    assert is_phone("+996 (555) 01-02-03") and is_phone("12345") and is_phone("555-0102 ext. 7")
    assert not is_phone("1234") and not is_phone("12345 street")


async def test_what_is_missing_is_said_and_nothing_is_made(desk: Desk) -> None:
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        await screen.press("ctrl+s")
        assert screen.shows("✗ a ticket takes a subject and a text")
        await screen.press("tab", "tab", "tab", "tab")
        await screen.type("A question\nHow long?")
        await screen.press("ctrl+s")
        assert screen.shows("✗ say whose ticket it is")
        screen.app.screen.query_one("#customer").focus()
        await screen.type("12")
        assert screen.shows("nobody is found")
        await screen.press("ctrl+s")
        assert screen.shows("✗ nobody is found: a name, an e-mail or a phone makes a new customer")
        await screen.press("ctrl+u")
        await screen.type("n@example.org")
        await screen.press("ctrl+s")
        assert screen.shows("✗ a new customer needs a name")
        await screen.type("@")
        await screen.press("ctrl+s")
        assert screen.shows("✗ not an e-mail address")
        assert desk.store.list_customers() == []


async def test_several_found_are_not_guessed_among(desk: Desk) -> None:
    gulnara(desk)
    customers.create(desk, {"name": "Gulnara Bekova"})
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        await screen.type("gulnara")
        await screen.press("tab", "tab", "tab", "tab")
        await screen.type("A question\nHow long?")
        await screen.press("ctrl+s")
        assert screen.shows("✗ choose the customer")
        assert desk.store.count(desk.query("")) == 0


async def test_for_a_given_customer_it_begins_with_the_kind(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, NewTicketScreen(1)) as screen:
        assert screen.shows("✓ #1 · 1 open · gulnara@example.org · Gulnara Asanova")
        await screen.type("f")
        assert screen.shows("[feedback]")
        await screen.press("escape")
        assert "on us" in screen.line(0)  # nothing was typed: no question


async def test_a_ticket_that_cannot_be_made_leaves_no_customer(desk: Desk) -> None:
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        await screen.type("new@example.org\nNurlan Bekov\n")
        await screen.press("tab", "tab", "tab")
        await screen.type("A question\nHow long?")
        never = DESK_TOML.replace('["09:00-13:00", "14:00-18:00"]', "[]")
        (desk.path / "desk.toml").write_text(never, encoding="utf-8")
        await screen.press("ctrl+s")
        assert desk.store.list_customers() == []
        assert screen.shows("desk.toml")


async def test_the_date_that_was_told_on_the_phone_is_the_promise(desk: Desk) -> None:
    gulnara(desk)
    async with on_screen(desk, NewTicketScreen(1), (100, 24)) as screen:
        await screen.press("tab", "tab", "tab")
        await screen.type("The tent came torn\nThe seam is torn.")
        await screen.press("ctrl+n")
        await screen.type("fri 14")
        assert screen.shows("… as in +2h, fri 14:00, 25 Nov 14:00, eod")
        assert screen.shows("an answer by Mon 2 Mar 2026 10:15")
        await screen.type(":00")
        assert screen.shows(
            "○ the customer is told: an answer by Fri 6 Mar 2026 14:00, in 4 days · policy: "
        )
        await screen.press("ctrl+s")
        await screen.until_shows("ticket 1")
    ticket = desk.store.ticket(1)
    assert len(ticket.promises) == 1 and len(ticket.messages) == 2, "it is told once"
    assert ticket.promise is not None
    assert desk.local(ticket.promise.due).isoformat() == "2026-03-06T14:00:00+06:00"
    assert ticket.promise.rule == "set by aibek"
    assert "Friday, March 6, 2026, 14:00" in ticket.messages[1].text


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (80, 24), (160, 40)])
async def test_that_the_desk_is_closed_by_then_is_said_however_narrow_it_is(
    desk: Desk, size: tuple[int, int]
) -> None:
    async with on_screen(desk, NewTicketScreen(None), size) as screen:
        await screen.press("ctrl+n")
        await screen.type("sat 10:00")
        assert "Sat 7 Mar 2026 10:00 · ! closed then" in " ".join(screen.text().split())


async def test_no_promise_of_another_channel_stands_where_policy_has_none(desk: Desk) -> None:
    settings = desk.path / "desk.toml"
    others, _ = settings.read_text("utf-8").split("[[promise]]", 1)
    settings.write_text(f'{others}[[promise]]\nchannel = "phone"\nwithin = "same day"\n', "utf-8")
    with open_desk(desk.path, agent="aibek") as strict:
        async with on_screen(strict, NewTicketScreen(None)) as screen:
            assert screen.shows("the customer is told: an answer by Mon 2 Mar 2026 18:00")
            await screen.press("tab", "tab")
            await screen.type("e")
            assert screen.shows("no [[promise]] fits channel email")
            assert not screen.shows("the customer is told")
            await screen.press("ctrl+n")
            await screen.type("fri 14:00")
            assert screen.shows("is told: an answer by Fri 6 Mar 2026 14:00, in 4 days")


async def test_by_when_is_again_as_policy_says_once_the_agent_thinks_better_of_it(
    desk: Desk,
) -> None:
    gulnara(desk)
    async with on_screen(desk, NewTicketScreen(1)) as screen:
        await screen.press("tab", "tab", "tab")
        await screen.type("A question\nHow long?")
        await screen.press("ctrl+n")
        await screen.type("soon")
        assert screen.shows("✗ 'soon' cannot be read as a time")
        await screen.press("ctrl+s")
        assert screen.shows("✗ 'soon' cannot be read as a time") and not desk.store.count(
            desk.query("")
        )
        await screen.press("ctrl+n")
        assert not screen.shows("By when")
        await screen.press("ctrl+s")
        await screen.until_shows("ticket 1")
    promise = desk.store.ticket(1).promise
    assert promise is not None and promise.rule == "phone: 15 working minutes"


async def test_a_draft_of_a_call_keeps_the_date_that_was_told(desk: Desk) -> None:
    gulnara(desk)
    async with desk_screen(desk) as screen:
        await screen.press("N")
        await screen.type("asan\n")
        await screen.press("ctrl+n")
        await screen.type("fri 14:00")
        await screen.press("escape", "ctrl+d", "enter")
        assert screen.shows("By when") and screen.shows("an answer by Fri 6 Mar 2026 14:00")
