"""Over a slow line keys arrive in bursts: each goes to what the keys before it opened."""

from textual import events

from helpdesk.desk.desk import Desk
from tests.screens.desks import busy_desk
from tests.screens.driver import ScreenDriver, desk_screen

NAMES = {"/": "slash", ":": "colon", " ": "space", "\r": "enter", "!": "exclamation_mark"}


def burst(screen: ScreenDriver, text: str) -> None:
    """All the keys at once, before the desk has seen the first."""
    for letter in text:
        character = None if letter == "\r" else letter
        screen.app.post_message(events.Key(NAMES.get(letter, letter), character))


async def test_a_filter_typed_in_one_go_is_typed_into_the_filter(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "/id:4")
        await screen.until_shows("1 found")
        assert screen.shows("/ id:4")
        assert screen.shows("Opening hours")


async def test_what_is_typed_right_behind_the_enter_of_a_filter_is_for_the_rows(
    desk: Desk,
) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "/is:overdue\rjr")
        await screen.until_shows("reply to #2")
        await screen.press("escape")
        assert screen.shows("/ is:overdue")


async def test_a_filter_that_is_refused_goes_on_being_typed(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "/is:lat\r")
        await screen.until_shows("is: takes")
        await screen.type("x")
        assert screen.shows("/ is:latx")


async def test_words_typed_right_after_the_key_for_a_reply_are_in_the_reply(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "rWe send a new one!")
        await screen.until_shows("We send a new one!")
        assert screen.shows("reply to #1")


async def test_a_ticket_opened_and_noted_in_one_go(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        burst(screen, "j\rnAsked the workshop")
        await screen.until_shows("Asked the workshop")
        assert screen.shows("note on #2")
