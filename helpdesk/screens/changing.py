"""A form on a document that somebody else may change while it is filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from helpdesk.domain.errors import HelpdeskError, TryAgain
from helpdesk.domain.meanwhile import differing, together
from helpdesk.domain.values import Document
from helpdesk.screens.prompt import Choice, FormField, PromptScreen, explained
from helpdesk.terminal.actions import labelled
from helpdesk.text import clean
from helpdesk.widgets.last_words import LastWords
from helpdesk.widgets.status_line import StatusLine

D = TypeVar("D", bound=Document)


class Meanwhile(TryAgain):
    """Somebody else changed the document: nothing was saved."""


class ChangeForm(PromptScreen, Generic[D]):
    """A form on the document ``seen``. What others change meanwhile in other fields is kept.

    Where both changed the same field, the agent is shown what is new before anything is done; what
    he typed stays, and sending again does it. So he is if the form has no field of the document but
    decides something on it (``decides``), or says one thing in all its fields (``says_one_thing``).
    """

    def __init__(
        self,
        title: str,
        seen: D,
        *,
        look: Callable[[], D],
        fields: Callable[[D], Sequence[FormField]],
        do: Callable[[D, Mapping[str, str]], object],
        explain: Callable[[D], Sequence[str]] = lambda _: (),
        news: Callable[[D, D], Content] = lambda _, __: Content(""),
        is_own: Callable[[D, D], bool] = lambda _, __: False,
        decides: str = "",
        says_one_thing: bool = False,
    ) -> None:
        """
        Args:
            title: what the box is called.
            seen: the document as the agent saw it.
            look: gives it as it is now; called in a thread.
            fields: what there is to fill in, with the values of a document.
            do: saves the values, given the document that they were made for; called in a thread.
            explain: what is said above the fields.
            news: what was done between the first document and the second, and by whom.
            is_own: whether the agent himself did all of that, and nothing that he has to see again.
            decides: what sending decides, as the line of keys says it; then any change at all is
                to be seen first.
            says_one_thing: whether a change of any field is.
        """
        super().__init__(title, fields(seen), lambda _: None, explain(seen))
        self._seen = seen
        self._look = look
        self._fields_of = fields
        self._save = do
        self._explain_of = explain
        self._news = news
        self._is_own = is_own
        self._decides = decides
        self._says_one_thing = says_one_thing

    def body(self) -> ComposeResult:
        """The form, and above it a place for what others did."""
        yield LastWords()
        yield from super().body()

    def on_mount(self) -> None:
        """Say what sending does, where it does not just save."""
        if self._decides:
            actions = labelled(self.ACTIONS, {"send": self._decides})
            self.query_one(StatusLine).offer(self.offered(actions))

    def action_send(self) -> None:
        """Save it, unless somebody else did something that is to be seen first."""
        # Read here: while the thread is at work, what others did may be shown, and taken over.
        saved = partial(self._saved, self._seen, _values(self._fields), self.values())
        self.send(saved, self.leave, self._not_saved)

    def _saved(self, seen: D, began: Mapping[str, str], mine: Mapping[str, str]) -> object:
        now = self._look()
        theirs = _values(self._fields_of(now))
        if not _is_same(seen, now) and (
            (self._decides and not self._is_own(seen, now))
            or (self._says_one_thing and theirs != began)
            or differing(began, theirs, mine)
        ):
            raise Meanwhile("somebody else changed it meanwhile")
        return self._save(now, together(began, theirs, mine))

    def _not_saved(self, error: HelpdeskError) -> None:
        if isinstance(error, TryAgain):
            self.work(self._look, partial(self._show_news, error), group="look")
        else:
            self.complain(error)

    def _show_news(self, error: TryAgain, now: D) -> None:
        """Show what others did, and take their values where the agent typed nothing."""
        if _is_same(self._seen, now):
            self.complain(error)
            return
        mine, fields = self.values(), self._fields_of(now)
        began, theirs = _values(self._fields), _values(fields)
        clash = differing(began, theirs, mine)
        for name, value in together(began, theirs, mine).items():
            if value != mine[name]:
                self.fill(name, value)
        shown = [_now(field) for field in fields if field.name in clash]
        shown.append(self._news(self._seen, now))
        self.query_one(LastWords).show(
            Content("\n").join(part for part in shown if part.plain), new=True
        )
        for widget, line in zip(self.query(".explain"), self._explain_of(now), strict=False):
            if isinstance(widget, Static):
                widget.update(explained(line))
        self._seen, self._fields = now, tuple(fields)
        does = "saves yours all the same" if clash else "does it all the same"
        self.complain(f"not saved yet: it was changed meanwhile, see above; ^s {does}")


def _is_same(one: D, other: D) -> bool:
    """Whether nothing was done to it: it may go on in another document, too."""
    return (one.id, one.rev) == (other.id, other.rev)


def _values(fields: Sequence[FormField]) -> dict[str, str]:
    return {field.name: field.value for field in fields}


def _now(field: FormField) -> Content:
    """What stands in a field now, by somebody else."""
    options = field.options if isinstance(field, Choice) else ()
    words = {option.value: option.words for option in options}.get(field.value, field.value)
    shown = clean(words).strip() or "nothing"
    return Content.assemble((f"{field.label} now: ", "$text-muted"), shown)
