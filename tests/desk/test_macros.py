"""Texts for answers that come often: in the customer's language, everything filled in."""

import re
import string
import unicodedata
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from helpdesk import clock
from helpdesk.desk import answers, customers, macros, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.macros import Macro
from helpdesk.desk.own_texts import languages
from helpdesk.domain.customer import Customer
from helpdesk.domain.errors import InvalidInput, NotFound
from helpdesk.domain.ticket import Ticket
from helpdesk.glance import read_toml
from helpdesk.resources import data_folder
from helpdesk.text import clean
from tests.conftest import MONDAY
from tests.desk.people import whoever_has
from tests.desk.test_matters import complaint

LANGUAGES = ["en", "ky", "ru", "ta"]
NAMES = [
    "order-number",
    "understood",
    "look-it-up",
    "solved",
    "thanks",
    "refund",
    "return",
    "delay",
]
SCRIPTS = {"ky": "CYRILLIC", "ru": "CYRILLIC", "ta": "TAMIL"}
RETURN = '[[macro]]\nname = "return"\ntitle = "Ours"\ntext = "Bring it to the shop."\n'


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    """A complaint of Aigul's, promised an answer by 15:00."""
    return complaint(desk)


@pytest.fixture
def aigul(desk: Desk, ticket: Ticket) -> Customer:
    assert ticket.customer is not None
    return desk.store.customer(ticket.customer)


def speaking(desk: Desk, customer: Customer, language: str) -> Customer:
    customers.update(desk, customer.id, {"language": language})
    return desk.store.customer(customer.id)


def own(desk: Desk, language: str, text: str) -> Path:
    """The desk's own texts in that language."""
    file = desk.path / "macros" / f"{language}.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def a_macro(text: str) -> Macro:
    return Macro(name="own", title="Own", text=text)


def shipped(language: str) -> dict[str, dict[str, Any]]:
    entries = read_toml(data_folder() / "macros" / f"{language}.toml")["macro"]
    return {entry["name"]: entry for entry in entries}


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_the_shipped_texts_are_there_in_every_language_of_the_desk() -> None:
    files = (data_folder() / "macros").glob("*.toml")
    assert {file.stem for file in files} == languages() == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_with_the_same_places_to_fill(language: str) -> None:
    found, english = shipped(language), shipped("en")
    assert list(found) == NAMES
    for name, entry in found.items():
        assert places(entry["text"]) == places(english[name]["text"]), name
        assert entry["text"].lstrip().startswith("{greeting}\n\n"), name
        assert clean(entry["text"]) == entry["text"]
        assert entry["text"].count("\n\n") == english[name]["text"].count("\n\n"), name


@pytest.mark.parametrize("language", ["ky", "ru", "ta"])
def test_translated_texts_are_in_their_own_script(language: str) -> None:
    for entry in shipped(language).values():
        for text in (entry["title"], entry["text"]):
            bare = "".join(part[0] for part in string.Formatter().parse(text))
            letters = [each for each in bare if each.isalpha()]
            assert all(SCRIPTS[language] in unicodedata.name(each) for each in letters), text


