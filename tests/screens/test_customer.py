"""An agent looks at a customer, corrects the profile, notes what was learned."""

from helpdesk.desk import answers, customers
from helpdesk.desk.desk import Desk
from helpdesk.domain.words import Kind
from helpdesk.screens.customer import CustomerScreen
from helpdesk.screens.ticket import TicketScreen
from tests.desk.test_rights import name_roles
from tests.screens.people import gulnara, matter, on_screen


async def test_the_profile_says_how_to_greet_and_what_matters(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1), (80, 40)) as screen:
        await screen.press("o")
        assert "customer 1" in screen.line(0)
        for line in (
            "greet       Dear Ms Asanova,",
            "first name not permitted",
            "e-mail      gulnara@example.org (work)",
            "phone       +996 555 010203",
            "no calls before ten",
            "Bektur, son, birthday 12.04.",
            "segment     returning customer",
            "satisfied   25 of 100 from 1 rating",
        ):
            assert screen.shows(line), line


async def test_tab_goes_through_tickets_notes_orders_and_ratings(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        assert "[profile]  tickets 1   notes 1   orders 1   ratings 1" in screen.line(2)
        for key, shown in (
            ("tab", "The tent came torn"),
            ("д", "Leads hikes at Ala-Archa."),
            ("l", "01.02.2026 · 180.00 USD · delivered · A-17"),
            ("right", "Too slow."),
            ("tab", "How to greet"),
            ("shift+tab", "2 of 5"),
        ):
            await screen.press(key)
            assert screen.shows(shown), key


async def test_enter_opens_the_ticket_under_the_cursor(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    matter(desk, "Poles", kind=Kind.REQUEST)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("enter")
        assert screen.shows("tab goes to the tickets")
        await screen.press("tab", "j", "enter")
        assert "ticket 2" in screen.line(0)
        await screen.press("escape")
        assert "customer 1" in screen.line(0)
        assert "Poles" in screen.find("▌")


async def test_where_there_is_room_the_profile_stands_beside(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, CustomerScreen(1), (120, 30)) as screen:
        assert screen.shows("How to greet") and screen.shows("The tent came torn")
        await screen.resize(80, 24)
        assert not screen.shows("How to greet") and screen.shows("The tent came torn")
        await screen.press("shift+tab")
        assert screen.shows("How to greet")
        await screen.resize(120, 30)
        assert screen.shows("How to greet") and screen.shows("The tent came torn")


async def test_a_note_is_added(desk: Desk) -> None:
    gulnara(desk)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("n", "ctrl+s")
        assert screen.shows("✗ a note takes a text")
        await screen.type("Likes green tea.")
        await screen.press("ctrl+s")
        assert desk.store.customer(1).notes[-1].by == "aibek"
        await screen.press("tab", "tab")
        assert screen.shows("Likes green tea.")
        assert "[notes 2]" in screen.line(2)


async def test_the_basic_fields_are_changed_and_the_greeting_follows(desk: Desk) -> None:
    gulnara(desk)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("e", *["tab"] * 5, "right", "ctrl+s")
        assert desk.store.customer(1).first_name_permitted
        assert screen.shows("“Hello Gulnara,”")
        customer = desk.store.customer(1)
        assert customer.emails[0].label == "work"  # what the form does not show stays
        assert customer.people and customer.orders and customer.wishes == ("no calls before ten",)


async def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_saved(desk: Desk) -> None:
    gulnara(desk)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("e", *["tab"] * 7)
        await screen.type("Bishkek")
        assert screen.shows("✗ not a time zone; write one like Asia/Bishkek")
        await screen.press("ctrl+u", "tab")
        await screen.type("; no address")
        assert screen.shows("✗ not an e-mail address")
        await screen.press("ctrl+s")
        assert screen.shows("✗ emails.1.address")
        assert desk.store.customer(1).rev == 1
        await screen.press("ctrl+u")
        await screen.type("g@example.org; gulnara@example.org")
        await screen.press("ctrl+s")
        assert [email.address for email in desk.store.customer(1).emails] == [
            "g@example.org", "gulnara@example.org",
        ]  # fmt: skip


async def test_who_has_an_address_already_is_said_while_it_is_typed(desk: Desk) -> None:
    gulnara(desk)
    customers.create(desk, {"name": "Gulya", "emails": [{"address": "gulya@exämple.de"}]})
    async with on_screen(desk, CustomerScreen(1), (100, 30)) as screen:
        await screen.press("e", *["tab"] * 8)
        await screen.type("; gulya@xn--exmple-cua.de")
        assert screen.shows("customer 2 has it too; m merges two of one person")
        await screen.press("ctrl+s")
        assert "gulya@exämple.de" in [email.address for email in desk.store.customer(1).emails]


async def test_a_new_ticket_begins_with_this_customer(desk: Desk) -> None:
    gulnara(desk)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("N")
        assert screen.shows("✓ #1")


async def test_a_customer_of_whom_nothing_is_known_says_what_to_do(desk: Desk) -> None:
    customers.create(desk, {"name": "Nurlan"})
    async with on_screen(desk, CustomerScreen(1)) as screen:
        for line in ("No ticket yet.", "Nothing is noted yet", "No orders are known", "not been"):
            await screen.press("tab")
            assert screen.shows(line), line


async def test_a_long_history_scrolls_and_counts(desk: Desk) -> None:
    gulnara(desk)
    for number in range(40):
        matter(desk, f"Matter {number:02}")
        answers.reply(desk, number + 1, "Done.", close=True)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("tab")
        assert "[tickets 40]" in screen.line(2)
        first = screen.find("▌")
        await screen.press("G")
        assert screen.find("▌") != first
        await screen.press("g")
        assert screen.find("▌") == first


async def test_a_customer_that_does_not_exist_is_said_in_a_line(desk: Desk) -> None:
    async with on_screen(desk, CustomerScreen(7)) as screen:
        assert "✗ " in screen.line(-1)
        await screen.press("n", "e", "escape")
        assert "on us" in screen.line(0)


async def test_a_lead_merges_two_profiles_of_one_person_and_goes_on_in_the_one_that_stays(
    desk: Desk,
) -> None:
    gulnara(desk)
    again = {"name": "Gulya", "emails": [{"address": "gulya@example.org"}]}
    customers.create(desk, again)
    matter(desk, customer=2)
    async with on_screen(desk, CustomerScreen(2)) as screen:
        await screen.press("m")
        await screen.type("2")
        assert screen.shows("✗ that is this customer")
        await screen.press("ctrl+u")
        await screen.type("gulnara@example.org")
        assert screen.shows("#1 Gulnara Asanova · gulnara@example.org · 0 tickets")
        await screen.press("ctrl+s")
        assert "customer 1" in screen.line(0)
        assert screen.shows("Gulnara Asanova")
        await screen.press("tab")
        assert screen.shows("The tent came torn")
    assert desk.store.ticket(1).customer == 1
    assert "gulya@example.org" in [email.address for email in desk.store.customer(1).emails]


async def test_who_is_no_lead_may_not_merge_customers(desk: Desk) -> None:
    gulnara(desk)
    name_roles(desk.path, lead=["asel"])
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("m")
        assert screen.shows("may not merge customers")
