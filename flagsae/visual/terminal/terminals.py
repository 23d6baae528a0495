"""Which terminal draws which block characters itself, as geometry that fills a cell to its edges: one table.

A terminal that takes them from a font shows gaps between cells, or boxes in place of characters that the font lacks.
Where a source says nothing, the table has the lower kind. "Seen" means looked at here, in a picture of the screen.

To add a terminal, add a row, and `python docs/make.py` writes docs/cells.md again.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Terminal:
    """A terminal, by what it leaves in the environment."""

    name: str
    signs: tuple[str, ...]
    """NAME=value, or NAME alone for any value; one of them is enough. A * at the end of a value stands for the rest."""
    kinds: tuple[tuple[str, str], ...]
    """(since which version, the richest kind), from the oldest; "" for the oldest version that matters."""
    source: str
    """Where this is known from."""
    untold: str = ""
    """The kind where the terminal says no version; that of the oldest version if this is empty."""
    version: str = ""
    """The variable with its version, if it has one of its own; TERM_PROGRAM_VERSION beside its TERM_PROGRAM if not."""


# Variables are inherited by a terminal that is started from another one: see `kinds.detected`.
TERMINALS = (
    Terminal(
        "the page of --serve",
        ("TEXTUAL_DRIVER",),
        (("", "quadrant"),),
        "seen in Chromium: xterm.js of textual-serve 1.1.3 draws U+2580 to 259F; it has no other blocks (textual.js)",
    ),
    Terminal(
        "kitty",
        ("TERM=xterm-kitty", "KITTY_WINDOW_ID"),
        (("", "sextant"), ("0.26.5", "wedge"), ("0.40", "octant")),
        "kitty issue 3106 (sextants in 0.19.2); seen: 0.26.5 draws sextants and wedges; pull request 7267 (wedges by "
        "thirds of a cell, as Unicode has them, no longer by quarters); kitty/decorations.c (octants; since 0.40 by "
        "breferrari/vigia issue 324)",
        untold="wedge",
    ),
    Terminal(
        "Ghostty",
        ("TERM=xterm-ghostty", "TERM_PROGRAM=ghostty", "GHOSTTY_RESOURCES_DIR"),
        (("", "wedge"), ("1.2", "octant")),
        "Ghostty pull requests 7761 (wedges, which are there before it), 5433 (octants; since 1.2 by breferrari/vigia "
        "issue 324)",
    ),
    Terminal(
        "foot",
        ("TERM=foot", "TERM=foot-*"),
        (("", "wedge"),),
        "foot box-drawing.c (sextants, wedges); CHANGELOG.md, 1.7: blocks are drawn by foot. It draws octants since "
        "1.20 (breferrari/vigia issue 324) and says no version",
    ),
    Terminal(
        "WezTerm",
        ("TERM=wezterm", "TERM_PROGRAM=WezTerm", "WEZTERM_PANE", "WEZTERM_EXECUTABLE"),
        (("", "quadrant"), ("20210814", "wedge")),
        "WezTerm documentation of custom_block_glyphs (sextants and smooth mosaics since 20210814; octants in no "
        "release that it names)",
        untold="wedge",
    ),
    Terminal(
        "Alacritty",
        ("TERM=alacritty", "TERM=alacritty-*", "ALACRITTY_WINDOW_ID"),
        (("", "quadrant"), ("0.14", "sextant")),
        "Alacritty alacritty/src/renderer/text/builtin_font.rs (U+2500 to 259F, U+1FB00 to 1FB3B), pull request 7534 "
        "(sextants, after 0.13); seen: 0.11 draws quadrants and no more. It says no version",
    ),
    Terminal(
        "Konsole",
        ("KONSOLE_VERSION",),
        (("", "quadrant"), ("221203", "wedge")),
        "Konsole LineBlockCharacters.h (U+2500 to 259F, U+1FB00 to 1FB8B); seen: 22.12.3 draws sextants and wedges",
        version="KONSOLE_VERSION",
    ),
    Terminal(
        "VTE",  # of GNOME Terminal, Xfce Terminal, Tilix and others
        ("VTE_VERSION",),
        (("", "half"), ("7006", "wedge"), ("7800", "octant")),
        "VTE src/minifont.cc; seen: 0.70.6 draws sextants and wedges; octants since 0.78 by breferrari/vigia issue 324",
        version="VTE_VERSION",
    ),
    Terminal(
        "VS Code",
        ("TERM_PROGRAM=vscode",),
        (("", "half"), ("1.60", "quadrant"), ("1.109", "wedge")),
        "xterm.js 4.14 (custom glyphs for U+2580 to 259F), pull requests 5467 and 5468 (sextants, wedges: December "
        "2025), VS Code issue 284758; the versions are those of the months after. Without a "
        "graphics card it draws with the font",
    ),
    Terminal(
        "iTerm2",
        ("TERM_PROGRAM=iTerm.app", "LC_TERMINAL=iTerm2", "ITERM_SESSION_ID"),
        (("", "quadrant"),),
        "iTerm2 sources/iTermBoxDrawingBezierCurveFactory.m (U+2580 to 259F)",
    ),
    Terminal(
        "Windows Terminal",
        ("WT_SESSION",),
        (("", "quadrant"),),
        "Windows Terminal src/renderer/atlas/BuiltinGlyphs.cpp (U+2500 to 259F); pull request 20424 (sextants, wedges: "
        "July 2026). It says no version. Its font Cascadia has sextants",
    ),
    Terminal(
        "Terminal.app",
        ("TERM_PROGRAM=Apple_Terminal",),
        (("", "half"),),
        "nothing is known of blocks that it draws itself",
    ),
    Terminal(
        "xterm",
        ("XTERM_VERSION",),
        (("", "half"),),
        "notcurses TERMINALS.md and issue 1517: blocks are of the font, and quadrants do not join; seen: version 379 "
        "shows nothing where its font lacks them",
    ),
    Terminal(
        "the Linux console",
        ("TERM=linux",),
        (("", "half"),),
        "notcurses TERMINALS.md: a font of at most 512 characters",
    ),
)


@dataclass(frozen=True)
class Multiplexer:
    """A program that draws on another terminal what is printed in it: characters pass, so that terminal counts."""

    name: str
    signs: tuple[str, ...]
    """As of a terminal."""
    most: str
    """The richest kind whose characters it passes."""
    source: str


MULTIPLEXERS = (
    Multiplexer(
        "tmux",
        ("TMUX", "TERM_PROGRAM=tmux", "TERM=tmux*"),
        "wedge",
        "seen: tmux 3.3a with the C library of Debian 12 drops octants, which that does not know, and shifts the line",
    ),
    Multiplexer(
        "screen",
        ("STY", "TERM=screen*"),
        "quadrant",
        "seen: screen 4.9 cuts code points above U+FFFF to 16 bits, so that sextants become other characters",
    ),
)


def table() -> str:
    """Both tables, for docs/cells.md."""
    rows = ["| terminal | draws itself | known by | source |", "| --- | --- | --- | --- |"]
    for one in TERMINALS:
        steps = [f"{kind} since {since}" if since else kind for since, kind in one.kinds]
        steps += [f"{one.untold} if it tells no version"] * bool(one.untold)
        rows.append(f"| {one.name} | {'; '.join(steps)} | {_code(one.signs)} | {one.source} |")
    rows += ["", "| multiplexer | passes on at most | known by | source |", "| --- | --- | --- | --- |"]
    rows += [f"| {one.name} | {one.most} | {_code(one.signs)} | {one.source} |" for one in MULTIPLEXERS]
    return "\n".join([*rows, ""])


def _code(signs: tuple[str, ...]) -> str:
    return ", ".join(f"`{sign}`" for sign in signs)
