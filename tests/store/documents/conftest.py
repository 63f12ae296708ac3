"""A table of tickets, kept in a folder of files."""

from pathlib import Path

import pytest

from helpdesk.store.documents import FolderDB, FolderTable


@pytest.fixture
def tickets(tmp_path: Path) -> FolderTable:
    return FolderDB(tmp_path).table("tickets")
