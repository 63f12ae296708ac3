"""What is decided on many tickets at once: to whom, which tags, how they end, by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from helpdesk.desk import macros
from helpdesk.desk.bulk import Assign, Close, Decision, Move, Tag
from helpdesk.desk.matters import to_the_minute
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.when import read_when
from helpdesk.domain.when_begun import GOES_ON, is_begun
from helpdesk.domain.wording import day_and_time, how_long
from helpdesk.screens.promise_reading import promised_that_day
from helpdesk.screens.prompt import Choice, Line, PromptScreen
from helpdesk.screens.to_whom import to_whom
from helpdesk.terminal.actions import bindings, labelled, pick
from helpdesk.text import clean_line
from helpdesk.widgets.fields import Option

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from helpdesk.desk.desk import Desk

_TEXT, _NO_ANSWER, _NOTHING = "text", "no-answer", "nothing"
_ENDINGS = (
    Option(_TEXT, "a text"),
    Option(_NO_ANSWER, "no answer is needed"),
    Option(_NOTHING, "nothing more"),
)


class DecisionScreen(PromptScreen):
    """Asks what is decided; it is reviewed next."""

    ACTIONS = labelled(pick("send back"), {"send": "review"})
    BINDINGS = bindings(ACTIONS)


def is_decision(result: object) -> TypeGuard[Decision]:
    """Whether an agent decided something, and did not leave."""
    return isinstance(result, Assign | Tag | Close | Move)


def assign(desk: Desk, count: int) -> PromptScreen:
    """To whom the tickets go."""
    return to_whom(desk, _tickets(count), Assign, needed=True, form=DecisionScreen)


def tag(desk: Desk, count: int) -> PromptScreen:
    """Which tags the tickets get and lose."""

    def read(text: str) -> Tag:
        words = text.replace(",", " ").split()
        gone = [word.lstrip("-").removeprefix("#") for word in words if word.startswith("-")]
        new = [word.lstrip("+").removeprefix("#") for word in words if not word.startswith("-")]
        if not any([*gone, *new]):
            raise InvalidInput("name a tag to add, or one to take away as in -late")
        return Tag(tuple(filter(None, new)), tuple(filter(None, gone)))

    in_use = ", ".join(clean_line(each) for each in desk.store.tags()[:12])
    return DecisionScreen(
        f"{_tickets(count)}: tags",
        [Line("tags", "Tags", hint="billing adds, -late takes away")],
        lambda values: read(values["tags"]),
        [f"In use: {in_use}"] if in_use else [],
    )


def close(desk: Desk, count: int) -> PromptScreen:
    """How the matters end for their customers."""
    texts = macros.names(desk)

    def known(name: str) -> str:
        if clean_line(name) not in texts:
            raise InvalidInput(f"there is no text of that name; there are {', '.join(texts)}")
        return "each customer gets it in his language"

    def read(values: Mapping[str, str]) -> Close:
        macro, reason = clean_line(values["macro"]), clean_line(values["reason"])
        ending = values["ending"]
        if ending == _TEXT and not macro:
            raise InvalidInput("name the text that is the answer")
        if ending == _TEXT:
            known(macro)
        if ending == _NO_ANSWER and not reason:
            raise InvalidInput("say why no answer is needed")
        return Close(
            macro=macro if ending == _TEXT else "",
            no_answer_reason=reason if ending == _NO_ANSWER else "",
        )

    explain = [
        "Who waits for an answer gets a text, or a reason says why none is needed.",
        f"Texts: {', '.join(texts)}",
        *(f"! {fault}" for fault in macros.faults(desk)),
    ]
    return DecisionScreen(
        f"{_tickets(count)}: close",
        [
            Choice("ending", "Customers get", _ENDINGS, _TEXT),
            Line("macro", "Text", hint="its name", check=known),
            Line("reason", "Why no answer", hint="a thank-you, a duplicate, spam …"),
        ],
        read,
        explain,
    )


def move(desk: Desk, count: int) -> PromptScreen:
    """By when the customers hear from us instead, and why."""

    def due(text: str) -> datetime:
        now = desk.now()
        return to_the_minute(read_when(text, now, desk.settings.policy.hours), now)

    def meant(text: str) -> str:
        if is_begun(text):
            return GOES_ON
        moment = due(text)
        words = f"{day_and_time(moment, desk.zone)}, {how_long(moment, desk.now())}"
        is_open = desk.settings.policy.hours.reaches(moment)
        shut = "" if is_open else " · ! closed then"
        return f"{words}{shut} · {promised_that_day(desk, moment)} due that day"

    def read(values: Mapping[str, str]) -> Move:
        if not values["when"].strip():
            raise InvalidInput("say by when, as in +2h or fri 14:00")
        if not clean_line(values["reason"]):
            raise InvalidInput("say why: the customers are told the reason")
        return Move(due(values["when"]), values["reason"])

    return DecisionScreen(
        f"{_tickets(count)}: tell another date",
        [
            Line("when", "By when", hint="+2h, +2d, tomorrow, fri 14:00, eod", check=meant),
            Line("reason", "Because", hint="the customers are told the reason"),
        ],
        read,
        [
            "Each customer is told in a letter of his own, which you see next. The reason stands "
            "in it as you type it here, whatever the customer's language."
        ],
    )


def _tickets(count: int) -> str:
    return "1 ticket" if count == 1 else f"{count} tickets"
