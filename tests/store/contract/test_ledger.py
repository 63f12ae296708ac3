"""The ledger holds every promise and what became of it."""

from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Outcome
from helpdesk.store.base import Store
from tests.conftest import MONDAY
from tests.store.contract.stores import a_mixed_desk
from tests.store.making import after, answered, asked, save, ticket


def test_the_ledger_holds_every_promise_by_due_time(store: Store) -> None:
    moved = Ticket.model_validate(
        {
            **dict(ticket(2, due=6)),
            "promises": [
                {
                    "id": 1, "due": after(6), "told_at": MONDAY, "told_by": "aibek", "told_in": 2,
                    "channel": "email", "rule": "complaint", "outcome": "moved",
                    "settled_at": after(1), "settled_in": 2, "reason": "a part is missing",
                },
                {
                    "id": 2, "due": after(2), "told_at": after(1), "told_by": "nazgul",
                    "told_in": 2, "channel": "email", "rule": "nazgul", "follows": 1,
                },
            ],
        }
    )  # fmt: skip
    save(store, answered(ticket(1, due=4, external_id="A-1"), 3), moved)
    rows = list(store.promises(asked()))
    assert [(row.ticket, row.promise, row.outcome) for row in rows] == [
        (2, 2, Outcome.OPEN),
        (1, 1, Outcome.KEPT),
        (2, 1, Outcome.MOVED),
    ]
    open_one, kept, gone = rows
    assert (kept.external_id, kept.customer, kept.due) == ("A-1", 1, after(4))
    assert (kept.told_by, kept.told_at, kept.settled_at) == ("aibek", MONDAY, after(3))
    assert (gone.reason, gone.rule, open_one.settled_at) == ("a part is missing", "complaint", None)
    assert [row.ticket for row in store.promises(asked("id:1"))] == [1]


def test_a_promise_past_its_time_is_broken_in_the_ledger(store: Store) -> None:
    save(store, ticket(1, due=4))
    assert [row.outcome for row in store.promises(asked(hours=4))] == [Outcome.OPEN]
    assert [row.outcome for row in store.promises(asked(hours=4.01))] == [Outcome.BROKEN]


def test_promises_due_are_counted_for_one_agent_or_for_all(store: Store) -> None:
    a_mixed_desk(store)
    assert store.promises_due(after(4), after(6), None) == 1  # the end does not belong to it
    assert store.promises_due(after(4), after(31), None) == 3
    assert store.promises_due(after(4), after(31), "aibek") == 1
    assert store.promises_due(after(4), after(31), "nobody") == 0
