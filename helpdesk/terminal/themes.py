"""How the desk looks: quiet by default, loud only for what is late."""

import os

from textual.theme import Theme


def _theme(
    name: str,
    *,
    dark: bool,
    paper: tuple[str, str, str],
    ink: tuple[str, str],
    lines: tuple[str, str],
    accent: str,
    calm: str,
    good: str,
    soon: str,
    late: str,
    cursor: str,
) -> Theme:
    """A theme of few colours.

    ``paper`` is the background, that of boxes and that of bars; ``ink`` text and quiet text;
    ``lines`` rules and the scrollbar under the mouse; ``calm`` what stands beside the accent.
    """
    background, surface, panel = paper
    foreground, muted = ink
    rule, touched = lines
    return Theme(
        name=name,
        primary=accent,
        secondary=calm,
        accent=accent,
        foreground=foreground,
        background=background,
        surface=surface,
        panel=panel,
        success=good,
        warning=soon,
        error=late,
        dark=dark,
        variables={
            "text-muted": muted,
            "cursor": cursor,
            "cursor-style": "none",
            "rule": rule,
            "block-cursor-text-style": "none",
            "input-cursor-background": foreground,
            "scrollbar": rule,
            "scrollbar-hover": touched,
            "scrollbar-active": accent,
            "scrollbar-background": background,
            "scrollbar-background-hover": background,
            "scrollbar-background-active": background,
        },
    )


DARK = _theme(
    "desk-dark",
    dark=True,
    paper=("#14171c", "#1b1f26", "#20252d"),
    ink=("#d5d8dd", "#959ca7"),
    lines=("#333a45", "#4a5361"),
    accent="#7aa2c8",
    calm="#8fb3a5",
    good="#8fb88f",
    soon="#dfb26a",
    late="#f07a72",
    cursor="#2a3340",
)

NIGHT = _theme(
    "desk-night",
    dark=True,
    paper=("#000000", "#0b0c0e", "#131518"),
    ink=("#ececec", "#a0a5ad"),
    lines=("#3a3d42", "#5a5f66"),
    accent="#8fbdf0",
    calm="#9ecfbd",
    good="#9ad29a",
    soon="#f0c060",
    late="#ff8078",
    cursor="#22303f",
)

PINE = _theme(
    "desk-pine",
    dark=True,
    paper=("#171c19", "#1e2420", "#242b27"),
    ink=("#dcd9cc", "#9aa59c"),
    lines=("#38423b", "#505d54"),
    accent="#8dbfa0",
    calm="#a8b98a",
    good="#9fc08a",
    soon="#e0b56c",
    late="#f0887a",
    cursor="#2c3a32",
)

LIGHT = _theme(
    "desk-light",
    dark=False,
    paper=("#faf9f6", "#f1f0ec", "#e9e7e1"),
    ink=("#23272e", "#5c626b"),
    lines=("#d3d0c8", "#b5b1a6"),
    accent="#2f6690",
    calm="#2d6650",
    good="#316b31",
    soon="#7d5300",
    late="#b3261e",
    cursor="#dbe4ec",
)

PAPER = _theme(
    "desk-paper",
    dark=False,
    paper=("#ffffff", "#f6f6f6", "#ededed"),
    ink=("#000000", "#565656"),
    lines=("#c8c8c8", "#a0a0a0"),
    accent="#0b4f9c",
    calm="#0f6650",
    good="#1c651c",
    soon="#7a4a00",
    late="#b00012",
    cursor="#d8e6f7",
)

SAND = _theme(
    "desk-sand",
    dark=False,
    paper=("#f6efe0", "#efe6d3", "#e7dcc6"),
    ink=("#3a3226", "#62584a"),
    lines=("#cfc1a6", "#b3a487"),
    accent="#2c5f6e",
    calm="#4a5a22",
    good="#42642a",
    soon="#7d4c00",
    late="#a3261a",
    cursor="#dcd3bd",
)

TERMINAL = Theme(
    name="desk-terminal",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    dark=True,
    variables={
        "text-muted": "ansi_default",
        "cursor": "ansi_default",
        "cursor-style": "reverse",
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "rule": "ansi_default",
        "block-cursor-text-style": "reverse",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-text-style": "reverse",
        "scrollbar": "ansi_default",
        "scrollbar-hover": "ansi_blue",
        "scrollbar-active": "ansi_blue",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
    },
)
"""The terminal's own colours, whatever they are: what is selected stands reversed."""

THEMES = (DARK, NIGHT, PINE, LIGHT, PAPER, SAND, TERMINAL)


def named(name: str) -> Theme | None:
    """The theme of that name, with or without ``desk-`` before it; None if there is none."""
    wish = name.strip().lower().removeprefix("desk-")
    return next((theme for theme in THEMES if theme.name == f"desk-{wish}"), None)


def names() -> str:
    """The names of the themes, as agents write them."""
    return ", ".join(short_name(theme) for theme in THEMES)


def short_name(theme: Theme) -> str:
    """The theme as agents read it: ``light``."""
    return theme.name.removeprefix("desk-")


def preferred(own: str = "") -> Theme:
    """The theme to wear: without colours under NO_COLOR; else the one that HELPDESK_THEME names,
    or the agent's ``own``; else a dark or light one, by the terminal's background.

    Many terminals tell their background by COLORFGBG, where 7 and 15 are the light ones.
    """
    if without_colours():
        return TERMINAL
    wish = named(os.environ.get("HELPDESK_THEME", "")) or named(own)
    if wish is not None:
        return wish
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if background in ("7", "15") else DARK


def without_colours() -> bool:
    """Whether the agent wants no colours: NO_COLOR is set, to anything (no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))


def after(name: str) -> Theme:
    """The theme that follows the one of that name."""
    known = [theme.name for theme in THEMES]
    place = known.index(name) if name in known else -1
    return THEMES[(place + 1) % len(THEMES)]
