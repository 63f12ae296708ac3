"""The tables of the index, and how moments and states are kept in them.

The index is derived from the documents and can be built anew at any time, so a change of the
tables takes no migration: raise ``SCHEMA`` and every desk builds its index again.
"""

from datetime import UTC, datetime, timedelta

from helpdesk.domain.words import State

SCHEMA = 9
"""Version of the tables; an index of an older version is built anew, a newer one is left alone."""

RANKS = {State.ON_US: 0, State.ON_CUSTOMER: 1, State.CLOSED: 2}
"""Where a state stands in the queue."""

STATES = tuple(RANKS)

LAST_PLACE = 2**62
"""The place of a ticket that waits on us with no due time: behind all that have one."""

MESSAGE_BITS = 20
"""A row of ``words`` is numbered by its ticket, and in the last bits by the message: 0 for what
the ticket itself says. A customer's name and addresses are a row too, under the customer's
number negated."""

LARGEST_ID = 2**40
"""Beyond it a number is no ticket's or customer's."""

LONGEST_BEGINNING = 2
"""So many letters of a word's beginning are looked up at once; more stand in fewer words."""

UNKNOWN = 0
"""The time of change of a folder that the index has not looked through as it is now."""

TABLES = f"""
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE documents (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    size INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    fault TEXT,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX documents_faulty ON documents (kind, id) WHERE fault IS NOT NULL;

CREATE TABLE folders (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    mtime_ns INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;

CREATE TABLE tickets (
    id INTEGER PRIMARY KEY,
    rank INTEGER NOT NULL,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    priority TEXT NOT NULL,
    assignee TEXT,
    customer INTEGER,
    due INTEGER,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    subject TEXT NOT NULL,
    tags TEXT NOT NULL,
    source TEXT,
    external_id TEXT,
    undelivered INTEGER NOT NULL
);
CREATE INDEX tickets_undelivered ON tickets (id) WHERE undelivered = 1;
CREATE INDEX tickets_in_queue ON tickets (
    rank, place, id, assignee, kind, channel, priority, customer, due, created, updated
);
CREATE INDEX tickets_by_assignee ON tickets (assignee, rank, place, id);
CREATE INDEX tickets_by_customer ON tickets (customer, rank);
CREATE INDEX tickets_by_origin ON tickets (external_id, source) WHERE external_id IS NOT NULL;

CREATE TABLE tallies (
    rank INTEGER NOT NULL,
    assignee TEXT,
    count INTEGER NOT NULL
);
CREATE UNIQUE INDEX tallies_of ON tallies (rank, ifnull(assignee, ''));
CREATE TRIGGER ticket_comes AFTER INSERT ON tickets BEGIN
    INSERT INTO tallies VALUES (new.rank, new.assignee, 1)
    ON CONFLICT (rank, ifnull(assignee, '')) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER ticket_goes AFTER DELETE ON tickets BEGIN
    UPDATE tallies SET count = count - 1
    WHERE rank = old.rank AND ifnull(assignee, '') = ifnull(old.assignee, '');
END;

CREATE TABLE tags (
    tag TEXT NOT NULL,
    ticket INTEGER NOT NULL,
    PRIMARY KEY (tag, ticket)
) WITHOUT ROWID;
CREATE INDEX tags_by_ticket ON tags (ticket, tag);

CREATE TABLE promises (
    ticket INTEGER NOT NULL,
    id INTEGER NOT NULL,
    due INTEGER NOT NULL,
    told_at INTEGER,
    told_by TEXT NOT NULL,
    rule TEXT NOT NULL,
    outcome TEXT NOT NULL,
    settled_at INTEGER,
    reason TEXT,
    PRIMARY KEY (ticket, id)
) WITHOUT ROWID;
CREATE INDEX promises_by_due ON promises (due, ticket, id);

CREATE TABLE mail_ids (
    mail_id TEXT NOT NULL,
    ticket INTEGER NOT NULL,
    PRIMARY KEY (mail_id, ticket)
) WITHOUT ROWID;
CREATE INDEX mail_ids_by_ticket ON mail_ids (ticket);

CREATE TABLE origins (
    origin TEXT NOT NULL,
    ticket INTEGER NOT NULL,
    PRIMARY KEY (origin, ticket)
) WITHOUT ROWID;
CREATE INDEX origins_by_ticket ON origins (ticket);

CREATE TABLE archived (
    sha256 TEXT NOT NULL,
    ticket INTEGER NOT NULL,
    PRIMARY KEY (sha256, ticket)
) WITHOUT ROWID;
CREATE INDEX archived_by_ticket ON archived (ticket);

CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sorting TEXT NOT NULL,
    contact TEXT NOT NULL,
    haystack TEXT NOT NULL,
    source TEXT,
    external_id TEXT
);
CREATE INDEX customers_by_name ON customers (sorting, id);
CREATE INDEX customers_by_origin ON customers (external_id, source)
    WHERE external_id IS NOT NULL;

CREATE TABLE contacts (
    value TEXT NOT NULL,
    kind TEXT NOT NULL,
    customer INTEGER NOT NULL,
    PRIMARY KEY (value, kind, customer)
) WITHOUT ROWID;
CREATE INDEX contacts_by_customer ON contacts (customer);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    ticket INTEGER NOT NULL,
    message INTEGER NOT NULL,
    state TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    stuck INTEGER NOT NULL
);
CREATE INDEX outbox_stuck ON outbox (id) WHERE stuck = 1;
CREATE INDEX outbox_by_state ON outbox (state, not_before, id);
CREATE INDEX outbox_by_ticket ON outbox (ticket, message);

CREATE VIRTUAL TABLE words USING fts5(
    text,
    prefix = '{" ".join(str(letters + 1) for letters in range(LONGEST_BEGINNING))}',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
CREATE VIRTUAL TABLE terms USING fts5vocab(words, instance);
"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def ticks(moment: datetime) -> int:
    """A moment as the index keeps it: microseconds since 1970 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(kept: int) -> datetime:
    """The moment that the index keeps as ``kept``, in UTC."""
    return _EPOCH + timedelta(microseconds=kept)
