"""Letters on their way out, on the screen: sent now, kept back, let go, or never sent."""

from datetime import timedelta

from helpdesk import clock
from helpdesk.desk import answers, inbound, on_the_way, outbox, sending
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.outgoing import Sending
from helpdesk.domain.untried import UNTRIED
from helpdesk.domain.words import State
from helpdesk.mail.transport import later, refused
from helpdesk.screens.outbox import OutboxScreen
from helpdesk.screens.ticket import TicketScreen
from tests.conftest import MONDAY
from tests.desk.outgoing import A_LETTER, Way
from tests.hostile import PAYLOADS, assert_harmless
from tests.screens.driver import desk_screen
from tests.screens.people import on_screen

ACKNOWLEDGEMENT, ANSWER = 1, 2
NO_SUCH_USER = "550 no such user"


def state(desk: Desk, letter: int) -> Sending:
    """Where a letter stands."""
    return desk.store.outgoing(letter).state


async def test_a_desk_without_mail_says_that_it_sends_none(desk: Desk) -> None:
    async with desk_screen(desk) as screen:
        await screen.press("O")
        await screen.until_shows("This desk sends no mail")
        for key in ("r", "h", "x", "enter"):
            await screen.press(key)
            assert screen.shows("there is no letter here; esc goes back")
        await screen.press("escape")
        assert not screen.shows("letters on their way out")


async def test_a_letter_is_held_and_let_go_by_one_key(mailing: Desk) -> None:
    async with desk_screen(mailing) as screen:
        await screen.press("O")
        await screen.until_shows("#1 asel@people.example acknowledgement Re: Tent")
        await screen.press("h")
        await screen.until_shows("#1: held")
        assert state(mailing, ACKNOWLEDGEMENT) is Sending.HELD
        await screen.press("h")
        await screen.until_shows("#1: queued")
        assert state(mailing, ACKNOWLEDGEMENT) is Sending.QUEUED
        await screen.press("h")
        await screen.until_shows("#1: held")
        await screen.press("r")  # what is kept back is let go by sending it now, too
        await screen.until_shows("#1: queued")


async def test_what_waits_for_another_attempt_is_tried_at_once(mailing: Desk) -> None:
    sending.send(mailing, Way(later("450 greylisted")))
    async with desk_screen(mailing) as screen:
        await screen.press("O")
        await screen.until_shows("not left yet, again 10:01: 450 greylisted")
        await screen.press("r")
        await screen.until_shows("#1: not left yet, again now: 450 greylisted")
        assert mailing.store.outgoing(1).not_before == MONDAY
    assert sending.send(mailing, Way()).sent == 1


async def test_a_letter_is_never_sent_if_the_key_is_pressed_twice(mailing: Desk) -> None:
    answers.reply(mailing, 1, "A new tent is on its way.")
    async with desk_screen(mailing) as screen:
        await screen.press("O")
        await screen.until_shows("#1 asel@people.example")
        await screen.press("j", "x")
        assert screen.shows("x again: this letter never leaves, and #1 waits on us again")
        await screen.press("k", "j", "x")  # elsewhere it asks anew
        assert state(mailing, ANSWER) is Sending.QUEUED
        await screen.press("x")
        await screen.until_shows("#1: failed: cancelled by aibek")
        assert state(mailing, ANSWER) is Sending.FAILED
        assert state(mailing, ACKNOWLEDGEMENT) is Sending.QUEUED


async def test_an_acknowledgement_that_is_never_sent_leaves_its_date_untold(mailing: Desk) -> None:
    async with desk_screen(mailing) as screen:
        await screen.press("O")
        await screen.until_shows("#1 asel@people.example acknowledgement")
        await screen.press("x")
        assert screen.shows("x again: this letter never leaves, and its date is never told")
        await screen.press("x")
        await screen.until_shows("#1: failed: cancelled by aibek")
        assert mailing.store.ticket(1).state is State.ON_US


async def test_what_has_failed_is_not_offered_to_be_kept_from_leaving(mailing: Desk) -> None:
    sending.send(mailing, Way(refused(NO_SUCH_USER)))
    async with desk_screen(mailing) as screen:
        await screen.press("O")
        await screen.until_shows(f"failed: {NO_SUCH_USER}")
        await screen.press("x")
        assert screen.shows("this letter has failed: it does not leave as it is")
        await screen.press("r")  # its date is told anew where dates are told
        await screen.until_shows("told a date: tell it anew (p, or 'helpdesk promise')")


