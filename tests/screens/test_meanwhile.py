"""Two agents fill in a form on the same thing at once: neither loses what he wrote."""

from datetime import timedelta
from itertools import count
from threading import Event
from typing import Any

import pytest

from helpdesk import clock
from helpdesk.desk import answers, customers, joining, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.customer import Customer
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Outcome, State
from helpdesk.screens.changing import ChangeForm
from helpdesk.screens.customer import CustomerScreen
from helpdesk.screens.prompt import Line
from helpdesk.screens.ticket import TicketScreen
from tests.conftest import MONDAY
from tests.screens.people import gulnara, matter, on_screen, torn_tent

SIZES = [(40, 12), (80, 24), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
async def test_who_understood_something_else_sees_what_stands_there_before_his_own_is_saved(
    desk: Desk, size: tuple[int, int]
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1), size) as screen:
        await screen.press("U")
        await screen.type("The seam tore.")
        upkeep.set_understanding(desk, 1, "The pole broke.")
        await screen.press("ctrl+s")
        assert screen.shows("✗ not saved yet:")
        assert screen.shows("The seam tore.")
        assert screen.shows("Understood now: The pole broke.")
        assert screen.shows("understanding: noted, by aibek")
        assert desk.store.ticket(1).understanding.text == "The pole broke."  # type: ignore[union-attr]
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).understanding.text == "The seam tore."  # type: ignore[union-attr]


