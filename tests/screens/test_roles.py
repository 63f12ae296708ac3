"""What the agent's role does not allow is shown as such, and says why."""

from pathlib import Path

from helpdesk.desk import answers, preferences
from helpdesk.desk.attaching import Enclosed
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.terminal.actions import right_for
from tests.desk.test_rights import documents, name_roles, on_record
from tests.screens.desks import ticket
from tests.screens.driver import desk_screen

WHY = "an auditor only reads: kim may not"


async def test_an_auditor_looks_at_everything_and_each_key_says_why_not(desk: Desk) -> None:
    ticket(desk, "Tent leaks")
    name_roles(desk.path, auditor=["kim"])
    before = documents(desk.path)
    async with desk_screen(desk.path, agent="kim", size=(120, 40)) as screen:
        for key in ("r", "n", "a", "c", "p", "N", "t"):
            await screen.press(key)
            assert screen.shows(WHY), key
        await screen.press("enter")
        assert screen.shows("Please help me.")
        await screen.press("r")
        assert screen.shows(WHY)
        await screen.press("o")
        assert screen.shows("Aigul Toktogulova")
        await screen.press("e")
        assert screen.shows(WHY)
        await screen.press("ctrl+p", "r", "e", "p", "l", "y")
    own = {name for name in documents(desk.path) if name.startswith("agents/kim/")}
    assert {name: text for name, text in documents(desk.path).items() if name not in own} == before
    what = [entry["what"] for entry in on_record(desk.path)]
    assert what[0] == "opened" and what.count("refused") == 9


async def test_an_auditor_is_offered_no_key_for_what_he_may_not_do(desk: Desk) -> None:
    ticket(desk, "Tent leaks")
    name_roles(desk.path, auditor=["kim"])
    async with desk_screen(desk.path, agent="kim", size=(120, 40)) as screen:
        assert "⏎ open" in screen.line(-1) and "reply" not in screen.line(-1)
        await screen.press("x")
        assert "close" not in screen.line(-1)
        await screen.press("enter")
        assert "tab card" in screen.line(-1) and "reply" not in screen.line(-1)
        await screen.press("o")
        assert "? keys" in screen.line(-1) and "edit" not in screen.line(-1)


async def test_an_auditor_saves_a_file_that_he_may_read(desk: Desk, tmp_path: Path) -> None:
    ticket(desk, "Tent leaks")
    file = Enclosed("seam.jpg", b"seam", "image/jpeg")
    answers.reply(desk, 1, "See here.", files=[file])
    name_roles(desk.path, auditor=["kim"])
    async with desk_screen(desk.path, agent="kim") as screen:
        await screen.press("number_sign", "1", "enter", "s", "tab")
        await screen.type(str(tmp_path / "seam.jpg"))
        await screen.press("ctrl+s")
        assert "saved as" in screen.line(-1), screen.text()
    assert (tmp_path / "seam.jpg").read_bytes() == b"seam"


async def test_an_auditor_keeps_and_changes_views_of_his_own(desk: Desk) -> None:
    ticket(desk, "Tent leaks")
    name_roles(desk.path, auditor=["kim"])
    async with desk_screen(desk.path, agent="kim") as screen:
        await screen.press("slash")
        await screen.type("tent")
        await screen.press("enter", "V")
        await screen.type("tents")
        await screen.press("ctrl+s")
        assert screen.shows("kept as the view tents"), screen.text()
        await screen.press("V", "e", "ctrl+u")
        await screen.type("leaks")
        await screen.press("ctrl+s")
        assert screen.shows("leaks")
    assert list(preferences.load(open_desk(desk.path, agent="kim"))[0].views) == ["leaks"]


async def test_the_palette_shows_what_is_refused_and_why(desk: Desk) -> None:
    ticket(desk, "Tent leaks")
    name_roles(desk.path, auditor=["kim"])
    async with desk_screen(desk.path, agent="kim", size=(120, 40)) as screen:
        await screen.press("ctrl+p")
        await screen.type("answer the")
        assert "✗ an auditor only reads" in screen.find("Answer the customer")


def test_an_action_that_nobody_called_reading_takes_the_right_to_work() -> None:
    assert right_for("reply") is right_for("take_back") is right_for("send")
    assert right_for("open") is not right_for("reply")
