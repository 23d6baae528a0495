"""`flagsae cells`: test pictures in each kind of block characters, and which of them this terminal draws well."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flagsae.cli import options
from flagsae.cli.screen import UNICODE, can_show, coloured, console, draws, fit, note, record, words
from flagsae.visual.terminal.kinds import ABOUT, AUTO, CELLS, Detected, detected

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rich.console import Console, RenderableType

# A saltire, a star and a crescent, slanted lines with a star, thin lines: what coarse cells draw badly.
FLAGS = ("scotland", "tunisia", "cuba", "norway")
WIDTHS = 12, 30  # columns of a picture: smallest, largest; by eye
GAP = 2  # columns between pictures


def command(cells: options.Cells = AUTO, json: options.Json = False, quiet: options.Quiet = False) -> None:
    """Show flags in each kind of block characters side by side, and which kind is used in this terminal, and why.

    flagsae cells

    Each row should be finer than the one above it, and without gaps or boxes: if the last ones are not, or if finer
    ones than the one in use are, choose another by `--cells KIND`, for all commands by FLAGSAE_CELLS=KIND.
    docs/cells.md in the project's repository has the table of terminals.

    In a pipe it writes a JSON line {"detected", "why", "kinds"}.
    """
    found = detected(os.environ, cells)
    if not draws(json):
        record(detected=found.kind, why=found.why, kinds=[*CELLS])
        return
    out = console()
    shown = [kind for kind in CELLS if kind == CELLS[0] or can_show(UNICODE, out.encoding)]
    if coloured(out):
        out.print(_rows(shown, found, out))
    out.print(words(f"detected: {found.kind}, because {found.why}"))
    if not coloured(out):
        out.print(words("pictures are drawn in letters: this terminal has no colour, or no block characters"))
    elif len(shown) < len(CELLS):
        out.print(words(f"pictures are drawn in half blocks: {out.encoding} has no finer ones"))
    note("choose with --cells KIND, or with FLAGSAE_CELLS=KIND for all commands", quiet)


def _rows(kinds: list[str], found: Detected, out: Console) -> RenderableType:
    """A row of flags for each kind, below its name."""
    from rich.console import Group
    from rich.table import Table

    from flagsae.visual.terminal.pictures import in_cells

    width = max(WIDTHS[0], min(WIDTHS[1], out.width // len(FLAGS) - GAP))
    flags = _flags()
    parts: list[RenderableType] = []
    for kind in kinds:
        mark = " (detected)" if kind == found.kind else ""
        parts.append(fit(f"{kind}{mark}: {ABOUT[kind]}", out.width))
        grid = Table.grid(padding=(0, GAP, 0, 0))
        # As many lines as make the picture about 2 by 3, a cell being twice as high as wide.
        grid.add_row(*(in_cells(flag, width, round(width / 3), kind) for flag in flags))
        parts.append(grid)
    return Group(*parts)


def _flags() -> list[NDArray[np.uint8]]:
    """The pictures of `FLAGS`, finer than any cells."""
    from flagsae.workspace.collection import open_collection

    collection = open_collection()
    names = collection.dataset.name_table()
    return [collection.picture(names[flag]) for flag in FLAGS]
