"""The application's own themes. Their colours are muted, so that the flags stand out."""

from __future__ import annotations

from textual.theme import Theme

DEFAULT_THEME = "flagsae-night"
PLAIN_THEME = "flagsae-plain"

THEMES = (
    Theme(
        name="flagsae-night",
        primary="#3b5b92",
        secondary="#7a9cc6",
        accent="#ffb454",
        warning="#ffb454",
        error="#e5646e",
        success="#7fb77e",
        foreground="#d8dee9",
        background="#12151c",
        surface="#1a1f2a",
        panel="#212836",
        dark=True,
    ),
    Theme(
        name="flagsae-day",
        primary="#31528f",
        secondary="#4d6fa5",
        accent="#b25400",
        warning="#b25400",
        error="#b3263a",
        success="#2d7a3e",
        foreground="#1d2430",
        background="#f6f4ef",
        surface="#ece8df",
        panel="#e0dbcf",
        dark=False,
    ),
    # For 16 colours, and for none: only colours that are among the 16, and that differ as greys.
    Theme(
        name=PLAIN_THEME,
        primary="#0000aa",
        secondary="#00aaaa",
        accent="#ffff55",
        warning="#ffff55",
        error="#ff5555",
        success="#55ff55",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#000000",
        dark=True,
        variables={"block-cursor-foreground": "#000000", "block-cursor-background": "#ffffff"},
    ),
)
