"""What all screens of the desk share: the desk itself, messages, work in threads, the tick."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual._callback import invoke
from textual.app import ComposeResult
from textual.screen import ScreenResultType

from helpdesk.domain.errors import HelpdeskError
from helpdesk.domain.presence import Doing
from helpdesk.screens.framed import FramedScreen
from helpdesk.screens.has_desk import HasDesk
from helpdesk.screens.history import TICKET, History, Place
from helpdesk.screens.jobs import Job, Jobs
from helpdesk.terminal import themes
from helpdesk.terminal.actions import EVERYWHERE, Action, keyed, right_for
from helpdesk.terminal.compositor import SparingCompositor
from helpdesk.terminal.typeahead import KEYS_WAIT
from helpdesk.widgets.presence_line import PresenceLine
from helpdesk.widgets.status_line import StatusLine
from helpdesk.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from textual.theme import Theme

    from helpdesk.desk.desk import Desk
    from helpdesk.desk.preferences import Preferences
    from helpdesk.domain.rights import Right
    from helpdesk.domain.ticket import Ticket
    from helpdesk.screens.held import HeldSends
    from helpdesk.screens.taking_back import TakingBack

T = TypeVar("T")


def _nothing(_: object) -> None:
    """Nobody waits for what came of it."""


class DeskScreen(FramedScreen[ScreenResultType]):
    """A screen of the desk, with a title line above and a line of keys below its ``body``.

    A subclass names its ``ACTIONS``, sets ``BINDINGS = bindings(ACTIONS)``, and has a method
    ``action_NAME`` for each. An action's HelpdeskError is shown as a line; other errors too, and
    are logged: neither ends the program.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    PLACE: ClassVar[str] = ""
    """What the title line calls the screen."""
    TELLS_SENT: ClassVar[bool] = True
    """Whether it is told here that what was sent has gone out."""
    takes_text = False
    """Whether the agent writes in it on the ticket that it lies over."""

    DEFAULT_CSS = """
    DeskScreen { layout: vertical; overflow: hidden; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = SparingCompositor()
        self.jobs = Jobs()
        """What it has begun in threads."""
        self._has_opened = False
        self._leaves_with: tuple[ScreenResultType | None] | None = None

    @property
    def desk(self) -> Desk:
        """The open desk."""
        return cast(HasDesk, self.app).desk

    @property
    def preferences(self) -> Preferences:
        """The agent's own settings."""
        return cast(HasDesk, self.app).preferences

    def preferences_are(self, preferences: Preferences) -> None:
        """The agent's settings are others now, and kept already."""
        cast(HasDesk, self.app).preferences = preferences

    @property
    def history(self) -> History:
        """The places that the agent has been to."""
        return cast(HasDesk, self.app).history

    @property
    def held(self) -> HeldSends:
        """What was sent or decided and can be taken back."""
        return cast(HasDesk, self.app).held

    @property
    def place(self) -> Place | None:
        """The place that this screen shows; None where something is asked or written."""
        return None

    @property
    def is_at(self) -> tuple[int, Doing] | None:
        """The ticket at which others see the agent, and what he does there."""
        place = self.place
        return (place.number, Doing.LOOKS) if place is not None and place.kind == TICKET else None

    @property
    def can_do(self) -> tuple[Action, ...]:
        """All actions of the screen, and those that every screen has, with the agent's keys."""
        own = {action.name for action in self.ACTIONS}
        more = [action for action in EVERYWHERE if action.name not in own]
        return self.with_own_keys((*self.ACTIONS, *more))

    def with_own_keys(self, actions: Iterable[Action]) -> tuple[Action, ...]:
        """The actions with the agent's own keys, as they are to be shown."""
        return keyed(actions, cast(HasDesk, self.app).own_keys)

    def offered(self, actions: Iterable[Action]) -> tuple[Action, ...]:
        """The actions for the line of keys: those that the agent may do at this desk."""
        return self.with_own_keys(
            each for each in actions if self.desk.refusal(self.right_to(each.name)) is None
        )

    def take_own_keys(self) -> None:
        """Let the agent's own keys do the screen's actions."""
        own = cast(HasDesk, self.app).own_keys
        if own:
            from helpdesk.terminal.keys import rebind

            rebind(self._bindings, self.ACTIONS, own)

    def on_screen_resume(self) -> None:
        """Remember and show where the agent is; but not what only lay between two places."""
        if self._leaves_with is not None:
            self.leave(*self._leaves_with)
        if self.place is not None and self.app.screen is self:
            self.history.visit(self.place)
        self.be_seen()

    def be_seen(self) -> None:
        """Let the others see at once at which ticket the agent is now, and him see them."""
        cast(HasDesk, self.app).be_seen()

    def come_back(self) -> None:
        """The agent went back down to this screen as to a place."""

    @property
    def is_there(self) -> bool:
        """Whether its widgets are: not before it is composed, nor once it is being taken away."""
        return self.is_mounted and self.is_running

    @property
    def takes_keys(self) -> bool:
        """Whether keys can go to it: it is there, and has the focus where it wants it."""
        if not self._has_opened:
            self._has_opened = self.is_mounted and (not self.AUTO_FOCUS or self.focused is not None)
        return self._has_opened

    def compose(self) -> ComposeResult:
        """The frame around ``body``."""
        self.take_own_keys()
        title = TitleLine(self.desk.name, self.desk.agent, self.PLACE)
        title.tick(self.desk.now(), self.desk.zone)
        title.set_reactive(TitleLine.signs, cast(HasDesk, self.app).amiss.signs)
        yield title
        yield PresenceLine()
        yield from self.body()
        yield StatusLine(self.offered(self.ACTIONS))

    def body(self) -> ComposeResult:
        """The widgets between the title line and the line of keys."""
        yield from ()

    def refresh_rows(self) -> None:
        """Show what has changed in the desk; called when anything has, by anybody."""

    def tick(self, now: datetime) -> None:
        """Called twice a second while it is there: bring "in 20 min" up to date. Must be cheap."""
        for title in self.frame_lines(TitleLine):
            title.tick(now, self.desk.zone)
            title.signs = cast(HasDesk, self.app).amiss.signs
        for line in self.key_lines:
            line.sign = self._sign_below

    @property
    def _sign_below(self) -> str:
        """What is amiss, in few cells, for the last line where there is no title line."""
        signs = cast(HasDesk, self.app).amiss.signs
        return signs[-1] if signs and not self.has_title_in_sight else ""

    def right_to(self, name: str) -> Right:
        """The right that the action takes on this screen."""
        return right_for(name)

    def why_not(self, name: str) -> str | None:
        """Why the action cannot be done now, as a line for the agent; None if it can."""
        return None

    def reason_against(self, name: str) -> str | None:
        """``why_not``, for the actions that every screen has too, and for what the agent may not
        do at this desk."""
        forbidden = self.desk.refusal(self.right_to(name))
        if forbidden is not None:
            return forbidden
        if name == "go_back" and self.history.before is None:
            return "there is no place before this"
        if name == "go_forward" and self.history.after is None:
            return "there is no place after this"
        if name == "theme" and self.app.no_color:
            return "NO_COLOR is set: the desk wears no colours"
        if name == "amiss" and not cast(HasDesk, self.app).what_is_amiss():
            return "nothing is amiss"
        return self.why_not(name)

    async def action_do(self, name: str, *keys: str) -> None:
        """Do the action of that name, or say why it can't be done."""
        self.tell("")
        with self.careful():
            self.desk.require(self.right_to(name))
            reason = self.reason_against(name)
            if reason is not None:
                self.tell(reason)
                return
            await invoke(getattr(self, f"action_{name}"), *keys)

    async def on_status_line_pressed(self, message: StatusLine.Pressed) -> None:
        """A key was clicked."""
        await self.action_do(message.action)

    def leave(self, result: ScreenResultType | None = None) -> None:
        """Leave with that result; if another screen has come to lie above, once that is gone."""
        if self.app.screen is self:
            self.dismiss(result)
        else:
            self._leaves_with = (result,)

    def action_back(self) -> Awaitable[None] | None:
        """Leave the screen."""
        self.dismiss()
        return None

    def action_quit(self) -> None:
        """Leave the desk."""
        self.app.exit()

    def action_theme(self) -> None:
        """Wear the next theme, and keep it."""
        self.wear(themes.after(self.app.theme))

    def wear(self, theme: Theme) -> None:
        """Wear a theme, now and at the next log-in."""
        self.app.theme = theme.name
        cast(HasDesk, self.app).remember(theme=theme.name)
        self.tell(f"theme {themes.short_name(theme)}")

    def action_help(self) -> None:
        """Show the keys of this screen."""
        from helpdesk.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.can_do, self.reason_against))

    def action_amiss(self) -> None:
        """Say what is amiss with the desk, and with the agent's settings."""
        from helpdesk.screens.amiss import AmissScreen

        self.app.push_screen(AmissScreen(cast(HasDesk, self.app).what_is_amiss()))

    def action_outbox(self) -> None:
        """Show the letters that are on their way out, and those that never left."""
        from helpdesk.screens.outbox import OutboxScreen

        self.app.push_screen(OutboxScreen(self))

    def action_new(self) -> None:
        """Begin a new ticket, as when somebody calls meanwhile."""
        from helpdesk.screens.new_ticket import NewTicketScreen

        self.app.push_screen(NewTicketScreen(None))

    def action_palette(self) -> None:
        """Show everything that can be done now."""
        from helpdesk.screens.palette import PaletteScreen

        self.app.push_screen(PaletteScreen(self))

    def action_jump(self) -> None:
        """Ask for the number of a ticket or customer."""
        from helpdesk.screens.jump import JumpScreen

        self.app.push_screen(JumpScreen(self))

    def action_search(self) -> None:
        """Search everything ever written."""
        from helpdesk.screens.search import SearchScreen

        self.app.push_screen(SearchScreen())

    def action_take_back(self) -> None:
        """Take back what was done last, or say why nothing can be."""
        self.taking_back.take_back(self)

    @property
    def taking_back(self) -> TakingBack:
        """What was done last, and can be taken back."""
        return cast(HasDesk, self.app).taking_back

    def was_done(self, before: Ticket, after: object, words: str) -> None:
        """Something was done to a ticket; if it told nobody, it can be taken back."""
        if isinstance(after, type(before)):
            self.taking_back.done(before, after, words)

    def action_go_back(self) -> None:
        """To the place visited before."""
        self._go_along(self.history.before)

    def action_go_forward(self) -> None:
        """To the place that back came from."""
        self._go_along(self.history.after)

    def _go_along(self, place: Place | None) -> None:
        from helpdesk.screens.places import go_to

        if place is not None:
            go_to(self, place, along=True)

    @contextmanager
    def careful(self) -> Iterator[None]:
        """Errors within the block are shown as a line and end neither screen nor program."""
        try:
            yield
        except HelpdeskError as error:
            self.complain(error)
        except Exception as error:
            self.complain(cast(HasDesk, self.app).mishap(error))

    def work(
        self,
        job: Callable[[], T],
        then: Callable[[T], object] = _nothing,
        *,
        group: str = "",
        failed: Callable[[HelpdeskError], object] | None = None,
        keys_wait: bool = False,
    ) -> None:
        """Run ``job`` in a thread, then ``then`` with its result here, on the screen.

        Of jobs in the same named ``group`` only the last one begun is answered. An error is shown
        as a line, or given to ``failed`` if it is a HelpdeskError. With ``keys_wait`` keys typed
        meanwhile are for what comes of it: another screen, other rows.
        """
        answer = partial(self._answer, self.jobs.begin(group))

        def run() -> None:
            try:
                result = job()
            except Exception as error:
                self.call_later(answer, partial(self._failed, error, failed))
            else:
                self.call_later(answer, partial(then, result))

        self.run_worker(
            run, group=KEYS_WAIT if keys_wait else "default", thread=True, exit_on_error=False
        )

    async def _answer(self, job: Job, say: Callable[[], object]) -> None:
        if not self.jobs.end(job) or not self.is_there:
            return
        with self.careful():
            await invoke(say)

    def _failed(self, error: Exception, failed: Callable[[HelpdeskError], object] | None) -> None:
        if failed is not None and isinstance(error, HelpdeskError):
            failed(error)
            return
        raise error
