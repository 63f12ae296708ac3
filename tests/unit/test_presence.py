"""How an agent is told who else is at a ticket."""

from dataclasses import replace
from datetime import timedelta

from helpdesk.domain.presence import Doing, Present, in_order, presence_words
from tests.conftest import BISHKEK, MONDAY


def at(agent: str, doing: Doing = Doing.LOOKS, minutes: int = 0) -> Present:
    return Present(1, doing, agent, MONDAY + timedelta(minutes=minutes))


def words(one: Present) -> str:
    return presence_words(one, "aibek", BISHKEK, MONDAY + timedelta(hours=1))


def test_it_says_who_does_what_since_when() -> None:
    assert words(at("asel")) == "asel looks on since 10:00"
    assert words(at("asel", Doing.WRITES, 5)) == "asel writes here since 10:05"


def test_one_s_other_window_is_no_stranger() -> None:
    assert words(at("aibek")) == "you look elsewhere since 10:00"
    assert words(at("aibek", Doing.WRITES)) == "you write elsewhere since 10:00"


def test_who_writes_comes_before_who_was_there_first() -> None:
    looks, later, writes = at("asel"), at("bermet", minutes=1), at("chyngyz", Doing.WRITES, 2)
    assert in_order([later, writes, looks]) == [writes, looks, later]


def test_who_is_there_in_several_windows_is_named_once_by_what_he_writes() -> None:
    looks, again, writes = at("asel"), at("asel", minutes=1), at("asel", Doing.WRITES, 2)
    other = at("bermet", minutes=3)
    assert in_order([looks, again, other]) == [looks, other]
    assert in_order([looks, other, writes]) == [writes, other]
    elsewhere = replace(looks, ticket=2)
    assert in_order([looks, elsewhere, again]) == [looks, elsewhere]
