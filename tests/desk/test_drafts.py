"""What an agent is writing survives the program, and is his alone."""

import json
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk import clock
from helpdesk.desk import answers, customers, drafts, erasing, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.drafts import Draft, DraftKind
from helpdesk.domain.draft import read_draft
from helpdesk.domain.errors import CustomerErased, InvalidInput
from helpdesk.store import durable
from tests.conftest import MONDAY
from tests.desk.people import whoever_has
from tests.desk.test_matters import aigul, complaint
from tests.hostile import PAYLOADS

LATER = MONDAY + timedelta(minutes=3)


@pytest.fixture
def number(desk: Desk) -> int:
    """A complaint of Aigul's that waits on us."""
    return complaint(desk).id


@pytest.fixture
def colleague(desk: Desk) -> Iterator[Desk]:
    """The same desk, open for the agent nurlan."""
    with open_desk(desk.path, agent="nurlan") as opened:
        yield opened


def writing(desk: Desk, number: int, text: str, kind: DraftKind = DraftKind.REPLY) -> Draft:
    """The agent has the ticket before him and types."""
    ticket = desk.store.ticket(number)
    draft = drafts.begin(desk, kind, ticket=number, customer=ticket.customer, seen=ticket.rev)
    return drafts.save(desk, replace(draft, text=text))


def folder(desk: Desk) -> Path:
    return desk.path / "agents" / desk.agent / "drafts"


def left_of(desk: Desk, *words: str) -> list[str]:
    """The files of the desk in which one of the words stands."""
    files = [path for path in desk.path.rglob("*") if path.is_file()]
    return [
        str(path)
        for path in files
        if any(word.encode() in path.read_bytes() or word in path.name for word in words)
    ]


def test_what_was_typed_is_offered_again_at_the_next_log_in(desk: Desk, number: int) -> None:
    ticket = desk.store.ticket(number)
    draft = drafts.begin(desk, DraftKind.REPLY, ticket=number, customer=1, seen=ticket.rev)
    drafts.save(desk, replace(draft, text="We"))
    with clock.hold(LATER):
        fields = {"when": "fri 14:00", "reason": "the part is late"}
        typed = drafts.save(desk, replace(draft, text="We send a new one.", fields=fields))
    with open_desk(desk.path, agent="aibek") as again:
        assert drafts.load(again) == [typed]
    assert typed.saved == LATER
    assert (typed.ticket, typed.customer, typed.seen) == (number, 1, ticket.rev)


def test_drafts_come_newest_first_and_one_ticket_may_have_several(desk: Desk, number: int) -> None:
    first = writing(desk, number, "one")
    with clock.hold(LATER):
        second = writing(desk, number, "two")
        note = writing(desk, number, "three", DraftKind.NOTE)
    with clock.hold(LATER + timedelta(minutes=1)):
        first = drafts.save(desk, first)
    assert drafts.load(desk)[0] == first
    assert {draft.id for draft in drafts.load(desk)} == {first.id, second.id, note.id}
    assert drafts.of_ticket(desk, number, DraftKind.NOTE) == note
    assert drafts.of_ticket(desk, number, DraftKind.REPLY) == first
    assert drafts.of_ticket(desk, number, DraftKind.CLOSE) is None


def test_a_draft_that_was_sent_or_thrown_away_is_gone(desk: Desk, number: int) -> None:
    draft = writing(desk, number, "We send a new one.")
    drafts.discard(desk, draft)
    drafts.discard(desk, draft)
    assert drafts.load(desk) == []
    assert left_of(desk, "We send a new one.") == []


def test_a_draft_begun_and_never_saved_leaves_nothing(desk: Desk, number: int) -> None:
    drafts.begin(desk, DraftKind.REPLY, ticket=number)
    assert not (desk.path / "agents").exists()


def test_drafts_are_the_agents_own(desk: Desk, number: int, colleague: Desk) -> None:
    mine = writing(desk, number, "mine")
    assert drafts.load(colleague) == []
    writing(colleague, number, "theirs")
    assert drafts.load(desk) == [mine]


