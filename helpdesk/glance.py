"""A first glance at desk.toml: its name, its zone and its roles, all that the first paint needs.

The settings are checked in full by config.py afterwards; reading them takes longer than a paint.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import BadConfiguration
from helpdesk.domain.rights import Roles, is_login
from helpdesk.text import clean_line

SETTINGS_FILE = "desk.toml"

NAME_EXAMPLE = 'a text such as "Ak-Sai Outfitters"'
ZONE_EXAMPLE = 'a text such as "Asia/Bishkek"'

Stamp = tuple[int, int, int] | None


class Glance(NamedTuple):
    """The name of the desk, the time zone it works in, who is what there; and ``stamp``, how the
    file lay before it was looked at."""

    name: str
    zone: ZoneInfo
    roles: Roles
    stamp: Stamp


def glance(desk: Path) -> Glance:
    """Look at the settings of the desk in folder ``desk``.

    Raises:
        BadConfiguration: if there are none, they are no TOML, name or zone is missing or wrong, or
            the roles cannot be read: nobody gets a right by a slip.
    """
    lay = stamp(desk)
    document = read_toml(desk / SETTINGS_FILE)
    section = document.get("desk")
    if not isinstance(section, dict):
        raise BadConfiguration(f"{SETTINGS_FILE}: the section [desk] is missing")
    name = _text(section, "name", NAME_EXAMPLE)
    zone = _text(section, "timezone", ZONE_EXAMPLE)
    try:
        found = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise BadConfiguration(
            f"{SETTINGS_FILE}: desk.timezone: not a time zone; write one like Asia/Bishkek"
        ) from None
    try:
        return Glance(clean_line(name), found, read_roles(document.get("roles", {})), lay)
    except ValueError as error:
        raise BadConfiguration(f"{SETTINGS_FILE}: roles: {error}") from None


def _text(section: Mapping[str, Any], key: str, takes: str) -> str:
    if key not in section:
        fault = "is missing"
    elif not isinstance(section[key], str):
        fault = f"takes {takes}"
    elif not section[key].strip():
        fault = "is empty"
    else:
        return str(section[key])
    raise BadConfiguration(f"{SETTINGS_FILE}: desk.{key}: {fault}")


def stamp(desk: Path) -> Stamp:
    """How the settings lie on the disk: another once they were changed; None if there are none."""
    try:
        found = os.stat(f"{desk}/{SETTINGS_FILE}")  # noqa: PTH116 - a hot path
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def read_roles(section: object) -> Roles:
    """The section ``[roles]``: lists of login names by role.

    Raises:
        ValueError: saying what is wrong and where.
    """
    if not isinstance(section, Mapping):
        raise ValueError("takes a section that begins with [roles]")
    named: dict[str, tuple[str, ...]] = {}
    for role, logins in section.items():
        if role not in ("lead", "auditor"):
            raise ValueError(
                f"{clean_line(str(role), 40)}: unknown role; there are lead and auditor, "
                "and whoever is not named is an agent"
            )
        if not isinstance(logins, list | tuple) or not all(
            isinstance(each, str) for each in logins
        ):
            raise ValueError(f'{role}: takes a list of login names such as ["aigul"]')
        wrong = next((each for each in logins if not is_login(each)), None)
        if wrong is not None:
            raise ValueError(f"{role}: not a login name: {clean_line(wrong, 40)!r}")
        named[role] = tuple(logins)
    return Roles(**named)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        BadConfiguration: if it is missing, unreadable or no TOML, naming it and the line.
    """
    name = clean_line(path.name or str(path))
    try:
        # Some editors begin a file with a mark that says it is UTF-8.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise BadConfiguration(f"{clean_line(str(path))}: there is no such file") from None
    except PermissionError:
        advice = "Permission denied; ask whoever runs the desk for the right to read it"
        raise BadConfiguration(f"{name}: cannot be read: {advice}") from None
    except OSError as error:
        raise BadConfiguration(f"{name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadConfiguration(f"{name}: is not UTF-8 text; save it as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise BadConfiguration(f"{name}: is not valid TOML: {clean_line(str(error))}") from None
