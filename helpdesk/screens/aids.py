"""What helps to write: texts for frequent answers, the agent's own editor."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported
from textual.screen import ScreenResultType

from helpdesk.domain.errors import HelpdeskError, InvalidInput, Unavailable
from helpdesk.screens.sending import SendingScreen
from helpdesk.widgets.fields import TextField

if TYPE_CHECKING:
    from helpdesk.terminal.editor import Edited

OFF_ON_THE_DESK = "the desk does not allow other programs: whoever runs it sets editor = true"
OFF_FOR_THE_AGENT = "your editor is off: set editor = true in your preferences.toml"


class AidedScreen(SendingScreen[ScreenResultType]):
    """A screen on which a message about a ticket is written."""

    _edited: Edited | None = None
    """The message, while an editor has it."""

    @property
    def next_date(self) -> datetime | None:
        """The date that the message tells, if it is to tell one."""
        return None

    def message(self) -> str:
        """The message; if an editor has it, as the editor saved it last."""
        if self._edited is not None:
            with suppress(HelpdeskError):
                return self._edited.text()
        return super().message()

    def _message_in_sight(self) -> TextField:
        field = self.message_field
        if not field.display:
            raise InvalidInput("the customer gets no message: choose first that he does")
        return field

    def action_texts(self) -> None:
        """Offer the texts for frequent answers; the chosen one goes to the cursor."""
        from helpdesk.screens.macros import MacrosScreen, read

        number, field = self.ticket_number, self._message_in_sight()
        if number is None:
            return

        def chosen(text: str | None) -> None:
            if text is not None:
                field.insert_paragraph(text)
                field.focus()

        self.work(
            partial(read, self.desk, number, self.next_date),
            lambda found: self.app.push_screen(MacrosScreen(found), chosen),
            group="texts",
            keys_wait=True,
        )

    def action_editor(self) -> None:
        """Write the message in the agent's own editor."""
        if "settings" not in self.desk.__dict__:
            raise InvalidInput("the settings are not read yet; try again")
        if not self.desk.settings.desk.editor:
            raise InvalidInput(OFF_ON_THE_DESK)
        if not self.preferences.editor:
            raise InvalidInput(OFF_FOR_THE_AGENT)
        from helpdesk.terminal import editor

        field, command = self._message_in_sight(), editor.command()
        # Nobody looks at the clock while the editor has the terminal.
        self.work(self.held.carry_out_all, lambda _: self._edit(field, command))

    def _edit(self, field: TextField, command: list[str]) -> None:
        from helpdesk.terminal.editor import lent

        failure: HelpdeskError | None = None
        with lent(field.text) as edited:
            self._edited = edited
            try:
                with self.app.suspend():
                    # An error that left this block would leave the terminal to the editor.
                    try:
                        edited.run(command)
                    except HelpdeskError as error:
                        failure = error
            except SuspendNotSupported:
                raise Unavailable("this terminal cannot be lent to an editor") from None
            finally:
                self._edited = None
            if failure is not None:
                raise failure
            text = edited.text()
        if text != field.text:
            field.fill(text, len(text))
        field.focus()
