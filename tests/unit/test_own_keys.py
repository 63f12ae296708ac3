"""An agent's own keys: what can be taken, and what is refused with a reason."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.terminal.actions import ALL_ACTIONS, NAMES, keyed, shown_key
from helpdesk.terminal.keys import own_keys
from helpdesk.terminal.layouts import same_keys


def test_keys_are_taken_as_agents_write_them() -> None:
    taken, faults = own_keys({"reply": ("f2", "f4"), "close": ("!",), "mark": ("shift+m",)})
    assert taken == {"reply": ("f2", "f4"), "close": ("exclamation_mark",), "mark": ("M",)}
    assert not faults


@pytest.mark.parametrize(
    ("name", "keys", "why"),
    [
        ("close", ("r",), "r is already: Answer the customer"),
        ("close", ("к",), "к is already: Answer the customer"),  # the same key, another layout
        ("reply", ("ctrl+q",), "ctrl+q leaves the desk"),
        ("reply", ("ctr+r",), "there is no key ctr+r"),
        ("reply", ("F2",), "there is no key F2"),
        ("send", ("s",), "needs a key that types nothing"),
        ("back", (), "needs a key that types nothing"),
        ("view", ("1",), "these keys stay as they are"),
        ("fly", ("f2",), "there is no such action"),
    ],
)
def test_what_cannot_be_taken_is_told_and_left_out(
    name: str, keys: tuple[str, ...], why: str
) -> None:
    taken, faults = own_keys({name: keys})
    assert taken == {}
    assert len(faults) == 1
    assert faults[0].startswith(f"keys.{name}: ") and why in faults[0]


def test_the_documentation_names_every_action_with_its_keys() -> None:
    text = (Path(__file__).parents[2] / "docs" / "personal.md").read_text(encoding="utf-8")
    for action in ALL_ACTIONS:
        keys = " ".join(f"`{key}`" for key in action.keys)
        row = f"| `{action.name}` | {keys} | {action.does} |"
        assert action.told_key or row in text, f"docs/personal.md lacks the line: {row}"


def test_two_actions_may_change_places() -> None:
    taken, faults = own_keys({"reply": ("n",), "note": ("r",)})
    assert taken == {"reply": ("n",), "note": ("r",)} and not faults


def test_what_is_refused_gives_back_its_key_to_whoever_took_it() -> None:
    """Reply stays on r, so close cannot have it."""
    taken, faults = own_keys({"reply": ("R",), "close": ("r",)})
    assert taken == {} and len(faults) == 2


def test_actions_that_never_meet_may_share_a_key() -> None:
    """Both are e from the beginning: one on a ticket, one on a customer's profile."""
    taken, faults = own_keys({"cause": ("F",), "edit": ("F",)})
    assert len(taken) == 2 and not faults


def test_the_agents_key_is_the_one_shown() -> None:
    reply = next(action for action in ALL_ACTIONS if action.name == "search")
    assert keyed([reply], {"search": ("ctrl+g",)})[0].key == "^g"
    assert keyed([reply], {})[0].key == reply.key
    assert [shown_key(key) for key in ("question_mark", "shift+f2", "f2")] == ["?", "⇧f2", "f2"]


KEYS = st.sampled_from([*"abcrnRN", "ctrl+s", "ctrl+e", "f2", "f3", "п"])


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.lists(KEYS, max_size=2).map(tuple)))
def test_whatever_is_wished_for_no_key_means_two_things(wanted: dict[str, tuple[str, ...]]) -> None:
    taken, faults = own_keys(wanted)
    assert len(taken) + len(faults) == len(wanted)
    for one in keyed(ALL_ACTIONS, taken):
        for other in keyed(ALL_ACTIONS, taken):
            first = next(each for each in ALL_ACTIONS if each.name == one.name)
            second = next(each for each in ALL_ACTIONS if each.name == other.name)
            if one.name == other.name or set(first.keys) & set(second.keys):
                continue
            keys = {same for key in one.keys for same in same_keys(key)}
            others = {same for key in other.keys for same in same_keys(key)}
            assert not keys & others or not {one.name, other.name} & taken.keys()
