"""A canvas of dots in a terminal's cells, up to 2 x 4 dots a cell, on which points, curves and paths are drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.segment import Segment
from rich.style import Style

from flagsae.visual.terminal.blocks import merged

# For each set of characters: what each dot of a cell adds to the index of its glyph, and the glyphs.
CHARSETS = {
    "braille": (((1, 8), (2, 16), (4, 32), (64, 128)), " " + "".join(map(chr, range(0x2801, 0x2900)))),
    "block": (((1, 2), (4, 8)), " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"),
    "ascii": (((1,), (2,)), " '.:"),
}
WHOLE = (1, 0)  # dashes without gaps: a solid line
FAR = 1e6  # coordinates are clipped to this many widths of the canvas, so that nothing overflows
STEEP = 2  # where a curve covers more dots than this in a column it has no gaps: no spike falls into one


class Dots:
    """A canvas of `columns` x `rows` cells, empty at first. charset: a key of `CHARSETS`.

    x is 0 at the left and 1 at the right, y is 0 at the bottom and 1 at the top. Coordinates outside, not finite, or
    None are not drawn. Styles are numbers from 0; `segments` maps them to colours. Where dots coincide, the one drawn
    last counts.
    """

    def __init__(self, columns: int, rows: int, charset: str = "braille") -> None:
        weights, glyphs = CHARSETS[charset]
        self.columns, self.rows = columns, rows
        self._weights = np.array(weights)
        self._glyphs = np.array([ord(glyph) for glyph in glyphs], np.uint32)
        self.dots = np.zeros((rows * len(weights), columns * len(weights[0])), np.int16)  # 1 + style, or 0

    def points(self, x: ArrayLike, y: ArrayLike, style: ArrayLike = 0) -> None:
        """Draws a dot at each x, y. style: one for all, or one for each."""
        across, down, styles = np.broadcast_arrays(_numbers(x), 1 - _numbers(y), np.asarray(style))
        seen = (across >= 0) & (across <= 1) & (down >= 0) & (down <= 1) & (self.dots.size > 0)
        self.dots[self._dot(down[seen], 0), self._dot(across[seen], 1)] = styles[seen] + 1

    def _dot(self, share: NDArray[np.float64], axis: int) -> NDArray[np.int64]:
        """The row (axis 0) or column (axis 1) of dots at a share of the canvas; -1 or the size for shares outside."""
        size = self.dots.shape[axis]
        places = np.floor(np.clip(share, -1, 2) * size).clip(-1, size).astype(np.int64)
        places[share == 1] = size - 1
        return places

    def path(self, x: ArrayLike, y: ArrayLike, style: int = 0) -> None:
        """Draws straight lines from each x, y to the next, in any direction."""
        ends = np.stack([_numbers(x), _numbers(y)], 1)
        self.points(ends[:, 0], ends[:, 1], style)
        starts, steps = ends[:-1], np.diff(ends, axis=0)
        known = np.isfinite(steps).all(1)
        starts, steps = starts[known], steps[known]
        height, width = self.dots.shape
        # The count is limited: a very long line, most of which lies outside, may have gaps.
        count = np.ceil(np.abs(steps * (width, height)).max(1, initial=0)).clip(1, 4 * (width + height)).astype(int)
        which = np.repeat(np.arange(len(count)), count)
        share = (np.arange(len(which)) - np.repeat(count.cumsum() - count, count) + 0.5) / count[which]
        along = starts[which] + share[:, None] * steps[which]
        self.points(along[:, 0], along[:, 1], style)

    def curve(self, x: ArrayLike, y: ArrayLike, style: int = 0, dash: tuple[int, int] = WHOLE) -> None:
        """Draws values y over x as one line; each column of dots is filled from its smallest to its largest value.

        Any number of values, sorted by x or not. A y that is None or not finite leaves a gap. dash: columns drawn,
        columns left out, in turn; steep parts (`STEEP`) have no gaps.
        """
        x, y = _numbers(x), _numbers(y)
        x, y = x[np.isfinite(x)], y[np.isfinite(x)]
        if (np.diff(x) < 0).any():
            order = np.argsort(x, kind="stable")
            x, y = x[order], y[order]
        known = np.isfinite(y)
        if not known.any() or not self.dots.size:
            return
        height, width = self.dots.shape
        column = self._dot(x, 1) + 1  # an extra column at each end holds what lies outside
        low, high = np.full(width + 2, height + 1), np.full(width + 2, -2)
        row = self._dot(1 - y[known], 0)
        np.minimum.at(low, column[known], row)
        np.maximum.at(high, column[known], row)

        # joined: whether a line runs from each column to the next. Columns between two points get the value
        # interpolated at their middle.
        both = known[:-1] & known[1:]
        begun, ended = (np.bincount(at, minlength=width + 2) for at in (column[:-1][both], column[1:][both]))
        joined = (begun - ended).cumsum()[:-1] > 0
        between = np.flatnonzero((low > high)[1:-1] & joined[:-1] & joined[1:])
        level = np.interp((between + 0.5) / width, x[known], y[known])
        low[between + 1] = high[between + 1] = self._dot(1 - level, 0)

        # Neighbouring columns that are joined but do not touch are both extended, to meet half-way.
        low, high, joined = low[1:-1], high[1:-1], joined[1:-1]
        falls, rises = joined & (low[1:] > high[:-1] + 1), joined & (high[1:] < low[:-1] - 1)
        down, up = (high[:-1] + low[1:]) // 2, (high[1:] + low[:-1]) // 2
        top, bottom = low.copy(), high.copy()
        bottom[:-1][falls], top[1:][falls] = down[falls], down[falls] + 1
        top[:-1][rises] = np.minimum(top[:-1], up + 1)[rises]
        bottom[1:][rises] = np.maximum(bottom[1:], up)[rises]

        drawn, gap = dash
        top[(np.arange(width) % (drawn + gap) >= drawn) & (bottom - top < STEEP)] = height
        down = np.arange(height)[:, None]
        self.dots[(down >= top) & (down <= bottom)] = style + 1

    def cells(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """(code points of the glyphs, style of most dots in each cell or -1 without dots); each rows x columns."""
        row, column = self.dots.nonzero()
        high, wide = self._weights.shape
        cell, size = row // high * self.columns + column // wide, (self.rows, self.columns)
        number = np.bincount(cell, self._weights[row % high, column % wide], self.rows * self.columns).astype(int)
        styles = max(1, int(self.dots.max(initial=0)))
        count = np.bincount(cell * styles + self.dots[row, column] - 1, minlength=len(number) * styles)
        most = styles - 1 - count.reshape(-1, styles)[:, ::-1].argmax(1)  # of equal counts, the higher style
        return self._glyphs[number].reshape(size), np.where(number, most, -1).reshape(size)

    def segments(self, styles: Sequence[Style | str]) -> list[list[Segment]]:
        """A list of segments for each row of cells. styles: what the numbers stand for."""
        return inked(*self.cells(), styles)


def inked(
    glyphs: NDArray[np.integer], kinds: NDArray[np.integer], styles: Sequence[Style | str]
) -> list[list[Segment]]:
    """Rows of glyphs as segments. glyphs, kinds: rows x columns; a kind is an index of `styles`, or -1 for none.

    The styles must not have a background: blanks are joined to the segment before them.
    """
    parsed = [style if isinstance(style, Style) else Style.parse(style) for style in styles]
    if kinds.size:
        blank = (glyphs == ord(" ")) & (kinds < 0)
        last = np.maximum.accumulate(np.where(blank, 0, np.arange(kinds.shape[1])), axis=1)
        kinds = np.take_along_axis(kinds, last, 1)
    return merged(glyphs, kinds, lambda kind: parsed[kind] if kind >= 0 else None)


def _numbers(values: ArrayLike) -> NDArray[np.float64]:
    """Values as a 1-D array, clipped to `FAR`; NaN for None and what is not finite."""
    numbers = np.atleast_1d(np.asarray(values, np.float64))
    return np.where(np.isfinite(numbers), np.clip(numbers, -FAR, FAR), np.nan)