def test_a_signal_in_the_midst_of_a_save_saves_what_was_typed_since(
    desk: Desk, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = writing(desk, number, "W")

    def on_signal(_: int, __: FrameType | None) -> None:
        drafts.save(desk, replace(draft, text="We send a new one."))

    class Interrupted(durable.Files):
        def rename(self, source: Path, target: Path) -> None:
            monkeypatch.setattr(durable, "files", durable.Files())
            signal.raise_signal(signal.SIGUSR1)
            super().rename(source, target)

    before = signal.signal(signal.SIGUSR1, on_signal)
    try:
        monkeypatch.setattr(durable, "files", Interrupted())
        drafts.save(desk, replace(draft, text="We send"))
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert [draft.text for draft in drafts.load(desk)] == ["We send a new one."]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"null",
        b"[" * 100_000,
        b'{"kind": "reply"}',
        b'{"kind": "letter", "saved": "2026-03-02T10:00:00+06:00"}',
        b'{"kind": "reply", "saved": "2026-03-02T10:00:00"}',
        b'{"kind": "reply", "saved": "0001-01-01T00:00:00+14:00"}',
        b'{"kind": "reply", "saved": "2026-03-02T10:00:00+06:00", "text": 7}',
        b'{"kind": "reply", "saved": "2026-03-02T10:00:00+06:00", "fields": {"a": []}}',
        b'{"kind": "reply", "saved": "2026-03-02T10:00:00+06:00", "ticket": "1"}',
        b'{"kind": "reply", "saved": "2026-03-02T10:00:00+06:00", "ticket": true}',
        b'{"kind": "reply", "saved": "2026-03-02T10:00:00+06:00", "colour": "red"}',
    ],
)
def test_a_draft_that_cannot_be_read_stops_nobody_and_is_left_as_it_is(
    desk: Desk, number: int, content: bytes
) -> None:
    good = writing(desk, number, "We send a new one.")
    broken = folder(desk) / "reply-1-00000000.json"
    broken.write_bytes(content)
    (folder(desk) / "letter.txt").write_text("x")
    (folder(desk) / "a folder.json").mkdir()
    assert drafts.load(desk) == [good]
    assert broken.read_bytes() == content
    assert drafts.unreadable(desk) == [
        "drafts/a folder.json",
        "drafts/letter.txt",
        "drafts/reply-1-00000000.json",
    ]


def test_where_drafts_cannot_even_be_listed_there_are_none(desk: Desk) -> None:
    (desk.path / "agents").mkdir()
    (desk.path / "agents" / "aibek").write_text("no folder")
    assert drafts.load(desk) == []
    assert drafts.unreadable(desk) == []


@given(st.text(max_size=200) | st.sampled_from(sorted(PAYLOADS.values())), st.text(max_size=20))
def test_any_text_comes_back_harmless_and_the_same_ever_after(text: str, value: str) -> None:
    draft = Draft("reply-1-00000000", "aibek", DraftKind.REPLY, MONDAY, 1, text=text,
                  fields={"when": value})  # fmt: skip
    kept: Any = json.loads(json.dumps(draft.document(), ensure_ascii=False).encode().decode())
    back = read_draft(draft.id, "aibek", kept)
    assert "\x1b" not in back.text
    assert read_draft(draft.id, "aibek", back.document()) == back


def test_a_name_that_no_draft_has_is_refused() -> None:
    document = Draft("new-00000000", "aibek", DraftKind.NEW, MONDAY).document()
    for name in ("../new-00000000", "new-0", "new", "NEW-00000000", "new-00000000.json"):
        with pytest.raises(InvalidInput):
            read_draft(name, "aibek", document)


def test_a_held_draft_that_was_sent_before_the_crash_is_not_offered_again(
    desk: Desk, number: int
) -> None:
    draft = writing(desk, number, "Hello Aigul,\n\nWe send a new one.")
    drafts.save(desk, replace(draft, held=True))
    assert len(drafts.load(desk)) == 1
    late = MONDAY + timedelta(hours=7)
    with clock.hold(late):
        answers.reply(desk, number, draft.text)
    assert drafts.load(desk) == []
    assert list(folder(desk).iterdir()) == []


def test_a_held_draft_that_was_not_sent_is_offered_even_if_others_worked_on_the_ticket(
    desk: Desk, number: int, colleague: Desk
) -> None:
    held = replace(writing(desk, number, "We send a new one."), held=True)
    held = drafts.save(desk, held)
    upkeep.note(colleague, number, "The customer called.")
    answers.reply(colleague, number, "We look into it.")
    assert drafts.load(desk) == [held]


def test_a_draft_that_was_not_held_is_offered_though_the_same_was_said(
    desk: Desk, number: int, colleague: Desk
) -> None:
    draft = writing(desk, number, "We send a new one.")
    answers.reply(colleague, number, "We send a new one.")
    assert drafts.load(desk) == [draft]


def test_what_was_said_before_does_not_count_as_sent(
    desk: Desk, number: int, colleague: Desk
) -> None:
    upkeep.note(desk, number, "Call again.")
    with clock.hold(LATER):
        draft = writing(desk, number, "Call again.", DraftKind.NOTE)
        held = drafts.save(desk, replace(draft, held=True))
        answers.reply(colleague, number, "We look into it.")
        assert drafts.load(desk) == [held]


def test_what_a_crash_in_the_midst_of_a_save_left_is_swept_at_the_next_log_in(
    desk: Desk, number: int
) -> None:
    draft = writing(desk, number, "We send a new one.")
    (folder(desk) / ".reply-1-00000000.json.abc.tmp").write_text("We")
    assert drafts.load(desk) == [draft]
    assert [path.name for path in folder(desk).iterdir()] == [f"{draft.id}.json"]


