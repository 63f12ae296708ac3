"""Nobody does what the roles of the desk do not allow, and every refusal is on record.

Which use cases write is read from the code, so that a new one cannot be forgotten here.
"""

import ast
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from helpdesk.desk import (
    answers,
    bulk,
    customers,
    drafts,
    erasing,
    exporting,
    exporting_files,
    fetching,
    inbound,
    joining,
    matters,
    outbox,
    ruling,
    sending,
    undoing,
    upkeep,
)
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.importing.mail import MailHow, import_mail
from helpdesk.desk.importing.mapping import OrderMapping, TicketMapping, load
from helpdesk.desk.importing.orders import import_orders
from helpdesk.desk.importing.running import How, run
from helpdesk.desk.importing.tickets import import_tickets
from helpdesk.domain.draft import DraftKind
from helpdesk.domain.errors import BadConfiguration, NotFound, NotPermitted, RuleBroken
from helpdesk.domain.rights import Role
from helpdesk.domain.words import Channel, Kind, Priority
from helpdesk.glance import Glance, glance
from helpdesk.mail.sendmail import Sendmail
from tests.conftest import MONDAY
from tests.desk.tables import BOSTON, ORDERS
from tests.desk.test_matters import complaint

FOLDER = Path(answers.__file__).parent
GATES = {"writing", "changing", "require", "require_to_write"}
"""The methods of a desk that ask for a right."""

ONLY_GATES = {
    "desk.Desk.changing",
    "desk.Desk.writing",
    "desk.Desk.require",
    "desk.Desk.require_to_write",
    "rights.Rights.require",
}
READING = {"audit.entries"}
"""What asks for a right and writes nothing of the desk's."""

NEXT_WEEK = MONDAY + timedelta(days=7)

UseCase = Callable[[Desk], object]

NOTHING = cast(Any, None)
"""Stands where a mailbox, an account or a deed is: who is refused is so before it is looked at."""

