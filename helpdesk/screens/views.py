"""An agent's own views: keeping a filter as one, naming it otherwise, removing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult

from helpdesk.desk import preferences as own
from helpdesk.domain.errors import InvalidInput
from helpdesk.domain.rights import Right
from helpdesk.screens.dialog import DeskDialog
from helpdesk.screens.picking import PickingScreen
from helpdesk.screens.prompt import Line, PromptScreen
from helpdesk.terminal.actions import Action, bindings, pick
from helpdesk.text import clean_line, fit, list_cell
from helpdesk.widgets.pick_list import Part, PickList

if TYPE_CHECKING:
    from helpdesk.desk.desk import Desk
    from helpdesk.desk.preferences import Preferences
    from helpdesk.screens.queue import QueueScreen

_NAME_CELLS = 24


@dataclass(frozen=True, slots=True)
class Kept:
    """A view that was kept, by name, and all settings of the agent with it."""

    name: str
    preferences: Preferences


def keep_as_view(desk: Desk, query: str) -> PromptScreen:
    """Asks how the view is to be called; gives a Kept."""
    return PromptScreen(
        "keep as a view",
        [_name_line(desk, ""), _query_line(desk, query)],
        lambda values: _keep(desk, values["name"], values["query"]),
        right=Right.READ,
    )


def change_view(desk: Desk, name: str, query: str) -> PromptScreen:
    """Asks for another name or query of a view; gives a Kept."""

    def change(new: str, query: str) -> Kept:
        new, query = clean_line(new), clean_line(query)
        own.require_view_name(new)
        desk.query(query)
        views = dict(own.load(desk)[0].views)
        renamed = {new if each == name else each: text for each, text in views.items()}
        return Kept(new, own.change(desk, views={**renamed, new: query}))

    return PromptScreen(
        f"view {name}",
        [_name_line(desk, name), _query_line(desk, query)],
        lambda values: change(values["name"], values["query"]),
        right=Right.READ,
    )


def _name_line(desk: Desk, name: str) -> Line:
    def check(text: str) -> str:
        wish = clean_line(text)
        own.require_view_name(wish)
        taken = wish != name and wish in own.load(desk)[0].views
        return "! there is a view of that name: it is replaced" if taken else ""

    return Line("name", "Name", name, hint="urgent, my complaints …", check=check)


def _query_line(desk: Desk, query: str) -> Line:
    def check(text: str) -> str:
        count = desk.store.count(desk.query(text))
        return f"{count} ticket{'s' if count != 1 else ''} now"

    return Line("query", "Query", query, check=check)


def _keep(desk: Desk, name: str, query: str) -> Kept:
    return Kept(clean_line(name), own.save_view(desk, name, query))


class ViewList(PickList):
    """The views by name, each with its query."""

    def __init__(self, views: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.views = list(views)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.views)

    def parts(self, index: int, line: int, cells: int) -> Iterable[Part]:
        """The one line."""
        name, query = self.views[index]
        yield f" {fit(list_cell(name), _NAME_CELLS)} ", "strong"
        yield list_cell(query), "quiet"


_ACTIONS = (
    *pick("open"),
    replace(pick("edit")[0], label="change", does="Change name or query"),
    *pick("back"),
    Action("remove", ("x", "delete"), "remove", "Remove the view", "Views"),
    *pick("down up first last help"),
)


class ViewsScreen(DeskDialog[str], PickingScreen[str]):
    """The agent's own views; gives the name of the one that is to be shown."""

    ACTIONS = _ACTIONS
    BINDINGS = bindings(ACTIONS)
    PLACE = " your views "
    AUTO_FOCUS = "ViewList"

    DEFAULT_CSS = """
    ViewsScreen ViewList { height: auto; max-height: 14; min-height: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._to_remove = ""

    def body(self) -> ComposeResult:
        """The list."""
        yield ViewList(list(self.preferences.views.items()))

    @property
    def views(self) -> ViewList:
        """The list."""
        return self.query_one(ViewList)

    @property
    def selected(self) -> tuple[str, str]:
        """The selected view and its query. Raises InvalidInput if there is none."""
        if not self.views.views:
            raise InvalidInput("there is no view of yours any more; esc goes back")
        return self.views.views[self.views.cursor]

    def right_to(self, name: str) -> Right:
        """Whoever only reads has views too."""
        return Right.READ

    def action_open(self) -> None:
        """Show the view in the queue."""
        self.dismiss(self.selected[0])

    def action_edit(self) -> None:
        """Change name or query."""
        name, query = self.selected
        self.app.push_screen(change_view(self.desk, name, query), self._changed)

    def _changed(self, kept: object) -> None:
        if isinstance(kept, Kept):
            self._take(kept.preferences)

    def action_remove(self) -> None:
        """Remove the view, when the key is pressed twice."""
        name, _ = self.selected
        if self._to_remove != name:
            self._to_remove = name
            self.tell(f"x again removes the view {name}; its tickets stay as they are")
            return
        self._to_remove = ""
        self.work(partial(own.remove_view, self.desk, name), self._take)

    def _take(self, preferences: Preferences) -> None:
        """The views are others now."""
        queue = cast("QueueScreen", self.app.screen_stack[0])
        queue.take_views(preferences)
        self.views.views = list(preferences.views.items())
        self.views.renew(self.views.cursor)
        if not self.views.views:
            self.dismiss(None)

    def move_to(self, index: int) -> None:
        """Elsewhere the key has to be pressed twice again."""
        self._to_remove = ""
        super().move_to(index)

    async def on_pick_list_clicked(self, event: PickList.Clicked) -> None:
        """A double click shows the view."""
        if event.times == 2:
            await self.action_do("open")
