"""Opens a desk as the program does, at the moment of the tests' Monday.

``--minutes-later N`` makes it later; ``--breaks`` lets the drawing of a row fail.
"""

import argparse
import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from textual.strip import Strip

from helpdesk import clock
from helpdesk.app import run
from helpdesk.widgets.queue_table import QueueTable
from tests.conftest import MONDAY


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("desk", type=Path)
    parser.add_argument("--minutes-later", type=int, default=0)
    parser.add_argument("--breaks", action="store_true")
    given = parser.parse_args()
    with ExitStack() as held:
        held.enter_context(clock.hold(MONDAY + timedelta(minutes=given.minutes_later)))
        if given.breaks:
            held.enter_context(patch.object(QueueTable, "render_line", _broken))
        return run(given.desk, "aibek")


def _broken(table: QueueTable, y: int) -> Strip:
    """Stands in for the drawing of a row, with a customer's words at hand."""
    row = table.rows.row(y)
    raise ZeroDivisionError(row)


if __name__ == "__main__":
    sys.exit(main())
