"""Sending what is written to the customer: held for some seconds, and not before the agent has
seen what came in meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import ScreenResultType

from helpdesk.desk.own_changes import only_own, ticket_to_act_on
from helpdesk.domain.draft import Draft
from helpdesk.domain.errors import HelpdeskError, TryAgain
from helpdesk.screens.keeping import KeptScreen
from helpdesk.screens.writing import WritingScreen
from helpdesk.widgets.last_words import LastWords
from helpdesk.widgets.message_view import told_since

if TYPE_CHECKING:
    from helpdesk.domain.ticket import Ticket

Deed = Callable[[int], object]
"""Sends what is written; given the ``rev`` of the ticket that it is written about."""


class SendingScreen(KeptScreen[ScreenResultType]):
    """A screen on which something is written to the customer of a ticket.

    A subclass yields LastWords among its widgets, for what comes in meanwhile.
    """

    DEFAULT_CLASSES = "message"

    def __init__(self, draft: Draft | None = None) -> None:
        super().__init__(draft)
        self._unread: str | None = None
        """What came in that the agent was not stopped for yet."""
        self._before: Ticket | None = None
        """The ticket before that."""
        self.was_sent = False
        """Whether the agent left by sending."""

    @property
    def about(self) -> Ticket | None:
        """The ticket as the agent saw it, where it matters if that is still so."""
        return None

    @property
    def read_ticket(self) -> Ticket | None:
        """The ticket as the agent saw it."""
        return self.about

    def seen(self) -> int | None:
        """The ``rev`` of the ticket as the agent saw it; None where it does not matter."""
        return self.about.rev if self.about is not None else None

    def take_news(self, before: Ticket, now: Ticket) -> str:
        """Take the ticket as it is now, and show what came in; gives what to say about it."""
        self.see(now)
        self.query_one(LastWords).show(told_since(before, now, self.desk.zone), new=True)
        self.add_class("-news")
        return ", see above"

    def see(self, ticket: Ticket) -> None:
        """Take it that the agent has seen the ticket like this."""

    # Sending

    def send_held(self, words: str, deed: Deed, *, settles: bool = True) -> None:
        """Send it after some seconds, in which it can be taken back; ``settles`` says whether it
        does anything to the promise."""
        read, held, draft = self.read_ticket, self.held, self.as_draft()
        assert read is not None
        if held.seconds <= 0:

            def at_once() -> object:
                return deed(ticket_to_act_on(self.desk, read).rev)

            self.send(at_once, partial(self._sent_at_once, words), self.not_sent)
            return

        def hold() -> None:
            self.look_again()
            own = self.give_draft_away(draft)
            try:
                held.hold(words, deed, read, own, settles=settles)
            except Exception:
                self.take_draft_again()
                raise

        WritingScreen.send(self, hold, lambda _: self.leave_sent(), self.not_sent)

    def _sent_at_once(self, words: str, _: object) -> None:
        self.taking_back.stays(f"the {words} is sent already")
        self.leave_sent()

    def look_again(self) -> None:
        """In a thread: raise TryAgain if anybody else has changed the ticket since it was read."""
        seen = self.about
        if seen is None or self.seen() is None:
            return
        now = self.desk.store.ticket(seen.id)
        if now.rev != self.seen() and not only_own(seen, now, self.desk.agent):
            raise TryAgain(f"ticket {seen.id} was changed meanwhile; look at it again")

    def leave_sent(self) -> None:
        """Leave, as it is sent."""
        self.was_sent = True
        self.leave()
        self.app.call_later(self.held.show)

    # What others do meanwhile

    def refresh_rows(self) -> None:
        """Look whether somebody else has changed the ticket."""
        super().refresh_rows()
        number = self.ticket_number
        if number is not None and self.seen() is not None:
            read = partial(self.desk.store.ticket, number)
            self.work(read, self._looked, group="news", failed=lambda _: None)

    def _looked(self, ticket: Ticket) -> None:
        if ticket.rev == self.seen() or self.is_sending or ticket.erased:
            return
        if self.about is not None and only_own(self.about, ticket, self.desk.agent):
            self.see(ticket)
        else:
            self._unread = self._news(ticket)
            self.complain(f"the ticket changed while you write{self._unread}")

    def say_where_from(self, draft: Draft) -> None:
        """Say that this is an earlier draft, and what came in since."""
        super().say_where_from(draft)
        if draft.seen is not None and draft.seen != self.seen():
            self.call_after_refresh(self._changed_since, draft)

    def _changed_since(self, draft: Draft) -> None:
        """The ticket changed since the draft was written: show what came in after that."""
        ticket = self.about
        if ticket is None:
            return
        before = ticket.model_copy(
            update={
                "messages": tuple(each for each in ticket.messages if each.at <= draft.saved),
                "history": tuple(each for each in ticket.history if each.at <= draft.saved),
            }
        )
        if told_since(before, ticket, self.desk.zone).plain and only_own(
            before, ticket, self.desk.agent
        ):
            return
        self.see(before)
        self.complain(f"the ticket changed since you wrote this{self._news(ticket)}")

    def is_stopped(self) -> bool:
        """Stop the sending once if something came in; whether it is stopped."""
        news, self._unread = self._unread, None
        if news is not None:
            self._say_not_sent(news)
        return news is not None

    def _news(self, ticket: Ticket) -> str:
        """Take in what is new besides what the agent was not stopped for yet."""
        self._before = self._before or self.about
        return self.take_news(self._before, ticket) if self._before is not None else ""

    def _say_not_sent(self, news: str) -> None:
        self._before = None
        self.complain(f"not sent yet: the ticket changed meanwhile; ^s sends it all the same{news}")

    def not_sent(self, error: HelpdeskError) -> None:
        """If the ticket changed since it was read, show what came in; the text stays."""
        number = self.ticket_number
        if isinstance(error, TryAgain) and number is not None:
            read = partial(self.desk.store.ticket, number)
            self.work(read, partial(self._stopped_by, error))
        else:
            self.complain(error)

    def _stopped_by(self, error: HelpdeskError, ticket: Ticket) -> None:
        if self.about is not None and self.about.rev != ticket.rev:
            self._unread = self._news(ticket)
        if not self.is_stopped():  # nor had a tick just taken in what stopped it
            self.complain(error)
