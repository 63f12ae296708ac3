"""The conversation of a ticket: a widget for each message, in order of time."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.domain.message import Message
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Direction
from helpdesk.widgets.at_desk import desk_of
from helpdesk.widgets.finding import Finding
from helpdesk.widgets.message_view import NO_WAYS, MessageView, body, found_there, in_order

NEWEST = 100
"""So many messages are shown at first, and so many more each time older ones are asked for."""

SIDES = 8


class Conversation(VerticalScroll, can_focus=False):
    """The messages of a ticket: the newest, older ones when asked for."""

    DEFAULT_CSS = """
    Conversation { height: 1fr; scrollbar-size-vertical: 1; padding: 0 0 0 1; }
    Conversation > .conversation--older { height: 1; color: $text-muted; margin: 0 0 1 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.whole = False
        self._ticket: Ticket | None = None
        self._ways: Mapping[int, str] = NO_WAYS
        self._limit = NEWEST
        self._older: Static | None = None
        """The line that tells of older messages, if there are any."""
        self._latest = 0
        """How far down it stands where what is new was brought into sight."""
        self._reads_elsewhere = False
        """Whether the agent has gone from there."""
        self._fits = self.size
        """The room for which it was last laid out."""
        self.finding: Finding | None = None
        """What an agent looks for, if anything."""
        self._texts: dict[int, str] = {}
        """All words of the messages, by their numbers, once something is looked for."""
        self._opened: set[int] = set()
        """Messages shown in full, since what was found is not in their own words."""
        self._from: Sequence[int] = ()
        """The messages that came into sight, or below it, as the agent began to look."""

    @property
    def hidden(self) -> int:
        """How many older messages are not shown."""
        return max(0, len(self._ticket.messages) - self._limit) if self._ticket else 0

    def show(self, ticket: Ticket, ways: Mapping[int, str] = NO_WAYS) -> int:
        """Show the ticket as it is now; what is new comes at the end, and into sight.

        ``ways`` tells how messages stand on their way out. Who reads elsewhere, or looks for
        something, is left there, unless he wrote it himself: then how many are new is given.
        """
        first = self._ticket is None
        self._ways = ways
        known = {view.message.id: view.message for view in self.query(MessageView)}
        self._ticket = ticket
        messages = in_order(ticket.messages)[self.hidden :]
        added = [message for message in messages if message.id not in known]
        if any(known.get(message.id, message) != message for message in ticket.messages):
            self._fill(messages)  # the words of messages change only where a person was erased
        elif known and added and messages[-len(added) :] == added:
            self.mount_all([self._view(message) for message in added])
            self._limit += len(added)  # those shown before stay
            self._older_line()
        elif added:
            self._fill(messages)
        self._find_anew()
        for view in self.query(MessageView):
            if view.message.direction is Direction.OUT:
                self._say(view)
        own = any(message.author == desk_of(self).agent for message in added)
        stays = self.finding is not None or (self._reads_elsewhere and not own)
        if not first and added and stays:
            return len(added)
        if first or added:
            self.call_after_refresh(self.show_latest)
        return 0

    def show_older(self) -> None:
        """Show older messages, staying at the place."""
        if self._ticket is None or not self.hidden:
            return
        from_end = self.max_scroll_y - self.scroll_offset.y
        self._limit += NEWEST
        self._fill(in_order(self._ticket.messages)[self.hidden :])
        self.call_after_refresh(
            lambda: self.scroll_to(y=self.max_scroll_y - from_end, animate=False)
        )

    @property
    def _cells(self) -> int:
        """How wide a line of a message is, without the bar and the room at its sides."""
        return self.size.width - SIDES

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """See whether the agent goes elsewhere; another size of the window moves him, too."""
        super().watch_scroll_y(old_value, new_value)
        if self.size == self._fits:
            self._reads_elsewhere = round(new_value) not in (self._latest, self.max_scroll_y)

    def on_resize(self) -> None:
        """Break lines anew, where their width is disputed; who was at the latest stays there."""
        self._fits = self.size
        ticket = self._ticket
        if ticket is not None and not self._reads_elsewhere:
            self.call_after_refresh(self.show_latest)
        for view in self.query(MessageView):
            if ticket is not None and not view.message.text.isascii():
                self._say(view)

    def turn_whole(self) -> None:
        """Show quotes and long texts in full, or folded again."""
        self.whole = not self.whole
        self._opened.clear()
        if self._ticket is not None:
            for view in self.query(MessageView):
                self._say(view)

    def show_latest(self) -> None:
        """Bring what the customer wrote last into sight, with as much after it as fits; or what is
        looked for."""
        if self.finding is not None:
            self._bring_found()
            return
        views = list(self.query(MessageView))
        last = next((v for v in reversed(views) if v.message.direction is Direction.IN), None)
        top = last.virtual_region.y if last is not None else self.max_scroll_y
        self._latest, self._reads_elsewhere = min(top, self.max_scroll_y), False
        self.scroll_to(y=self._latest, animate=False)

    # Finding

    def begin_to_find(self) -> None:
        """What is looked for from now on is sought from what is in sight on."""
        top = self.scroll_offset.y
        views = self.query(MessageView)
        self._from = [view.message.id for view in views if view.virtual_region.bottom > top]

    def find(self, text: str) -> Finding | None:
        """Mark all that holds ``text``, and bring the nearest place into sight; None for nothing
        to look for."""
        before = self._found_in() | self._opened
        self.finding = Finding(text, self._all_texts()) if text else None
        if self.finding is not None:
            self._opened.clear()
            self.finding.begin_in(self._from)
        self._show_found(before)
        return self.finding

    def find_along(self, by: int) -> bool:
        """Bring the next place into sight, or the one before; whether it began anew."""
        finding = self.finding
        if finding is None or not finding.spots:
            return False
        around = finding.go(by)
        self._show_found(self._found_in())
        return around

    def _all_texts(self) -> dict[int, str]:
        if not self._texts and self._ticket is not None:
            messages = in_order(self._ticket.messages)
            self._texts = {message.id: body(message, whole=True) for message in messages}
        return self._texts

    def _find_anew(self) -> None:
        """The messages are others now: look through them, staying at the place."""
        self._texts = {}
        if self.finding is None:
            return
        before, spot = self._found_in(), self.finding.spot
        self.finding = Finding(self.finding.text, self._all_texts())
        self.finding.keep(spot)
        self._say_again(before | self._found_in())

    def _found_in(self) -> set[int]:
        """The messages that hold what is looked for."""
        return {spot.message for spot in self.finding.spots} if self.finding is not None else set()

    def _show_found(self, before: set[int]) -> None:
        """Mark what is found now, where marks were ``before`` too, and bring the place in sight."""
        spot = self.finding.spot if self.finding is not None else None
        if spot is not None:
            self._open_up(spot.message)
        self._say_again(before | self._found_in())
        if spot is not None:
            self.call_after_refresh(self._bring_found)

    def _open_up(self, number: int) -> None:
        """Show the message of that number, and in full if not all that is found is in sight."""
        assert self._ticket is not None and self.finding is not None
        messages = in_order(self._ticket.messages)
        place = next(at for at, message in enumerate(messages) if message.id == number)
        if found_there(messages[place], self.finding):
            self._opened.add(number)
        if place < self.hidden:
            self._limit = len(messages) - place
            self._fill(messages[self.hidden :])

    def _say_again(self, numbers: set[int]) -> None:
        for view in self.query(MessageView):
            if view.message.id in numbers:
                self._say(view)

    def _bring_found(self) -> None:
        """Scroll no further than it takes to see the place, with some words around it."""
        for view in self.query(MessageView):
            line = view.line_of_found
            if line is None:
                continue
            there, top, height = (
                view.virtual_region.y + line,
                self.scroll_offset.y,
                self.size.height,
            )
            if not top < there < top + height - 1:
                self.scroll_to(y=max(0, there - height // 3), animate=False)
                self._reads_elsewhere = True

    def _fill(self, messages: Sequence[Message]) -> None:
        self.query("*").remove()
        self._older = None
        self.mount_all([self._view(message) for message in messages])
        self._older_line()

    def _older_line(self) -> None:
        """Say how many older messages there are, above the others."""
        if self._older is not None and not self.hidden:
            self._older.remove()
            self._older = None
        if not self.hidden:
            return
        words = Content(f"… {self.hidden} older messages, b shows more of them")
        if self._older is None:
            self._older = Static(words, classes="conversation--older")
            self.mount(self._older, before=0)
        else:
            self._older.update(words)

    def _view(self, message: Message) -> MessageView:
        view = MessageView(message)
        self._say(view)
        return view

    def _say(self, view: MessageView) -> None:
        assert self._ticket is not None
        view.say(
            self._ticket,
            self._ways,
            self._zone(),
            cells=self._cells,
            whole=self.whole or view.message.id in self._opened,
            finding=self.finding,
        )

    def _zone(self) -> ZoneInfo:
        return desk_of(self).zone