@pytest.mark.parametrize("language", ["ky", "ru", "ta"])
def test_nothing_is_attached_to_what_is_filled_in(language: str) -> None:
    """A name or a date is put in as it is: no ending may follow it."""
    for entry in shipped(language).values():
        parts = list(string.Formatter().parse(entry["text"]))
        for before, after in pairwise(parts):
            if before[1]:
                assert not after[0][:1].isalpha() and after[0][:1] != "-", entry["name"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_text_can_be_filled_in_for_a_customer_of_that_language(
    desk: Desk, ticket: Ticket, aigul: Customer, language: str
) -> None:
    customer = speaking(desk, aigul, language)
    ticket = upkeep.set_understanding(desk, ticket.id, "The left seam leaks.")
    found = macros.list_macros(desk, customer)
    assert [macro.name for macro in found] == NAMES
    for macro in found:
        text = macros.filled(desk, macro, ticket, customer)
        assert text.startswith(desk.texts.greeting(customer))
        assert "{" not in text
        assert macro.title == shipped(language)[macro.name]["title"]


def test_names_number_and_date_are_filled_in(desk: Desk, ticket: Ticket, aigul: Customer) -> None:
    macro = a_macro("{customer}|{due}|{agent}|{desk}|{ticket}|{greeting}")
    assert ticket.promise is not None
    assert macros.filled(desk, macro, ticket, aigul).split("|") == [
        "Aigul Toktogulova",
        desk.texts.moment(aigul, ticket.promise.due),
        "aibek",
        "Ak-Sai Outfitters",
        "1",
        "Dear Aigul Toktogulova,",
    ]


def test_braces_in_a_name_are_no_places_to_fill(desk: Desk, ticket: Ticket) -> None:
    number = whoever_has(desk, "odd@example.com", "{ticket} {0}")
    odd = desk.store.customer(number)
    assert macros.filled(desk, a_macro("{customer} {{x}}"), ticket, odd) == "{ticket} {0} {x}"


def test_a_date_is_told_only_if_it_is_ahead(desk: Desk, ticket: Ticket, aigul: Customer) -> None:
    macro = macros.find_macro(desk, aigul, "look-it-up")
    tomorrow = MONDAY + timedelta(days=1)
    assert "15:00" in macros.filled(desk, macro, ticket, aigul)
    assert "March 3" in macros.filled(desk, macro, ticket, aigul, due=tomorrow)
    with clock.hold(MONDAY + timedelta(hours=7)):
        with pytest.raises(InvalidInput, match="macro look-it-up tells by when"):
            macros.filled(desk, macro, ticket, aigul)
        macros.filled(desk, macro, ticket, aigul, due=tomorrow)
    answered = answers.reply(desk, ticket.id, "We send a new one.")
    with pytest.raises(InvalidInput, match="promise a next date first"):
        macros.filled(desk, macro, answered, aigul)


def test_what_was_understood_has_to_be_noted_before_it_is_said_back(
    desk: Desk, ticket: Ticket, aigul: Customer
) -> None:
    macro = macros.find_macro(desk, aigul, "understood")
    with pytest.raises(InvalidInput, match="note that first"):
        macros.filled(desk, macro, ticket, aigul)
    ticket = upkeep.set_understanding(desk, ticket.id, "The left seam leaks.")
    assert "\n\nThe left seam leaks.\n\n" in macros.filled(desk, macro, ticket, aigul)


def test_put_into_a_reply_the_greeting_and_the_signature_come_once(
    desk: Desk, ticket: Ticket, aigul: Customer
) -> None:
    macro = a_macro("{greeting}\n\nIt is on its way.\n\nKind regards\n{agent}\n{desk}")
    assert macros.body(desk, macro, ticket, aigul) == "It is on its way."
    letter = macros.letter(desk, macro, ticket, aigul)
    assert letter == desk.texts.letter(aigul, "aibek", "It is on its way.")


def test_the_desk_adds_texts_and_replaces_shipped_ones(desk: Desk, aigul: Customer) -> None:
    own(desk, "en", RETURN + '[[macro]]\nname = "sizes"\ntitle = "Sizes"\ntext = "See below."\n')
    found = {macro.name: macro for macro in macros.list_macros(desk, aigul)}
    assert list(found) == [*NAMES, "sizes"]
    assert found["return"].text == "Bring it to the shop."
    assert macros.faults(desk) == ()


def test_what_a_language_lacks_is_offered_in_the_desks_language(
    desk: Desk, aigul: Customer
) -> None:
    own(desk, "en", RETURN.replace("return", "sizes"))
    found = {macro.name: macro for macro in macros.list_macros(desk, speaking(desk, aigul, "ta"))}
    assert found["sizes"].text == "Bring it to the shop."
    assert found["return"].title == shipped("ta")["return"]["title"]


def test_a_customer_of_a_language_that_only_the_desk_has_is_served(
    desk: Desk, aigul: Customer
) -> None:
    own(desk, "de", RETURN.replace("Ours", "Unseres"))
    german = speaking(desk, aigul, "de-AT")
    titles = {macro.name: macro.title for macro in macros.list_macros(desk, german)}
    assert titles["return"] == "Unseres"
    assert titles["solved"] == shipped("en")["solved"]["title"]


def test_the_desks_language_comes_before_english(desk_path: Path) -> None:
    settings = desk_path / "desk.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[hours]", 'language = "ru"\n[hours]'), encoding="utf-8")
    with clock.hold(MONDAY), open_desk(desk_path, agent="aibek") as desk:
        number = whoever_has(desk, "jo@example.com", "Jo")
        found = macros.find_macro(desk, desk.store.customer(number), "solved")
        assert found.title == shipped("ru")["solved"]["title"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (RETURN.replace("Bring", "{order}"), "macro return: text: unknown placeholder {order}; "),
        (RETURN.replace("Bring", "{ticket.id}"), "unknown placeholder {ticket.id}; there are "),
        (RETURN.replace("Bring", "{}"), "unknown placeholder {}; "),
        (RETURN.replace("Bring", "{due!r}"), "unknown placeholder {due}; "),
        (RETURN.replace("Bring", "{due:>99999999}"), "unknown placeholder {due}; "),
        (RETURN.replace("Bring", "{due"), "macro return: text: has a brace without its other"),
        (RETURN.replace("Bring it to the shop.", " "), "macro return: text: has no words"),
        (RETURN.replace('"return"', '"Re turn"'), "macro Re turn: name: takes up to 40 small"),
        (RETURN.replace("title", "titel"), "macro return: title: is missing"),
        (RETURN.replace("name", "# "), "macro 1: name: is missing"),
        (RETURN + RETURN, "macro return: comes twice; the first holds"),
        ("macro = 3", "macro: write [[macro]] above each"),
        ("macro = [3]", "macro: write [[macro]] above each"),
        ("colour = 3", "colour: unknown key"),
        ("[[macro", "is not valid TOML"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_that_names_file_and_macro(
    desk: Desk, aigul: Customer, text: str, what: str
) -> None:
    own(desk, "en", '[[macro]]\nname = "good"\ntitle = "Good"\ntext = "Good."\n')
    own(desk, "ru", text)
    (fault,) = macros.faults(desk)[:1]
    assert fault.startswith("macros/ru.toml: ")
    assert what in fault
    assert "\n" not in fault
    names = [macro.name for macro in macros.list_macros(desk, speaking(desk, aigul, "ru"))]
    assert names == [*NAMES, "good"]


def test_files_that_cannot_be_read_leave_the_shipped_texts(desk: Desk, aigul: Customer) -> None:
    own(desk, "en", "").unlink()
    (desk.path / "macros" / "en.toml").mkdir()
    (desk.path / "macros" / "ru.toml").write_bytes(b"\xff")
    assert len(macros.list_macros(desk, aigul)) == len(NAMES)
    assert [fault.split(": ")[0] for fault in macros.faults(desk)] == [
        "macros/en.toml",
        "macros/ru.toml",
    ]


def test_a_macro_that_is_not_there_is_told(desk: Desk, aigul: Customer) -> None:
    with pytest.raises(NotFound, match="no macro sizes"):
        macros.find_macro(desk, aigul, "sizes")


def test_the_documentation_is_true(desk: Desk, ticket: Ticket, aigul: Customer) -> None:
    page = (Path(__file__).parents[2] / "docs" / "personal.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(# macros/en.toml\n.*?)```", page, re.DOTALL)
    own(desk, "en", example)
    assert macros.faults(desk) == ()
    macro = macros.find_macro(desk, aigul, "sizes")
    assert macros.filled(desk, macro, ticket, aigul).startswith("Dear Aigul Toktogulova,\n\nPlease")
    assert tuple(re.findall(r"^\| `\{(\w+)\}` \|", page, re.MULTILINE)) == macros.PLACEHOLDERS
