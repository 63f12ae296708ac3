"""Making a desk of a copy that was taken while others worked: what it holds by half is made whole.

A backup by `cp -a` or rsync takes some documents before a change of several and others after it.
Whoever first opens the copy finishes such a change or takes it back, as after a crash. What has no
place in it is put into a folder of ``former/``; nobody's words are lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress

from helpdesk import clock
from helpdesk.domain import erasure, halves, joining
from helpdesk.domain import outgoing as sending
from helpdesk.domain.audit import Deed, Entry, read_entry
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import HelpdeskError, InvalidInput, NotFound, Unavailable
from helpdesk.domain.message import HELD_BACK
from helpdesk.domain.outgoing import Outgoing, Sending
from helpdesk.domain.steps import Deed as Change
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.undelivered import never_left
from helpdesk.domain.words import Channel
from helpdesk.store import (
    checking_numbers,
    durable,
    formats,
    home,
    joined,
    journal,
    mail_finding,
    numbers,
    redo,
)
from helpdesk.store.archive import Archive
from helpdesk.store.checking import leftovers
from helpdesk.store.folder import UnreadableDocument
from helpdesk.store.halves import Halves, find
from helpdesk.store.keeping import Keeping
from helpdesk.store.writing import FileWriting

Writing = Callable[[], AbstractContextManager[FileWriting]]

_SAID = {
    "profiles": "{} made anew from tickets",
    "erased": "{} stripped whose customers were erased",
    "handed": "{} handed over to whom the customers were merged into",
    "merged": "{} closed by a merge",
    "unmerged": "{} as before a merge",
    "files": "{} without some files",
    "letters": "{} of the outbox set right",
    "numbers": "{} not there at all",
    "aside": "{} put into {where}, to be removed once all is well",
}
_NOUNS = {
    "profiles": ("customer", "customers"),
    "letters": ("message", "messages"),
    "aside": ("file", "files"),
}


class PuttingRight:
    """What is done to a copy of a desk, once; ``writing`` is the store's own."""

    def __init__(self, keeping: Keeping, writing: Writing) -> None:
        self._desk = keeping.desk
        self._keeping = keeping
        self._writing = writing
        self._documents = keeping.documents
        self._now = clock.now()
        self._done: Counter[str] = Counter()
        self._stripped: set[int] = set()
        self._of_erased: list[int] = []

    def run(self) -> str | None:
        """Put the copy right; gives what was done, as a line, if anything was.

        The index has to be up to date. Raises as every writing.
        """
        with self._writing() as writing:
            if not home.is_copy(self._desk):
                return None  # somebody else has done it meanwhile
            with self._keeping.reading() as db:
                found = find(db, self._desk, self._documents)
            self._make_whole(writing, found)
        with self._keeping.alone():
            place = self._be_home(found) if home.is_copy(self._desk) else ""
        self._record()
        return self._said(place)

    def _be_home(self, found: Halves) -> str:
        """Do what is left once the documents are whole; gives the folder of what was put aside."""
        place = self._put_aside(found)
        if found.numbers:
            known = numbers.lost(self._desk, checking_numbers.KIND)
            gaps = sorted({*known, *found.numbers})
            numbers.note_lost(self._desk, checking_numbers.KIND, gaps)
            self._done["numbers"] = sum(last - first + 1 for first, last in found.numbers)
        home.note(self._desk)
        return place

    def _record(self) -> None:
        """Put on record how much was done, if anything was, for as far as that can be done."""
        done = {name: count for name, count in self._done.items() if count}
        if done:
            entry = Entry(self._now, halves.BY, Deed.PUT_RIGHT, dict(done))
            with suppress(HelpdeskError):
                journal.append(self._desk, entry.as_line())

    def _make_whole(self, writing: FileWriting, found: Halves) -> None:
        merged = dict(self._merges_of_customers(writing, found))
        erased = self._erased() if found.homeless else set()
        for number, tickets in found.homeless.items():
            is_new = number in found.newcomers
            homeless = [writing.ticket(n) for n in tickets]
            self._give_home(writing, number, homeless, merged, erased, is_new=is_new)
        for number in found.recent["tickets"]:
            if self._documents["tickets"].read(number).get("links"):
                self._finish_merges(writing, number)
        for number, files in found.files.items():
            ticket = writing.ticket(number)
            if not ticket.erased:
                writing.put(halves.without_files(ticket, files, self._now))
                self._done["files"] += 1
        for number in {*found.outbox, *found.of_erased, *self._of_erased}:
            self._set_right(writing, writing.outgoing(number))

    def _merges_of_customers(
        self, writing: FileWriting, found: Halves
    ) -> Iterator[tuple[int, int]]:
        """From whom to whom profiles were merged of late, as a note says; whoever is still there
        goes now, if the other has all of him: anybody could write such a note."""
        for number in found.recent["customers"]:
            into = writing.customer(number)
            for away in joining.merged_into(into):
                yield away, number
                goes = self._profile(writing, away) if away != into.id else None
                if goes is not None and joining.holds(into, goes):
                    joined.note(self._desk, away, into.id)
                    for ticket in self._tickets_of(away):
                        self._hand_over(writing, writing.ticket(ticket), into.id)
                    writing.remove_customer(away)

    def _profile(self, writing: FileWriting, number: int) -> Customer | None:
        """The profile of that very number, if it is there and can be read."""
        is_there = str(number) in self._documents["customers"]
        if is_there and number not in writing.removed["customers"]:
            with suppress(UnreadableDocument):
                return writing.customer(number)
        return None

    def _give_home(
        self,
        writing: FileWriting,
        number: int,
        tickets: list[Ticket],
        merged: dict[int, int],
        erased: set[int],
        *,
        is_new: bool,
    ) -> None:
        """Find the customer of tickets whose profile is not there, if he is new or has gone."""
        into = joined.followed(self._desk, merged.get(number, number))
        if into != number and str(into) in self._documents["customers"]:
            stays = self._profile(writing, into)
            if stays is not None and number not in joining.merged_into(stays):
                # Of the profile that went there is nothing left but what its tickets tell.
                goes = halves.profile_of(number, tickets, self._now)
                writing.put(joining.join(goes, stays, at=self._now, by=halves.BY))
            for ticket in tickets:
                self._hand_over(writing, ticket, into)
        elif number in erased:
            self._strip(writing, tickets)
        elif is_new:
            writing.put(halves.profile_of(number, tickets, self._now))
            self._done["profiles"] += 1

    def _strip(self, writing: FileWriting, tickets: list[Ticket]) -> None:
        """Erase the tickets of a customer who was erased, with all that is theirs alone."""
        archive = Archive(self._desk)
        self._stripped.update(ticket.id for ticket in tickets)
        for ticket in tickets:
            with self._keeping.reading() as db:
                self._of_erased.extend(mail_finding.outgoing_of(db, ticket.id).values())
                for sha256 in filter(archive.holds, ticket.kept):
                    if self._stripped.issuperset(mail_finding.referring_to(db, sha256)):
                        writing.let_go(sha256)
            writing.put(erasure.erase(ticket, at=self._now, by=halves.BY))
            self._done["erased"] += 1

    def _hand_over(self, writing: FileWriting, ticket: Ticket, into: int) -> None:
        writing.put(joining.hand_over(ticket, into, at=self._now, by=halves.BY))
        self._done["handed"] += 1

    def _finish_merges(self, writing: FileWriting, number: int) -> None:
        """Of a merge that one ticket knows of alone: close the other, or open this one again."""
        ticket = writing.ticket(number)
        for away in halves.merged_from(ticket):
            with suppress(NotFound, UnreadableDocument):
                other = writing.ticket(away)
                if other.merged_into is None and not other.erased:
                    writing.put(halves.closed_by_merge(other, ticket, self._now))
                    self._done["merged"] += 1
        into = ticket.merged_into
        if into is not None and not ticket.erased and not self._knows(writing, into, number):
            writing.put(halves.unmerged(ticket, into, self._now))
            self._done["unmerged"] += 1

    def _knows(self, writing: FileWriting, into: int, away: int) -> bool:
        try:
            return away in halves.merged_from(writing.ticket(into))
        except NotFound:
            return False
        except UnreadableDocument:
            return True  # nobody can say

    def _set_right(self, writing: FileWriting, outgoing: Outgoing) -> None:
        """Let the outbox say of a message what its ticket says."""
        try:
            ticket = writing.ticket(outgoing.ticket)
        except UnreadableDocument:
            return
        except NotFound:
            ticket = None
        message = ticket.message(outgoing.message) if ticket is not None else None
        if ticket is None or message is None or ticket.erased:
            writing.remove_outgoing(outgoing.id)
        elif outgoing.state is Sending.FAILED and message.undelivered is None:
            deed = Change(at=max(self._now, ticket.updated), by=halves.BY, channel=Channel.EMAIL)
            writing.put(never_left(ticket, deed, message.id, outgoing.last_words))
        elif outgoing.state is Sending.QUEUED and message.undelivered == HELD_BACK:
            writing.put(sending.held(outgoing))
        elif outgoing.state is Sending.QUEUED and message.undelivered is not None:
            writing.put(sending.failed(outgoing, self._now, message.undelivered))
        else:
            return
        self._done["letters"] += 1

    def _tickets_of(self, customer: int) -> list[int]:
        with self._keeping.reading() as db:
            found = db.execute("SELECT id FROM tickets WHERE customer = ? ORDER BY id", (customer,))
            return [number for (number,) in found]

    def _erased(self) -> set[int]:
        """The customers who were erased, as the audit log says."""
        found = set()
        with suppress(Unavailable):
            for _, line in journal.lines(self._desk):
                with suppress(InvalidInput):
                    entry = read_entry(line)
                    if entry.what is Deed.ERASED:
                        found.add(int(entry.details.get("customer", 0)))
        return found

    def _put_aside(self, found: Halves) -> str:
        """Take out what has no place in the copy; gives the folder that it is put into."""
        archive = Archive(self._desk)
        out = [archive.path_of(sha256) for sha256 in found.unclaimed]
        unfinished = self._desk / redo.SET_ASIDE
        with suppress(FileNotFoundError):
            if unfinished.stat().st_mtime_ns >= found.since:
                out.append(unfinished)
        for path in leftovers(self._desk, self._documents):
            durable.remove_file(path, desk=self._desk)
        place = formats.free_place(self._desk, "copy")
        targets = [self._desk / place / path.relative_to(self._desk) for path in out]
        for path, target in zip(out, targets, strict=True):
            durable.make_folders(target.parent, self._desk)
            with durable.reporting(target, self._desk):
                durable.files.rename(path, target)
        durable.sync_folders([*targets, *out], self._desk)
        self._done["aside"] = len(out)
        return place

    def _said(self, place: str) -> str | None:
        done = [
            words.format(_counted(name, self._done[name]), where=place)
            for name, words in _SAID.items()
            if self._done[name]
        ]
        if not done:
            return None
        return f"this copy was made while others worked, and was put right: {'; '.join(done)}"


def _counted(name: str, count: int) -> str:
    one, many = _NOUNS.get(name, ("ticket", "tickets"))
    return f"1 {one}" if count == 1 else f"{count:,} {many}"
