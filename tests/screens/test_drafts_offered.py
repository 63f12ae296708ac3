"""What an agent was writing is offered again at the next log-in."""

from dataclasses import replace

from helpdesk import clock
from helpdesk.desk import drafts
from helpdesk.desk.desk import Desk
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.screens.compose import ComposeScreen
from helpdesk.widgets.fields import TextField
from tests.conftest import MONDAY
from tests.hostile import PAYLOADS, assert_harmless
from tests.screens.desks import FRIDAY, busy_desk
from tests.screens.driver import desk_screen


def written(desk: Desk, text: str, *, ticket: int = 1, held: bool = False) -> Draft:
    """A reply that the agent was writing on Friday."""
    with clock.hold(FRIDAY):
        draft = drafts.begin(desk, DraftKind.REPLY, ticket=ticket, seen=1)
        return drafts.save(desk, replace(draft, text=text, held=held))


async def test_drafts_that_wait_are_told_at_the_opening(desk: Desk) -> None:
    busy_desk(desk)
    written(desk, "One")
    async with desk_screen(desk) as screen:
        await screen.until_shows("1 draft waits: press ctrl+d")
        await screen.press("j")
        assert "✎ 1 draft" in screen.line(0)  # not lost with the message
    written(desk, "Two", ticket=2)
    async with desk_screen(desk) as screen:
        await screen.until_shows("2 drafts wait: press ctrl+d")


async def test_without_drafts_nothing_is_said_and_the_list_is_empty(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        assert not screen.shows("draft")
        await screen.press("ctrl+d")
        assert screen.shows("No draft waits.")
        await screen.press("enter")
        assert screen.shows("no draft waits; esc goes back")


async def test_enter_goes_on_writing_where_the_agent_was(desk: Desk) -> None:
    busy_desk(desk)
    written(desk, "We have looked at the seam and")
    async with desk_screen(desk) as screen:
        await screen.press("ctrl+d")
        assert screen.shows("reply on #1") and screen.shows("Tent leaks")
        assert screen.shows("We have looked at the seam and")
        await screen.press("enter")
        assert isinstance(screen.on_top, ComposeScreen)
        assert "We have looked at the seam and" in screen.on_top.query_one(TextField).text


async def test_drafts_of_new_tickets_say_whose_and_what_about_they_are(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk, (100, 24)) as screen:
        for who, what in (("Jane Foster", ""), ("Dan Cole", "Boots")):
            await screen.press("N")
            await screen.type(who)
            if what:
                await screen.press("tab", "tab", "tab", "tab")
                await screen.type(what)
            await screen.press("escape")
        await screen.press("ctrl+d")
        assert "Jane Foster" in screen.text() and "Boots · Dan Cole" in screen.text()


async def test_a_draft_that_cannot_be_gone_on_with_says_so_and_stays_in_sight(desk: Desk) -> None:
    busy_desk(desk)
    with clock.hold(FRIDAY):
        drafts.save(desk, replace(drafts.begin(desk, DraftKind.BULK), text="another date"))
    async with desk_screen(desk) as screen:
        await screen.press("ctrl+d", "enter")
        assert screen.shows("✗ this draft holds no decision; x throws it away")
        await screen.press("x", "x")
        assert screen.shows("No draft waits.")


async def test_a_draft_is_thrown_away_by_pressing_the_key_twice(desk: Desk) -> None:
    busy_desk(desk)
    written(desk, "One")
    kept = written(desk, "Two", ticket=2)
    async with desk_screen(desk) as screen:
        await screen.press("ctrl+d")
        first = drafts.load(desk)[0]
        await screen.press("x")
        assert screen.shows("x again throws this draft away for good")
        assert len(drafts.load(desk)) == 2
        await screen.press("j", "k", "x")  # elsewhere it asks anew
        assert len(drafts.load(desk)) == 2
        await screen.press("x")
        left = drafts.load(desk)
        assert len(left) == 1 and left[0].id != first.id
        await screen.press("escape")
        assert "✎ 1 draft" in screen.line(0)
    assert kept.ticket == 2


async def test_what_is_held_now_is_no_draft_that_waits_but_what_was_held_then_is(
    desk: Desk,
) -> None:
    busy_desk(desk)
    written(desk, "Held when the program died", held=True)
    async with desk_screen(desk) as screen:
        await screen.until_shows("1 draft waits")
        with clock.hold(MONDAY):
            draft = drafts.begin(desk, DraftKind.REPLY, ticket=2, seen=1)
            drafts.save(desk, replace(draft, text="On its way", held=True))
        await screen.press("enter", "escape")
        assert "✎ 1 draft" in screen.line(0)


async def test_drafts_of_hostile_text_are_shown_harmless_at_any_size(desk: Desk) -> None:
    busy_desk(desk)
    for payload in PAYLOADS.values():
        written(desk, payload)
    for size in ((40, 12), (80, 24)):
        async with desk_screen(desk, size) as screen:
            await screen.press("ctrl+d")
            for _ in PAYLOADS:
                assert_harmless(screen.text())
                await screen.press("j")
            assert screen.shows("esc back")


async def test_a_narrow_list_of_drafts_says_what_when_and_about_what(desk: Desk) -> None:
    busy_desk(desk)
    written(desk, "On its way")
    async with desk_screen(desk, (40, 12)) as screen:
        await screen.press("ctrl+d")
        assert "✎ reply on #1 Fri 27 Feb 10:00 Te…" in screen.find("✎")
