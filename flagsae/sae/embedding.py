"""How similar the codes of flags are, and maps of flags in two dimensions.

The similarity of two codes is their cosine: it grows with the features that fire in both, whatever the total strength.
Codes of the `crisp` preset are nearly all zeros and are compared as they are. In codes of the `seed` preset every
sigmoid fires a little, so that two flags with nothing in common have a cosine of .6. From such dense codes the
component along the known flags' mean code is removed first. Removed, and not the mean subtracted, so that a sum of two
flags, which contains the mean twice, is still similar to both.

A map is a set of points in a unit square. The module also puts pictures of some size on a map so that none hides
another, which is geometry alone: `spread` moves them until all can be seen, `arrange` leaves some out.

Letters: n codes of a call, N known flags, K features.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.errors import Parameter, UsageError

Floats: TypeAlias = NDArray[np.float64]

METHODS = ("tsne", "pca")
PERPLEXITY = 20.0  # of t-SNE, where there are flags enough: 10 to 30 keep a flag's neighbours equally well
KNOWN = 1.0  # standard deviation of a map that t-SNE starts from; by eye: its own results have about ten
EXAGGERATION = 12.0  # t-SNE's early exaggeration, scikit-learn's default
DENSE = 0.5  # codes with a greater share of features above 0 are compared without their mean; crisp has few, seed all
EVEN = 0.5  # of a drawn map: how far points are moved towards their ranks, by eye
# How `spread` moves pictures apart, by eye.
STEPS = 400  # at most
PAIRS = 10**8  # looked at in all steps, which bounds the time: a thousand pictures get a hundred steps
OVERLAP = 0.98  # of a picture's width or height: with a larger distance two pictures do not count as overlapping
PUSH = 0.3  # of an overlap: how far one step moves each of the two; small, as crowds push from all sides
TALL = 2.0  # columns of a terminal that are as long as a row


def directions(codes: NDArray[np.floating], known: NDArray[np.floating]) -> Floats:
    """Scales codes to vectors whose inner products are similarities: n x K, of length 1, or 0 for a code of zeros.

    codes: n x K; known: N x K, the codes of the dataset's flags, whose mean is removed where codes are dense.
    """
    out = np.asarray(codes, float)
    if len(known) > 1 and np.mean(known > 0) > DENSE:
        mean = np.mean(known, axis=0, dtype=float)
        out = out - np.outer(out @ mean, mean) / (mean @ mean)
    length = np.linalg.norm(out, axis=1, keepdims=True)
    return out / np.where(length > 1e-9, length, np.inf)


def similarities(codes: NDArray[np.floating], known: NDArray[np.floating]) -> Floats:
    """The similarity of each code (n x K) to each known flag's code (N x K): n x N, from -1 to 1."""
    return np.clip(directions(codes, known) @ directions(known, known).T, -1, 1)


def nearest(alike: Floats, count: int, without: int | None = None) -> list[int]:
    """The positions of the `count` greatest similarities, greatest first; of equal ones the first in the dataset first.

    alike: N; without: a position to leave out, that of the flag itself. Raises `UsageError` if there are fewer.
    """
    order = [int(position) for position in np.argsort(-alike, kind="stable") if position != without]
    if count > len(order):
        others = "flags" if without is None else "other flags"
        raise UsageError(f"{count} is too many: this dataset has {len(order)} {others}", parameter="count")
    return order[:count]


