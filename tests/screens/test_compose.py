"""An agent writes a reply or a note; nothing written is lost, nothing half is sent."""

from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from textual.events import Paste

from helpdesk import clock
from helpdesk.desk import answers, customers, drafts, matters, serving, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.draft import DraftKind
from helpdesk.domain.errors import TryAgain
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Direction, Outcome, State
from helpdesk.screens.compose import ComposeScreen, Matter
from helpdesk.screens.ticket import TicketScreen
from helpdesk.terminal import typeahead
from helpdesk.widgets.fields import TextField
from helpdesk.widgets.line_field import LineField
from tests.conftest import MONDAY
from tests.screens.driver import ScreenDriver
from tests.screens.people import gulnara, matter, on_screen, sends_at_once, torn_tent

LATE = MONDAY + timedelta(hours=7)


@pytest.fixture(autouse=True)
def nothing_is_held(desk: Desk) -> None:
    """What is held is told of in test_held.py."""
    sends_at_once(desk)


def written(screen: ScreenDriver) -> str:
    """What stands in the text."""
    return screen.app.screen.query_one(TextField).text


async def test_a_reply_begins_with_the_greeting_and_the_cursor_where_words_go(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("A new tent is on its way.")
        assert written(screen) == (
            "Dear Ms Asanova,\n\nA new tent is on its way.\n\n"
            "Kind regards\naibek\nAk-Sai Outfitters"
        )


async def test_who_gets_it_what_was_said_and_the_promise_it_keeps_are_in_sight(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        assert screen.line(1).strip() == (
            "! no mail goes to gulnara@example.org · The tent came torn · Gulnara Asanova"
        )
        assert "✓ keeps the promise for Mon 2 Mar 15:00, in 5 h" in screen.line(2)
        assert screen.shows("The seam is torn.")
        assert screen.shows("after it: waits on the customer")


async def test_the_text_has_ten_rows_or_more_at_80x24(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        assert screen.region("TextField").height >= 10


async def test_sending_keeps_the_promise_and_goes_back_to_the_ticket(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("A new tent is on its way.")
        await screen.press("ctrl+s")
        ticket = desk.store.ticket(1)
        assert ticket.promises[0].outcome is Outcome.KEPT
        assert "A new tent is on its way." in ticket.messages[-1].text
        assert screen.shows("◇ no promise stands: we wait for the customer (the last was kept)")


async def test_a_file_goes_with_the_reply(desk: Desk, tmp_path: Path) -> None:
    torn_tent(desk)
    (tmp_path / "invoice.pdf").write_bytes(b"%PDF")
    (tmp_path / "wrong.pdf").write_bytes(b"%PDF")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("Here is the invoice.")
        await screen.press("ctrl+o")
        for name in ("none.pdf", "invoice.pdf", "wrong.pdf", "wrong.pdf"):
            field = screen.app.screen.query_one("#file", LineField)
            field.value = str(tmp_path / name)
            if name == "invoice.pdf":
                assert screen.shows("there is no such file to attach")
                await screen.press("ctrl+s")
                assert screen.shows("a file is typed and not added yet")
            await screen.press("enter")
        assert screen.shows("with it: invoice.pdf (4 bytes)")
        await screen.press("enter")
        await screen.press("ctrl+s")
        attached = desk.store.ticket(1).messages[-1].attachments
        assert [(file.name, file.type, file.bytes) for file in attached] == [
            ("invoice.pdf", "application/pdf", 4)
        ]
        await screen.press("G")
        assert screen.shows("+ 4 bytes, application/pdf: invoice.pdf"), screen.text()


async def test_a_file_that_is_gone_when_it_is_sent_loses_no_word(
    desk: Desk, tmp_path: Path
) -> None:
    torn_tent(desk)
    file = tmp_path / "invoice.pdf"
    file.write_bytes(b"%PDF")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("Here is the invoice.")
        await screen.press("ctrl+o")
        screen.app.screen.query_one("#file", LineField).value = str(file)
        await screen.press("enter", "enter")
        file.unlink()
        await screen.press("ctrl+s")
        assert not any(message.is_answer for message in desk.store.ticket(1).messages)
        assert screen.shows("there is no such file to attach")

        def is_kept() -> bool:
            draft = drafts.of_ticket(desk, 1, DraftKind.REPLY)
            return draft is not None and "Here is the invoice." in draft.text

        await screen.until(is_kept, "the draft holds every word")


@pytest.mark.parametrize("told", ["phone", "service"])
async def test_where_no_file_can_go_the_key_says_why(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    gulnara(desk)
    matter(desk, channel=Channel.PHONE if told == "phone" else Channel.EMAIL)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        if told == "service":
            monkeypatch.setattr(serving, "service", lambda: serving.Service("aibek", desk.path))
        await screen.press("ctrl+o")
        why = {"phone": "this customer is answered by phone", "service": "no file of yours is read"}
        assert screen.shows(why[told])
        assert not screen.app.screen.query_one("#file").has_focus


async def test_pressing_send_twice_sends_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    torn_tent(desk)
    slow_disk, note = Event(), upkeep.note

    def note_slowly(desk: Desk, number: int, text: str) -> Ticket:
        slow_disk.wait()
        return note(desk, number, text)

    monkeypatch.setattr(upkeep, "note", note_slowly)
    async with on_screen(desk, ComposeScreen(1, note=True)) as screen:
        await screen.type("Ask the workshop.")
        await screen.pilot.press("ctrl+s", "ctrl+s")
        slow_disk.set()
        await screen.settle()
        notes = [m for m in desk.store.ticket(1).messages if m.direction is Direction.NOTE]
        assert len(notes) == 1


async def test_a_complaint_about_something_else_lets_nothing_be_sent_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn_tent(desk)
    slow_disk, begun, note = Event(), Event(), upkeep.note

    def note_slowly(desk: Desk, number: int, text: str) -> Ticket:
        begun.set()
        assert slow_disk.wait(timeout=20)
        return note(desk, number, text)

    monkeypatch.setattr(upkeep, "note", note_slowly)
    monkeypatch.setattr(typeahead, "PATIENCE_SECONDS", 0.1)
    compose = ComposeScreen(1, note=True)
    async with on_screen(desk, compose) as screen:
        await screen.type("Ask the workshop.")
        await screen.pilot.press("ctrl+s")
        await screen.until(begun.is_set)
        compose.complain("the reply to #2 was not sent, and is a draft again")
        await screen.pilot.press("ctrl+s")
        await screen.until(lambda: not screen.app.keys_at_work)
        slow_disk.set()
        await screen.settle()
        notes = [m for m in desk.store.ticket(1).messages if m.direction is Direction.NOTE]
        assert len(notes) == 1


async def test_a_reply_with_nothing_but_the_draft_is_refused(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        await screen.press("space", "enter", "ctrl+s")
        assert screen.shows("✗ nothing is written yet besides the greeting: answer first")
        assert not any(message.is_answer for message in desk.store.ticket(1).messages)


async def test_a_late_reply_says_so_and_has_the_apology_in_its_draft(desk: Desk) -> None:
    torn_tent(desk)
    with clock.hold(LATE):
        async with on_screen(desk, TicketScreen(1)) as screen:
            await screen.press("r")
            assert screen.shows(
                "! 2 h late · promised for Mon 2 Mar 15:00 · the message owns the delay"
            )
            assert "did not keep that promise" in written(screen)
            await screen.type("On its way.")
            await screen.press("ctrl+s")
            ticket = desk.store.ticket(1)
            assert ticket.promises[0].outcome is Outcome.BROKEN
            assert ticket.messages[-1].owns_delay
            assert ticket.messages[-1].text.count("did not keep that promise") == 1


async def test_a_reply_whose_apology_was_taken_out_is_sent_only_when_sure(desk: Desk) -> None:
    torn_tent(desk)
    with clock.hold(LATE):
        async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
            screen.app.screen.query_one(TextField).text = "Sorry, our fault. It is on its way."
            await screen.press("ctrl+s")
            assert screen.shows("✗ the apology is gone from the text")
            assert not desk.store.ticket(1).messages[-1].is_answer
            await screen.press("ctrl+s")
            assert desk.store.ticket(1).messages[-1].text == "Sorry, our fault. It is on its way."


async def test_a_promise_that_passes_while_the_agent_writes_gets_its_apology(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        await screen.type("On its way.")
        with clock.hold(LATE):
            await screen.until_shows("! 2 h late · promised for Mon 2 Mar 15:00")
            await screen.press("ctrl+s")
            assert screen.shows("the apology is in the text now")
            assert written(screen).index("Dear Ms") < written(screen).index("did not keep")
            await screen.press("ctrl+s")
            assert desk.store.ticket(1).messages[-1].owns_delay


async def test_what_a_tick_took_in_while_it_was_being_sent_stops_it_all_the_same(
    desk: Desk,
) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("On its way.")
        matters.take_in(desk, 1, "I have bought another one.")
        top = screen.app.screen
        assert isinstance(top, ComposeScreen)
        top._looked(desk.store.ticket(1))
        top.not_sent(TryAgain("ticket 1 was changed meanwhile; look at it again"))
        await screen.settle()
        assert screen.shows("✗ not sent yet: the ticket changed meanwhile")
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).messages[-1].text.endswith("Ak-Sai Outfitters")


async def test_what_came_in_meanwhile_is_shown_before_it_is_sent(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("On its way.")
        matters.take_in(desk, 1, "I have bought another one.")
        upkeep.assign(desk, 1, "asel")
        await screen.press("ctrl+s")
        assert screen.shows("✗ not sent yet: the ticket changed meanwhile")
        assert screen.shows("I have bought another one.")
        assert screen.shows("· assigned: asel, by aibek")
        assert "On its way." in written(screen)
        assert not desk.store.ticket(1).messages[-1].is_answer
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).messages[-1].is_answer


async def test_a_reply_can_close_the_matter(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("It is solved.")
        await screen.press("ctrl+l")
        assert screen.shows("after it: the matter is closed")
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).state is State.CLOSED


async def test_a_reply_can_promise_the_next_answer_and_tells_it(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("We look into it.")
        await screen.press("ctrl+n", "ctrl+s")
        assert screen.shows("✗ say by when the customer hears from us next")
        await screen.type("fri 14:00")
        assert screen.shows("→ Fri 6 Mar 14:00 · open then")
        await screen.type("\nthe workshop answers tomorrow\n")
        told = "We are still working on your matter: the workshop answers tomorrow"
        assert written(screen).index(told) < written(screen).index("Kind regards")
        await screen.press("ctrl+s")
        ticket = desk.store.ticket(1)
        assert ticket.state is State.ON_US
        assert ticket.promises[0].outcome is Outcome.KEPT
        assert desk.local(ticket.promises[1].due).isoformat() == "2026-03-06T14:00:00+06:00"
        assert ticket.messages[-1].text.count(told) == 1


async def test_a_next_date_that_is_not_in_the_text_yet_is_seen_before_it_is_sent(
    desk: Desk,
) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        await screen.type("We look into it.\n" * 12)
        await screen.press("ctrl+home", "ctrl+n")
        await screen.type("fri 14:00")
        await screen.press("ctrl+s")
        assert screen.shows("✗ say what we are still working on")
        await screen.type("\nthe workshop answers")
        await screen.press("ctrl+s")
        assert screen.shows("the next date is in the text now; ^s sends it")
        assert "Friday, March 6" in written(screen)
        assert screen.shows("Friday, March 6"), "what is added is seen before it is sent"
        assert not desk.store.ticket(1).messages[-1].is_answer
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).messages[-1].is_answer


async def test_another_date_takes_the_place_of_the_one_put_in(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        await screen.type("We look into it.")
        await screen.press("ctrl+n")
        await screen.type("fri 14:00\nthe workshop is shut\n")
        screen.app.screen.query_one("#when").focus()
        await screen.press("ctrl+u")
        await screen.type("thu 14:00\n\n")
        assert "Thursday, March 5" in written(screen)
        assert "Friday" not in written(screen)


@pytest.mark.parametrize(("key", "state"), [("ctrl+n", "on_customer"), ("ctrl+l", "closed")])
async def test_a_date_that_is_promised_no_more_is_not_told(
    desk: Desk, key: str, state: str
) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        await screen.type("We look into it.")
        await screen.press("ctrl+n")
        await screen.type("fri 14:00\nthe workshop is shut\n")
        assert "Friday, March 6" in written(screen)
        await screen.press(key)
        assert written(screen) == (
            "Dear Ms Asanova,\n\nWe look into it.\n\nKind regards\naibek\nAk-Sai Outfitters"
        )
        await screen.press("ctrl+s")
        ticket = desk.store.ticket(1)
        assert ticket.state == state and ticket.promise is None
        assert "Friday" not in ticket.messages[-1].text


async def test_a_date_in_the_agents_own_words_is_his_to_take_out(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        await screen.press("ctrl+n")
        await screen.type("fri 14:00\nthe workshop is shut\n")
        text = screen.app.screen.query_one(TextField)
        text.text = text.text.replace("You will have our answer", "You hear from me")
        await screen.press("ctrl+n")
        assert screen.shows("✗ that date is no promise any more: take it out of your text too")
        assert "You hear from me by Friday" in written(screen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_a_long_message_is_read_to_its_end_while_the_answer_is_written(
    desk: Desk, size: tuple[int, int]
) -> None:
    gulnara(desk)
    matter(desk, text="\n".join(f"line {number} of hers" for number in range(60)))
    async with on_screen(desk, ComposeScreen(1, note=False), size) as screen:
        await screen.type("We ")
        for _ in range(20):
            await screen.press("ctrl+down")
        assert screen.shows("line 59 of hers")
        for _ in range(20):
            await screen.press("ctrl+up")
        assert screen.shows("line 0 of hers")
        await screen.type("look.")
        assert screen.shows("We look.")


async def test_where_the_agent_writes_stays_in_sight_when_the_window_changes(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=True)) as screen:
        screen.app.screen.post_message(Paste("\n".join(["wide " * 20] * 60) + "\nhere I am"))
        await screen.until_shows("here I am")
        for size in ((120, 40), (50, 14), (80, 24), (200, 50)):
            await screen.resize(*size)
            assert screen.shows("here I am"), size
        await screen.press("ctrl+home")
        await screen.type("First: ")
        assert screen.shows("First: wide")
        await screen.press("ctrl+end")
        assert screen.shows("here I am")


async def test_while_a_time_is_half_typed_nothing_is_wrong_and_the_letter_stays_in_its_place(
    desk: Desk,
) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        await screen.type("We look into it.")
        await screen.press("ctrl+n")
        heights = set()
        for typed in "fri 14:00":
            await screen.type(typed)
            heights.add(screen.region("TextField").height)
            assert "✗" not in screen.text(), typed
        assert screen.shows("→ Fri 6 Mar 14:00 · open then")
        assert max(heights) - min(heights) <= 1, "a line more, once there is more to say"
        await screen.press("backspace", "ctrl+s")
        assert screen.shows("✗ 'fri 14:0' cannot be read as a time")


async def test_a_time_that_cannot_be_read_is_said_at_once(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        await screen.press("ctrl+n")
        await screen.type("soon")
        assert screen.shows("✗ 'soon' cannot be read as a time")


async def test_a_note_is_for_agents_and_leaves_the_promise(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("n")
        assert screen.shows("for agents only")
        assert screen.shows("a note is no answer: the promise stays as it is")
        assert "^s save" in screen.line(-1) and "close too" not in screen.line(-1)
        await screen.press("ctrl+s")
        assert screen.shows("✗ a note takes a text")
        await screen.type("Ask the workshop.")
        await screen.press("ctrl+s")
        ticket = desk.store.ticket(1)
        assert ticket.messages[-1].direction is Direction.NOTE
        assert ticket.promise is not None


async def test_what_is_typed_before_the_ticket_is_read_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn_tent(desk)
    slow_disk, read = Event(), ComposeScreen._read

    def read_slowly(screen: ComposeScreen) -> Matter:
        slow_disk.wait()
        return read(screen)

    monkeypatch.setattr(ComposeScreen, "_read", read_slowly)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.pilot.press("r", *"quick")
        slow_disk.set()
        await screen.settle()
        await screen.type(" words")
        assert "\n\nquick words\n\nKind regards" in written(screen)


async def test_pasted_text_comes_in_without_anything_that_steers_a_terminal(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, ComposeScreen(1, note=True)) as screen:
        screen.app.screen.query_one(TextField).post_message(Paste("a\x1b]0;x\x07b\u202ec\td"))
        await screen.settle()
        assert written(screen) == "a]0;xbc d"


async def test_the_reply_to_a_phone_call_goes_to_the_phone(desk: Desk) -> None:
    gulnara(desk)
    matter(desk, channel=Channel.PHONE)
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        assert "to  phone +996 555 010203 · Gulnara Asanova" in screen.line(1)


async def test_a_closed_ticket_that_is_answered_stays_closed(desk: Desk) -> None:
    torn_tent(desk)
    answers.reply(desk, 1, "Done.", close=True)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        assert screen.shows("after it: the ticket stays closed")
        await screen.press("ctrl+l")
        assert screen.shows("the ticket is closed already")


async def test_the_next_date_says_if_the_desk_is_open_and_what_else_is_promised(
    desk: Desk,
) -> None:
    torn_tent(desk)
    matter(desk, "Another")
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r", "ctrl+n")
        await screen.type("today")
        words = " ".join(screen.text().split())
        assert "→ Mon 2 Mar 18:00 · open then · in 8 h · 1 other promise that day" in words
        await screen.press("ctrl+u")
        await screen.type("sat 14:00")
        words = " ".join(screen.text().split())
        assert "! closed then" in words and "no other promises that day" in words


async def test_that_no_address_is_known_is_said_before_it_is_sent(desk: Desk) -> None:
    customers.create(desk, {"name": "Gulnara Asanova"})
    matter(desk, channel=Channel.WEB)
    for size in ((40, 12), (80, 24)):
        async with on_screen(desk, ComposeScreen(1, note=False), size) as screen:
            assert screen.shows("✗ no address for web")


async def test_who_has_called_without_a_known_number_is_said_to_be_on_the_line(desk: Desk) -> None:
    customers.create(desk, {"name": "Gulnara Asanova"})
    matter(desk, channel=Channel.PHONE)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        assert screen.shows("! no number is known: tell it in this call")
        assert not screen.shows("reaches nobody")
        await screen.type("On its way.")
        await screen.press("ctrl+s")
        await screen.until(lambda: desk.store.ticket(1).promise is None)


@pytest.mark.parametrize("key", ["r", "p", "c"])
async def test_a_letter_that_would_reach_nobody_is_held_up_once(desk: Desk, key: str) -> None:
    customers.create(desk, {"name": "Gulnara Asanova"})
    matter(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press(key)
        if key == "p":
            await screen.type("fri 14:00\nthe cloth is late")
        else:
            await screen.press(*["tab"] * (3 if key == "c" else 0))
            await screen.type("On its way.")
        await screen.press("ctrl+s")
        assert screen.shows("no address for email is known: add one to the profile")
        before = desk.store.ticket(1).rev
        await screen.press("ctrl+s")
        await screen.until(lambda: desk.store.ticket(1).rev > before)
