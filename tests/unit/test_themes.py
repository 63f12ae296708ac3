"""Whatever the theme, everything can be read; what is late can be told without its colour."""

import pytest
from textual.theme import Theme

from helpdesk.terminal import themes
from helpdesk.terminal.themes import THEMES

READABLE = 4.5
"""The contrast of text to its background (WCAG 2.2, 1.4.3)."""

OF_COLOURS = [theme for theme in THEMES if not theme.ansi]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_there_are_three_dark_and_three_light_themes_and_the_terminals_own() -> None:
    assert [theme.dark for theme in OF_COLOURS].count(True) == 3
    assert [theme.dark for theme in OF_COLOURS].count(False) == 3
    assert len(THEMES) == 7


@pytest.mark.parametrize("theme", OF_COLOURS, ids=lambda theme: theme.name)
def test_every_text_stands_out_from_every_background(theme: Theme) -> None:
    inks = (
        theme.foreground, theme.variables["text-muted"], theme.accent, theme.secondary,
        theme.success, theme.warning, theme.error,
    )  # fmt: skip
    papers = (theme.background, theme.surface, theme.panel, theme.variables["cursor"])
    for ink in inks:
        for paper in papers:
            assert ink is not None and paper is not None
            assert contrast(ink, paper) >= READABLE, (ink, paper)


@pytest.mark.parametrize("theme", OF_COLOURS, ids=lambda theme: theme.name)
def test_only_what_is_late_is_red(theme: Theme) -> None:
    def redness(colour: str | None) -> int:
        assert colour is not None
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return red - max(green, blue)

    others = (theme.foreground, theme.variables["text-muted"], theme.accent, theme.success)
    assert redness(theme.error) > 80
    assert all(redness(colour) < 40 for colour in others)


def test_the_terminals_own_theme_names_no_colour_of_ours() -> None:
    worn = themes.TERMINAL
    values = [worn.primary, worn.error, worn.foreground, *worn.variables.values()]
    assert not any(value and "#" in value for value in values)


def test_the_theme_goes_by_no_color_then_the_environment_then_the_agent_then_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("NO_COLOR", "HELPDESK_THEME", "COLORFGBG"):
        monkeypatch.delenv(name, raising=False)
    assert themes.preferred() is themes.DARK
    monkeypatch.setenv("COLORFGBG", "0;15")
    assert themes.preferred() is themes.LIGHT
    assert themes.preferred("desk-pine") is themes.PINE
    assert themes.preferred("no such theme") is themes.LIGHT
    monkeypatch.setenv("HELPDESK_THEME", "sand")
    assert themes.preferred("desk-pine") is themes.SAND
    monkeypatch.setenv("NO_COLOR", "1")
    assert themes.preferred("desk-pine") is themes.TERMINAL
    monkeypatch.setenv("NO_COLOR", "")  # set to nothing it is not set: no-color.org
    assert themes.preferred("desk-pine") is themes.SAND


def test_going_on_from_theme_to_theme_comes_back_to_the_first() -> None:
    worn, seen = THEMES[0].name, []
    for _ in THEMES:
        worn = themes.after(worn).name
        seen.append(worn)
    assert sorted(seen) == sorted(theme.name for theme in THEMES) and worn == THEMES[0].name
