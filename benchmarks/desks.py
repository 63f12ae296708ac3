"""Desks of any size to measure on, made through the store and kept for the next run."""

import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

from helpdesk import clock
from helpdesk.domain import actions
from helpdesk.domain.actions import Deed, Telling
from helpdesk.domain.customer import Customer
from helpdesk.domain.ticket import Ticket
from helpdesk.domain.words import Channel, Kind
from helpdesk.store.open import open_store

SETTINGS = """
[desk]
name = "Bench"
timezone = "Asia/Bishkek"
[hours]
mon = ["09:00-18:00"]
tue = ["09:00-18:00"]
wed = ["09:00-18:00"]
thu = ["09:00-18:00"]
fri = ["09:00-18:00"]
[[promise]]
within = "same day"
"""
ACKNOWLEDGED = "You will have our answer by then."
"""Stands in every ticket."""
CUSTOMERS = 500
CHUNK = 1000
WORDS = (
    "tent leaks pole broken stove order late refund boots size wrong parcel missing thank you "
    "zipper rope delivery invoice paid twice колдонуу чатыр өтүк шатёр порван சப்பாத்து 帐篷"
).split()


def desk_of(tickets: int, folder: Path) -> Path:
    """A desk with that many tickets below ``folder``; made if it is not there yet."""
    desk = folder / f"desk-{tickets}"
    if (desk / "made").exists():
        return desk
    desk.mkdir(parents=True, exist_ok=True)
    (desk / "desk.toml").write_text(SETTINGS)
    print(f"making a desk of {tickets:,} tickets ...", file=sys.stderr, flush=True)
    _fill(desk, tickets)
    (desk / "made").touch()
    return desk


def _fill(desk: Path, tickets: int) -> None:
    now = clock.now()
    chance = random.Random(20260302)
    store = open_store(desk)
    with store.writing() as writing:
        for number in range(1, CUSTOMERS + 1):
            assert writing.new_customer_id() == number
            writing.put(Customer(id=number, name=f"Customer {number}", created=now, updated=now))
    for first in range(1, tickets + 1, CHUNK):
        with store.writing() as writing:
            for _ in range(first, min(first + CHUNK, tickets + 1)):
                writing.put(_ticket(writing.new_ticket_id(), now, chance))
    store.close()


def _ticket(number: int, now: datetime, chance: random.Random) -> Ticket:
    received = now - timedelta(minutes=chance.randint(60, 60 * 24 * 90))
    deed = Deed(at=received, by="aibek", channel=chance.choice(list(Channel)))
    ticket = actions.open_ticket(
        deed,
        Telling(
            due=received + timedelta(minutes=chance.randint(30, 60 * 24 * 100)),
            rule="same day",
            text=ACKNOWLEDGED,
        ),
        number=number,
        customer=chance.randint(1, CUSTOMERS),
        kind=chance.choice(list(Kind)),
        subject=" ".join(chance.choices(WORDS, k=5)),
        text=" ".join(chance.choices(WORDS, k=60)),
        author="the customer",
    )
    if chance.random() < 0.8:
        later = Deed(received + timedelta(minutes=25), "aibek", deed.channel)
        ticket = actions.answer(ticket, later, " ".join(chance.choices(WORDS, k=40)))
    if ticket.promise is None and chance.random() < 0.8:
        ticket = actions.close(
            ticket, Deed(received + timedelta(minutes=28), "aibek", deed.channel)
        )
    return ticket
