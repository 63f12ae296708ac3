"""What is left of a ticket when its customer is erased: figures, and nothing personal."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain import actions, erasure
from helpdesk.domain.actions import Deed, Telling
from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.invariants import faults
from helpdesk.domain.message import Attachment, MailFacts
from helpdesk.domain.ticket import Ticket, Understanding
from helpdesk.domain.words import Channel, Kind, Outcome, State

START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SECRET = "zanzibar"


def deed(at: datetime) -> Deed:
    return Deed(at=at, by="aibek", channel=Channel.EMAIL)


def telling(at: datetime, hours: int = 4) -> Telling:
    due = at + timedelta(hours=hours)
    return Telling(due=due, rule="4 working hours", text=f"Dear {SECRET}")


def full_ticket() -> Ticket:
    """A ticket that names the secret wherever a document has room for words."""
    ticket = actions.open_ticket(
        deed(START),
        telling(START),
        number=7,
        customer=3,
        kind=Kind.COMPLAINT,
        subject=f"{SECRET} subject",
        text=f"{SECRET} text",
        author=f"{SECRET} author",
        tags=(SECRET,),
    )
    said = Understanding(text=SECRET, by="aibek", at=START)
    ticket = actions.change(
        ticket, deed(START), "noted", SECRET, understanding=said, root_cause=SECRET,
        resolution=SECRET,
    )  # fmt: skip
    ticket = actions.move_promise(ticket, deed(START), telling(START, 5), reason=SECRET)
    file = Attachment(name=f"{SECRET}.png", bytes=3, sha256="ab")
    mail = MailFacts(
        message_id=SECRET,
        from_name=SECRET,
        to=(SECRET,),
        raw=SECRET,
        origin="pipe:1",
        faults=("x",),
    )
    first = ticket.messages[0].model_copy(
        update={"attachments": (file,), "visible": SECRET, "mail": mail, "undelivered": SECRET}
    )
    return ticket.model_copy(
        update={
            "messages": (first, *ticket.messages[1:]),
            "source": "city",
            "external_id": SECRET,
        }
    )


def test_no_word_about_the_person_is_left() -> None:
    erased = erasure.erase(full_ticket(), at=START, by="aibek")
    assert SECRET in full_ticket().model_dump_json()
    assert SECRET not in erased.model_dump_json()
    assert erased.erased
    assert erased.customer is None


def test_the_same_mail_is_known_when_it_is_delivered_again() -> None:
    erased = erasure.erase(full_ticket(), at=START, by="aibek")
    assert erased.messages[0].mail == MailFacts(origin="pipe:1")
    assert erased.kept == frozenset()


def test_the_figures_stay() -> None:
    before = full_ticket()
    after = erasure.erase(before, at=START, by="aibek")
    assert (after.id, after.kind, after.channel, after.created) == (
        before.id, before.kind, before.channel, before.created,
    )  # fmt: skip
    assert [(m.id, m.direction, m.at) for m in after.messages] == [
        (m.id, m.direction, m.at) for m in before.messages
    ]
    assert [(p.due, p.told_at, p.told_by) for p in after.promises] == [
        (p.due, p.told_at, p.told_by) for p in before.promises
    ]
    assert [event.what for event in after.history][:-1] == [e.what for e in before.history]
    assert after.history[-1].what == "customer erased"
    assert after.source == "city"


def test_a_promise_that_stands_is_withdrawn_and_one_past_its_time_stays_broken() -> None:
    in_time = erasure.erase(full_ticket(), at=START + timedelta(hours=5), by="aibek")
    assert [p.outcome for p in in_time.promises] == [Outcome.MOVED, Outcome.WITHDRAWN]
    assert in_time.promises[-1].reason == "customer erased"
    late = erasure.erase(full_ticket(), at=START + timedelta(hours=5, seconds=1), by="aibek")
    assert [p.outcome for p in late.promises] == [Outcome.MOVED, Outcome.BROKEN]
    assert late.state is State.CLOSED


def test_what_became_of_a_settled_promise_is_not_touched() -> None:
    answered = actions.answer(full_ticket(), deed(START), "sent")
    closed = actions.close(answered, deed(START))
    erased = erasure.erase(closed, at=START + timedelta(days=9), by="aibek")
    assert [p.outcome for p in erased.promises] == [Outcome.MOVED, Outcome.KEPT]
    assert [p.settled_at for p in erased.promises] == [p.settled_at for p in closed.promises]


def test_erasing_again_changes_nothing() -> None:
    once = erasure.erase(full_ticket(), at=START, by="aibek")
    assert erasure.erase(once, at=START + timedelta(days=1), by="bermet") == once


Step = Callable[[Ticket, Deed], Ticket]

STEPS: dict[str, Step] = {
    "answer": lambda t, d: actions.answer(t, d, SECRET, owns_delay=True),
    "promise again": lambda t, d: actions.answer(
        t, d, SECRET, owns_delay=True, next_promise=telling(d.at)
    ),
    "move": lambda t, d: actions.move_promise(
        t, d, telling(d.at, 6), reason=SECRET, owns_delay=True
    ),
    "customer": lambda t, d: actions.take_in(t, d, SECRET, SECRET, telling(d.at)),
    "no answer": lambda t, d: actions.no_answer_needed(t, d, SECRET),
    "close": lambda t, d: actions.close(t, d, resolution=SECRET),
    "reopen": lambda t, d: actions.reopen(t, d, telling(d.at), reason=SECRET),
    "note": lambda t, d: actions.note(t, d, SECRET),
}


@given(
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 8 * 3600)), max_size=12),
    st.integers(0, 8 * 3600),
)
def test_after_any_history_the_rest_is_sound_and_says_nothing(
    steps: list[tuple[str, int]], wait: int
) -> None:
    ticket, at = full_ticket(), START
    for name, seconds in steps:
        at += timedelta(seconds=seconds)
        try:
            ticket = STEPS[name](ticket, deed(at))
        except RuleBroken:
            continue
    erased = erasure.erase(ticket, at=at + timedelta(seconds=wait), by="aibek")
    assert faults(erased) == []
    assert SECRET not in erased.model_dump_json()
    # A document is read again as it was written.
    assert Ticket.model_validate_json(erased.model_dump_json()) == erased
