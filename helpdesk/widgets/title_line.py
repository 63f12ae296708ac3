"""The first line of every screen: the desk, where in it one is, the time there, and the agent."""

from datetime import datetime
from zoneinfo import ZoneInfo

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from helpdesk.domain.wording import day_and_time
from helpdesk.text import clean_line, shorten, width
from helpdesk.widgets.wrapping import surely_within


class TitleLine(Widget):
    """One line: the desk's name and the screen's on the left, time and agent on the right."""

    DEFAULT_CSS = """
    TitleLine { dock: top; height: 1; padding: 0 1; background: $panel; color: $text-muted; }
    """

    place: reactive[str] = reactive("", layout=False)
    clock: reactive[str] = reactive("", layout=False)
    signs: reactive[tuple[str, ...]] = reactive((), layout=False)
    """What is amiss, the longest wording first; the first that fits is shown."""

    def __init__(self, desk: str, agent: str, place: str = "") -> None:
        super().__init__()
        self.desk = clean_line(desk)
        self.agent = clean_line(agent)
        self.set_reactive(TitleLine.place, clean_line(place))

    def tick(self, now: datetime, zone: ZoneInfo) -> None:
        """Show the time ``now`` in the desk's zone."""
        weekday, day, month, _, time = day_and_time(now, zone).split(" ")
        self.clock = f"{weekday} {day} {month}  {time}"

    def render(self) -> Content:
        """The line; where there is no room the time is given up first, then the agent."""
        cells = self.size.width
        place = f"  {self.place}" if self.place else ""
        wanted = width(self.desk) + width(place)
        rights = (f"{self.clock}  {self.agent}", self.agent, "")
        right = next((each for each in rights if wanted + 2 + width(each) <= cells), "")
        room = cells - width(right)
        desk = shorten(self.desk, room)
        place = surely_within(place, room - width(desk))
        free = cells - width(desk) - width(place) - width(right)
        sign = next((each for each in self.signs if width(each) + 2 <= free), "")
        if self.signs and not sign:
            # Everybody knows the name of the desk: it makes room for the shortest.
            sign = self.signs[-1]
            desk = shorten(desk, max(1, width(desk) + free - width(sign) - 2))
            free = cells - width(desk) - width(place) - width(right)
        before = " " * min(2, free - width(sign)) if sign else ""
        gap = " " * (free - width(before) - width(sign))
        style = "$text-warning bold" if sign else ""
        return Content.assemble(
            (desk, "$foreground bold"), place, before, (sign, style), gap, right
        )