def project(
    points: NDArray[np.floating],
    method: str = "tsne",
    seed: int = 0,
    perplexity: float | None = None,
    start: Floats | None = None,
) -> Floats:
    """Makes a map on which similar flags are near to each other: n x 2, centred. points: n x K, by `directions`.

    method: "tsne" keeps each flag's neighbours (van der Maaten & Hinton 2008; on cosine distances, which keep two or
    three of a hundred neighbours more than squared distances of the vectors do). "pca" shows the two directions in
    which codes differ most. perplexity: of t-SNE, roughly how many neighbours of each flag count.

    start: n x 2, another map of the same flags. The result is rotated and mirrored to match it, and t-SNE starts from
    it, without its early exaggeration, which would undo the start. Between two steps of a run flags then move a fifth
    as far as without a start, and as many neighbours are kept. Raises `UsageError` for an unknown method or a
    perplexity that does not fit.
    """
    if method not in METHODS:
        raise UsageError(f"is one of {', '.join(METHODS)}, not {method!r}", parameter="method")
    if perplexity is not None and method != "tsne":
        raise UsageError("is of t-SNE: leave it out, or give ", Parameter("method"), " tsne", parameter="perplexity")
    count = len(points)
    if perplexity is not None and perplexity >= count > 1:
        reason = f"{perplexity:g} is too large for {count} flags: give less than {count}"
        raise UsageError(reason, parameter="perplexity")
    if count == 1:
        return np.zeros((1, 2))
    if method == "pca":
        return _turned(_pca(np.asarray(points, float)), start)
    from sklearn.manifold import TSNE

    chosen = perplexity if perplexity is not None else min(PERPLEXITY, max(1.0, (count - 1) / 3))
    first = "random" if start is None else (start - start.mean(0)) / max(float(start.std()), 1e-9) * KNOWN
    early = EXAGGERATION if start is None else 1.0
    tsne = TSNE(perplexity=chosen, metric="cosine", init=first, early_exaggeration=early, random_state=seed, n_jobs=1)
    out = np.asarray(tsne.fit_transform(np.asarray(points, float)), float)
    return _turned(out - out.mean(0), start)


def _turned(points: Floats, towards: Floats | None) -> Floats:
    """Rotates and mirrors centred points to be as near as possible to others (orthogonal Procrustes). n x 2."""
    if towards is None:
        return points
    left, _, right = np.linalg.svd(points.T @ (towards - towards.mean(0)))
    return points @ left @ right


def _pca(points: Floats) -> Floats:
    """The first two principal components: n x 2. Signs are fixed so that the largest entry of each is positive."""
    centred = points - points.mean(0)
    left, scale, _ = np.linalg.svd(centred, full_matrices=False)
    out = np.zeros((len(points), 2))
    kept = min(2, len(scale))
    out[:, :kept] = left[:, :kept] * scale[:kept]
    return out * np.where(out[np.abs(out).argmax(0), [0, 1]] < 0, -1, 1)


# Points on a sheet.


def unit_square(points: Floats, even: float = EVEN) -> Floats:
    """Scales points to shares of their bounding box, from 0 to 1; 0.5 where they do not differ. n x 2.

    even: how far each coordinate is moved from its value (0) to its rank (1). That spreads crowds into empty space and
    keeps what is left of, right of, above or below another point there.
    """
    low, span = points.min(0), np.ptp(points, 0)
    shares = np.where(span > 1e-9, (points - low) / np.where(span > 1e-9, span, 1), 0.5)
    # The rank of equal values is the mean of theirs.
    below = np.stack([np.searchsorted(np.sort(axis), axis) for axis in points.T], 1)
    beside = np.stack([np.searchsorted(np.sort(axis), axis, "right") for axis in points.T], 1)
    ranks = (below + beside - 1) / 2 / max(1, len(points) - 1)
    return (1 - even) * shares + even * ranks


