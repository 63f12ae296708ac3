"""Everything an agent can do by a key: one registry that feeds bindings, key line and help.

A screen names the actions it offers in ``ACTIONS`` and makes its ``BINDINGS`` of them; for the
action named ``reply`` it has a method ``action_reply``. Labels are short, for the key line; what
an action does is a sentence, for the help.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from helpdesk.terminal.layouts import same_keys


@dataclass(frozen=True, slots=True)
class Action:
    """What a key does.

    ``keys`` are Textual's names; the first is the one shown, as ``shown`` if that is given. An
    action without a label is only in the help.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    does: str
    group: str
    shown: str = ""

    @property
    def key(self) -> str:
        """The key as agents read it."""
        return self.shown or _SHOWN.get(self.keys[0], self.keys[0])


_SHOWN = {
    "enter": "⏎", "escape": "esc", "slash": "/", "question_mark": "?", "plus": "+",
    "left_square_bracket": "[", "right_square_bracket": "]", "ctrl+s": "^s",
}  # fmt: skip

MOVING, TICKET, VIEWS, DESK = "Moving", "The ticket", "Views", "The desk"

ALL_ACTIONS = (
    Action("down", ("j", "down"), "", "Go one line down", MOVING, "j ↓"),
    Action("up", ("k", "up"), "", "Go one line up", MOVING, "k ↑"),
    Action("page_down", ("pagedown", "space"), "", "Go a page down", MOVING, "pgdn"),
    Action("page_up", ("pageup",), "", "Go a page up", MOVING, "pgup"),
    Action("first", ("g", "home"), "", "Go to the first", MOVING),
    Action("last", ("G", "end"), "", "Go to the last", MOVING),
    Action("open", ("enter",), "open", "Open what is selected", TICKET),
    Action("reply", ("r",), "reply", "Answer the customer", TICKET),
    Action("note", ("n",), "note", "Write a note that only agents see", TICKET),
    Action("promise", ("p",), "promise", "Tell the customer another date", TICKET),
    Action("assign", ("a",), "take", "Assign the ticket to me", TICKET),
    Action("close", ("c",), "close", "End the matter", TICKET),
    Action("customer", ("o",), "customer", "Open the customer of the ticket", TICKET),
    Action("new", ("N", "plus"), "new", "Begin a new ticket", TICKET),
    Action("send", ("ctrl+s",), "send", "Send, or save, what is written", TICKET),
    Action("next_view", ("tab", "l", "right"), "views", "Go to the next view", VIEWS, "tab"),
    Action("previous_view", ("shift+tab", "h", "left"), "", "Go to the view before", VIEWS, "⇧tab"),
    Action("filter", ("slash",), "filter", "Narrow the view down by a query", VIEWS),
    Action("back", ("escape",), "back", "Go back; in the queue, clear the filter", DESK),
    Action("theme", ("T",), "", "Change between dark and light", DESK),
    Action("help", ("question_mark", "f1"), "keys", "Show the keys of this screen", DESK),
    Action("quit", ("q",), "quit", "Leave the desk", DESK),
)
"""In the order in which help shows them."""

_BY_NAME = {action.name: action for action in ALL_ACTIONS}


def pick(names: str) -> tuple[Action, ...]:
    """The actions of those names, parted by spaces, in that order."""
    return tuple(_BY_NAME[name] for name in names.split())


def bindings(actions: Iterable[Action]) -> list[BindingType]:
    """Textual's bindings of the actions, on every keyboard layout.

    Each calls ``action_do``, which says why an action cannot be done instead of keeping silent.
    """
    return [
        Binding(
            ",".join(name for key in action.keys for name in same_keys(key)),
            f"do('{action.name}')",
            action.label or action.does,
            show=False,
            id=action.name,
        )
        for action in actions
    ]
