"""What the search says of what it found, and where it found nothing."""

from helpdesk.desk.finding import Found
from helpdesk.domain.queue import Hits
from helpdesk.text import clean_line

BEGIN = "\n".join(
    (
        "Search everything ever written:",
        "messages, notes, subjects, names.",
        "",
        '"two words"  as they stand together',
        "-word        without that word",
        "is:closed    what the filter knows",
        "tab          offers what fits",
    )
)

_SHOWN_WORD = 20


def how_many(found: Found | None) -> str:
    """How many tickets were found, in a few cells."""
    if found is None:
        return ""
    hits = found.hits
    if hits.more or hits.total > len(hits):
        return f"{len(hits)} {'newest' if hits.by_age else 'best'} of {_number(hits)}"
    return f"{found.total} found"


def when_nothing(found: Found) -> str:
    """Lines for a search that found nothing: why that may be, and what would find something."""
    if not found.query.words:
        return "No ticket is like that."
    lines = ["No ticket holds that."]
    if len(found.query.words) > 1 and not any(alone.total for _, alone in found.singly):
        lines = ["No ticket holds any of these words."]
    elif len(found.query.words) > 1:
        lines = ["No ticket holds all of these words."]
        for word, alone in found.singly:
            lines.append(f"{_number(alone):>7}  with “{clean_line(word, _SHOWN_WORD)}” alone")
    if found.elsewhere.total:
        held = (
            "1 ticket holds" if found.elsewhere.total == 1 else f"{_number(found.elsewhere)} hold"
        )
        lines.append(f"{held} it, but not as the other terms ask.")
    lines.append("Of the last word the beginning is enough.")
    return "\n".join(lines)


def _number(hits: Hits) -> str:
    """How many there are; more than so many where not all were counted."""
    return f"{hits.total:,}".replace(",", " ") + ("+" if hits.more else "")
