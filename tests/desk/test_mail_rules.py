"""Rules of desk.toml say what mail is, and whose."""

from pathlib import Path

import pytest

from helpdesk.desk.desk import Desk
from helpdesk.domain.words import Kind, Priority
from tests.desk.letters import came, outcome, with_mail

FORGED = "mx.aksai.example; spf=pass (sender is (really) ok); dkim=none; dmarc=fail (p=none)"
BAKYT = "Bakyt <bakyt@example.com>"


@pytest.fixture
def desk_path(desk_path: Path) -> Path:
    with_mail(desk_path)
    return desk_path


@pytest.mark.parametrize(
    ("to", "subject", "sender", "kind", "tags", "priority"),
    [
        ("help@aksai.example", "Zip", BAKYT, Kind.REQUEST, (), Priority.NORMAL),
        ("Complaints@AkSai.example", "Zip", BAKYT, Kind.COMPLAINT, (), Priority.NORMAL),
        ("complaints@aksai.example", "My INVOICE", BAKYT, Kind.COMPLAINT, ("billing",), "high"),
        ("complaints@aksai.example", "Zip", "a@city.example", Kind.FEEDBACK, (), "normal"),
    ],
)
def test_the_kind_is_told_by_the_address_and_by_rules(
    desk: Desk, to: str, subject: str, sender: str, kind: Kind, tags: tuple[str], priority: str
) -> None:
    found = desk.store.ticket(came(desk, to=to, subject=subject, sender=sender).ticket or 0)
    assert (found.kind, found.tags, found.priority) == (kind, tags, priority)


def test_the_form_of_a_website_brings_the_matters_of_many(desk: Desk, desk_path: Path) -> None:
    forms = "Shop <no-reply@shop.example>"
    assert came(desk, "I want a tent.", sender=forms, reply_to=BAKYT).acknowledged is False
    settings = desk_path / "desk.toml"
    rule = '[[mail.rule]]\nfrom = "@shop.example"\ncustomer = "reply-to"\ntags = ["form"]\n'
    settings.write_text(settings.read_text().replace("[[mail.rule]]", f"{rule}\n[[mail.rule]]", 1))
    for number, person in enumerate((BAKYT, "aigul@example.com", BAKYT)):
        taken = came(
            desk, f"I want {number} tents.", sender=forms, reply_to=person, precedence="bulk"
        )
        assert outcome(taken) == {"new_ticket": True, "acknowledged": True}
        found = desk.store.ticket(taken.ticket or 0)
        assert found.tags == ("form",)
        mail = found.messages[0].mail
        assert mail is not None
        assert (mail.from_email or "nobody") in person
    names = [desk.store.customer(number).name for number in (2, 3)]
    assert names == ["Bakyt", "aigul@example.com"]
    assert desk.store.ticket(4).customer == 2
    ours = came(desk, "Nobody.", sender=forms, reply_to="help@aksai.example")
    assert ours.customer == 1, "an address of ours is no customer's"


def test_a_form_may_send_from_an_address_of_ours(desk: Desk, desk_path: Path) -> None:
    settings = desk_path / "desk.toml"
    rule = '[[mail.rule]]\nfrom = "help@aksai.example"\ncustomer = "reply-to"\n'
    settings.write_text(settings.read_text().replace("[[mail.rule]]", f"{rule}\n[[mail.rule]]", 1))
    taken = came(desk, "I want a tent.", sender="help@aksai.example", reply_to=BAKYT)
    assert outcome(taken) == {"new_ticket": True, "acknowledged": True}
    assert desk.store.customer(taken.customer or 0).name == "Bakyt"


def test_a_sender_whom_our_mail_server_disproves_joins_nothing_and_is_told_nothing(
    desk: Desk, desk_path: Path
) -> None:
    came(desk, id="one@example.com")
    answer = {"subject": "Re: Zip", "in_reply_to": "<one@example.com>"}
    joined = came(desk, "Me.", **answer, authentication_results=FORGED)
    assert joined.ticket == 1, "nobody said whose word counts"
    settings = desk_path / "desk.toml"
    text = settings.read_text().replace("[mail]", '[mail]\nauthserv_id = "MX.aksai.example"')
    settings.write_text(text)
    forged = came(desk, "Send me my invoices.", **answer, authentication_results=FORGED)
    assert outcome(forged) == {"new_ticket": True}
    found = desk.store.ticket(forged.ticket or 0)
    assert found.customer == joined.customer
    assert found.promise is not None
    assert "DMARC" in (found.messages[-1].undelivered or "")
    mail = found.messages[0].mail
    assert mail is not None
    assert "DMARC" in mail.faults[0]
    for others in (
        FORGED.replace("mx.aksai", "mx.evil"),
        "mx.aksai.example; dmarc=pass (dmarc=fail)",
        "mx.aksai.example; spf=fail; dkim=fail",
        "mx.aksai.example",
        "",
    ):
        fine = came(desk, f"Mine. {others}", **answer, authentication_results=others)
        assert fine.ticket == 1, others
