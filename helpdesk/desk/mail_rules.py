"""What a new matter by mail is: its kind, tags and priority, by desk.toml."""

from __future__ import annotations

from typing import NamedTuple

from helpdesk.domain.words import Kind, Priority
from helpdesk.mail import authenticity
from helpdesk.mail.letter import Letter
from helpdesk.mail.reply_address import split
from helpdesk.mail_settings import MailRuleSection, MailSection

DISPROVED = "our mail server says that it does not come from its sender's domain (DMARC)"


class Sorted(NamedTuple):
    """What a matter is taken for; an agent may change it."""

    kind: Kind = Kind.REQUEST
    tags: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL


def sort(letter: Letter, mail: MailSection) -> Sorted:
    """What the letter is: by the first rule that fits, else by the address that it was written
    to, else a request."""
    by_address = _by_address(_written_to(letter), mail)
    rule = _rule(letter, mail)
    if rule is None:
        return Sorted(by_address or Kind.REQUEST)
    kind = rule.kind or by_address or Kind.REQUEST
    return Sorted(kind, rule.tags, rule.priority or Priority.NORMAL)


def weighed(letter: Letter, mail: MailSection) -> Letter:
    """The letter with what the desk's settings know of whom it is from."""
    if mail.authserv_id and authenticity.is_disproved(letter.headers, mail.authserv_id):
        faults = (*letter.faults, DISPROVED)
        letter = letter._replace(disproved=True, faults=faults)
    return with_writer(letter, mail)


def with_writer(letter: Letter, mail: MailSection) -> Letter:
    """The letter, with whom it asks to reply to as its writer where a rule says so."""
    rule = _rule(letter, mail)
    if rule is None or rule.customer is None:
        return letter
    others = (a for a in letter.reply_to if split(a.email)[0] not in mail.own)
    return letter._replace(written_by=next(others, None))


def _rule(letter: Letter, mail: MailSection) -> MailRuleSection | None:
    """The first rule that fits."""
    written_to = _written_to(letter)
    return next((rule for rule in mail.rule if _fits(rule, letter, written_to)), None)


def _written_to(letter: Letter) -> list[str]:
    return [*(a.email for a in (*letter.to, *letter.cc)), *letter.delivered_to]


def _by_address(written_to: list[str], mail: MailSection) -> Kind | None:
    kinds = {address.casefold(): kind for address, kind in mail.addresses.items()}
    for address in written_to:
        for form in (address.casefold(), split(address)[0]):
            if form in kinds:
                return kinds[form]
    return None


def _fits(rule: MailRuleSection, letter: Letter, written_to: list[str]) -> bool:
    asked = (
        (rule.to, " ".join(written_to)),
        (rule.from_, letter.sent_by.email if letter.sent_by else ""),
        (rule.subject, letter.subject),
    )
    return all(wanted is None or wanted.casefold() in said.casefold() for wanted, said in asked)
