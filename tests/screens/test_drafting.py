"""What an agent writes is kept as it is typed, and offered again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.screen import Screen

from helpdesk import clock
from helpdesk.desk import answers, drafts, matters, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.draft import DraftKind
from helpdesk.domain.errors import CannotCreate
from helpdesk.screens import keeping
from helpdesk.screens.close import CloseScreen
from helpdesk.screens.compose import ComposeScreen
from helpdesk.screens.new_ticket import NewTicketScreen
from helpdesk.screens.offered import screen_of
from helpdesk.screens.promise import PromiseScreen
from helpdesk.screens.ticket import TicketScreen
from helpdesk.widgets.fields import TextField
from tests.conftest import MONDAY
from tests.screens.driver import ScreenDriver
from tests.screens.people import on_screen, sends_at_once, torn_tent

LATE = MONDAY + timedelta(hours=7)


@pytest.fixture(autouse=True)
def a_torn_tent(desk: Desk) -> None:
    """Her ticket; what is held is told of in test_held.py."""
    torn_tent(desk)
    sends_at_once(desk)


def written(screen: ScreenDriver) -> str:
    """What stands in the text."""
    return screen.app.screen.query_one(TextField).text


def kept(desk: Desk) -> str:
    """The text of the newest draft."""
    return next((draft.text for draft in drafts.load(desk)), "")


async def test_the_first_key_is_saved_at_once_and_not_every_key_after_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keeping.FIRST_SECONDS <= 0.2
    monkeypatch.setattr(keeping, "KEEP_SECONDS", 3600.0)
    async with on_screen(desk, ComposeScreen(1, note=True)) as screen:
        await screen.type("A")
        await screen.until(lambda: kept(desk) == "A", "a draft of the first key")
        await screen.type(" new tent")
        assert kept(desk) == "A"


async def test_what_is_typed_is_a_draft_a_second_later(desk: Desk) -> None:
    assert keeping.KEEP_SECONDS == 1.0
    async with on_screen(desk, ComposeScreen(1, note=False)) as screen:
        await screen.type("A new tent")
        await screen.until(lambda: "A new tent" in kept(desk), "a draft of all of it")
        [draft] = drafts.load(desk)
        assert (draft.kind, draft.ticket, draft.held) == (DraftKind.REPLY, 1, False)
        assert "Dear Ms Asanova,\n\nA new tent\n\nKind regards" in draft.text


async def test_nobody_who_never_stops_typing_loses_more_than_a_second(desk: Desk) -> None:
    async with on_screen(desk, ComposeScreen(1, note=True)) as screen:

        def typing() -> bool:
            screen.app.screen.query_one(TextField).insert("more ")
            return bool(drafts.load(desk))

        await screen.until(typing, "a draft while the agent types")


async def test_nothing_but_the_greeting_is_no_draft(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r", "space", "enter", "escape")
        assert "ticket 1" in screen.line(0)
        assert not screen.shows("draft")
    assert drafts.load(desk) == []


async def test_escape_leaves_keeps_what_is_written_and_says_so(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("Half a sentence")
        await screen.press("escape")
        assert "ticket 1" in screen.line(0)
        assert screen.shows("reply to #1 is kept as a draft: r on the ticket takes it up again")
        await screen.press("r")
        assert "\n\nHalf a sentence\n\nKind regards" in written(screen)
        assert screen.shows("✎ your draft, written 10:00 · ^g begins afresh")
        await screen.type(" more")
        assert "Half a sentence more\n\nKind" in written(screen)
        await screen.press("ctrl+s")
        assert "Half a sentence more" in desk.store.ticket(1).messages[-1].text
        assert drafts.load(desk) == []
        await screen.press("r")
        assert "Half a sentence" not in written(screen)


async def test_the_composer_keeps_all_that_belongs_to_the_reply(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("We look into it.")
        await screen.press("ctrl+n")
        await screen.type("fri 14:00\nthe workshop is shut\n")
        told = written(screen)
        await screen.press("escape", "r")
        assert written(screen) == told
        assert screen.shows("fri 14:00") and screen.shows("the workshop is shut")
        screen.app.screen.query_one("#when").focus()
        await screen.press("ctrl+u")
        await screen.type("thu 14:00\n\n")
        assert "Thursday, March 5" in written(screen) and "Friday" not in written(screen)


async def test_a_reply_and_a_note_on_a_ticket_are_two_drafts(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("To her")
        await screen.press("escape", "n")
        assert "To her" not in written(screen)
        await screen.type("Among us")
        await screen.press("escape", "r")
        assert "To her" in written(screen) and "Among us" not in written(screen)
        assert len(drafts.load(desk)) == 2


async def test_a_draft_is_thrown_away_by_one_key_and_brought_back_by_it(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.press("ctrl+g")
        assert screen.shows("nothing is written that could be thrown away")
        await screen.type("Nonsense")
        await screen.press("escape", "r", "ctrl+g")
        assert screen.shows("thrown away, begin afresh; ^g brings it back")
        assert "Nonsense" not in written(screen) and "Dear Ms" in written(screen)
        await screen.press("ctrl+g")
        assert "Nonsense" in written(screen)
        await screen.press("ctrl+g", "escape")
        assert not screen.shows("kept as a draft")
    assert drafts.load(desk) == []


async def test_whoever_goes_on_with_a_draft_in_two_windows_loses_the_words_of_neither(
    desk: Desk,
) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("n")
        await screen.type("She called")
        await screen.press("escape", "n")
        await screen.until_shows("She called")
        (found,) = drafts.load(desk)
        drafts.save(desk, replace(found, text="She called, and is glad."))  # in the other window
        await screen.press("escape")
        await screen.until_shows("kept as a draft")
    assert {draft.text for draft in drafts.load(desk)} == {"She called", "She called, and is glad."}


async def test_what_is_thrown_away_is_gone_from_the_disk_too(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("Nonsense")
        await screen.press("escape", "r", "ctrl+g")
        await screen.until(lambda: not drafts.load(desk), "no draft")


async def test_another_date_is_kept_with_its_reason_and_drafted_anew(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        await screen.type("fri 14:00\nthe workshop is shut")
        await screen.press("escape")
        assert screen.shows("date for #1 is kept as a draft: p on the ticket takes it up")
        [draft] = drafts.load(desk)
        assert draft.text == ""  # nothing of it is the agent's own
        await screen.press("p")
        assert screen.shows("→ Fri 6 Mar 2026 14:00")
        assert "the workshop is shut" in written(screen)
        await screen.press("ctrl+s")
        assert len(desk.store.ticket(1).promises) == 2
    assert drafts.load(desk) == []


async def test_a_letter_changed_by_hand_comes_back_as_it_was(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        await screen.type("fri 14:00\nthe workshop is shut")
        area = screen.app.screen.query_one(TextField)
        area.text = letter = area.text + "\nP.S. Thank you."
        await screen.press("escape", "p")
        assert written(screen) == letter


async def test_the_end_of_a_matter_is_kept_with_all_its_fields(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("c")
        await screen.type("A blunt needle.")
        await screen.press("tab", "tab", "right", "tab")
        await screen.type("settled on the phone")
        await screen.press("escape", "c")
        assert screen.shows("A blunt needle.") and screen.shows("settled on the phone")
        assert screen.shows("[no answer is needed]")


async def test_a_new_ticket_left_half_filled_is_taken_up_from_the_drafts(desk: Desk) -> None:
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        await screen.type("gulnara\n")
        await screen.press("c", "tab", "tab", "tab")
        await screen.type("A second tent\nIt is torn too.")
        await screen.press("escape")
        assert screen.shows("the new ticket is kept as a draft: ^d in the queue shows it")
        [draft] = drafts.load(desk)
        assert draft.customer == 1
        screen.app.push_screen(screen_of(draft))
        await screen.settle()
        assert screen.shows("✓ #1 · 1 open") and screen.shows("[complaint]")
        assert screen.shows("A second tent") and screen.shows("It is torn too.")
        await screen.press("ctrl+s")
        assert desk.store.ticket(2).subject == "A second tent"
    assert drafts.load(desk) == []


async def test_a_new_ticket_does_not_begin_with_another_ones_words(desk: Desk) -> None:
    async with on_screen(desk, NewTicketScreen(None)) as screen:
        await screen.type("someone")
        await screen.press("escape")
        screen.app.push_screen(NewTicketScreen(None))
        await screen.settle()
        assert not screen.shows("someone")


@pytest.mark.parametrize(
    "opened",
    [ComposeScreen(1, note=True), NewTicketScreen(None)],
    ids=["a note", "a new ticket"],
)
async def test_leaving_the_desk_keeps_what_is_written(desk: Desk, opened: Screen[None]) -> None:
    async with on_screen(desk, opened) as screen:
        await screen.type("Half a sentence")
        await screen.press("ctrl+q")
        assert not screen.app.is_running or screen.app._exit
    [draft] = drafts.load(desk)
    assert "Half a sentence" in [draft.text, *draft.fields.values()]


async def test_the_end_by_a_signal_keeps_it_at_once_below_another_screen_too(desk: Desk) -> None:
    async with on_screen(desk, ComposeScreen(1, note=True)) as screen:
        await screen.type("Half a sentence")
        await screen.press("ctrl+p")
        screen.app.save()
        assert [draft.text for draft in drafts.load(desk)] == ["Half a sentence"]


async def test_a_draft_older_than_the_broken_promise_gets_the_apology_when_it_is_sent(
    desk: Desk,
) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("On its way.")
        await screen.press("escape")
        with clock.hold(LATE):
            await screen.press("r")
            assert "did not keep" not in written(screen)
            await screen.press("ctrl+s")
            assert screen.shows("the apology is in the text now")
            await screen.press("ctrl+s")
            assert desk.store.ticket(1).messages[-1].text.count("did not keep that promise") == 1


async def test_what_came_in_since_the_draft_was_written_is_shown_with_it(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("On its way.")
        await screen.press("escape")
        with clock.hold(LATE):
            matters.take_in(desk, 1, "Forget it, I want my money back.")
            await screen.press("r")
            await screen.until_shows("✗ the ticket changed since you wrote this, see above")
            assert screen.shows("Forget it, I want my money back.")
            assert "On its way." in written(screen)


async def test_what_comes_in_while_the_agent_writes_is_shown_at_once(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("On its way.")
        answers.reply(desk, 1, "It was sent yesterday.")
        await screen.until_shows("✗ the ticket changed while you write, see above")
        assert screen.shows("It was sent yesterday.")
        assert screen.shows("◇ no promise stands that it could keep")
        matters.take_in(desk, 1, "Thank you!")
        await screen.until_shows("Thank you!")
        assert screen.shows("It was sent yesterday.")
        await screen.press("ctrl+s")
        assert screen.shows(
            "✗ not sent yet: the ticket changed meanwhile; ^s sends it all the same"
        )
        assert not desk.store.ticket(1).messages[-1].is_answer
        await screen.press("ctrl+s")
        assert "On its way." in desk.store.ticket(1).messages[-1].text


@pytest.mark.parametrize("key", ["p", "c"], ids=["another date", "the end"])
async def test_a_box_tells_what_comes_in_in_its_own_line(desk: Desk, key: str) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press(key)
        matters.take_in(desk, 1, "Thanks!")
        await screen.until_shows("the ticket changed while you write")
        assert "Thanks!" in " ".join(screen.text().replace("│", "").split())


async def test_what_cannot_be_kept_is_told_and_not_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise CannotCreate("drafts cannot be written: no space left")

    monkeypatch.setattr(drafts, "save", no_room)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("n")
        await screen.type("Half a sentence")
        for key in ("ctrl+q", "escape"):
            await screen.press(key)
            assert screen.shows("What you write cannot be kept: drafts cannot be")
            await screen.press("escape")
            assert written(screen) == "Half a sentence"
        await screen.press("ctrl+g", "escape")
        assert "ticket 1" in screen.line(0)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
@pytest.mark.parametrize("number", [0, 1, 2], ids=["reply", "promise", "close"])
async def test_a_draft_says_that_it_is_one_on_every_terminal(
    desk: Desk, size: tuple[int, int], number: int
) -> None:
    draft = drafts.begin(desk, list(DraftKind)[(0, 2, 3)[number]], ticket=1)
    drafts.save(desk, draft)
    opened = (ComposeScreen(1, False, draft), PromiseScreen(1, draft), CloseScreen(1, draft))
    async with on_screen(desk, opened[number], size) as screen:
        assert screen.shows("✎ your draft, written 10:00")
        assert screen.shows("^s send")


async def test_ones_own_deeds_are_no_news_to_who_writes(desk: Desk) -> None:
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("r")
        await screen.type("Half a sentence")
        await screen.press("escape")
        with clock.hold(MONDAY + timedelta(minutes=1)):
            await screen.press("a", "r")
            assert screen.shows("✎ your draft")
            assert not screen.shows("changed since you wrote")
            upkeep.note(desk, 1, "From my other window.")
            await screen.settle()
            assert not screen.shows("changed while you write")
        await screen.press("ctrl+s")
        assert not screen.shows("not sent yet"), screen.text()
