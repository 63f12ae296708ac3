"""Passwords of mail accounts: from a file or the environment, never from desk.toml."""

from __future__ import annotations

import os
from pathlib import Path

from helpdesk.domain.errors import BadConfiguration
from helpdesk.mail_settings import Secret
from helpdesk.store.plain import read_plain_file


def password(desk: Path, secret: Secret) -> str:
    """The password, or nothing where no login is asked for; ``desk`` is the desk's folder.

    Raises:
        BadConfiguration: if it is not where desk.toml says.
    """
    if secret.password_env:
        found = os.environ.get(secret.password_env, "")
        if not found:
            raise BadConfiguration(
                f"desk.toml: password_env names {secret.password_env}, which is not set"
            )
        return found
    if secret.password_file:
        try:
            data = read_plain_file(desk / secret.password_file)
        except OSError as error:
            why = error.strerror or "it cannot be read"
            raise BadConfiguration(
                f"desk.toml: password_file {secret.password_file}: {why}"
            ) from None
        return data.decode("utf-8", "replace").rstrip("\r\n")
    return ""
