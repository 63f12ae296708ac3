"""How what goes out by mail shows: beside its message, and in the queue where it never left."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.desk import answers, customers, inbound, outbox, sending
from helpdesk.desk.desk import Desk
from helpdesk.mail.transport import later, refused
from helpdesk.screens.compose import ComposeScreen
from helpdesk.screens.ticket import TicketScreen
from tests.conftest import MONDAY
from tests.desk.outgoing import A_LETTER, Way
from tests.screens.driver import desk_screen
from tests.screens.people import matter, on_screen

ASEL = "asel@people.example"


async def test_beside_a_message_stands_how_far_it_has_come(mailing: Desk) -> None:
    async with on_screen(mailing, TicketScreen(1), (200, 40)) as screen:
        assert screen.shows("queued")
    outbox.hold(mailing, 1)
    async with on_screen(mailing, TicketScreen(1), (200, 40)) as screen:
        assert screen.shows("held")
    outbox.release(mailing, 1)
    sending.send(mailing, Way(later("450 greylisted")))
    async with on_screen(mailing, TicketScreen(1), (200, 40)) as screen:
        assert screen.shows("not left yet, again 10:01: 450 greylisted")
    outbox.retry(mailing, 1)
    sending.send(mailing, Way())
    async with on_screen(mailing, TicketScreen(1), (200, 40)) as screen:
        assert screen.shows("sent 10:00")


async def test_a_subject_that_says_more_than_the_tickets_own_is_shown(mailing: Desk) -> None:
    reply = A_LETTER.replace(b"first@", b"2@").replace(b"Subject: Tent", b"Subject: Invoice 9")
    thread = b"\r\nIn-Reply-To: <first@people.example>\r\n\r\n"
    inbound.take(mailing, reply.replace(b"\r\n\r\n", thread, 1))
    async with on_screen(mailing, TicketScreen(1), (200, 40)) as screen:
        assert screen.shows("subject: Invoice 9")
        assert not screen.shows("subject: Tent")


@pytest.mark.parametrize("key", "rpc")
async def test_where_no_mail_leaves_that_and_the_subject_are_seen(desk: Desk, key: str) -> None:
    known = {"name": "Andrei Kuznetsov", "emails": [{"address": "andrei.kuznetsov@example.com"}]}
    customers.create(desk, known)
    matter(desk, "The tent came torn")
    async with on_screen(desk, TicketScreen(1), (80, 24)) as screen:
        await screen.press(key)
        assert screen.shows("! no mail goes to andrei.kuznetsov@example.com · The tent came torn")


async def test_where_mail_leaves_the_address_is_said_that_it_goes_to(mailing: Desk) -> None:
    known = [{"address": address} for address in ("old@people.example", ASEL)]
    customers.update(mailing, 1, {"emails": known})
    async with on_screen(mailing, ComposeScreen(1, note=False)) as screen:
        assert f"to  email {ASEL} · Asel · Tent" in screen.line(1)
    answers.reply(mailing, 1, "A new tent is on its way.")
    assert {each.to for each in outbox.entries(mailing)} == {ASEL}


async def test_that_mail_cannot_leave_stands_in_the_first_line(mailing: Desk) -> None:
    async with desk_screen(mailing.path) as screen:
        assert "⚠" not in screen.line(0)
    sending.send(mailing, Way(later("connection refused", ours=True)))
    async with desk_screen(mailing.path, (120, 24)) as screen:
        await screen.until(lambda: "⚠ 1 letter could not leave: O says why" in screen.line(0))
        await screen.press("W")
        assert screen.shows("1 letter could not leave yet; O or 'helpdesk outbox' says why")
        outbox.retry(mailing, 1)
        sending.send(mailing, Way())
        await screen.until(lambda: "⚠" not in screen.line(0))


async def test_that_nothing_sends_stands_in_the_first_line_after_a_while(mailing: Desk) -> None:
    with clock.hold(MONDAY + timedelta(minutes=14)):
        async with on_screen(mailing, TicketScreen(1), (200, 40)) as screen:
            assert screen.shows("queued")
    with clock.hold(MONDAY + timedelta(minutes=15)):
        async with desk_screen(mailing.path, (120, 24)) as screen:
            await screen.until(lambda: "⚠ 1 letter could not leave" in screen.line(0))
        async with on_screen(mailing, TicketScreen(1), (200, 40)) as screen:
            assert screen.shows("waits since 10:00, and nothing sends it")


async def test_that_nothing_tries_it_again_is_said_too(mailing: Desk) -> None:
    sending.send(mailing, Way(later("450 greylisted")))
    with clock.hold(MONDAY + timedelta(minutes=15)):
        async with on_screen(mailing, TicketScreen(1), (200, 40)) as screen:
            assert screen.shows("not left yet, again 10:01: 450 greylisted")
    with clock.hold(MONDAY + timedelta(minutes=16)):
        async with on_screen(mailing, TicketScreen(1), (200, 40)) as screen:
            assert screen.shows("waits since 10:01, and nothing sends it")
            assert screen.shows("450 greylisted")


async def test_what_never_left_shows_on_its_ticket_and_in_the_queue(mailing: Desk) -> None:
    sending.send(mailing, Way())
    answers.reply(mailing, 1, "A new tent is on its way.")
    sending.send(mailing, Way(refused("550 no such user")))
    async with on_screen(mailing, TicketScreen(1), (200, 40)) as screen:
        assert screen.shows("✗ not sent: 550 no such user")
        assert "promise kept" not in screen.text()
    async with desk_screen(mailing.path) as screen:
        assert "✗ not sent · Tent" in screen.find("Tent")
    assert [row.id for row in mailing.store.queue(mailing.query("is:undelivered"))] == [1]
    answers.reply(mailing, 1, "A new tent is on its way, once more.")
    assert mailing.store.queue(mailing.query("is:undelivered")) == []


async def test_what_could_not_be_read_of_a_message_stands_below_it(mailing: Desk) -> None:
    inbound.take(mailing, b"From: ann@example.org\nContent-Type: application/ms-tnef\n\neJ8+")
    async with on_screen(mailing, TicketScreen(2), (200, 40)) as screen:
        assert screen.shows("! its text is encrypted or sealed in an attached file")
