"""Everything an agent can do by a key: one registry that feeds bindings, key line and help.

A screen names the actions it offers in ``ACTIONS`` and makes its ``BINDINGS`` of them; for the
action named ``reply`` it has a method ``action_reply``. Labels are short, for the key line; what
an action does is said in at most 30 cells, for the help.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from textual.binding import Binding, BindingType

from helpdesk.domain.rights import Right
from helpdesk.terminal.layouts import same_keys


@dataclass(frozen=True, slots=True)
class Action:
    """What a key does.

    ``keys`` are Textual's names; the first is the one shown, as ``shown`` if that is given. An
    action without a label is only in the help. With ``told_key`` the method is given which of the
    keys was pressed.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    does: str
    group: str
    shown: str = ""
    told_key: bool = False

    @property
    def key(self) -> str:
        """The key as agents read it."""
        return self.shown or shown_key(self.keys[0])


def shown_key(key: str) -> str:
    """A key as agents read it: ``^r`` for ``ctrl+r``."""
    if key in _SHOWN:
        return _SHOWN[key]
    modifiers, _, last = key.rpartition("+")
    name = _SHOWN.get(last, last)
    return f"{modifiers}+{name}".replace("ctrl+", "^").replace("shift+", "⇧") if modifiers else name


_SHOWN = {
    "enter": "⏎", "escape": "esc", "slash": "/", "question_mark": "?", "plus": "+",
    "left_square_bracket": "[", "right_square_bracket": "]", "ctrl+s": "^s",
    "number_sign": "#", "asterisk": "*", "less_than_sign": "<",
}  # fmt: skip

MOVING, TICKET, VIEWS, DESK = "Moving", "The ticket", "Views", "The desk"
MANY = "Many at once"

ALL_ACTIONS = (
    Action("down", ("j", "down"), "", "One line down", MOVING, "j ↓"),
    Action("up", ("k", "up"), "", "One line up", MOVING, "k ↑"),
    Action("page_down", ("pagedown", "space"), "", "A page down", MOVING, "pgdn"),
    Action("page_up", ("pageup",), "", "A page up", MOVING, "pgup"),
    Action("first", ("g", "home"), "", "The first", MOVING),
    Action("last", ("G", "end"), "", "The last", MOVING),
    Action("open", ("enter",), "open", "Open what is selected", TICKET),
    Action("peek", ("space",), "", "Look into it without opening", TICKET),
    Action("reply", ("r",), "reply", "Answer the customer", TICKET),
    Action("note", ("n",), "note", "Write a note among agents", TICKET),
    Action("promise", ("p",), "promise", "Tell the customer another date", TICKET),
    Action("assign", ("a",), "take", "Assign the ticket to me", TICKET),
    Action("close", ("c",), "close", "End the matter", TICKET),
    Action("assign_to", ("A",), "", "Assign to somebody, or nobody", TICKET),
    Action("leave", ("L",), "", "Leave the ticket to nobody", TICKET),
    Action("no_answer", ("w",), "no answer", "Say why no answer is needed", TICKET),
    Action("wrote", ("i",), "wrote", "The customer wrote again", TICKET),
    Action("reopen", ("R",), "", "Take a closed matter up again", TICKET),
    Action("understanding", ("U",), "", "What we understood; is it so?", TICKET),
    Action("cause", ("e",), "", "Root cause and resolution", TICKET),
    Action("tags", ("T",), "", "Change the tags", TICKET),
    Action("kind", ("y",), "", "Request, complaint or feedback", TICKET),
    Action("rename", ("E",), "", "Another subject or priority", TICKET),
    Action("merge", ("m",), "", "Merge into another ticket", TICKET),
    Action("customer", ("o",), "customer", "Open the customer", TICKET),
    Action("skip", ("s", "space"), "skip", "Go on without deciding", TICKET, "s"),
    Action("take_back", ("u",), "undo", "Undo what was done last", TICKET),
    Action("next_ticket", ("J",), "next", "The next ticket of the queue", TICKET),
    Action("previous_ticket", ("K",), "", "The ticket before it", TICKET),
    Action("beside", ("tab",), "card", "Customer and promises, or back", TICKET),
    Action("whole", ("v",), "", "Quotes and long texts in full", TICKET),
    Action("older", ("b",), "", "Messages before these", TICKET),
    Action("find", ("slash",), "", "Find words in the messages", TICKET),
    Action(
        "next_found",
        ("enter", "greater_than_sign", "Ю"),
        "",
        "The next place that holds them",
        TICKET,
        "⏎ >",
    ),
    Action("found_before", ("less_than_sign", "Б"), "", "The place before", TICKET),
    Action("save_file", ("s",), "", "Save a file that came with it", TICKET),
    Action("edit", ("e",), "edit", "Change the profile", TICKET),
    Action("rate", ("s",), "", "How satisfied they said to be", TICKET),
    Action("merge_customer", ("m",), "", "Merge into another customer", TICKET),
    Action("new", ("N", "plus"), "new", "Begin a new ticket", TICKET),
    Action("send", ("ctrl+s",), "send", "Send, or save, what is written", TICKET),
    Action("ending", ("ctrl+l",), "close too", "Close with the reply, or not", TICKET, "^l"),
    Action("next_date", ("ctrl+n",), "next date", "Promise another answer too", TICKET, "^n"),
    Action("attach", ("ctrl+o",), "", "Attach a file by its path", TICKET, "^o"),
    Action(
        "read_said", ("ctrl+down", "alt+down"), "read on", "Read on in what was said", TICKET, "^↓"
    ),
    Action("read_said_back", ("ctrl+up", "alt+up"), "", "Back in what was said", TICKET, "^↑"),
    Action("redraft", ("ctrl+r",), "draft anew", "Draft the message anew", TICKET, "^r"),
    Action("texts", ("ctrl+t",), "texts", "Texts for frequent answers", TICKET, "^t"),
    Action("editor", ("ctrl+e",), "", "Write it in your own editor", TICKET, "^e"),
    Action("afresh", ("ctrl+g",), "afresh", "Throw the draft away, or not", TICKET, "^g"),
    Action("next_part", ("tab", "l", "right"), "next", "The next part", VIEWS, "tab"),
    Action("previous_part", ("shift+tab", "h", "left"), "", "The part before", VIEWS, "⇧tab"),
    Action("next_view", ("tab", "l", "right"), "views", "The next view", VIEWS, "tab"),
    Action("previous_view", ("shift+tab", "h", "left"), "", "The view before", VIEWS, "⇧tab"),
    Action("view", tuple("1234567890"), "", "The view of that number", VIEWS, "1–9 0", True),
    Action("triage", ("t",), "triage", "One ticket after another", VIEWS),
    Action("filter", ("slash",), "filter", "Narrow the view by a query", VIEWS),
    Action("save_view", ("V",), "", "Keep the filter as a view", VIEWS),
    Action("mark", ("x",), "", "Mark the ticket, and go on", MANY),
    Action("mark_range", ("X",), "", "Mark all since the last mark", MANY),
    Action("mark_run", ("v",), "", "Mark while moving, or stop", MANY),
    Action("mark_down", ("shift+down",), "", "Mark on downwards", MANY, "⇧↓"),
    Action("mark_up", ("shift+up",), "", "Mark on upwards", MANY, "⇧↑"),
    Action("mark_all", ("asterisk",), "", "Mark all of the view", MANY),
    Action("read_on", ("space", "ctrl+down"), "", "Scroll the letter down", MANY),
    Action("read_back", ("b", "ctrl+up"), "", "Scroll the letter up", MANY),
    Action("search", ("S", "ctrl+f"), "", "Search all ever written", VIEWS, "S ^f"),
    Action(
        "jump",
        ("number_sign", "colon", "numero_sign", "Ж"),
        "",
        "To a ticket or a customer",
        VIEWS,
    ),
    Action("go_back", ("left_square_bracket",), "", "To the place before", VIEWS),
    Action("go_forward", ("right_square_bracket",), "", "Forward again", VIEWS),
    Action("back", ("escape",), "back", "Go back, or clear the filter", DESK),
    Action("palette", ("ctrl+p",), "", "All that can be done now", DESK, "^p"),
    Action("theme", ("D",), "", "Other colours, dark and light", DESK),
    Action("drafts", ("ctrl+d",), "", "What you were writing", DESK),
    Action("outbox", ("O",), "", "Letters on their way out", DESK),
    Action("amiss", ("W",), "", "All that is amiss, in full", DESK),
    Action("help", ("question_mark", "f1"), "keys", "The keys of this screen", DESK),
    Action("quit", ("q",), "quit", "Leave the desk", DESK),
)
"""In the order in which help shows them."""

