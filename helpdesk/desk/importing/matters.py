"""Reading the rows of a table as matters that another system dealt with."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from helpdesk.desk.desk import Desk
from helpdesk.desk.importing.cells import Read, Row
from helpdesk.desk.importing.dates import Dates
from helpdesk.desk.importing.mapping import TicketMapping, ValuesSection
from helpdesk.desk.importing.rejects import Rejected
from helpdesk.domain.past import PastMatter, PastPromise, outlived_its_word
from helpdesk.domain.words import Channel, Kind, Outcome, Priority, State
from helpdesk.text import clean, clean_line

LONGEST_ID = 200
"""Characters that the number of a record may have."""

_TEXT_FIELDS = (
    "external_id", "received", "subject", "text", "kind", "channel", "priority",
    "state", "answered", "answer", "outcome", "resolution",
)  # fmt: skip
_NOT_OF_A_TAG = re.compile(r"[\W_]+")

W = TypeVar("W", bound=StrEnum)


class Matters:
    """Reads matters by a mapping, from rows whose columns lie at ``places``."""

    def __init__(self, desk: Desk, mapping: TicketMapping, places: Mapping[str, int]) -> None:
        self._desk = desk
        self._mapping = mapping
        self._dates = Dates(mapping.zone, mapping.dates)
        fields = {name: getattr(mapping.fields, name) for name in _TEXT_FIELDS}
        self._reads: dict[str, Read] = {
            name: _translated(cell.bound(places), mapping.values.get(name))
            for name, cell in fields.items()
            if cell is not None
        }
        self._tags = tuple(cell.bound(places) for cell in mapping.fields.tags)
        due = mapping.promise.due
        self._due: Read = due.bound(places) if due else lambda _: ""

    def external_id(self, row: Row) -> str:
        """The number of the record in its source. Raises Rejected if there is none."""
        text = self._text("external_id", row)
        if len(text) > LONGEST_ID:
            raise Rejected(f"external_id: is longer than {LONGEST_ID} characters")
        number = clean_line(text)
        if not number:
            raise Rejected("external_id: is empty")
        return number

    def matter(self, row: Row, author: str) -> PastMatter:
        """The matter that a row tells of, with no promise but one that the row states.

        Raises:
            Rejected: naming the field that cannot be taken.
        """
        subject = clean_line(self._text("subject", row))
        text = clean(self._text("text", row)).strip() or subject
        if not subject:
            raise Rejected("subject: is empty")
        received = self._moment("received", self._text("received", row))
        if received is None:
            raise Rejected("received: is empty")
        answered = self._moment("answered", self._text("answered", row), after=received)
        return PastMatter(
            source=self._mapping.source,
            external_id=self.external_id(row),
            kind=self._word("kind", Kind, row),
            channel=self._word("channel", Channel, row),
            priority=self._word("priority", Priority, row),
            subject=subject,
            text=text,
            author=author,
            received=received,
            state=self._state(row, answered),
            promise=self._stated_promise(row, received),
            answered=answered,
            answer=self._text("answer", row),
            outcome=self._outcome(row),
            answer_may_be_unknown=self._mapping.promise.unknown_answer == "withdrawn",
            resolution=self._text("resolution", row),
            tags=self._all_tags(row),
        )

    def promised(self, matter: PastMatter, now: datetime) -> PastMatter:
        """The matter with the promise that it must have: if the row states none, by policy.

        Raises:
            BadConfiguration: if the desk's policy gives none.
        """
        if matter.promise is not None:
            return matter
        if self._mapping.promise.by == "policy":
            promise = self._by_policy(matter, matter.received, matter.source)
        elif matter.state is State.ON_US:
            # The source told no date; whoever waits on us is promised one from now on.
            promise = self._by_policy(matter, now, self._desk.agent)
        else:
            return matter
        return replace(matter, promise=promise)

    def renewed(self, matter: PastMatter, now: datetime) -> PastPromise | None:
        """The promise by policy of somebody who waits, when the one he had is not known any more.

        Raises:
            BadConfiguration: if the desk's policy gives none.
        """
        if not outlived_its_word(matter, now):
            return None
        return self._by_policy(matter, now, self._desk.agent)

    def _text(self, field: str, row: Row) -> str:
        read = self._reads.get(field)
        return read(row) if read else ""

    def _moment(
        self, field: str, text: str, *, end_of_day: bool = False, after: datetime | None = None
    ) -> datetime | None:
        if not text:
            return None
        try:
            return self._dates.instant(text, end_of_day=end_of_day, after=after)
        except ValueError as error:
            raise Rejected(f"{field}: {error}") from None

    def _word(self, field: str, words: type[W], row: Row) -> W:
        text = self._text(field, row).casefold()
        try:
            return words(text)
        except ValueError:
            raise Rejected(
                f"{field}: is empty" if not text else f"{field}: is not in [values.{field}.map]"
            ) from None

    def _state(self, row: Row, answered: datetime | None) -> State:
        if "state" in self._reads:
            return self._word("state", State, row)
        return State.ON_US if answered is None else State.CLOSED

    def _outcome(self, row: Row) -> Outcome | None:
        text = self._text("outcome", row).casefold()
        if not text:
            return None
        if text not in (Outcome.KEPT, Outcome.BROKEN):
            raise Rejected("outcome: is not in [values.outcome.map]")
        return Outcome(text)

    def _all_tags(self, row: Row) -> tuple[str, ...]:
        section = self._mapping.values.get("tags")
        tags: dict[str, None] = {}
        for read in self._tags:
            cell = read(row)
            meant = _meaning(cell, section)
            for tag in cell.split(",") if meant is None else [meant]:
                slug = _NOT_OF_A_TAG.sub("-", clean_line(tag, 40)).strip("-")
                if slug:
                    tags[slug.casefold()] = None
        return tuple(tags)

    def _stated_promise(self, row: Row, received: datetime) -> PastPromise | None:
        due = self._moment("due", self._due(row), end_of_day=True, after=received)
        if due is None:
            return None
        source = self._mapping.source
        words = f"{source} promised an answer by {self._shown(due)}."
        return PastPromise(
            due=due, told_at=received, told_by=source, rule=f"stated by {source}", text=words
        )

    def _by_policy(self, matter: PastMatter, told_at: datetime, told_by: str) -> PastPromise:
        due = self._desk.settings.policy.due(told_at, matter.channel, matter.kind, matter.priority)
        words = f"By the desk's policy there will be an answer by {self._shown(due.due)}."
        return PastPromise(due=due.due, told_at=told_at, told_by=told_by, rule=due.rule, text=words)

    def _shown(self, moment: datetime) -> str:
        zone = self._mapping.timezone
        return f"{moment.astimezone(self._mapping.zone):%Y-%m-%d %H:%M} ({zone})"


def _translated(read: Read, section: ValuesSection | None) -> Read:
    if section is None:
        return read

    def translated(row: Row) -> str:
        text = read(row)
        meant = _meaning(text, section)
        return text if meant is None else meant

    return translated


def _meaning(text: str, section: ValuesSection | None) -> str | None:
    """What a cell's text means by ``[values.FIELD]``; None if that says nothing of it."""
    if section is None:
        return None
    folded = text.casefold()
    if folded in section.folded:
        return section.folded[folded]
    for part, value in section.folded_parts:
        if part in folded:
            return value
    return section.default
