"""The settings of a desk, its macros and mappings: read and replaced whole by a lead.

Where agents reach the desk only through the program, this is the only way to them.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress

from helpdesk.config import Settings, parse
from helpdesk.desk import audit, macros, own_texts, serving
from helpdesk.desk.desk import Desk
from helpdesk.domain.audit import Deed
from helpdesk.domain.errors import BadConfiguration, InvalidInput, NotFound
from helpdesk.domain.rights import Right
from helpdesk.glance import SETTINGS_FILE
from helpdesk.mail_settings import MailOutSection
from helpdesk.store import durable
from helpdesk.store.plain import read_plain_file

LONGEST = 1_000_000
"""How many bytes such a file may have."""

Reach = tuple[str | int | None, ...]

_NAME = re.compile(r"(macros|mappings|texts)/[A-Za-z0-9_-]{1,60}\.toml")


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
        NotPermitted: unless the agent is lead; of what root alone sets in service mode.
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
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{name}: is not valid TOML: {error}") from None
    if name == SETTINGS_FILE:
        _require_same_reach(desk, parse(document))
    elif name.startswith(macros.FOLDER):
        _refuse(macros.faults_in(name, document))
    elif name.startswith(own_texts.FOLDER):
        _refuse(own_texts.faults_in(name, document))
    with desk.writing(Right.SETTINGS):  # what lies there unfinished is then of the dead
        durable.clear_away([path.parent])
        audit.record(desk.path, desk.agent, Deed.SETTINGS, file=name)
        durable.make_folders(path.parent, desk.path)
        durable.write_file(path, text.encode(), desk=desk.path)


def _refuse(faults: list[str]) -> None:
    if faults:
        raise InvalidInput(faults[0])


def _require_same_reach(desk: Desk, new: Settings) -> None:
    """In service mode settings lead to no program or file of the machine that they did not before,
    and take no password to another server: else a lead would run or read it as the service user."""
    if serving.service() is None:
        return
    known: set[Reach] = {(MailOutSection.model_fields["command"].default,)}
    with suppress(BadConfiguration):  # a lead may put right what is wrong
        known |= _reach(desk.settings)
    if _reach(new) - known:
        serving.refuse("settings of the machine", "command, password_file and password_env, and "
                       "where a password goes (host, port and security), are set by whoever runs "
                       "the machine")  # fmt: skip


def _reach(settings: Settings) -> set[Reach]:
    """What of the machine the settings name: programs, and passwords with where they go."""
    mail = settings.mail
    secrets = (*mail.in_, *((mail.out,) if mail.out else ()))
    named: set[Reach] = {
        (each.password_file, each.password_env, each.host, each.port_number, each.security)
        for each in secrets
        if each.user
    }
    return {*named, (mail.out.command,)} if mail.out else named


def _checked(name: str) -> str:
    if name != SETTINGS_FILE and not _NAME.fullmatch(name):
        raise InvalidInput(
            "the settings of a desk are desk.toml, macros/LANGUAGE.toml, texts/LANGUAGE.toml "
            "and mappings/NAME.toml"
        )
    return name
