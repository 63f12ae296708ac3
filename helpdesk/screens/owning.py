"""A message that owns a delay: the apology is in it for as long as one is owed, and no longer."""

from __future__ import annotations

from textual.screen import ScreenResultType

from helpdesk.desk import answers, letters
from helpdesk.domain.customer import Customer
from helpdesk.domain.draft import Draft
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.wording import channel_words
from helpdesk.screens.aids import AidedScreen
from helpdesk.widgets.sending_words import reaches_nobody


class OwningScreen(AidedScreen[ScreenResultType]):
    """A screen on which a message to ``customer`` is written, which may have to own a delay."""

    def __init__(self, draft: Draft | None = None) -> None:
        super().__init__(draft)
        self.customer: Customer | None = None
        self.draft = ""
        """What the message began with, before anything was typed."""
        self._said_nobody = False
        """Whether the agent was told that the message reaches nobody."""
        self._apology = ""
        """The apology that the desk put into the message: what the agent typed himself is his."""

    def owed(self, ticket: Ticket) -> str:
        """The apology that is owed on the ticket as it is now, if any."""
        if self.customer is None:
            return ""
        return answers.owed_apology(self.desk, ticket, self.customer)

    def stops_for_nobody(self, ticket: Ticket) -> bool:
        """Whether it is held up once, as no address is known for it to go to."""
        customer = self.customer
        if self._said_nobody or customer is None or not reaches_nobody(customer, ticket.channel):
            return False
        self._said_nobody = True
        self.complain(
            f"no address for {channel_words(ticket.channel)} is known: add one to the profile; "
            "or ^s once more, if you tell the customer yourself"
        )
        return True

    def apologizes(self, text: str, apology: str) -> bool:
        """Whether the text owns the delay, in these words or others."""
        assert self.customer is not None
        return letters.apologizes(self.desk, self.customer, text, apology)

    def typed(self) -> dict[str, str]:
        """What else is typed, and the apology that was not."""
        found = super().typed()
        return found | {"apology": self._apology} if self._apology else found

    def fill_in(self, draft: Draft) -> None:
        """Put everything where it stood."""
        super().fill_in(draft)
        self._apology = draft.fields.get("apology", "")

    def put_in_apology(self, apology: str) -> None:
        """Put the apology into the message."""
        assert self.customer is not None
        field = self.message_field
        field.text = letters.with_apology(self.desk, self.customer, field.text, apology)
        self._apology = apology

    def take_news(self, before: Ticket, now: Ticket) -> str:
        """Show what came in; an apology that is owed no more leaves the message."""
        news = super().take_news(before, now)
        if self._apology and self.owed(now) != self._apology and self._take_out_apology():
            return f"{news}; the apology is out of the text: that delay is owned already"
        return news

    def _take_out_apology(self) -> bool:
        """Take out what the desk put in; whether it was still there."""
        apology, self._apology = self._apology, ""
        self.draft = letters.without(self.draft, apology)
        return self.take_out(apology)

    def take_out(self, part: str) -> bool:
        """Take ``part`` out of the message, the cursor staying; whether it was there."""
        field = self.message_field
        text = letters.without(field.text, part)
        if text == field.text:
            return False
        behind = len(field.text) - len(field.get_text_range((0, 0), field.cursor_location))
        field.fill(text, max(0, len(text) - behind))
        return True
