"""Pictures as segments of text, in the block characters that the process has chosen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich_pixels import Pixels

from flagsae.visual.resize import resized
from flagsae.visual.terminal import chosen
from flagsae.visual.terminal.blocks import merged, packed, rows, style_of, unpacked
from flagsae.visual.terminal.fitting import Cells, fit
from flagsae.visual.terminal.glyphs import EMPTY, glyphs

# Samples of a cell, rows and columns, by which characters are told apart.
GRID = 24, 8


def picture_rows(
    picture: NDArray[np.uint8],
    columns: int,
    lines: int,
    kind: str = "",
    mark: Callable[[NDArray[np.uint8]], NDArray[np.uint8]] | None = None,
) -> list[list[Segment]]:
    """A picture (H x W x 3, sRGB) stretched to `columns` x `lines` cells: a list of segments for each line.

    kind: of block characters, the one that `chosen` has if none is given; mark: draws something upon the picture when
    that has two pixels a cell, (2 * lines) x columns x 3, and returns a copy; the cells it changes are half blocks.
    """
    kind = kind or chosen.kind()
    if kind == "half":
        pixels = resized(picture, columns, lines)
        return rows(pixels if mark is None else mark(pixels))
    cells = fit(picture, columns, lines, kind)
    if mark is not None:
        before = packed(resized(picture, columns, lines))
        after = packed(mark(unpacked(before)))
        changed = (before != after).reshape(lines, 2, columns).any(1)
        cells.glyphs[changed] = ord("▀")
        cells.inks[changed], cells.grounds[changed] = after[::2][changed], after[1::2][changed]
    return written(cells, kind)


def in_cells(picture: NDArray[np.uint8], columns: int, lines: int, kind: str = "") -> Pixels:
    """`picture_rows` as a renderable."""
    lines_of = picture_rows(picture, columns, lines, kind)
    return Pixels.from_segments([segment for line in lines_of for segment in (*line, Segment("\n"))])


def written(cells: Cells, kind: str) -> list[list[Segment]]:
    """Cells as segments, one for each run of cells that can share a style.

    Of each two colours the one that more cells show is the ground where the kind has the character for that, so that
    cells along an edge are of one style; blank cells beside them take it too, as their ink is not seen.
    """
    codes, inks, grounds = _turned(cells, kind)
    blank = codes == EMPTY
    for step in (1, -1):  # from the left, then from the right
        ground, known = grounds[:, ::step], ~blank[:, ::step]
        place = np.broadcast_to(np.arange(ground.shape[1]), ground.shape)
        changed = np.ones(ground.shape, bool)
        changed[:, 1:] = ground[:, 1:] != ground[:, :-1]
        # The last cell with a character, if the ground has not changed since.
        start = np.maximum.accumulate(np.where(changed, place, 0), axis=1)
        last = np.maximum.accumulate(np.where(known, place, -1), axis=1)
        taken = ~known & (last >= start)
        inks[:, ::step][taken] = np.take_along_axis(inks[:, ::step], last.clip(0), 1)[taken]
        blank[:, ::step][taken] = False  # these have an ink now
    return merged(codes, inks << 25 | grounds, style_of)


def _turned(cells: Cells, kind: str) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
    """Code points, inks and grounds, with ink and ground exchanged where that makes the commoner colour the ground."""
    table = glyphs(kind, *GRID)
    colours, which = np.unique(np.stack([cells.inks, cells.grounds]), return_inverse=True)
    count = np.bincount(which.ravel(), minlength=len(colours))
    ink, ground = which.reshape(2, *cells.glyphs.shape)
    order = np.argsort(table.codes)
    glyph = order[np.searchsorted(table.codes, cells.glyphs, sorter=order)]
    opposite = table.opposite[glyph]
    turned = (opposite >= 0) & (cells.glyphs != EMPTY) & (count[ink] > count[ground])
    codes = np.where(turned, table.codes[opposite], cells.glyphs)
    inks, grounds = np.where(turned, cells.grounds, cells.inks), np.where(turned, cells.inks, cells.grounds)
    return codes, inks, grounds
