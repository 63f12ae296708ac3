"""The settings of a desk, its macros and mappings: read and replaced whole by a lead.

Where agents reach the desk only through the program, this is the only way to them.
"""

from __future__ import annotations

import re
import tomllib

from helpdesk.config import parse
from helpdesk.desk import audit, macros
from helpdesk.desk.desk import Desk
from helpdesk.domain.audit import Deed
from helpdesk.domain.errors import InvalidInput, NotFound
from helpdesk.domain.rights import Right
from helpdesk.glance import SETTINGS_FILE
from helpdesk.store import durable
from helpdesk.store.plain import read_plain_file

LONGEST = 1_000_000
"""How many bytes such a file may have."""

_NAME = re.compile(r"(macros|mappings)/[A-Za-z0-9_-]{1,60}\.toml")


def read(desk: Desk, name: str) -> str:
    """What the file says. Raises InvalidInput if it is none of those, NotFound."""
    path = desk.path / _checked(name)
    try:
        return read_plain_file(path).decode("utf-8", "replace")
    except OSError:
        raise NotFound(f"the desk has no {name}: a lead makes it with --replace -") from None


def replace(desk: Desk, name: str, text: str) -> None:
    """Make the file say ``text``, durably, if the desk can be run by it.

    Raises:
        NotPermitted: unless the agent is lead.
        InvalidInput: if it is none of those files, or too long, or cannot be read.
        BadConfiguration: naming what the settings cannot take.
        CannotCreate: if it cannot be written.
    """
    desk.require(Right.SETTINGS)
    path = desk.path / _checked(name)
    if len(text.encode()) > LONGEST:
        raise InvalidInput(f"{name} is longer than {LONGEST:,} bytes: shorten it")
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidInput(f"{name}: is not valid TOML: {error}") from None
    if name == SETTINGS_FILE:
        parse(document)
    elif name.startswith(macros.FOLDER):
        wrong = macros.faults_in(name, document)
        if wrong:
            raise InvalidInput(wrong[0])
    audit.record(desk.path, desk.agent, Deed.SETTINGS, file=name)
    durable.make_folders(path.parent, desk.path)
    durable.write_file(path, text.encode(), desk=desk.path)


def _checked(name: str) -> str:
    if name != SETTINGS_FILE and not _NAME.fullmatch(name):
        raise InvalidInput(
            "the settings of a desk are desk.toml, macros/LANGUAGE.toml and mappings/NAME.toml"
        )
    return name
