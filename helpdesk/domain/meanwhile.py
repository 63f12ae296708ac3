"""Two who change the same thing at once: what each changed, and where they differ.

Pure: from fields, by name, to fields.
"""

from collections.abc import Mapping

Fields = Mapping[str, str]


def differing(began: Fields, theirs: Fields, mine: Fields) -> tuple[str, ...]:
    """The names of the fields that both have changed since they ``began``, not to the same."""
    return tuple(
        name
        for name, start in began.items()
        if not _same(theirs[name], start)
        and not _same(mine[name], start)
        and not _same(mine[name], theirs[name])
    )


def together(began: Fields, theirs: Fields, mine: Fields) -> dict[str, str]:
    """What both changed: ``mine`` where I changed something, ``theirs`` everywhere else."""
    return {
        name: theirs[name] if _same(mine[name], start) else mine[name]
        for name, start in began.items()
    }


def _same(one: str, other: str) -> bool:
    """White space around a field is no change."""
    return one.strip() == other.strip()
