"""The last guard: what a screen draws holds nothing harmful, wherever it came from."""

import pytest
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.strip import Strip
from textual.widgets import Static

from helpdesk.terminal.guard import OutputGuard
from tests.hostile import PAYLOADS, assert_harmless

BLACK = Color(0, 0, 0)
any_payload = pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())


def guarded(*segments: Segment) -> list[Segment]:
    return OutputGuard().apply(list(segments), BLACK)


def link_after_guard(url: str) -> str | None:
    [segment] = guarded(Segment("press here", Style(link=url, bold=True)))
    assert segment.text == "press here"
    assert segment.style is not None
    assert segment.style.bold
    return segment.style.link


class Careless(App[None]):
    """A screen that shows text from outside without cleaning it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.guard = OutputGuard()

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), self.guard]

    def compose(self) -> ComposeResult:
        shown = Static(Content(self.text), id="shown")
        shown.border_title = Content(self.text[:200])
        shown.styles.border = ("solid", "white")
        yield shown


def without_heaps(text: str) -> str:
    """Heaps of marks are the sanitiser's matter: they steer no terminal."""
    return "\n".join(line for line in text.split("\n") if "\u0301\u0316" not in line)


@any_payload
def test_no_payload_passes_in_a_segment(payload: str) -> None:
    [segment] = guarded(Segment(payload, Style(bold=True)))
    assert_harmless(without_heaps(segment.text).replace("\u0301", ""))
    assert "\n" not in segment.text
    assert segment.style == Style(bold=True)


@pytest.mark.parametrize("name", ["tamil", "kyrgyz", "chinese", "arabic", "persian", "family"])
def test_honest_segments_pass_as_they_are(name: str) -> None:
    line = [Segment("│ "), Segment(PAYLOADS[name], Style(bold=True)), Segment(" ╮")]
    assert OutputGuard().apply(line, BLACK) is line


def test_a_line_keeps_its_other_segments_when_one_is_harmful() -> None:
    before, after = Segment("before", Style(dim=True)), Segment("after")
    assert guarded(before, Segment("\x1b[cx"), after) == [before, Segment("[cx"), after]


def test_the_programs_own_control_segments_pass_unchanged() -> None:
    control = Segment("\x1b[1;1H", None, [(ControlType.CURSOR_MOVE_TO, 1, 1)])
    assert guarded(control, Segment("\x1b")) == [control, Segment("")]


def test_tabs_and_newlines_are_taken_out_of_a_line_too() -> None:
    assert guarded(Segment("a\tb\nc\rd\u2028e")) == [Segment("abcde")]


def test_a_surrogate_is_shown_as_unreadable_in_the_cell_it_was_given() -> None:
    [segment] = guarded(Segment("a\ud83db"))
    assert segment.text == "a\ufffdb"
    assert Strip([segment]).cell_length == 3


@pytest.mark.parametrize(
    "url", ["https://example.com/a?b=c#d", "http://example.com", "mailto:a@example.com"]
)
def test_plain_links_are_kept(url: str) -> None:
    assert link_after_guard(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ssh://host",
        "https://example.com/\x1b\\\x1b]52;c;aG9zdGlsZQ==\x07",
        "https://example.com/\x9c",
        "https://example.com/a b",
        "https://example.com/\n",
        "https://example.com/\u202e",
        "https://",
        "see https://example.com",
    ],
)
def test_other_links_are_removed_and_their_text_stays(url: str) -> None:
    assert link_after_guard(url) is None


async def drawn(text: str) -> tuple[list[Strip], str]:
    app = Careless(text)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        return strips, "\n".join(strip.text for strip in strips)


@pytest.mark.parametrize("name", ["device query", "clipboard (OSC 52)", "zero width", "nul"])
async def test_a_widget_that_was_given_raw_text_draws_nothing_harmful(name: str) -> None:
    strips, screen = await drawn(PAYLOADS[name])
    assert_harmless(screen)
    assert {strip.cell_length for strip in strips} == {60}
    assert {Strip(list(strip)).cell_length for strip in strips} == {60}