def spread(middles: Floats, size: tuple[float, float], frame: tuple[float, float], steps: int = STEPS) -> Floats:
    """Moves equal rectangles apart, step by step, until none overlap noticeably: their middles, n x 2.

    middles: n x 2, x and y; size: width, height of a rectangle; frame: width, height of the sheet that they stay on;
    steps: at most.
    """
    whole = np.array(size)
    low, high = whole / 2, np.maximum(whole, 2 * np.array(frame) - whole) / 2
    out = np.clip(middles, low, high)
    count = len(out)
    for _ in range(min(steps, PAIRS // count**2 + 1)):
        near = np.abs(np.subtract.outer(out[:, 0], out[:, 0])) < OVERLAP * whole[0]
        near &= np.abs(np.subtract.outer(out[:, 1], out[:, 1])) < OVERLAP * whole[1]
        np.fill_diagonal(near, False)
        one, other = np.nonzero(near)
        if not len(one):
            break
        away = out[one] - out[other]  # (pairs, 2)
        over = whole - np.abs(away)
        # Of two rectangles at the same place the first goes left or up.
        side = np.where(away == 0, np.sign(one - other)[:, None], np.sign(away))
        along_x = over[:, 0] / whole[0] < over[:, 1] / whole[1]
        push = np.where(np.stack([along_x, ~along_x], 1), side * over, 0)
        total = np.stack([np.bincount(one, axis, count) for axis in push.T], 1)
        out = np.clip(out + PUSH * total, low, high)
    return out


def arrange(
    points: Floats, sizes: Sequence[tuple[int, int]], frame: tuple[int, int], reach: float
) -> list[tuple[int, int] | None]:
    """Places n blocks on a sheet of cells so that none overlap: (left, top) of each, None where there is no room.

    points: n x 2, where they should be, as shares of the frame; sizes: columns, rows of each block; frame: columns,
    rows of the sheet; reach: how many columns a block may be moved (a row is as long as two columns). Blocks are placed
    in the order of `from_afar`, so that those left out lie between others.
    """
    sheet = Sheet(*frame)
    out: list[tuple[int, int] | None] = [None] * len(points)
    for number in from_afar(points):
        out[number] = sheet.place(points[number], sizes[number], reach)
    return out


class Sheet:
    """A grid of cells on which blocks are placed so that none overlap. tall: how many columns are as long as a row."""

    def __init__(self, columns: int, rows: int, tall: float = TALL) -> None:
        self.columns, self.rows, self.tall = columns, rows, tall
        self.taken = np.zeros((rows, columns), bool)
        self._moves: dict[float, NDArray[np.int64]] = {}

    def _moves_within(self, reach: float) -> NDArray[np.int64]:
        """All moves (columns, rows) of at most `reach` columns in length, the shortest first: moves x 2."""
        if reach not in self._moves:
            across, down = (np.arange(-int(step), int(step) + 1) for step in (reach, reach / self.tall))
            moves = np.stack(np.meshgrid(across, down), -1).reshape(-1, 2)
            length = moves[:, 0] ** 2 + (self.tall * moves[:, 1]) ** 2
            self._moves[reach] = moves[np.argsort(length, kind="stable")][: int((length <= reach * reach).sum())]
        return self._moves[reach]

    def place(
        self, point: NDArray[np.floating], size: tuple[int, int], reach: float, every: int = 1
    ) -> tuple[int, int] | None:
        """Takes the nearest free place for a block: (left, top), or None if there is none within reach.

        point: x, y, as shares of the sheet; size: columns, rows of the block; reach: how many columns it may be moved;
        every: it begins only on rows that are multiples of this.
        """
        wide, high = size
        room = np.array([self.columns - wide, self.rows - high])
        if (room < 0).any():
            return None
        wanted = np.round(point * room).astype(int)
        column, row = wanted.tolist()
        if row % every == 0 and not self.taken[row : row + high, column : column + wide].any():
            self.taken[row : row + high, column : column + wide] = True
            return column, row
        moves = self._moves_within(reach)
        places = wanted + moves
        places = places[((places >= 0) & (places <= room)).all(1) & (places[:, 1] % every == 0)]
        # A summed area table of the taken cells, in the window of all places within reach.
        low = np.maximum(wanted + moves.min(0), 0)
        end = wanted + moves.max(0) + size
        window = self.taken[low[1] : end[1], low[0] : end[0]]
        crowd = np.zeros((window.shape[0] + 1, window.shape[1] + 1), int)
        crowd[1:, 1:] = window.cumsum(0).cumsum(1)
        (left, top), (right, bottom) = (places - low).T, (places - low + size).T
        free = crowd[bottom, right] - crowd[top, right] - crowd[bottom, left] + crowd[top, left] == 0
        if not free.any():
            return None
        column, row = places[int(free.argmax())].tolist()
        self.taken[row : row + high, column : column + wide] = True
        return column, row


def from_afar(points: Floats) -> list[int]:
    """Orders points (n x 2) so that each is as far as possible from all before it; the first is nearest to the mean.

    Gonzalez, "Clustering to minimize the maximum intercluster distance", 1985.
    """
    order = [int(((points - points.mean(0)) ** 2).sum(1).argmin())]
    away = np.full(len(points), np.inf)
    for _ in range(len(points) - 1):
        away = np.minimum(away, ((points - points[order[-1]]) ** 2).sum(1))
        away[order[-1]] = -1
        order.append(int(away.argmax()))
    return order