WRITING: dict[str, UseCase] = {
    "answers.again": lambda desk: answers.again(desk, 1),
    "answers.retry": lambda desk: answers.retry(desk, 1),
    "answers.reply": lambda desk: answers.reply(desk, 1, "Yes."),
    "answers.tell_date": lambda desk: answers.tell_date(desk, 1, NEXT_WEEK, "cloth"),
    "answers.no_answer_needed": lambda desk: answers.no_answer_needed(desk, 1, "thanks"),
    "answers.close": lambda desk: answers.close(desk, 1, text="Done."),
    "bulk.preview": lambda desk: list(bulk.preview(desk, [1], bulk.Tag(add=("a",)))),
    "bulk.look_again": lambda desk: bulk.look_again(desk, [], bulk.Tag(add=("a",))),
    "bulk.carry_out": lambda desk: list(bulk.carry_out(desk, [], bulk.Tag(add=("a",)))),
    "customers.create": lambda desk: customers.create(desk, {"name": "Bektur"}),
    "customers.update": lambda desk: customers.update(desk, 1, {"name": "Aika"}),
    "customers.note": lambda desk: customers.note(desk, 1, "climbs"),
    "customers.rate": lambda desk: customers.rate(desk, 1, 5, None),
    "drafts.save": lambda desk: drafts.save(desk, drafts.begin(desk, DraftKind.NEW)),
    "drafts.save_in_haste": lambda desk: drafts.save_in_haste(
        desk, drafts.begin(desk, DraftKind.NEW)
    ),
    "erasing.erase": lambda desk: erasing.erase(desk, 1),
    "erasing.traces": lambda desk: erasing.traces(desk, 1),
    "exporting.everything": lambda desk: list(exporting.everything(desk)),
    "exporting.person": lambda desk: exporting.person(desk, 1),
    "exporting_files.copy": lambda desk: exporting_files.copy(desk, desk.path.parent / "files"),
    "importing.running.run": lambda desk: run(
        desk, BOSTON, load("boston-311", TicketMapping), How(), lambda *_: pytest.fail("begun")
    ),
    "importing.tickets.import_tickets": lambda desk: import_tickets(
        desk, BOSTON, load("boston-311", TicketMapping)
    ),
    "importing.orders.import_orders": lambda desk: import_orders(
        desk, ORDERS, load("orders", OrderMapping)
    ),
    "fetching.fetch": lambda desk: fetching.fetch(desk, NOTHING),
    "fetching.watch": lambda desk: fetching.watch(desk, NOTHING, NOTHING, NOTHING, NOTHING),
    "fetching.take_new": lambda desk: fetching.take_new(desk, NOTHING, NOTHING, NOTHING),
    "undoing.take_back": lambda desk: undoing.take_back(desk, NOTHING),
    "importing.mail.import_mail": lambda desk: import_mail(desk, NOTHING, MailHow("old")),
    "inbound.take": lambda desk: inbound.take(desk, b"From: a@example.com\r\n\r\nHello\r\n"),
    "joining.merge": lambda desk: joining.merge(desk, 1, 2),
    "matters.new_ticket": lambda desk: matters.new_ticket(
        desk, 1, kind=Kind.REQUEST, channel=Channel.EMAIL, subject="Rope", text="Red?"
    ),
    "matters.take_in": lambda desk: matters.take_in(desk, 1, "Hello?"),
    "matters.reopen": lambda desk: matters.reopen(desk, 1, "again"),
    "outbox.hold": lambda desk: outbox.hold(desk, 1),
    "outbox.release": lambda desk: outbox.release(desk, 1),
    "outbox.retry": lambda desk: outbox.retry(desk, 1),
    "outbox.cancel": lambda desk: outbox.cancel(desk, 1),
    "sending.send": lambda desk: sending.send(desk, Sendmail("/bin/false")),
    "ruling.replace": lambda desk: ruling.replace(desk, "macros/en.toml", ""),
    "upkeep.note": lambda desk: upkeep.note(desk, 1, "Seen."),
    "upkeep.assign": lambda desk: upkeep.assign(desk, 1, None),
    "upkeep.set_tags": lambda desk: upkeep.set_tags(desk, 1, ["a"]),
    "upkeep.set_priority": lambda desk: upkeep.set_priority(desk, 1, Priority.LOW),
    "upkeep.set_kind": lambda desk: upkeep.set_kind(desk, 1, Kind.REQUEST),
    "upkeep.turn_kind": lambda desk: upkeep.turn_kind(desk, 1),
    "upkeep.set_subject": lambda desk: upkeep.set_subject(desk, 1, "Tent"),
    "upkeep.rename": lambda desk: upkeep.rename(
        desk, 1, "Rope", Priority.HIGH, desk.store.ticket(1).rev
    ),
    "upkeep.set_understanding": lambda desk: upkeep.set_understanding(desk, 1, "Leaks."),
    "upkeep.set_cause": lambda desk: upkeep.set_cause(desk, 1, root_cause="seam"),
    "upkeep.link": lambda desk: upkeep.link(desk, 1, 2),
    "upkeep.merge": lambda desk: upkeep.merge(desk, 2, 1),
}
"""Every use case that writes, or gives the whole of the data out."""

OF_NOTHING = {"fetching.fetch", "fetching.watch", "fetching.take_new", "undoing.take_back"}
"""What an agent may do, but not with nothing."""

OF_A_LEAD = {
    name
    for name in WRITING
    if name.split(".")[0]
    in ("erasing", "exporting", "exporting_files", "importing", "joining", "ruling")
}


@pytest.fixture
def ruled(desk: Desk) -> Desk:
    """A desk with two tickets of Aigul's, of which aigul is lead and kim is auditor."""
    complaint(desk)
    complaint(desk)
    customers.create(desk, {"name": "Bektur Asanov"})
    name_roles(desk.path, lead=["aigul"], auditor=["kim"])
    return desk


@pytest.fixture
def at(ruled: Desk) -> Iterator[Callable[[str], Desk]]:
    """The desk, open for the agent of that name."""
    opened: list[Desk] = []

    def open_for(agent: str) -> Desk:
        opened.append(open_desk(ruled.path, agent))
        return opened[-1]

    yield open_for
    for each in opened:
        each.close()


