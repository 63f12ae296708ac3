"""What is changed in desk.toml holds on open screens too."""

from datetime import timedelta

from helpdesk.desk.desk import Desk
from helpdesk.screens.ticket import TicketScreen
from tests.conftest import MONDAY
from tests.screens.people import on_screen, torn_tent


async def test_a_date_is_read_by_the_opening_hours_as_they_are_now(desk: Desk) -> None:
    torn_tent(desk)
    async with on_screen(desk, TicketScreen(1)) as screen:
        await screen.press("p")
        await screen.type("fri 14:00")
        assert screen.shows("· open then")
        settings = desk.path / "desk.toml"
        text = settings.read_text(encoding="utf-8")
        line = next(line for line in text.splitlines() if line.startswith("fri"))
        settings.write_text(text.replace(line, 'fri = ["09:00-12:00"]'), encoding="utf-8")
        await screen.until(lambda: desk_is_shut_on_friday(screen.app.desk))
        await screen.press("backspace", "0")
        assert screen.shows("the desk is closed then")


def desk_is_shut_on_friday(desk: Desk) -> bool:
    """Whether the desk that the screen has open goes by the new hours."""
    return not desk.settings.policy.hours.reaches(MONDAY + timedelta(days=4, hours=4))
