"""Of a screen on which one line changes only that line is made, and nothing beside or behind it."""

from typing import Any

from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from helpdesk.terminal.compositor import SparingCompositor
from tests.screens.hands import Hands

CELLS = 20


class Sheet(Widget):
    """Each line says which it is, and of which edition; it remembers what it was asked for."""

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self.edition = 1
        self.words = name
        self.asked: list[Region] = []
        self.is_going = False
        """Whether it has a place still and gives no lines for it, as a widget being removed."""

    def write_anew(self, y: int) -> None:
        self.edition += 1
        self.refresh(Region(0, y, self.size.width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        self.asked.append(crop)
        return [] if self.is_going else super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(f"{self.words} {y} of {self.edition}".ljust(CELLS))], CELLS)


class Desk(Screen[None]):
    def __init__(self) -> None:
        super().__init__()
        self._compositor = SparingCompositor()

    def compose(self) -> ComposeResult:
        yield Horizontal(Sheet("left"), Sheet("right"))
        yield Sheet("slip")


class Program(App[None]):
    """Two sheets beside each other, and a slip that lies over part of the left one."""

    CSS = """
    Desk { layers: below above; }
    Horizontal { layer: below; }
    Sheet { width: 20; height: 8; }
    #slip { layer: above; width: 11; height: 1; offset: 2 3; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[str] = []
        self.spans: list[tuple[int, int, int]] = []

    def get_default_screen(self) -> Screen[None]:
        return Desk()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, ChopsUpdate):
            lines = (
                "".join(part.text for part in line.values() if part) for line in renderable.chops
            )
            self.drawn = [line for line in lines if line]
            self.spans = renderable.spans
        super()._display(screen, renderable)


async def asked_by(app: Program, name: str, y: int) -> dict[str | None, list[Region]]:
    """What every sheet is asked for when a line of one is written anew."""
    hands = Hands(app)
    await hands.pause()
    sheets = list(app.screen.query(Sheet))
    for each in sheets:
        each.asked.clear()
    app.screen.query_one(f"#{name}", Sheet).write_anew(y)
    await hands.pause()
    return {each.id: each.asked for each in sheets if each.asked}


async def test_only_the_line_that_changes_is_asked_for() -> None:
    app = Program()
    async with app.run_test(size=(40, 10)):
        assert await asked_by(app, "right", 5) == {"right": [Region(0, 5, CELLS, 1)]}
        assert app.drawn == ["right 5 of 2".ljust(CELLS)]


async def test_what_lies_behind_is_not_asked_for() -> None:
    app = Program()
    async with app.run_test(size=(40, 10)):
        assert await asked_by(app, "slip", 0) == {"slip": [Region(0, 0, 11, 1)]}
        assert app.drawn == ["slip 0 of 2"]


async def test_what_lies_in_front_stays_in_front() -> None:
    app = Program()
    async with app.run_test(size=(40, 10)):
        assert set(await asked_by(app, "left", 3)) == {"left", "slip"}
        assert app.drawn == ["leslip 0 of 1".ljust(CELLS)]


async def test_right_of_a_text_whose_width_is_disputed_all_is_drawn_again() -> None:
    app = Program()
    async with app.run_test(size=(40, 10)):
        await Hands(app).pause()
        left = app.screen.query_one("#left", Sheet)
        left.words = "வண"
        left.write_anew(5)
        await Hands(app).pause()
        assert app.drawn == ["வண 5 of 2".ljust(CELLS) + "right 5 of 1".ljust(CELLS)]
        assert app.spans == [(5, 0, 40)]


async def test_all_of_the_screen_can_be_asked_for() -> None:
    app = Program()
    async with app.run_test(size=(40, 10)):
        await Hands(app).pause()
        lines = [strip.text for strip in app.screen._compositor.render_strips()]
        assert lines[2] == "left 2 of 1".ljust(CELLS) + "right 2 of 1".ljust(CELLS)
        assert lines[3] == "leslip 0 of 1".ljust(CELLS) + "right 3 of 1".ljust(CELLS)
        assert lines[9] == " " * 40


async def test_what_is_hidden_all_over_is_not_asked_for_even_where_all_is_drawn() -> None:
    app = Program()
    async with app.run_test(size=(40, 10)):
        left, slip = app.screen.query_one("#left", Sheet), app.screen.query_one("#slip", Sheet)
        slip.styles.width, slip.styles.height, slip.styles.offset = CELLS, 8, (0, 0)
        await Hands(app).pause()
        left.asked.clear()
        lines = [strip.text for strip in app.screen._compositor.render_strips()]
        assert left.asked == []
        assert lines[3] == "slip 3 of 1".ljust(CELLS) + "right 3 of 1".ljust(CELLS)
        slip.styles.height = 5
        await Hands(app).pause()
        left.asked.clear()
        app.screen._compositor.render_strips()
        assert left.asked == [Region(0, 5, CELLS, 3)]


async def test_behind_what_is_on_its_way_out_all_is_drawn() -> None:
    app = Program()
    async with app.run_test(size=(40, 10)):
        slip = app.screen.query_one("#slip", Sheet)
        slip.styles.width, slip.styles.offset = CELLS, (0, 0)
        await Hands(app).pause()
        slip.is_going = True
        lines = [strip.text for strip in app.screen._compositor.render_strips()]
        assert lines[0] == "left 0 of 1".ljust(CELLS) + "right 0 of 1".ljust(CELLS)


async def test_a_line_that_was_drawn_keeps_none_of_its_parts() -> None:
    app = Program()
    async with app.run_test(size=(40, 10)):
        await Hands(app).pause()
        left = app.screen.query_one("#left", Sheet)
        drawn = left.render_lines(Region(0, 0, CELLS, 8))
        assert [strip for strip in drawn if strip._divide_cache] == []
        parts = drawn[3].divide([2, CELLS])
        assert [part.text for part in parts] == ["le", "ft 3 of 1".ljust(CELLS - 2)]
