"""An agent does on a ticket what is to be done about it."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, customers, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.words import Channel, Direction, Kind, Outcome, Priority, State
from helpdesk.screens.ticket import TicketScreen
from tests.conftest import MONDAY
from tests.screens.people import gulnara, matter, on_screen, torn_tent


async def test_root_cause_and_resolution_are_noted_and_shown(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("e")
        await screen.type("A blunt needle.")
        await screen.press("tab")
        await screen.type("New needles.")
        await screen.press("ctrl+s")
        assert screen.shows("root cause: A blunt needle. · resolution: New needles.")
        await screen.press("tab", "G")
        assert screen.shows("Root cause")


async def test_the_agent_takes_the_ticket_and_is_told_when_it_is_his_already(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("a")
        assert desk.store.ticket(1).assignee == "aibek"
        assert screen.shows("with aibek")
        await screen.press("a")
        assert screen.shows("ticket 1 is yours already; A assigns it to somebody else")


async def test_taking_over_says_from_whom_and_leaving_is_one_key_too(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, assignee="asel")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("L")
        assert screen.shows("ticket 1 is not yours; A assigns it")
        assert desk.store.ticket(1).assignee == "asel"
        await screen.press("a")
        assert screen.shows("ticket 1 is yours, taken over from asel")
        await screen.press("L")
        assert screen.shows("ticket 1 is nobody's now")
        assert desk.store.ticket(1).assignee is None
        await screen.press("u")
        assert desk.store.ticket(1).assignee == "aibek"


async def test_a_ticket_that_a_colleague_has_just_taken_over_is_not_left_in_his_place(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gulnara(desk)
    matter(desk, assignee="aibek")
    async with on_screen(desk, TicketScreen(1)) as screen:
        monkeypatch.setattr(screen.on_top, "refresh_rows", lambda: None)  # not told of it yet
        upkeep.assign(desk, 1, "asel")
        await screen.press("L")
        assert screen.shows("ticket 1 is not yours; A assigns it")
        assert desk.store.ticket(1).assignee == "asel"


async def test_a_ticket_is_assigned_to_somebody_and_to_nobody(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, assignee="aibek")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("A")
        assert screen.shows("to aibek")
        await screen.press("ctrl+u")
        await screen.type("asel\n")
        assert desk.store.ticket(1).assignee == "asel"
        await screen.press("A", "ctrl+u")
        await screen.type("a b")
        assert screen.shows("✗ not a login name")
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).assignee == "asel"
        await screen.press("ctrl+u")
        await screen.type("none\n")
        assert desk.store.ticket(1).assignee is None


async def test_no_answer_needed_takes_a_reason_and_withdraws_the_promise(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("w")
        assert screen.shows("is withdrawn: neither")
        await screen.press("enter")
        assert screen.shows("✗ say why no answer is needed")
        await screen.type("She said thank you\n")
        with clock.hold(MONDAY + timedelta(seconds=6)):
            await screen.until_shows("◇ no promise stands: we wait for the customer")
        assert desk.store.ticket(1).promises[0].outcome is Outcome.WITHDRAWN
        await screen.press("w")
        assert screen.shows("no promise stands: the customer waits for no answer")


async def test_what_the_customer_says_again_is_taken_in_by_its_channel(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("i")
        assert screen.shows("The promise for Mon 2 Mar 2026 15:00 stays as it is")
        await screen.type("She called: when?")
        await screen.press("tab")
        await screen.type("p")
        await screen.press("ctrl+s")
        last = desk.store.ticket(1).messages[-1]
        assert (last.direction, last.channel) == (Direction.IN, Channel.PHONE)
        assert screen.shows("She called: when?")


async def test_what_is_typed_at_once_is_what_the_customer_said_and_changes_no_channel(
    desk: Desk,
) -> None:
    gulnara(desk)
    matter(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("i")
        await screen.type("please hurry")
        await screen.press("ctrl+s")
    last = desk.store.ticket(1).messages[-1]
    assert (last.text, last.channel) == ("please hurry", Channel.EMAIL)


async def test_a_closed_ticket_says_why_not_and_is_taken_up_again_with_a_reason(
    desk: Desk,
) -> None:
    torn_tent(desk)
    answers.reply(desk, 1, "Done.", close=True)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        assert screen.shows("ticket 1 is closed: no promise can be told; R on it takes it up again")
        await screen.press("c")
        assert screen.shows("ticket 1 is closed already; R on it takes it up again")
        await screen.press("R")
        assert screen.shows("answer by Mon 2 Mar 2026 15:00")
        await screen.type("It tore again\n")
        ticket = desk.store.ticket(1)
        assert ticket.state is State.ON_US and ticket.promise is not None
        await screen.press("R")
        assert screen.shows("ticket 1 is not closed: there is nothing to take up again")


async def test_tags_are_added_and_taken_away_in_one_line(desk: Desk) -> None:
    torn_tent(desk)
    upkeep.set_tags(desk, 1, ["tent", "seam"])
    async with on_screen(desk, TicketScreen(1)) as screen:
        assert "#tent · #seam" in screen.line(3)
        await screen.press("T", "ctrl+u")
        await screen.type("tent refund\n")
        assert desk.store.ticket(1).tags == ("tent", "refund")


async def test_the_only_other_ticket_to_merge_into_stands_there_already(desk: Desk) -> None:
    gulnara(desk)
    matter(desk)
    matter(desk, "Poles", kind=Kind.REQUEST)
    async with on_screen(desk, TicketScreen(2)) as screen:
        await screen.press("m")
        assert screen.shows("#1 waiting on us · The tent came torn")
        await screen.press("ctrl+s")
        assert "ticket 1" in screen.line(0) and desk.store.ticket(2).merged_into == 1


async def test_of_several_tickets_to_merge_into_the_arrows_choose(desk: Desk) -> None:
    gulnara(desk)
    for subject in ("The tent came torn", "Poles", "The bill"):
        matter(desk, subject)
    async with on_screen(desk, TicketScreen(2)) as screen:
        await screen.press("m")
        assert screen.shows("#1 waiting on us · The tent came torn")
        assert screen.shows("#3 waiting on us · The bill")
        await screen.press("down", "down")
        assert screen.find("Ticket  3")
        await screen.press("up", "ctrl+s")
        assert desk.store.ticket(2).merged_into == 1


async def test_whose_ticket_it_is_gives_way_to_what_is_typed_or_chosen(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, assignee="aibek")
    settings = desk.path / "desk.toml"
    agents = '\n[agents]\nsvetlana = "Svetlana"\nsalima = "Salima"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + agents, encoding="utf-8")
    desk.reread()
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("A")
        await screen.type("sv\n")
        assert desk.store.ticket(1).assignee == "svetlana"
        await screen.press("A", "up", "enter")
        assert desk.store.ticket(1).assignee == "salima"
        await screen.press("A", "down", "down", "enter")
        assert desk.store.ticket(1).assignee is None


async def test_merging_shows_the_other_ticket_and_goes_there(desk: Desk) -> None:
    gulnara(desk)
    customers.create(desk, {"name": "Somebody Else"})
    matter(desk)
    matter(desk, "Poles", kind=Kind.REQUEST)
    matter(desk, "Of another", customer=2)
    async with on_screen(desk, TicketScreen(2)) as screen:
        await screen.press("m")
        await screen.type("3")
        assert screen.shows("✗ #3 is of another customer")
        await screen.press("backspace")
        await screen.type("1")
        assert screen.shows("waiting on us · The tent came torn")
        await screen.press("enter")
        assert desk.store.ticket(2).state is State.CLOSED
        assert "ticket 1" in screen.line(0)
        screen.app.push_screen(TicketScreen(2))
        await screen.settle()
        await screen.press("r")
        assert screen.shows("ticket 2 was merged: work on ticket 1")


async def test_one_key_says_what_a_matter_is_and_the_promise_stays(desk: Desk) -> None:
    torn_tent(desk)
    before = desk.store.ticket(1)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("y")
        after = desk.store.ticket(1)
        kinds = list(Kind)
        assert after.kind is kinds[(kinds.index(before.kind) + 1) % len(kinds)]
        assert screen.shows(f"now taken for: {after.kind}")
        await screen.press("y", "y")
    assert desk.store.ticket(1).kind is before.kind
    assert desk.store.ticket(1).promises == before.promises


async def test_a_matter_gets_another_name_and_priority_and_the_promise_stays(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        before = desk.store.ticket(1).promises
        await screen.press("E")
        assert screen.shows("#1: subject and priority")
        await screen.press("ctrl+u")
        await screen.type("Torn seam")
        await screen.press("tab", "h", "ctrl+s")
        assert "#1 Torn seam" in screen.line(1)
        assert screen.shows("▲ high priority")
        assert screen.shows("changed; what was promised stays")
        ticket = desk.store.ticket(1)
        assert ticket.promises == before
        assert [entry.what for entry in ticket.history[-2:]] == ["subject", "priority"]
        await screen.press("u")
        assert "#1 The tent came torn" in screen.line(1)
        assert desk.store.ticket(1).priority is Priority.NORMAL


async def test_a_matter_without_a_name_is_refused_and_none_is_noted_where_nothing_changed(
    desk: Desk,
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        noted = desk.store.ticket(1).history
        await screen.press("E", "ctrl+u", "ctrl+s")
        assert screen.shows("a ticket takes a subject")
        await screen.type("The tent came torn")
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).history == noted


async def test_what_another_agent_renamed_is_not_taken_back_as_if_it_were_mine(
    desk: Desk,
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("E")
        upkeep.set_subject(desk, 1, "Torn seam")
        await screen.press("ctrl+s")
        await screen.until_shows("#1 Torn seam")
        assert not screen.shows("changed; what was promised stays")
        await screen.press("u")
        assert desk.store.ticket(1).subject == "Torn seam"


async def test_a_call_is_taken_while_another_ticket_is_open(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("N")
        assert screen.shows("new ticket")
        await screen.type("1")
        await screen.press("enter", "tab", "tab", "tab")
        await screen.type("A call")
        await screen.press("tab")
        await screen.type("About a rope.")
        await screen.press("ctrl+s")
        assert screen.shows("#2 A call")
        await screen.press("escape")
        assert "#1 The tent came torn" in screen.line(1)


async def test_a_tag_typed_behind_the_others_is_a_tag_of_its_own(desk: Desk) -> None:
    torn_tent(desk)
    upkeep.set_tags(desk, 1, ["veteran"])
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("T")
        await screen.type("slow\n")
        assert desk.store.ticket(1).tags == ("veteran", "slow")


async def test_an_agent_is_named_by_the_beginning_of_his_login(desk: Desk) -> None:
    torn_tent(desk)
    settings = desk.path / "desk.toml"
    agents = '\n[agents]\nsvetlana = "Svetlana"\nsalima = "Salima"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + agents, encoding="utf-8")
    desk.reread()
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("A")
        await screen.type("s")
        assert screen.shows("✗ no agent s here")
        await screen.press("ctrl+s")
        assert screen.text().count("no agent s here") == 1, "it is said once"
        await screen.type("v")
        assert screen.shows("to Svetlana")
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).assignee == "svetlana"
        await screen.press("A", "ctrl+u", "x", "escape")
        assert "ticket 1" in screen.line(0), "one line is no loss to ask about"
