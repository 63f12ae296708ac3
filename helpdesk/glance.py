"""A first glance at desk.toml: its name and zone, all that the first paint needs.

The settings are checked in full by config.py afterwards; reading them takes longer than a paint.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.domain.errors import BadConfiguration
from helpdesk.text import clean_line

SETTINGS_FILE = "desk.toml"


@dataclass(frozen=True, slots=True)
class Glance:
    """The name of the desk and the time zone it works in."""

    name: str
    zone: ZoneInfo


def glance(desk: Path) -> Glance:
    """Look at the settings of the desk in folder ``desk``.

    Raises:
        BadConfiguration: if there are none, they are no TOML, or name or zone is missing or wrong.
    """
    section = read_toml(desk / SETTINGS_FILE).get("desk")
    if not isinstance(section, dict):
        raise BadConfiguration(f"{SETTINGS_FILE}: the section [desk] is missing")
    name, zone = section.get("name"), section.get("timezone")
    if not isinstance(name, str) or not name.strip():
        raise BadConfiguration(f"{SETTINGS_FILE}: desk.name: is missing")
    try:
        return Glance(clean_line(name), ZoneInfo(zone if isinstance(zone, str) else ""))
    except (KeyError, ValueError, OSError):
        raise BadConfiguration(
            f"{SETTINGS_FILE}: desk.timezone: not a time zone; write one like Asia/Bishkek"
        ) from None


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
    except OSError as error:
        raise BadConfiguration(f"{name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadConfiguration(f"{name}: is not UTF-8 text; save it as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise BadConfiguration(f"{name}: is not valid TOML: {clean_line(str(error))}") from None
