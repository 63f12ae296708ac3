"""Each record that an import has met is known by where it stood first, however many there are."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from helpdesk.domain.errors import CannotCreate
from helpdesk.store.first_met import FirstMet

MANY = rf"""
import re
from pathlib import Path
from helpdesk.store.first_met import FirstMet

def megabytes():
    status = Path("/proc/self/status").read_text()
    return int(re.search("VmRSS: *\\s*([0-9]+) kB", status)[1]) / 1024

met = FirstMet()
for line in range(1000):
    met.at(f"{{line:012}}", line, "{"0" * 64}")
before = megabytes()
for line in range(1000, 200_000):
    met.at(f"{{line:012}}", line, "{"0" * 64}")
assert met.at("000000000007", 0, "") == (7, "{"0" * 64}")
print(megabytes() - before)
"""


@pytest.fixture
def met() -> Iterator[FirstMet]:
    with closing(FirstMet()) as opened:
        yield opened


def test_a_record_stays_where_it_was_met_first(met: FirstMet) -> None:
    assert met.at("A-1", 2, "open") == (2, "open")
    assert met.at("B-1", 3, "open") == (3, "open")
    assert met.at("A-1", 4, "closed") == (2, "open")
    assert met.at("a-1", 5, "closed") == (5, "closed")


def test_what_could_not_be_taken_was_not_met(met: FirstMet) -> None:
    met.at("A-1", 2, "open")
    met.forget("A-1")
    assert met.at("A-1", 4, "closed") == (4, "closed")


def test_memory_does_not_grow_with_the_records() -> None:
    """In memory they would take 17 MB as they stand in the file, and 70 as Python has them."""
    told = subprocess.run([sys.executable, "-c", MANY], capture_output=True, text=True, check=True)
    assert float(told.stdout) < 8


def test_a_full_disk_is_told_of_in_one_line(met: FirstMet) -> None:
    met._db.execute("PRAGMA max_page_count = 4")
    with pytest.raises(CannotCreate, match="free some space for temporary files") as refused:
        for line in range(10_000):
            met.at(str(line), line, "open")
    assert "\n" not in refused.value.message
