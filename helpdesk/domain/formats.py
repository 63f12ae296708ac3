"""The format of documents, and how one of an older format is brought forward.

What changes the form of documents raises ``FORMAT`` and adds the step from the one before to
``STEPS``; everything else in the program knows the newest form only.
"""

from collections.abc import Callable
from typing import Any

Fields = dict[str, Any]

Step = Callable[[str, Fields], Fields]
"""From the folder of a document (``tickets``) and its fields to its fields in the next format. It
leaves ``id`` and ``rev`` as they are, and may change what it is given."""

FIRST = 1
"""The format of a desk that does not say which it is of."""

FORMAT = 1
"""The format that this program writes; a desk written by a newer one is refused."""

STEPS: dict[int, Step] = {}
"""By the format that it begins at, what brings a document to the next one."""


def forward(folder: str, fields: Fields) -> Fields:
    """The fields of a document in the newest format.

    Raises ValueError, with the reason, for a document that is of a newer one or cannot be brought
    forward.
    """
    written = fields.get("format", FORMAT)
    if type(written) is not int or written == FORMAT:
        return fields  # whoever makes a model of it says what is wrong with it
    if written > FORMAT:
        raise ValueError("it was written by a newer helpdesk; update this")
    try:
        for number in range(written, FORMAT):
            fields = STEPS[number](folder, fields)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise ValueError(f"it is of format {written} and cannot be brought forward") from None
    return {**fields, "format": FORMAT}
