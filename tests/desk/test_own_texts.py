"""A desk says things in its own words, and is told in one line where those cannot hold."""

from pathlib import Path

import pytest

from helpdesk.desk import customers, matters, own_texts, ruling
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.words import Channel, Kind
from tests.commands.conftest import Shell
from tests.desk.test_matters import complaint


def say(desk: Path, text: str, language: str = "en") -> None:
    file = desk / "texts" / f"{language}.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")


def everything() -> str:
    """A file that says everything, in the words of the shipped one."""
    shipped = "".join(
        f"[{section}]\n" + "".join(f"{key} = {text!r}\n" for key, text in keys.items())
        for section, keys in own_texts.shipped("en").items()
        if all("\n" not in text and "'" not in text for text in keys.values())
    )
    rest = [s for s, k in own_texts.shipped("en").items() if f"[{s}]" not in shipped]
    for section in rest:
        keys = own_texts.shipped("en")[section]
        shipped += f"[{section}]\n"
        shipped += "".join(f'{key} = """{text}"""\n' for key, text in keys.items())
    return shipped


def test_a_text_of_the_desks_own_takes_the_place_of_the_shipped_one(desk: Desk) -> None:
    say(desk.path, '[acknowledgement]\ntext = "Got it, as {ticket}. Answer by {due}."\n')
    ticket = complaint(desk)
    assert f"Got it, as {ticket.id}. Answer by Monday" in ticket.messages[-1].text
    assert "Kind regards" in ticket.messages[-1].text


def test_a_change_is_taken_up_at_once(desk: Desk) -> None:
    say(desk.path, '[signature]\ntext = "Yours, {agent}"\n')
    first = complaint(desk)
    say(desk.path, '[signature]\ntext = "Sincerely yours, {agent}"\n')
    second = complaint(desk)
    assert first.messages[-1].text.endswith("\n\nYours, aibek")
    assert second.messages[-1].text.endswith("Sincerely yours, aibek")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[acknowledgment]\ntext = "x"\n', "acknowledgment: there is no such text"),
        ('[closing]\nwords = "x"\n', "closing.words: there is no such text"),
        ("[closing]\ntext = 3\n", "closing.text: takes a text"),
        ('[closing]\ntext = " "\n', "closing.text: takes a text"),
        ('[closing]\ntext = "{ticket"\n', "closing.text: has a brace without its other half"),
        ('[closing]\ntext = "{due}"\n', "closing.text: unknown placeholder {due}; there are"),
        ('[closing]\ntext = "{ticket.x}"\n', "closing.text: unknown placeholder {ticket.x}"),
        ('[closing]\ntext = "{ticket!r}"\n', "closing.text: takes names in braces"),
        (
            '[acknowledgement]\ntext = "Soon!"\n',
            "acknowledgement.text: does not say {due}, which the customer has to be told",
        ),
        ("[closing", "is not valid TOML"),
    ],
)
def test_what_cannot_hold_is_named_in_a_line_and_left_aside(
    desk: Desk, text: str, fault: str
) -> None:
    say(desk.path, text)
    (line,) = own_texts.faults(desk.path)
    assert line.startswith("texts/en.toml: ")
    assert fault in line
    assert "You will have our answer by" in complaint(desk).messages[-1].text
    said = Shell(desk.path)("check")
    assert (said.code, said.lines[0]) == (65, line)
    with pytest.raises(InvalidInput):
        ruling.replace(desk, "texts/en.toml", text)


def test_a_further_language_has_to_say_everything(desk: Desk) -> None:
    say(desk.path, '[closing]\ntext = "Fertig."\n', "de")
    (line,) = own_texts.faults(desk.path)
    assert line.startswith("texts/de.toml: lacks greeting.first_name, ")
    assert "de" not in own_texts.languages(desk.path)
    say(desk.path, everything(), "de")
    assert own_texts.faults(desk.path) == ()
    assert "de" in own_texts.languages(desk.path)


def test_a_text_where_a_section_belongs_is_named_in_a_further_language_too(desk: Desk) -> None:
    say(desk.path, "greeting = 5\n", "de")
    first, second = own_texts.faults(desk.path)
    assert first == "texts/de.toml: greeting: there is no such text"
    assert second.startswith("texts/de.toml: lacks greeting.first_name, ")


def test_a_language_without_a_calendar_has_the_dates_of_the_desks(desk: Desk) -> None:
    say(desk.path, everything().replace("Dear", "Salam"), "xx")
    customer = customers.create(desk, {"name": "Ma", "language": "xx-KG"})
    told = matters.new_ticket(
        desk, customer.id, kind=Kind.REQUEST, channel=Channel.WEB, subject="Rope", text="Red?"
    ).messages[-1]
    assert told.text.startswith("Salam Ma")
    assert "Monday, March 2, 2026" in told.text


def test_every_text_is_shown_as_a_customer_reads_it(desk: Desk) -> None:
    complaint(desk)
    shell = Shell(desk.path)
    shown = shell.ok("texts", "1", "--json").objects
    assert {each["name"] for each in shown} >= {"acknowledgement", "moved", "apology", "closing"}
    assert all("{" not in each["text"] for each in shown)
    assert "acknowledgement:" in shell.ok("texts", "1").out
    assert shell("texts", "99").code == 66


def test_new_tickets_by_phone_use_their_own_text(desk: Desk) -> None:
    say(desk.path, '[acknowledgement_phone]\ntext = "Promised by {due}."\n')
    complaint(desk)
    ticket = matters.new_ticket(
        desk, 1, kind=Kind.REQUEST, channel=Channel.PHONE, subject="Rope", text="Red?"
    )
    assert "Promised by" in ticket.messages[-1].text
