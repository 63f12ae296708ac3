"""What customers read: greeted as they wish, in their language, with times in their zone."""

import string
import tomllib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.config import parse
from helpdesk.desk.own_texts import languages
from helpdesk.desk.texts import Texts
from helpdesk.domain.customer import Customer
from helpdesk.resources import data_folder
from helpdesk.text import clean

LANGUAGES = ["en", "ky", "ru", "ta"]
DUE = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
OLD_DUE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

Template = dict[str, dict[str, str]]


def shipped(language: str) -> Template:
    path = data_folder() / "texts" / f"{language}.toml"
    texts = tomllib.loads(path.read_text(encoding="utf-8"))
    return {section: keys for section, keys in texts.items() if isinstance(keys, dict)}


def fields_of(template: str) -> list[str]:
    return sorted(field for _, field, _, _ in string.Formatter().parse(template) if field)


def texts(language: str = "en", **desk: str) -> Texts:
    section = {"name": "Blue Yak", "timezone": "Asia/Bishkek", "language": language, **desk}
    return Texts(parse({"desk": section, "hours": {}, "agents": {"aibek": "Aibek Toktosunov"}}))


def customer(**fields: Any) -> Customer:
    known = {"id": 1, "created": DUE, "updated": DUE, "name": "Aizada Asanova"}
    return Customer.model_validate({**known, **fields})


def everything_said_to(who: Customer) -> list[str]:
    said = texts()
    body = said.acknowledgement(who, 7, DUE, phone=False)
    return [
        said.letter(who, "aibek", body),
        said.acknowledgement(who, 7, DUE, phone=True),
        said.moved(who, OLD_DUE, DUE, "the part is late"),
        said.next_date(who, DUE, "the part is late"),
        said.overdue(who, OLD_DUE, DUE, "the part is late"),
        said.apology(who, OLD_DUE),
        said.restate(who, "The left strap is torn."),
        said.closing(who, 7),
        said.taken_up(who, 7, DUE),
        said.thanks(who),
    ]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("the part is late", "the part is late."),
        ("it came on 12", "it came on 12."),
        ("is it lost?", "is it lost?"),
        ("the part (red)", "the part (red)"),
        ("பகுதி தாமதம்", "பகுதி தாமதம்."),
        ("零件未到", "零件未到。"),
        (" ", ""),
    ],
)
def test_a_reason_typed_in_a_few_words_ends_as_a_sentence(typed: str, written: str) -> None:
    assert f"The reason: {written}\n" in f"{texts().moved(customer(), OLD_DUE, DUE, typed)}\n"


def test_texts_are_shipped_in_four_languages() -> None:
    assert languages() == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_places_to_fill(language: str) -> None:
    english, translated = shipped("en"), shipped(language)
    assert translated.keys() == english.keys()
    for section, keys in english.items():
        found = {key: fields_of(text) for key, text in translated[section].items()}
        assert found == {key: fields_of(text) for key, text in keys.items()}, section


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shipped_text_stays_as_it_is_when_it_is_cleaned(language: str) -> None:
    for section in shipped(language).values():
        for text in section.values():
            assert clean(text) == text


@pytest.mark.parametrize("language", ["ky", "ru", "ta"])
def test_no_text_was_left_in_english(language: str) -> None:
    english, translated = shipped("en"), shipped(language)
    for section, keys in translated.items():
        for key, text in keys.items():
            words = "".join(literal for literal, *_ in string.Formatter().parse(text))
            assert text != english[section][key]
            assert not any(letter in string.ascii_letters for letter in words), (section, key)


@pytest.mark.parametrize(
    ("language", "greeting"),
    [
        ("en", "Dear Ms Asanova,"),
        ("ru", "Здравствуйте, Ms Asanova!"),
        ("ky", "Саламатсызбы, Asanova Ms!"),
        ("ta", "வணக்கம் Ms Asanova அவர்களே,"),
    ],
)
def test_without_permission_the_greeting_is_respectful(language: str, greeting: str) -> None:
    who = customer(
        language=language, given="Aizada", family="Asanova", salutation="Ms", preferred="Aika"
    )
    assert texts().greeting(who) == greeting


@pytest.mark.parametrize(
    ("language", "greeting"),
    [
        ("en", "Dear Aizada Asanova,"),
        ("ru", "Здравствуйте, Aizada Asanova!"),
        ("ky", "Саламатсызбы, Aizada Asanova!"),
        ("ta", "வணக்கம் Aizada Asanova அவர்களே,"),
    ],
)
def test_where_no_salutation_is_known_the_whole_name_is_used(language: str, greeting: str) -> None:
    who = customer(language=language, given="Aizada", family="Asanova", preferred="Aika")
    assert texts().greeting(who) == greeting


@pytest.mark.parametrize(
    ("language", "greeting"),
    [
        ("en", "Hello Aika,"),
        ("ru", "Здравствуйте, Aika!"),
        ("ky", "Саламатсызбы, Aika!"),
        ("ta", "வணக்கம் Aika,"),
    ],
)
def test_with_permission_the_preferred_first_name_is_used(language: str, greeting: str) -> None:
    who = customer(
        language=language,
        given="Aizada",
        family="Asanova",
        salutation="Ms",
        preferred="Aika",
        first_name_permitted=True,
    )
    assert texts().greeting(who) == greeting


def test_a_title_that_the_customer_prefers_is_kept() -> None:
    who = customer(family="Asanova", preferred="Dr Asanova")
    assert texts().greeting(who) == "Dear Dr Asanova,"


