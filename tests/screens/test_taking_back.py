"""One key takes back what was done last, or says why nothing can be taken back."""

from threading import Event, Thread

from helpdesk.desk import erasing, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.words import Kind
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


async def test_what_others_did_besides_stays_and_stops_nothing(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("a")
        with open_desk(desk.path, "gulnara") as other:
            upkeep.set_tags(other, 1, ["vip"])
        await screen.press("u")
        assert "taken back: ticket 1 is yours" in screen.line(-1)
        assert (desk.store.ticket(1).assignee, desk.store.ticket(1).tags) == (None, ("vip",))


async def test_what_a_customer_noted_before_the_erasure_is_not_brought_back(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("enter", "U")
        await screen.type("Aigul's tent leaks.")
        await screen.press("ctrl+s", "U")
        await screen.type("Really: ")
        await screen.press("ctrl+s")
        customer = desk.store.ticket(1).customer
        assert customer is not None
        with open_desk(desk.path, "gulnara") as other:
            erasing.erase(other, customer)
        await screen.press("u")
        assert "nothing to take back: ticket 1" in screen.line(-1)
        assert desk.store.ticket(1).understanding is None


async def test_the_kind_is_set_back_too(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("a", "enter", "y")
        assert desk.store.ticket(1).kind is Kind.FEEDBACK
        await screen.press("u")
        assert "taken back: ticket 1: now taken for: feedback" in screen.line(-1)
        assert (desk.store.ticket(1).kind, desk.store.ticket(1).assignee) == (
            Kind.COMPLAINT, "aibek",
        )  # fmt: skip


async def test_what_was_told_is_never_passed_over_for_an_earlier_deed(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("a", "j", "j", "r")
        await screen.type("It is on its way.")
        await screen.press("ctrl+s")
        screen.app.held.carry_out_all()
        await screen.press("u")
        assert "nothing to take back: the reply to #3 has gone out" in screen.line(-1)
        assert desk.store.ticket(1).assignee == "aibek"
        await screen.press("u")
        assert "taken back: ticket 1 is yours" in screen.line(-1)
        assert desk.store.ticket(1).assignee is None


async def test_a_key_that_comes_while_it_goes_out_takes_back_nothing_else(desk: Desk) -> None:
    busy_desk(desk)
    gate, sending = Event(), Event()

    def slowly(_: int) -> None:
        sending.set()
        assert gate.wait(timeout=20)

    async with desk_screen(desk) as screen:
        await screen.press("a")
        screen.app.held.hold("end of #2", slowly, desk.store.ticket(2))
        carrying = Thread(target=screen.app.held.carry_out_all)
        carrying.start()
        await screen.until(sending.is_set)
        await screen.pilot.press("u")
        gate.set()
        carrying.join()
        await screen.settle()
        assert "nothing to take back: end of #2" in screen.line(-1)
        assert desk.store.ticket(1).assignee == "aibek"


async def test_many_are_set_back_at_once_but_for_what_others_changed(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("x", "j", "x", "T")
        await screen.type("spring")
        await screen.press("ctrl+s", "ctrl+s")
        screen.app.held.carry_out_all()
        await screen.settle()
        assert [desk.store.ticket(number).tags for number in (1, 3)] == [("spring",)] * 2
        with open_desk(desk.path, "gulnara") as other:
            upkeep.set_tags(other, 3, ["tent"])
        await screen.press("u")
        assert "taken back: tags of 2 tickets; 1 not: ticket 3 was changed since" in screen.line(-1)
        assert [desk.store.ticket(number).tags for number in (1, 3)] == [(), ("spring", "tent")]


async def test_what_has_gone_out_is_told_to_have(desk: Desk) -> None:
    busy_desk(desk)
    async with desk_screen(desk) as screen:
        await screen.press("j", "j", "r")
        await screen.type("It is on its way.")
        await screen.press("ctrl+s")
        screen.app.held.carry_out_all()
        await screen.press("u")
        assert "nothing to take back: the reply to #3 has gone out" in screen.line(-1)
