"""An agent looks at a customer, corrects the profile, notes what was learned."""

from helpdesk.desk import answers, customers
from helpdesk.desk.desk import Desk
from helpdesk.domain.words import Channel, Kind
from helpdesk.screens.customer import CustomerScreen
from helpdesk.screens.ticket import TicketScreen
from tests.desk.test_rights import name_roles
from tests.screens.people import gulnara, matter, on_screen, torn_tent


async def test_the_profile_says_how_to_greet_and_what_matters(desk: Desk) -> None:
    torn_tent(desk)
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
    torn_tent(desk)
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
    torn_tent(desk)
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
    torn_tent(desk)
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


async def test_what_a_customer_is_to_us_is_tagged_in_the_profile_and_seen_on_the_ticket(
    desk: Desk,
) -> None:
    customer = gulnara(desk)
    customers.update(desk, customer.id, {"tags": ["guide"]})
    matter(desk)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("e", *["tab"] * 17)
        await screen.type(" #VIP, guide")
        await screen.press("ctrl+s")
        assert desk.store.customer(1).tags == ("guide", "vip")
        screen.app.push_screen(TicketScreen(1))
        await screen.settle()
        assert "#guide · #vip" in screen.line(4)


async def test_tags_that_an_import_brought_stay_as_they_are(desk: Desk) -> None:
    tags = ("b2b;retail", "c#", *(f"from-the-table-{number}" for number in range(60)))
    customers.create(desk, {"name": "Bek", "tags": tags})
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("e")
        await screen.type("tur")
        await screen.press(*["tab"] * 17)
        await screen.type(" vip;guide")
        await screen.press("ctrl+s")
    assert desk.store.customer(1).name == "Bektur"
    assert desk.store.customer(1).tags == (*tags, "vip", "guide")


async def test_what_was_heard_in_a_call_goes_into_the_profile(desk: Desk) -> None:
    gulnara(desk)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("e", *["tab"] * 10)
        await screen.type("Telegram @gul")
        await screen.press("tab")
        await screen.type("Toktogul 10, Bishkek")
        await screen.press("tab", "p", "tab")
        await screen.type("mornings")
        await screen.press("tab", "tab")
        await screen.type("; Asel, colleague; Meerim, mother, 06.05.1960")
        await screen.press("tab")
        await screen.type("me")
        await screen.press("ctrl+s")
        customer = desk.store.customer(1)
        assert [(h.network, h.handle) for h in customer.handles] == [("Telegram", "@gul")]
        assert [address.text for address in customer.addresses] == ["Toktogul 10, Bishkek"]
        assert customer.preferences.channel is Channel.PHONE
        assert customer.preferences.times == "mornings"
        assert [(who.name, who.relation, str(who.birthday)) for who in customer.people] == [
            ("Bektur", "son", "2015-04-12"),
            ("Asel", "colleague", "None"),
            ("Meerim", "mother", "1960-05-06"),
        ]
        assert customer.looked_after_by == "aibek"
        await screen.press("G")
        assert screen.shows("Meerim, mother, birthday 06.05.")


async def test_what_the_profile_has_beyond_its_form_stays_when_it_is_saved(desk: Desk) -> None:
    gulnara(desk)
    consent = {"given": True, "on": "2026-03-02", "source": "on the phone"}
    before = customers.update(
        desk,
        1,
        {
            "handles": [{"network": "My Space", "handle": "gul; nara", "label": "private"}],
            "addresses": [{"text": "Toktogul 10\nBishkek", "label": "home"}],
            "people": [{"name": "Asanov, Junior", "relation": "1st cousin"}],
            "preferences": {"newsletter": consent},
        },
    )
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("e", "tab", "ctrl+u")
        await screen.type("Dr")
        await screen.press("ctrl+s")
        saved = desk.store.customer(1)
        assert saved.salutation == "Dr"
        for part in ("handles", "addresses", "people", "preferences"):
            assert getattr(saved, part) == getattr(before, part)


async def test_however_much_is_known_nothing_of_it_is_cut_when_the_profile_is_saved(
    desk: Desk,
) -> None:
    gulnara(desk)
    wishes = [f"wish number {number} of very many" for number in range(60)]
    customers.update(desk, 1, {"wishes": wishes})
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("e", *["tab"] * 14)
        await screen.type("; one more")
        await screen.press("ctrl+s")
        assert desk.store.customer(1).wishes == (*wishes, "one more")


