"""One key takes back what was done last, or says why nothing can be taken back."""

from helpdesk.desk import upkeep
from helpdesk.desk.desk import Desk, open_desk
from tests.screens.desks import busy_desk
from tests.screens.driver import desk_screen


async def test_a_ticket_taken_and_tagged_is_set_back_step_by_step(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("a", "T")
        await screen.type("vip")
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).tags == ("vip",)
        await screen.press("u")
        assert "taken back: ticket 1: tags changed" in screen.line(-1)
        assert (desk.store.ticket(1).tags, desk.store.ticket(1).assignee) == ((), "aibek")
        await screen.press("u")
        assert "taken back: ticket 1 is yours" in screen.line(-1)
        assert desk.store.ticket(1).assignee is None
        told = [(event.what, event.detail) for event in desk.store.ticket(1).history[-2:]]
        assert told == [("taken back", "tags"), ("taken back", "assignee")]
        await screen.press("u")
        assert "nothing to take back: nothing was decided here yet" in screen.line(-1)


async def test_on_the_ticket_it_is_the_same_key(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("enter", "U")
        await screen.type("The tent leaks.")
        await screen.press("ctrl+s")
        assert desk.store.ticket(1).understanding is not None
        await screen.press("u")
        assert desk.store.ticket(1).understanding is None
        assert "taken back: ticket 1: noted" in screen.line(-1)


async def test_what_somebody_changed_since_stays(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("a")
        with open_desk(desk.path, "gulnara") as other:
            upkeep.assign(other, 1, "gulnara")
        await screen.press("u")
        assert "nothing to take back: ticket 1 was changed since, by gulnara" in screen.line(-1)
        assert desk.store.ticket(1).assignee == "gulnara"


async def test_what_has_gone_out_is_told_to_have(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("j", "j", "r")
        await screen.type("It is on its way.")
        await screen.press("ctrl+s")
        screen.app.held.carry_out_all()
        await screen.press("u")
        assert "nothing to take back: the reply to #3 has gone out" in screen.line(-1)
