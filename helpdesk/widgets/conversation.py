"""The conversation of a ticket: a widget for each message, in order of time."""

import re
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk import clock
from helpdesk.domain.message import Attachment, Message
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.wording import brief_time, channel_words
from helpdesk.domain.words import Direction, Outcome
from helpdesk.mail.subjects import own_subject
from helpdesk.text import clean, clean_line
from helpdesk.widgets.at_desk import desk_of
from helpdesk.widgets.wrapping import roomy

NEWEST = 100
"""So many messages are shown at first, and so many more each time older ones are asked for."""

SIDES = 8
SHOWN_CHARACTERS = 4000
"""A message longer than this is cut until it is asked for in full."""

_NO_WAYS: Mapping[int, str] = {}
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n")


def in_order(messages: Sequence[Message]) -> list[Message]:
    """The messages by time; those of a merged ticket stand among the others."""
    return sorted(messages, key=lambda message: (message.at, message.id))


def body(message: Message, *, whole: bool = False) -> str:
    """The text to show: without quotes, blank lines heaped up, and what is too long."""
    text = clean(message.text if whole else message.visible_text).expandtabs(4).strip("\n")
    if not whole:
        text = _BLANK_LINES.sub("\n\n", text)
        if len(text) > SHOWN_CHARACTERS:
            text = text[:SHOWN_CHARACTERS].rstrip("\u200d")
    return text


def folded(message: Message) -> str:
    """What is left out of ``body``, in words; nothing if all of it is shown."""
    if message.visible is not None and message.visible != message.text:
        return "… quoted text folded, v shows it"
    more = len(message.text) - SHOWN_CHARACTERS
    return f"… {more:,} characters more, v shows them".replace(",", " ") if more > 0 else ""


def message_head(
    message: Message, ticket: Ticket, zone: ZoneInfo, ways: Mapping[int, str] = _NO_WAYS
) -> Content:
    """Who said it to whom, how and when, and what it did to a promise; the customer's name last.

    ``ways`` tells how messages stand on their way out.
    """
    when = brief_time(message.at, zone, clock.now())
    author = clean_line(message.author)
    if message.direction is Direction.NOTE:
        return Content.assemble(("✎ note", "$warning bold"), _quiet(f" · {when} · {author}"))
    how = f" · {channel_words(message.channel)} · {when}"
    if message.direction is Direction.IN:
        return Content.assemble(("← customer", "$accent bold"), _quiet(f"{how} · {author}"))
    word = "→ acknowledged" if message.automatic else "→ answered"
    if message.undelivered is not None:
        style = "$error bold" if message.mail else "$success bold"
        return Content.assemble((word, style), _quiet(f"{how} · {author}"))
    did = "".join(f" · {deed}" for deed in _deeds(message, ticket, zone))
    way = f" · {clean_line(ways[message.id])}" if message.id in ways else ""
    return Content.assemble((word, "$success bold"), _quiet(f"{how} · {author}{did}{way}"))


def _deeds(message: Message, ticket: Ticket, zone: ZoneInfo) -> list[str]:
    deeds = ["owns the delay"] if message.owns_delay else []
    for promise in ticket.promises:
        if promise.settled_in == message.id and promise.outcome is not Outcome.OPEN:
            deeds.append(f"promise {promise.outcome}")
        if promise.told_in == message.id:
            deeds.append(f"promises {brief_time(promise.due, zone, clock.now())}")
    return deeds


def _quiet(text: str) -> Content:
    return Content.styled(text, "$text-muted")


def size_words(size: int) -> str:
    """A size in bytes as agents read it."""
    return f"{size} bytes" if size < 1024 else f"{size // 1024} kB"


def _attached(attachment: Attachment) -> str:
    kind, name = clean_line(attachment.type, 60), clean_line(attachment.name, 200)
    return f"+ {size_words(attachment.bytes)}, {kind}: {name}"