async def test_what_failed_stands_above_what_is_tried_again_by_itself(mailing: Desk) -> None:
    other = A_LETTER.replace(b"first@", b"2@").replace(b"asel@", b"bektur@")
    inbound.take(mailing, other)
    sending.send(mailing, Way(later("450 greylisted"), refused(NO_SUCH_USER)))
    assert [state(mailing, letter) for letter in (1, 2)] == [Sending.QUEUED, Sending.FAILED]
    assert [each.id for each in on_the_way.to_look_at(mailing)] == [2, 1]
    with clock.hold(MONDAY + UNTRIED + timedelta(minutes=2)):  # nobody tries it: it is stuck
        assert [each.id for each in on_the_way.to_look_at(mailing)] == [1, 2]


async def test_what_failed_is_sent_again_and_is_gone_once_it_was(mailing: Desk) -> None:
    sending.send(mailing, Way())
    answers.reply(mailing, 1, "A new tent is on its way.")
    sending.send(mailing, Way(refused(NO_SUCH_USER)))
    async with desk_screen(mailing) as screen:
        await screen.press("O")
        await screen.until_shows(f"failed: {NO_SUCH_USER}")
        await screen.press("r")
        await screen.until_shows("#1: queued")
        await screen.until(lambda: not screen.shows(f"failed: {NO_SUCH_USER}"))
    assert mailing.store.ticket(1).never_left is None
    assert [each.state for each in on_the_way.to_look_at(mailing)] == [Sending.QUEUED]


async def test_from_a_ticket_it_opens_on_its_letter_and_enter_leads_there(mailing: Desk) -> None:
    other = A_LETTER.replace(b"first@", b"2@").replace(b"asel@", b"bektur@")
    inbound.take(mailing, other)
    async with on_screen(mailing, TicketScreen(2)) as screen:
        await screen.press("O")
        await screen.until_shows("#2 bektur@people.example")
        assert "▌#2 bektur@" in screen.text()
        await screen.press("k", "enter")
        await screen.until(lambda: isinstance(screen.on_top, TicketScreen))
        await screen.until_shows("Asel")


async def test_others_changes_are_seen_and_the_cursor_stays_on_its_letter(mailing: Desk) -> None:
    other = A_LETTER.replace(b"first@", b"2@").replace(b"asel@", b"bektur@")
    inbound.take(mailing, other)
    async with desk_screen(mailing) as screen:
        await screen.press("O", "j")
        assert "▌#2" in screen.text()
        with open_desk(mailing.path, agent="bermet") as theirs:
            sending.send(theirs, Way())
            outbox_is_empty = "Nothing waits to be sent"
            await screen.until_shows(outbox_is_empty)
            answers.reply(theirs, 2, "It is on its way.")
        await screen.until_shows("#2 bektur@people.example")


async def test_what_needs_a_person_stands_first_then_what_was_tried(mailing: Desk) -> None:
    with clock.hold(MONDAY + timedelta(minutes=1)):
        other = A_LETTER.replace(b"first@", b"2@").replace(b"asel@", b"bektur@")
        inbound.take(mailing, other)
        outbox.hold(mailing, 1)
        sending.send(mailing, Way(later("450 greylisted")))
        answers.reply(mailing, 1, "A new tent is on its way.")
    assert [each.id for each in on_the_way.to_look_at(mailing)] == [2, 1, 3]
    with clock.hold(MONDAY + UNTRIED + timedelta(minutes=2)):
        assert [each.id for each in on_the_way.to_look_at(mailing)] == [2, 3, 1]
        async with desk_screen(mailing) as screen:
            await screen.press("O")
            await screen.until_shows("is 'helpdesk worker' running?")


async def test_who_only_reads_sees_the_letters_and_changes_none(mailing: Desk) -> None:
    roles = '\n[roles]\nauditor = ["aibek"]\n'
    settings = mailing.path / "desk.toml"
    settings.write_text(settings.read_text("utf-8") + roles, encoding="utf-8")
    with open_desk(mailing.path, agent="aibek") as reading:
        async with desk_screen(reading) as screen:
            await screen.press("O")
            await screen.until_shows("#1 asel@people.example")
            for keys in ("r", "h", "xx"):
                await screen.press(*keys)
                await screen.until_shows("✗")
            assert state(mailing, ACKNOWLEDGEMENT) is Sending.QUEUED


async def test_letters_of_hostile_text_are_shown_harmless_at_any_size(mailing: Desk) -> None:
    for number, payload in enumerate(PAYLOADS.values()):
        letter = A_LETTER.replace(b"first@", b"%d@" % number).replace(b"asel@", b"%d@" % number)
        subject = payload.encode("utf-8", "replace").replace(b"\n", b" ")
        inbound.take(mailing, letter.replace(b"Tent", subject))
        sending.send(mailing, Way(later(payload)))
    for size in ((40, 12), (80, 24), (120, 40)):
        async with desk_screen(mailing, size) as screen:
            await screen.press("O")
            await screen.until(lambda: isinstance(screen.on_top, OutboxScreen))
            for _ in on_the_way.to_look_at(mailing):
                assert_harmless(screen.text())
                await screen.press("j")
            assert screen.shows("esc back")
