"""Two profiles of one customer become one, and nothing that was known is lost."""

import shutil
from dataclasses import replace

import pytest

from helpdesk.desk import customers, drafts, erasing, joining, matters, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.customer import Customer
from helpdesk.domain.draft import DraftKind
from helpdesk.domain.errors import CannotCreate, NotFound, RuleBroken
from helpdesk.domain.words import Channel, Kind
from helpdesk.store.base import Conflict

HERS = {
    "name": "Aigul Toktogulova",
    "family": "Toktogulova",
    "language": "ky",
    "emails": [{"address": "aigul@example.com"}],
    "phones": [{"number": "+996 700 1"}],
    "orders": [{"number": "A1", "date": "2026-01-05", "amount": "12.50"}],
    "source": "shop",
    "external_id": "77",
}
ALSO_HERS = {
    "name": "A. Toktogulova",
    "salutation": "Ms",
    "language": "ru",
    "first_name_permitted": True,
    "emails": [{"address": "AIGUL@example.com"}, {"address": "a.t@example.org"}],
    "handles": [{"network": "telegram", "handle": "@aigul"}],
    "orders": [{"number": "A1", "date": "2026-02-07"}, {"number": "B2", "date": "2026-02-08"}],
    "people": [{"name": "Kerekzat", "relation": "daughter"}],
    "tags": ["climber"],
    "source": "shop",
    "external_id": "78",
}


@pytest.fixture
def both(desk: Desk) -> tuple[int, int]:
    """The profile that is to go and the one that stays, each with a ticket and a note."""
    stays, goes = customers.create(desk, HERS).id, customers.create(desk, ALSO_HERS).id
    for number in (stays, goes):
        matters.new_ticket(
            desk, number, kind=Kind.COMPLAINT, channel=Channel.EMAIL, subject="Tent", text="Leaks."
        )
        customers.note(desk, number, f"Note on {number}.")
    customers.rate(desk, goes, 4, 2)
    return goes, stays


def merged(desk: Desk, both: tuple[int, int]) -> Customer:
    return joining.merge(desk, *both)


def test_everything_known_goes_over(desk: Desk, both: tuple[int, int]) -> None:
    one = merged(desk, both)
    assert [email.address for email in one.emails] == ["aigul@example.com", "a.t@example.org"]
    assert (one.name, one.salutation, one.language) == ("Aigul Toktogulova", "Ms", "ky")
    assert [phone.number for phone in one.phones] == ["+996 700 1"]
    assert [handle.handle for handle in one.handles] == ["@aigul"]
    assert [(order.number, str(order.date)) for order in one.orders] == [
        ("A1", "2026-01-05"), ("A1", "2026-02-07"), ("B2", "2026-02-08")
    ]  # fmt: skip
    assert ([p.name for p in one.people], one.tags, one.satisfaction) == (
        ["Kerekzat"], ("climber",), 75
    )  # fmt: skip
    assert not one.first_name_permitted, "that is asked of her, not merged"
    assert [note.text for note in one.notes[:2]] == ["Note on 1.", "Note on 2."]
    told = one.notes[-1].text
    for words in ("Customer 2 was merged", "A. Toktogulova", "language there: ru",
                  "external id there: 78", "first name was permitted"):  # fmt: skip
        assert words in told


@pytest.mark.parametrize(
    ("there", "here", "holds"),
    [
        (("2026-02-01", False), ("2026-01-01", True), False),
        (("2026-01-01", False), ("2026-02-01", True), True),
        (("2026-01-01", False), ("2026-01-01", True), False),
        (("2026-01-01", True), None, True),
    ],
)
def test_what_she_said_last_of_newsletters_holds(
    desk: Desk,
    both: tuple[int, int],
    there: tuple[str, bool],
    here: tuple[str, bool] | None,
    holds: bool,
) -> None:
    for number, said in zip(both, (there, here), strict=True):
        if said is not None:
            newsletter = {"on": said[0], "given": said[1], "source": "letter"}
            customers.update(desk, number, {"preferences": {"newsletter": newsletter}})
    one = merged(desk, both)
    assert one.preferences.newsletter is not None
    assert one.preferences.newsletter.given is holds
    assert ("newsletter before: " in one.notes[-1].text) is (here is not None)


