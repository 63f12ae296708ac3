"""The desk on the screen: wiring only."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from helpdesk.desk import preferences
from helpdesk.domain.errors import BadConfiguration, HelpdeskError
from helpdesk.screens import company
from helpdesk.screens.base import DeskScreen
from helpdesk.screens.following import LOOK_SECONDS, Following
from helpdesk.screens.held import HeldSends
from helpdesk.screens.history import History
from helpdesk.screens.lookout import Lookout
from helpdesk.screens.opening import Opening, amiss_in_a_line, news
from helpdesk.screens.queue import QueueScreen
from helpdesk.screens.taking_back import TakingBack
from helpdesk.terminal import mishaps, themes
from helpdesk.terminal.actions import EVERYWHERE, NAMES, OwnKeys, bindings, keyed, pick
from helpdesk.terminal.drawing import DrawingApp
from helpdesk.terminal.typeahead import TypeAhead

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk.desk.amiss import Amiss
    from helpdesk.desk.desk import Desk

TICK_SECONDS = 0.5

UNEXPECTED = 70
"""EX_SOFTWARE: the exit code after an error of the program itself."""


class DeskApp(TypeAhead, DrawingApp):
    """The terminal program of one open desk."""

    TITLE = "helpdesk"
    CSS_PATH = "screens/queue.tcss"
    """The first screen's, read once with the program's own; other screens bring theirs along."""
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = bindings(EVERYWHERE)

    def __init__(self, desk: Desk) -> None:
        self.preferences, wrong = preferences.load(desk, NAMES)
        self.is_new = preferences.is_new(desk)
        """Whether the agent is here for the first time."""
        super().__init__()
        self.desk = desk
        self.own_keys: OwnKeys = {}
        self.lookout = Lookout(desk, self._look)
        # What to tell once the desk is open.
        self.notices = list(wrong)
        if self.preferences.theme and themes.named(self.preferences.theme) is None:
            self.notices.append(
                f"{preferences.place(desk)}: theme: there is none of that name; "
                f"there are {themes.names()}"
            )
        self.history = History()
        self.failure: HelpdeskError | None = None
        self.mishaps: list[Exception] = []
        self.once_open: list[Callable[[], None]] = []
        """Called once the desk is open and all that comes after the first rows is loaded."""
        self.before_the_end: list[Callable[[], None]] = []
        """Called at once when a signal ends the program: what is being written is saved."""
        self.opening = Opening(
            desk,
            is_new=self.is_new,
            tell=partial(self.call_later, self._tell),
            then=partial(self.call_later, self._opened),
            failed=self._not_opened,
        )
        self.held = HeldSends(
            desk,
            self.preferences.hold_seconds,
            on_top=self._on_top,
            in_sight=self._in_sight,
            mishap=self.mishap,
        )
        self.before_the_end.append(self.held.carry_out_at_the_end)
        self._changes = Following(desk)
        self._keeping = threading.Lock()
        if self.preferences.keys:
            self._take_own_keys()
        self.held.take_own_keys(self.own_keys)
        self.taking_back = TakingBack(self.held)
        self.wear_at_first(themes.preferred(self.preferences.theme))

    def _take_own_keys(self) -> None:
        from helpdesk.terminal.keys import own_keys, rebind  # most agents have none

        self.own_keys, clashes = own_keys(self.preferences.keys)
        self.notices += [f"{preferences.place(self.desk)}: {clash}" for clash in clashes]
        rebind(self._bindings, EVERYWHERE, self.own_keys)

    def get_default_screen(self) -> Screen[None]:
        """The queue is where everything begins."""
        return QueueScreen(welcome=self.is_new)

    def on_mount(self) -> None:
        """Begin to tick; what the first rows do not need is done once they are painted."""
        self._changes.begin()
        self.set_interval(LOOK_SECONDS, self._show_changes)
        self.set_interval(TICK_SECONDS, self._tick)
        self.call_after_refresh(self.opening.start)

    def _not_opened(self, error: Exception) -> None:
        """In a thread: say why; a fault of the program as the agent leaves is of no interest."""
        if isinstance(error, BadConfiguration):
            self.call_later(self.fail, error)
        elif isinstance(error, HelpdeskError) or self.is_running:
            self._went_wrong(error)

    def _opened(self, waiting: int) -> None:
        """Say what the agent ought to know: what is wrong first."""
        for call in self.once_open:
            call()
        queue = self.screen_stack[0] if self.screen_stack else None
        if isinstance(queue, QueueScreen):
            queue.found_drafts(waiting)
            queue.say_found()  # an empty view is known to be empty now
        try:
            self.lookout.look()
        except HelpdeskError as error:  # such as an index that another program makes anew just now
            self._complain(error.message)
            return
        wrong = self.what_is_amiss()
        if wrong:
            (action,) = keyed(pick("amiss"), self.own_keys)
            self._complain(amiss_in_a_line(wrong, action.key))
        elif (line := news(self.desk, waiting)) is not None:
            self._tell(line)

    @property
    def takes_in(self) -> bool:
        """Whether many documents are being taken in, so that not all tickets are shown yet."""
        return self.opening.takes_in

    @property
    def amiss(self) -> Amiss:
        """What is amiss with the desk."""
        return self.lookout.amiss

    def what_is_amiss(self) -> list[str]:
        """What is amiss with the desk, and with the agent's settings: a line for each thing."""
        return [*self.amiss.lines, *self.notices]

    def _tell(self, line: str) -> None:
        if (screen := self._on_top()) is not None:
            screen.tell(line)

    def _complain(self, line: str) -> None:
        if (screen := self._on_top()) is not None:
            screen.complain(line)

    def _went_wrong(self, error: Exception) -> None:
        """Say what went wrong in a thread; called there."""
        line = error.message if isinstance(error, HelpdeskError) else self.mishap(error)
        self.call_later(self._complain, line)

    def _on_top(self) -> DeskScreen[Any] | None:
        """The screen that the agent sees; none at the very end."""
        screens = self.screen_stack
        screen = screens[-1] if screens else None
        return screen if isinstance(screen, DeskScreen) else None

    def _in_use(self) -> DeskScreen[Any] | None:
        """The screen that the agent sees, once its widgets are there."""
        screen = self._on_top()
        return screen if screen is not None and screen.is_there else None

    def _in_sight(self) -> list[DeskScreen[Any]]:
        """The screens that the agent sees, the one on top first: below boxes there are others."""
        seen: list[DeskScreen[Any]] = []
        for screen in reversed(self.screen_stack):
            if isinstance(screen, DeskScreen) and screen.is_there:
                seen.append(screen)
            if not screen.is_modal:
                break
        return seen

    def _show_changes(self) -> None:
        """Show what anybody has changed."""
        if (screen := self._in_use()) is not None:
            with screen.careful():
                if self._changes.look(screen):
                    self.lookout.look()

    def _tick(self) -> None:
        """Let the screen follow the time, and the others."""
        if (screen := self._in_use()) is not None:
            with screen.careful():
                self.lookout.tick(is_open=not self.opening.is_alive())
                for seen in self._in_sight():
                    seen.tick(self.desk.now())
                self.be_seen()
                self.held.tick(self.desk.now())

    def be_seen(self) -> None:
        """Let the others see at which ticket the agent is, and him see them. Called as he goes
        there too: they look twice a second, and should not have to wait for his tick as well."""
        if self.opening.ident is not None:  # else nothing is painted yet
            company.tick(self.desk, self.screen_stack, self.desk.now())

    def _look(self, job: Callable[[], object]) -> None:
        """Look in a thread; what goes wrong ends nothing, and there will be another look."""

        def look() -> None:
            try:
                job()
            except HelpdeskError:
                pass
            except Exception as error:
                self._went_wrong(error)

        self.run_worker(look, thread=True, exit_on_error=False)

    def action_help_quit(self) -> None:
        """Ctrl+c ends nothing, as it is pressed to copy too: say what does."""
        self._tell("ctrl+q leaves the desk")

    def remember(self, **changes: Any) -> None:
        """Change the agent's settings, by the names of Preferences, and keep them: in a thread,
        as the disk may be slow. What cannot be kept holds until the desk is left."""
        self.preferences = replace(self.preferences, **changes)
        self.run_worker(partial(self._keep, changes), thread=True, exit_on_error=False)

    def _keep(self, changes: dict[str, Any]) -> None:
        try:
            with self._keeping:
                preferences.change(self.desk, **changes)
        except Exception as error:
            self._went_wrong(error)

    def mishap(self, error: Exception) -> str:
        """Note an unexpected error for the maintainers; gives the line to show."""
        if (line := mishaps.want_of_files(error)) is not None:
            return line
        self.mishaps.append(error)
        path = mishaps.record(error)
        kept = f"; what happened is noted in {path}" if path else ""
        return f"something went wrong here, nothing of yours is lost{kept}"

    async def action_do(self, name: str) -> None:
        """Do what every screen can do."""
        if (screen := self._on_top()) is not None:
            await screen.action_do(name)

    async def action_quit(self) -> None:
        """Leave by ctrl+q, unless the screen on top holds what would be lost by one key."""
        screen = self.screen
        if isinstance(screen, DeskScreen):
            screen.action_quit()
        else:
            self.exit()

    def save(self) -> None:
        """Keep what is being written, and carry out what is held: at once, whatever goes on."""
        for keep in list(self.before_the_end):
            with suppress(Exception):  # one that fails must not hinder the others
                keep()

    def exit(self, *given: Any, **named: Any) -> None:
        """Leave the desk; nothing that was written is lost."""
        self.save()
        super().exit(*given, **named)

    def fail(self, error: HelpdeskError) -> None:
        """Leave the desk because of an error that the agent cannot work on with."""
        self.failure = error
        self.exit(return_code=error.exit_code)

    def _fatal_error(self) -> None:
        """End after an unexpected error, without printing what customers wrote."""
        self.save()
        error = sys.exc_info()[1]
        if isinstance(error, Exception):
            line = self.mishap(error)
            self.failure = HelpdeskError(line)
        self._return_code = UNEXPECTED
        self._close_messages_no_wait()
