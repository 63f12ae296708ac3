"""A mapping says what a table's columns mean, and is told off by file and key where it can't."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from helpdesk.desk.importing.mapping import (
    CustomerSection,
    FieldsSection,
    OrderCustomerSection,
    OrderMapping,
    OrderSection,
    PromiseSection,
    TableMapping,
    TicketMapping,
    ValuesSection,
    load,
    parse,
    shipped,
)
from helpdesk.domain.errors import BadConfiguration, NotFound
from helpdesk.glance import read_toml
from helpdesk.resources import data_folder

LEAST = """
source = "Old desk"
timezone = "Europe/Berlin"
[fields]
external_id = "Nr"
received = "Received"
subject = "Subject"
text = "Text"
[customer]
email = "E-mail"
"""


def mapping(addition: str = "", **changed: Any) -> TicketMapping:
    return parse({**tomllib.loads(LEAST + addition), **changed}, "old.toml", TicketMapping)


def refusal(addition: str = "", **changed: Any) -> str:
    with pytest.raises(BadConfiguration) as caught:
        mapping(addition, **changed)
    assert caught.value.exit_code == 78
    return caught.value.message


def test_the_least_mapping_names_a_number_a_time_a_subject_a_text_and_a_customer() -> None:
    assert mapping().columns() == ("Nr", "Received", "Subject", "Text", "E-mail")
    for key in ("external_id", "received", "subject", "text"):
        left = {name: name for name in mapping().fields.model_fields_set if name != key}
        assert refusal(fields=left) == f"old.toml: fields.{key}: is missing"


def test_every_column_of_templates_and_lists_is_one_that_the_table_must_have() -> None:
    fields = {
        "external_id": "Nr",
        "received": "Received",
        "subject": ["{Issue}: {Sub-issue}", "Issue"],
        "text": "{Issue}\n{Text}",
        "kind": {"value": "complaint"},
        "tags": ["Product", "{Region}-{Zone}"],
    }
    assert set(mapping(fields=fields).columns()) == {
        "Nr", "Received", "Issue", "Sub-issue", "Text", "Product", "Region", "Zone", "E-mail",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("addition", "changed", "told"),
    [
        ("phone_no = 'Tel'", {}, "customer.phone_no: unknown key"),
        ("[fields2]\na = 'b'", {}, "fields2: unknown key"),
        ("", {"timezone": "Mars/Olympus"}, "timezone: not a time zone"),
        ("", {"encoding": "utf-99"}, "encoding: not an encoding"),
        ("", {"encoding": "hex"}, "encoding: not an encoding"),
        ("", {"delimiter": ";;"}, "delimiter: takes one character"),
        ("", {"delimiter": "\n"}, "delimiter: takes one character"),
        ("", {"dates": ["%H:%M"]}, "dates.0: not a format of a whole date"),
        ("", {"dates": ["%Y-%m-%d", "%Q"]}, "dates.1: not a format of a whole date"),
        ("", {"source": ""}, "source: "),
        ("[values.colour]\ndefault = 'red'", {}, "values.colour: there is no such field"),
        ("[values.kind]\ndefault = 'rant'", {}, "values.kind: 'rant' is none of request, "),
        ("[values.kind.map]\nX = 'rant'", {}, "values.kind: 'rant' is none of request, "),
        ("[values.state.containing]\nX = 'gone'", {}, "'gone' is none of on_us, on_customer"),
        ("[values.outcome.map]\nX = 'moved'", {}, "values.outcome: 'moved' is none of kept, "),
        ("[values.kind]\nother = 'x'", {}, "values.kind.other: unknown key"),
        ("[promise]\ndue = 'Due'\nby = 'policy'", {}, 'promise: give due = "COLUMN" or'),
        ("[promise]\nby = 'magic'", {}, "promise.by: "),
        ("[promise]\nunknown_answer = 'kept'", {}, "promise.unknown_answer: "),
        ("", {"customer": {}}, "customer: name the customer by key, email or name"),
        ("", {"customer": {"email": "{E-mail"}}, "customer.email: a template takes"),
        ("", {"customer": {"email": "{}"}}, "customer.email: a template takes"),
        ("", {"customer": {"email": []}}, "customer.email: an empty list"),
        ("", {"customer": {"email": {"column": "E"}}}, "customer.email: write a column as"),
        ("", {"customer": {"email": 7}}, "customer.email: write a column as"),
    ],
)
def test_what_a_mapping_cannot_say_is_refused_by_file_and_key(
    addition: str, changed: dict[str, Any], told: str
) -> None:
    message = refusal(addition, **changed)
    assert message.startswith("old.toml: ")
    assert told in message
    assert "\n" not in message


def test_a_mapping_is_named_by_its_path_or_as_one_that_is_shipped(tmp_path: Path) -> None:
    own = tmp_path / "old.toml"
    own.write_text(LEAST, encoding="utf-8")
    assert load(str(own), TicketMapping).source == "Old desk"
    assert load("boston-311", TicketMapping).source == "Boston 311"
    assert shipped() == ["boston-311", "cfpb", "orders"]


def test_a_mapping_that_is_nowhere_is_not_found_and_the_shipped_ones_are_named() -> None:
    with pytest.raises(NotFound, match=r"boston-312.*boston-311, cfpb, orders") as caught:
        load("boston-312", TicketMapping)
    assert caught.value.exit_code == 66


def test_a_mapping_of_orders_is_none_of_tickets_and_broken_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"orders\.toml: fields: is missing"):
        load("orders", TicketMapping)
    assert load("orders", OrderMapping).order.amount_of == "order"
    broken = tmp_path / "broken.toml"
    broken.write_text("source = ", encoding="utf-8")
    with pytest.raises(BadConfiguration, match=r"broken\.toml: is not valid TOML"):
        load(str(broken), TicketMapping)


def test_orders_take_a_customer_by_number_key_or_email() -> None:
    orders = {
        "source": "Shop",
        "timezone": "UTC",
        "order": {"number": "Nr", "date": "Date"},
        "customer": {"name": "Name"},
    }
    with pytest.raises(BadConfiguration, match="customer: name the customer by number, key or"):
        parse(orders, "shop.toml", OrderMapping)


DOCS = Path(__file__).parents[2] / "docs" / "import.md"


@pytest.mark.parametrize(
    "section",
    [
        TableMapping, FieldsSection, ValuesSection, CustomerSection, PromiseSection,
        OrderSection, OrderCustomerSection,
    ],
)  # fmt: skip
def test_every_key_of_a_mapping_is_described(section: type[BaseModel]) -> None:
    described = DOCS.read_text(encoding="utf-8")
    for key in section.model_fields:
        assert f"`{key}`" in described or f"`[{key}]`" in described, key


def test_the_examples_described_are_those_that_are_shipped() -> None:
    examples = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    names = ["boston-311", "cfpb"]
    for name, example in zip(names, examples, strict=True):
        shipped_one = read_toml(data_folder() / "mappings" / f"{name}.toml")
        assert contains(shipped_one, tomllib.loads(example)), name


def contains(whole: Any, part: Any) -> bool:
    """Whether every key of ``part`` is in ``whole`` with the same value."""
    if not isinstance(part, dict):
        return bool(whole == part)
    return all(key in whole and contains(whole[key], part[key]) for key in part)
