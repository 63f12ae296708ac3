"""Which desk is meant: the one that is named, or that of $HELPDESK_DESK, or the user's own.

`ingest` waits for what is imported here, so that is next to nothing.
"""

import os

VARIABLE = "HELPDESK_DESK"


def meant(named: str | None = None) -> str:
    """The path of the desk's folder, as it was given; ``named`` is what an option says, if any."""
    return named or os.environ.get(VARIABLE) or _own()


def _own() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("helpdesk", appauthor=False)
