"""A desk that is open: its documents, settings, texts, and the agent who works at it."""

from __future__ import annotations

import os
import pwd
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk import clock
from helpdesk.domain.errors import BadConfiguration
from helpdesk.domain.query import Query, parse
from helpdesk.glance import SETTINGS_FILE, Glance, glance

if TYPE_CHECKING:
    from helpdesk.config import Settings
    from helpdesk.desk.texts import Texts
    from helpdesk.store.base import Store


class Desk:
    """What every use case needs. Use it as a context manager, or call ``close``."""

    def __init__(self, path: Path, store: Store, agent: str, face: Glance) -> None:
        self.path = path
        self.store = store
        self.agent = agent
        self.name = face.name
        self.zone = face.zone

    @cached_property
    def settings(self) -> Settings:
        """All settings, checked. Raises BadConfiguration."""
        from helpdesk.config import load  # pydantic, which the first paint does not wait for

        return load(self.path / SETTINGS_FILE)

    @cached_property
    def texts(self) -> Texts:
        """What customers read, by language."""
        from helpdesk.desk.texts import Texts

        return Texts(self.settings)

    def now(self) -> datetime:
        """The current time, UTC."""
        return clock.now()

    def query(self, text: str) -> Query:
        """Read a query as this agent typed it, now. Raises InvalidInput."""
        return parse(text, now=self.now(), zone=self.zone, me=self.agent)

    def local(self, moment: datetime) -> datetime:
        """The moment in the desk's zone."""
        return moment.astimezone(self.zone)

    def close(self) -> None:
        """Let go of the documents."""
        self.store.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def login_name() -> str:
    """The login name of whoever runs the program, by the system's own word."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"


def open_desk(path: Path, agent: str | None = None) -> Desk:
    """Open the desk in folder ``path`` for ``agent`` (by default, whoever is logged in).

    Raises:
        BadConfiguration: if there is no desk there, or its name or zone cannot be read.
        CannotCreate, Unavailable: if its documents cannot be reached.
    """
    from helpdesk.store.open import open_store

    if not (path / SETTINGS_FILE).is_file():
        raise BadConfiguration(
            f"there is no desk in {path}: make one with 'helpdesk init {path}', "
            "or name another with --desk"
        )
    face = glance(path)
    return Desk(path, open_store(path), agent or login_name(), face)
