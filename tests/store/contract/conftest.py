"""What every store of a desk does, whichever way it keeps the documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.store.base import Store
from tests.store.contract.stores import STORES, Opener


@pytest.fixture(params=sorted(STORES))
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same store anew, as another program would."""
    opened: list[Store] = []

    def open_again() -> Store:
        opened.append(STORES[request.param](tmp_path))
        return opened[-1]

    yield open_again
    for store in opened:
        store.close()


@pytest.fixture
def store(opener: Opener) -> Store:
    """A store with nothing in it."""
    return opener()
