"""How the desk looks: quiet by default, loud only for what is late."""

import os

from textual.theme import Theme

DARK = Theme(
    name="desk-dark",
    primary="#7aa2c8",
    secondary="#8fb3a5",
    accent="#7aa2c8",
    foreground="#d5d8dd",
    background="#14171c",
    surface="#1b1f26",
    panel="#20252d",
    success="#8fb88f",
    warning="#dfb26a",
    error="#f07a72",
    dark=True,
    variables={
        "text-muted": "#8b929d",
        "cursor": "#2a3340",
        "rule": "#333a45",
        "block-cursor-text-style": "none",
        "input-cursor-background": "#d5d8dd",
        "scrollbar": "#333a45",
        "scrollbar-hover": "#4a5361",
        "scrollbar-active": "#7aa2c8",
        "scrollbar-background": "#14171c",
        "scrollbar-background-hover": "#14171c",
        "scrollbar-background-active": "#14171c",
    },
)

LIGHT = Theme(
    name="desk-light",
    primary="#2f6690",
    secondary="#3c7a63",
    accent="#2f6690",
    foreground="#23272e",
    background="#faf9f6",
    surface="#f1f0ec",
    panel="#e9e7e1",
    success="#3c7a3c",
    warning="#8f5f00",
    error="#b3261e",
    dark=False,
    variables={
        "text-muted": "#646a73",
        "cursor": "#dbe4ec",
        "rule": "#d3d0c8",
        "block-cursor-text-style": "none",
        "input-cursor-background": "#23272e",
        "scrollbar": "#d3d0c8",
        "scrollbar-hover": "#b5b1a6",
        "scrollbar-active": "#2f6690",
        "scrollbar-background": "#faf9f6",
        "scrollbar-background-hover": "#faf9f6",
        "scrollbar-background-active": "#faf9f6",
    },
)

THEMES = (DARK, LIGHT)


def preferred() -> Theme:
    """The theme that suits the terminal: HELPDESK_THEME (dark or light), else by its background.

    Many terminals tell their background by COLORFGBG, where 7 and 15 are the light ones.
    """
    wish = os.environ.get("HELPDESK_THEME", "").lower()
    if wish in ("dark", "light"):
        return LIGHT if wish == "light" else DARK
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if background in ("7", "15") else DARK


def after(name: str) -> Theme:
    """The theme that follows the one of that name."""
    names = [theme.name for theme in THEMES]
    place = names.index(name) if name in names else -1
    return THEMES[(place + 1) % len(THEMES)]
