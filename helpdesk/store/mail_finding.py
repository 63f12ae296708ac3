"""What the index tells of mail: where it belongs, whether it came before, who needs which file."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from sqlite3 import Connection

from helpdesk.store.schema import ticks

_AT_ONCE = 500


def by_mail_ids(db: Connection, ids: Sequence[str]) -> dict[str, list[int]]:
    """The tickets that hold the mail of these ids, by id."""
    found: dict[str, list[int]] = {}
    for some in _portions(ids):
        sql = f"""SELECT mail_id, ticket FROM mail_ids WHERE mail_id IN ({_marks(some)})
            ORDER BY mail_id, ticket"""
        for mail_id, ticket in db.execute(sql, some):
            found.setdefault(mail_id, []).append(ticket)
    return found


def by_origins(db: Connection, origins: Sequence[str]) -> dict[str, int]:
    """The first ticket that holds the mail which came from there, by origin."""
    found: dict[str, int] = {}
    for some in _portions(origins):
        sql = f"""SELECT origin, min(ticket) FROM origins WHERE origin IN ({_marks(some)})
            GROUP BY origin"""
        found.update(db.execute(sql, some))
    return found


def referring_to(db: Connection, sha256: str) -> list[int]:
    """The tickets that refer to a file of the archive, by number."""
    sql = "SELECT ticket FROM archived WHERE sha256 = ? ORDER BY ticket"
    return [row[0] for row in db.execute(sql, (sha256,))]


def all_referred_to(db: Connection) -> set[str]:
    """Every file of the archive that a ticket refers to."""
    return {row[0] for row in db.execute("SELECT DISTINCT sha256 FROM archived")}


def promises_told(db: Connection, customer: int, since: datetime) -> int:
    """How many promises were told to the customer since then."""
    sql = """SELECT count(*) FROM tickets AS t JOIN promises AS p ON p.ticket = t.id
        WHERE t.customer = ? AND t.updated >= ? AND p.told_at >= ?"""
    start = ticks(since)
    return int(db.execute(sql, (customer, start, start)).fetchone()[0])


def latest_of(db: Connection, customers: Sequence[int]) -> int:
    """Of these customers, the one whose ticket changed last; else the first by number."""
    latest = (0, -min(customers))
    for number in customers:
        sql = "SELECT ifnull(max(updated), 0) FROM tickets WHERE customer = ?"
        latest = max(latest, (db.execute(sql, (number,)).fetchone()[0], -number))
    return -latest[1]


def shared_addresses(db: Connection) -> list[tuple[int, ...]]:
    """The customers who have an e-mail address in common, each group once, by number."""
    sql = """SELECT group_concat(customer) FROM contacts WHERE kind = 'email'
        GROUP BY value HAVING count(*) > 1"""
    groups = {tuple(sorted(map(int, row[0].split(",")))) for row in db.execute(sql)}
    return sorted(groups)


def outbox(db: Connection, states: Sequence[str], limit: int | None) -> list[int]:
    """The messages of the outbox in these states, or in any, by when they are to be sent."""
    condition = f"WHERE state IN ({_marks(states)})" if states else ""
    sql = f"SELECT id FROM outbox {condition} ORDER BY not_before, id LIMIT ?"
    return [row[0] for row in db.execute(sql, (*states, -1 if limit is None else limit))]


def stuck(db: Connection, untried_since: datetime) -> int:
    """How many messages of the outbox were tried and have not left, or wait since before then."""
    tried = "SELECT count(*) FROM outbox WHERE stuck = 1"
    waiting = "state IN ('queued', 'sending') AND not_before <= ? AND stuck = 0"
    sql = f"SELECT ({tried}) + (SELECT count(*) FROM outbox WHERE {waiting})"
    return int(db.execute(sql, (ticks(untried_since),)).fetchone()[0])


def outgoing_of(db: Connection, ticket: int) -> dict[int, int]:
    """By the numbers of a ticket's messages, those of the outbox; the last, if there are two."""
    sql = "SELECT message, id FROM outbox WHERE ticket = ? ORDER BY id"
    return dict(db.execute(sql, (ticket,)))


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _portions(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