def test_erasing_a_customer_removes_every_agents_drafts_about_him(
    desk: Desk, number: int, colleague: Desk
) -> None:
    other = whoever_has(desk, "daniyar@example.com", "Daniyar Osmonov")
    writing(desk, number, "Dear Aigul, SECRET one")
    writing(colleague, number, "Dear Aigul, SECRET two", DraftKind.NOTE)
    new = drafts.begin(desk, DraftKind.NEW, customer=aigul(desk))
    drafts.save(desk, replace(new, text="SECRET three"))
    typed = drafts.begin(desk, DraftKind.NEW)
    fields = {"who": "Aigul@Example.com", "subject": "SECRET four"}
    drafts.save(desk, replace(typed, fields=fields))
    broken = folder(desk) / f"reply-{number}-00000000.json"
    broken.write_text("{ SECRET five")
    (folder(desk) / "odd.json").write_text("{ SECRET six: Aigul Toktogulova")
    (folder(desk) / "a.json").mkdir()  # which cannot be read, and comes first
    (folder(desk) / ".new-00000000.json.abc.tmp").write_text("SECRET seven")
    kept = drafts.begin(desk, DraftKind.NEW, customer=other)
    kept = drafts.save(desk, replace(kept, text="Dear Daniyar"))
    assert len(left_of(desk, "SECRET")) == 7

    erasing.erase(desk, aigul(desk))

    assert left_of(desk, "SECRET", "Aigul", "aigul") == []
    assert drafts.load(desk) == [kept]


def test_a_new_ticket_begun_by_the_number_of_an_order_goes_with_whom_it_was_for(
    desk: Desk,
) -> None:
    erased = whoever_has(desk, "asel@example.com", "Asel")
    order = {"number": "WEB-2043", "date": "2026-02-20"}
    customers.update(desk, erased, {"orders": [order]})
    for typed in ("web 2043", "2043", "A-17", ""):
        draft = drafts.begin(desk, DraftKind.NEW)
        drafts.save(desk, replace(draft, fields={"customer": typed, "subject": "Boots"}))
    erasing.erase(desk, erased)
    assert {draft.fields["customer"] for draft in drafts.load(desk)} == {"A-17", ""}


def test_a_name_within_another_name_is_not_taken_for_the_customer(desk: Desk) -> None:
    ali = whoever_has(desk, "ali@example.com", "Ali")
    draft = drafts.begin(desk, DraftKind.NEW)
    draft = drafts.save(desk, replace(draft, fields={"who": "mali@example.com, Alina"}))
    erasing.erase(desk, ali)
    assert drafts.load(desk) == [draft]


def test_drafts_that_were_out_of_reach_of_the_erasing_go_at_the_next_log_in(
    desk: Desk, number: int, colleague: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing(colleague, number, "SECRET")
    new = drafts.begin(colleague, DraftKind.NEW, customer=aigul(desk))
    drafts.save(colleague, replace(new, text="SECRET"))
    with monkeypatch.context() as patch:
        patch.setattr("helpdesk.desk.erasing.drafts.forget", lambda *_: None)
        patch.setattr("helpdesk.store.personal.os.access", lambda *_, **__: False)
        assert erasing.traces(desk, aigul(desk)).out_of_reach == 1
        erasing.erase(desk, aigul(desk))
    assert left_of(desk, "SECRET")
    assert drafts.load(colleague) == []
    assert left_of(desk, "SECRET") == []


def test_no_draft_is_kept_about_a_customer_who_was_erased(desk: Desk, number: int) -> None:
    reply = writing(desk, number, "SECRET")
    new = drafts.begin(desk, DraftKind.NEW, customer=aigul(desk))
    erasing.erase(desk, aigul(desk))
    for draft in (reply, replace(new, text="SECRET")):
        with pytest.raises(CustomerErased, match="what was written is dropped"):
            drafts.save(desk, draft)
    assert left_of(desk, "SECRET") == []


def test_a_draft_left_of_an_erased_customer_is_a_fault_until_it_is_repaired(
    desk: Desk, number: int, colleague: Desk
) -> None:
    left = writing(colleague, number, "SECRET")
    new = drafts.begin(desk, DraftKind.NEW, customer=whoever_has(desk, "asel@b.kg"))
    other = drafts.save(desk, replace(new, text="Dear Asel"))
    erasing.erase(desk, aigul(desk))
    drafts.save_in_haste(colleague, left)
    [fault] = drafts.faults(desk, repair=False)
    assert fault.place == f"agents/nurlan/drafts/{left.id}.json"
    assert (fault.repairable, fault.repaired) == (True, False)
    assert "SECRET" not in fault.what
    assert [found.repaired for found in drafts.faults(desk, repair=True)] == [True]
    assert drafts.faults(desk, repair=False) == []
    assert left_of(desk, "SECRET") == []
    assert drafts.load(desk) == [other]
