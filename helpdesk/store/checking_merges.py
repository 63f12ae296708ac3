"""Circles of merges, which only editing by hand makes: who follows one comes to no end."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from helpdesk.domain.errors import Unavailable
from helpdesk.store import joined
from helpdesk.store.base import Fault


def circles(merged: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    """The circles in what leads from number to number: each once, from its lowest number on."""
    done: set[int] = set()
    for start in sorted(merged):
        way: dict[int, None] = {}
        here: int | None = start
        while here is not None and here not in done and here not in way:
            way[here] = None
            here = merged.get(here)
        if here is not None and here in way:
            numbers = list(way)
            circle = numbers[numbers.index(here) :]
            first = circle.index(min(circle))
            yield (*circle[first:], *circle[:first])
        done.update(way)


def of_customers(desk: Path) -> Iterator[Fault]:
    """Whether what is noted of merged customers can be read, and leads somewhere."""
    try:
        merged = joined.all_merged(desk)
    except Unavailable:
        yield Fault(joined.JOINED_FILE, "cannot be read")
        return
    for circle in circles(merged):
        yield Fault(joined.JOINED_FILE, f"leads in a circle: customers {_shown(circle)}")


def of_tickets(merged: Mapping[int, int]) -> Iterator[tuple[int, str]]:
    """What is wrong with tickets that were merged into others: the number of one, and what."""
    for circle in circles(merged):
        yield circle[0], f"was merged in a circle: tickets {_shown(circle)}"


def _shown(circle: tuple[int, ...]) -> str:
    return ", ".join(str(number) for number in (*circle, circle[0]))
