"""What a review of a decision for many tickets says: how much is told to how many, and what."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from textual.content import Content

from helpdesk.desk.bulk import Decision, Move, Step
from helpdesk.domain.wording import channel_words, day_and_time
from helpdesk.text import clean, clean_line
from helpdesk.widgets.customer_card import reaches
from helpdesk.widgets.sending_words import address_words

LOUD, QUIET = "$error bold", "$text-muted"


def told_words(steps: Iterable[Step]) -> str:
    """How many letters go to how many people: ``500 letters to 22 customers``."""
    letters = [step for step in steps if step.letter]
    if not letters:
        return "no customer is told"
    people = len({step.customer.id for step in letters if step.customer is not None})
    return f"{_count(len(letters), 'letter')} to {_count(people, 'customer')}"


def counts(to_do: list[Step], not_done: int) -> Content:
    """What is to be done, the most important first, as the end may be out of sight."""
    line = Content.styled(told_words(to_do), "bold")
    unreached = sum(1 for step in to_do if step.letter and not _reached(step))
    if unreached:
        line += Content.styled(f" · ✗ {unreached} without address", LOUD)
    line += Content(f" · {len(to_do)} to do")
    if not_done:
        line += Content.styled(f" · {not_done} left out", LOUD)
    return line + Content.styled(" · nothing is done yet", QUIET)


def head(
    step: Step | None, decision: Decision, zone: ZoneInfo, *, left_out: bool, mails: bool
) -> Content:
    """Two lines on a ticket: who is told, and what it comes to, in the customer's own time.

    ``mails``: the desk sends mail.
    """
    if step is None:
        return Content("\n")
    if step.refused:
        return Content.styled(f"✗ #{step.number} is left out\n", LOUD)
    first, second = _to_whom(step, mails=mails), _essence(step, decision, zone)
    if left_out:
        second = Content.styled("left out by you: x puts it back", LOUD)
    return Content("\n").join([first, second])


def letter(step: Step | None) -> Content:
    """What the customer is told, or that nothing is; why, where the ticket is left out."""
    if step is None:
        return Content("")
    if step.refused:
        return Content.styled(clean(step.what), LOUD)
    if not step.letter:
        return Content.styled("The customer is told nothing.", QUIET)
    return Content(clean(step.letter).strip("\n"))


def _to_whom(step: Step, *, mails: bool) -> Content:
    name = clean_line(step.customer.name) if step.customer is not None else ""
    if not step.letter or step.customer is None or step.channel is None:
        return Content.assemble((f"#{step.number}", "bold"), f" · {name}")
    channel = channel_words(step.channel)
    if not _reached(step):
        return Content.assemble((f"✗ no address for {channel} is known", LOUD), f" · {name}")
    how = address_words(step.customer, step.channel, step.ticket, mails=mails)
    return Content.assemble(how, f" · {name}")


def _essence(step: Step, decision: Decision, zone: ZoneInfo) -> Content:
    if not isinstance(decision, Move):
        return Content.styled(step.what, "$accent bold")
    here = day_and_time(decision.due, zone)
    there = ZoneInfo(step.customer.timezone) if step.customer and step.customer.timezone else zone
    if decision.due.astimezone(there).utcoffset() == decision.due.astimezone(zone).utcoffset():
        return Content.styled(f"by {here}", "$accent bold")
    local = day_and_time(decision.due, there)
    return Content.assemble(
        (f"by {local}", "$accent bold"), (f" in {there.key}; {here} here", QUIET)
    )


def _reached(step: Step) -> bool:
    return step.customer is None or step.channel is None or reaches(step.customer, step.channel)


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
