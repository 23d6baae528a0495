"""Cells fitted to pictures: for each the character, and the two colours, that come nearest to its pixels.

A flat picture, which has few colours, is fitted in its own, so that no third colour appears where stripes meet; a cell
of a finer pattern gets the means of what the character fills and leaves, as do those of any other picture. Nearness is
squared distance in OKLab. Only cells of more than one colour are fitted, and those that are alike only once.

Letters: M cells, P samples a cell, G characters, L colours of a cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.oklab import Lab, from_oklab, oklab
from flagsae.visual.paint import scale
from flagsae.visual.terminal.blocks import packed, unpacked
from flagsae.visual.terminal.flat import MOST_COLOURS, blends, indexed, labelled
from flagsae.visual.terminal.glyphs import EMPTY, Glyphs, glyphs

Floats: TypeAlias = NDArray[np.float32]

FLAT = 24, 8  # rows, columns of samples in a cell of a flat picture: halves, thirds, quarters and eighths are exact
BLENDED = 12, 4  # the same of any other picture
IN_CELL = 4  # colours of a cell that its two are chosen from, at most: those with most samples
WORTH = 0.001  # by eye: by how much a third colour must lower the mean squared distance of a flat picture's cell
WORTH_OF_LINES = 0.02  # the same of a cell with level or upright edges only, so that stripes meet without one
HUE = 8.0  # by eye: what the square of lost chroma counts beside squared distance
EDGES = 2  # a cell of stripes or of a cross has so many level ones at most, and as many upright ones
EVERY = np.uint64(0x0101010101010101)  # times a byte: eight of it
FAR = 1e6  # squared distance of a colour that a cell does not have
PLAIN = 1e-5  # how much nearer, in squared distance, a character must be than the one before it: plain ones win ties


@dataclass(frozen=True, eq=False)
class Cells:
    """Rows x columns of cells. Colours are packed, red << 16 | green << 8 | blue."""

    glyphs: NDArray[np.uint32]
    """Code points."""
    inks: NDArray[np.int64]
    """The colour of what the character fills; that of the ground where it is blank."""
    grounds: NDArray[np.int64]
    """The colour of the rest."""

    def shaped(self, rows: int, columns: int) -> Cells:
        """The same cells, given one after the other, in rows."""
        size = rows, columns
        return Cells(self.glyphs.reshape(size), self.inks.reshape(size), self.grounds.reshape(size))


def fit(picture: NDArray[np.uint8], columns: int, rows: int, kind: str) -> Cells:
    """The cells that come nearest to a picture (H x W x 3, sRGB), stretched to `columns` x `rows` cells.

    kind: of characters, a name of `flagsae.visual.terminal.glyphs.LADDER`. Raises `UsageError` for another one.

    >>> red_over_white = np.repeat([[[200, 0, 0]], [[255, 255, 255]]], [8, 4], axis=0).astype(np.uint8)
    >>> cells = fit(red_over_white, 1, 1, "sextant")
    >>> chr(cells.glyphs[0, 0]), f"{cells.inks[0, 0]:06x}", f"{cells.grounds[0, 0]:06x}"
    ('🬎', 'c80000', 'ffffff')
    """
    height, width = picture.shape[:2]
    if (flat := _flat(picture, columns, rows)) is not None:
        return fit_labels(*flat, columns, rows, kind)
    high, wide = BLENDED
    shrinks = height >= high * rows and width >= wide * columns
    samples = _with_chroma(oklab(scale(picture, wide * columns, high * rows, flat=not shrinks)))
    by_cell = samples.reshape(rows, high, columns, wide, 4).transpose(4, 0, 2, 1, 3).reshape(4, rows * columns, -1)
    table = glyphs(kind, *BLENDED)
    fitted = _in_means(_sums(by_cell, table))
    codes = np.where(fitted.ink == fitted.ground, EMPTY, table.codes[fitted.glyph]).astype(np.uint32)
    return Cells(codes, fitted.ink, fitted.ground).shaped(rows, columns)


def fit_labels(labels: NDArray[np.integer], tints: NDArray[np.uint8], columns: int, rows: int, kind: str) -> Cells:
    """As `fit`, of a label map (H x W) whose labels have the colours `tints` (C x 3, sRGB)."""
    high, wide = FLAT
    down, along = _places(labels.shape[0], high * rows), _places(labels.shape[1], wide * columns)
    # The samples in a row of a cell, eight bytes, are moved and compared as one number: that is several times as fast.
    eights = labels.astype(np.uint8)[:, along][down].view(np.uint64).reshape(rows, high, columns).transpose(0, 2, 1)
    cells = np.ascontiguousarray(eights).reshape(rows * columns, high)
    first = (cells[:, 0] & 255).astype(np.uint8)
    mixed = (cells != (first * EVERY)[:, None]).any(1).nonzero()[0]
    inks = packed(tints)[first]
    grounds, codes = inks.copy(), np.full(len(first), EMPTY, np.uint32)
    if len(mixed):
        table = glyphs(kind, *FLAT)
        some, which = _different(cells[mixed])
        some = np.asarray(some.view(np.uint8))  # M x P
        shades = _with_chroma(oklab(tints))
        sums = _sums(shades.T[:, some], table)
        fitted, own = _in_means(sums), _in_own(sums, _most(some, len(tints)), tints)
        fitted = fitted.instead(
            own, own.error - fitted.error < np.where(_upright(some), WORTH_OF_LINES, WORTH) * some.shape[1]
        )
        fitted_codes = np.where(fitted.ink == fitted.ground, EMPTY, table.codes[fitted.glyph])
        codes[mixed] = fitted_codes[which]
        inks[mixed], grounds[mixed] = fitted.ink[which], fitted.ground[which]
    return Cells(codes, inks, grounds).shaped(rows, columns)


def _flat(picture: NDArray[np.uint8], columns: int, rows: int) -> tuple[NDArray[np.integer], NDArray[np.uint8]] | None:
    """`labelled` of a picture, or of its samples: where it has more pixels than these and no smooth edges, they do."""
    height, width = picture.shape[:2]
    high, wide = FLAT[0] * rows, FLAT[1] * columns
    if 2 * high * wide < height * width:
        samples, own = indexed(picture[_places(height, high)[:, None], _places(width, wide)])
        if len(own) <= MOST_COLOURS and not blends(tints := unpacked(own), tints).any():
            return samples, tints
    return labelled(picture)


def _places(size: int, count: int) -> NDArray[np.int64]:
    """Positions of pixels that are samples, evenly spaced: count. size: how many pixels there are."""
    return (2 * np.arange(count) + 1) * size // (2 * count)


def _different(cells: NDArray[np.integer]) -> tuple[NDArray[np.integer], NDArray[np.int64]]:
    """(the different ones among some cells, which of them each cell is)."""
    whole = cells.view(np.dtype((np.void, cells.itemsize * cells.shape[1]))).ravel()
    _, first, which = np.unique(whole, return_index=True, return_inverse=True)
    return cells[first], which


def _with_chroma(lab: Lab) -> Floats:
    """OKLab colours (... x 3) with their chroma: ... x 4."""
    return np.concatenate([lab, np.hypot(lab[..., 1:2], lab[..., 2:])], axis=-1).astype(np.float32)


def _upright(cells: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which cells have but a few edges, all of them upright or level: M. cells: M x P, labels."""
    samples = cells.reshape(-1, *FLAT)
    level = (samples[:, 1:] != samples[:, :-1]).any(2).sum(1)
    upright = (samples[..., 1:] != samples[..., :-1]).any(1).sum(1)
    return (level <= EDGES) & (upright <= EDGES)


