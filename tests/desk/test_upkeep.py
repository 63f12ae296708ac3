"""Agents look after tickets among themselves."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, matters, upkeep
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput, NotFound, RuleBroken
from helpdesk.domain.words import Direction, Kind, Outcome, Priority, State
from helpdesk.store.base import Conflict
from tests.desk.test_matters import complaint


def test_a_note_is_for_agents_and_keeps_no_promise(desk: Desk) -> None:
    ticket = upkeep.note(desk, complaint(desk).id, "Asked the workshop.")
    assert ticket.messages[-1].direction is Direction.NOTE
    assert ticket.promises[0].outcome is Outcome.OPEN
    with pytest.raises(InvalidInput):
        upkeep.note(desk, ticket.id, "")


def test_a_ticket_is_given_to_an_agent_and_history_says_by_whom(desk: Desk) -> None:
    number = complaint(desk).id
    ticket = upkeep.assign(desk, number, "begimai")
    assert ticket.assignee == "begimai"
    last = ticket.history[-1]
    assert (last.by, last.what, last.detail) == ("aibek", "assigned", "begimai")
    assert upkeep.assign(desk, number, None).assignee is None
    with pytest.raises(InvalidInput, match="login name"):
        upkeep.assign(desk, number, "no such; person")


def test_a_closed_ticket_stays_whose_it_was_until_it_is_taken_up_again(desk: Desk) -> None:
    number = complaint(desk).id
    upkeep.assign(desk, number, "begimai")
    answers.close(desk, number, no_answer_reason="a thank-you")
    for login in ("aibek", "bob", None):
        with pytest.raises(RuleBroken, match=f"ticket {number} is closed: reopen it first"):
            upkeep.assign(desk, number, login)
    assert desk.store.ticket(number).assignee == "begimai"
    matters.reopen(desk, number, "It leaks again.")
    assert upkeep.assign(desk, number, "aibek").assignee == "aibek"


def test_a_desk_that_lists_its_agents_refuses_others(desk: Desk) -> None:
    settings = desk.path / "desk.toml"
    settings.write_text(settings.read_text() + '\n[agents]\nbegimai = "Begimai"\n')
    number = complaint(desk).id
    assert upkeep.assign(desk, number, "begimai").assignee == "begimai"
    with pytest.raises(InvalidInput, match="lists begimai"):
        upkeep.assign(desk, number, "bob")


def test_tags_are_one_lower_case_word_each_and_none_twice(desk: Desk) -> None:
    number = complaint(desk).id
    ticket = upkeep.set_tags(desk, number, add=["Tent", "VIP guest", "tent"])
    assert ticket.tags == ("tent", "vip-guest")
    assert upkeep.set_tags(desk, number, remove=["tent"]).tags == ("vip-guest",)


def test_what_was_understood_is_noted_and_confirmed(desk: Desk) -> None:
    number = complaint(desk).id
    with pytest.raises(InvalidInput, match="what was understood"):
        upkeep.set_understanding(desk, number, None, confirmed=True)
    upkeep.set_understanding(desk, number, "The seam leaks.")
    ticket = upkeep.set_understanding(desk, number, None, confirmed=True)
    assert ticket.understanding is not None
    assert ticket.understanding.text == "The seam leaks."
    assert ticket.understanding.confirmed is True


def test_cause_resolution_priority_kind_and_subject_are_set(desk: Desk) -> None:
    number = complaint(desk).id
    upkeep.set_cause(desk, number, root_cause="A bad seam", resolution="A new tent")
    upkeep.set_priority(desk, number, Priority.URGENT)
    upkeep.set_kind(desk, number, Kind.REQUEST)
    ticket = upkeep.set_subject(desk, number, "A seam")
    assert (ticket.root_cause, ticket.resolution) == ("A bad seam", "A new tent")
    assert (ticket.priority, ticket.kind, ticket.subject) == (
        Priority.URGENT,
        Kind.REQUEST,
        "A seam",
    )
    with pytest.raises(InvalidInput):
        upkeep.set_subject(desk, number, "  ")
    with pytest.raises(InvalidInput):
        upkeep.set_cause(desk, number)


def test_the_history_keeps_what_a_ticket_was_called_before(desk: Desk) -> None:
    before = complaint(desk)
    set_so = upkeep.set_subject(desk, before.id, "A seam")
    assert set_so.history[-1].detail == f"in place of: {before.subject}"
    named = upkeep.rename(desk, before.id, "A torn seam", Priority.HIGH, set_so.rev)
    assert named is not None
    assert [(event.what, event.detail) for event in named.history[-2:]] == [
        ("subject", "in place of: A seam"),
        ("priority", "high"),
    ]
    assert upkeep.rename(desk, before.id, "A torn seam", Priority.HIGH, named.rev) is None


def test_related_tickets_are_linked_on_both_sides_once(desk: Desk) -> None:
    first, second = complaint(desk).id, complaint(desk).id
    upkeep.link(desk, first, second)
    upkeep.link(desk, first, second)
    assert [link.ticket for link in desk.store.ticket(first).links] == [second]
    assert [link.ticket for link in desk.store.ticket(second).links] == [first]
    with pytest.raises(InvalidInput):
        upkeep.link(desk, first, first)


def test_merged_tickets_become_one_with_the_earliest_promise(desk: Desk) -> None:
    early, late = complaint(desk).id, complaint(desk).id
    answers.tell_date(desk, late, desk.now().replace(day=5), "parts")
    upkeep.set_tags(desk, early, add=["tent"])
    into = upkeep.merge(desk, early, late)
    assert into.id == late
    assert into.tags == ("tent",)
    assert into.promise is not None
    assert into.promise.due == desk.store.ticket(early).promises[0].due
    assert desk.store.ticket(early).state is State.CLOSED
    listed = [(row.ticket, row.outcome) for row in desk.store.promises(desk.query(""))]
    assert (early, Outcome.WITHDRAWN) in listed


def test_the_ledger_lists_a_broken_promise_once_after_a_merge(desk: Desk) -> None:
    early = complaint(desk).id
    with clock.hold(desk.now() + timedelta(hours=1)):
        late = complaint(desk).id
    with clock.hold(desk.now() + timedelta(days=1)):
        upkeep.merge(desk, early, late)
        listed = [(row.ticket, row.outcome) for row in desk.store.promises(desk.query(""))]
        assert listed == [(late, Outcome.BROKEN), (late, Outcome.BROKEN)]
        assert desk.store.check() == []


def test_a_merge_needs_both_tickets(desk: Desk) -> None:
    late = complaint(desk).id
    with pytest.raises(NotFound):
        upkeep.merge(desk, late, 99)


def test_words_that_others_replace_stay_in_the_history(desk: Desk) -> None:
    number = complaint(desk).id
    upkeep.set_understanding(desk, number, "The seam tore.")
    upkeep.set_understanding(desk, number, "The pole broke.")
    upkeep.set_cause(desk, number, root_cause="A blunt needle.")
    done = upkeep.set_cause(desk, number, root_cause="Cheap thread.", resolution="A new tent.")
    details = [event.detail for event in done.history[-4:]]
    assert details == [
        "noted", "noted, in place of: The seam tore.", "", "in place of: A blunt needle.",
    ]  # fmt: skip


def test_a_ticket_is_not_named_anew_over_what_another_changed_meanwhile(desk: Desk) -> None:
    seen = complaint(desk)
    upkeep.note(desk, seen.id, "Asked the workshop.")
    with pytest.raises(Conflict):
        upkeep.rename(desk, seen.id, "Another tent", Priority.URGENT, seen.rev)
    assert desk.store.ticket(seen.id).subject == seen.subject
