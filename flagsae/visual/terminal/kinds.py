"""The kinds of block characters that pictures are drawn in, and which of them this terminal draws well.

A kind has the characters of all kinds before it. What a terminal draws is told by its variables alone: it is not asked,
as a terminal that does not answer would hold every command up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flagsae.errors import UsageError
from flagsae.visual.terminal.terminals import MULTIPLEXERS, TERMINALS, Terminal

# From the coarsest to the finest: the parts of a cell that a character may fill.
CELLS = ("half", "quadrant", "sextant", "wedge", "octant")
AUTO = "auto"
VARIABLE = "FLAGSAE_CELLS"
CERTAIN = ("TERM=", "TEXTUAL_DRIVER")  # signs that no terminal passes on to another one that is started from it
ABOUT = {
    "half": "two halves, one above the other",
    "quadrant": "quarters, and bars of some eighths",
    "sextant": "two columns of three",
    "wedge": "and what a slanted line cuts off",
    "octant": "two columns of four as well",
}


@dataclass(frozen=True)
class Detected:
    """What to draw with."""

    kind: str
    """One of `CELLS`."""
    why: str
    """The reason, in a line."""
    asked: bool = False
    """Whether the user has asked for it, by --cells or FLAGSAE_CELLS."""


def detected(environ: Mapping[str, str], asked: str = AUTO) -> Detected:
    """The kind to draw with: what is asked for, what FLAGSAE_CELLS says, or what the terminal is known to draw itself.

    asked: one of `CELLS`, or "auto". Half blocks where nothing is known. Raises `UsageError` for another kind, in
    FLAGSAE_CELLS too.

    >>> detected({"TERM_PROGRAM": "ghostty", "TERM_PROGRAM_VERSION": "1.3.1"})
    Detected(kind='octant', why='Ghostty 1.3.1 draws these itself', asked=False)
    >>> detected({"TERM": "xterm-256color"}).kind
    'half'
    """
    if asked != AUTO:
        return Detected(_checked(asked, "--cells"), "--cells says so", True)
    chosen = environ.get(VARIABLE, "")
    if _checked(chosen or AUTO, VARIABLE) != AUTO:
        return Detected(chosen, f"{VARIABLE} says so", True)
    through = next((one for one in MULTIPLEXERS if _matching(one.signs, environ)), None)
    # The coarsest of all that may be meant, each of which began with the variables of the one that it was started from.
    found = min((_drawn(one, environ) for one in _terminals(environ)), key=_rank, default=None)
    if through is None:
        return found or Detected(CELLS[0], "nothing is known of this terminal")
    if found is None:
        return Detected(CELLS[0], f"{through.name} does not tell which terminal it draws on")
    if _rank(found) > CELLS.index(through.most):
        return Detected(through.most, f"{through.name} does not pass finer ones on")
    return Detected(found.kind, f"{found.why}, also in {through.name}")


def check_kind(kind: str) -> None:
    """Raises `UsageError` for a kind that is not in `CELLS`."""
    if kind not in CELLS:
        raise UsageError(f"there are no cells of the kind {kind!r}: {', '.join(CELLS)}")


def _checked(kind: str, where: str) -> str:
    if kind not in (AUTO, *CELLS):
        raise UsageError(f"{where} {kind!r}: give one of {', '.join((AUTO, *CELLS))}")
    return kind


def _rank(found: Detected) -> int:
    return CELLS.index(found.kind)


def _terminals(environ: Mapping[str, str]) -> list[Terminal]:
    """The rows of the table that this terminal may be: one, if a sign of it is certain."""
    for terminal in TERMINALS:
        if _matching(tuple(sign for sign in terminal.signs if sign.startswith(CERTAIN)), environ):
            return [terminal]
    return [terminal for terminal in TERMINALS if _matching(terminal.signs, environ)]


def _drawn(terminal: Terminal, environ: Mapping[str, str]) -> Detected:
    """What a terminal draws, in the version that it tells."""
    version = _version(terminal, environ)
    if version:
        reached = [kind for since, kind in terminal.kinds if _numbers(since) <= _numbers(version)]
        kind, name = reached[-1], f"{terminal.name} {version}"
    else:
        kind, name = terminal.untold or terminal.kinds[0][1], terminal.name
    if kind == CELLS[0]:
        return Detected(kind, f"{name} draws finer ones with its font, where they leave gaps")
    if not version and kind != terminal.kinds[-1][1]:
        return Detected(kind, f"{name} draws these itself; newer versions draw more, but it does not tell its version")
    return Detected(kind, f"{name} draws these itself")


def _version(terminal: Terminal, environ: Mapping[str, str]) -> str:
    """The terminal's version as it tells it itself; "" if it does not."""
    if terminal.version:
        found = environ.get(terminal.version, "")
    else:
        own = any(_matches(sign, environ) for sign in terminal.signs if sign.startswith("TERM_PROGRAM="))
        own = own or environ.get("TERM_PROGRAM", "").lower() == terminal.name.lower()
        found = environ.get("TERM_PROGRAM_VERSION", "") if own else ""
    return found if found.isprintable() and _numbers(found) else ""


def _matching(signs: tuple[str, ...], environ: Mapping[str, str]) -> bool:
    return any(_matches(sign, environ) for sign in signs)


def _matches(sign: str, environ: Mapping[str, str]) -> bool:
    name, given, value = sign.partition("=")
    found = environ.get(name, "")
    if not given:
        return bool(found)
    return found.startswith(value[:-1]) if value.endswith("*") else found.lower() == value.lower()


def _numbers(version: str) -> list[int]:
    """1.109.0-insider: [1, 109, 0]. A version of many digits is cut off."""
    return [int(digits[:9]) for digits in re.findall(r"[0-9]+", version)[:3]]