class MessageView(Static):
    """One message. Those in, those out and notes differ by word, sign and bar at the side."""

    DEFAULT_CSS = """
    MessageView { height: auto; margin: 0 0 1 0; padding: 0 1 0 1; }
    MessageView.-in { border-left: thick $accent; }
    MessageView.-out { border-left: vkey $success; margin: 0 0 1 2; }
    MessageView.-note { border-left: dashed $warning; margin: 0 0 1 2; color: $text-muted; }
    """

    def __init__(self, message: Message) -> None:
        super().__init__(classes=f"-{message.direction}")
        self.message = message

    def say(
        self, ticket: Ticket, ways: Mapping[int, str], zone: ZoneInfo, *, cells: int, whole: bool
    ) -> None:
        """Show the message, cut or ``whole``, in lines of about ``cells``."""
        message = self.message
        text = roomy(body(message, whole=whole), cells)
        lines = [message_head(message, ticket, zone, ways)]
        if message.undelivered:
            why = clean_line(message.not_delivered)
            lines.append(Content.styled(f"✗ {why}", "$error bold") if message.mail else _quiet(why))
        if about := own_subject(message.mail.subject if message.mail else None, ticket.subject):
            lines.append(_quiet(f"subject: {about}"))
        lines.append(Content(text) if text else _quiet("(no words)"))
        left_out = "" if whole else folded(message)
        if left_out:
            lines.append(_quiet(left_out))
        lines += [_quiet(f"! {fault}") for fault in (message.mail.faults if message.mail else ())]
        lines += [_quiet(_attached(attachment)) for attachment in message.attachments]
        self.update(Content("\n").join(lines))


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
        self._ways: Mapping[int, str] = _NO_WAYS
        self._limit = NEWEST
        self._older: Static | None = None
        """The line that tells of older messages, if there are any."""

    @property
    def hidden(self) -> int:
        """How many older messages are not shown."""
        return max(0, len(self._ticket.messages) - self._limit) if self._ticket else 0

    def show(self, ticket: Ticket, ways: Mapping[int, str] = _NO_WAYS) -> None:
        """Show the ticket as it is now; what is new comes at the end, and into sight.

        ``ways`` tells how messages stand on their way out.
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
        for view in self.query(MessageView):
            if view.message.direction is Direction.OUT:
                self._say(view)
        if first or added:
            self.call_after_refresh(self.show_latest)

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

    def on_resize(self) -> None:
        """Break lines anew, where their width is disputed."""
        ticket = self._ticket
        for view in self.query(MessageView):
            if ticket is not None and not view.message.text.isascii():
                self._say(view)

    def turn_whole(self) -> None:
        """Show quotes and long texts in full, or folded again."""
        self.whole = not self.whole
        if self._ticket is not None:
            for view in self.query(MessageView):
                self._say(view)

    def show_latest(self) -> None:
        """Bring what the customer wrote last into sight, with as much after it as fits."""
        views = list(self.query(MessageView))
        last = next((v for v in reversed(views) if v.message.direction is Direction.IN), None)
        top = last.virtual_region.y if last is not None else self.max_scroll_y
        self.scroll_to(y=min(top, self.max_scroll_y), animate=False)

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
        zone, cells = self._zone(), self._cells
        view.say(self._ticket, self._ways, zone, cells=cells, whole=self.whole)

    def _zone(self) -> ZoneInfo:
        return desk_of(self).zone


def told_since(old: Ticket, new: Ticket, zone: ZoneInfo) -> Content:
    """What came in or was done on the ticket since ``old``: messages and changes, oldest first."""
    lines: list[Content] = []
    for message in new.messages[len(old.messages) :]:
        lines.append(message_head(message, new, zone))
        lines.append(Content(body(message)))
    for event in new.history[len(old.history) :]:
        detail = f": {clean_line(event.detail)}" if event.detail else ""
        lines.append(_quiet(f"· {clean_line(event.what)}{detail}, by {clean_line(event.by)}"))
    return Content("\n").join(lines)
