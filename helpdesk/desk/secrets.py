"""Passwords, from where desk.toml says that they are."""

from __future__ import annotations

import os
from pathlib import Path

from helpdesk.domain.errors import BadConfiguration
from helpdesk.mail_settings import Secret
from helpdesk.store.plain import read_plain_file


def password(desk: Path, section: Secret, where: str) -> str:
    """The password of a section; ``where`` names the section in errors.

    Raises:
        BadConfiguration: if it is not there, or cannot be read; never with a word of it.
    """
    if section.password_env is not None:
        found = os.environ.get(section.password_env, "")
        if not found:
            raise BadConfiguration(f"{where}: the environment has no {section.password_env}")
        return found
    path = desk / (section.password_file or "")
    try:
        found = read_plain_file(path).decode("utf-8").strip("\r\n")
    except OSError as error:
        raise BadConfiguration(f"{where}: cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadConfiguration(f"{where}: {path} is not UTF-8 text") from None
    if not found:
        raise BadConfiguration(f"{where}: {path} is empty")
    return found
