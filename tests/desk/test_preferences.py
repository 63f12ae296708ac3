"""An agent's own settings: kept as he wrote them, and nothing wrong in them keeps him from work."""

import os
import re
import subprocess
import sys
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.desk import preferences
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.preferences import Preferences, change, load, remove_view, save, save_view
from helpdesk.domain.errors import BadConfiguration, CannotCreate, InvalidInput
from helpdesk.terminal.actions import ALL_ACTIONS
from helpdesk.terminal.themes import THEMES

PLACE = "agents/aibek/preferences.toml"
WRITTEN = """\
# My settings.
theme = "desk-light"  # for the balcony
mouse = false

[keys]
reply = ["r", "ctrl+r"]

[views]
# What hurts most.
late = "is:overdue priority:urgent"
"weg damit" = "tag:spam"
"""
TAKEN = Preferences(
    theme="desk-light",
    mouse=False,
    keys={"reply": ("r", "ctrl+r")},
    views={"late": "is:overdue priority:urgent", "weg damit": "tag:spam"},
)


def file_of(desk: Desk) -> Path:
    return desk.path / PLACE


def wrote(desk: Desk, text: str | bytes) -> Path:
    """The agent has edited the file by hand."""
    file = file_of(desk)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_a_check_names_what_is_wrong_in_the_settings_of_every_agent(desk: Desk) -> None:
    wrote(desk, 'mouse = "yes"\n[views]\ntent = "colour:red"\n')
    with open_desk(desk.path, agent="gulnara") as other:
        preferences.begin(other)
        (desk.path / preferences.place(other)).write_bytes(b"theme = [")
    mouse, view, toml = preferences.faults(desk)
    assert (mouse.place, mouse.what) == (PLACE, "mouse: takes true or false")
    assert view.what.startswith("views.tent: unknown field colour")
    assert toml.place == "agents/gulnara/preferences.toml"
    assert "is not valid TOML" in toml.what and "mend it by hand" in toml.what
    change_nothing = wrote(desk, WRITTEN).read_bytes()
    assert [each.place for each in preferences.faults(desk)] == [toml.place]
    assert file_of(desk).read_bytes() == change_nothing


def test_without_a_file_the_defaults_hold_and_none_is_made(desk: Desk) -> None:
    assert load(desk) == (Preferences(), ())
    assert Preferences().hold_seconds == 5
    assert not (desk.path / "agents").exists()


def test_what_an_agent_wrote_is_taken(desk: Desk) -> None:
    wrote(desk, WRITTEN)
    assert load(desk, actions=["reply", "note"]) == (TAKEN, ())


def test_a_change_on_the_screen_leaves_the_rest_of_the_file_as_it_was(desk: Desk) -> None:
    file = wrote(desk, WRITTEN)
    changed = change(desk, theme="desk-dark", hold_seconds=10)
    assert changed == replace(TAKEN, theme="desk-dark", hold_seconds=10)
    assert load(desk) == (changed, ())
    text = file.read_text(encoding="utf-8")
    expected = WRITTEN.replace("desk-light", "desk-dark")
    assert text == expected.replace("mouse = false\n", "mouse = false\nhold_seconds = 10\n")


def test_a_new_view_leaves_the_others_as_they_were_written(desk: Desk) -> None:
    file = wrote(desk, WRITTEN.replace('"tag:spam"', "'tag:spam'"))
    save_view(desk, "late too", "is:overdue")
    text = file.read_text(encoding="utf-8")
    assert text.endswith('"weg damit" = \'tag:spam\'\n"late too" = "is:overdue"\n')


def test_saving_what_is_there_changes_nothing(desk: Desk) -> None:
    file = wrote(desk, WRITTEN)
    save(desk, TAKEN)
    assert file.read_text(encoding="utf-8") == WRITTEN


def test_settings_follow_the_agent_and_are_nobody_elses(desk: Desk) -> None:
    change(desk, mouse=False)
    with open_desk(desk.path, agent="aibek") as elsewhere:
        assert load(elsewhere)[0].mouse is False
    with open_desk(desk.path, agent="nurlan") as colleague:
        assert load(colleague)[0].mouse is True