def name_roles(desk: Path, **roles: list[str]) -> None:
    """Write the roles into desk.toml."""
    settings = desk / "desk.toml"
    text = settings.read_text(encoding="utf-8").split("\n[roles]")[0]
    lines = "\n".join(f"{role} = {json.dumps(logins)}" for role, logins in roles.items())
    settings.write_text(f"{text}\n[roles]\n{lines}\n", encoding="utf-8")


def documents(desk: Path) -> dict[str, bytes]:
    """Everything in the desk's folder but the audit log and what is derived."""
    return {
        str(path.relative_to(desk)): path.read_bytes()
        for path in sorted(desk.rglob("*"))
        if path.is_file() and ".cache" not in path.parts and path.name != "audit.jsonl"
    }


def on_record(desk: Path) -> list[dict[str, object]]:
    """What the audit log holds."""
    log = desk / "audit.jsonl"
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def asking_for_a_right() -> set[str]:
    """The public functions of desk/ that come to a gate, by the way of others of their module."""
    found = set()
    for path in FOLDER.rglob("*.py"):
        module = ".".join(path.relative_to(FOLDER).with_suffix("").parts)
        calls = {name: _called(node) for name, node in _functions(ast.parse(path.read_text()))}
        reached = {name for name, called in calls.items() if called & GATES}
        while more := {name for name in calls if name not in reached
                       and calls[name] & {each.split(".")[-1] for each in reached}}:  # fmt: skip
            reached |= more
        found |= {f"{module}.{n}" for n in reached if not any(p[0] == "_" for p in n.split("."))}
    return found


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.FunctionDef):
                    yield f"{node.name}.{each.name}", each


def _called(node: ast.AST) -> set[str]:
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return {
        call.attr if isinstance(call, ast.Attribute) else call.id
        for call in calls
        if isinstance(call, ast.Attribute | ast.Name)
    }


def test_every_use_case_that_writes_is_known_here() -> None:
    found = {
        name
        for name in asking_for_a_right() - ONLY_GATES - READING
        if not name.startswith(("importing.", "bulk._", "demo.", "holding."))
    }
    assert found == {name for name in WRITING if not name.startswith("importing.")}


