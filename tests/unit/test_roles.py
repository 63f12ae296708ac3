"""The pure rule of who may do what, and how desk.toml says it."""

import tomllib

import pytest

from helpdesk.config import parse
from helpdesk.domain.errors import BadConfiguration
from helpdesk.domain.rights import ALLOWED, Right, Role, Roles
from helpdesk.glance import read_roles
from tests.unit.test_config import GOOD

NAMED = Roles(lead=("aigul",), auditor=("kim",))


@pytest.mark.parametrize("right", Right)
def test_a_lead_may_do_everything(right: Right) -> None:
    assert NAMED.refusal("aigul", right) is None


@pytest.mark.parametrize("right", Right)
def test_whoever_is_not_named_works_and_reads(right: Right) -> None:
    allowed = NAMED.refusal("aibek", right) is None
    assert allowed == (right in (Right.READ, Right.WORK))


@pytest.mark.parametrize("right", Right)
def test_an_auditor_reads_the_log_too_and_nothing_more(right: Right) -> None:
    for roles in (NAMED, Roles(auditor=("kim",))):
        assert (roles.refusal("kim", right) is None) == (right in (Right.READ, Right.AUDIT))


def test_without_a_lead_everybody_is_one() -> None:
    assert Roles().role_of("aibek") is Role.LEAD
    assert set(ALLOWED) == set(Role)


@pytest.mark.parametrize(
    "section",
    [
        {"lead": "aigul"},
        {"lead": [1]},
        {"lead": ["no login"]},
        {"boss": ["aigul"]},
        {"lead": ["kim"], "auditor": ["kim"]},
        ["aigul"],
    ],
)
def test_roles_that_cannot_hold_are_refused(section: object) -> None:
    with pytest.raises(ValueError):
        read_roles(section)
    with pytest.raises(BadConfiguration, match=r"^desk\.toml: roles: "):
        parse({**tomllib.loads(GOOD), "roles": section})
