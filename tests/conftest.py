"""What the tests share: a fresh desk, the agent who works it, and a Monday morning."""

import gc
import os
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

from helpdesk import clock
from helpdesk.desk.desk import Desk, open_desk

BISHKEK = ZoneInfo("Asia/Bishkek")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=BISHKEK)

DESK_TOML = """\
[desk]
name = "Ak-Sai Outfitters"
timezone = "Asia/Bishkek"

[hours]
mon = ["09:00-13:00", "14:00-18:00"]
tue = ["09:00-13:00", "14:00-18:00"]
wed = ["09:00-13:00", "14:00-18:00"]
thu = ["09:00-13:00", "14:00-18:00"]
fri = ["09:00-13:00", "14:00-18:00"]

[[promise]]
channel = "phone"
within = "15 working minutes"

[[promise]]
kind = "complaint"
within = "4 working hours"

[[promise]]
within = "same day"
min_minutes_left = 60
"""

# Whoever runs the tests through sudo is no agent who reaches a desk that way.
os.environ.pop("SUDO_UID", None)

# A script that runs the tests in the background, or by nohup, has switched these off for them and
# for every program that they start.
for _number, _usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGHUP, signal.SIG_DFL),
):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _usual)

# A tenth of the time of the tests of screens goes into looking for garbage.
gc.set_threshold(100_000, 20, 20)

# How long one example takes depends on who else uses the machine, not on the rule it tests.
settings.register_profile("desk", deadline=None)
settings.load_profile("desk")


LONG = "tests/screens/test_hostile.py"
"""What takes a minute a test comes first, so that no worker is left with it at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture
def desk_path(tmp_path: Path) -> Path:
    """The folder of a fresh desk in Bishkek, open mon-fri 09:00-13:00 and 14:00-18:00."""
    path = tmp_path / "desk"
    path.mkdir()
    (path / "desk.toml").write_text(DESK_TOML, encoding="utf-8")
    return path


@pytest.fixture
def desk(desk_path: Path) -> Iterator[Desk]:
    """That desk, open, with the agent aibek at it, on MONDAY: hold the clock again to move on."""
    with clock.hold(MONDAY), open_desk(desk_path, agent="aibek") as opened:
        yield opened
