"""What the tests of a desk share: the desk at a later time, and one that sends mail."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk import inbound, sending
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.ticket import Ticket
from tests.conftest import DESK_TOML, MONDAY
from tests.desk.outgoing import A_LETTER, MAIL_OUT, Way
from tests.desk.tables import TODAY


@pytest.fixture
def later(desk: Desk) -> Iterator[Desk]:
    """The desk, after all that the tables tell of."""
    with clock.hold(TODAY):
        yield desk


@pytest.fixture
def mailing(desk_path: Path) -> Iterator[Desk]:
    """A desk that sends mail, on Monday."""
    (desk_path / "desk.toml").write_text(DESK_TOML + MAIL_OUT, encoding="utf-8")
    with clock.hold(MONDAY), open_desk(desk_path, agent="aibek") as opened:
        yield opened


@pytest.fixture
def leaking(mailing: Desk) -> Ticket:
    """A matter that came by mail and was acknowledged; the acknowledgement has left."""
    taken = inbound.take(mailing, A_LETTER)
    sending.send(mailing, Way())
    assert taken.ticket is not None
    return mailing.store.ticket(taken.ticket)
