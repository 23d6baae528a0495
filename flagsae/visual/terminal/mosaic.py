"""A sheet of cells for many small pictures and words, at any place; a picture may start half-way down a cell."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from flagsae.visual.terminal.blocks import UNPAINTED, merged, style_of
from flagsae.visual.terminal.fitting import Cells

SECOND = 0xE000  # a private-use code point that marks the second cell of a wide letter
PAIR = 1 << 25  # more than any colour
WIDE = 0x1100  # the first code point that can be two cells wide


class Mosaic:
    """`columns` x `rows` cells, empty at first. Later drawings cover earlier ones; what lies outside is cut.

    pixels: (2 * rows) x columns, colours as red << 16 | green << 8 | blue, or `UNPAINTED`; glyphs: rows x columns,
    code points, 0 where the pixels show; kinds: rows x columns, of each glyph its colour, or `PAIR` + its two colours
    as `style_of` has them, or -1 - the number of its style.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.pixels = np.full((2 * rows, columns), UNPAINTED, np.int64)
        self.glyphs = np.zeros((rows, columns), np.uint32)
        self.kinds = np.zeros((rows, columns), np.int64)
        self.wide = False  # whether any wide letter was written: one of its two cells may have been covered since

    def picture(self, left: int, top: int, colours: NDArray[np.int64]) -> None:
        """Draws packed colours, height x width. left: a column; top: a row of pixels, two to a cell."""
        x, y = max(0, left), max(0, top)
        part = self.pixels[y : max(0, top + colours.shape[0]), x : max(0, left + colours.shape[1])]
        part[:] = colours[y - top :, x - left :][: part.shape[0], : part.shape[1]]

    def cells(self, left: int, row: int, cells: Cells) -> None:
        """Draws fitted cells, from a column and a row of cells."""
        self.text(left, row, cells.glyphs, PAIR + (cells.inks << 25 | cells.grounds))

    def outline(self, left: int, top: int, width: int, height: int, colour: int) -> None:
        """Draws a frame one pixel wide around a rectangle given in pixels; words under the frame are removed."""
        for x, y, wide, high in (
            (left - 1, top - 1, width + 2, 1),
            (left - 1, top + height, width + 2, 1),
            (left - 1, top, 1, height),
            (left + width, top, 1, height),
        ):
            self.picture(x, y, np.full((high, wide), colour))
            self.glyphs[max(0, y // 2) : max(0, (y + high + 1) // 2), max(0, x) : max(0, x + wide)] = 0

    def text(self, left: int, row: int, glyphs: NDArray[np.uint32], kind: int | NDArray[np.int64]) -> None:
        """Writes glyphs (height x width) from a column and a row of cells. kind: of all, or of each."""
        x, y = max(0, left), max(0, row)
        cells = np.s_[y : max(0, row + glyphs.shape[0]), x : max(0, left + glyphs.shape[1])]
        part = self.glyphs[cells]
        part[:] = glyphs[y - row :, x - left :][: part.shape[0], : part.shape[1]]
        kinds = np.broadcast_to(kind, glyphs.shape)
        self.kinds[cells] = kinds[y - row :, x - left :][: part.shape[0], : part.shape[1]]
        self.wide |= bool((glyphs == SECOND).any())

    def write(self, left: int, row: int, words: str, style: int) -> None:
        self.text(left, row, code_points(words), -1 - style)

    def clear(self, row: int) -> None:
        """Empties a row of cells."""
        self.glyphs[row], self.pixels[2 * row : 2 * row + 2] = 0, UNPAINTED

    @property
    def blank(self) -> NDArray[np.bool_]:
        """Which cells are empty: rows x columns."""
        return (self.glyphs == 0) & (self.pixels[::2] == UNPAINTED) & (self.pixels[1::2] == UNPAINTED)

    def segments(self, styles: Sequence[Style]) -> list[list[Segment]]:
        """A list of segments for each row of cells. styles: what the numbers given to `write` stand for."""
        top, bottom = self.pixels[::2], self.pixels[1::2]
        drawn = np.where(top == bottom, ord(" "), np.where(top == UNPAINTED, ord("▄"), ord("▀")))
        words = self.glyphs > 0
        glyphs = np.where(words, self.glyphs, drawn)
        one_colour = self.kinds << 25 | UNPAINTED
        of_words = np.where(self.kinds < 0, self.kinds, np.where(self.kinds < PAIR, one_colour, self.kinds - PAIR))
        kinds = np.where(words, of_words, top << 25 | bottom)
        if self.wide:
            _blank_halves(glyphs)
        lines = merged(glyphs, kinds, lambda kind: styles[-1 - kind] if kind < 0 else style_of(kind))
        if self.wide:
            lines = [[Segment(text.replace(chr(SECOND), ""), style) for text, style, _ in line] for line in lines]
        return lines


def _blank_halves(glyphs: NDArray[np.uint32]) -> None:
    """Replaces the remaining half of a wide letter by a blank, where the other half was cut or covered."""
    before = glyphs.copy()
    for row, column in np.argwhere(before >= WIDE).tolist():
        glyph = int(before[row, column])
        if glyph == SECOND:
            half = column == 0 or cell_len(chr(before[row, column - 1])) < 2
        else:
            half = cell_len(chr(glyph)) > 1 and SECOND not in before[row, column + 1 : column + 2]
        if half:
            glyphs[row, column] = ord(" ")


@lru_cache(maxsize=1 << 12)
def code_points(words: str) -> NDArray[np.uint32]:
    """The code points of a text's cells, 1 x its columns. Letters without a width, like accents, are left out."""
    cells = []
    for letter in words:
        wide = cell_len(letter)
        cells += [ord(letter), *[SECOND] * (wide - 1)] if wide > 0 else []
    return np.array([cells], np.uint32).reshape(1, -1)
