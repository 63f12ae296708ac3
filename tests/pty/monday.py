"""Opens a desk as the program does, at the moment of the tests' Monday.

``--minutes-later N`` makes it later; ``--breaks`` lets the drawing of a row fail;
``--breaks-at WORD`` that of a text being written, once it holds the word.
"""

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from textual.strip import Strip

from helpdesk import clock
from helpdesk.cli import Ending
from helpdesk.session import run
from helpdesk.widgets.fields import TextField
from helpdesk.widgets.queue_table import QueueTable
from tests.conftest import MONDAY


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("desk", type=Path)
    parser.add_argument("--minutes-later", type=int, default=0)
    parser.add_argument("--breaks", action="store_true")
    parser.add_argument("--breaks-at", default="")
    given = parser.parse_args()
    with ExitStack() as held:
        held.enter_context(clock.hold(MONDAY + timedelta(minutes=given.minutes_later)))
        if given.breaks:
            held.enter_context(patch.object(QueueTable, "render_line", _broken))
        if given.breaks_at:
            held.enter_context(patch.object(TextField, "render_line", _breaking(given.breaks_at)))
        return run(given.desk, "aibek")


def _broken(table: QueueTable, y: int) -> Strip:
    """Stands in for the drawing of a row, with a customer's words at hand."""
    row = table.rows.row(y)
    raise ZeroDivisionError(row)


def _breaking(word: str) -> Callable[[TextField, int], Strip]:
    """Stands in for the drawing of a text."""
    draw = TextField.render_line

    def render_line(field: TextField, y: int) -> Strip:
        if word in field.text:
            raise ZeroDivisionError(field.text)
        return draw(field, y)

    return render_line


if __name__ == "__main__":
    ending = Ending()  # as the program ends: though the terminal is gone, with its own code
    ending.code = main()
    sys.exit(ending.code)
