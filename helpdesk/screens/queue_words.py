"""What the queue says where there is nothing to list."""

from collections.abc import Mapping

from helpdesk.widgets.views_bar import label

_NOTHING = {
    "overdue": "Nothing is overdue: every promise told is being kept so far.",
    "today": "No promise falls due today.",
    "mine": "You have no open tickets.",
    "unassigned": "Every open ticket has its agent.",
    "on-us": "No customer waits for an answer.",
    "on-customer": "We wait for no customer.",
    "closed": "No ticket has been closed yet.",
    "all": "There are no tickets yet.",
}


TAKING_IN = "Documents are being taken in: what waits is shown as it is read."
"""For an empty view of a desk of which not all is known yet."""


def when_empty(view: str, narrowed: str, counts: Mapping[str, int]) -> str:
    """Lines for an empty view: what it means, and what there is to do now."""
    if narrowed:
        where = "in this view" if view != "all" else "at all"
        return f"Nothing {where} answers the filter.\nesc clears it{_elsewhere(view)}."
    if not counts.get("all", 0):
        return f"{_NOTHING['all']}\nN begins the first one; 'helpdesk import' takes in a table."
    nothing = _NOTHING.get(view, "No ticket answers this view of yours now.")
    return f"{nothing}\n{_next(view, counts)}"


def place_words(view: str, marked: str, total: int | None, drafts: int) -> str:
    """The title of the queue: the view, what is ``marked``, how many tickets it has (None: not
    counted yet), and how many drafts wait."""
    parts = [label(view)]
    if marked:
        parts.append(marked)
    if total is not None:
        parts.append("1 ticket" if total == 1 else f"{total:,} tickets".replace(",", " "))
    if drafts:
        parts.append(f"✎ {drafts} draft{'s' if drafts != 1 else ''}")
    return " · ".join(parts)


def marked_words(in_sight: int, marked: int, elsewhere: int, *, filtered: bool) -> str:
    """How many tickets are marked: those ``in_sight`` among all ``marked`` in the view, and those
    that are marked in other views."""
    hidden = marked - in_sight
    if not filtered:
        hidden, elsewhere = 0, hidden + elsewhere
    parts = [f"{in_sight} marked"] if in_sight else []
    if hidden:
        parts.append(f"{hidden} {'more' if parts else 'marked'}, hidden by the filter")
    if elsewhere:
        parts.append(f"{elsewhere} {'more' if parts else 'marked'}, not in this view")
    return " · ".join(parts)


def _elsewhere(view: str) -> str:
    return ", 8 looks through all tickets" if view != "all" else ", ? shows the keys"


def _next(view: str, counts: Mapping[str, int]) -> str:
    if view != "unassigned" and counts.get("unassigned", 0):
        return f"4 shows what nobody has taken yet ({counts['unassigned']})."
    if view != "on-us" and counts.get("on-us", 0):
        return f"5 shows all that waits on us ({counts['on-us']})."
    return f"8 shows all tickets ({counts.get('all', 0)})."
