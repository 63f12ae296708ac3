"""Passwords, from where desk.toml says that they are."""

from __future__ import annotations

import os
import stat
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
    open_to_others = fault(desk, section)
    if open_to_others is not None:
        raise BadConfiguration(f"{where}: {open_to_others}")
    try:
        found = read_plain_file(path).decode("utf-8").strip("\r\n")
    except OSError as error:
        raise BadConfiguration(f"{where}: cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadConfiguration(f"{where}: {path} is not UTF-8 text") from None
    if not found:
        raise BadConfiguration(f"{where}: {path} is empty")
    return found


def fault(desk: Path, section: Secret) -> str | None:
    """What is wrong with a file of a password that others than the desk's user may read."""
    if section.password_file is None:
        return None
    path = desk / section.password_file
    try:
        mode = path.lstat().st_mode
    except OSError:
        return None
    if not mode & (stat.S_IRGRP | stat.S_IROTH):
        return None
    return f"others may read the password in {path}; 'chmod 600' it, and change the password"
