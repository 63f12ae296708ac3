"""A desk for a soak: a customer for every ten tickets, and tickets that wait on us."""

from pathlib import Path

from helpdesk.desk import customers, matters
from helpdesk.desk.desk import open_desk
from helpdesk.domain.words import Channel, Kind
from tests.conftest import DESK_TOML


def filled(path: Path, tickets: int) -> Path:
    """Make it in a folder that is not there yet; gives the folder."""
    path.mkdir()
    (path / "desk.toml").write_text(DESK_TOML, encoding="utf-8")
    with open_desk(path, "aibek") as desk:
        for number in range(tickets):
            if number % 10 == 0:
                who = customers.create(desk, {"name": f"Customer {number}"}).id
            matters.new_ticket(
                desk,
                who,
                kind=Kind.COMPLAINT,
                channel=Channel.PHONE,
                subject="The tent leaks",
                text="It rained on us all night.",
            )
    return path
