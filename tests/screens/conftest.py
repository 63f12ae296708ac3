"""A desk that sends mail, for the stories of its screens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk import inbound
from helpdesk.desk.desk import Desk, open_desk
from tests.conftest import DESK_TOML, MONDAY
from tests.desk.outgoing import A_LETTER, MAIL_OUT


@pytest.fixture
def mailing(desk_path: Path) -> Iterator[Desk]:
    """A desk that sends mail, on Monday, with one matter that came by mail."""
    (desk_path / "desk.toml").write_text(DESK_TOML + MAIL_OUT, encoding="utf-8")
    with clock.hold(MONDAY), open_desk(desk_path, agent="aibek") as opened:
        inbound.take(opened, A_LETTER)
        yield opened