_PREFERENCES = st.builds(
    Preferences,
    theme=st.text("abc-\"'\\é字", max_size=20),
    mouse=st.booleans(),
    hold_seconds=st.integers(0, 60),
    editor=st.booleans(),
    keys=st.dictionaries(
        st.text("abc_.\" '", min_size=1, max_size=8),
        st.lists(st.text("abc+[]\"'\\ж", min_size=1, max_size=8), max_size=3).map(tuple),
        max_size=3,
    ),
    views=st.dictionaries(
        st.text("ab .\"'[]=#ж字", min_size=1, max_size=9).filter(lambda t: t == t.strip()),
        st.sampled_from(["is:mine", 'from:"Acme" due:<2d', "", "字 \\ words"]),
        max_size=3,
    ).map(lambda views: {" ".join(name.split()): query for name, query in views.items()}),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(first=_PREFERENCES, second=_PREFERENCES)
def test_whatever_is_saved_is_read_again_one_after_the_other(
    desk: Desk, first: Preferences, second: Preferences
) -> None:
    for each in (first, second, Preferences()):
        save(desk, each)
        assert load(desk) == (each, ())


@pytest.mark.parametrize(
    ("line", "key", "what"),
    [
        ('colour = "red"', "colour", "unknown key; there are theme, mouse, hold_seconds, editor"),
        ('mouse = "no"', "mouse", "takes true or false"),
        ("editor = 1", "editor", "takes true or false"),
        ("hold_seconds = 61", "hold_seconds", "takes a number of seconds from 0 to 60"),
        ("hold_seconds = -1", "hold_seconds", "from 0 to 60"),
        ("hold_seconds = true", "hold_seconds", "from 0 to 60"),
        ("hold_seconds = 2.5", "hold_seconds", "from 0 to 60"),
        ("theme = 3", "theme", "takes the name of a theme in quotes"),
        ('theme = "\\u001b[2J"', "theme", "takes the name of a theme"),
        ("keys = 3", "keys", "takes a table, as in [keys]"),
        ('keys.note = "n"', "keys.note", "takes a list of keys"),
        ('keys.note = ["a b"]', "keys.note", "takes a list of keys"),
        ('keys.note = ["a,b"]', "keys.note", "takes a list of keys"),
        ('keys.note = [""]', "keys.note", "takes a list of keys"),
        ('keys.fly = ["f"]', "keys.fly", "there is no such action"),
        ("views = []", "views", "takes a table, as in [views]"),
        ("views.a = 3", "views.a", "takes a query in quotes"),
        ('views.a = "kind:odd"', "views.a", "kind: takes request, complaint"),
        ('views.a = "colour:red"', "views.a", "unknown field colour: ; there are"),
        ('views.today = "is:mine"', "views.today", "the desk has a view today already"),
        ('views." " = "is:mine"', "views.", "takes a name of at most 40"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_key_and_the_rest_holds(
    desk: Desk, line: str, key: str, what: str
) -> None:
    wrote(desk, f'{line}\nkeys.reply = ["r"]\n' if line.startswith("keys.") else line + "\n")
    found, faults = load(desk, actions=["reply", "note"])
    expected = {"reply": ("r",)} if line.startswith("keys.") else {}
    assert found == Preferences(keys=expected)
    (fault,) = faults
    assert fault.startswith(f"{PLACE}: {key}")
    assert what in fault
    assert "\n" not in fault and "\x1b" not in fault


@pytest.mark.parametrize("text", ["mouse = ", b"\xff", "[views", "a=1\na=2", "a=" + "[" * 3000])
def test_a_file_that_is_no_toml_is_told_and_never_written_over(
    desk: Desk, text: str | bytes
) -> None:
    file = wrote(desk, text)
    before = file.read_bytes()
    found, (fault,) = load(desk)
    assert found == Preferences()
    assert fault.startswith(f"{PLACE}: is not ")
    with pytest.raises(BadConfiguration):
        change(desk, mouse=False)
    assert file.read_bytes() == before


def test_what_cannot_be_opened_is_told_and_the_defaults_hold(desk: Desk) -> None:
    file_of(desk).mkdir(parents=True)
    found, (fault,) = load(desk)
    assert found == Preferences()
    assert fault.startswith(f"{PLACE} cannot be read")


def test_what_is_wrong_in_the_file_outlasts_a_change_of_something_else(desk: Desk) -> None:
    file = wrote(desk, 'colour = "red"\nmouse = 3\n[views]\nodd = "kind:odd"\n')
    change(desk, theme="desk-light", views={"mine too": "is:mine"})
    text = file.read_text(encoding="utf-8")
    assert 'colour = "red"\nmouse = 3\n' in text
    assert 'odd = "kind:odd"' in text
    found, faults = load(desk)
    assert (found.theme, found.views) == ("desk-light", {"mine too": "is:mine"})
    assert len(faults) == 3


def test_a_wrong_value_is_mended_by_setting_it(desk: Desk) -> None:
    wrote(desk, "mouse = 3\nviews = 4\n")
    change(desk, mouse=False, views={"late": "is:overdue"})
    assert load(desk) == (Preferences(mouse=False, views={"late": "is:overdue"}), ())


def test_views_are_kept_replaced_and_removed(desk: Desk) -> None:
    save_view(desk, " urgent  ones ", "priority:urgent")
    save_view(desk, "late", "is:overdue")
    assert save_view(desk, "late", "is:overdue is:mine").views == {
        "urgent ones": "priority:urgent",
        "late": "is:overdue is:mine",
    }
    remove_view(desk, "urgent ones")
    remove_view(desk, "never was")
    assert load(desk)[0].views == {"late": "is:overdue is:mine"}


@pytest.mark.parametrize("name", ["", "  ", "today", "all", "x" * 41])
def test_a_view_takes_a_name_that_is_free(desk: Desk, name: str) -> None:
    with pytest.raises(InvalidInput):
        save_view(desk, name, "is:mine")
    assert not file_of(desk).exists()


def test_a_query_that_cannot_be_read_is_no_view(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match=r"^kind: takes"):
        save_view(desk, "odd", "kind:odd")


def test_values_that_the_file_would_not_give_back_are_refused(desk: Desk) -> None:
    for wrong in ({"hold_seconds": 61}, {"keys": {"reply": ("a b",)}}, {"theme": "a\nb"}):
        with pytest.raises(InvalidInput, match=PLACE):
            change(desk, **wrong)
    assert not file_of(desk).exists()


def test_a_file_that_cannot_be_written_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(CannotCreate):
        change(desk, mouse=False)


def test_the_agents_are_told_where_the_file_is(desk: Desk) -> None:
    assert preferences.place(desk) == PLACE


def test_the_example_in_the_documentation_is_taken_as_it_stands(desk: Desk) -> None:
    page = (Path(__file__).parents[2] / "docs" / "personal.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(# preferences.toml\n.*?)```", page, re.DOTALL)
    wrote(desk, example)
    found, faults = load(desk, actions=[action.name for action in ALL_ACTIONS])
    assert faults == ()
    assert found.theme in {theme.name for theme in THEMES}
    assert list(found.views) == ["urgent", "my complaints"]
    assert {field.name for field in fields(Preferences)} == set(tomllib.loads(example))


def test_the_first_paint_waits_for_nothing_slow_when_settings_and_drafts_are_read(
    desk: Desk,
) -> None:
    wrote(desk, WRITTEN)
    program = f"""
import sys
from pathlib import Path
from helpdesk.desk import drafts, holding, preferences
from helpdesk.desk.desk import open_desk
with open_desk(Path({str(desk.path)!r}), "aibek") as desk:
    assert preferences.load(desk)[1] == ()
    assert drafts.load(desk) == []
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not {"pydantic", "tomlkit", "tinydb", "babel"} & set(done.stdout.split())
