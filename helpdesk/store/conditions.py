"""What a Query asks for, as conditions on the tables of the index."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.words import State
from helpdesk.store.rows import phone_digits
from helpdesk.store.schema import MESSAGE_BITS, RANKS, ticks
from helpdesk.text import clean_line, fold, search_text

if TYPE_CHECKING:
    from helpdesk.domain.query import Query, Span, Term

_IS = {
    "on-us": "rank = 0",
    "on-customer": "rank = 1",
    "closed": "rank = 2",
    "open": "rank < 2",
    "undelivered": "undelivered = 1",
}
_IS_HELD = f"""EXISTS (SELECT 1 FROM words WHERE words MATCH ?
        AND rowid BETWEEN tickets.id << {MESSAGE_BITS} AND (tickets.id + 1 << {MESSAGE_BITS}) - 1)
    OR EXISTS (SELECT 1 FROM words WHERE words MATCH ? AND rowid = -tickets.customer)"""
_ARE_HELD = f"""id IN (SELECT rowid >> {MESSAGE_BITS} FROM words WHERE words MATCH ? AND rowid > 0)
    OR (customer IS NOT NULL AND customer IN
        (SELECT -rowid FROM words WHERE words MATCH ? AND rowid < 0))"""
_OF_WORDS = ("Co", "Mn", "Mc")
"""The categories of characters that words are made of besides letters and digits."""
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


class Condition(NamedTuple):
    """SQL that is true or false, never null, of each row of ``tickets``; and its values."""

    sql: str
    values: tuple[str | int | None, ...] = ()

    def negated(self) -> Condition:
        """True where this one is false."""
        return Condition(f"NOT ({self.sql})", self.values)


def where(query: Query) -> Condition:
    """The condition that the query sets.

    Raises:
        InvalidInput: for a term that no query that was parsed can hold.
    """
    if query.words and not phrases(query):
        return Condition("0")  # nothing is found by signs alone, rather than everything
    words = [holding(wanted) for wanted in phrases(query)]
    left_out = [holding(wanted).negated() for wanted in phrases_left_out(query)]
    return every([*words, terms(query), *left_out])


def terms(query: Query) -> Condition:
    """The condition that the query sets besides its words."""
    return every([_condition(term, query.now) for term in query.terms])


def every(parts: Sequence[Condition]) -> Condition:
    """True where all of the conditions are."""
    sql = " AND ".join(f"({part.sql})" for part in parts)
    return Condition(sql or "1", tuple(value for part in parts for value in part.values))


def holding(wanted: str, *, few: bool = False) -> Condition:
    """That a ticket holds what is wanted, as full text takes it, or its customer is called so.

    ``few``: put so that it is quick where a few tickets are asked, else where all are.
    """
    return Condition(_IS_HELD if few else _ARE_HELD, (wanted, wanted))


def phrases(query: Query) -> list[str]:
    """The words of the query as full-text search takes them, but those that are signs alone."""
    last = len(query.words) - 1
    found = (
        phrase(word, prefix=place == last and not query.last_is_whole)
        for place, word in enumerate(query.words)
    )
    return [wanted for wanted in found if wanted is not None]


def phrases_left_out(query: Query) -> list[str]:
    """In the same form, the words that a ticket must not hold."""
    found = (phrase(word, prefix=False) for word in query.without_words)
    return [wanted for wanted in found if wanted is not None]


def is_word(text: str) -> bool:
    """Whether full text takes it as one word."""
    return all(c in _OF_WORDS or c[0] in "LN" for c in map(unicodedata.category, text))


def phrase(word: str, *, prefix: bool) -> str | None:
    """A word or phrase as full-text search takes it; None if it holds nothing to search for.

    It is always quoted, so that nothing an agent types can be read as an operator.
    """
    text = search_text(clean_line(word)).replace('"', " ")
    if not _LETTER_OR_DIGIT.search(text):
        return None
    return f'"{text}"*' if prefix else f'"{text}"'


def _condition(term: Term, now: datetime) -> Condition:
    condition = _plain(term, now)
    return condition.negated() if term.negated else condition


def _plain(term: Term, now: datetime) -> Condition:
    from helpdesk.domain.query import Span  # which what takes in mail need not wait for

    name, value = term.field, term.value
    if name == "is" and value == "overdue":
        return Condition("rank = 0 AND place < ?", (ticks(now),))
    if name == "is" and value in _IS:
        return Condition(_IS[str(value)])
    if name == "state":
        return Condition("rank = ?", (RANKS[State(str(value))],))
    if name in _SPANS and isinstance(value, Span):
        return _SPANS[name](value)
    if name in _VALUES and not isinstance(value, Span):
        return _VALUES[name](value)
    raise InvalidInput(f"{name}: cannot be asked for like this")


def _equal(column: str) -> Callable[[str | int | None], Condition]:
    return lambda value: Condition(f"{column} IS ?", (value,))


def _from(value: str | int | None) -> Condition:
    wanted = fold(clean_line(str(value)))
    digits = phone_number(wanted)
    sql = "customer IS NOT NULL AND customer IN (SELECT id FROM customers WHERE "
    if digits:
        values = (wanted, digits)
        return Condition(f"{sql} instr(haystack, ?) > 0 OR instr(haystack, ?) > 0)", values)
    return Condition(f"{sql} instr(haystack, ?) > 0)", (wanted,))


def _tag(value: str | int | None) -> Condition:
    tag = clean_line(str(value)).casefold().replace(" ", "-").replace(",", "-")
    return Condition("id IN (SELECT ticket FROM tags WHERE tag = ?)", (tag,))


def _due(span: Span) -> Condition:
    within = _within("place", span)
    return Condition(f"rank = 0 AND due IS NOT NULL AND {within.sql}", within.values)


def _within(column: str, span: Span) -> Condition:
    edges = [(">=", span.start), ("<", span.end)]
    found = [(sign, ticks(edge)) for sign, edge in edges if edge is not None]
    sql = " AND ".join(f"{column} {sign} ?" for sign, _ in found)
    return Condition(sql or "1", tuple(edge for _, edge in found))


_SPANS: dict[str, Callable[[Span], Condition]] = {
    "due": _due,
    "created": lambda span: _within("created", span),
    "updated": lambda span: _within("updated", span),
}
_VALUES: dict[str, Callable[[str | int | None], Condition]] = {
    "kind": _equal("kind"),
    "channel": _equal("channel"),
    "priority": _equal("priority"),
    "assignee": _equal("assignee"),
    "customer": _equal("customer"),
    "id": _equal("id"),
    "external": lambda value: Condition("external_id IS NOT NULL AND external_id = ?", (value,)),
    "from": _from,
    "tag": _tag,
}


def phone_number(folded: str) -> str:
    """The digits of what is written like a phone number; else nothing."""
    return phone_digits(folded) if re.fullmatch(r"[+\d\s()./-]{3,}", folded) else ""