@dataclass(frozen=True, eq=False)
class _Sums:
    """Samples summed over what each character fills of each cell, and over what it leaves: OKLab and chroma."""

    glyphs: NDArray[np.int64]  # G: their indices in the table
    inside: Floats  # 4 x M x G
    outside: Floats  # 4 x M x G
    filled: Floats  # G: the number of samples
    left: Floats  # G


@dataclass(frozen=True, eq=False)
class _Fitted:
    """For each of M cells."""

    glyph: NDArray[np.int64]  # the best character, its index in the table
    ink: NDArray[np.int64]  # packed
    ground: NDArray[np.int64]  # packed
    error: Floats  # the sum of squared distances, less something that is the same for any fit of the cell

    def instead(self, other: _Fitted, where: NDArray[np.bool_]) -> _Fitted:
        """These cells, or others where that is wanted. where: M."""
        return _Fitted(
            np.where(where, other.glyph, self.glyph),
            np.where(where, other.ink, self.ink),
            np.where(where, other.ground, self.ground),
            np.where(where, other.error, self.error),
        )


def _sums(lab: Floats, table: Glyphs) -> _Sums:
    """lab: 4 x M x P. Of two characters of which one fills what the other leaves only the first is tried."""
    inside = (lab.reshape(-1, lab.shape[2]) @ table.tried.T).reshape(4, lab.shape[1], -1)
    filled = table.tried.sum(1)
    return _Sums(table.which, inside, lab.sum(2)[..., None] - inside, filled, lab.shape[2] - filled)