async def test_a_semicolon_within_a_value_parts_nothing_when_another_value_is_added(
    desk: Desk,
) -> None:
    gulnara(desk)
    before = customers.update(
        desk,
        1,
        {
            "wishes": ["no calls; mail is fine"],
            "addresses": [
                {"text": "Toktogul 10; back door", "label": "home"},
                {"text": "Toktogul 10; back door", "label": "invoices"},
            ],
        },
    )
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("e", *["tab"] * 11)
        await screen.type("; Chuy 1")
        await screen.press(*["tab"] * 3)
        await screen.type("; a tea")
        await screen.press("ctrl+s")
        saved = desk.store.customer(1)
        assert saved.wishes == ("no calls; mail is fine", "a tea")
        assert saved.addresses[:2] == before.addresses
        assert saved.addresses[2].text == "Chuy 1"


async def test_a_profile_can_be_saved_though_who_looked_after_it_has_left(desk: Desk) -> None:
    gulnara(desk)
    customers.update(desk, 1, {"looked_after_by": "gone"})
    settings = desk.path / "desk.toml"
    listed = '\n[agents]\naibek = "Aibek"\n'
    settings.write_text(settings.read_text("utf-8") + listed, encoding="utf-8")
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("e", "tab", "ctrl+u")
        await screen.type("Dr")
        await screen.press("ctrl+s")
        saved = desk.store.customer(1)
        assert (saved.salutation, saved.looked_after_by) == ("Dr", "gone")


async def test_how_to_save_stays_in_sight_while_two_agents_change_one_field(desk: Desk) -> None:
    gulnara(desk)
    async with on_screen(desk, CustomerScreen(1), (80, 24)) as screen:
        await screen.press("e", "tab", "ctrl+u")
        await screen.type("Dr")
        customers.update(desk, 1, {"salutation": "Prof", "looked_after_by": "aibek"})
        await screen.press("ctrl+s")
        await screen.until_shows("Salutation now: Prof")
        assert screen.shows("^s save  esc back")
        await screen.press("ctrl+s")
        saved = desk.store.customer(1)
        assert (saved.salutation, saved.looked_after_by) == ("Dr", "aibek")


async def test_a_birthday_or_an_agent_that_is_none_is_refused_at_its_field(desk: Desk) -> None:
    gulnara(desk)
    async with on_screen(desk, CustomerScreen(1), (80, 30)) as screen:
        await screen.press("e", *["tab"] * 15)
        await screen.type("; Asel, colleague, 31.2.1990")
        assert screen.shows("✗ no birthday: 31.2.1990; write it like 2015-04-12")
        await screen.press("ctrl+s")
        assert desk.store.customer(1).rev == 1
        await screen.press(*["backspace"] * len("31.2.1990"))
        await screen.type("3.3.2026")  # tomorrow
        words = " ".join(screen.text().replace("│", " ").split())
        assert "✗ the birthday of Asel lies ahead: 2026-03-03" in words
        await screen.press("ctrl+s")
        assert desk.store.customer(1).rev == 1
        await screen.press("ctrl+u", "tab")
        await screen.type("no body")
        assert screen.shows("✗ not a login name")


async def test_a_profile_that_was_changed_is_left_only_by_throwing_the_change_away(
    desk: Desk,
) -> None:
    gulnara(desk)
    async with on_screen(desk, CustomerScreen(1), (80, 30)) as screen:
        await screen.press("e")
        await screen.type(" Khan")
        await screen.press("escape")
        assert screen.shows("What you wrote is not saved yet. Throw it away?")
        await screen.press("escape")
        assert screen.shows("Gulnara Asanova Khan")
        await screen.press("escape", "y")
        assert not screen.shows("Khan")
    assert desk.store.customer(1).rev == 1


async def test_how_satisfied_the_customer_said_to_be_is_noted(desk: Desk) -> None:
    gulnara(desk)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("s", "ctrl+s")
        assert screen.shows("say how satisfied, from 1 to 5")
        await screen.press("4", "tab")
        await screen.type("Quick this time.")
        await screen.press("ctrl+s", "shift+tab")
        assert "[ratings 2]" in screen.line(2)
        assert screen.shows("satisfied 50 of 100")
        assert screen.shows("Quick this time.")


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
