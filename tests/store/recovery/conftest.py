"""A store that dies, fails or is meddled with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.store.files import FileStore
from tests.store.making import customer, save, ticket
from tests.store.programs import opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FileStore]:
    """A store whose desk has a customer and two tickets."""
    with opened(tmp_path) as made:
        save(made, customer(1), customer(2, "Нурлан"), ticket(1), ticket(2, subject="Tent"))
        made.catch_up()
        yield made
