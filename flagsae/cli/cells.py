"""`flagsae cells`: test pictures in each kind of block characters, and which of them this terminal draws well."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flagsae.cli import options
from flagsae.cli.screen import UNICODE, coloured, console, draws, fit, note, record, words
from flagsae.cli.streams import can_show
from flagsae.visual.terminal.kinds import AUTO, CELLS, Detected, detected

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rich.console import Console, RenderableType

# A saltire, a star and a crescent, slanted lines with a star, thin lines: what coarse cells draw badly.
FLAGS = ("scotland", "tunisia", "cuba", "norway")
WIDTHS = 9, 24  # columns of a picture: smallest, largest; by eye. All of it fits on 80 x 24 cells
GAP = 2  # columns between pictures


def command(cells: options.Cells = AUTO, json: options.Json = False, quiet: options.Quiet = False) -> None:
    """Show flags in each kind of block characters side by side, and which kind is used in this terminal, and why.

    flagsae cells

    From left to right the flags get sharper, until there are gaps, or boxes in place of parts: take the last kind
    without these, by --cells, or by FLAGSAE_CELLS for all commands and the application. docs/cells.md in the project's
    repository has the table of terminals that are known.

    In a pipe it writes a JSON line {"detected", "why", "kinds"}.
    """
    found = detected(os.environ, cells)
    if not draws(json):
        record(detected=found.kind, why=found.why, kinds=[*CELLS])
        return
    out = console()
    shown = [kind for kind in CELLS if kind == CELLS[0] or can_show(UNICODE, out.encoding)]
    if coloured(out):
        out.print(_table(shown, found, out))
    out.print(words(f"detected: {found.kind}, because {found.why}"))
    if not coloured(out):
        out.print(words("pictures are drawn in letters: this terminal has no colour, or no block characters"))
    elif len(shown) < len(CELLS):
        out.print(words(f"pictures are drawn in half blocks: {out.encoding} has no finer ones"))
    note("choose with --cells KIND, or with FLAGSAE_CELLS=KIND for all commands", quiet)


def _table(kinds: list[str], found: Detected, out: Console) -> RenderableType:
    """A column of flags for each kind, below its name; an arrow points at the one in use."""
    from rich.table import Table

    from flagsae.visual.terminal.pictures import in_cells

    width = max(WIDTHS[0], min(WIDTHS[1], out.width // len(kinds) - GAP))
    lines = round(width / 3)  # so that a picture is about as high as two thirds of its width
    grid = Table.grid(padding=(0, GAP, 0, 0))
    for _ in kinds:
        grid.add_column(width=width)
    grid.add_row(*(fit(f"> {kind}" if kind == found.kind else kind, width) for kind in kinds))
    for flag in _flags():
        grid.add_row(*(in_cells(flag, width, lines, kind) for kind in kinds))
    return grid


def _flags() -> list[NDArray[np.uint8]]:
    """The pictures of `FLAGS`, finer than any cells."""
    from flagsae.workspace.collection import open_collection

    collection = open_collection()
    names = collection.dataset.name_table()
    return [collection.picture(names[flag]) for flag in FLAGS]
