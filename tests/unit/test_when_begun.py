"""A time that is half typed is not wrong yet; one that nothing can be made of is."""

import pytest

from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.when import EXAMPLES, read_when
from helpdesk.domain.when_begun import is_begun
from tests.unit.test_when import OFFICE, WEDNESDAY

WHOLE = [
    *EXAMPLES.replace(" or ", ", ").strip("'").split("', '"),
    "Monday 9:05", "25. Nov 2026 14:00", "nov 25", "Nov 25, 2026 14:00", "fri 18 Dec 14:00",
    "25.11.2026 14:00", "2026-11-25T14:00",
]  # fmt: skip


def is_read(text: str) -> bool:
    """Whether it is a time as it is."""
    try:
        read_when(text, WEDNESDAY, OFFICE)
    except InvalidInput as error:
        return "cannot be read" not in error.message
    return True


@pytest.mark.parametrize("whole", WHOLE)
def test_nothing_is_wrong_with_any_time_while_it_is_typed(whole: str) -> None:
    assert is_read(whole)
    for end in range(1, len(whole)):
        assert is_begun(whole[:end]) or is_read(whole[:end]), whole[:end]


@pytest.mark.parametrize(
    "text", ["soon", "frx", "+x", "10/11", "10/1", "fri monday", "14:00 x", "x" * 100_000, "", " "]
)
def test_what_no_more_keys_can_make_a_time_of_is_not_begun(text: str) -> None:
    assert not is_begun(text)