async def test_what_others_wrote_in_another_field_is_kept(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("e")
        await screen.type("A blunt needle.")
        upkeep.set_cause(desk, 1, resolution="A new tent.")
        await screen.press("ctrl+s")
        ticket = desk.store.ticket(1)
        assert (ticket.root_cause, ticket.resolution) == ("A blunt needle.", "A new tent.")


async def test_of_two_who_changed_a_profile_each_field_is_as_it_was_last_written(
    desk: Desk,
) -> None:
    gulnara(desk)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("e")
        await screen.press("ctrl+u")
        await screen.type("Gulnara Asanova-Bekova")
        customers.update(desk, 1, {"name": "G. Asanova", "preferred": "Gulya"})
        customers.note(desk, 1, "Moved to Osh.")
        await screen.press("ctrl+s")
        assert screen.shows("✗ not saved yet:")
        assert screen.shows("Name now: G. Asanova")
        assert screen.shows("Gulya"), "what others changed elsewhere is taken over"
        assert desk.store.customer(1).name == "G. Asanova"
        await screen.press("ctrl+s")
        saved = desk.store.customer(1)
        assert (saved.name, saved.preferred) == ("Gulnara Asanova-Bekova", "Gulya")
        assert [note.text for note in saved.notes] == ["Leads hikes at Ala-Archa.", "Moved to Osh."]


async def test_a_note_of_a_colleague_does_not_stop_who_changes_a_name(desk: Desk) -> None:
    gulnara(desk)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("e")
        await screen.press("end")
        await screen.type("!")
        customers.note(desk, 1, "Moved to Osh.")
        await screen.press("ctrl+s")
        saved = desk.store.customer(1)
        assert saved.name == "Gulnara Asanova!"
        assert saved.notes[-1].text == "Moved to Osh."


async def test_no_answer_is_said_to_be_needed_only_by_who_saw_the_last_answer(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("w")
        await screen.type("settled on the phone")
        answers.reply(desk, 1, "We send a new tent.")
        await screen.press("ctrl+s")
        assert screen.shows("✗ not saved yet: it was changed meanwhile")
        assert screen.shows("We send a new tent.")
        assert screen.shows("No promise stands now.")
        assert screen.shows("settled on the phone"), "what was typed stays"


async def test_why_no_answer_is_needed_is_held_and_at_hand_when_taken_back(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("w")
        await screen.type("settled on the phone\n")
        await screen.until_shows("no answer to #1 in 5 s · u takes it back")
        assert desk.store.ticket(1).promise is not None
        await screen.press("u")
        assert screen.shows("taken back: no answer to #1")
        await screen.press("w")
        assert screen.shows("settled on the phone")


async def test_after_an_answer_that_is_held_none_is_said_to_be_needless(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("On its way.")
        await screen.press("ctrl+s")
        await screen.until_shows("reply to #1 goes out in 5 s")
        await screen.press("w")
        await screen.until_shows("no promise stands: the customer waits for no answer")
        assert desk.store.ticket(1).promises[0].outcome is Outcome.KEPT


async def test_an_answer_that_is_held_goes_out_before_its_ticket_is_merged(desk: Desk) -> None:
    torn_tent(desk)
    matter(desk, "Second")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("On its way.")
        await screen.press("ctrl+s")
        await screen.until_shows("reply to #1 goes out in 5 s")
        await screen.press("m", "2", "ctrl+s")
        assert "ticket 2" in screen.line(0)
        assert any("On its way." in message.text for message in desk.store.ticket(2).messages)
        assert not screen.app.held.held


async def test_a_common_reason_is_changed_for_another_by_its_key(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("w", "1")
        await screen.until_shows("no answer to #1 in 5 s")
        await screen.press("u", "w")
        assert screen.shows("a thank-you")
        await screen.press("3")
        with clock.hold(MONDAY + timedelta(seconds=6)):
            await screen.until(lambda: desk.store.ticket(1).promise is None)
        assert desk.store.ticket(1).promises[0].reason == "spam"


async def test_a_customer_is_not_said_to_confirm_words_that_he_was_not_told(desk: Desk) -> None:
    torn_tent(desk)
    upkeep.set_understanding(desk, 1, "The seam tore.")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("U", "tab", "right")
        assert screen.shows("The seam tore.")
        upkeep.set_understanding(desk, 1, "The pole broke.")
        await screen.press("ctrl+s")
        assert screen.shows("✗ not saved yet:") and screen.shows("The pole broke.")
        noted = desk.store.ticket(1).understanding
        assert noted is not None and noted.confirmed is None


async def test_who_presses_twice_overwrites_nothing_that_he_was_not_shown(desk: Desk) -> None:
    seen = torn_tent(desk)
    now = upkeep.set_cause(desk, seen.id, root_cause="Moths.")
    looks, saved = count(1), list[object]()
    sent_again, is_shown = Event(), Event()

    def look() -> Ticket:
        """The second look is for the news, the third for what is sent before they are shown."""
        number = next(looks)
        if number == 2:
            sent_again.wait(10)
        elif number == 3:
            sent_again.set()
            is_shown.wait(10)
        return now

    form: Any = ChangeForm(
        "cause",
        seen,
        look=look,
        fields=lambda ticket: [Line("root_cause", "Root cause", ticket.root_cause)],
        do=lambda _, values: saved.append(values),
        decides="decide",
    )
    async with on_screen(desk, form) as screen:
        await screen.pilot.press("ctrl+s")
        await screen.until(lambda: not form.is_sending)
        await screen.pilot.press("ctrl+s")
        await screen.until(lambda: screen.shows("Moths."))
        is_shown.set()
        await screen.settle()
        assert saved == []


async def test_a_profile_that_goes_on_in_another_is_not_written_over_unseen(desk: Desk) -> None:
    gulnara(desk)
    other = customers.create(desk, {"name": "G. Asanova", "preferred": "Gulya"})
    gone = customers.update(desk, 1, {"wishes": ["no calls"]})
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("e", "ctrl+u")
        await screen.type("Gulnara A.")
        joining.merge(desk, gone.id, other.id)
        assert desk.store.customer(1).rev == gone.rev
        await screen.press("ctrl+s")
        assert screen.shows("Name now: G. Asanova")
        assert screen.shows("This profile was merged into that of customer 2.")
        assert desk.store.customer(2).name == "G. Asanova"


async def test_a_profile_that_is_changed_just_as_it_is_merged_is_looked_at_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gulnara(desk)
    other = customers.create(desk, {"name": "G. Asanova"})
    merge = joining.merge

    def beaten(desk: Desk, away: int, into: int, seen: int | None = None) -> Customer:
        if desk.store.customer(away).rev == seen == 1:
            customers.note(desk, away, "Not the same person.")
        return merge(desk, away, into, seen)

    monkeypatch.setattr(joining, "merge", beaten)
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("m")
        await screen.type(f"#{other.id}")
        await screen.press("ctrl+s")
        assert screen.shows("not saved yet: it was changed meanwhile")
        assert desk.store.customer(1).id == 1
        await screen.press("ctrl+s")
        assert desk.store.customer(1).id == other.id


async def test_what_stands_in_a_choice_now_is_told_in_its_words(desk: Desk) -> None:
    torn_tent(desk)
    upkeep.set_understanding(desk, 1, "The seam tore.", True)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("U", "tab", "right")
        upkeep.set_understanding(desk, 1, "The pole broke.", None)
        await screen.press("ctrl+s")
        assert screen.shows("Customer says now: not asked yet")


async def test_a_note_of_mine_that_is_put_down_meanwhile_stops_no_decision(desk: Desk) -> None:
    torn_tent(desk)
    answers.close(desk, 1, text="It is settled.")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("R")
        await screen.type("still torn")
        upkeep.note(desk, 1, "Ask the workshop.")
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).state is State.ON_US


async def test_why_two_cannot_be_merged_is_said_once(desk: Desk) -> None:
    torn_tent(desk)
    matter(desk, "Second")
    async with on_screen(desk, CustomerScreen(1)) as screen:
        await screen.press("m", "1", "ctrl+s")
        assert screen.text().count("✗") == 1 and screen.shows("✗ that is this customer")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("m", "1", "ctrl+s")
        assert screen.text().count("✗") == 1 and screen.shows("✗ that is this ticket")


async def test_each_form_says_what_sending_it_does(desk: Desk) -> None:
    torn_tent(desk)
    matter(desk, "Another")
    async with on_screen(desk, TicketScreen(1)) as screen:
        for key, does in (("U", "^s save"), ("m", "^s merge"), ("w", "^s decide")):
            await screen.press(key)
            assert does in screen.text()
            await screen.press("escape")