_BY_NAME = {action.name: action for action in ALL_ACTIONS}

NAMES = frozenset(_BY_NAME)

OwnKeys = Mapping[str, tuple[str, ...]]
"""An agent's own keys by the names of actions, as Textual names them."""


def pick(names: str) -> tuple[Action, ...]:
    """The actions of those names, parted by spaces, in that order."""
    return tuple(_BY_NAME[name] for name in names.split())


_READING = frozenset(
    action.name
    for action in pick(
        "down up page_down page_up first last open peek customer skip beside whole older find "
        "next_found found_before next_part "
        "previous_part next_view previous_view view filter save_view mark mark_range mark_run "
        "mark_down mark_up mark_all search jump go_back go_forward back palette theme drafts "
        "outbox save_file help amiss quit read_on read_back read_said read_said_back"
    )
)
"""What whoever only reads may do: where one looks, and how it looks."""


def right_for(name: str) -> Right:
    """The right that the action takes: every action that is not known to read takes that to work.

    What a screen has of its own (as the answer to a question) is judged where it is carried out.
    """
    if name == "merge_customer":
        return Right.MERGE_CUSTOMERS
    return Right.WORK if name in NAMES - _READING else Right.READ


EVERYWHERE = pick("search jump go_back go_forward palette outbox amiss take_back")
"""What can be done on every screen; their keys are bound by the app."""


def unlabelled(actions: Iterable[Action], names: str) -> tuple[Action, ...]:
    """The actions, those of ``names`` without a place in the key line."""
    return labelled(actions, dict.fromkeys(names.split(), ""))


def labelled(actions: Iterable[Action], labels: Mapping[str, str]) -> tuple[Action, ...]:
    """The actions, some with other words in the key line, by their names."""
    return tuple(replace(each, label=labels.get(each.name, each.label)) for each in actions)


def keyed(actions: Iterable[Action], own: OwnKeys) -> tuple[Action, ...]:
    """The actions with the agent's own keys."""
    return tuple(
        replace(action, keys=own[action.name], shown="") if action.name in own else action
        for action in actions
    )


def bindings(actions: Iterable[Action]) -> list[BindingType]:
    """Textual's bindings of the actions, on every keyboard layout.

    Each calls ``action_do``, which says why an action cannot be done instead of keeping silent.
    """
    return [binding for action in actions for binding in _bindings(action)]


def _bindings(action: Action) -> Iterator[Binding]:
    words = action.label or action.does
    if action.told_key:
        for key in action.keys:
            yield Binding(key, f"do('{action.name}', '{key}')", words, show=False)
        return
    keys = ",".join(name for key in action.keys for name in same_keys(key))
    yield Binding(keys, f"do('{action.name}')", words, show=False, id=action.name)