def test_tickets_go_over_and_their_history_says_so(desk: Desk, both: tuple[int, int]) -> None:
    before = desk.store.ticket(2)
    merged(desk, both)
    after = desk.store.ticket(2)
    assert (after.customer, after.promises, after.messages) == (
        1, before.promises, before.messages
    )  # fmt: skip
    assert (after.history[-1].what, after.history[-1].detail) == ("customer merged into", "1")
    assert desk.store.count(desk.query("customer:1")) == 2
    assert desk.store.check() == []


def test_the_number_that_went_leads_to_the_profile_that_stays(
    desk: Desk, both: tuple[int, int]
) -> None:
    written = drafts.begin(desk, DraftKind.NEW, customer=2)
    drafts.save(desk, replace(written, text="She called about"))
    merged(desk, both)
    assert customers.find(desk, "2") == customers.find(desk, "a.t@example.org") == 1
    assert [draft.text for draft in drafts.load(desk)] == ["She called about"]
    made = matters.new_ticket(
        desk, 2, kind=Kind.REQUEST, channel=Channel.PHONE, subject="Rope", text="Red?"
    )
    assert made.customer == 1
    assert customers.note(desk, 2, "Called.").id == 1
    assert customers.create(desk, {"name": "New"}).id == 3, "no number comes twice"
    assert desk.store.check() == []


def test_what_was_typed_into_the_profile_that_went_is_not_written_over_the_other(
    desk: Desk, both: tuple[int, int]
) -> None:
    one = merged(desk, both)
    # Both count their saves, so the numbers may well be the same.
    with pytest.raises(Conflict, match="merged into 1 meanwhile"):
        customers.update(desk, both[0], {"emails": []}, seen=one.rev)
    assert desk.store.customer(one.id).emails == one.emails
    assert customers.update(desk, one.id, {"given": "Aigul"}, seen=one.rev).given == "Aigul"


def test_who_was_changed_since_the_agent_looked_is_not_merged_unseen(
    desk: Desk, both: tuple[int, int]
) -> None:
    goes, stays = both
    seen = desk.store.customer(goes).rev
    now = customers.note(desk, goes, "She is not Aigul, but her sister.")
    with pytest.raises(Conflict, match=f"customer {goes} was changed meanwhile"):
        joining.merge(desk, goes, stays, seen)
    assert desk.store.customer(goes) == now
    assert joining.merge(desk, goes, stays, now.rev).id == stays


def test_of_two_who_merge_one_profile_into_different_ones_the_second_is_told(
    desk: Desk, both: tuple[int, int]
) -> None:
    goes, stays = both
    third = customers.create(desk, {"name": "Aigul T."})
    one = merged(desk, both)
    for seen in (None, one.rev):
        with pytest.raises(Conflict, match=f"customer {goes} was merged into {stays} meanwhile"):
            joining.merge(desk, goes, third.id, seen)
    assert desk.store.customer(third.id) == third
    assert desk.store.customer(goes) == one


def test_erasing_her_later_erases_what_came_over(desk: Desk, both: tuple[int, int]) -> None:
    drafts.save(desk, replace(drafts.begin(desk, DraftKind.NEW, customer=2), text="About her"))
    merged(desk, both)
    erasing.erase(desk, customers.find(desk, "2"))
    assert drafts.load(desk) == []
    with pytest.raises(NotFound):
        desk.store.customer(2)
    left = b"".join(path.read_bytes() for path in desk.path.rglob("*.json"))
    assert b"Toktogulova" not in left and b"a.t@example.org" not in left


