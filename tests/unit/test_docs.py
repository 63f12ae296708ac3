"""The guides name what there is: every setting, every key, and only files that exist."""

import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest
from pydantic import BaseModel

from helpdesk.config import DeskSection, HoursSection, PromiseSection, Settings, parse
from helpdesk.mail_settings import (
    MailInSection,
    MailOutSection,
    MailRuleSection,
    MailSection,
)
from helpdesk.terminal.actions import ALL_ACTIONS, Action

TOP = Path(__file__).parents[2]
GUIDES = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])

_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"^```toml\n(.*?)^```", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def prose(guide: Path) -> str:
    """The text of a guide without its examples."""
    return _FENCED.sub("", guide.read_text(encoding="utf-8"))


def anchors(guide: Path) -> set[str]:
    """The headings of a guide as links name them."""
    plain = (re.sub(r"[^\w\- ]", "", title.lower()) for title in _HEADING.findall(prose(guide)))
    return {title.strip().replace(" ", "-") for title in plain}


def part(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one."""
    return text.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("### `[desk]`", DeskSection),
        ("### `[hours]`", HoursSection),
        ("### `[[promise]]`", PromiseSection),
        ("### `[mail]`", MailSection),
        ("### `[[mail.in]]`", MailInSection),
        ("### `[[mail.rule]]`", MailRuleSection),
        ("### `[mail.out]`", MailOutSection),
    ],
)
def test_whoever_runs_a_desk_finds_every_setting_explained(
    heading: str, section: type[BaseModel]
) -> None:
    explained = part(prose(TOP / "docs/settings.md"), heading)
    first_cells = {
        name
        for line in explained.splitlines()
        if line.startswith("| `")
        for name in _CODE.findall(line.split("|")[1])
    }
    assert first_cells == {field.alias or name for name, field in section.model_fields.items()}


def test_whoever_runs_a_desk_finds_every_section_of_the_settings() -> None:
    named = {title.strip("`[]") for title in _HEADING.findall(prose(TOP / "docs/settings.md"))}
    assert set(Settings.model_fields) <= named


def test_the_policy_that_is_to_be_tried_out_can_be_read() -> None:
    examples = [
        tomllib.loads(example)
        for example in _TOML.findall((TOP / "docs/settings.md").read_text(encoding="utf-8"))
    ]
    whole = [example for example in examples if "hours" in example]
    assert whole
    for example in whole:
        example["desk"]["name"] = "Ak-Sai Workshop"
        assert parse(example).promise


@pytest.mark.parametrize("action", ALL_ACTIONS, ids=lambda action: action.name)
def test_agents_find_every_key_in_their_guide(action: Action) -> None:
    keys = set(_CODE.findall(part(prose(TOP / "docs/agents.md"), "## All keys")))
    assert set(action.key.split()) <= keys


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: str(guide.relative_to(TOP)))
def test_every_link_between_the_guides_leads_somewhere(guide: Path) -> None:
    links = [unquote(link) for link in _LINK.findall(prose(guide)) if "://" not in link]
    for link in links:
        file, _, anchor = link.partition("#")
        target = guide.parent / file if file else guide
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link
