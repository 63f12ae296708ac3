"""A desk at which somebody only looks has loaded nothing that acts: it would take memory as long
as the desk is open, times the agents on the machine. What it has loaded is not looked through for
garbage, which would take time whenever anything changes, times the agents too."""

from pathlib import Path

from helpdesk.desk import preferences
from helpdesk.desk.desk import Desk, open_desk
from tests.hostile import PAYLOADS
from tests.pty.terminal import running
from tests.screens.desks import ticket

NOTING = """
import atexit, gc, sys
from pathlib import Path
from helpdesk import cli

note, begin = Path(sys.argv.pop(1)), cli._leave_plugins_out

def at_end():
    stays, goes = gc.get_freeze_count(), len(gc.get_objects())
    note.write_text("\\n".join((" ".join(sys.modules), f"{gc.isenabled()} {stays} {goes}")))

def noting():
    begin()
    atexit.register(at_end)

cli._leave_plugins_out = noting
cli.main()
"""
"""The program, which notes at its end what it has loaded; whether it looks for garbage, how many
objects it never looks through for it, and how many it does."""

NOT_TO_LOOK = (
    "babel", "charset_normalizer", "click", "email_validator", "helpdesk.commands.group",
    "helpdesk.commands.options", "helpdesk.desk.answers", "helpdesk.desk.attaching",
    "helpdesk.desk.letters", "helpdesk.desk.sending", "helpdesk.desk.upkeep",
    "helpdesk.mail.headers", "helpdesk.mail.letter", "helpdesk.mail.parts",
    "helpdesk.screens.compose", "helpdesk.screens.keeping", "helpdesk.screens.ticket.",
    "helpdesk.store.archive", "holidays", "imap_tools", "importlib.metadata",
    "selectolax", "textual.widgets._text_area", "tinydb", "tomlkit",
    "wcwidth",
)  # fmt: skip


def test_who_only_looks_at_the_queue_has_loaded_nothing_that_acts(
    desk: Desk, tmp_path: Path
) -> None:
    ticket(desk, f"Order late {PAYLOADS['tamil']}", text="It was to come last week.")
    ticket(desk, "Tent leaks", text="It rains into it.")
    with open_desk(desk.path) as mine:
        own = mine.path / preferences.place(mine)
        preferences.begin(mine)
        own.write_text('theme = "none of ours"\n')
    note = tmp_path / "loaded"
    with running(["-c", NOTING, str(note), "--desk", str(desk.path)], size=(120, 40)) as terminal:
        terminal.until_shows("there is none of that name")  # the last that is said at opening
        terminal.press("g")
        terminal.until_shows("It was to come last week.")
        terminal.press("j")
        terminal.until_shows("It rains into it.")
        terminal.press("q")
        assert terminal.exit_code() == 0
    modules, garbage = note.read_text().splitlines()
    loaded = modules.split()
    assert {"helpdesk.domain.ticket", "helpdesk.desk.outbox", "pydantic"} <= set(loaded)
    assert not [name for name in loaded if f"{name}.".startswith(NOT_TO_LOOK)]
    is_looked_for, stays, goes = garbage.split()
    assert is_looked_for == "True"
    assert int(goes) < int(stays) / 5, "an open desk is looked through for garbage"
