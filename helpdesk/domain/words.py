"""The words of the desk: the closed sets that documents, commands and screens share.

Kept free of pydantic so that the queue can be painted before documents are loaded.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a ticket is about."""

    REQUEST = "request"
    COMPLAINT = "complaint"
    FEEDBACK = "feedback"


class Channel(StrEnum):
    """How a message reached us or left us."""

    EMAIL = "email"
    PHONE = "phone"
    WEB = "web"
    SOCIAL = "social"
    IN_PERSON = "in_person"
    LETTER = "letter"


class State(StrEnum):
    """Whom a ticket waits on."""

    ON_US = "on_us"
    ON_CUSTOMER = "on_customer"
    CLOSED = "closed"


class Priority(StrEnum):
    """How much it matters besides its promise."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Direction(StrEnum):
    """Who a message goes to: in from the customer, out to the customer, or among agents."""

    IN = "in"
    OUT = "out"
    NOTE = "note"


class Outcome(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    MOVED = "moved"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"