def test_after_a_merge_that_failed_an_erased_number_leads_to_nobody(
    desk: Desk, both: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    goes, stays = both
    written = drafts.begin(desk, DraftKind.NEW, customer=goes)
    written = drafts.save(desk, replace(written, text="To her."))

    def full(*_: object, **__: object) -> None:
        raise CannotCreate("no space left")

    with monkeypatch.context() as patch, pytest.raises(CannotCreate):
        patch.setattr("helpdesk.desk.audit.record", full)
        joining.merge(desk, goes, stays)
    assert desk.store.customer(goes).id == goes
    erasing.erase(desk, goes)
    with pytest.raises(NotFound):
        desk.store.customer(goes)
    assert drafts.is_erased(desk, written)


def test_chains_lead_to_the_last(desk: Desk, both: tuple[int, int]) -> None:
    merged(desk, both)
    third = customers.create(desk, {"name": "Aigul T."}).id
    joining.merge(desk, 1, third)
    assert desk.store.customer(2).id == desk.store.customer(1).id == third


def test_nobody_is_merged_into_himself(desk: Desk, both: tuple[int, int]) -> None:
    with pytest.raises(RuleBroken):
        joining.merge(desk, 1, 1)
    merged(desk, both)
    with pytest.raises(RuleBroken):
        joining.merge(desk, 2, 1)
    with pytest.raises(NotFound):
        joining.merge(desk, 9, 1)
    assert upkeep.note(desk, 1, "all is well").id == 1


def test_an_import_finds_her_by_the_record_of_either_profile(
    desk: Desk, both: tuple[int, int]
) -> None:
    goes, stays = both
    joining.merge(desk, goes, stays)
    assert desk.store.imported_customer("shop", "77") == stays
    assert desk.store.imported_customer("shop", "78") == stays
    assert desk.store.imported_customer("shop", "79") is None
    third = customers.create(desk, {"name": "Aigul"}).id
    joining.merge(desk, stays, third)
    assert desk.store.imported_customer("shop", "77") == third
    assert desk.store.imported_customer("shop", "78") == third


def test_nothing_is_kept_of_a_record_once_she_is_erased(desk: Desk, both: tuple[int, int]) -> None:
    joining.merge(desk, *both)
    assert b"78" in (desk.path / "joined.json").read_bytes()
    erasing.erase(desk, both[1])
    assert b"78" not in (desk.path / "joined.json").read_bytes()
    assert desk.store.imported_customer("shop", "78") is None


def test_an_erasure_takes_the_profile_that_was_merged_away_out_of_the_copies_too(
    desk: Desk, both: tuple[int, int]
) -> None:
    for kind in ("customers", "tickets"):
        shutil.copytree(desk.path / kind, desk.path / "former" / "2026-03-01-format-1" / kind)
    third = customers.create(desk, {"name": "Aigul"}).id
    joining.merge(desk, *both)
    joining.merge(desk, both[1], third)
    erasing.erase(desk, third)
    assert [path for path in (desk.path / "former").rglob("*") if path.is_file()] == []


def test_on_a_desk_whose_index_is_gone_no_ticket_is_left_behind(
    desk: Desk, both: tuple[int, int]
) -> None:
    shutil.rmtree(desk.path / ".cache")
    with open_desk(desk.path, "aibek") as again:
        joining.merge(again, *both)
        assert {ticket.customer for ticket in again.store.tickets()} == {both[1]}
    shutil.rmtree(desk.path / ".cache")
    with open_desk(desk.path, "aibek") as again:
        assert erasing.erase(again, both[1]) == 2
        assert [ticket.customer for ticket in again.store.tickets()] == [None, None]


def test_who_is_merged_into_a_profile_that_was_merged_meanwhile_goes_where_that_went(
    desk: Desk, both: tuple[int, int]
) -> None:
    goes, stays = both
    late = customers.create(desk, {"name": "A. T.", "source": "shop", "external_id": "79"}).id
    ticket = matters.new_ticket(
        desk, late, kind=Kind.REQUEST, channel=Channel.PHONE, subject="Zip", text="It broke."
    )
    merged(desk, both)
    assert joining.merge(desk, late, goes).id == stays
    assert desk.store.ticket(ticket.id).customer == stays
    assert desk.store.customer(late).id == stays
    assert desk.store.imported_customer("shop", "79") == stays
    assert desk.store.check() == []
