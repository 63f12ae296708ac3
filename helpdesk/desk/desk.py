"""A desk that is open: its documents, settings, texts, and the agent who works at it.

Everything that changes a document goes through ``Desk.changing``, the one gate that asks whether
the agent may do it. ``Desk.store`` only reads.
"""

from __future__ import annotations

import os
import pwd
import shlex
from contextlib import AbstractContextManager, suppress
from copy import copy
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk import clock
from helpdesk.desk import serving
from helpdesk.desk.rights import Rights
from helpdesk.domain.errors import BadConfiguration, HelpdeskError
from helpdesk.domain.rights import Right, Role
from helpdesk.glance import SETTINGS_FILE, Glance, glance, stamp

if TYPE_CHECKING:
    from helpdesk.config import Settings
    from helpdesk.desk.texts import Texts
    from helpdesk.domain.query import Query
    from helpdesk.store.base import Presence, Reading, Store, Writing


class Desk:
    """What every use case needs. Use it as a context manager, or call ``close``."""

    def __init__(self, path: Path, store: Store, agent: str, face: Glance) -> None:
        self.path = path
        self.store: Reading = store
        self.agent = agent
        self.name = face.name
        self.zone = face.zone
        self._changing = store
        self._rights = Rights(path, agent, face)
        self._settings_stamp = face.stamp
        self.settings_fault: str | None = None
        """Why the settings cannot hold as they are now, if they were changed since."""

    @cached_property
    def settings(self) -> Settings:
        """All settings, checked; those that were changed since hold from the next change of a
        document on. Raises BadConfiguration."""
        from helpdesk.config import load  # pydantic, which the first paint does not wait for

        self._settings_stamp = stamp(self.path)
        return load(self.path / SETTINGS_FILE)

    @cached_property
    def texts(self) -> Texts:
        """What customers read, by language."""
        from helpdesk.desk.texts import Texts

        return Texts(self.settings, self.path)

    @cached_property
    def presence(self) -> Presence:
        """At which ticket the agent is seen to be, and who else is there."""
        return self.store.presence(self.agent)

    def reread(self) -> None:
        """Take the settings as they are now. Raises BadConfiguration; they stay as they were."""
        from helpdesk.config import load

        face, settings = glance(self.path), load(self.path / SETTINGS_FILE)
        self.name, self.zone = face.name, face.zone
        self.__dict__.pop("texts", None)
        self.__dict__["settings"] = settings

    @property
    def role(self) -> Role:
        """What the agent is at this desk, by its settings as they are now."""
        return self._rights.role

    def refusal(self, right: Right) -> str | None:
        """Why the agent may not do that, in a line; None if allowed."""
        return self._rights.refusal(right)

    def require(self, right: Right) -> None:
        """Raises NotPermitted, which is put on record, if the agent may not do that."""
        self._rights.require(right)

    def require_to_write(self) -> None:
        """Raises NotPermitted if the agent may not work here. Where his own words are at stake:
        while desk.toml cannot be read, the roles that it named before hold."""
        self._rights.require_as_last_known(Right.WORK)

    def changing(self, right: Right = Right.WORK) -> Store:
        """The store with everything that changes it, for an agent who may do that.

        Raises:
            NotPermitted: if not; nothing was written but the refusal in the audit log.
        """
        self.require(right)
        self.take_up_settings()
        return self._changing

    def take_up_settings(self) -> None:
        """Read settings that were changed since, or customers would be promised what held before.

        While they cannot hold, those before them do.
        """
        lies = stamp(self.path)
        if "settings" not in self.__dict__ or lies == self._settings_stamp:
            return
        from helpdesk.config import load

        self._settings_stamp = lies
        try:
            self.settings = load(self.path / SETTINGS_FILE)
        except BadConfiguration as error:
            self.settings_fault = error.message
        else:
            self.settings_fault = None
            self.__dict__.pop("texts", None)

    def writing(self, right: Right = Right.WORK) -> AbstractContextManager[Writing]:
        """Change documents, as ``Store.writing``. Raises NotPermitted as ``changing``."""
        return self.changing(right).writing()

    def with_changes_to(self, store: Store) -> Desk:
        """The same desk, of which changes go to another store."""
        other = copy(self)
        other._changing = store
        return other

    def now(self) -> datetime:
        """The current time, UTC."""
        return clock.now()

    def query(self, text: str) -> Query:
        """Read a query as this agent typed it, now. Raises InvalidInput."""
        from helpdesk.domain.query import parse

        return parse(text, now=self.now(), zone=self.zone, me=self.agent)

    def local(self, moment: datetime) -> datetime:
        """The moment in the desk's zone."""
        return moment.astimezone(self.zone)

    def close(self) -> None:
        """Let go of the documents, and be at no ticket any more."""
        if "presence" in self.__dict__:
            self.presence.leave()
        self.store.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def login_name() -> str:
    """The login name of whoever runs the program, by the system's own word: in service mode of
    whoever came through sudo."""
    served = serving.service()
    if served is not None:
        return served.agent
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"


def no_desk(path: Path) -> BadConfiguration:
    """There is no desk in ``path``: what to do, as a shell takes it."""
    shown = os.fsencode(path).decode("utf-8", "replace")
    if path.exists() and not path.is_dir():
        return BadConfiguration(f"{shown} is no folder, as a desk is: name another with --desk")
    if (path / SETTINGS_FILE).exists():
        return BadConfiguration(
            f"{SETTINGS_FILE} in {shown} is no file: put the desk's settings in its place"
        )
    if _holds_something(path):
        return BadConfiguration(
            f"there is no desk in {shown}, as it has no {SETTINGS_FILE}, and none can be made "
            f"there, as it is not empty: put {SETTINGS_FILE} back, look around with "
            "'helpdesk demo', or name another folder with --desk"
        )
    command = f"helpdesk init {shlex.quote(shown)}"
    quote = '"' if "'" in command else "'"
    return BadConfiguration(
        f"there is no desk in {shown}: make one with {quote}{command}{quote}, look around with "
        "'helpdesk demo', or name another with --desk"
    )


def _holds_something(path: Path) -> bool:
    try:
        return any(path.iterdir())
    except OSError:
        return False


def open_desk(path: Path, agent: str | None = None) -> Desk:
    """Open the desk in folder ``path`` for ``agent`` (by default, whoever is logged in).

    Raises:
        BadConfiguration: if there is no desk there, its name or zone cannot be read, or it was
            written by a newer helpdesk.
        CannotCreate, Unavailable: if its documents cannot be reached.
    """
    from helpdesk.store.open import open_store

    if not (path / SETTINGS_FILE).is_file():
        raise no_desk(path)
    face = _face(path)
    desk = Desk(path, open_store(path), agent or login_name(), face)
    if desk.store.brought_forward() is not None:
        _record_bringing_forward(desk)
    return desk


def _face(path: Path) -> Glance:
    try:
        return glance(path)
    except BadConfiguration:
        from helpdesk.config import load

        load(path / SETTINGS_FILE)  # which says all that is wrong, not the first of it only
        raise


def _record_bringing_forward(desk: Desk) -> None:
    from helpdesk.desk import audit
    from helpdesk.domain.audit import Deed

    with suppress(HelpdeskError):
        audit.record(desk.path, desk.agent, Deed.BROUGHT)
