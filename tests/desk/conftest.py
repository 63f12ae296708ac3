"""What the tests of imports share."""

from collections.abc import Iterator

import pytest

from helpdesk import clock
from helpdesk.desk.desk import Desk
from tests.desk.tables import TODAY


@pytest.fixture
def later(desk: Desk) -> Iterator[Desk]:
    """The desk, after all that the tables tell of."""
    with clock.hold(TODAY):
        yield desk