def test_nothing_but_the_gate_gives_the_store_for_writing() -> None:
    for path in FOLDER.parent.rglob("*.py"):
        own = path.relative_to(FOLDER.parent).as_posix()
        if own.startswith("store/") or own in ("desk/desk.py", "desk/founding.py", "desk/demo.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.Name) and node.id == "open_store"), own
            if isinstance(node, ast.Attribute):
                assert node.attr != "_changing", own
                if node.attr in ("writing", "reindex", "forget"):
                    assert not ast.unparse(node.value).endswith("store"), own


def test_an_auditor_is_refused_by_each_use_case_and_nothing_is_written(
    at: Callable[[str], Desk],
) -> None:
    kim = at("kim")
    before = documents(kim.path)
    for count, (name, use_case) in enumerate(WRITING.items(), start=1):
        with pytest.raises(NotPermitted) as told:
            use_case(kim)
        assert told.value.exit_code == 77
        assert told.value.message.startswith("an auditor only reads: kim may not"), name
        assert documents(kim.path) == before, name
        last = on_record(kim.path)[-1]
        assert (last["agent"], last["what"]) == ("kim", "refused")
        assert len(on_record(kim.path)) == count, name


def test_an_agent_is_refused_only_what_is_a_leads(at: Callable[[str], Desk]) -> None:
    aibek = at("aibek")
    for name in OF_A_LEAD:
        before = documents(aibek.path)
        with pytest.raises(NotPermitted, match=r"ask a lead of this desk: aigul$"):
            WRITING[name](aibek)
        assert documents(aibek.path) == before, name
    refused = len(on_record(aibek.path))
    for name in WRITING.keys() - OF_A_LEAD - OF_NOTHING:
        with suppress(RuleBroken, NotFound):  # of the promise, or of an empty outbox
            WRITING[name](aibek)
    assert len(on_record(aibek.path)) == refused == len(OF_A_LEAD)


def test_a_lead_may_do_everything_and_it_is_on_record(at: Callable[[str], Desk]) -> None:
    lead = at("aigul")
    list(exporting.everything(lead))
    exporting.person(lead, 2)
    joining.merge(lead, 2, 1)
    ruling.replace(lead, "macros/en.toml", "")
    erasing.erase(lead, 1)
    assert [(entry["what"], entry.get("customer")) for entry in on_record(lead.path)] == [
        ("exported", None),
        ("exported", 2),
        ("merged customers", 2),
        ("changed settings", None),
        ("erased", 1),
    ]
    log = (lead.path / "audit.jsonl").read_text()
    assert "Toktogulova" not in log and "example" not in log


def test_a_desk_that_names_no_lead_has_nobody_to_ask(desk: Desk) -> None:
    assert desk.role is Role.LEAD
    name_roles(desk.path, auditor=["kim"])
    with open_desk(desk.path, "aibek") as aibek, open_desk(desk.path, "kim") as kim:
        assert (aibek.role, kim.role) == (Role.LEAD, Role.AUDITOR)


def test_a_role_that_is_taken_away_is_gone_at_once(at: Callable[[str], Desk]) -> None:
    aibek = at("aibek")
    upkeep.note(aibek, 1, "Seen.")
    name_roles(aibek.path, lead=["aigul"], auditor=["kim", "aibek"])
    with pytest.raises(NotPermitted):
        upkeep.note(aibek, 1, "Seen again.")


def test_a_role_that_is_taken_away_while_the_desk_opens_is_gone_too(
    at: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = at("aibek").path

    def slow(desk: Path) -> Glance:
        face = glance(desk)
        name_roles(path, lead=["aigul"], auditor=["kim", "aibek"])
        return face

    monkeypatch.setattr("helpdesk.desk.desk.glance", slow)
    with open_desk(path, "aibek") as aibek, pytest.raises(NotPermitted):
        upkeep.note(aibek, 1, "Seen.")


def test_roles_that_cannot_be_read_let_nobody_do_anything(at: Callable[[str], Desk]) -> None:
    lead = at("aigul")
    settings = lead.path / "desk.toml"
    settings.write_text(settings.read_text() + 'boss = ["aibek"]\n')
    with pytest.raises(BadConfiguration, match=r"^desk.toml: roles: boss: unknown role"):
        upkeep.note(lead, 1, "Seen.")
    settings.write_text(settings.read_text().replace('boss = ["aibek"]', "auditor = aigul"))
    with pytest.raises(BadConfiguration):
        open_desk(lead.path, "aibek")


def test_while_roles_cannot_be_read_only_who_could_write_before_keeps_what_he_writes(
    at: Callable[[str], Desk],
) -> None:
    lead, auditor = at("aigul"), at("kim")
    (lead.path / "desk.toml").write_text("[desk")
    kept = drafts.save_in_haste(lead, drafts.begin(lead, DraftKind.NEW))
    assert [draft.id for draft in drafts.load(lead)] == [kept.id]
    with pytest.raises(NotPermitted):
        drafts.save_in_haste(auditor, drafts.begin(auditor, DraftKind.NEW))


def test_nobody_is_both_lead_and_auditor(desk: Desk) -> None:
    name_roles(desk.path, lead=["kim"], auditor=["kim"])
    with pytest.raises(BadConfiguration, match="kim cannot be both lead and auditor"):
        open_desk(desk.path, "kim")


def test_a_refusal_that_cannot_be_recorded_is_a_refusal(at: Callable[[str], Desk]) -> None:
    kim = at("kim")
    (kim.path / "audit.jsonl").symlink_to("/dev/full")
    with pytest.raises(NotPermitted):
        upkeep.note(kim, 1, "Seen.")
    assert str((kim.path / "audit.jsonl").readlink()) == "/dev/full"
