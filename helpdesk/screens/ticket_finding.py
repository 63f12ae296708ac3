"""Finding words in the messages of the ticket that is open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from helpdesk.screens.ticket_deeds import TicketDeeds
from helpdesk.terminal.actions import Action, labelled, pick
from helpdesk.widgets.conversation import Conversation
from helpdesk.widgets.find_line import FindLine

if TYPE_CHECKING:
    from textual.widgets import Input

NOTHING_SOUGHT = "/ finds words in the messages first"
_TYPING_KEYS = (
    replace(pick("next_found")[0], label="keep", shown="⏎"),
    replace(pick("down")[0], label="next", shown="↓"),
    replace(pick("up")[0], label="before", shown="↑"),
    *labelled(pick("back"), {"back": "end"}),
    replace(pick("help")[0], shown="f1"),
)


class FindingScreen(TicketDeeds):
    """A screen of one ticket, in whose conversation words are found."""

    came_from_search = False
    """Whether what is looked for was brought along from a search: then back leads there."""

    @property
    def conversation(self) -> Conversation:
        """The messages."""
        return self.query_one(Conversation)

    find_line: FindLine | None = None
    """The line to type in, while something is looked for."""

    def why_not(self, name: str) -> str | None:
        """Why there is no next place."""
        if name in ("next_found", "found_before"):
            finding = self.conversation.finding
            if finding is None:
                return NOTHING_SOUGHT
            return None if finding.spots else f"{finding}: / looks for other words"
        return super().why_not(name)

    async def action_find(self) -> None:
        """Type what to find; where it shows, as it is typed."""
        self.remove_class("-card")
        self.came_from_search = False
        line = self.find_line
        if line is None:
            line = await self._open_line("")
        self.conversation.begin_to_find()
        line.edit()
        self.offer_keys()

    async def _open_line(self, text: str) -> FindLine:
        line = self.find_line = FindLine(text)
        await self.query_one("#ticket").mount(line)
        return line

    async def find_sought(self, text: str) -> None:
        """Find what a search has found, the newest place first; subject or name may hold it."""
        conversation = self.conversation
        finding = conversation.find(text)
        if finding is None or not finding.spots:
            conversation.find("")
            conversation.call_after_refresh(conversation.show_latest)
            return
        self.came_from_search = True
        await self._open_line(text)
        self.say_found()
        self.offer_keys()

    def on_input_changed(self) -> None:
        """Find what is typed so far."""
        line, conversation = self.find_line, self.conversation
        if line is None or (conversation.finding and conversation.finding.text == line.text):
            return
        is_begun = len(line.text) == 1 and line.text.isascii()
        conversation.find("" if is_begun else line.text)
        self.say_found()
        if is_begun:
            line.answer("…")  # it stands nearly everywhere, and goes on most likely

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter ends the typing; what is found stays marked, and keys are those of the ticket."""
        event.stop()
        self._find_one_letter()
        if self.conversation.finding is None:
            self._end_finding()
            return
        self.set_focus(None)
        self.offer_keys()

    def say_found(self) -> None:
        """Say which of how many places is in sight."""
        line, finding = self.find_line, self.conversation.finding
        if line is not None:
            line.answer(str(finding) if finding is not None else "")

    def offer_keys(self) -> None:
        """Show the keys for what can be done now."""

    @property
    def finding_keys(self) -> tuple[Action, ...]:
        """The keys of finding, for the line of keys; none if nothing is looked for."""
        line = self.find_line
        if line is None:
            return ()
        if line.is_typed_in:
            return _TYPING_KEYS
        ends = "back" if self.came_from_search else "end"
        words = {"next_found": "next", "found_before": "before", "find": "find", "back": ends}
        return labelled(pick("next_found found_before find back"), words)

    def action_next_found(self) -> None:
        """On to the next place."""
        self._find_along(1)

    def action_found_before(self) -> None:
        """Back to the place before."""
        self._find_along(-1)

    def action_down(self) -> None:
        """A line down; while it is typed what to find, the next place."""
        if self._types:
            self._find_along(1)
        else:
            super().action_down()

    def action_up(self) -> None:
        """A line up; while it is typed what to find, the place before."""
        if self._types:
            self._find_along(-1)
        else:
            super().action_up()

    @property
    def _types(self) -> bool:
        line = self.find_line
        return line is not None and line.is_typed_in

    def _find_along(self, by: int) -> None:
        if self.conversation.finding is None:
            self._find_one_letter()
            return
        if self.conversation.find_along(by):
            self.tell(f"from the {'top' if by > 0 else 'end'} again")
        self.say_found()

    def _find_one_letter(self) -> None:
        """Find the one letter that is typed, which is meant as the agent asks where it is."""
        if self.conversation.finding is None and self.find_line is not None:
            self.conversation.find(self.find_line.text)
            self.say_found()

    def action_back(self) -> None:
        """End the finding, else leave the ticket."""
        if self.find_line is None or (self.came_from_search and not self._types):
            super().action_back()
        else:
            self._end_finding()

    def _end_finding(self) -> None:
        line = self.find_line
        if line is not None:
            self.find_line = None
            self.set_focus(None)
            line.remove()
        self.conversation.find("")
        self.offer_keys()
