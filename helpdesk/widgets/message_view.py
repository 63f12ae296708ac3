"""One message of a ticket: its words as they are shown, and the widget that shows them."""

import re
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from textual.content import Content, Span
from textual.widgets import Static

from helpdesk import clock
from helpdesk.domain.matching import standing_in
from helpdesk.domain.message import Attachment, Message
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.wording import brief_time, channel_words
from helpdesk.domain.words import Direction, Outcome
from helpdesk.mail.subjects import own_subject
from helpdesk.text import clean, clean_line
from helpdesk.widgets.finding import Finding
from helpdesk.widgets.wrapping import roomy

SHOWN_CHARACTERS = 4000
"""A message longer than this is cut until it is asked for in full."""

FOUND, IN_SIGHT = "$accent bold underline", "bold reverse"
"""How what was found is marked, and the one place of it that is looked at."""
MARKED = 200
"""So many places are marked in one message."""

NO_WAYS: Mapping[int, str] = {}
_WORDS_END = re.compile(r"\s")
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


def found_there(message: Message, finding: Finding | None) -> str:
    """How often what is looked for stands in what ``folded`` tells of."""
    if finding is None:
        return ""
    times = finding.times.get(message.id, 0)  # none yet of a message that just comes in
    if times:
        times -= len(standing_in(body(message), finding.words))
    return f" · {times} found there" if times > 0 else ""


def message_head(
    message: Message, ticket: Ticket, zone: ZoneInfo, ways: Mapping[int, str] = NO_WAYS
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


def _marked(text: str, words: Sequence[str], nth: int | None) -> tuple[Content, int | None]:
    """The text with what holds the words marked, and where the ``nth`` of it ends.

    Of more than MARKED places those around the ``nth``: to draw each one takes its time.
    """
    found = standing_in(text, words)
    first = max(0, (nth or 0) - MARKED // 2)
    spans = [
        Span(start, end, IN_SIGHT if number == nth else FOUND)
        for number, (start, end) in enumerate(found[first : first + MARKED], first)
    ]
    place = found[nth][1] if nth is not None and nth < len(found) else None
    return Content(text, spans), place


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
        self._up_to_found: Content | None = None
        """The words up to the place that is looked at, if that is in this message."""

    def say(
        self,
        ticket: Ticket,
        ways: Mapping[int, str],
        zone: ZoneInfo,
        *,
        cells: int,
        whole: bool,
        finding: Finding | None = None,
    ) -> None:
        """Show the message, cut or ``whole``, in lines of about ``cells``, with what is found."""
        message = self.message
        text = roomy(body(message, whole=whole), cells)
        lines = [message_head(message, ticket, zone, ways)]
        if message.undelivered:
            why = clean_line(message.not_delivered)
            lines.append(Content.styled(f"✗ {why}", "$error bold") if message.mail else _quiet(why))
        if about := own_subject(message.mail.subject if message.mail else None, ticket.subject):
            lines.append(_quiet(f"subject: {about}"))
        lines.append(self._words(text, lines, finding))
        left_out = "" if whole else folded(message)
        if left_out:
            lines.append(_quiet(f"{left_out}{found_there(message, finding)}"))
        lines += [_quiet(f"! {fault}") for fault in (message.mail.faults if message.mail else ())]
        lines += [_quiet(_attached(attachment)) for attachment in message.attachments]
        self.update(Content("\n").join(lines))

    def _words(self, text: str, above: Sequence[Content], finding: Finding | None) -> Content:
        """The words of the message, with what is found marked."""
        self._up_to_found = None
        if not text:
            return _quiet("(no words)")
        if finding is None:
            return Content(text)
        spot = finding.spot
        nth = spot.nth if spot is not None and spot.message == self.message.id else None
        marked, end = _marked(text, finding.words, nth)
        if end is not None:
            rest = _WORDS_END.search(text, end)
            up_to = text[: rest.start() if rest else len(text)]
            self._up_to_found = Content("\n").join([*above, Content(up_to)])
        return marked

    @property
    def line_of_found(self) -> int | None:
        """On which line of the message the place is that is looked at, if it is in this one."""
        if self._up_to_found is None:
            return None
        return len(self._up_to_found.wrap(max(1, self.content_size.width))) - 1


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