def _in_own(sums: _Sums, own: NDArray[np.int64], tints: NDArray[np.uint8]) -> _Fitted:
    """Fitted in two of a cell's own colours. own: M x L, labels, -1 where a cell has fewer; tints: C x 3."""
    shades = oklab(tints).astype(np.float32)[own.clip(0)]  # (M, L, 3)
    squares = (shades**2).sum(2)[..., None]
    squares[own < 0] = FAR
    # Of n samples x and a colour a, the sum of |x - a|^2 less that of |x|^2 is n |a|^2 - 2 a . (sum of x).
    ink, ground = (
        squares * count - 2 * sum(shades[:, :, channel, None] * total[channel][:, None] for channel in range(3))
        for total, count in ((sums.inside, sums.filled), (sums.outside, sums.left))
    )  # M x L x G
    best, error = _least(ink.min(1) + ground.min(1))
    row = np.arange(len(own))
    inks, grounds = (packed(tints)[own[row, errors[row, :, best].argmin(1)]] for errors in (ink, ground))
    return _Fitted(sums.glyphs[best], inks, grounds, error)


def _in_means(sums: _Sums) -> _Fitted:
    """Fitted in the means of what a character fills and of what it leaves."""
    filled, left = sums.filled.clip(1), sums.left.clip(1)
    best, error = _least(_blended(sums.inside, filled) + _blended(sums.outside, left))
    row = np.arange(len(best))
    ink, ground = (
        packed(from_oklab((total[:3, row, best] / count[best]).T.astype(np.float64)))
        for total, count in ((sums.inside, filled), (sums.outside, left))
    )
    return _Fitted(sums.glyphs[best], np.where(sums.filled[best] > 0, ink, ground), ground, error)


def _blended(total: Floats, count: Floats) -> Floats:
    """What is lost where samples get their mean, M x G, less what is lost in any case: their squared distances from it,
    and the chroma that it has not, as red and green become brown. total: 4 x M x G, of the samples; count: G."""
    lost = total[3] - np.hypot(total[1], total[2])
    return (HUE * lost**2 - (total[:3] ** 2).sum(0)) / count


def _least(errors: Floats) -> tuple[NDArray[np.int64], Floats]:
    """(place, value) of the least in each row of M x G; of those that are about equal the first."""
    best = (errors + PLAIN * np.arange(errors.shape[1], dtype=np.float32)).argmin(1)
    return best, errors[np.arange(len(errors)), best]


def _most(cells: NDArray[np.integer], colours: int) -> NDArray[np.int64]:
    """The labels that have most samples of each cell, M x `IN_CELL`; -1 where a cell has fewer. cells: M x P."""
    place = np.arange(len(cells))[:, None] * colours + cells
    counts = np.bincount(place.ravel(), minlength=len(cells) * colours).reshape(-1, colours)
    order = np.argsort(-counts, axis=1, kind="stable")[:, :IN_CELL]
    return np.where(np.take_along_axis(counts, order, 1) > 0, order, -1)