@pytest.mark.parametrize(
    ("language", "zone", "moment"),
    [
        ("en", "America/New_York", "Wednesday, November 25, 2026, 07:00 (Eastern Standard Time)"),
        ("ru", "Asia/Bishkek", "среда, 25 ноября 2026\u202fг., 18:00 (Киргизия)"),
        ("ky", "Asia/Bishkek", "2026-ж., 25-ноябрь, шаршемби, 18:00 (Кыргызстан убактысы)"),
        ("ta", "Asia/Kolkata", "புதன், 25 நவம்பர், 2026, 17:30 (இந்திய நிலையான நேரம்)"),
    ],
)
def test_times_are_told_in_the_language_and_zone_of_the_customer(
    language: str, zone: str, moment: str
) -> None:
    who = customer(language=language, timezone=zone)
    assert texts().moment(who, DUE) == moment
    for text in everything_said_to(who)[:5]:
        assert moment in text


@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [
        ("Europe/Dublin", "Greenwich Mean Time", "Irish Standard Time"),
        ("Europe/London", "Greenwich Mean Time", "British Summer Time"),
        ("America/New_York", "Eastern Standard Time", "Eastern Daylight Time"),
        ("Europe/Kyiv", "Eastern European Standard Time", "Eastern European Summer Time"),
        ("Asia/Ho_Chi_Minh", "Indochina Time", "Indochina Time"),
        ("Europe/Istanbul", "GMT+03:00", "GMT+03:00"),
    ],
)
def test_the_zone_is_named_as_its_clocks_stand(zone: str, winter: str, summer: str) -> None:
    who = customer(language="en-GB", timezone=zone)
    assert texts().moment(who, DUE).endswith(f"({winter})")
    assert texts().moment(who, DUE.replace(month=7)).endswith(f"({summer})")


def test_a_customer_whose_zone_is_unknown_reads_the_time_of_the_desk() -> None:
    said = texts().moment(customer(language="en"), DUE)
    assert said == "Wednesday, November 25, 2026, 18:00 (Kyrgyzstan Time)"


def test_the_day_told_is_that_of_the_customer_where_midnight_lies_between() -> None:
    late = datetime(2026, 11, 25, 19, 30, tzinfo=UTC)
    berlin = customer(language="en", timezone="Europe/Berlin")
    assert texts().moment(berlin, late).startswith("Wednesday, November 25, 2026, 20:30")
    assert texts().moment(customer(), late).startswith("Thursday, November 26, 2026, 01:30")


@pytest.mark.parametrize("language", ["de", "zh-Hans", None])
def test_a_language_without_texts_is_answered_in_that_of_the_desk(language: str | None) -> None:
    who = customer(language=language)
    assert texts("ky").greeting(who) == "Саламатсызбы, Aizada Asanova!"
    assert texts("ky").moment(who, DUE).startswith("2026-ж., 25-ноябрь")
    assert texts("fr").greeting(who) == "Dear Aizada Asanova,"


def test_a_region_of_a_language_reads_the_texts_of_that_language() -> None:
    assert texts().greeting(customer(language="ru-KG")).startswith("Здравствуйте")


@given(
    name=st.sampled_from(["{desk}", "{", "}}", "{name.__class__}", "{0}", "%s", "{{agent}}"]),
    language=st.sampled_from(LANGUAGES),
    first_name=st.booleans(),
)
def test_braces_in_a_name_stay_as_they_are(name: str, language: str, first_name: bool) -> None:
    who = customer(
        name=name, given=name, family=name, language=language, first_name_permitted=first_name
    )
    assert name in texts().greeting(who)
    assert name in texts().restate(who, name)
    assert name in texts().overdue(who, OLD_DUE, DUE, name)
    assert name in texts(name=name).signature(who, "aibek")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_greets_says_it_and_is_signed_with_the_name_of_the_agent(language: str) -> None:
    who = customer(language=language)
    letter = texts().letter(who, "aibek", "One line.").split("\n")
    assert letter[:4] == [texts().greeting(who), "", "One line.", ""]
    assert letter[-2:] == ["Aibek Toktosunov", "Blue Yak"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_late_answer_owns_the_delay_and_names_the_broken_date(language: str) -> None:
    who = customer(language=language)
    apology = texts().apology(who, OLD_DUE)
    assert texts().moment(who, OLD_DUE) in apology
    assert apology in texts().overdue(who, OLD_DUE, DUE, "the part is late")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_to_fill_in_any_text(language: str) -> None:
    for text in everything_said_to(customer(language=language)):
        assert "{" not in text
        assert text == text.strip()


def test_every_agent_answers_the_phone_with_the_same_words() -> None:
    assert texts().phone_greeting("aibek") == (
        "Good day, this is Blue Yak, Aibek Toktosunov speaking. How may I help you?"
    )
    assert texts("ky").phone_greeting("aibek").startswith("Саламатсызбы, бул Blue Yak")
    own = texts(phone_greeting="{desk}, {agent} here")
    assert own.phone_greeting("aibek") == "Blue Yak, Aibek Toktosunov here"


def test_dates_are_written_as_in_the_customers_country() -> None:
    british = customer(language="en-GB")
    american = customer(language="en-US")
    unknown = customer(language="en-XX")
    assert "25 November 2026" in texts().moment(british, DUE)
    assert "November 25, 2026" in texts().moment(american, DUE)
    assert "November 25, 2026" in texts().moment(unknown, DUE)
